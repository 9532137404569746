import { createHash } from 'node:crypto'
import {
  type EllipticCurveName,
  enums,
  generateKey,
  type PartialConfig,
  type PrivateKey,
  type PublicKey,
  SignaturePacket,
  type Subkey,
  type SubkeyOptions,
} from 'openpgp'
import { Keyring, readCertificates, type TrustedFingerprint } from '../../src/archive/keyring.ts'
import { verifyRelease } from '../../src/archive/release.ts'
import { STATEMENT, verifySignatures } from '../../src/archive/signature.ts'
import { pairRelease, type SignedText, splitInRelease } from '../../src/archive/signed-text.ts'
import { DebproofError, type ErrorCode } from '../../src/errors.ts'

/** The clock of these tests. */
export const AT = new Date('2026-06-01T12:00:00Z')

export const HOUR = 3600
export const DAY = 24 * HOUR

/** So many seconds before the clock of these tests. */
export function ago(seconds: number): Date {
  return new Date(AT.getTime() - seconds * 1000)
}

/** Makes something when it is first asked for, and then keeps it: making keys takes time. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

export interface KeyOptions {
  readonly name?: string
  readonly created?: Date
  /** Seconds from the creation on. */
  readonly expiresAfter?: number
  readonly curve?: EllipticCurveName
  readonly rsaBits?: number
  readonly subkeys?: SubkeyOptions[]
  readonly config?: PartialConfig
}

/** A key that signs, Ed25519 and a year old unless said otherwise, without subkeys. */
export async function newKey(options: KeyOptions = {}): Promise<PrivateKey> {
  const { name = 'Archive', created = ago(365 * DAY), expiresAfter, curve = 'ed25519Legacy', rsaBits } = options
  const algorithm = rsaBits === undefined ? { type: 'ecc' as const, curve } : { type: 'rsa' as const, rsaBits }
  const { privateKey } = await generateKey({
    ...algorithm,
    userIDs: [{ name, email: `${name.toLowerCase()}@example.org` }],
    date: created,
    keyExpirationTime: expiresAfter ?? 0,
    subkeys: options.subkeys ?? [],
    format: 'object',
    config: { rejectCurves: new Set(), minRSABits: 1023, ...options.config },
  })
  return privateKey
}

/** The keyring that holds these keys, read from the bytes of a keyring file. */
export async function keyringOf(
  keys: readonly PublicKey[],
  only: readonly TrustedFingerprint[] = [],
): Promise<Keyring> {
  return new Keyring(await readCertificates(keyringFile(keys), 'made.gpg'), only)
}

/** A binary keyring file. */
export function keyringFile(keys: readonly PublicKey[]): Buffer {
  return Buffer.concat(keys.map((key) => key.toPublic().write()))
}

export interface SignatureOptions {
  readonly date?: Date
  readonly type?: enums.signature
  readonly hash?: enums.hash
  /** Seconds. */
  readonly expiresAfter?: number
  readonly criticalNotation?: string
}

/** The packet of a signature over `text` (a string is latin1), made an hour ago over text with SHA-512. */
export async function signature(
  text: string | Uint8Array,
  key: PrivateKey | Subkey,
  options: SignatureOptions = {},
): Promise<Buffer> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const packet = new SignaturePacket()
  const secret = key.keyPacket
  if (!('privateParams' in secret)) throw new Error('only a private key can sign')
  packet.signatureType = options.type ?? enums.signature.text
  packet.hashAlgorithm = options.hash ?? enums.hash.sha512
  packet.publicKeyAlgorithm = secret.algorithm
  packet.signatureExpirationTime = options.expiresAfter ?? null
  if (options.criticalNotation !== undefined) {
    const value = Buffer.from('x')
    packet.rawNotations.push({ name: options.criticalNotation, value, humanReadable: true, critical: true })
  }
  // What the library signs is an object with these two members, whatever its types say.
  const data = { text: null, getBytes: () => bytes } as unknown as Uint8Array
  const sign: (...args: unknown[]) => Promise<void> = packet.sign.bind(packet) as never
  await sign(secret, data, options.date ?? ago(HOUR), true, { nonDeterministicSignaturesViaNotation: false })
  return framed(2, packet.write())
}

/** A packet of the new format with a five-octet length (RFC 9580, 4.2.1). */
export function framed(tag: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(6)
  header.writeUInt8(0xc0 | tag, 0)
  header.writeUInt8(255, 1)
  header.writeUInt32BE(body.length, 2)
  return Buffer.concat([header, body])
}

/** The base64 lines of an armor with its checksum line. */
export function armorLines(packets: Uint8Array): { readonly base64: string[]; readonly checksum: string } {
  const base64 =
    Buffer.from(packets)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  let crc = 0xb704ce
  for (const byte of packets) {
    crc ^= byte << 16
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x800000) !== 0 ? 0x1864cfb : 0)
  }
  const checksum = Buffer.from([(crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff]).toString('base64')
  return { base64, checksum: `=${checksum}` }
}

/** An armored signature block, ending in a newline. */
export function block(...packets: readonly Uint8Array[]): string {
  const { base64, checksum } = armorLines(Buffer.concat(packets))
  return ['-----BEGIN PGP SIGNATURE-----', '', ...base64, checksum, '-----END PGP SIGNATURE-----', ''].join('\n')
}

/** An `InRelease` of a text (without final newline) and armored blocks, as latin1. */
export function clearsigned(text: string, ...blocks: readonly string[]): string {
  return `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text.replaceAll(/^-/gm, '- -')}\n${blocks.join('')}`
}

/** The bytes of a text that is latin1. */
export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A date as release files write it. */
export function releaseDate(date: Date): string {
  return date.toUTCString().replace('GMT', 'UTC')
}

/** One row of a hash section. */
export function row(path: string, content: string | Uint8Array, hash = sha256Hex(content)): string {
  return ` ${hash} ${Buffer.byteLength(content)} ${path}`
}

/** The fields of a release file of codename `made`, dated a day ago; `undefined` leaves a field out. */
export function releaseText(fields: Readonly<Record<string, string | undefined>> = {}): string {
  const all: Record<string, string | undefined> = {
    Origin: 'Made',
    Label: 'Made',
    Suite: 'stable',
    Codename: 'made',
    Date: releaseDate(ago(DAY)),
    'Acquire-By-Hash': 'no',
    Architectures: 'amd64',
    Components: 'main',
    Description: 'Made for a test',
    SHA256: `\n${row('main/binary-amd64/Packages', '')}`,
    ...fields,
  }
  return Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value.startsWith('\n') ? '' : ' '}${value}`]))
    .join('\n')
}

export type Verdict = 'accepted' | ErrorCode

export interface JudgeOptions {
  readonly at?: Date
  readonly suite?: string
  readonly releaseName?: string
  /** Whether a signature that is refused here counts for a rebuilder's statement: only one that is younger does. */
  readonly countsForStatements?: boolean
}

/** What becomes of an `InRelease`. A verdict or a bug: anything but a DebproofError passes through. */
export async function judgeInRelease(
  file: string | Uint8Array,
  keyring: Keyring,
  options?: JudgeOptions,
): Promise<Verdict> {
  return await judge(() => splitInRelease(typeof file === 'string' ? latin1(file) : file), keyring, options)
}

/** What becomes of a `Release` with a `Release.gpg`. */
export async function judgePair(
  release: string,
  signatures: string | Uint8Array,
  keyring: Keyring,
  options?: JudgeOptions,
): Promise<Verdict> {
  const signed = typeof signatures === 'string' ? latin1(signatures) : signatures
  return await judge(() => pairRelease(latin1(release), signed), keyring, options)
}

async function judge(
  split: () => SignedText,
  keyring: Keyring,
  { at = AT, suite = 'made', releaseName, countsForStatements = false }: JudgeOptions = {},
): Promise<Verdict> {
  const verdict = await verdictOf(async () => {
    await verifyRelease(split(), { keyring, at, suite, ...(releaseName === undefined ? {} : { releaseName }) })
  })
  if (verdict === 'RELEASE_UNTRUSTED') {
    const other = await verdictOf(async () => await verifySignatures(split(), keyring, at, STATEMENT))
    if ((other === 'accepted') !== countsForStatements) throw new Error(`for a statement it is ${other}`)
  }
  return verdict
}

/** The code that an action fails with. */
export async function verdictOf(action: () => unknown): Promise<Verdict> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    if (error instanceof DebproofError) return error.code
    throw error
  }
}

import type { Config, PublicKey, SignaturePacket, Subkey, UserIDPacket } from 'openpgp'
import { DebproofError, describeError } from '../errors.ts'
import type { SigningKey } from './keyring.ts'
import { type OpenPGP, SHA1_SELF_SIGNATURES_UNTIL } from './openpgp-config.ts'

type SignatureType = OpenPGP['enums']['signature'][keyof OpenPGP['enums']['signature']]

/** What the owner of a certificate signed about one of its keys: a self-signature, or what binds a subkey. */
interface Word {
  /** Milliseconds since 1970. */
  readonly said: number
  /** When the key ends by it; Infinity where it does not. */
  readonly ends: number
  /** Whether its digest is one to trust. Even where it is not, the key has ended when it says so. */
  readonly isStrong: boolean
}

/** All of a key's words that verify, by what carries them. */
interface Words {
  /** Those without which there is no key: self-signatures on user IDs, of version 6 on the key itself, a subkey's bindings. */
  readonly needed: readonly Word[]
  readonly others: readonly Word[]
  /** Those on user IDs that are revoked as well: what ended the key is not undone by dropping who said it. */
  readonly dropped?: readonly Word[]
}

/**
 * Throws unless a key was good at a time, by what its owner signed: bound, allowed to sign, not ended.
 *
 * The word of then decides, as for sqv: the latest that was not younger. Where there is none, the key was renewed
 * since, and gpg replaced its self-signature: then it is the first one after it, for what was signed while a key was
 * good stays good. gpgv goes by the last word of all, so the key must not have ended by that either.
 *
 * @param config says which digests count
 */
export async function checkKeyAt(openpgp: OpenPGP, signing: SigningKey, time: Date, config: Config): Promise<void> {
  const { certificate, key } = signing
  if (time < certificate.getCreationTime() || time < key.getCreationTime()) throw refused('the key was made later')
  const words = await wordsAt(openpgp, signing, time, config)
  const end = Math.min(...words.map(endOf))
  if (end <= time.getTime()) throw refused(`it expired at ${new Date(end).toISOString()}`)
  const [primary, ...ofSubkey] = words.map(({ needed }) => clockOf(needed, time))
  try {
    // A subkey may have been renewed later than the key that binds it, which must have been good before too.
    const [before, clock] = [new Date(primary ?? time), new Date(Math.max(primary ?? 0, ...ofSubkey))]
    await (await certificateAt(openpgp, signing, before, config)).verifyPrimaryKey(before, undefined, config)
    const then = await certificateAt(openpgp, signing, clock, config)
    await then.getSigningKey(key.getKeyID(), clock, undefined, config)
  } catch (error) {
    if (!describeError(error).includes('Insecure hash algorithm: SHA1')) throw error
    throw refused(WEAK)
  }
}

const WEAK =
  'what its owner signed about it is over SHA-1, which counts for nothing from ' +
  `${SHA1_SELF_SIGNATURES_UNTIL} on: get the owner's renewed certificate`

/** Throws where the key is revoked: softly by `at`, or for good, whenever that was (RFC 9580, 5.2.3.31). */
export async function checkNotRevoked(openpgp: OpenPGP, signing: SigningKey, at: Date, config: Config): Promise<void> {
  const { certificate, key } = signing
  const { keyRevocation, subkeyRevocation } = openpgp.enums.signature
  const revokes = (packet: SignaturePacket, type: SignatureType, data: object): Promise<boolean> =>
    isRevocation(openpgp, packet, certificate, type, data, at, config)
  for (const packet of certificate.revocationSignatures) {
    if (await revokes(packet, keyRevocation, { key: certificate.keyPacket })) throw refused('it is revoked')
  }
  if (!('mainKey' in key)) return
  for (const packet of key.revocationSignatures) {
    const data = { key: certificate.keyPacket, bind: key.keyPacket }
    if (await revokes(packet, subkeyRevocation, data)) throw refused('it is revoked')
  }
}

/** When the key ends by its owner's last word, or the certificate that it belongs to. */
export async function keyEnd(
  openpgp: OpenPGP,
  signing: SigningKey,
  at: Date,
  config: Config,
): Promise<Date | undefined> {
  const end = Math.min(...(await wordsAt(openpgp, signing, at, config)).map(endOf))
  return Number.isFinite(end) ? new Date(end) : undefined
}

/** Of the primary key, and then of the subkey where it is one. User IDs that are revoked at a time say nothing. */
async function wordsAt(
  openpgp: OpenPGP,
  { certificate, key }: SigningKey,
  time: Date,
  config: Config,
): Promise<readonly Words[]> {
  const { certGeneric, key: direct, subkeyBinding } = openpgp.enums.signature
  const { keyPacket } = certificate
  const certifications: Word[] = []
  const dropped: Word[] = []
  const valid = new Set((await usersAt(openpgp, certificate, time, config)).map(({ userID }) => userID))
  for (const { userID, selfCertifications } of certificate.users) {
    if (userID === null) continue
    const words = await wordsOf(selfCertifications, certificate, certGeneric, { key: keyPacket, userID }, config)
    dropped.push(...words)
    if (valid.has(userID)) certifications.push(...words)
  }
  const onKey = await wordsOf(directSignatures(openpgp, certificate), certificate, direct, { key: keyPacket }, config)
  const primary =
    keyPacket.version === 6
      ? { needed: onKey, others: certifications, dropped }
      : { needed: certifications, others: onKey, dropped }
  if (!('mainKey' in key)) return [primary]
  const data = { key: keyPacket, bind: key.keyPacket }
  return [primary, { needed: await wordsOf(key.bindingSignatures, key, subkeyBinding, data, config), others: [] }]
}

/**
 * The part of a certificate that the library may judge at a time. It marks what it once found to be revoked as revoked
 * for ever, so it gets to see no revocation.
 */
async function certificateAt(
  openpgp: OpenPGP,
  { certificate, key }: SigningKey,
  time: Date,
  config: Config,
): Promise<PublicKey> {
  const packets = new openpgp.PacketList<ReturnType<PublicKey['toPacketList']>[number]>()
  packets.push(certificate.keyPacket, ...directSignatures(openpgp, certificate))
  for (const { userID, selfCertifications } of await usersAt(openpgp, certificate, time, config)) {
    packets.push(userID, ...selfCertifications)
  }
  if ('mainKey' in key) packets.push(key.keyPacket, ...key.bindingSignatures)
  return new openpgp.PublicKey(packets)
}

interface UserAt {
  readonly userID: UserIDPacket
  readonly selfCertifications: readonly SignaturePacket[]
}

async function usersAt(openpgp: OpenPGP, certificate: PublicKey, time: Date, config: Config): Promise<UserAt[]> {
  const users: UserAt[] = []
  const { certRevocation } = openpgp.enums.signature
  for (const { userID, selfCertifications, revocationSignatures } of certificate.users) {
    if (userID === null) continue
    const data = { key: certificate.keyPacket, userID }
    let isRevoked = false
    for (const packet of revocationSignatures) {
      isRevoked ||= await isRevocation(openpgp, packet, certificate, certRevocation, data, time, config)
    }
    if (!isRevoked) users.push({ userID, selfCertifications })
  }
  return users
}

function directSignatures({ enums, SignaturePacket }: OpenPGP, certificate: PublicKey): SignaturePacket[] {
  return [...certificate.toPacketList()].flatMap((packet) =>
    packet instanceof SignaturePacket && packet.signatureType === enums.signature.key ? [packet] : [],
  )
}

async function wordsOf(
  packets: readonly SignaturePacket[],
  about: PublicKey | Subkey,
  type: SignatureType,
  data: object,
  config: Config,
): Promise<Word[]> {
  const certificate = 'mainKey' in about ? about.mainKey : about
  const words: Word[] = []
  for (const packet of packets) {
    const { created, hashAlgorithm, keyExpirationTime, keyNeverExpires } = packet
    if (created === null || !(await isSigned(packet, certificate, type, data, created, config))) continue
    const lasts = keyNeverExpires === false ? (keyExpirationTime ?? 0) * 1000 : Number.POSITIVE_INFINITY
    words.push({
      said: created.getTime(),
      ends: about.getCreationTime().getTime() + lasts,
      isStrong: hashAlgorithm !== null && !config.rejectHashAlgorithms.has(hashAlgorithm),
    })
  }
  return words
}

async function isRevocation(
  { enums }: OpenPGP,
  packet: SignaturePacket,
  certificate: PublicKey,
  type: SignatureType,
  data: object,
  at: Date,
  config: Config,
): Promise<boolean> {
  const { keyRetired, keySuperseded, userIDInvalid } = enums.reasonForRevocation
  const soft: readonly (number | null)[] = [keyRetired, keySuperseded, userIDInvalid]
  const { created } = packet
  const isYetToCome = created !== null && created > at && soft.includes(packet.reasonForRevocationFlag)
  // At its own time else: one that says that it ends itself takes the key away all the same, as for gpgv.
  const time = isYetToCome ? at : (created ?? at)
  return await isSigned(asOfKey(packet, certificate), certificate, type, data, time, config)
}

/** RFC 9580, 9.1: RSA, and RSA that only signs, which some wrote for the same key. */
const RSA: readonly (number | null)[] = [1, 3]

/** The library takes no signature that calls its RSA key by the other of the two; gpgv takes such a revocation. */
function asOfKey(packet: SignaturePacket, { keyPacket }: PublicKey): SignaturePacket {
  const isOther = packet.publicKeyAlgorithm !== keyPacket.algorithm
  if (!isOther || !RSA.includes(packet.publicKeyAlgorithm) || !RSA.includes(keyPacket.algorithm)) return packet
  return Object.create(packet, { publicKeyAlgorithm: { value: keyPacket.algorithm } })
}

/** A weak digest is no reason to trust, and none to overlook a revocation or an end: here any will do. */
async function isSigned(
  packet: SignaturePacket,
  { keyPacket }: PublicKey,
  type: SignatureType,
  data: object,
  time: Date,
  config: Config,
): Promise<boolean> {
  try {
    await packet.verify(keyPacket, type, data, time, false, { ...config, rejectHashAlgorithms: new Set() })
    return true
  } catch {
    return false
  }
}

function endOf({ needed, others, dropped = [] }: Words): number {
  return Math.min(endByLast(needed), endByLast(others), endByLast(dropped))
}

/** Where two were said in one second, the earlier end counts. */
function endByLast(words: readonly Word[]): number {
  const last = Math.max(...words.map(({ said }) => said))
  return Math.min(...words.filter(({ said }) => said === last).map(({ ends }) => ends))
}

/** The time at which the library finds the word that counts: the time itself, or when the first one after it was said. */
function clockOf(words: readonly Word[], time: Date): number {
  const earliest = Math.min(...words.filter(({ isStrong }) => isStrong).map(({ said }) => said))
  return Number.isFinite(earliest) ? Math.max(time.getTime(), earliest) : time.getTime()
}

function refused(why: string): DebproofError {
  return new DebproofError('RELEASE_UNTRUSTED', why)
}

import type { PublicKey, Subkey } from 'openpgp'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_KEYRING } from '../limits.ts'
import { dearmor } from './armor.ts'
import { type Fingerprint, parseFingerprint } from './identity.ts'
import { materialOfPacket } from './key-material.ts'
import { mergeCertificates } from './merge-certificates.ts'
import { loadOpenPGP, strictConfig } from './openpgp-config.ts'

/** A key that a signature may be made with: a certificate's primary key or one of its subkeys. */
export interface SigningKey {
  readonly certificate: PublicKey
  readonly key: PublicKey | Subkey
  readonly fingerprint: Fingerprint
  readonly primaryFingerprint: Fingerprint
  /** What it is made of, in hex: two certificates may be made of one key. */
  readonly material: string
}

/** Restricts a keyring to some of its keys, as `Signed-By:` does (sources.list(5)). */
export interface TrustedFingerprint {
  readonly fingerprint: Fingerprint
  /** Written with `!`: this very key signs, not another subkey of the same certificate. */
  readonly exact: boolean
}

/**
 * The keys that an archive's release files may be signed with. Trust anchors: passed in, never fetched. Of several
 * certificates of one key, in one file or in many, it makes one.
 */
export class Keyring {
  readonly certificates: readonly PublicKey[]
  readonly only: readonly TrustedFingerprint[]
  readonly #keys = new Map<string, SigningKey[]>()

  constructor(certificates: readonly PublicKey[], only: readonly TrustedFingerprint[] = []) {
    this.certificates = mergeCertificates(certificates)
    this.only = only
    for (const certificate of this.certificates) {
      for (const key of certificate.getKeys()) {
        const id = key.getKeyID().toHex()
        const signingKey = {
          certificate,
          key,
          fingerprint: fingerprintOf(key),
          primaryFingerprint: fingerprintOf(certificate),
          material: materialOfPacket(key),
        }
        this.#keys.set(id, [...(this.#keys.get(id) ?? []), signingKey])
      }
    }
  }

  /** The keys with this 64-bit ID (16 hex digits): more than one only where somebody made them collide. */
  withKeyId(id: string): readonly SigningKey[] {
    return this.#keys.get(id) ?? []
  }

  /** The keys that may sign. */
  signingKeys(): readonly SigningKey[] {
    return [...this.#keys.values()].flat().filter((key) => this.allows(key))
  }

  /** All keys of the certificates of which one may sign: who holds that one holds them. */
  holdersKeys(): readonly SigningKey[] {
    const holders = new Set(this.signingKeys().map(({ certificate }) => certificate))
    return [...this.#keys.values()].flat().filter(({ certificate }) => holders.has(certificate))
  }

  /** Whether `Signed-By` lets this key sign. */
  allows(key: SigningKey): boolean {
    if (this.only.length === 0) return true
    return this.only.some(
      ({ fingerprint, exact }) => fingerprint === key.fingerprint || (!exact && fingerprint === key.primaryFingerprint),
    )
  }
}

/**
 * Reads the certificates of a keyring file: binary as gpg exports it, or any number of armored blocks one after
 * another (the library reads only the first).
 *
 * @param name the file, for errors
 * @throws DebproofError KEY
 */
export async function readCertificates(file: Uint8Array, name: string): Promise<PublicKey[]> {
  if (file.length > MAX_KEYRING) throw unusable(name, `is larger than ${MAX_KEYRING} bytes`)
  const openpgp = await loadOpenPGP()
  const certificates: PublicKey[] = []
  for (const binaryKeys of keyBlocks(file, name)) {
    try {
      for (const key of await openpgp.readKeys({ binaryKeys, config: strictConfig(openpgp) })) {
        if (key.isPrivate()) throw unusable(name, PRIVATE)
        certificates.push(key)
      }
    } catch (error) {
      if (error instanceof DebproofError) throw error
      throw unusable(name, `cannot be read as OpenPGP keys (${describeError(error)})`, error)
    }
  }
  if (certificates.length === 0) throw unusable(name, 'holds no OpenPGP key')
  return certificates
}

const PRIVATE = 'holds a private key; a keyring of trusted keys must hold public keys only'

function keyBlocks(file: Uint8Array, name: string): Uint8Array[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.length === 0) throw unusable(name, 'is empty')
  if (bytes.subarray(8, 12).equals(Buffer.from('KBXf'))) {
    throw unusable(name, 'is a GnuPG keybox; write it with `gpg --export` instead')
  }
  // Every binary key packet has the high bit set in its first byte (RFC 9580, 4.2).
  if (((bytes[0] ?? 0) & 0x80) !== 0) return [bytes]
  const blocks: Uint8Array[] = []
  let inside: string[] | undefined
  for (const line of bytes
    .toString('latin1')
    .split(/\r?\n/)
    .map((text) => text.trimEnd())) {
    if (line === '-----BEGIN PGP PRIVATE KEY BLOCK-----') {
      throw unusable(name, PRIVATE)
    } else if (line === '-----BEGIN PGP PUBLIC KEY BLOCK-----') {
      inside = []
    } else if (line === '-----END PGP PUBLIC KEY BLOCK-----' && inside !== undefined) {
      blocks.push(dearmorKeys(inside, name))
      inside = undefined
    } else {
      inside?.push(line)
    }
  }
  if (inside !== undefined) throw unusable(name, 'ends inside a key block')
  return blocks
}

function dearmorKeys(lines: readonly string[], name: string): Uint8Array {
  try {
    return dearmor(lines, name)
  } catch (error) {
    throw unusable(name, `cannot be read (${describeError(error)})`, error)
  }
}

function fingerprintOf(key: { getFingerprint(): string }): Fingerprint {
  const fingerprint = parseFingerprint(key.getFingerprint())
  if (fingerprint === undefined) throw new DebproofError('KEY', 'A key has a fingerprint of unknown form.')
  return fingerprint
}

function unusable(name: string, problem: string, cause?: unknown): DebproofError {
  return new DebproofError('KEY', `The keyring ${name} ${problem}.`, { cause })
}

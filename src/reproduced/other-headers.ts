import { type Fingerprint, parseFingerprint } from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'

/** RFC 9580, 9.1: the two algorithms that in-toto 0.9 signs with and that are still good. */
export const RSA = 1
export const EDDSA_LEGACY = 22

/**
 * What in-toto 0.9 calls `other_headers`: the start of an OpenPGP signature packet of version 4, up to the end of its
 * hashed subpackets, which is signed along.
 */
export interface OtherHeaders {
  readonly bytes: Uint8Array
  readonly algorithm: typeof RSA | typeof EDDSA_LEGACY
  /** The very key that signed: a primary key or a subkey. */
  readonly issuer: Fingerprint
  readonly signedAt: Date
  /** When the signature itself expires. */
  readonly expiresAt: Date | undefined
}

/** Version 4, a signature over a binary document (RFC 9580, 5.2.1), by an algorithm, over SHA-256 (9.5). */
const FIXED = 6
const VERSION = 4
const BINARY_DOCUMENT = 0
const SHA256 = 8

/** RFC 9580, 5.2.3.7: the subpackets that are understood here. */
const CREATION_TIME = 2
const EXPIRATION_TIME = 3
const ISSUER_KEY_ID = 16
const ISSUER_FINGERPRINT = 33
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [CREATION_TIME, 4],
  [EXPIRATION_TIME, 4],
  [ISSUER_KEY_ID, 8],
  [ISSUER_FINGERPRINT, 21],
])

/**
 * Parses `other_headers` (RFC 9580, 5.2.3). The reference library takes them as they come; here each byte is
 * accounted for, since what follows is built upon them.
 *
 * @throws DebproofError STATEMENT
 */
export function parseOtherHeaders(bytes: Uint8Array): OtherHeaders {
  const [version, type, algorithm, hash, high = 0, low = 0] = bytes
  if (bytes.length < FIXED || bytes.length !== FIXED + high * 256 + low) {
    throw malformed('are not as long as they say')
  }
  if (version !== VERSION) throw malformed('are not of version 4')
  if (type !== BINARY_DOCUMENT) throw malformed('are not of a signature over a document')
  if (algorithm !== RSA && algorithm !== EDDSA_LEGACY) {
    throw malformed(`name the public-key algorithm ${algorithm}; only RSA (1) and Ed25519 (22) count`)
  }
  if (hash !== SHA256) throw malformed(`name the hash algorithm ${hash}; only SHA-256 (8) counts`)
  const subpackets = parseSubpackets(bytes.subarray(FIXED))
  const created = subpackets.get(CREATION_TIME)
  const issuer = subpackets.get(ISSUER_FINGERPRINT)
  if (created === undefined) throw malformed('do not say when the signature was made')
  if (issuer?.[0] !== VERSION) throw malformed('do not name the key by the fingerprint of a key of version 4')
  const fingerprint = parseFingerprint(Buffer.from(issuer.subarray(1)).toString('hex'))
  const keyId = subpackets.get(ISSUER_KEY_ID)
  if (fingerprint === undefined || (keyId !== undefined && Buffer.compare(keyId, issuer.subarray(-8)) !== 0)) {
    throw malformed('name two keys')
  }
  const signed = seconds(created)
  const life = subpackets.get(EXPIRATION_TIME)
  const lasts = life === undefined ? 0 : seconds(life)
  return {
    bytes,
    algorithm,
    issuer: fingerprint,
    signedAt: new Date(signed * 1000),
    // 5.2.3.18: zero means never.
    expiresAt: lasts === 0 ? undefined : new Date((signed + lasts) * 1000),
  }
}

/** By type, those that are understood; others must not be critical. */
function parseSubpackets(bytes: Uint8Array): Map<number, Uint8Array> {
  const subpackets = new Map<number, Uint8Array>()
  for (let position = 0; position < bytes.length; ) {
    const first = bytes[position++] ?? 0
    let length = first
    if (first === 255) {
      length = Buffer.from(bytes.subarray(position, position + 4)).reduce((sum, byte) => sum * 256 + byte, 0)
      position += 4
    } else if (first >= 192) {
      length = (first - 192) * 256 + (bytes[position++] ?? 0) + 192
    }
    if (length === 0 || position + length > bytes.length) throw malformed('have a subpacket that is cut short')
    const written = bytes[position] ?? 0
    const type = written & 0x7f
    const body = bytes.subarray(position + 1, position + length)
    position += length
    const known = LENGTHS.get(type)
    if (known === undefined) {
      // 5.2.3.7: whoever signed says that those who do not understand it must not accept the signature.
      if (written !== type) throw malformed(`have a critical subpacket of type ${type}`)
      continue
    }
    if (body.length !== known) throw malformed(`have a subpacket of type ${type} with a wrong length`)
    if (subpackets.has(type)) throw malformed(`have two subpackets of type ${type}`)
    subpackets.set(type, body)
  }
  return subpackets
}

function seconds(body: Uint8Array): number {
  return Buffer.from(body).readUInt32BE()
}

function malformed(problem: string): DebproofError {
  return new DebproofError('STATEMENT', `Its other_headers ${problem}.`)
}

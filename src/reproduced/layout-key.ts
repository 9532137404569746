import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type Fingerprint, parseFingerprint } from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'
import { MAX_LAYOUT_SUBKEYS, MAX_RSA_BITS } from '../limits.ts'
import { type Metablock, type MetablockSignature, signedInput, unsigned, type VerifiedMetablock } from './metablock.ts'
import { EDDSA_LEGACY, RSA } from './other-headers.ts'
import { asInteger, asObject, asString, type JsonValue, memberOf } from './strict-json.ts'

/** A key as a layout carries it: bare numbers, of which its owner says whose they are. */
interface RawKey {
  readonly fingerprint: Fingerprint
  readonly algorithm: typeof RSA | typeof EDDSA_LEGACY
  readonly key: KeyObject
  readonly createdAt: Date | undefined
  readonly expiresAt: Date | undefined
}

/** A rebuilder's key in a layout, with its subkeys. */
export interface LayoutKey {
  /** Of the primary key. */
  readonly fingerprint: Fingerprint
  /** The primary key and its subkeys, by fingerprint. */
  readonly keys: ReadonlyMap<Fingerprint, RawKey>
}

const MIN_RSA_BITS = 2048

/**
 * Reads a key of a layout: `method` `pgp+rsa-pkcsv1.5` with `n` and `e`, or `pgp+eddsa-ed25519` with `q`, in hex
 * (securesystemslib, gpg formats).
 *
 * @param keyid the name that it goes by in the layout
 * @throws DebproofError STATEMENT
 */
export function parseLayoutKey(keyid: string, value: JsonValue | undefined): LayoutKey {
  const primary = parseRawKey(keyid, value)
  const keys = new Map([[primary.fingerprint, primary]])
  const subkeys = asObject(memberOf(value, 'subkeys')) ?? new Map<string, JsonValue>()
  if (subkeys.size > MAX_LAYOUT_SUBKEYS) throw unusable(keyid, `has more than ${MAX_LAYOUT_SUBKEYS} subkeys`)
  for (const [id, each] of subkeys) {
    const subkey = parseRawKey(id, each)
    if (keys.has(subkey.fingerprint)) throw unusable(keyid, 'is its own subkey')
    keys.set(subkey.fingerprint, { ...subkey, expiresAt: earlier(subkey.expiresAt, primary.expiresAt) })
  }
  return { fingerprint: primary.fingerprint, keys }
}

function parseRawKey(keyid: string, value: JsonValue | undefined): RawKey {
  const fingerprint = /^[0-9a-f]{40}$/.test(keyid) ? parseFingerprint(keyid) : undefined
  if (fingerprint === undefined) throw unusable(keyid.slice(0, 80), 'has no OpenPGP fingerprint for its name')
  if (memberOf(value, 'keyid') !== keyid) throw unusable(keyid, 'has another keyid than the name that it goes by')
  const created = time(value, 'creation_time')
  const validity = time(value, 'validity_period')
  if (validity !== undefined && validity > 0 && created === undefined) {
    throw unusable(keyid, 'has a validity_period and no creation_time to count it from')
  }
  return {
    fingerprint,
    ...publicKey(keyid, value),
    createdAt: created === undefined ? undefined : new Date(created * 1000),
    // As in OpenPGP, zero means for ever.
    expiresAt: created === undefined || !validity ? undefined : new Date((created + validity) * 1000),
  }

  function time(of: JsonValue | undefined, name: string): number | undefined {
    const written = memberOf(of, name)
    if (written === undefined || written === null) return undefined
    const seconds = asInteger(written)
    if (seconds === undefined || seconds < 0 || seconds > 0xffffffff) throw unusable(keyid, `has a bad ${name}`)
    return seconds
  }
}

function publicKey(keyid: string, value: JsonValue | undefined): Pick<RawKey, 'algorithm' | 'key'> {
  const method = asString(memberOf(value, 'method'))
  const number = (name: string): string => {
    const hex = asString(memberOf(value, 'keyval', 'public', name)) ?? ''
    if (!/^[0-9a-f]+$/.test(hex) || hex.length % 2 !== 0) throw unusable(keyid, `has no ${name} in hex`)
    return Buffer.from(hex, 'hex').toString('base64url')
  }
  if (method === 'pgp+rsa-pkcsv1.5') {
    const key = importKey(keyid, { kty: 'RSA', n: number('n'), e: number('e') })
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) throw unusable(keyid, `is RSA with ${bits} bits`)
    // With an exponent of one, every message is its own signature.
    const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n
    if (exponent < 3n || exponent % 2n === 0n) throw unusable(keyid, 'has a bad RSA exponent')
    return { algorithm: RSA, key }
  }
  if (method === 'pgp+eddsa-ed25519') {
    return { algorithm: EDDSA_LEGACY, key: importKey(keyid, { kty: 'OKP', crv: 'Ed25519', x: number('q') }) }
  }
  throw unusable(keyid, `has the method ${JSON.stringify(method ?? null).slice(0, 80)}, which is not supported`)
}

function importKey(keyid: string, key: { kty: string; [part: string]: string }): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (error) {
    throw unusable(keyid, 'is no public key', error)
  }
}

/**
 * Verifies the signatures that are by this key or one of its subkeys. A layout has no certificates, so what is known
 * of a key's life is what the layout says of it.
 *
 * @throws DebproofError STATEMENT where none is by the key, or one that is does not fit
 */
export function verifyByLayoutKey(metablock: Metablock, { fingerprint, keys }: LayoutKey, at: Date): VerifiedMetablock {
  const { document, content, signatures } = metablock
  const refusals = [...metablock.refusals]
  let signedAt: Date | undefined
  for (const each of signatures) {
    const { issuer } = each.headers
    const key = keys.get(issuer)
    if (key === undefined) {
      refusals.push(`key ${issuer} is not ${fingerprint} of the layout`)
    } else if (each.keyid !== issuer && each.keyid !== fingerprint) {
      refusals.push(`keyid ${each.keyid} is not of the key ${issuer} that signed`)
    } else if (each.headers.algorithm !== key.algorithm) {
      refusals.push(`key ${issuer}: the signature is of another algorithm`)
    } else if (!isSignature(content(), each, key)) {
      const problem = `BAD signature by the trusted key ${fingerprint}: the file was changed after it was signed`
      throw new DebproofError('STATEMENT', `${document.url.href}: ${problem}.`)
    } else {
      const refusal = refusedFor(each, key, at)
      if (refusal === undefined) signedAt ??= each.headers.signedAt
      else refusals.push(`key ${issuer}: ${refusal}`)
    }
  }
  if (signedAt === undefined) throw unsigned(document, refusals)
  return { ...metablock, signers: [fingerprint], signedAt }
}

/** Why a signature that fits does not count at `at`, or, where it is younger than that, when it was made. */
function refusedFor({ headers }: MetablockSignature, { createdAt, expiresAt }: RawKey, at: Date): string | undefined {
  const { signedAt } = headers
  const clock = signedAt > at ? signedAt : at
  if (createdAt !== undefined && signedAt < createdAt) return 'the signature is older than the key'
  if (expiresAt !== undefined && clock >= expiresAt) return `it expired at ${expiresAt.toISOString()}`
  if (headers.expiresAt !== undefined && clock >= headers.expiresAt) return 'the signature is expired'
  return undefined
}

function isSignature(content: Uint8Array, { headers, signature }: MetablockSignature, { key }: RawKey): boolean {
  const input = signedInput(content, headers)
  if (headers.algorithm === EDDSA_LEGACY) {
    // The old form of Ed25519 in OpenPGP signs the digest (RFC 9580, 5.2.3.3).
    return verify(null, createHash('sha256').update(input).digest(), key, signature)
  }
  const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  if (signature.length > size) return false
  // OpenPGP drops the zeros at the start of a number, and RFC 8017 asks for them.
  const padded = Buffer.concat([Buffer.alloc(size - signature.length), signature])
  return verify('sha256', input, { key, padding: constants.RSA_PKCS1_PADDING }, padded)
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

function unusable(keyid: string, problem: string, cause?: unknown): DebproofError {
  return new DebproofError('STATEMENT', `The key ${keyid} of the layout ${problem}.`, { cause })
}

import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { DebproofError } from '../errors.ts'
import { MAX_PUBLIC_KEY_FILE } from '../limits.ts'
import { sha256Of } from './hash.ts'
import type { Sha256 } from './identity.ts'
import { materialOfKey } from './key-material.ts'

/** A public key without an OpenPGP certificate around it. */
export interface PublicKey {
  readonly algorithm: 'ed25519' | 'ecdsa-p256'
  /** SHA-256 of its SubjectPublicKeyInfo in DER: its name in reports. */
  readonly fingerprint: Sha256
  /** The 32 bytes of an Ed25519 key (RFC 8032); the DER of others. */
  readonly bytes: Uint8Array
  /** What it is made of, in hex: the same as of an OpenPGP key that is made of it (`SigningKey.material`). */
  readonly material: string
  /** Its last day, `YYYY-MM-DD` in UTC: such a key brings no expiry of its own. */
  readonly until?: string
  /** Ed25519 without prehash (RFC 8032), or ECDSA over SHA-256 with the signature in DER. */
  verify(message: Uint8Array, signature: Uint8Array): boolean
}

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** The same with the NULL parameters that RFC 8410 forbids and rebuilderd writes. */
const ED25519_PREFIX_WITH_NULL = Buffer.from('302c300706032b65700500032100', 'hex')

/**
 * Reads the public keys of a PEM file (`-----BEGIN PUBLIC KEY-----`, RFC 7468), one or more: Ed25519, or ECDSA on
 * P-256.
 *
 * @param name the file, for errors
 * @throws DebproofError KEY
 */
export function readPublicKeys(file: Uint8Array, name: string, until?: string): PublicKey[] {
  const unusable = (problem: string, cause?: unknown): DebproofError =>
    new DebproofError('KEY', `The public key file ${name} ${problem}.`, { cause })
  if (file.length > MAX_PUBLIC_KEY_FILE) throw unusable(`is larger than ${MAX_PUBLIC_KEY_FILE} bytes`)
  const text = Buffer.from(file).toString('latin1')
  if (text.includes('PRIVATE KEY')) throw unusable('holds a private key; give the public one')
  if (text.includes('BEGIN PGP')) throw unusable('is an OpenPGP key; name it with signed-by')
  const begun = text.split('-----BEGIN PUBLIC KEY-----').length - 1
  const blocks = [
    ...text.matchAll(/^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\r?$/gm),
  ]
  if (blocks.length === 0) throw unusable('holds no PEM block of a PUBLIC KEY')
  if (blocks.length < begun) throw unusable(`begins ${begun} PEM blocks, of which only ${blocks.length} can be read`)
  return blocks.map(([, base64 = '']) => {
    try {
      const key = publicKey(Buffer.from(base64, 'base64'))
      if (key === undefined) throw unusable('holds a key that is neither Ed25519 nor ECDSA on P-256')
      return until === undefined ? key : { ...key, until }
    } catch (error) {
      if (error instanceof DebproofError) throw error
      throw unusable('cannot be read as a public key', error)
    }
  })
}

function publicKey(written: Buffer): PublicKey | undefined {
  const withNull = written.length === 46 && written.subarray(0, 14).equals(ED25519_PREFIX_WITH_NULL)
  const der = withNull ? Buffer.concat([ED25519_PREFIX, written.subarray(14)]) : written
  const read = createPublicKey({ key: der, format: 'der', type: 'spki' })
  // One point of a curve may be written in two ways, and must have one fingerprint.
  const key = isP256(read) ? createPublicKey({ key: read.export({ format: 'jwk' }), format: 'jwk' }) : read
  const spki = key.export({ format: 'der', type: 'spki' })
  const fingerprint = sha256Of(spki)
  if (key.asymmetricKeyType === 'ed25519') {
    const bytes = spki.subarray(ED25519_PREFIX.length)
    return {
      algorithm: 'ed25519',
      fingerprint,
      bytes,
      material: materialOfKey(key),
      verify: (message, sig) => verify(null, message, key, sig),
    }
  }
  if (isP256(key)) {
    return {
      algorithm: 'ecdsa-p256',
      fingerprint,
      bytes: spki,
      material: materialOfKey(key),
      verify: (message, sig) => verify('sha256', message, key, sig),
    }
  }
  return undefined
}

function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
}

/** Whether a key still counts at `at`. */
export function isInForce({ until }: PublicKey, at: Date): boolean {
  return until === undefined || at.toISOString().slice(0, 10) <= until
}

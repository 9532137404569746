import { createPublicKey, verify } from 'node:crypto'
import { DebproofError } from '../errors.ts'
import type { Keyring, SigningKey } from './keyring.ts'
import type { RawSignature } from './signature-packets.ts'

/** RFC 9580, 9.5. One that is over another digest is not looked into: nothing rests on it. */
const DIGESTS: Readonly<Record<number, string>> = { 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' }

/** RFC 9580, 9.1: RSA, and RSA that only signs. */
const RSA: readonly number[] = [1, 3]

/**
 * Why a signature of version 3 (RFC 4880, 5.2.2) does not count. It has no subpackets, so it cannot say what a later one
 * does; sqv refuses it by apt's policy since 2026-02-01, gpgv takes it.
 *
 * It is looked at for one thing: one of a trusted key that does not fit the text refuses the file, as every other.
 *
 * @throws DebproofError RELEASE_UNTRUSTED for a bad one
 */
export function refusalOfVersion3(text: Uint8Array, signature: RawSignature, keyring: Keyring): string {
  const id = Buffer.from(signature.body.subarray(7, 15)).toString('hex')
  const keys = keyring.withKeyId(id)
  const [key] = keys
  if (key === undefined)
    return `a signature of version 3 is by the key ${id.toUpperCase()}, which is not in the keyring`
  if (keys.length === 1 && !fits(text, signature, key)) {
    throw new DebproofError(
      'RELEASE_UNTRUSTED',
      `BAD signature by the trusted key ${key.primaryFingerprint}: the file was changed after it was signed.`,
    )
  }
  return (
    `key ${key.primaryFingerprint}: a signature of version 3, which is obsolete and which sqv refuses too: ask the ` +
    "archive's owner to sign anew (build.opensuse.org and pkgs.k8s.io sign with version 4 since November 2025)"
  )
}

/** Whether an RSA signature is over this text; true where it is of a kind that is not looked into. */
function fits(text: Uint8Array, { body, type, digest }: RawSignature, { key }: SigningKey): boolean {
  const hash = DIGESTS[digest ?? 0]
  const { n, e } = { n: part(key, 'n'), e: part(key, 'e') }
  if (hash === undefined || n === undefined || e === undefined || !RSA.includes(body[15] ?? 0)) return true
  // RFC 9580, 5.2.1.2: text is signed with the line ends of the network.
  const canonical = type === 1 ? Buffer.from(latin1(text).replaceAll(/\r?\n/g, '\r\n'), 'latin1') : text
  const signed = Buffer.concat([canonical, body.subarray(2, 7)])
  const number = body.subarray(21)
  const size =
    n.length -
    Math.max(
      0,
      n.findIndex((byte) => byte !== 0),
    )
  if (number.length > size) return false
  const padded = Buffer.concat([Buffer.alloc(size - number.length), number])
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }
  try {
    return verify(hash, signed, createPublicKey({ key: jwk, format: 'jwk' }), padded)
  } catch {
    // OpenSSL takes no key of such numbers, nor does anyone else here.
    return true
  }
}

function part({ keyPacket }: SigningKey['key'], name: 'n' | 'e'): Buffer | undefined {
  const value: unknown = Reflect.get(keyPacket.publicParams ?? {}, name)
  return value instanceof Uint8Array ? Buffer.from(value) : undefined
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

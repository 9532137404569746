import type { KeyObject } from 'node:crypto'
import type { PublicKey, Subkey } from 'openpgp'

/**
 * What tells a public key from all others, in hex, however it is written: in an OpenPGP packet of whichever version, as
 * SubjectPublicKeyInfo, as bare numbers. Of a point on a curve it is one coordinate: whoever has the private half of one
 * of the two points with it has that of the other.
 */
export function materialOfKey(key: KeyObject): string {
  const { kty, n = '', x = '' } = key.export({ format: 'jwk' })
  const [modulus, point] = [n, x].map((part) => Buffer.from(part, 'base64url'))
  if (kty === 'RSA') return ofNumber(modulus ?? Buffer.alloc(0))
  // A JWK has the coordinates of other curves apart (RFC 7518, 6.2.1).
  return kty === 'OKP' ? ofEdwardsPoint(point ?? Buffer.alloc(0)) : (point ?? Buffer.alloc(0)).toString('hex')
}

/**
 * The same of an OpenPGP key (RFC 9580, 5.5.5): `n` of RSA, `Q` of a point (behind 0x40 for legacy Ed25519), `A` of
 * Ed25519 and its like, `y` of DSA and Elgamal. Empty for what is none of these.
 */
export function materialOfPacket({ keyPacket }: PublicKey | Subkey): string {
  const parts = keyPacket.publicParams ?? {}
  const part = (name: string): Buffer | undefined => {
    const value: unknown = Reflect.get(parts, name)
    return value instanceof Uint8Array ? Buffer.from(value) : undefined
  }
  const number = part('n') ?? part('y')
  if (number !== undefined) return ofNumber(number)
  const [native, point] = [part('A'), part('Q')]
  if (native !== undefined) return ofEdwardsPoint(native)
  return point === undefined ? '' : ofPoint(point)
}

function ofNumber(number: Buffer): string {
  return number.toString('hex').replace(/^(?:00)+/, '')
}

/** SEC 1, 2.3.3, and what OpenPGP writes before the points of other curves (RFC 9580, 11.2.2). */
function ofPoint(point: Buffer): string {
  switch (point[0]) {
    case 0x40:
      return ofEdwardsPoint(point.subarray(1))
    case 0x04:
      return point.subarray(1, (point.length + 1) / 2).toString('hex')
    case 0x02:
    case 0x03:
      return point.subarray(1).toString('hex')
    default:
      return point.toString('hex')
  }
}

/** RFC 8032, 5.1.2: the last bit is the sign of the other coordinate. */
function ofEdwardsPoint(point: Buffer): string {
  const coordinate = Buffer.from(point)
  const last = coordinate.length - 1
  if (last >= 0) coordinate[last] = (coordinate[last] ?? 0) & 0x7f
  return coordinate.toString('hex')
}

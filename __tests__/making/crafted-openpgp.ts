import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { ago, DAY, framed, HOUR } from './signed-archive.ts'

/** What the library does not make: other algorithms, version 3, unknown subpackets (RFC 9580 and RFC 4880, 5.2.2). */
export interface CraftedKey {
  /** The body of the public key packet, version 4. */
  readonly packet: Buffer
  readonly algorithm: number
  readonly id: Buffer
  /** The integers of a signature. */
  readonly sign: (hash: HashName, data: Buffer) => Buffer[]
}

export const HASHES = { md5: 1, sha1: 2, ripemd160: 3, sha256: 8, sha384: 9, sha512: 10, sha224: 11 } as const
export type HashName = keyof typeof HASHES

const CURVES = { secp256k1: '2b8104000a', brainpoolP256r1: '2b2403030208010107' } as const

export type CraftedAlgorithm = 'rsa' | 'dsa' | keyof typeof CURVES

/** A key that is a year old. */
export function craftedKey(kind: CraftedAlgorithm): CraftedKey {
  if (kind === 'rsa') {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { n = '', e = '' } = pair.publicKey.export({ format: 'jwk' })
    return keyOf(
      1,
      [n, e].map((part) => mpi(Buffer.from(part, 'base64url'))),
      (hash, data) => [sign(hash, data, pair.privateKey)],
    )
  }
  if (kind === 'dsa') {
    const pair = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
    const numbers = derIntegers(pair.publicKey.export({ format: 'der', type: 'spki' }))
    return keyOf(17, numbers.map(mpi), rAndS(pair.privateKey))
  }
  const pair = generateKeyPairSync('ec', { namedCurve: kind })
  // The point is the end of the SPKI, uncompressed.
  const point = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65)
  const oid = Buffer.from(CURVES[kind], 'hex')
  return keyOf(19, [Buffer.concat([Buffer.from([oid.length]), oid]), mpi(point)], rAndS(pair.privateKey))
}

function rAndS(key: KeyObject): CraftedKey['sign'] {
  return (hash, data) => {
    const both = sign(hash, data, { key, dsaEncoding: 'ieee-p1363' })
    return [both.subarray(0, both.length / 2), both.subarray(both.length / 2)]
  }
}

function keyOf(algorithm: number, params: readonly Buffer[], signer: CraftedKey['sign']): CraftedKey {
  const packet = Buffer.concat([Buffer.from([4]), seconds(ago(365 * DAY)), Buffer.from([algorithm]), ...params])
  const fingerprint = createHash('sha1').update(forHash(packet)).digest()
  return { packet, algorithm, id: fingerprint.subarray(-8), sign: signer }
}

/** The certificate of a crafted key: the key, a user ID and a self-signature that lets it sign. */
export function craftedCertificate(key: CraftedKey): Buffer {
  const user = Buffer.from('Crafted <crafted@example.org>')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(user.length)
  const data = Buffer.concat([forHash(key.packet), Buffer.from([0xb4]), length, user])
  const selfSignature = craftedSignature(data, key, {
    type: 0x13,
    date: ago(364 * DAY),
    subpackets: [{ type: 27, body: Buffer.from([3]) }],
  })
  return Buffer.concat([framed(6, key.packet), framed(13, user), selfSignature])
}

export interface CraftedSignatureOptions {
  readonly version?: 3 | 4
  readonly type?: number
  readonly hash?: HashName
  readonly date?: Date
  /** Hashed subpackets beside the creation time; the type has the critical bit in it. */
  readonly subpackets?: readonly { readonly type: number; readonly body: Uint8Array }[]
}

/** The packet of a binary signature over `data`, made an hour ago with SHA-256 unless said otherwise. */
export function craftedSignature(data: Buffer, key: CraftedKey, options: CraftedSignatureOptions = {}): Buffer {
  const { version = 4, type = 0, hash = 'sha256', date = ago(HOUR), subpackets = [] } = options
  const created = seconds(date)
  let head: Buffer
  let unhashed: Buffer
  let trailer: Buffer
  if (version === 3) {
    trailer = Buffer.concat([Buffer.from([type]), created])
    head = Buffer.concat([Buffer.from([3, 5]), trailer, key.id, Buffer.from([key.algorithm, HASHES[hash]])])
    unhashed = Buffer.alloc(0)
  } else {
    const hashed = Buffer.concat([{ type: 2, body: created }, ...subpackets].map(subpacket))
    head = Buffer.concat([Buffer.from([4, type, key.algorithm, HASHES[hash]]), short(hashed.length), hashed])
    const issuer = subpacket({ type: 16, body: key.id })
    unhashed = Buffer.concat([short(issuer.length), issuer])
    trailer = Buffer.concat([head, Buffer.from([4, 0xff, 0, 0]), short(head.length)])
  }
  const signed = Buffer.concat([data, trailer])
  const left = createHash(hash).update(signed).digest().subarray(0, 2)
  return framed(2, Buffer.concat([head, unhashed, left, ...key.sign(hash, signed).map(mpi)]))
}

function subpacket({ type, body }: { readonly type: number; readonly body: Uint8Array }): Buffer {
  return Buffer.concat([Buffer.from([body.length + 1, type]), body])
}

function forHash(keyPacket: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x99]), short(keyPacket.length), keyPacket])
}

function mpi(number: Buffer): Buffer {
  const start = number.findIndex((byte) => byte !== 0)
  const digits = number.subarray(start)
  return Buffer.concat([short(digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24), digits])
}

function short(number: number): Buffer {
  return Buffer.from([number >> 8, number & 0xff])
}

function seconds(date: Date): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(date.getTime() / 1000)
  return bytes
}

/** Every INTEGER of a DER encoding, in order, bit strings looked into. */
function derIntegers(der: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let position = 0; position < der.length; ) {
    const tag = der[position++] ?? 0
    let length = der[position++] ?? 0
    if (length > 127) {
      const bytes = length & 0x7f
      length = der.readUIntBE(position, bytes)
      position += bytes
    }
    const content = der.subarray(position, position + length)
    if (tag === 2) found.push(content)
    else if (tag === 0x30) found.push(...derIntegers(content))
    else if (tag === 3) found.push(...derIntegers(content.subarray(1)))
    position += length
  }
  return found
}

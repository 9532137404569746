import { createPublicKey, ECDH, generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { materialOfKey } from '../../src/archive/key-material.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { readPublicKeys } from '../../src/archive/public-key.ts'

/** RFC 9580, 12.7 and 9.2: what OpenPGP calls the curves. */
const OIDS = { ed25519Legacy: '2b06010401da470f01', nistP256: '2a8648ce3d030107' } as const

/** RFC 9580, 3.2: the number of bits, then the number. */
function integer(bytes: Uint8Array): Buffer {
  const bits = bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), bytes])
}

function onCurve(oid: string, point: Uint8Array): Buffer {
  const name = Buffer.from(oid, 'hex')
  return Buffer.concat([Buffer.from([name.length]), name, integer(point)])
}

/** The key of a certificate that is nothing but a key packet (RFC 9580, 5.5.2). */
async function materialInPacket(algorithm: number, body: Uint8Array, version: 4 | 6 = 4): Promise<string | undefined> {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const key = Buffer.concat([
    Buffer.from([version, 0x60, 0, 0, 0, algorithm]),
    ...(version === 6 ? [length] : []),
    body,
  ])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(key.length)
  const packet = Buffer.concat([Buffer.from([0xc6, 0xff]), size, key])
  const [signing] = new Keyring(await readCertificates(packet, 'made.gpg')).signingKeys()
  return signing?.material
}

function materialInPem(key: KeyObject): string | undefined {
  const pem = key.export({ format: 'pem', type: 'spki' }).toString()
  return readPublicKeys(Buffer.from(pem), 'made.pub')[0]?.material
}

function part(key: KeyObject, name: 'x' | 'y' | 'n' | 'e'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url')
}

describe('what a key is made of is the same', () => {
  it('of Ed25519 in the first OpenPGP form, in the present one, in version 6, and as PEM', async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const point = part(publicKey, 'x')
    const material = materialOfKey(publicKey)
    expect(materialInPem(publicKey)).toBe(material)
    expect(await materialInPacket(22, onCurve(OIDS.ed25519Legacy, Buffer.concat([Buffer.from([0x40]), point])))).toBe(
      material,
    )
    expect(await materialInPacket(27, point)).toBe(material)
    expect(await materialInPacket(27, point, 6)).toBe(material)
  })

  it('of ECDSA on P-256 in OpenPGP and as PEM, with both coordinates and with one', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const point = Buffer.concat([Buffer.from([4]), part(publicKey, 'x'), part(publicKey, 'y')])
    const compressed = Buffer.from(ECDH.convertKey(point, 'prime256v1', undefined, undefined, 'compressed'))
    const material = materialOfKey(publicKey)
    const prefix = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex')
    const short = createPublicKey({ key: Buffer.concat([prefix, compressed]), format: 'der', type: 'spki' })
    expect([materialInPem(publicKey), materialOfKey(short)]).toEqual([material, material])
    expect(await materialInPacket(19, onCurve(OIDS.nistP256, point))).toBe(material)
    expect(await materialInPacket(19, onCurve(OIDS.nistP256, point), 6)).toBe(material)
  })

  it('of RSA in OpenPGP and as the numbers of a layout, whatever the exponent and the zeros before', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const [modulus, exponent] = [part(publicKey, 'n'), part(publicKey, 'e')]
    const material = materialOfKey(publicKey)
    expect(await materialInPacket(1, Buffer.concat([integer(modulus), integer(exponent)]))).toBe(material)
    expect(await materialInPacket(1, Buffer.concat([integer(modulus), integer(Buffer.from([3]))]), 6)).toBe(material)
    const padded = { kty: 'RSA', n: Buffer.concat([Buffer.alloc(1), modulus]).toString('base64url'), e: 'AQAB' }
    expect(materialOfKey(createPublicKey({ key: padded, format: 'jwk' }))).toBe(material)
  })

  it('of a point and the one opposite, whose private halves are one', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const point = part(publicKey, 'x')
    point[31] = (point[31] ?? 0) ^ 0x80
    const opposite = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }
    expect(materialOfKey(createPublicKey({ key: opposite, format: 'jwk' }))).toBe(materialOfKey(publicKey))
  })

  it('of no two keys', () => {
    fc.assert(
      fc.property(fc.constantFrom('ed25519', 'ec'), (kind) => {
        const make = (): KeyObject =>
          kind === 'ec'
            ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
            : generateKeyPairSync('ed25519').publicKey
        expect(materialOfKey(make())).not.toBe(materialOfKey(make()))
      }),
      { numRuns: 50 },
    )
  })
})

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInForce, readPublicKeys } from '../../src/archive/public-key.ts'
import { isDebproofError } from '../../src/errors.ts'

const ed25519 = generateKeyPairSync('ed25519')
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const MESSAGE = Buffer.from('the message')

function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString()
}

function read(file: string | Uint8Array): ReturnType<typeof readPublicKeys> {
  return readPublicKeys(typeof file === 'string' ? Buffer.from(file) : file, 'test.pub')
}

/** The body of a PEM block around these bytes. */
function block(der: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PUBLIC KEY-----\n`
}

function refused(pattern: RegExp): object {
  return expect.objectContaining({ code: 'KEY', message: expect.stringMatching(pattern) })
}

describe('a file of public keys', () => {
  it('gives Ed25519 keys, which verify the message itself', () => {
    const [key, ...more] = read(pem(ed25519.publicKey))
    expect(more).toEqual([])
    expect([key?.algorithm, key?.bytes.length]).toEqual(['ed25519', 32])
    const signature = sign(null, MESSAGE, ed25519.privateKey)
    expect(key?.verify(MESSAGE, signature)).toBe(true)
    expect(key?.verify(Buffer.from('another'), signature)).toBe(false)
    expect(key?.verify(MESSAGE, signature.subarray(1))).toBe(false)
    expect(key?.verify(MESSAGE, new Uint8Array())).toBe(false)
  })

  it('gives ECDSA keys on P-256, which verify its SHA-256 with a signature in DER', () => {
    const [key] = read(pem(p256.publicKey))
    expect(key?.algorithm).toBe('ecdsa-p256')
    expect(key?.verify(MESSAGE, sign('sha256', MESSAGE, p256.privateKey))).toBe(true)
    expect(key?.verify(MESSAGE, sign('sha512', MESSAGE, p256.privateKey))).toBe(false)
    expect(key?.verify(MESSAGE, Buffer.from('no DER'))).toBe(false)
  })

  it('may hold several, with text around them and lines that end as Windows ends them', () => {
    const text = `# ours\n${pem(ed25519.publicKey)}\n# theirs\r\n${pem(p256.publicKey).replaceAll('\n', '\r\n')}`
    expect(read(text).map(({ algorithm }) => algorithm)).toEqual(['ed25519', 'ecdsa-p256'])
  })

  it('gives one key for one point, compressed or not', () => {
    const { x = '', y = '' } = p256.publicKey.export({ format: 'jwk' })
    const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) % 2
    const point = Buffer.concat([Buffer.from([2 + odd]), Buffer.from(x, 'base64url')])
    const der = Buffer.concat([Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'), point])
    const [one] = read(pem(p256.publicKey))
    const [other] = read(block(der))
    expect([other?.fingerprint, other?.material]).toEqual([one?.fingerprint, one?.material])
    expect(one?.material).toMatch(/^[0-9a-f]{64}$/)
  })

  it("takes rebuilderd's way of writing Ed25519, with NULL parameters, as the same key", () => {
    const written = 'MCwwBwYDK2VwBQADIQA6IsovbW71m9ewZbsta6i7W5BmXrsEgBQ7SQ4+P084NQ=='
    const [key] = read(block(Buffer.from(written, 'base64')))
    const hex = '3a22ca2f6d6ef59bd7b065bb2d6ba8bb5b90665ebb0480143b490e3e3f4f3835'
    expect(Buffer.from(key?.bytes ?? []).toString('hex')).toBe(hex)
    const plain = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(hex, 'hex')])
    expect(read(block(plain))[0]?.fingerprint).toBe(key?.fingerprint)
  })

  it.each([
    ['a private key', pem(ed25519.privateKey), /holds a private key/],
    ['an OpenPGP key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n', /name it with signed-by/],
    ['nothing', '', /holds no PEM block/],
    ['an RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), /neither Ed25519 nor ECDSA/],
    ['a key on another curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), /neither Ed25519/],
    ['bytes that are no key', block(Buffer.from('nothing')), /cannot be read as a public key/],
    [
      'a key that is too short',
      block(Buffer.from('302a300506032b6570032100ff', 'hex')),
      /cannot be read as a public key/,
    ],
    [
      'a block that cannot be read',
      pem(ed25519.publicKey) + pem(p256.publicKey).replace('\n', ' \n'),
      /only 1 can be read/,
    ],
    ['far too much', 'x'.repeat(65 * 1024), /is larger than/],
  ])('is refused when it holds %s', (_, text, message) => {
    expect(() => read(text)).toThrow(refused(message))
  })

  it('is read or refused, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (der) => {
        try {
          expect(read(block(der))).toHaveLength(1)
        } catch (error) {
          expect(isDebproofError(error, 'KEY')).toBe(true)
        }
      }),
    )
  })
})

describe('a public key with a last day', () => {
  const [key] = readPublicKeys(Buffer.from(pem(ed25519.publicKey)), 'test.pub', '2026-11-22')
  if (key === undefined) throw new Error('the test itself is wrong')

  it('counts to the end of it, in UTC, and no longer', () => {
    expect(isInForce(key, new Date('2026-11-22T23:59:59Z'))).toBe(true)
    expect(isInForce(key, new Date('2026-11-23T00:00:00Z'))).toBe(false)
  })

  it('still verifies: whoever counts asks whether it is in force', () => {
    expect(key.verify(MESSAGE, sign(null, MESSAGE, ed25519.privateKey))).toBe(true)
  })
})

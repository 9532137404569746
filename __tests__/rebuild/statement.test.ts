import { createMessage, encryptKey, type PrivateKey, readCleartextMessage, readSignature, verify } from 'openpgp'
import { beforeAll, describe, expect, test } from 'vitest'
import { splitClearsigned } from '../../src/archive/signed-text.ts'
import { type Link, makeLink } from '../../src/rebuild/link.ts'
import { readStatementSigner } from '../../src/rebuild/statement-signer.ts'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { parseStrictJson } from '../../src/reproduced/strict-json.ts'
import { framed, newKey, sha256Hex, verdictOf } from '../making/signed-archive.ts'
import { buildinfoText } from './made-project.ts'

const MATERIALS = new Map([
  ['b_1.dsc', { sha256: 'b'.repeat(64) }],
  ['a_1_all.buildinfo', { sha256: 'a'.repeat(64) }],
])
const PRODUCTS = new Map([['x_1_all.deb', { sha256: 'c'.repeat(64) }]])

let keys: Record<'ed25519' | 'rsa', PrivateKey>

beforeAll(async () => {
  keys = { ed25519: await newKey(), rsa: await newKey({ rsaBits: 2048 }) }
})

async function linkBy(key: PrivateKey): Promise<Link> {
  const link = await makeLink(MATERIALS, PRODUCTS, await readStatementSigner(key.armor(), undefined, 'a test'))
  if (link === undefined) throw new Error('no link was made')
  return link
}

describe.each(['ed25519', 'rsa'] as const)('a link signed with a key of kind %s', (kind) => {
  test('verifies as an OpenPGP signature over the canonical text, made of what the link holds', async () => {
    const key = keys[kind]
    const { text, keyid } = await linkBy(key)
    const { signatures, signed } = JSON.parse(text)
    expect(keyid).toBe(key.getFingerprint())
    expect(signatures).toEqual([
      { keyid, other_headers: expect.stringMatching(/^0400(?:01|16)08/), signature: expect.any(String) },
    ])
    const headers = Buffer.from(signatures[0].other_headers, 'hex')
    expect(headers.length).toBe(6 + headers.readUInt16BE(4))
    const content = canonicalOlpc(
      parseStrictJson(Buffer.from(JSON.stringify(signed)), 'x', { limit: 1e6, numbers: 'integers' }),
    )
    const length = Buffer.alloc(4)
    length.writeUInt32BE(headers.length)
    const digest = Buffer.from(sha256Hex(Buffer.concat([content, headers, Buffer.from([4, 0xff]), length])), 'hex')
    const bytes = Buffer.from(signatures[0].signature, 'hex')
    const integers = kind === 'rsa' ? [bytes] : [bytes.subarray(0, 32), bytes.subarray(32)]
    const packet = Buffer.concat([headers, Buffer.alloc(2), digest.subarray(0, 2), ...integers.map(integer)])
    const result = await verify({
      message: await createMessage({ binary: new Uint8Array(content) }),
      signature: await readSignature({ binarySignature: framed(2, packet) }),
      verificationKeys: key.toPublic(),
    })
    expect(await result.signatures[0]?.verified).toBe(true)
  })

  test('has signatures of one length, whatever leading zeros they have', async () => {
    const lengths = await Promise.all(
      Array.from(
        { length: 40 },
        async () => JSON.parse((await linkBy(keys[kind])).text).signatures[0].signature.length,
      ),
    )
    expect(new Set(lengths)).toEqual(new Set([kind === 'rsa' ? 512 : 128]))
  })
})

test('a link names the step, what it was built from and what came out, and nothing else', async () => {
  const { signed } = JSON.parse((await linkBy(keys.ed25519)).text)
  expect(signed).toEqual({
    _type: 'link',
    byproducts: {},
    command: [],
    environment: {},
    materials: { 'a_1_all.buildinfo': { sha256: 'a'.repeat(64) }, 'b_1.dsc': { sha256: 'b'.repeat(64) } },
    name: 'rebuild',
    products: { 'x_1_all.deb': { sha256: 'c'.repeat(64) } },
  })
})

test('no link is made with a key that in-toto 0.9 does not know', async () => {
  const signer = await readStatementSigner((await newKey({ curve: 'nistP256' })).armor(), undefined, 'a test')
  expect(await makeLink(MATERIALS, PRODUCTS, signer)).toBeUndefined()
})

test('a link is signed by the subkey that signs, and says so', async () => {
  const key = await newKey({ subkeys: [{ sign: true }] })
  const { keyid } = await linkBy(key)
  expect(keyid).toBe(key.getSubkeys()[0]?.getFingerprint())
})

describe('a clearsigned .buildinfo', () => {
  const text = buildinfoText('hello', '1.0', [{ name: 'hello' }], {
    'Binary-Only-Changes': '\n hello (1.0+b1)\n .\n - – Ünïcode',
  })

  test('is the text as it was, in a file that apt would split, and verifies', async () => {
    const key = keys.ed25519
    const signed = await (await readStatementSigner(key.armor(), undefined, 'a test')).clearsign(text)
    expect(signed).not.toContain('\r')
    const split = splitClearsigned(Buffer.from(signed), 'x')
    expect(Buffer.from(split.text).toString('utf8')).toBe(text.trimEnd())
    const result = await verify({
      message: await readCleartextMessage({ cleartextMessage: signed }),
      verificationKeys: key.toPublic(),
    })
    expect(await result.signatures[0]?.verified).toBe(true)
  })
})

describe('the signing key', () => {
  test('may be locked, and is then unlocked', async () => {
    const locked = await encryptKey({ privateKey: keys.ed25519, passphrase: 'sesame' })
    const signer = await readStatementSigner(locked.armor(), 'sesame', 'a test')
    expect(signer.fingerprint).toBe(keys.ed25519.getFingerprint().toUpperCase())
    expect(await signer.clearsign('x\n')).toContain('BEGIN PGP SIGNATURE')
    expect(await verdictOf(() => readStatementSigner(locked.armor(), 'wrong', 'a test'))).toBe('KEY')
  })

  test('must be private', async () => {
    expect(await verdictOf(() => readStatementSigner(keys.rsa.toPublic().armor(), undefined, 'a test'))).toBe('KEY')
  })
})

/** An integer of OpenPGP (RFC 9580, 3.2). */
function integer(bytes: Buffer): Buffer {
  const stripped = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(stripped.length * 8 - Math.clz32(stripped[0] ?? 0) + 24)
  return Buffer.concat([length, stripped])
}

import fc from 'fast-check'
import { type PrivateKey, type PublicKey, revokeKey } from 'openpgp'
import { describe, expect, it, vi } from 'vitest'
import { parseFingerprint } from '../../src/archive/identity.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import { MAX_HASHES_PER_STATEMENT, MAX_SIGNATURES, MAX_SOURCES_PER_STATEMENT, MAX_STATEMENT } from '../../src/limits.ts'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { productsNamedIn, verifyLink } from '../../src/reproduced/in-toto-link.ts'
import type { Attestation, Statement } from '../../src/reproduced/statement.ts'
import { AT, ago, DAY, HOUR, keyringOf, newKey, once, sha256Hex } from '../making/signed-archive.ts'
import {
  created,
  headersOf,
  issuer,
  link,
  metablock,
  metablockSignature,
  signedLink,
  signerOf,
  subpacket,
  uint32,
} from './signed-metablocks.ts'
import {
  documentOf,
  ED25519,
  fixture,
  fixtureKeyring,
  OTHER_SHA256,
  packageOf,
  RSA,
  SHA256,
} from './signed-statements.ts'

vi.mock('../../src/reproduced/canonical-json.ts', { spy: true })

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
const DEMO_SHA256 = '918fc1abbffbe06bc53931da10db751f28b09588e38a1460844eeebbed0d3bd1'

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))
const signer = once(async () => signerOf(await partyKey()))
const stranger = once(async () => signerOf(await newKey({ name: 'Stranger' })))

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

async function verified(bytes: Uint8Array, keyring?: Keyring, rebuilt = HELLO): Promise<Statement> {
  return await verifyLink(documentOf(bytes, 'metadata'), keyring ?? (await party()), AT, rebuilt)
}

async function refusal(bytes: Uint8Array, keyring?: Keyring): Promise<unknown> {
  return await verified(bytes, keyring).catch((error: unknown) => error)
}

/** What a link says of hello when the party signs it. */
async function saysOf(signed: object, rebuilt = HELLO): Promise<readonly Attestation[]> {
  return (await verified(signedLink(await signer(), signed), undefined, rebuilt)).attestations
}

describe('what in-toto-run wrote', () => {
  it.each([
    ['rebuild.77f84300.link', RSA],
    ['rebuild.28c1e5f1.link', ED25519],
  ])('%s counts for %s', async (name, fingerprint) => {
    const document = documentOf(fixture(name), name)
    const keyring = await fixtureKeyring(RSA, ED25519)
    expect(await verifyLink(document, keyring, new Date('2026-11-23T00:00:00Z'), DEMO)).toEqual({
      evidence: [
        {
          kind: 'in-toto-link',
          url: `https://rebuilder.example/${name}`,
          sha256: sha256Hex(fixture(name)),
          size: fixture(name).length,
          date: new Date('2026-11-22T15:01:43Z'),
          signers: [fingerprint],
        },
      ],
      attestations: [{ fileName: DEMO.fileName, sha256: DEMO_SHA256, sources: [] }],
      record: expect.objectContaining({ kind: 'build' }),
    })
  })

  it('counts for a build that is older than its signature', async () => {
    const document = documentOf(fixture('rebuild.28c1e5f1.link'))
    const statement = await verifyLink(document, await fixtureKeyring(ED25519), new Date('2026-01-01T00:00:00Z'), DEMO)
    expect(statement.attestations).toHaveLength(1)
  })

  it('says nothing of a file that it does not list', async () => {
    const document = documentOf(fixture('rebuild.28c1e5f1.link'))
    const keyring = await fixtureKeyring(ED25519)
    for (const name of ['debproof-demo_1.0-2_amd64.deb', 'debproof-demo_1.0-1_arm64.deb', 'demo_1.0-1_amd64.deb']) {
      expect((await verifyLink(document, keyring, AT, packageOf(name))).attestations).toEqual([])
    }
  })

  it('is refused without its key', async () => {
    expect(await refusal(fixture('rebuild.77f84300.link'), await fixtureKeyring(ED25519))).toEqual(
      statementError(/metadata has no valid signature by a trusted key: key F225965A8CCAFCD4 is not in the keyring/),
    )
  })

  it('changed in any one byte it is refused, or says the same', async () => {
    const keyring = await fixtureKeyring(RSA, ED25519)
    for (const name of ['rebuild.77f84300.link', 'rebuild.28c1e5f1.link']) {
      const original = fixture(name)
      const { attestations } = await verified(original, keyring, DEMO)
      expect(attestations).toHaveLength(1)
      await fc.assert(
        fc.asyncProperty(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), async (position, change) => {
          const bytes = Buffer.from(original)
          bytes.writeUInt8(bytes.readUInt8(position) ^ change, position)
          const outcome = await verified(bytes, keyring, DEMO).catch((error: unknown) => error)
          if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'STATEMENT' })
          else expect(outcome).toMatchObject({ attestations })
        }),
        { numRuns: 300 },
      )
    }
  })
})

describe('a link', () => {
  it('names what was built from as sources: by base name, .dsc and .buildinfo alone, also without a SHA-256', async () => {
    const materials = {
      'work/hello_1.0-1.dsc': { sha256: OTHER_SHA256 },
      'hello_1.0-1_amd64.buildinfo': { sha512: 'x', sha256: SHA256 },
      'hello_1.0.orig.tar.gz': { sha256: SHA256 },
      'unhashed_1.dsc': { md5: 'x' },
      '.dsc': { sha256: SHA256 },
    }
    const [attestation] = await saysOf(link(undefined, { materials }))
    expect(attestation).toEqual({
      fileName: HELLO.fileName,
      sha256: SHA256,
      sources: [
        { fileName: 'hello_1.0-1.dsc', sha256: OTHER_SHA256, role: 'input' },
        { fileName: 'hello_1.0-1_amd64.buildinfo', sha256: SHA256, role: 'input' },
        { fileName: 'unhashed_1.dsc', sha256: undefined, role: 'input' },
        { fileName: '.dsc', sha256: SHA256, role: 'input' },
      ],
    })
  })

  it('is about the file of this very name alone', async () => {
    const products = {
      'hello_2.0-1_amd64.deb': { sha256: OTHER_SHA256 },
      'hello_1.0-1_amd64.deb/other_1.0-1_amd64.deb': { sha256: OTHER_SHA256 },
      'build/xhello_1.0-1_amd64.deb': { sha256: OTHER_SHA256 },
      'HELLO_1.0-1_amd64.deb': { sha256: OTHER_SHA256 },
      'hello-dbgsym_1.0-1_amd64.deb': { md5: 'none of ours' },
    }
    expect(await saysOf(link(products))).toEqual([])
    expect(await saysOf(link({ ...products, [HELLO.fileName]: { sha256: OTHER_SHA256 } }))).toEqual([
      { fileName: HELLO.fileName, sha256: OTHER_SHA256, sources: [] },
    ])
  })

  it('may list it in a folder, as in-toto-run does with --products build/*.deb', async () => {
    for (const path of ['build/', './', '/srv/build/x/', '../']) {
      expect(await saysOf(link({ [`${path}${HELLO.fileName}`]: { sha256: SHA256 } }))).toMatchObject([
        { fileName: HELLO.fileName, sha256: SHA256 },
      ])
    }
  })

  it('contradicts itself that lists it in two folders with two hashes', async () => {
    const twice = { [`a/${HELLO.fileName}`]: { sha256: SHA256 }, [`b/${HELLO.fileName}`]: { sha256: OTHER_SHA256 } }
    expect(await saysOf(link(twice))).toMatchObject([{ sha256: SHA256 }, { sha256: OTHER_SHA256 }])
    const same = { [HELLO.fileName]: { sha256: SHA256 }, [`b/${HELLO.fileName}`]: { sha256: SHA256 } }
    expect(await saysOf(link(same))).toHaveLength(1)
    const half = { [HELLO.fileName]: { sha256: SHA256 }, [`b/${HELLO.fileName}`]: { md5: 'x' } }
    expect(await refusal(signedLink(await signer(), link(half)))).toEqual(statementError(/without a SHA-256/))
  })

  it('with hashes and sources in any number makes few attestations', async () => {
    const hash = (index: number): object => ({ sha256: index.toString(16).padStart(64, '0') })
    const range = Array.from({ length: 500 }, (_, index) => index)
    const products = Object.fromEntries(range.map((index) => [`${index}/${HELLO.fileName}`, hash(index)]))
    const sources = (count: number): object =>
      Object.fromEntries(range.slice(0, count).map((index) => [`${index}.dsc`, hash(index)]))
    const said = await saysOf(link(products, { materials: sources(MAX_SOURCES_PER_STATEMENT) }))
    expect(said).toHaveLength(MAX_HASHES_PER_STATEMENT)
    expect(new Set(said.map(({ sources: shared }) => shared)).size).toBe(1)
    expect(said[0]?.sources).toHaveLength(MAX_SOURCES_PER_STATEMENT)
    const tooMany = link(undefined, { materials: sources(MAX_SOURCES_PER_STATEMENT + 1) })
    expect(await refusal(signedLink(await signer(), tooMany))).toEqual(
      statementError(/names more than 64 \.dsc and \.buildinfo files/),
    )
    const repeated = Object.fromEntries(range.map((index) => [`${index}/hello.dsc`, hash(0)]))
    expect((await saysOf(link(undefined, { materials: repeated })))[0]?.sources).toHaveLength(1)
  })

  it('shows no control characters of the names of sources, and none of their folders', async () => {
    const sha256 = { sha256: SHA256 }
    const materials = {
      'a\n.dsc': sha256,
      '\u001b[31m.buildinfo': sha256,
      '\u009b.dsc': sha256,
      '../../../../etc/secret.buildinfo': sha256,
    }
    const names = (await saysOf(link(undefined, { materials })))[0]?.sources.map(({ fileName }) => fileName)
    expect(names?.sort()).toEqual(['a\ufffd.dsc', 'secret.buildinfo', '\ufffd.dsc', '\ufffd[31m.buildinfo'])
  })

  it('is written anew only for a signature that names a key of the party', async () => {
    const theirs = signedLink(await stranger())
    const ours = signedLink(await signer())
    vi.mocked(canonicalOlpc).mockClear()
    expect(await refusal(theirs)).toEqual(statementError(/not in the keyring/))
    expect(await refusal(metablock(link()))).toEqual(statementError(/it holds no signature/))
    expect(productsNamedIn(documentOf(ours))).toHaveLength(1)
    expect(canonicalOlpc).not.toHaveBeenCalled()
    await verified(ours)
    expect(canonicalOlpc).toHaveBeenCalledOnce()
  })

  it('is verified once for all the files that it lists, and again for another key or time', async () => {
    const other = packageOf('other_1.0-1_all.deb')
    const products = { [HELLO.fileName]: { sha256: SHA256 }, [other.fileName]: { sha256: OTHER_SHA256 } }
    const document = documentOf(signedLink(await signer(), link(products)), 'metadata')
    const keyring = await party()
    vi.mocked(canonicalOlpc).mockClear()
    const says = async (rebuilt: typeof HELLO): Promise<unknown> =>
      (await verifyLink(document, keyring, AT, rebuilt)).attestations
    expect(await says(HELLO)).toMatchObject([{ fileName: HELLO.fileName, sha256: SHA256 }])
    expect(await says(other)).toMatchObject([{ fileName: other.fileName, sha256: OTHER_SHA256 }])
    expect(await says(DEMO)).toEqual([])
    expect(canonicalOlpc).toHaveBeenCalledOnce()
    const strangers = await keyringOf([await newKey()])
    await expect(verifyLink(document, strangers, AT, HELLO)).rejects.toEqual(statementError(/not in the keyring/))
    await expect(verifyLink(document, strangers, AT, HELLO)).rejects.toEqual(statementError(/not in the keyring/))
    await verifyLink(document, keyring, ago(DAY), HELLO)
    expect(canonicalOlpc).toHaveBeenCalledTimes(2)
  })

  it.each([
    [link({ [HELLO.fileName]: { sha512: 'ab' } }), /lists hello_1\.0-1_amd64\.deb without a SHA-256/],
    [link({ [HELLO.fileName]: { sha256: SHA256.toUpperCase() } }), /without a SHA-256/],
    [link({ [HELLO.fileName]: { sha256: SHA256.slice(1) } }), /without a SHA-256/],
    [link({ [HELLO.fileName]: SHA256 }), /without a SHA-256/],
    [link(undefined, { name: 'rebuild.77f84300' }), /another step/],
    [link(undefined, { name: 'build' }), /another step/],
    [link(undefined, { _type: 'layout' }), /is no link/],
    [link(undefined, { _type: undefined }), /is no link/],
    [link(undefined, { products: [] }), /no products/],
    [link(undefined, { materials: null }), /no materials/],
  ])('is refused that is signed and does not say it (%#)', async (signed, pattern) => {
    expect(await refusal(signedLink(await signer(), JSON.parse(JSON.stringify(signed))))).toEqual(
      statementError(pattern),
    )
  })

  it('may be signed by others beside, in whatever form', async () => {
    const signed = link()
    const ours = metablockSignature(signed, await signer())
    const theirs = metablockSignature(signed, await stranger())
    const other = { keyid: 'a'.repeat(64), sig: 'b'.repeat(128) }
    for (const signatures of [
      [theirs, other, ours],
      [ours, theirs],
      [other, ours],
    ]) {
      expect((await verified(metablock(signed, ...signatures))).attestations).toHaveLength(1)
    }
    expect(await refusal(metablock(signed, theirs, other))).toEqual(statementError(/signature 2: It is no OpenPGP/))
    expect(await refusal(metablock(signed))).toEqual(statementError(/it holds no signature/))
  })

  it('is refused where a trusted key signed something else, whoever else signed it', async () => {
    const [one, two] = [await newKey({ name: 'One' }), await newKey({ name: 'Two' })]
    const keyring = await keyringOf([one, two])
    const signed = link()
    const good = metablockSignature(signed, signerOf(one))
    const bad = metablockSignature(link({ 'x_1_all.deb': { sha256: SHA256 } }), signerOf(two))
    expect(await refusal(metablock(signed, good, bad), keyring)).toEqual(statementError(/BAD signature/))
    expect(await refusal(metablock(signed, bad), keyring)).toEqual(statementError(/BAD signature/))
  })

  it('is refused with a keyid that is not of the key that signed', async () => {
    const ours = await signer()
    const { fingerprint } = await stranger()
    expect(await refusal(signedLink(ours, link(), { keyid: fingerprint }))).toEqual(
      statementError(/keyid [0-9A-F]{40} is not of the key/),
    )
    for (const keyid of [ours.fingerprint.slice(-16), ours.fingerprint.toUpperCase(), '', 'x'.repeat(40)]) {
      expect(await refusal(signedLink(ours, link(), { keyid }))).toEqual(statementError(/keyid is not the fingerprint/))
    }
  })

  it('is refused with what is not JSON as it was signed', async () => {
    const text = signedLink(await signer()).toString()
    const twice = text.replace('"products":{', `"products":{"${HELLO.fileName}":{"sha256":"${OTHER_SHA256}"},`)
    expect(await refusal(Buffer.from(twice))).toEqual(statementError(/two members "hello_1\.0-1_amd64\.deb"/))
    const signaturesTwice = text.replace('{"signatures":[', '{"signatures":[],"signatures":[')
    expect(await refusal(Buffer.from(signaturesTwice))).toEqual(statementError(/two members "signatures"/))
    expect(await refusal(Buffer.from(text.replace('"byproducts":{}', '"byproducts":{"a":1.0}')))).toEqual(
      statementError(/canonical JSON/),
    )
    expect(await refusal(Buffer.from(text.replace('"byproducts":{}', '"byproducts":{"a":1}')))).toEqual(
      statementError(/BAD signature/),
    )
    for (const other of ['<!DOCTYPE html><title>rebuild</title>', '[]', '{"signed":{}}', '{"signatures":[]}', '']) {
      expect(await refusal(Buffer.from(other))).toEqual(statementError(/metadata is (?:not usable as JSON|no signed)/))
    }
    expect(await refusal(Buffer.alloc(MAX_STATEMENT + 1, ' '))).toMatchObject({ code: 'TOO_LARGE' })
    const many = Array.from({ length: MAX_SIGNATURES + 1 }, () => ({}))
    expect(await refusal(metablock(link(), ...many))).toEqual(statementError(/more than \d+ signatures/))
  })
})

describe('the headers of a signature', () => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex')

  it('may hold other subpackets that are not critical, and lengths of any form', async () => {
    const ours = await signer()
    const five = Buffer.concat([hex('ff00000005'), created().subarray(1)])
    const long = Buffer.concat([hex('c008'), Buffer.from([28]), Buffer.alloc(199, 'a')])
    for (const subpackets of [
      [issuer(ours.fingerprint), created(), subpacket(28, Buffer.from('me@example.org'))],
      [five, issuer(ours.fingerprint)],
      [issuer(ours.fingerprint), long, created()],
      [
        issuer(ours.fingerprint),
        subpacket(16, hex(ours.fingerprint.slice(-16))),
        subpacket(0x82, created().subarray(2)),
      ],
    ]) {
      const bytes = signedLink(ours, link(), { headers: headersOf(ours, { subpackets }) })
      expect((await verified(bytes)).attestations).toHaveLength(1)
    }
  })

  it.each([
    ['version 3', { version: 3 }, /not of version 4/],
    ['version 6', { version: 6 }, /not of version 4/],
    ['a signature over text', { type: 1 }, /not of a signature over a document/],
    ['a certification', { type: 0x13 }, /not of a signature over a document/],
    ['DSA', { algorithm: 17 }, /public-key algorithm 17/],
    ['ECDSA', { algorithm: 19 }, /public-key algorithm 19/],
    ['the other RSA', { algorithm: 3 }, /public-key algorithm 3/],
    ['SHA-1', { hash: 2 }, /hash algorithm 2/],
    ['SHA-512', { hash: 10 }, /hash algorithm 10/],
  ])('are refused with %s', async (_, options, pattern) => {
    const ours = await signer()
    const outcome = await refusal(signedLink(ours, link(), { headers: headersOf(ours, options) }))
    expect(outcome).toEqual(statementError(/^https:\/\/rebuilder\.example\/metadata has no valid signature/))
    expect(outcome).toEqual(statementError(pattern))
  })

  it('are refused with subpackets that are malformed', async () => {
    const ours = await signer()
    const own = issuer(ours.fingerprint)
    const cases: readonly (readonly [readonly Buffer[], RegExp])[] = [
      [[own], /do not say when/],
      [[created()], /do not name the key/],
      [[own, created(), created()], /two subpackets of type 2/],
      [[own, own, created()], /two subpackets of type 33/],
      [[own, subpacket(2, uint32(1).subarray(1))], /type 2 with a wrong length/],
      [[subpacket(33, Buffer.concat([Buffer.from([6]), Buffer.alloc(32)])), created()], /type 33 with a wrong length/],
      [[subpacket(33, Buffer.concat([Buffer.from([5]), hex(ours.fingerprint)])), created()], /key of version 4/],
      [[own, created(), subpacket(16, Buffer.alloc(8))], /name two keys/],
      [[own, created(), subpacket(0x80 | 40, Buffer.alloc(1))], /critical subpacket of type 40/],
      [[own, created(), Buffer.from([0])], /cut short/],
      [[own, created(), Buffer.from([5, 20])], /cut short/],
      [[own, created(), hex('ffffffffff14')], /cut short/],
      [[own, created(), hex('ff0000')], /cut short/],
    ]
    for (const [subpackets, pattern] of cases) {
      const headers = headersOf(ours, { subpackets })
      expect(await refusal(signedLink(ours, link(), { headers }))).toEqual(statementError(pattern))
    }
  })

  it('are refused where they are shorter or longer than they say', async () => {
    const ours = await signer()
    const headers = headersOf(ours)
    for (const wrong of [
      headers.subarray(0, -1),
      Buffer.concat([headers, Buffer.from([0])]),
      Buffer.concat([headers, created()]),
      headers.subarray(0, 5),
      headers.subarray(0, 1),
    ]) {
      expect(await refusal(signedLink(ours, link(), { headers: wrong }))).toEqual(statementError(/as long as they say/))
    }
  })

  it('are refused with a signature of another size', async () => {
    const ours = await signer()
    const signature = metablockSignature(link(), ours)
    for (const wrong of [`00${signature['signature']}`, `${signature['signature']}`.slice(2), '', 'zz']) {
      const outcome = await refusal(metablock(link(), { ...signature, signature: wrong }))
      expect(outcome).toEqual(statementError(/not as long as its algorithm has it|no OpenPGP signature/))
    }
  })
})

describe('the key', () => {
  async function outcomeFor(certificate: PublicKey, by: PrivateKey, date: Date): Promise<unknown> {
    const ours = signerOf(by)
    return await refusal(
      signedLink(ours, link(), { headers: headersOf(ours, { date }) }),
      await keyringOf([certificate]),
    )
  }

  it('may be a subkey, named by itself or by its primary key', async () => {
    const key = await newKey({ subkeys: [{ sign: true }] })
    const [subkey] = key.subkeys
    if (subkey === undefined) throw new Error('no subkey was made')
    const ours = signerOf(subkey)
    const keyring = await keyringOf([key])
    for (const keyid of [ours.fingerprint, key.getFingerprint()]) {
      const { evidence } = await verified(signedLink(ours, link(), { keyid }), keyring)
      expect(evidence).toMatchObject([{ signers: [key.getFingerprint().toUpperCase()] }])
    }
    const { fingerprint } = await stranger()
    expect(await refusal(signedLink(ours, link(), { keyid: fingerprint }), keyring)).toEqual(statementError(/keyid/))
  })

  it('counts while it is valid, at the time of the build and of the signature', async () => {
    const key = await newKey({ expiresAfter: 365 * DAY + HOUR })
    expect(await outcomeFor(key, key, ago(HOUR))).toMatchObject({ attestations: [{}] })
    expect(await outcomeFor(key, key, ago(-HOUR / 2))).toMatchObject({ attestations: [{}] })
    expect(await outcomeFor(key, key, ago(-2 * HOUR))).toEqual(statementError(/expired/i))
    const expired = await newKey({ expiresAfter: 364 * DAY })
    expect(await outcomeFor(expired, expired, ago(2 * DAY))).toEqual(statementError(/expired/i))
    expect(await outcomeFor(key, key, ago(400 * DAY))).toEqual(statementError(/./))
  })

  it('does not count when it is revoked', async () => {
    const key = await newKey({ created: ago(365 * DAY) })
    const { publicKey } = await revokeKey({ key, date: ago(DAY), format: 'object' })
    expect(await outcomeFor(publicKey, key, ago(2 * DAY))).toEqual(statementError(/revoked/))
  })

  it('does not count when the party is another key of the keyring', async () => {
    const ours = await signer()
    const { certificates } = await party()
    const fingerprint = parseFingerprint(RSA)
    if (fingerprint === undefined) throw new Error('no fingerprint')
    const keyring = await keyringOf(certificates, [{ fingerprint, exact: false }])
    expect(await refusal(signedLink(ours), keyring)).toEqual(statementError(/signed-by does not name it/))
  })
})

describe('the products that a document names', () => {
  it('are read without a look at its signatures', async () => {
    expect(productsNamedIn(documentOf(signedLink(await stranger())))).toEqual([HELLO.fileName])
    expect(productsNamedIn(documentOf(metablock({})))).toEqual([])
  })

  it('are package files, each once, without the folders before them', () => {
    const products = {
      [`x/${HELLO.fileName}`]: {},
      [HELLO.fileName]: {},
      'a_1_all.udeb': {},
      'a.log': {},
      'b.deb/c': {},
    }
    expect(productsNamedIn(documentOf(metablock(link(products))))).toEqual([HELLO.fileName, 'a_1_all.udeb'])
  })

  it('are guessed where it cannot be read', () => {
    const twice = '{"products":{"a_1_all.deb":{},"a_1_all.deb":{},"x/y/b_1_amd64.udeb":{},"c.dsc":{}'
    expect(productsNamedIn(documentOf(twice))).toEqual(['a_1_all.deb', 'b_1_amd64.udeb'])
    expect(productsNamedIn(documentOf('<html>404</html>'))).toEqual([])
  })
})

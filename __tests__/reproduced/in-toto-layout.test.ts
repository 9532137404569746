import { describe, expect, it, vi } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { describeError } from '../../src/errors.ts'
import { MAX_LAYOUT_KEYS } from '../../src/limits.ts'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { type Layout, verifyLayout, verifyLinkByLayoutKey } from '../../src/reproduced/in-toto-layout.ts'
import { type LayoutKey, parseLayoutKey } from '../../src/reproduced/layout-key.ts'
import type { Statement } from '../../src/reproduced/statement.ts'
import { AT, ago, DAY, HOUR, keyringOf, newKey, once } from '../making/signed-archive.ts'
import {
  created,
  headersOf,
  issuer,
  jsonOf,
  layout,
  link,
  type MetablockSigner,
  metablock,
  metablockSignature,
  rawSigner,
  signedLink,
  signerOf,
  subpacket,
  uint32,
} from './signed-metablocks.ts'
import { documentOf, ED25519, fixture, OTHER_SHA256, packageOf, RSA, SHA256 } from './signed-statements.ts'

vi.mock('../../src/reproduced/canonical-json.ts', { spy: true })

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')

const ownerKey = once(() => newKey({ name: 'Owner' }))
const owner = once(async () => await keyringOf([await ownerKey()]))
const rsa = rawSigner('rsa')
const ed25519 = rawSigner('ed25519')
const other = rawSigner('ed25519')

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

const layoutDocument = async (signed: object) =>
  documentOf(metablock(signed, metablockSignature(signed, signerOf(await ownerKey()))), 'root.layout')

async function verified(signed: object): Promise<Layout> {
  return await verifyLayout(await layoutDocument(signed), await owner(), AT)
}

async function refusal(signed: object): Promise<unknown> {
  return await verified(JSON.parse(JSON.stringify(signed))).catch((error: unknown) => error)
}

describe('what in-toto wrote', () => {
  const at = new Date('2026-11-23T00:00:00Z')
  const fixtureOwner = async () => new Keyring(await readCertificates(fixture('owner.asc'), 'owner.asc'))

  it('is a layout of two rebuilders who must agree, and their links count', async () => {
    const document = documentOf(fixture('demo.layout'), 'demo.layout')
    const { threshold, expires, keys, evidence } = await verifyLayout(document, await fixtureOwner(), at)
    expect({ threshold, expires }).toEqual({ threshold: 2, expires: new Date('2030-01-01T00:00:00Z') })
    expect(keys.map(({ fingerprint }) => fingerprint)).toEqual([RSA, ED25519])
    expect(evidence).toMatchObject({ kind: 'in-toto-layout', signers: [fixture('owner.fpr').toString().trim()] })
    const outcomes: unknown[] = []
    for (const name of ['rebuild.77f84300.link', 'rebuild.28c1e5f1.link']) {
      for (const key of keys) {
        const outcome = verifyLinkByLayoutKey(documentOf(fixture(name), name), key, at, DEMO)
        outcomes.push(
          await outcome.then(
            ({ evidence }) => evidence[0]?.signers,
            (error: unknown) => describeError(error).replace(/.*: key/, 'key'),
          ),
        )
      }
    }
    expect(outcomes).toEqual([
      [RSA],
      `key ${RSA} is not ${ED25519} of the layout.`,
      `key ${ED25519} is not ${RSA} of the layout.`,
      [ED25519],
    ])
  })

  it('is refused once it is expired, and without its owner', async () => {
    const document = documentOf(fixture('demo.layout'), 'demo.layout')
    await expect(verifyLayout(document, await fixtureOwner(), new Date('2030-01-01T00:00:00Z'))).rejects.toEqual(
      statementError(/demo\.layout expired at 2030-01-01T00:00:00\.000Z: ask its owner for a new one/),
    )
    await expect(verifyLayout(document, await owner(), at)).rejects.toEqual(statementError(/not in the keyring/))
  })
})

describe('a link of the layout', () => {
  it('is written anew once for a key that signed it and never for another', async () => {
    const [signing, idle] = [ed25519, rsa].map((each) => parseLayoutKey(each.fingerprint, jsonOf(each.layoutKey)))
    if (signing === undefined || idle === undefined) throw new Error('no keys')
    const document = documentOf(signedLink(ed25519))
    vi.mocked(canonicalOlpc).mockClear()
    await expect(verifyLinkByLayoutKey(document, idle, AT, HELLO)).rejects.toEqual(statementError(/of the layout/))
    expect(canonicalOlpc).not.toHaveBeenCalled()
    expect((await verifyLinkByLayoutKey(document, signing, AT, HELLO)).attestations).toHaveLength(1)
    expect((await verifyLinkByLayoutKey(document, signing, AT, DEMO)).attestations).toHaveLength(0)
    expect(canonicalOlpc).toHaveBeenCalledOnce()
  })
})

describe('a layout', () => {
  it('says whom its owner trusts, and nothing in it is run', async () => {
    const { threshold, keys } = await verified(layout([rsa, ed25519], {}, { threshold: 2 }))
    expect(threshold).toBe(2)
    expect(keys.map(({ fingerprint }) => fingerprint.toLowerCase())).toEqual([rsa.fingerprint, ed25519.fingerprint])
  })

  it('counts keys that its step names, and each once', async () => {
    const signed = layout([rsa, ed25519], {}, { pubkeys: [ed25519.fingerprint, ed25519.fingerprint] })
    expect((await verified(signed)).keys.map(({ fingerprint }) => fingerprint.toLowerCase())).toEqual([
      ed25519.fingerprint,
    ])
  })

  const noKey = { keyid: 'a'.repeat(64), keytype: 'ed25519', keyval: { public: 'b'.repeat(64) } }
  const keyed = (fields: object, signer: MetablockSigner = ed25519): object =>
    layout([signer], { keys: { [signer.fingerprint]: { ...signer.layoutKey, ...fields } } })

  it.each([
    [layout([rsa], { expires: '2026-06-01T11:59:59Z' }), /expired/],
    [layout([rsa], { expires: '2026-06-01T12:00:00Z' }), /expired/],
    [layout([rsa], { expires: '2030-02-30T00:00:00Z' }), /does not say when it expires/],
    [layout([rsa], { expires: '2030-01-01' }), /does not say when it expires/],
    [layout([rsa], { expires: undefined }), /does not say when it expires/],
    [layout([rsa], { _type: 'link' }), /is no layout/],
    [layout([rsa], { steps: [] }), /does not have one step rebuild/],
    [layout([rsa], {}, { name: 'build' }), /does not have one step rebuild/],
    [layout([rsa], { steps: [{ name: 'rebuild' }, { name: 'rebuild' }] }), /does not have one step rebuild/],
    [layout([rsa], {}, { threshold: 0 }), /threshold/],
    [layout([rsa], {}, { threshold: '1' }), /threshold/],
    [layout([rsa], {}, { threshold: undefined }), /threshold/],
    [layout([rsa], {}, { threshold: 2 }), /asks for 2 keys to agree and names 1/],
    [layout([rsa], {}, { pubkeys: [ed25519.fingerprint] }), /does not hold it/],
    [layout([rsa], {}, { pubkeys: [1] }), /does not hold it/],
    [layout([rsa], {}, { pubkeys: ['__proto__'] }), /does not hold it/],
    [layout([rsa], {}, { pubkeys: undefined }), /has no keys/],
    [layout([rsa], { keys: undefined }), /has no keys/],
    [layout([rsa], {}, { pubkeys: Array.from({ length: MAX_LAYOUT_KEYS + 1 }, () => 'a') }), /more than \d+ keys/],
    [layout([], { keys: { [noKey.keyid]: noKey } }, { pubkeys: [noKey.keyid] }), /no OpenPGP fingerprint/],
    [layout([rawSigner('rsa', 1024)]), /is RSA with 1024 bits/],
    [keyed({ method: 'pgp+dsa-fips-180-2' }), /"pgp\+dsa-fips-180-2", which is not supported/],
    [keyed({ method: 'pgp+rsa-pkcsv1.5' }), /has no n in hex/],
    [keyed({ keyid: rsa.fingerprint }), /another keyid than the name/],
    [keyed({ keyval: { public: { q: 'ab' } } }), /is no public key/],
    [keyed({ keyval: { public: { q: 'AB'.repeat(32) } } }), /has no q in hex/],
    [keyed({ keyval: {} }), /has no q in hex/],
    [keyed({ creation_time: -1 }), /bad creation_time/],
    [keyed({ creation_time: 1, validity_period: 'never' }), /bad validity_period/],
    [keyed({ validity_period: 1 }), /no creation_time to count it from/],
    [keyed({ subkeys: { [ed25519.fingerprint]: ed25519.layoutKey } }), /its own subkey/],
  ])('is refused that does not say whom to trust, though it is signed (%#)', async (signed, pattern) => {
    expect(await refusal(signed)).toEqual(statementError(pattern))
  })

  it('is refused with an RSA key that anybody can sign for', async () => {
    const { n } = Object(Object(rsa.layoutKey['keyval']).public)
    for (const e of ['01', '04']) {
      expect(await refusal(keyed({ keyval: { public: { n, e } } }, rsa))).toEqual(statementError(/exponent|public key/))
    }
  })

  it('is refused with one key under two names: one rebuilder would count as two', async () => {
    const again = {
      ...ed25519,
      fingerprint: 'c'.repeat(40),
      layoutKey: { ...ed25519.layoutKey, keyid: 'c'.repeat(40) },
    }
    expect(await refusal(layout([ed25519, again]))).toEqual(statementError(/one key under two fingerprints/))
    const shared = { ...rsa, layoutKey: { ...rsa.layoutKey, subkeys: { [again.fingerprint]: again.layoutKey } } }
    expect(await refusal(layout([ed25519, shared]))).toEqual(statementError(/one key under two fingerprints/))
  })

  it('is refused when it was changed after it was signed', async () => {
    const { bytes } = await layoutDocument(layout([rsa], {}, { threshold: 1 }))
    const changed = Buffer.from(bytes).toString().replace('2030-01-01', '2040-01-01')
    await expect(verifyLayout(documentOf(changed), await owner(), AT)).rejects.toEqual(statementError(/BAD signature/))
  })
})

describe("a link signed by a layout's key", () => {
  const keyOf = (signer: MetablockSigner, fields: object = {}): LayoutKey =>
    parseLayoutKey(signer.fingerprint, jsonOf({ ...signer.layoutKey, ...fields }))

  async function outcome(bytes: Uint8Array, key: LayoutKey): Promise<unknown> {
    return await verifyLinkByLayoutKey(documentOf(bytes, 'metadata'), key, AT, HELLO).catch((error: unknown) => error)
  }

  const counted: Pick<Statement, 'attestations'> = {
    attestations: [{ fileName: HELLO.fileName, sha256: SHA256 as never, sources: [] }],
  }

  it('counts, by RSA and by Ed25519', async () => {
    for (const signer of [rsa, ed25519, rawSigner('rsa', 3072), rawSigner('rsa', 2050)]) {
      const signers = [signer.fingerprint.toUpperCase()]
      expect(await outcome(signedLink(signer), keyOf(signer))).toMatchObject({ ...counted, evidence: [{ signers }] })
    }
  })

  it('counts where the signature begins with zeros, which OpenPGP leaves out', async () => {
    for (let attempt = 0; attempt < 5000; attempt++) {
      const signed = link(undefined, { environment: { attempt } })
      const { signature = '', ...rest } = metablockSignature(signed, rsa)
      if (!signature.startsWith('00')) continue
      const stripped = metablock(signed, { ...rest, signature: signature.slice(2) })
      expect(await outcome(stripped, keyOf(rsa))).toMatchObject(counted)
      return
    }
    throw new Error('no signature begins with zeros')
  })

  it('counts for the primary key when a subkey signed, and only under its own name', async () => {
    const key = keyOf(rsa, { subkeys: { [ed25519.fingerprint]: ed25519.layoutKey } })
    for (const keyid of [ed25519.fingerprint, rsa.fingerprint]) {
      expect(await outcome(signedLink(ed25519, link(), { keyid }), key)).toMatchObject({
        ...counted,
        evidence: [{ signers: [rsa.fingerprint.toUpperCase()] }],
      })
    }
    expect(await outcome(signedLink(ed25519, link(), { keyid: other.fingerprint }), key)).toEqual(
      statementError(/keyid/),
    )
    expect(await outcome(signedLink(other), key)).toEqual(statementError(/is not [0-9A-F]{40} of the layout/))
  })

  it('is refused when it was changed after it was signed, whoever else signed it', async () => {
    const key = keyOf(rsa, { subkeys: { [ed25519.fingerprint]: ed25519.layoutKey } })
    const signed = link({ [HELLO.fileName]: { sha256: OTHER_SHA256 } })
    const bad = metablockSignature(link(), rsa)
    const good = metablockSignature(signed, ed25519)
    for (const signatures of [[bad], [good, bad], [bad, good]]) {
      expect(await outcome(metablock(signed, ...signatures), key)).toEqual(
        statementError(/BAD signature by the trusted/),
      )
    }
    const long = { ...bad, signature: `${bad['signature']}00` }
    expect(await outcome(metablock(link(), long), key)).toEqual(statementError(/BAD signature/))
    expect(await outcome(metablock(signed, good), key)).toMatchObject({ attestations: [{ sha256: OTHER_SHA256 }] })
  })

  it('is refused with headers that name another key or another algorithm', async () => {
    const named = headersOf(rsa, { subpackets: [issuer(other.fingerprint), created()] })
    expect(await outcome(signedLink(rsa, link(), { headers: named }), keyOf(rsa))).toEqual(statementError(/is not/))
    const hash = headersOf(rsa, { hash: 10 })
    expect(await outcome(signedLink(rsa, link(), { headers: hash }), keyOf(rsa))).toEqual(statementError(/hash/))
    const asRsa = headersOf(ed25519, { algorithm: 1 })
    expect(await outcome(signedLink(ed25519, link(), { headers: asRsa }), keyOf(ed25519))).toEqual(
      statementError(/another algorithm/),
    )
  })

  it('counts only while the key is valid, at the time of the build and of the signature', async () => {
    const unix = (date: Date): number => date.getTime() / 1000
    const life = (from: Date, to: Date) => ({ creation_time: unix(from), validity_period: unix(to) - unix(from) })
    const made = (date: Date): Buffer => signedLink(ed25519, link(), { headers: headersOf(ed25519, { date }) })
    const cases: readonly (readonly [object, Date, unknown])[] = [
      [life(ago(10 * DAY), ago(-DAY)), ago(DAY), counted],
      [life(ago(10 * DAY), ago(-DAY)), ago(-HOUR), counted],
      [life(ago(10 * DAY), ago(-DAY)), ago(-DAY), /expired at 2026-06-02T12:00:00/],
      [life(ago(10 * DAY), ago(DAY)), ago(2 * DAY), /expired at/],
      [life(ago(10 * DAY), ago(0)), ago(2 * DAY), /expired at/],
      [life(ago(10 * DAY), ago(-DAY)), ago(11 * DAY), /older than the key/],
      [{ creation_time: unix(ago(10 * DAY)), validity_period: 0 }, ago(-1000 * DAY), counted],
      [{ creation_time: null, validity_period: null }, ago(DAY), counted],
    ]
    for (const [fields, date, expected] of cases) {
      const got = await outcome(made(date), keyOf(ed25519, fields))
      if (expected instanceof RegExp) expect(got).toEqual(statementError(expected))
      else expect(got).toMatchObject(counted)
      // A subkey lives no longer than its primary key.
      const subkey = { [ed25519.fingerprint]: { ...ed25519.layoutKey, ...fields } }
      const shared = await outcome(made(date), keyOf(rsa, { subkeys: subkey }))
      if (expected instanceof RegExp) expect(shared).toEqual(statementError(expected))
      else expect(shared).toMatchObject(counted)
    }
    const dead = keyOf(rsa, { ...life(ago(10 * DAY), ago(DAY)), subkeys: { [ed25519.fingerprint]: ed25519.layoutKey } })
    expect(await outcome(made(ago(2 * DAY)), dead)).toEqual(statementError(/expired at/))
  })

  it('counts only while the signature itself is valid', async () => {
    const lasting = (seconds: number): Buffer => {
      const subpackets = [issuer(rsa.fingerprint), created(ago(HOUR)), subpacket(3, uint32(seconds))]
      return signedLink(rsa, link(), { headers: headersOf(rsa, { subpackets }) })
    }
    expect(await outcome(lasting(HOUR + 1), keyOf(rsa))).toMatchObject(counted)
    expect(await outcome(lasting(0), keyOf(rsa))).toMatchObject(counted)
    expect(await outcome(lasting(HOUR), keyOf(rsa))).toEqual(statementError(/signature is expired/))
  })
})

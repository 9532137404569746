// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a policy
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PrivateKey } from 'openpgp'
import { afterEach, describe, expect, it } from 'vitest'
import type { RebuildersPolicy } from '../../src/policy/policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { projectKey } from '../making/archive-folder.ts'
import { keyringFile, newKey, once } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, removeSites } from '../making/site.ts'

afterEach(removeSites)

const alphaKey = once(() => newKey({ name: 'Alpha' }))
const betaKey = once(() => newKey({ name: 'Beta' }))
const siblingsKey = once(() => newKey({ name: 'Siblings', subkeys: [{ sign: true }, { sign: true }] }))
const PEM = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString()

/** The key of a certificate without the certificate. */
function pemOf(key: PrivateKey): string {
  const point: unknown = Reflect.get(key.keyPacket.publicParams ?? {}, 'Q')
  if (!(point instanceof Uint8Array)) throw new Error('it is no Ed25519 key')
  const x = Buffer.from(point.subarray(1)).toString('base64url')
  const pem = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return pem.export({ format: 'pem', type: 'spki' }).toString()
}

/** Resolves the rebuilders that stand in YAML under `rebuilders:`. */
async function resolve(
  rebuilders: string,
  require = 'reproduced',
  others: readonly string[] = [],
): Promise<RebuildersPolicy & { folder: string }> {
  const site = await newSite()
  site.put({
    'keys/alpha.asc': (await alphaKey()).toPublic().armor(),
    'keys/beta.asc': (await betaKey()).toPublic().armor(),
    'keys/both.gpg': keyringFile([await alphaKey(), await betaKey()]),
    'keys/gamma.pub': PEM,
    'keys/alpha.pub': pemOf(await alphaKey()),
    'keys/empty.layout': '{}',
    'keys/siblings.asc': (await siblingsKey()).toPublic().armor(),
    'keys/project.pub': pemOf(await projectKey()),
    'keys/own.gpg': keyringFile([await projectKey(), await alphaKey()]),
    'debproof.yml': policyText([...others, archivePolicy({ require, more: `rebuilders: ${rebuilders}` })]),
  })
  const file = await readPolicy(path.join(site.folder, 'debproof.yml'), {
    environment: {},
    now: new Date(),
    files: filesOnDisk,
    release: '1.0',
  })
  const { archives } = await file.resolve({})
  const archive = archives.at(-1)
  if (archive?.rebuilders === undefined) throw new Error('the policy has no rebuilders')
  return { ...archive.rebuilders, folder: site.folder }
}

function refused(pattern: RegExp, code = 'POLICY'): object {
  return expect.objectContaining({ code, message: expect.stringMatching(pattern) })
}

const ALPHA = 'alpha: { buildinfo: "https://alpha.example/b", signed-by: keys/alpha.asc }'
const BETA = 'beta: { in-toto: "https://beta.example/", signed-by: keys/beta.asc }'
const GAMMA = 'gamma: { rebuilderd: "https://gamma.example/amd64", public-key: keys/gamma.pub }'

function rebuilders(parties: readonly string[], more = 'threshold: 1'): string {
  return `{ ${[more, `parties: { ${parties.join(', ')} }`].filter((part) => part !== '').join(', ')} }`
}

describe('the rebuilders of a policy', () => {
  it('are parties with their places and their keys', async () => {
    const { threshold, parties, sourceRequired } = await resolve(
      rebuilders([ALPHA, GAMMA], 'threshold: 2, source: required'),
    )
    expect([threshold, sourceRequired]).toEqual([2, true])
    expect(
      parties.map(({ name, places }) => [name, ...places.map(({ format, url }) => `${format} ${url.href}`)]),
    ).toEqual([
      ['alpha', 'buildinfo https://alpha.example/b/'],
      ['gamma', 'rebuilderd https://gamma.example/amd64/'],
    ])
    expect(parties[0]?.keyring?.certificates[0]?.getFingerprint()).toBe((await alphaKey()).getFingerprint())
    expect(parties[1]?.publicKeys.map(({ algorithm }) => algorithm)).toEqual(['ed25519'])
  })

  it('may each have several places, relative to the policy and with variables', async () => {
    const { parties, folder } = await resolve(
      rebuilders([
        'alpha: { sha256sums: ["file:sums/${release}/SHA256SUMS", "https://h/${release}/"], buildinfo: "file:b", signed-by: keys/alpha.asc }',
      ]),
    )
    const base = pathToFileURL(folder).href
    expect(parties[0]?.places.map(({ format, url }) => `${format} ${url.href}`)).toEqual([
      `buildinfo ${base}/b/`,
      `sha256sums ${base}/sums/1.0/SHA256SUMS`,
      'sha256sums https://h/1.0/',
    ])
  })

  it('may have public keys with a last day', async () => {
    const party = 'gamma: { dsse: "https://h/", public-key: [{ file: keys/gamma.pub, until: 2027-03-01 }] }'
    expect((await resolve(rebuilders([party]))).parties[0]?.publicKeys.map(({ until }) => until)).toEqual([
      '2027-03-01',
    ])
  })

  it('never count one key under two names', async () => {
    const both = 'other: { buildinfo: "https://h/", signed-by: keys/both.gpg }'
    await expect(resolve(rebuilders([ALPHA, both]))).rejects.toEqual(
      refused(/alpha and the party other have the same key/),
    )
    const twice = 'delta: { dsse: "https://h/", public-key: keys/gamma.pub }'
    await expect(resolve(rebuilders([GAMMA, twice]))).rejects.toEqual(
      refused(/gamma and the party delta have the same key/),
    )
  })

  it('never count one key in two forms: as an OpenPGP certificate and as PEM', async () => {
    const twice = 'delta: { dsse: "https://h/", public-key: keys/alpha.pub }'
    await expect(resolve(rebuilders([ALPHA, twice]))).rejects.toEqual(
      refused(/alpha and the party delta have the same/),
    )
    const builder = 'threshold: 1, builder: { public-key: keys/alpha.pub }'
    await expect(resolve(rebuilders([ALPHA], builder))).rejects.toEqual(refused(/the builder and the party alpha have/))
    await expect(resolve(rebuilders([ALPHA], 'threshold: 1, builder: {}'))).rejects.toEqual(refused(/names no key/))
  })

  it('may share a keyring file when fingerprints tell them apart', async () => {
    const fingerprint = (await betaKey()).getFingerprint()
    const other = `other: { buildinfo: "https://h/", signed-by: [keys/both.gpg, ${fingerprint}] }`
    expect((await resolve(rebuilders([ALPHA, other]))).parties).toHaveLength(2)
  })

  it('do not have the key of who built what is served', async () => {
    const builder = 'threshold: 1, builder: keys/alpha.asc'
    await expect(resolve(rebuilders([ALPHA], builder))).rejects.toEqual(refused(/the builder and the party alpha have/))
    expect((await resolve(rebuilders([BETA], builder))).builder.keyring?.certificates).toHaveLength(1)
  })

  it('do not have a sibling of the key that signs the archive: one holder has both', async () => {
    const [, one, other] = (await siblingsKey()).getKeys().map((key) => key.getFingerprint())
    const only = (fingerprint = ''): string => `signed-by: [keys/siblings.asc, ${fingerprint}!]`
    const written = archivePolicy({ name: 'own', url: 'file:own' }).replace('signed-by: keys/project.gpg', only(one))
    const party = `p: { buildinfo: "https://h/", ${only(other)} }`
    await expect(resolve(rebuilders([party]), 'reproduced', [written])).rejects.toEqual(
      refused(/the party p has the key [0-9A-F]{40}, which signs the archive own/),
    )
  })

  it('do not have the key that signs the archive, in whatever form', async () => {
    const signs = refused(/the party p has the key [0-9A-Fa-f]{40,64}, which signs the archive debian/)
    const pem = 'p: { dsse: "https://h/", public-key: keys/project.pub }'
    for (const party of ['p: { buildinfo: "https://h/", signed-by: keys/project.gpg }', pem]) {
      await expect(resolve(rebuilders([party]))).rejects.toEqual(signs)
    }
    const fingerprint = (await projectKey()).getFingerprint()
    const restricted = `p: { buildinfo: "https://h/", signed-by: [keys/own.gpg, ${fingerprint}!] }`
    await expect(resolve(rebuilders([restricted]))).rejects.toEqual(signs)
    const other = `p: { buildinfo: "https://h/", signed-by: [keys/own.gpg, ${(await alphaKey()).getFingerprint()}] }`
    expect((await resolve(rebuilders([other]))).parties).toHaveLength(1)
  })

  it('do not have the key that signs another archive of the project, and may have that of an upstream', async () => {
    const written = archivePolicy({ name: 'own', url: 'file:own' })
    const byAlpha = written.replace('signed-by: keys/project.gpg', 'signed-by: keys/alpha.asc')
    const signs = refused(/the party alpha has the key [0-9A-F]{40}, which signs the archive own/)
    await expect(resolve(rebuilders([ALPHA]), 'reproduced', [byAlpha])).rejects.toEqual(signs)
    // Served from where its upstream serves it, and signed by nobody else: alpha's own archive.
    const ofAlpha = byAlpha.replace('signed-by: keys/upstream.asc', 'signed-by: keys/alpha.asc')
    expect((await resolve(rebuilders([ALPHA]), 'reproduced', [ofAlpha])).parties).toHaveLength(1)
  })

  it.each([
    ['a threshold that cannot be met', rebuilders([ALPHA], 'threshold: 2'), /only 1 parties: it can never be met/],
    ['no threshold', rebuilders([ALPHA], ''), /threshold is missing/],
    ['a threshold of none', rebuilders([ALPHA], 'threshold: 0'), /must be at least 1/],
    ['a threshold that is no number', rebuilders([ALPHA], 'threshold: "1"'), /rebuilders\.threshold/],
    ['nobody', '{ threshold: 1 }', /names neither parties nor a layout/],
    ['no parties', '{ threshold: 1, parties: {} }', /names neither parties nor a layout/],
    ['a party without a place', rebuilders(['a: { signed-by: keys/alpha.asc }']), /says nowhere where/],
    [
      'a party without its key',
      rebuilders(['a: { buildinfo: "https://h/" }']),
      /signed-by is missing: it signs what buildinfo/,
    ],
    ['a rebuilderd without its key', rebuilders(['a: { rebuilderd: "https://h/" }']), /public-key is missing/],
    [
      'a key that signs nothing',
      rebuilders(['a: { buildinfo: "https://h/", signed-by: keys/alpha.asc, public-key: keys/gamma.pub }']),
      /public-key signs none of buildinfo/,
    ],
    [
      'a place that is no URL',
      rebuilders(['a: { buildinfo: "alpha/", signed-by: keys/alpha.asc }']),
      /must begin with http:/,
    ],
    [
      'a login',
      rebuilders(['a: { buildinfo: "https://me:pw@h/", signed-by: keys/alpha.asc }']),
      /must not hold a login/,
    ],
    ['a misspelt key', rebuilders(['a: { build-info: "https://h/" }']), /did you mean buildinfo\?/],
    ['a misspelt setting', '{ treshold: 1 }', /did you mean threshold\?/],
    [
      'a name that gets lost',
      rebuilders([ALPHA, 'constructor: { buildinfo: "https://h/", signed-by: keys/beta.asc }']),
      /"constructor" cannot be a name here/,
    ],
    [
      'a word on sums of a party that has none',
      rebuilders(['a: { buildinfo: "https://h/", signed-by: keys/alpha.asc, cosigned: true }']),
      /cosigned is about sums that several parties sign together, and a has none/,
    ],
    ['a misspelt layout', '{ layout: { fil: x } }', /did you mean file\?/],
  ])('are refused with %s', async (_, text, message) => {
    await expect(resolve(text)).rejects.toEqual(refused(message))
  })

  it.each([
    ['that is not there', 'gamma: { dsse: "https://h/", public-key: keys/none.pub }', /cannot be read/],
    ['that is an OpenPGP key', 'gamma: { dsse: "https://h/", public-key: keys/alpha.asc }', /name it with signed-by/],
  ])('are refused with a public key %s', async (_, party, message) => {
    await expect(resolve(rebuilders([party]))).rejects.toEqual(refused(message, 'KEY'))
  })

  it('belong to an archive whose packages must be reproduced', async () => {
    await expect(resolve(rebuilders([ALPHA]), 'identical')).rejects.toEqual(refused(/rebuilders is for/))
  })

  it('may come from a layout alone, with its threshold', async () => {
    const layout = 'layout: { file: keys/empty.layout, signed-by: keys/alpha.asc, in-toto: "https://h/links" }'
    const found = await resolve(`{ ${layout} }`)
    expect(found.threshold).toBeUndefined()
    expect(found.layout?.places.map(({ href }) => href)).toEqual(['https://h/links/'])
    expect(Buffer.from(found.layout?.bytes ?? []).toString()).toBe('{}')
  })
})

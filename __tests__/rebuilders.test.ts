import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_SAME_NAME } from '../src/limits.ts'
import { deb, type MadeDeb, type MadeSource, projectKey, upstreamKey } from './making/archive-folder.ts'
import { closeAll, serve } from './making/loopback-server.ts'
import { debFileName, newRebuilder, type Published } from './making/rebuilder.ts'
import { block, clearsigned, newKey, once, sha256Hex, signature } from './making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  type SiteRun,
  snapshotSite,
} from './making/site.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const alpha = once(() => newRebuilder('Alpha'))
const beta = once(() => newRebuilder('Beta'))
const gamma = once(() => newRebuilder('Gamma'))

const TOOL = deb('tool', { version: '1:2.0-1' })
const DATA = deb('tool-data', { version: '1:2.0-1', architecture: 'all' })
const OTHER = deb('tool', { version: '1:2.0-1', content: 'other' })
const DSC = 'Format: 3.0 (native)\nSource: tool\n'
const SOURCE: MadeSource = { name: 'tool', version: '1:2.0-1', files: { 'tool_2.0-1.dsc': DSC } }

interface Given {
  readonly debs?: readonly MadeDeb[]
  readonly used?: readonly MadeDeb[]
  readonly sources?: readonly MadeSource[]
  readonly threshold?: number
  readonly more?: string
  /** What each rebuilder publishes, by folder. */
  readonly published?: Readonly<Record<string, Published>>
}

const PARTIES = [
  'alpha: { buildinfo: "file:alpha/", signed-by: keys/alpha.asc }',
  'beta: { sha256sums: "file:beta/", dsse: "file:beta/", signed-by: keys/beta.asc, public-key: keys/beta.pub }',
  'gamma: { buildinfo: "file:gamma/", signed-by: keys/gamma.asc }',
].join(', ')

function policyOf(parties: string, threshold = 2, more = ''): string {
  const rebuilders = `rebuilders: { threshold: ${threshold}${more}, parties: { ${parties} } }`
  return archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more: rebuilders })
}

/** A site whose own archive must be reproduced by alpha, beta and gamma; whoever publishes nothing has an empty folder. */
async function ownSite({ debs = [TOOL, DATA], used = debs, threshold = 2, more = '', ...given }: Given): Promise<Site> {
  const site = await newSite()
  await site.archive('own', { key: await projectKey(), debs, ...(given.sources ? { sources: given.sources } : {}) })
  site.put({
    'debproof.yml': policyText([policyOf(PARTIES, threshold, more)]),
    'build.packages': listText(used),
    'keys/alpha.asc': (await alpha()).certificate,
    'keys/beta.asc': (await beta()).certificate,
    'keys/beta.pub': (await beta()).publicKey,
    'keys/gamma.asc': (await gamma()).certificate,
  })
  for (const name of ['alpha', 'beta', 'gamma']) {
    const files = { '.keep': '', ...given.published?.[name] }
    site.put(Object.fromEntries(Object.entries(files).map(([file, text]) => [path.join(name, file), text])))
  }
  return site
}

async function runOwn(given: Given): Promise<SiteRun> {
  return await runSite(await ownSite(given))
}

describe('a package of the project itself', () => {
  it('is reproduced when two parties, in two formats, got exactly its bytes', async () => {
    const { predicate, of } = await runOwn({
      published: {
        alpha: await (await alpha()).buildinfo('tool', [TOOL, DATA]),
        beta: await (await beta()).sums([TOOL, DATA]),
      },
    })
    expect([predicate.verdict, of('tool').verdict, of('tool-data').verdict]).toEqual([
      'pass',
      'reproduced',
      'reproduced',
    ])
    expect(of('tool').reason).toBe('Reproduced by alpha, beta (2 needed).')
    const kinds = of('tool').evidence.map((name) => [
      predicate.evidence[name]?.kind,
      ...(predicate.evidence[name]?.parties ?? []),
    ])
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['buildinfo', 'alpha'],
        ['sha256sums', 'beta'],
      ]),
    )
    expect(predicate.archives[0]?.rebuilders).toMatchObject({ threshold: 2, parties: [{ name: 'alpha' }, {}, {}] })
    expect(predicate.trust.map(({ of: subject }) => subject)).toContain('reproduced')
  })

  it('is unproven when nobody has a statement on it, and the reason says where they were asked', async () => {
    const site = await ownSite({ debs: [TOOL] })
    const { verdict, reason } = (await runSite(site)).of('tool')
    const place = pathToFileURL(path.join(site.folder, 'beta')).href
    expect(verdict).toBe('unproven')
    expect(reason).toContain(`has no statement on it at ${pathToFileURL(path.join(site.folder, 'gamma')).href}/`)
    expect(reason).toContain(place)
  })

  it('is unproven when one party vouches for it in two ways with two keys', async () => {
    const made = await beta()
    const { predicate, of } = await runOwn({
      published: { beta: { ...(await made.sums([TOOL, DATA])), ...made.dsse([TOOL, DATA]) } },
    })
    expect([predicate.verdict, of('tool').verdict]).toEqual(['fail', 'unproven'])
    expect(of('tool').reason).toContain(`Only beta vouches for ${TOOL.sha256}; 2 needed of alpha, beta, gamma.`)
  })

  it('is a mismatch as soon as one party got other bytes, however many got these', async () => {
    const { predicate, of } = await runOwn({
      published: {
        alpha: await (await alpha()).buildinfo('tool', [TOOL, DATA]),
        beta: await (await beta()).sums([TOOL, DATA]),
        gamma: await (await gamma()).buildinfo('tool', [OTHER, DATA]),
      },
    })
    expect([predicate.verdict, of('tool').verdict, of('tool-data').verdict]).toEqual(['fail', 'mismatch', 'reproduced'])
    expect(of('tool').reason).toContain(`gamma got ${OTHER.sha256}`)
  })

  it('is a mismatch when it was swapped in the archive after the rebuilders had built it', async () => {
    const { of } = await runOwn({
      debs: [OTHER, DATA],
      published: {
        alpha: await (await alpha()).buildinfo('tool', [TOOL, DATA]),
        beta: await (await beta()).sums([TOOL, DATA]),
      },
    })
    expect([of('tool').verdict, of('tool-data').verdict]).toEqual(['mismatch', 'reproduced'])
  })

  it('is undecided when too few got it and a party could not be read, and reproduced when it was not needed', async () => {
    const site = await ownSite({
      published: {
        alpha: await (await alpha()).buildinfo('tool', [TOOL, DATA]),
        beta: await (await beta()).sums([TOOL]),
      },
    })
    site.put({ 'debproof.yml': policyText([policyOf(PARTIES.replace('file:gamma/', 'http://127.0.0.1:1/'))]) })
    const { predicate, of } = await runSite(site)
    expect([predicate.verdict, of('tool').verdict, of('tool-data').verdict]).toEqual([
      'undecided',
      'reproduced',
      'undecided',
    ])
    expect(of('tool-data').reason).toContain('gamma: could not be read: http://127.0.0.1:1/')
  })

  it('counts nothing that another key signed, and says so', async () => {
    const { of } = await runOwn({
      published: {
        alpha: await (await gamma()).buildinfo('tool', [TOOL, DATA]),
        beta: await (await beta()).sums([TOOL, DATA]),
      },
    })
    expect(of('tool').verdict).toBe('unproven')
    expect(of('tool').reason).toContain('alpha: does not count:')
  })

  it('is not proven by what rebuilders say of its sibling, of an older version, or of its file under another epoch', async () => {
    const older = deb('tool', { version: '1:1.9-1' })
    const twin = { ...TOOL, version: '2.0-1' }
    const { of } = await runOwn({
      debs: [TOOL, older, DATA],
      used: [TOOL],
      threshold: 1,
      published: {
        alpha: await (await alpha()).buildinfo('tool', [twin]),
        beta: await (await beta()).sums([DATA, older]),
      },
    })
    expect(of('tool').verdict).toBe('unproven')
  })

  it('is proven under its own name alone: an index may not point it at what was rebuilt under another', async () => {
    const disguised = { ...DATA, name: 'tool', architecture: 'amd64' }
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [DATA]),
      beta: await (await beta()).sums([DATA]),
    }
    const { of } = await runOwn({ debs: [disguised], published })
    expect(of('tool').verdict).toBe('unproven')
  })

  it('is identical, and no rebuilder is asked, when an upstream of the policy signed it', async () => {
    const site = await snapshotSite([], [TOOL], [TOOL])
    await site.archive('own', { key: await projectKey(), debs: [TOOL] })
    const nowhere = 'alpha: { buildinfo: "http://127.0.0.1:1/", signed-by: keys/alpha.asc }'
    site.put({
      'debproof.yml': policyText([archivePolicy(), policyOf(nowhere, 1)]),
      'keys/alpha.asc': (await alpha()).certificate,
    })
    expect((await runSite(site)).of('tool').verdict).toBe('identical')
  })

  it('is a mismatch when an upstream signed other bytes under its name and version, whoever rebuilt it', async () => {
    const site = await ownSite({ used: [TOOL], published: { alpha: await (await alpha()).buildinfo('tool', [TOOL]) } })
    await site.archive('upstream', { key: await upstreamKey(), debs: [OTHER] })
    await site.archive('snapshot', { key: await projectKey(), debs: [] })
    site.put({ 'debproof.yml': policyText([archivePolicy(), policyOf(PARTIES, 1)]) })
    expect((await runSite(site)).of('tool').verdict).toBe('mismatch')
  })

  it('is reproduced when its .deb is known and the archive lists another version of it by now', async () => {
    const site = await ownSite({
      debs: [deb('tool', { version: '1:2.1-1' }), DATA],
      published: { alpha: await (await alpha()).buildinfo('tool', [TOOL]), beta: await (await beta()).sums([TOOL]) },
    })
    site.put({ 'debs/tool.deb': TOOL.bytes, 'debs/data.deb': DATA.bytes })
    const { of } = await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
    expect([of('tool').verdict, of('tool').hashFrom, of('tool').archive]).toEqual(['reproduced', 'deb', null])
    expect(of('tool-data').verdict).toBe('unproven')
  })

  it('is unlisted when the archive does not have its name: its rebuilders have no say on what is not its own', async () => {
    const site = await ownSite({
      debs: [DATA],
      published: { alpha: await (await alpha()).buildinfo('tool', [TOOL]), beta: await (await beta()).sums([TOOL]) },
    })
    site.put({ 'debs/tool.deb': TOOL.bytes })
    const { of } = await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
    expect(of('tool').verdict).toBe('unlisted')
  })

  it('is a mismatch when the rebuilders of another archive that lists it too got other bytes', async () => {
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [OTHER]),
      beta: await (await beta()).sums([TOOL]),
      gamma: await (await gamma()).buildinfo('tool', [TOOL]),
    }
    const site = await ownSite({ debs: [OTHER], published })
    const strict = PARTIES.replace(/^alpha: .*?}, /, '')
    const lax = 'alpha: { buildinfo: "file:alpha/", signed-by: keys/alpha.asc }'
    site.put({ 'debproof.yml': policyText([policyOf(strict), policyOf(lax, 1).replace('  own:', '  lax:')]) })
    const { verdict, reason } = (await runSite(site)).of('tool')
    expect([verdict, reason]).toEqual(['mismatch', expect.stringContaining(`beta got ${TOOL.sha256}; gamma got`)])
  })

  it('says when no statement has the epoch of its version, which file names leave out', async () => {
    const sums = { beta: await (await beta()).sums([TOOL]) }
    const without = (await runOwn({ debs: [TOOL], published: sums, threshold: 1 })).of('tool')
    expect(without.reason).toBe('Reproduced by beta (1 needed). None of them states the epoch of the version.')
    const published = { alpha: await (await alpha()).buildinfo('tool', [TOOL]), ...sums }
    expect((await runOwn({ debs: [TOOL], published })).of('tool').reason).toBe('Reproduced by alpha, beta (2 needed).')
  })

  it('is reproduced when an upstream could not be read, and the reason says that it was not', async () => {
    const site = await ownSite({ used: [TOOL], published: { alpha: await (await alpha()).buildinfo('tool', [TOOL]) } })
    const gone = policyOf(PARTIES, 1).replace(
      '    rebuilders:',
      '    upstream:\n      - url: "file:gone"\n        signed-by: keys/upstream.asc\n    rebuilders:',
    )
    site.put({ 'debproof.yml': policyText([gone]) })
    const { verdict, reason } = (await runSite(site)).of('tool')
    expect([verdict, reason]).toEqual([
      'reproduced',
      expect.stringMatching(
        /^Reproduced by alpha \(1 needed\)\. No upstream was seen to sign other bytes, but: .*gone/,
      ),
    ])
  })

  it('is reproduced when so many newer ones beside it were rebuilt, and undecided when there are more', async () => {
    const verdict = async (count: number) => {
      const newer = Array.from({ length: count }, (_, index) => deb('tool', { version: `1:2.0-${index + 2}` }))
      const debs = [TOOL, ...newer]
      const site = await ownSite({
        debs,
        used: [TOOL],
        threshold: 1,
        published: { beta: await (await beta()).sums(debs) },
      })
      return (await runSite(site)).of('tool')
    }
    expect(await verdict(MAX_SAME_NAME)).toMatchObject({ verdict: 'reproduced' })
    expect(await verdict(MAX_SAME_NAME + 1)).toMatchObject({ verdict: 'undecided' })
  })

  it('is undecided when a newer one, which nobody rebuilt, is listed beside it and may call itself by its version', async () => {
    const newer = deb('tool', { version: '1:2.0-2' })
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [TOOL]),
      beta: await (await beta()).sums([TOOL]),
    }
    const { of } = await runOwn({ debs: [TOOL, newer], used: [TOOL], published })
    expect(of('tool').verdict).toBe('undecided')
    expect(of('tool').reason).toContain('1:2.0-2')
    expect(of('tool').reason).toContain('nobody vouches for that file')
  })
})

describe('rebuilders that misbehave', () => {
  it('do not silence others on the same server', async () => {
    const [good, evil] = [await alpha(), await beta()]
    const names = Array.from({ length: 20 }, (_, index) => deb(`tool${index}`))
    const files: Record<string, string> = {}
    for (const each of names) {
      const said = each.name === 'tool19' ? [{ ...each, sha256: OTHER.sha256 }] : [each]
      for (const [name, text] of Object.entries(good.dsse(said))) files[`/good/${name}`] = text
    }
    const { base } = await serve((request, response) => {
      const text = files[decodeURIComponent(request.url ?? '')]
      if (request.url?.startsWith('/evil/') === true) response.writeHead(500).end()
      else if (text === undefined) response.writeHead(404).end()
      else response.end(text)
    })
    const site = await ownSite({ debs: names, published: { gamma: {} } })
    const made = await gamma()
    site.put({
      'keys/alpha.pub': good.publicKey,
      'keys/beta.pub': evil.publicKey,
      'keys/gamma.pub': made.publicKey,
      ...Object.fromEntries(Object.entries(made.dsse(names)).map(([name, text]) => [`gamma/${name}`, text])),
      'debproof.yml': policyText([
        policyOf(
          `evil: { dsse: "${base.href}evil/", public-key: keys/beta.pub }, ` +
            `good: { dsse: "${base.href}good/", public-key: keys/alpha.pub }, ` +
            'gamma: { dsse: "file:gamma/", public-key: keys/gamma.pub }',
          1,
        ),
      ]),
    })
    const { predicate, of } = await runSite(site)
    expect(of('tool19').verdict).toBe('mismatch')
    expect(predicate.counts).toMatchObject({ mismatch: 1, reproduced: 19 })
  }, 60_000)

  it('share the evidence of a document that both of them signed', async () => {
    const sums = `${TOOL.sha256}  ${debFileName(TOOL)}`
    const keys = [await newKey({ name: 'One' }), await newKey({ name: 'Other' })]
    const packets = await Promise.all(keys.map((key) => signature(sums, key)))
    const site = await ownSite({ debs: [TOOL] })
    site.put({
      'both/SHA256SUMS': clearsigned(sums, block(...packets)),
      'keys/one.asc': keys[0]?.toPublic().armor() ?? '',
      'keys/other.asc': keys[1]?.toPublic().armor() ?? '',
      'debproof.yml': policyText([
        policyOf(
          'one: { sha256sums: "file:both/", signed-by: keys/one.asc, cosigned: true }, ' +
            'other: { sha256sums: "file:both/", signed-by: keys/other.asc, cosigned: true }',
        ),
      ]),
    })
    const { predicate, of } = await runSite(site)
    expect(of('tool').verdict).toBe('reproduced')
    const [file] = Object.values(predicate.evidence).filter(({ kind }) => kind === 'sha256sums')
    expect(file?.parties).toEqual(['one', 'other'])
    expect(file?.signers).toEqual(keys.map((key) => key.getFingerprint().toUpperCase()).sort())
  })
})

describe('the source that a statement names', () => {
  const sources = [SOURCE]

  it('counts when it is the one that the archive serves, and is required where the policy says so', async () => {
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [TOOL]),
      beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': DSC }),
    }
    const given = { debs: [TOOL], sources, published }
    expect((await runOwn(given)).of('tool').verdict).toBe('reproduced')
    const required = (await runOwn({ ...given, more: ', source: required' })).of('tool')
    expect(required.verdict).toBe('unproven')
    expect(required.reason).toContain('alpha: its statement does not name the source')
    expect((await runOwn({ ...given, more: ', source: required', threshold: 1 })).of('tool').verdict).toBe('reproduced')
  })

  it('does not count when it is another one than the archive serves, and both hashes are told', async () => {
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [TOOL]),
      beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': 'another' }),
    }
    const { verdict, reason } = (await runOwn({ debs: [TOOL], sources, published })).of('tool')
    expect(verdict).toBe('unproven')
    expect(reason).toMatch(
      /beta: it was built from another source: tool_2\.0-1\.dsc is [0-9a-f]{64}, but the archive serves/,
    )
  })

  it.each([
    ['in another folder', { 'old/tool_2.0-1.dsc': 'Another' }, 'unproven'],
    ['in other letters', { 'tool_2.0-1.DSC': 'Another' }, 'unproven'],
    ['of another package', { 'other_1.dsc': 'Another' }, 'unproven'],
    ['with a character that nobody sees', { 'tool_2.0-1\u0007.dsc': 'Another' }, 'unproven'],
  ] as const)('does not count when another one is named beside it, %s', async (_, another, verdict) => {
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': DSC, ...another }) }
    const { verdict: found, reason } = (await runOwn({ debs: [TOOL], sources, published, threshold: 1 })).of('tool')
    expect([found, reason]).toEqual([verdict, expect.stringContaining('it was built from another source')])
  })

  it('is not named where another one beside it may be any, for it has no SHA-256', async () => {
    const materials = { 'tool_2.0-1.dsc': DSC, 'other_1.dsc': { sha512: 'a'.repeat(128) } }
    const given = { debs: [TOOL], sources, published: { beta: (await beta()).dsse([TOOL], materials) }, threshold: 1 }
    expect((await runOwn(given)).of('tool').verdict).toBe('reproduced')
    const { verdict, reason } = (await runOwn({ ...given, more: ', source: required' })).of('tool')
    expect([verdict, reason]).toEqual(['unproven', expect.stringContaining('it names other_1.dsc without a SHA-256')])
  })

  it('counts when it is named twice, and beside the .buildinfo that it was built by, whatever that lists', async () => {
    const buildinfo = Object.values(
      await (await gamma()).buildinfo('tool', [TOOL], { 'tool_2.0-1.dsc': 'b'.repeat(64) }),
    )
    const materials = {
      'tool_2.0-1.dsc': DSC,
      'copy/tool_2.0-1.dsc': DSC,
      'tool_2.0-1_amd64.buildinfo': buildinfo[0] ?? '',
    }
    const published = { beta: (await beta()).dsse([TOOL], materials) }
    const given = { debs: [TOOL], sources, published, threshold: 1, more: ', source: required' }
    expect((await runOwn(given)).of('tool').verdict).toBe('reproduced')
  })

  it('is not named by two .buildinfo files of which the archive serves one, nor by one that lists two', async () => {
    const list = async (files: Readonly<Record<string, string>>): Promise<string> =>
      Object.values(await (await gamma()).buildinfo('tool', [TOOL], files))[0] ?? ''
    const original = await list({ 'tool_2.0-1.dsc': sha256Hex(DSC) })
    const twofold = await list({ 'tool_2.0-1.dsc': sha256Hex(DSC), 'other_1.dsc': sha256Hex('Another') })
    const name = 'tool_2.0-1_amd64.buildinfo'
    const verdictOf = async (served: string, materials: Readonly<Record<string, string>>): Promise<string> => {
      const published = { beta: (await beta()).dsse([TOOL], materials) }
      const site = await ownSite({ debs: [TOOL], sources, published, threshold: 1, more: ', source: required' })
      site.put({ [`own/pool/main/source/${name}`]: served })
      return (await runSite(site)).of('tool').verdict
    }
    expect(await verdictOf(original, { [name]: original })).toBe('reproduced')
    expect(await verdictOf(original, { [name]: original, [`copy/${name}`]: original })).toBe('reproduced')
    expect(await verdictOf(original, { [name]: original, [`other/${name}`]: twofold })).toBe('unproven')
    expect(await verdictOf(original, { [name]: original, 'tool_2.0-1_arm64.buildinfo': twofold })).toBe('unproven')
    expect(await verdictOf(twofold, { [name]: twofold })).toBe('unproven')
  })

  it('may be named by the .buildinfo that the archive keeps beside its .dsc', async () => {
    const original =
      Object.values(await (await gamma()).buildinfo('tool', [TOOL], { 'tool_2.0-1.dsc': sha256Hex(DSC) }))[0] ?? ''
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1_amd64.buildinfo': original }) }
    const files = { ...SOURCE.files }
    const site = await ownSite({
      debs: [TOOL],
      sources: [{ ...SOURCE, files }],
      published,
      threshold: 1,
      more: ', source: required',
    })
    expect((await runSite(site)).of('tool').reason).toContain(
      'the archive does not serve the tool_2.0-1_amd64.buildinfo',
    )
    site.put({ 'own/pool/main/source/tool_2.0-1_amd64.buildinfo': original })
    expect((await runSite(site)).of('tool').verdict).toBe('reproduced')
    site.put({ 'own/pool/main/source/tool_2.0-1_amd64.buildinfo': `${original}\n` })
    expect((await runSite(site)).of('tool').verdict).toBe('unproven')
  })

  it('speaks against nothing when a source package came out of the build along with the .debs', async () => {
    const published = {
      alpha: await (await alpha()).buildinfo('tool', [TOOL], { 'tool_2.0-1.dsc': sha256Hex('unsigned') }),
    }
    const given = { debs: [TOOL], sources, published, threshold: 1 }
    expect((await runOwn(given)).of('tool').verdict).toBe('reproduced')
    const required = (await runOwn({ ...given, more: ', source: required' })).of('tool')
    expect(required.verdict).toBe('unproven')
    expect(required.reason).toContain('that came out of the build is not the one that the archive serves')
  })

  it('says nothing where the archive serves no sources', async () => {
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': DSC }) }
    const given = { debs: [TOOL], published, threshold: 1 }
    expect((await runOwn(given)).of('tool').verdict).toBe('reproduced')
    const required = (await runOwn({ ...given, more: ', source: required' })).of('tool')
    expect([required.verdict, required.reason]).toEqual([
      'unproven',
      expect.stringContaining('the archive serves no source package tool 1:2.0-1'),
    ])
  })

  it('leaves the package undecided when the index of sources is hidden, whatever the archive lists of it', async () => {
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': DSC }) }
    const site = await ownSite({ debs: [TOOL], sources, published, threshold: 1 })
    const fields = { SHA256: releaseRows(site.folder) }
    await site.archive('own', { key: await projectKey(), debs: [TOOL], fields })
    expect((await runSite(site)).of('tool').verdict).toBe('undecided')
  })

  it('is not looked for further where the archive refuses what it does not have', async () => {
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1_amd64.buildinfo': 'any' }) }
    const site = await ownSite({ debs: [TOOL], sources, published, threshold: 1 })
    const { base } = await serve((request, response) => {
      const file = path.join(site.folder, 'own', decodeURIComponent(request.url ?? ''))
      if (existsSync(file)) response.end(readFileSync(file))
      else response.writeHead(403).end()
    })
    const own = policyOf(PARTIES, 1).replace('"file:own"', `"${base.href}"`)
    site.put({ 'debproof.yml': policyText([own]) })
    expect((await runSite(site)).of('tool').verdict).toBe('reproduced')
  })

  it('leaves the package undecided when the index of sources cannot be read', async () => {
    const published = { beta: (await beta()).dsse([TOOL], { 'tool_2.0-1.dsc': DSC }) }
    const site = await ownSite({ debs: [TOOL], sources, published, threshold: 1 })
    site.put({ 'own/dists/made/main/source/Sources.gz': 'damaged', 'own/dists/made/main/source/Sources': 'damaged' })
    const { predicate, of } = await runSite(site)
    expect([predicate.verdict, of('tool').verdict]).toEqual(['undecided', 'undecided'])
  })
})

/** The rows of a release file that has its index of sources in a form that nobody reads. */
function releaseRows(folder: string): string {
  const text = readFileSync(path.join(folder, 'own/dists/made/InRelease'), 'utf8')
  const rows = text.split('\n').filter((line) => /^ [0-9a-f]{64} /.test(line) && !line.includes('Sources.gz'))
  return `\n${rows.map((line) => line.replace('source/Sources', 'source/Sources.lzma')).join('\n')}`
}

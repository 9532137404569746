import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, projectKey } from '../making/archive-folder.ts'
import { PACKAGES, snapshotFiles, stanzaOf } from '../making/index-site.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { suiteText } from '../making/served-archive.ts'
import { block, signature } from '../making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'

afterEach(closeAll)
afterEach(removeSites)

const good = deb('hello')
const evil = deb('hello', { content: 'evil, and longer' })

type State = Readonly<Record<string, string | Uint8Array>>

/** A state of the snapshot: everything in it is signed, by those who are under test. */
async function stateOf(item: MadeDeb, fields: Record<string, string> = {}): Promise<State> {
  const files = await snapshotFiles({ [PACKAGES]: stanzaOf(item) }, fields)
  const pool = { [`pool/main/${item.name}_${item.version}_${item.architecture}.deb`]: item.bytes }
  const below = Object.entries(files).map(([name, bytes]) => [name.replace('snapshot/', ''), bytes])
  return { ...Object.fromEntries(below), ...pool }
}

interface Asked {
  readonly method: string
  readonly name: string
  readonly headers: IncomingMessage['headers']
}

/** A site whose snapshot's server chooses what it answers: by what is asked, and how often that was asked before. */
async function fickleSite(choose: (asked: Asked, before: number) => string | Uint8Array | undefined): Promise<{
  site: Site
  log: Asked[]
}> {
  const site = await snapshotSite([good])
  const log: Asked[] = []
  const { base } = await serve((request, response) => {
    const asked = { method: request.method ?? '', name: (request.url ?? '').slice(1), headers: request.headers }
    const before = log.filter(({ name }) => name === asked.name).length
    log.push(asked)
    const content = choose(asked, before)
    if (content === undefined) response.writeHead(404).end()
    else response.end(content)
  })
  site.put({ 'debproof.yml': policyText([archivePolicy({ url: base.href })]) })
  return { site, log }
}

const INRELEASE = 'dists/made/InRelease'
const INDEX = `dists/made/${PACKAGES}`
const POOL = `pool/main/hello_1.0-1_amd64.deb`

/** `runSite` derives each report from its evidence alone once more: what was judged is what was kept. */
describe('an archive that says one thing first and another then', () => {
  it('is asked once for each file, so what is judged is what was read', async () => {
    const [first, then] = [await stateOf(good), await stateOf(evil)]
    for (const [state, later, verdict] of [
      [first, then, 'identical'],
      [then, first, 'mismatch'],
    ] as const) {
      const { site, log } = await fickleSite(({ name }, before) => (before === 0 ? state[name] : later[name]))
      expect((await runSite(site)).of('hello').verdict).toBe(verdict)
      expect(log.map(({ name }) => name)).toEqual([INRELEASE, INDEX])
    }
  })

  it('is never asked in another way than by GET for the whole, whatever it says to HEAD, Range or another client', async () => {
    const state = await stateOf(good)
    const wrong = await stateOf(evil)
    const { site, log } = await fickleSite(({ method, name, headers }) =>
      method === 'GET' && headers.range === undefined ? state[name] : wrong[name],
    )
    const cache = path.join(site.folder, 'cache')
    expect((await runSite(site, { deep: true, cache })).of('hello').verdict).toBe('identical')
    expect((await runSite(site, { deep: true, cache })).of('hello').verdict).toBe('identical')
    for (const { method, headers } of log) {
      expect(method).toBe('GET')
      expect(Object.keys(headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:range|if-.*|cookie|authorization|referer)$/)]),
      )
    }
  })

  it('with a release file of one state and an index of another is not believed, either way round', async () => {
    const [a, b] = [await stateOf(good), await stateOf(evil)]
    for (const [release, index] of [
      [a, b],
      [b, a],
    ] as const) {
      const { site, log } = await fickleSite(({ name }) => (name === INRELEASE ? release[name] : index[name]))
      const { of, predicate } = await runSite(site)
      expect(of('hello').verdict).toBe('undecided')
      expect(JSON.stringify(predicate)).toContain('is not what the signed release file says')
      // Looked at once more, for it may have been in the middle of an update.
      expect(log.filter(({ name }) => name === INRELEASE)).toHaveLength(2)
    }
  })

  it('that was torn is judged by its second look alone', async () => {
    const [a, b] = [await stateOf(good), await stateOf(evil)]
    const { site } = await fickleSite(({ name }, before) => (name === INRELEASE && before === 0 ? a[name] : b[name]))
    expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
  })

  it('with the release file of today and the signed index of an earlier day, by hash or by name, is not believed', async () => {
    const [today, earlier] = [await stateOf(good, { 'Acquire-By-Hash': 'yes' }), await stateOf(evil)]
    const { site } = await fickleSite(({ name }) =>
      name.includes('/by-hash/') || name === INDEX ? earlier[INDEX] : today[name],
    )
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
  })

  it('with indexes that were exchanged for one another is not believed', async () => {
    const indexes = { [PACKAGES]: stanzaOf(good), [`${PACKAGES}.gz`]: gzipSync(stanzaOf(good)) }
    const files = await snapshotFiles(indexes)
    const other: Readonly<Record<string, string>> = { [INDEX]: `${INDEX}.gz`, [`${INDEX}.gz`]: INDEX }
    const { site } = await fickleSite(({ name }) => files[`snapshot/${other[name] ?? name}`])
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
  })

  it('with Release and Release.gpg of two states is not believed, whatever InRelease said before', async () => {
    const [a, b] = [
      suiteText({ indexes: { [PACKAGES]: stanzaOf(good) } }),
      suiteText({ indexes: { [PACKAGES]: stanzaOf(evil) } }),
    ]
    const gpg = block(await signature(b, await projectKey()))
    const { site } = await fickleSite(({ name }) => {
      if (name === 'dists/made/Release') return a
      return name === 'dists/made/Release.gpg' ? gpg : undefined
    })
    const { of, predicate } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toMatch(/bad signature|does not (?:match|fit)|signature of/i)
  })

  it('in its pool is hashed as it came: other bytes are a mismatch, which the evidence shows too', async () => {
    const state = await stateOf(good)
    for (const evidence of ['needed', 'all'] as const) {
      const { site, log } = await fickleSite(({ name }) => (name === POOL ? evil.bytes : state[name]))
      const { of } = await runSite(site, { deep: true, evidence })
      expect(of('hello')).toMatchObject({ verdict: 'mismatch', reason: expect.stringContaining(evil.sha256) })
      // A transfer might have spoilt them: they are looked at a second time.
      expect(log.filter(({ name }) => name === POOL)).toHaveLength(2)
    }
  })

  it('between two runs with one cache is judged by what it signs then', async () => {
    let state = await stateOf(good)
    const { site } = await fickleSite(({ name }) => state[name])
    const cache = path.join(site.folder, 'cache')
    expect((await runSite(site, { cache })).of('hello').verdict).toBe('identical')
    state = await stateOf(evil)
    expect((await runSite(site, { cache })).of('hello').verdict).toBe('mismatch')
  })
})

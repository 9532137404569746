import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { deb } from '../making/archive-folder.ts'
import { indexSite, PACKAGES, snapshotFiles, stanzaOf } from '../making/index-site.ts'
import { closeAll, type Files, type LoopbackServer, serve } from '../making/loopback-server.ts'
import { row, sha256Hex } from '../making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'

afterEach(closeAll)
afterEach(removeSites)

const good = deb('hello')
const text = stanzaOf(good)

/** Serves the files of a site's folder by the very path that is asked for, without decoding any of it twice. */
async function serveSnapshot(site: Site, files: Files): Promise<LoopbackServer> {
  const server = await serve((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1))
    const content = files[`snapshot/${name}`]
    if (content === undefined || typeof content === 'number') response.writeHead(404).end()
    else response.end(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  })
  site.put({ 'debproof.yml': policyText([archivePolicy({ url: server.base.href })]) })
  return server
}

/** Every file below a folder, by its path, but for those of the output and the cache. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort()
  return Object.fromEntries(
    paths
      .filter((name) => !/^(?:report|cache)\//.test(name))
      .map((name) => [name, sha256Hex(readFileSync(path.join(folder, name)))]),
  )
}

/** Runs with a cache, and sees to it that nothing is written but hashes, and nothing but in the output and the cache. */
async function runInside(site: Site, options: Parameters<typeof runSite>[1] = {}): ReturnType<typeof runSite> {
  const before = filesOf(site.folder)
  mkdirSync(path.join(site.folder, 'cache'), { recursive: true })
  const result = await runSite(site, { cache: path.join(site.folder, 'cache'), ...options })
  expect(filesOf(site.folder)).toEqual(before)
  for (const folder of ['report/evidence', 'cache']) {
    for (const entry of readdirSync(path.join(site.folder, folder), { recursive: true, withFileTypes: true })) {
      expect(entry.name).toMatch(/^(?:[0-9a-f]{2}|[0-9a-f]{64}|sha256|url|new|index\.json)$/)
    }
  }
  return result
}

const REFUSED = [
  '../../../ESCAPED',
  'main/../../ESCAPED',
  '/etc/passwd',
  '//example.org/Packages',
  'main/binary-amd64/',
  'file:///etc/passwd',
  'main\\..\\Packages',
  'main/Pack\x1bages',
  'main/Packages?x',
  'main/P\xd0\xb0ckages',
  'main/Packages\xa0',
]

/** These mean on a disk and in a URL just what they say, and nobody asks for them. */
const TAKEN_AS_THEY_ARE = [
  'main/%2e%2e/%2e%2e/ESCAPED',
  'main%2f..%2fESCAPED',
  'main/Packages%00.gz',
  'main/binary-amd64/packages',
  'MAIN/BINARY-AMD64/PACKAGES',
  'main/binary-amd64/Packages/ESCAPED',
  'main/binary-amd64',
  'main',
  '...',
  'main/binary-amd64/by-hash',
  `main/${'x'.repeat(300)}/Packages`,
  `${'x/'.repeat(3000)}Packages`,
]

describe("names in a snapshot's release file", () => {
  const listing = async (name: string): Promise<Record<string, string | Uint8Array>> =>
    await snapshotFiles({ [PACKAGES]: text }, { SHA256: `\n${row(PACKAGES, text)}\n${row(name, 'x')}` })

  it.each(REFUSED)('that lead elsewhere refuse it whole: %j', async (name) => {
    const site = await snapshotSite([good])
    const files = await listing(name)
    site.put(files)
    const { of, predicate } = await runInside(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toMatch(/is not a path below the release file|has a bad row in sha256/)
  })

  it.each(['main/Pack\nages', 'main/Pack\rages', 'main/Pack\0ages', 'x'.repeat(20_000)])(
    'that break the format refuse it too: %j',
    async (name) => {
      const site = await snapshotSite([good])
      site.put(await listing(name))
      expect((await runInside(site)).of('hello').verdict).toBe('undecided')
    },
  )

  it('that only look so are what they say, over http and on disk', async () => {
    const rows = TAKEN_AS_THEY_ARE.map((name) => row(name, 'x'))
    const files = await snapshotFiles(
      { [PACKAGES]: text },
      { SHA256: `\n${[row(PACKAGES, text), ...rows].join('\n')}` },
    )
    const onDisk = await snapshotSite([good])
    onDisk.put(files)
    expect((await runInside(onDisk)).of('hello').verdict).toBe('identical')
    const overHttp = await snapshotSite([good])
    const { asked } = await serveSnapshot(overHttp, files)
    expect((await runInside(overHttp)).of('hello').verdict).toBe('identical')
    expect(asked).toEqual(['/dists/made/InRelease', `/dists/made/${PACKAGES}`])
  })

  it('by hash lead to the one place below that the hash names', async () => {
    const site = await snapshotSite([good])
    const files = await snapshotFiles({ [PACKAGES]: text }, { 'Acquire-By-Hash': 'yes' })
    const { asked } = await serveSnapshot(site, files)
    expect((await runInside(site)).of('hello').verdict).toBe('identical')
    expect(asked[1]).toBe(`/dists/made/main/binary-amd64/by-hash/SHA256/${sha256Hex(text)}`)
  })
})

describe("names in a snapshot's index", () => {
  const named = (name: string): string => text.replace(/Filename: .*/, `Filename: ${name}`)

  it.each(REFUSED)('that lead elsewhere refuse it: %j', async (name) => {
    const { of, predicate } = await runInside(await indexSite(good, { [PACKAGES]: named(name) }), { deep: true })
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toContain('has a path that leaves the archive')
  })

  it('that only look so are asked for as they are, and nothing else is taken for them', async () => {
    const debs = TAKEN_AS_THEY_ARE.map((_, index) => deb(`p${index}`))
    const stanzas = debs.map((item, index) =>
      stanzaOf(item).replace(/Filename: .*/, `Filename: ${TAKEN_AS_THEY_ARE[index]}`),
    )
    const files = await snapshotFiles({ [PACKAGES]: stanzas.join('\n') })
    const site = await snapshotSite(debs)
    site.put({ ...files, ESCAPED: 'x', 'snapshot/ESCAPED': 'x', 'snapshot/main/ESCAPED': 'x' })
    const onDisk = await runInside(site, { deep: true })
    // No file of these names is there, whatever else is.
    expect(onDisk.predicate.counts).toMatchObject({ total: debs.length, undecided: debs.length })
    const { asked } = await serveSnapshot(site, files)
    const overHttp = await runInside(site, { deep: true })
    expect(overHttp.predicate.counts).toMatchObject({ total: debs.length, undecided: debs.length })
    expect(asked.map((url) => decodeURIComponent(url)).sort()).toEqual(
      ['/dists/made/InRelease', `/dists/made/${PACKAGES}`, ...TAKEN_AS_THEY_ARE.map((name) => `/${name}`)].sort(),
    )
  })

  it('of another .deb do not make it this one: its bytes are hashed', async () => {
    const other = deb('other')
    const site = await indexSite(good, { [PACKAGES]: named('pool/main/other_1.0-1_amd64.deb') })
    site.put({ 'snapshot/pool/main/other_1.0-1_amd64.deb': other.bytes })
    const { of } = await runInside(site, { deep: true })
    expect(of('hello')).toMatchObject({ verdict: 'mismatch', reason: expect.stringContaining(other.sha256) })
  })
})

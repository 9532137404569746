import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_REPORTED_FILES } from '../../src/limits.ts'
import { deb, type MadeDeb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, type LoopbackServer, serve } from '../making/loopback-server.ts'
import { AT } from '../making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  snapshotSite,
} from '../making/site.ts'
import { madeRun, serveSnapshots, timestamp } from '../making/snapshot-service.ts'

afterEach(async () => {
  removeSites()
  await closeAll()
})

const good = deb('hello')
const library = deb('library')
const evil = deb('helpful-tool', { content: 'calls itself hello' })

/** A verdict of the release, and what is told of one archive. */
async function told(site: Site, name = 'debian') {
  const { predicate, summary } = await runSite(site)
  const archive = predicate.archives.find((one) => one.name === name)
  return { verdict: predicate.verdict, unproven: archive?.unproven, trust: predicate.trust, summary }
}

describe('what a snapshot lists and its upstream never signed, under a name that the build did not use', () => {
  it('is counted and named, and the trust that is left says so', async () => {
    const { verdict, unproven, trust, summary } = await told(
      await snapshotSite([good, library, evil], [good, library], [good]),
    )
    expect(verdict).toBe('pass')
    expect(unproven).toEqual({
      listed: 3,
      count: 1,
      files: [
        {
          name: 'helpful-tool',
          version: '1.0-1',
          architecture: 'amd64',
          sha256: evil.sha256,
          index: 'made main/binary-amd64/Packages',
        },
      ],
      unread: [],
      action: 'report',
    })
    const known = trust.find(({ of }) => of === 'identical, known by the archive')
    expect(known?.trusts).toContain('none of the .debs that nobody vouches for (1 of debian)')
    expect(summary).toContain('debian lists 3 .debs, 1 of which nobody vouches for: helpful-tool 1.0-1 amd64')
  })

  it('fails the release where the policy says so, also one that used none of it', async () => {
    const site = await snapshotSite([good, evil], [good], [good])
    site.put({ 'debproof.yml': policyText([archivePolicy({ more: 'unproven-files: fail' })]) })
    const { verdict, summary } = await told(site)
    expect(verdict).toBe('fail')
    expect(readFileSync(path.join(site.folder, 'report/junit.xml'), 'utf8')).toContain('<failure type="unproven-files"')
    expect(summary).toContain('FAIL: debian lists 2 .debs, 1 of which nobody vouches for')
  })

  it('leaves it undecided where the policy says so and an upstream that might have signed it could not be read', async () => {
    const site = await snapshotSite([good, library], [good, library], [good])
    const two = archivePolicy({ more: 'unproven-files: fail' }).replace(
      '    upstream:\n',
      `    upstream:\n      - url: "file:partial"\n        signed-by: keys/upstream.asc\n`,
    )
    await site.archive('partial', { key: await upstreamKey(), debs: [good] })
    rmSync(path.join(site.folder, 'upstream'), { recursive: true })
    site.put({ 'debproof.yml': policyText([two]) })
    const { verdict, unproven } = await told(site)
    expect(verdict).toBe('undecided')
    expect(unproven).toMatchObject({ count: 1, unread: [expect.stringContaining('made: ')] })
  })

  it('is none where the upstream signed all of it, and a list of names is then as good as one with hashes', async () => {
    const { unproven, trust, summary } = await told(await snapshotSite([good, library], [good, library, evil], [good]))
    expect(unproven).toMatchObject({ listed: 2, count: 0, files: [] })
    const known = trust.find(({ of }) => of === 'identical, known by the archive')
    expect(known?.trusts).toContain('is as good here as one with hashes; but for what the archive showed the build')
    expect(summary).toContain('debian lists 2 .debs, and all of them are vouched for')
  })

  it('is none of another name: the bytes are what counts', async () => {
    const renamed: MadeDeb = { ...library, name: 'renamed' }
    const { unproven } = await told(await snapshotSite([good, renamed], [good, library], [good]))
    expect(unproven).toMatchObject({ listed: 2, count: 0 })
  })

  it('is named a hundred times at most, and counted', async () => {
    const more = Array.from({ length: MAX_REPORTED_FILES + 5 }, (_, index) => deb(`evil-${index}`, { content: 'evil' }))
    const { unproven } = await told(await snapshotSite([good, ...more], [good], [good]))
    expect(unproven?.count).toBe(MAX_REPORTED_FILES + 5)
    expect(unproven?.files).toHaveLength(MAX_REPORTED_FILES)
  })
})

describe('what an archive lists of the own packages of a project', () => {
  it('is vouched for by an upstream of another archive, from which it was imported', async () => {
    const site = await snapshotSite([good], [good, library], [good])
    await site.archive('own', { key: await projectKey(), debs: [library, evil] })
    const own = archivePolicy({ name: 'own', url: 'file:own', require: 'reproduced', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), own]) })
    expect((await told(site, 'own')).unproven).toMatchObject({ listed: 2, count: 1, files: [{ sha256: evil.sha256 }] })
  })
})

describe('an archive of which the policy takes nothing unproven', () => {
  it('leaves a release undecided where it could not be read, also one whose list has hashes', async () => {
    const site = await snapshotSite([good, evil], [good], [good])
    site.put({
      'debproof.yml': policyText([archivePolicy({ more: 'unproven-files: fail' })]),
      'build.packages': `${good.sha256}  hello_1.0-1_amd64.deb\n`,
    })
    expect((await told(site)).verdict).toBe('fail')
    rmSync(path.join(site.folder, 'snapshot/dists/made/main'), { recursive: true })
    const { verdict, unproven, summary } = await told(site)
    expect([verdict, unproven?.count]).toEqual(['undecided', 0])
    expect(summary).toContain('as far as it could be read, debian lists 0 .debs')
  })

  it('leaves a release undecided, and fails none, where rebuilders who may have got a file could not be read', async () => {
    const site = await snapshotSite([good])
    await site.archive('own', { key: await projectKey(), debs: [evil] })
    const own = archivePolicy({ name: 'own', url: 'file:own', require: 'reproduced', upstream: null, more: RULES })
    const missing = await serve((_, response) => response.writeHead(404).end())
    const broken = await serve((_, response) => response.writeHead(500).end())
    const judgedWith = async ({ base }: LoopbackServer) => {
      site.put({ 'debproof.yml': policyText([archivePolicy(), own.replace('PLACE', base.href)]) })
      return await told(site, 'own')
    }
    expect(await judgedWith(missing)).toMatchObject({ verdict: 'fail', unproven: { count: 1, unread: [] } })
    expect(await judgedWith(broken)).toMatchObject({
      verdict: 'undecided',
      unproven: {
        count: 1,
        unread: [expect.stringContaining('the rebuilders of own on 1 of them, first helpful-tool')],
      },
    })
  })
})

const RULES =
  'unproven-files: fail\n    rebuilders:\n      threshold: 1\n      parties:\n' +
  '        alpha: { buildinfo: "PLACE", signed-by: keys/upstream.asc }'

describe("a history whose states beside the build's time do not have all of it", () => {
  /** The states of a snapshot service, the nearest first; none: the service has nothing of it. */
  async function historySite(...states: readonly (readonly MadeDeb[] | 'gap')[]) {
    const site = await snapshotSite([good, library])
    const runs: Record<string, Record<string, Buffer>> = {}
    for (const [index, debs] of states.entries()) {
      const run = timestamp(AT, -6 * index)
      runs[run] = debs === 'gap' ? {} : await madeRun(run, await upstreamKey(), debs)
    }
    const { base } = await serveSnapshots({ runs })
    const upstream = `- snapshots: "${base.href}"\n        archive: made`
    const policy = archivePolicy({ more: 'unproven-files: fail' }).replace('- url: "file:upstream"', upstream)
    site.put({ 'debproof.yml': policyText([policy]) })
    return site
  }

  it.each<[string, readonly (readonly MadeDeb[] | 'gap')[]]>([
    ['have gaps', ['gap', 'gap', [good, library]]],
    ['do not list it', [[good], [good], [good], [library]]],
  ])('vouches for it by a further one, as for what was used, where the nearest %s', async (_, states) => {
    const { predicate, of } = await runSite(await historySite(...states))
    expect(of('library').verdict).toBe('identical')
    expect([predicate.verdict, predicate.archives[0]?.unproven]).toMatchObject(['pass', { listed: 2, count: 0 }])
  })
})

describe('what an archive lists that must be absent', () => {
  it('is compared too: whatever lies there may call itself by a used name', async () => {
    const site = await snapshotSite([good], [good], [good])
    await site.archive('nightly', { key: await projectKey(), debs: [evil] })
    const nightly = archivePolicy({ name: 'nightly', url: 'file:nightly', require: 'absent', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), nightly]) })
    const { verdict, unproven } = await told(site, 'nightly')
    expect([verdict, unproven?.count]).toEqual(['pass', 1])
  })
})

describe('an archive that is its own upstream', () => {
  it('is not compared with itself, unless it may deliver a part of what it lists', async () => {
    const site = await newSite()
    await site.archive('vendor', { key: await upstreamKey(), debs: [good, evil] })
    const vendor = (more: string): string =>
      'version: 1\npackages:\n  - path: build.packages\narchives:\n  vendor:\n    require: identical\n' +
      `    suites: [made]\n    architectures: [amd64]\n${more}` +
      '    upstream:\n      - url: "file:vendor"\n        signed-by: keys/upstream.asc\n'
    site.put({ 'debproof.yml': vendor(''), 'build.packages': listText([evil]) })
    expect((await told(site, 'vendor')).unproven).toBeUndefined()
    site.put({ 'debproof.yml': vendor('    names: ["helpful-*"]\n') })
    const { verdict, unproven } = await told(site, 'vendor')
    expect([verdict, unproven]).toMatchObject(['pass', { listed: 2, count: 1, files: [{ name: 'hello' }] }])
  })
})

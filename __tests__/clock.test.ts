import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { mergeCommand } from '../src/commands/merge.ts'
import { reportText } from '../src/report/text.ts'
import { call } from './commands/cli.ts'
import { deb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { closeAll } from './making/loopback-server.ts'
import { AT, ago, DAY, newKey, once } from './making/signed-archive.ts'
import {
  archivePolicy,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  type SiteRun,
  snapshotSite,
} from './making/site.ts'
import { madeRun, serveSnapshots, timestamp } from './making/snapshot-service.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const HELLO = deb('hello')
const WORLD = deb('world')
const machine = once(() => newKey({ name: 'Machine' }))

/** What a build writes of itself: also when, in its own words. */
function manifest(reference: string, debs = [HELLO, WORLD]): string {
  const used = debs.map(({ name, version }) => `  - arch: amd64\n    package: ${name}\n    version: ${version}\n`)
  return `origin_references:\n  debian:\n    reference: '${reference}'\npackages:\n  binary:\n${used.join('')}`
}

/** A site whose build tells the time, which the policy believes where it says `at` so. */
async function tellingSite(at: string, reference = timestamp(AT, -1)): Promise<Site> {
  const site = await snapshotSite([HELLO, WORLD])
  site.put({ 'build.packages': manifest(reference), 'debproof.yml': `${policyText()}${at}` })
  return site
}

const shown = ({ report }: SiteRun): string => reportText(report, { limit: 20 })
const TOLD = 'That the package list build.packages tells the time of the build truthfully: it set the clock.'
const BY_LIST = `at: "\${reference:debian}"\n`

describe('where the clock comes from', () => {
  it('is in the report, with the package list where one set it, and in summary and trust', async () => {
    const found = await runSite(await tellingSite(BY_LIST), { at: null })
    expect(found.predicate).toMatchObject({
      at: '2026-06-01T11:00:00Z',
      clock: { from: 'list', lists: ['build.packages'] },
    })
    expect(found.predicate.trust.find(({ of }) => of === 'all')).toEqual({ packages: 2, of: 'all', trusts: TOLD })
    for (const text of [shown(found), found.summary]) {
      expect(text).toContain('The clock was set by the package list build.packages, as the policy has it.')
    }
    expect(found.summary).toContain(TOLD)
  })

  it.each([
    ['option', BY_LIST, AT],
    ['option', '', AT],
    ['policy', 'at: 2026-06-01\n', null],
    ['now', '', null],
  ] as const)(
    'is %s with `%s` in the policy and --at %s, and nobody has to believe a list',
    async (from, at, given) => {
      const found = await runSite(await tellingSite(at), { at: given })
      expect(found.predicate.clock).toEqual({ from })
      expect(JSON.stringify(found.predicate.trust)).not.toContain('it set the clock')
      expect(shown(found)).not.toContain('The clock was set')
    },
  )

  it('names every list that tells it, and no other', async () => {
    const site = await tellingSite(BY_LIST)
    const reference = timestamp(AT, -1)
    site.put({ b: manifest(reference, [HELLO]), a: manifest(reference, [WORLD]), c: 'hello\t1.0-1\n' })
    const packages = ['b', 'c', 'a'].map((name) => ({ path: path.join(site.folder, name), format: 'auto' }))
    const { predicate } = await runSite(site, { at: null, packages })
    expect(predicate.clock).toEqual({ from: 'list', lists: ['a', 'b'] })
  })

  it('is told of the instant that a history is asked for, too', async () => {
    const then = timestamp(AT, -30 * 24)
    const { base } = await serveSnapshots({ runs: { [then]: await madeRun(then, await upstreamKey(), [HELLO]) } })
    const site = await newSite()
    await site.archive('snapshot', { key: await projectKey(), debs: [HELLO] })
    const policy = (at: string): string => {
      const upstream = `      - snapshots: "${base.href}"\n        archive: made\n        at: "${at}"`
      return policyText([archivePolicy().replace('      - url: "file:upstream"', upstream)])
    }
    site.put({ 'debproof.yml': policy(`\${reference:debian}`), 'build.packages': manifest(then, [HELLO]) })
    const told = await runSite(site)
    const upstream = { at: '2026-05-02T12:00:00Z', lists: ['build.packages'] }
    expect(told.predicate.archives[0]?.upstreams).toMatchObject([upstream])
    expect(told.predicate.clock).toEqual({ from: 'option' })
    expect(told.predicate.trust.find(({ of }) => of === 'identical, from debian')?.trusts).toContain(
      'That the package list build.packages tells truthfully which snapshot was used: it chose 2026-05-02T12:00:00Z',
    )
    site.put({ 'debproof.yml': policy(then) })
    const said = await runSite(site)
    expect(said.predicate.archives[0]?.upstreams?.[0]).not.toHaveProperty('lists')
    expect(said.predicate.archives[0]?.upstreams?.[0]?.at).toBe(upstream.at)
    expect(JSON.stringify(said.predicate.trust)).not.toContain('tells truthfully')
  })
})

describe('the date of the signed state that proves a package identical', () => {
  /** A site whose upstream's release file is so many days old. */
  async function datedSite(days: number): Promise<Site> {
    const site = await tellingSite('')
    await site.archive('upstream', { key: await upstreamKey(), debs: [HELLO, WORLD], date: ago(days * DAY) })
    return site
  }

  it.each([
    [0.5, 1],
    [1, 1],
    [40.2, 41],
  ])(
    'of %d days ago is in the report, and its distance of at most %d days in summary and trust',
    async (days, most) => {
      const { of, predicate, summary } = await runSite(await datedSite(days))
      const date = ago(days * DAY)
        .toISOString()
        .replace('.000', '')
      expect([of('hello').vouchedAt, of('world').vouchedAt]).toEqual([date, date])
      const told = `dated ${date}; the clock is 2026-06-01T12:00:00Z: at most ${most} day${most === 1 ? '' : 's'} apart.`
      expect(predicate.trust.find(({ of: which }) => /date of the signed/.test(which))).toMatchObject({
        packages: 2,
        trusts: expect.stringContaining(told),
      })
      expect(summary).toContain(`The signed states that prove packages identical are ${told}`)
    },
  )

  it('is that of the upstream, and not of the archive under test, which dates its release file as it likes', async () => {
    const site = await datedSite(40)
    await site.archive('snapshot', { key: await projectKey(), debs: [HELLO, WORLD], date: ago(600) })
    expect((await runSite(site)).of('hello').vouchedAt).toBe(
      ago(40 * DAY)
        .toISOString()
        .replace('.000', ''),
    )
  })

  it('is given for nothing that is not identical', async () => {
    const site = await datedSite(1)
    const changed = deb('world', { content: 'changed by somebody' })
    await site.archive('snapshot', { key: await projectKey(), debs: [HELLO, changed] })
    const { of } = await runSite(site)
    expect(of('world').verdict).toBe('mismatch')
    expect(of('world')).not.toHaveProperty('vouchedAt')
    expect(of('hello')).toHaveProperty('vouchedAt')
  })
})

describe('parts that are merged', () => {
  /** Two parts, each with this clock, and what comes of merging them. */
  async function mergeParts(site: Site, clocks: readonly [Date | null, Date | null]) {
    const signing = { armored: (await machine()).armor(), source: 'a test' }
    mkdirSync(path.join(site.folder, 'keys'), { recursive: true })
    writeFileSync(path.join(site.folder, 'keys/machine.asc'), (await machine()).toPublic().armor())
    const parts = clocks.map((_, index) => path.join(site.folder, `part${index + 1}`))
    for (const [index, at] of clocks.entries()) {
      await runSite(site, { at, shard: { index: index + 1, of: 2, plan: 'made' }, signing, output: parts[index] ?? '' })
    }
    const merged = path.join(site.folder, 'merged')
    const keys = ['--signed-by', path.join(site.folder, 'keys/machine.asc')]
    const result = await call(mergeCommand, [...parts, ...keys, '--output', merged, '--unsigned'])
    return { ...result, merged }
  }

  it('say of clock and dates what one run over everything says', async () => {
    const site = await tellingSite(BY_LIST)
    const { code, err, merged } = await mergeParts(site, [null, null])
    expect(code, err).toBe(0)
    const { predicate } = JSON.parse(readFileSync(path.join(merged, 'report.json'), 'utf8'))
    const whole = await runSite(site, { at: null })
    for (const part of ['clock', 'trust', 'packages', 'archives'] as const) {
      expect(predicate[part]).toEqual(JSON.parse(JSON.stringify(whole.predicate[part])))
    }
  })

  it('are refused where one was given the clock that a list told the other', async () => {
    const site = await tellingSite(BY_LIST, timestamp(AT))
    const { code, err } = await mergeParts(site, [null, AT])
    expect(code).toBe(2)
    expect(err).toContain('has not the same clock')
  })
})

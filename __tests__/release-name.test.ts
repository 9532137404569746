import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { recordCommand } from '../src/commands/record.ts'
import { call } from './commands/cli.ts'
import { deb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { closeAll } from './making/loopback-server.ts'
import { checkStore, movingArchive, recordWords, storeOf } from './making/recorded.ts'
import { AT, ago, HOUR } from './making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type Site } from './making/site.ts'

afterEach(async () => {
  removeSites()
  await closeAll()
})

const HELLO = deb('hello')

/** A snapshot and an upstream whose release files say Codename and Suite as written here, and both of which are `made`. */
async function siteOf(codename: string, suite = codename): Promise<Site> {
  const site = await newSite()
  const fields = { Codename: codename, Suite: suite }
  await site.archive('snapshot', { key: await projectKey(), debs: [HELLO], fields })
  await site.archive('upstream', { key: await upstreamKey(), debs: [HELLO], fields })
  site.put({ 'build.packages': listText([HELLO]) })
  return site
}

function policy(archive: string, upstream: string): string {
  const [served, upstreamToo] = [archive, upstream].map((name) => (name === '' ? '' : `release-name: ${name}`))
  return policyText([`${archivePolicy()}        ${upstreamToo}\n    ${served}\n`])
}

async function verdictOf(site: Site, text: string): Promise<readonly [verdict: string, reasons: string]> {
  site.put({ 'debproof.yml': text })
  const { predicate } = await runSite(site)
  const unread = predicate.archives.flatMap((archive) => archive.unread.map(({ reason }) => reason))
  return [predicate.verdict, [...unread, ...predicate.packages.map(({ reason }) => reason)].join('\n')]
}

describe('a suite whose path is neither its Suite nor its Codename', () => {
  it('passes where the policy says what its release file says, for what is served and for the upstream', async () => {
    expect(await verdictOf(await siteOf('jammy', 'stable'), policy('jammy', 'stable'))).toEqual([
      'pass',
      expect.anything(),
    ])
  })

  it.each([
    ['', 'jammy'],
    ['jammy', ''],
  ])('is undecided without it, with the key and the name in the reason: %j, %j', async (archive, upstream) => {
    const [verdict, reasons] = await verdictOf(await siteOf('jammy'), policy(archive, upstream))
    expect(verdict).toBe('undecided')
    expect(reasons).toContain('Suite made was asked for, but the release file says Codename "jammy" and Suite "jammy".')
    expect(reasons).toContain('`release-name: "jammy"`')
  })

  it('is not what a release file of another name is taken for, though the same keys signed it', async () => {
    const site = await siteOf('jammy')
    const other = {
      key: await projectKey(),
      debs: [deb('hello', { version: '0.1' })],
      fields: { Codename: 'focal', Suite: 'made' },
    }
    await site.archive('snapshot', other)
    const [verdict, reasons] = await verdictOf(site, policy('jammy', 'jammy'))
    expect(verdict).toBe('undecided')
    expect(reasons).toContain('must be for jammy (release-name), and it says Codename "focal" and Suite "made"')
  })
})

describe('a flat archive', () => {
  it('is held to its release-name where the policy has one, and else to none', async () => {
    const site = await newSite()
    const made = { key: await projectKey(), debs: [HELLO], flat: true, fields: { Codename: 'jammy', Suite: 'stable' } }
    await site.archive('snapshot', made)
    site.put({ 'build.packages': listText([HELLO]) })
    const own = { suite: './', upstream: null }
    const upstream = 'upstream: [{ url: "file:snapshot", signed-by: keys/project.gpg }]'
    for (const [more, verdict] of [
      [upstream, 'pass'],
      [`${upstream}\n    release-name: jammy`, 'pass'],
      [`${upstream}\n    release-name: focal`, 'undecided'],
    ] as const) {
      expect([more, (await verdictOf(site, policyText([archivePolicy({ ...own, more })])))[0]]).toEqual([more, verdict])
    }
  })
})

describe('a store of evidence', () => {
  const seen = ago(HOUR)

  it('keeps such a suite, is sound, and proves packages, each where the name is said', async () => {
    const site = await siteOf('jammy')
    const archive = await movingArchive()
    const record = async (...more: string[]) => await call(recordCommand, recordWords(site, archive, seen, ...more))
    const fields = { Codename: 'jammy', Suite: 'jammy' }
    await archive.show({ debs: [HELLO], date: ago(2 * HOUR), fields })
    const [refused, kept] = [await record(), await record('--release-name', 'jammy')]
    expect([refused.code, refused.out]).toEqual([3, expect.stringContaining('`release-name: "jammy"`')])
    expect([kept.code, kept.out]).toEqual([0, expect.stringContaining('NEW')])

    expect(await checkStore(site)).toMatchObject({ code: 1, out: expect.stringContaining('release-name') })
    const key = path.join(site.folder, 'keys/upstream.asc')
    const check = ['--store', storeOf(site), '--verify']
    const byHand = ['--signed-by', key, '--suite', 'made', '--release-name', 'jammy']
    expect(await call(recordCommand, [...check, ...byHand])).toMatchObject({ code: 0 })

    const text = (name: string): string =>
      policyText([
        archivePolicy({
          upstream: null,
          more: `release-name: jammy\n    upstream: [{ store: evidence, signed-by: keys/upstream.asc${name} }]`,
        }),
      ])
    expect((await verdictOf(site, text('')))[0]).toBe('undecided')
    expect((await verdictOf(site, text(', release-name: jammy')))[0]).toBe('pass')
    expect(await call(recordCommand, [...check, '--policy', path.join(site.folder, 'debproof.yml')])).toMatchObject({
      code: 0,
    })
  })

  it.each([
    ['recorded', ['--url', 'http://archive.example/', '--architecture', 'amd64', '--suite', 'a', '--suite', 'b']],
    ['checked', ['--verify', '--suite', 'a', '--suite', 'b']],
    ['checked without a suite', ['--verify']],
  ])('is not %s under one name for several suites', async (_name, words) => {
    const given = [...words, '--signed-by', 'debian', '--release-name', 'x', '--at', AT.toISOString()]
    expect(await call(recordCommand, given)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--release-name is for one --suite'),
    })
  })
})

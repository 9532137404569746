import { appendFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { recordCommand } from '../../src/commands/record.ts'
import { call } from '../commands/cli.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { closeAll } from '../making/loopback-server.ts'
import { filesOf, type MovingArchive, movingArchive, record, recordWords } from '../making/recorded.ts'
import { ago, DAY, HOUR } from '../making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type Site } from '../making/site.ts'

const OLD = deb('hello')
const NEW = deb('hello', { version: '2.0-1' })
const [FIRST, SECOND] = [ago(2 * DAY), ago(DAY)]
const later = (day: Date): Date => new Date(day.getTime() + HOUR * 1000)

afterEach(async () => {
  removeSites()
  await closeAll()
})

/** A build that used a package, and an upstream that is asked as it is now, beside a store of what it was. */
async function start(used = OLD): Promise<[Site, MovingArchive]> {
  const [site, archive] = [await newSite(), await movingArchive()]
  await site.archive('snapshot', { key: await projectKey(), debs: [used] })
  site.put({ 'debproof.yml': policyWith(archive), 'build.packages': listText([used]) })
  return [site, archive]
}

function policyWith({ server }: MovingArchive): string {
  const upstream = [
    '    upstream:',
    `      - { url: "${server.base.href}", signed-by: keys/upstream.asc }`,
    '      - { store: evidence, signed-by: keys/upstream.asc, window: 1h }',
  ]
  return policyText([`${archivePolicy({ upstream: null })}${upstream.join('\n')}\n`])
}

/** Shows the first state, then the second, and records both. */
async function history(site: Site, archive: MovingArchive): Promise<void> {
  await archive.show({ debs: [OLD], date: FIRST })
  expect(await record(site, archive, later(FIRST))).toMatchObject({ code: 0 })
  await archive.show({ debs: [NEW], date: SECOND })
  expect(await record(site, archive, later(SECOND))).toMatchObject({ code: 0 })
}

describe('an upstream as it is now, beside a store that saw it before', () => {
  it('is believed where it shows what the store saw last, or something newer', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    await archive.show({ debs: [NEW], date: ago(HOUR) })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'identical',
      reason: expect.stringContaining(archive.server.base.href),
    })
  })

  it('is not believed where it shows an older state again', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    await archive.show({ debs: [OLD], date: FIRST })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringMatching(/older than that of .* which the store saw at .*sightings.*try again later/),
    })
  })

  it('is not believed where it has another release file of one Date', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    await archive.show({ debs: [OLD], date: SECOND })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('signed two of one Date'),
    })
  })

  it('is not believed where its Origin was another', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    await archive.show({ debs: [OLD], date: ago(HOUR), fields: { Origin: 'Other' } })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('Origin was "Made" and is "Other"'),
    })
  })

  it('is believed where a second store was begun after its Origin had changed, and the policy says so', async () => {
    const unrecorded = deb('hello', { version: '3.0-1' })
    const [site, archive] = await start(unrecorded)
    await history(site, archive)
    await archive.show({ debs: [NEW], date: ago(5 * HOUR), fields: { Origin: 'Other' } })
    const words = recordWords(site, archive, ago(4 * HOUR)).map((word) => word.replace(/evidence$/, 'second'))
    expect(await call(recordCommand, words)).toMatchObject({ code: 0 })
    await archive.show({ debs: [unrecorded], date: ago(3 * HOUR), fields: { Origin: 'Other' } })
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
    const both = policyWith(archive).replace(/( +- \{ store: )evidence(.*\n)/, '$1evidence$2$1second$2')
    site.put({ 'debproof.yml': both })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('`memory: false`'),
    })
    site.put({ 'debproof.yml': both.replace('store: evidence,', 'store: evidence, memory: false,') })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    // The other one remembers still.
    await archive.show({ debs: [unrecorded], date: ago(6 * HOUR), fields: { Origin: 'Other' } })
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
  })

  it('is asked again at once, for one of several servers may be behind the others', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    const newest = { ...archive.files }
    const name = 'dists/made/InRelease'
    await archive.show({ debs: [OLD], date: FIRST })
    const answers = [archive.files[name], newest[name], newest[name]]
    let asked = 0
    Object.assign(archive.files, newest)
    Object.defineProperty(archive.files, name, { get: () => answers[asked++] })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    expect(asked).toBe(2)
  })

  it('is held to nothing that was signed after the clock, nor to what was seen at another URL', async () => {
    const [site, archive] = await start()
    await site.archive('snapshot', { key: await projectKey(), debs: [OLD], date: FIRST })
    await history(site, archive)
    await archive.show({ debs: [OLD], date: FIRST })
    expect((await runSite(site, { at: later(FIRST) })).of('hello').verdict).toBe('identical')
    const mirror = await movingArchive()
    await mirror.show({ debs: [OLD], date: FIRST })
    site.put({ 'debproof.yml': policyWith(mirror) })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })

  it('is not believed where the store cannot be read', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    for (const file of filesOf(site, 'sightings')) appendFileSync(file, 'x')
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringMatching(/sighting .* is no JSON|restore it from a backup/),
    })
  })
})

it('an archive that is under test itself is held to it too', async () => {
  const [site, archive] = await start()
  await history(site, archive)
  await archive.show({ debs: [OLD], date: FIRST })
  const served = archivePolicy({ url: archive.server.base.href, upstream: null }).replace('project.gpg', 'upstream.asc')
  const store = '    upstream:\n      - { store: evidence, signed-by: keys/upstream.asc }\n'
  site.put({ 'debproof.yml': policyText([served + store]) })
  const { predicate } = await runSite(site)
  expect(predicate.verdict).toBe('undecided')
  expect(JSON.stringify(predicate.archives)).toContain('older than that of')
})

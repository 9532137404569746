import { appendFileSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { addFile, addSighting, sightingOf } from '../making/added.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { closeAll } from '../making/loopback-server.ts'
import { filesOf, type MovingArchive, movingArchive, record, storeOf } from '../making/recorded.ts'
import { AT, ago, DAY, HOUR } from '../making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  type SiteRun,
} from '../making/site.ts'

const OLD = deb('hello')
const MIDDLE = deb('hello', { version: '2.0-1' })
const NEW = deb('hello', { version: '3.0-1' })
const FORGED = deb('hello', { content: 'changed by somebody' })
const days = [60, 50, 40, 30].map((each) => ago(each * DAY))
const [FIRST = AT, SECOND = AT, THIRD = AT, LAST = AT] = days
const soon = (day: Date, hours = 1): Date => new Date(day.getTime() + hours * HOUR * 1000)

afterEach(async () => {
  removeSites()
  await closeAll()
})

/** A build that used what a snapshot of the project served; the upstream went on, and was recorded meanwhile. */
async function start(used = OLD, more = `at: "${soon(FIRST, 12).toISOString()}"`): Promise<[Site, MovingArchive]> {
  const [site, archive] = [await newSite(), await movingArchive()]
  await site.archive('snapshot', { key: await projectKey(), debs: [used] })
  const upstream = [
    '    upstream:',
    '      - store: evidence',
    '        signed-by: keys/upstream.asc',
    `        ${more}`,
  ]
  site.put({
    'debproof.yml': policyText([`${archivePolicy({ upstream: null }) + upstream.join('\n')}\n`]),
    'build.packages': listText([used]),
  })
  return [site, archive]
}

/** The usual history: three states, each recorded an hour later. */
async function history(site: Site, archive: MovingArchive): Promise<void> {
  for (const [date, debs] of [
    [FIRST, [OLD]],
    [SECOND, [MIDDLE]],
    [THIRD, [NEW]],
  ] as const) {
    await archive.show({ debs, date })
    expect(await record(site, archive, soon(date))).toMatchObject({ code: 0 })
  }
  await archive.server.close()
}

function told({ predicate }: SiteRun): string {
  return JSON.stringify(predicate.upstreams ?? [])
}

describe('a store as upstream', () => {
  it('proves a package of a past state after the live archive moved on', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    const result = await runSite(site)
    expect(result.predicate.verdict).toBe('pass')
    expect(result.of('hello')).toMatchObject({ verdict: 'identical', sha256: OLD.sha256 })
    expect(result.of('hello').reason).toContain(`${path.join(site.folder, 'evidence')} (made) as of `)
  })

  it('works offline', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    expect((await runSite(site, { offline: true })).predicate.verdict).toBe('pass')
  })

  it('finds a package in a state beside the one in force, within the window', async () => {
    const [site, archive] = await start(MIDDLE, `at: "${soon(SECOND, -3).toISOString()}"`)
    await history(site, archive)
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'identical',
      reason: expect.stringContaining('1 state away from'),
    })
  })

  it('takes nothing from a state outside of the window', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'unproven' })
  })

  it('proves nothing by the nearest state where the window has none, takes nothing for missing, and says what to do', async () => {
    const [site, archive] = await start(OLD, `at: "${ago(70 * DAY).toISOString()}"`)
    await history(site, archive)
    for (const served of [OLD, NEW, FORGED]) {
      site.put({ 'build.packages': listText([served]) })
      await site.archive('snapshot', { key: await projectKey(), debs: [served] })
      expect((await runSite(site)).of('hello')).toMatchObject({
        verdict: 'undecided',
        reason: expect.stringMatching(/has no state of made within 72 hours .* the nearest is of .* widen `window`/),
      })
    }
    const policy = readFileSync(path.join(site.folder, 'debproof.yml'), 'utf8')
    site.put({
      'debproof.yml': policy.replace(/(at: "[^"]*")/, '$1\n        window: 30d'),
      'build.packages': listText([OLD]),
    })
    await site.archive('snapshot', { key: await projectKey(), debs: [OLD] })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'identical' })
  })

  it('calls other bytes under a name that was signed a mismatch', async () => {
    const [site, archive] = await start(FORGED)
    await history(site, archive)
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'mismatch' })
  })

  it('is undecided where the store holds nothing of the suite, or was never made', async () => {
    const [site, archive] = await start()
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'undecided' })
    await archive.show({ key: await projectKey(), debs: [OLD], date: FIRST })
    const keys = path.join(site.folder, 'keys/project.gpg')
    expect(await record(site, archive, soon(FIRST), '--signed-by', keys)).toMatchObject({ code: 0 })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('holds no made that is signed by these keys'),
    })
  })

  it('is undecided where the index was not recorded', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    site.put({ 'debproof.yml': readFileSync(path.join(site.folder, 'debproof.yml'), 'utf8').replace(/window.*/, '') })
    for (const file of filesOf(site, 'objects').filter((each) => readFileSync(each)[0] === 0x1f)) rmSync(file)
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('holds no main/binary-amd64/Packages of the made of'),
    })
  })
})

describe('a store that was tampered with', () => {
  it.each(['objects', 'sightings'] as const)(
    'never proves by what was changed below %s, and names a file',
    async (part) => {
      const [site, archive] = await start()
      await history(site, archive)
      for (const file of filesOf(site, part)) appendFileSync(file, 'x')
      const item = (await runSite(site)).of('hello')
      expect(item.verdict).toBe('undecided')
      expect(item.reason).toContain(path.join('evidence', part))
    },
  )

  it('never proves, whichever single file of it was changed', async () => {
    const [site, archive] = await start(FORGED)
    await history(site, archive)
    for (const file of [...filesOf(site, 'objects'), ...filesOf(site, 'sightings')]) {
      const bytes = readFileSync(file)
      const text = bytes.toString('latin1').replaceAll(OLD.sha256, FORGED.sha256)
      writeFileSync(file, text === bytes.toString('latin1') ? `${text} ` : text, 'latin1')
      expect(['mismatch', 'undecided', 'unproven']).toContain((await runSite(site)).of('hello').verdict)
      writeFileSync(file, bytes)
    }
  })

  it('proves nothing by a release file of other keys that was put in the place of one', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    const [other, stranger] = [await newSite(), await movingArchive()]
    await stranger.show({ key: await projectKey(), debs: [FORGED], date: FIRST })
    const keys = path.join(other.folder, 'keys/project.gpg')
    await record(other, stranger, soon(FIRST, 2), '--signed-by', keys)
    for (const part of ['objects', 'sightings'] as const) {
      for (const file of filesOf(other, part)) {
        site.put({
          [path.join('evidence', path.relative(path.join(other.folder, 'evidence'), file))]: readFileSync(file),
        })
      }
    }
    await site.archive('snapshot', { key: await projectKey(), debs: [FORGED] })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'mismatch' })
  })
})

describe('an archive that contradicted itself while it was recorded', () => {
  it('is not believed where it showed an older state for the first time after a newer one', async () => {
    const [site, archive] = await start()
    await archive.show({ debs: [NEW], date: THIRD })
    await record(site, archive, soon(THIRD))
    await archive.show({ debs: [OLD], date: FIRST })
    expect((await record(site, archive, soon(THIRD, 2))).code).toBe(1)
    const result = await runSite(site)
    expect(result.of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('older than that of'),
    })
  })

  it('is not believed for a state to which the server fell back, also where somebody says that it had its turn', async () => {
    const [site, archive] = await start()
    for (const [date, debs, seen] of [
      [FIRST, [OLD], soon(FIRST)],
      [THIRD, [NEW], soon(THIRD)],
      [FIRST, [OLD], soon(LAST)],
    ] as const) {
      await archive.show({ debs, date })
      await record(site, archive, seen)
    }
    const result = await runSite(site)
    expect(result.of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('older than that of'),
    })
    expect(told(result)).toContain('older than that of')
  })

  it('is not believed where it had two release files of one Date', async () => {
    const [site, archive] = await start()
    for (const [hours, debs] of [
      [1, [OLD]],
      [2, [MIDDLE]],
    ] as const) {
      await archive.show({ debs, date: FIRST })
      await record(site, archive, soon(FIRST, hours))
    }
    const result = await runSite(site)
    expect(result.of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('two release files of made'),
    })
  })

  it('is not believed from where its Origin was another', async () => {
    const [site, archive] = await start(MIDDLE, `at: "${soon(SECOND).toISOString()}"`)
    await archive.show({ debs: [OLD], date: FIRST })
    await record(site, archive, soon(FIRST))
    await archive.show({ debs: [MIDDLE], date: SECOND, fields: { Origin: 'Other' } })
    await record(site, archive, soon(SECOND))
    const result = await runSite(site)
    expect(result.of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('Origin was "Made" and is "Other"'),
    })
  })
})

describe('what somebody adds to a store', () => {
  const [LONG_AGO, FAR_AHEAD] = [new Date('1999-01-01T00:00:00Z'), new Date('2099-01-01T00:00:00Z')]

  /** The server showed the third state, and then fell back to the first. */
  async function fallen(used = OLD): Promise<[Site, string]> {
    const [site, archive] = await start(used)
    await archive.show({ debs: [NEW], date: THIRD })
    await record(site, archive, soon(THIRD))
    await archive.show({ debs: [OLD], date: FIRST })
    expect((await record(site, archive, soon(THIRD, 2))).code).toBe(1)
    const [, late = ''] = filesOf(site, 'sightings')
    return [site, late]
  }

  it.each<[what: string, change: Partial<ReturnType<typeof sightingOf>>]>([
    ['under the URL of another archive', { archive: new URL('http://mirror.example/debian/') }],
    ['as if the state had had its turn', { seen: soon(FIRST) }],
  ])('excuses no state to which a server fell back: a copy of its sighting %s', async (_, change) => {
    const [site, late] = await fallen()
    addSighting(storeOf(site), { ...sightingOf(late), ...change })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('older than that of'),
    })
  })

  it('takes no mismatch away: what a server fell back to was signed, and counts against other bytes', async () => {
    const [site] = await fallen(FORGED)
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'mismatch' })
  })

  it('makes no state last longer: a copy of the last sighting, as seen later', async () => {
    const [site, archive] = await start(NEW, `at: "${soon(LAST, 24).toISOString()}"`)
    await history(site, archive)
    for (const seen of [undefined, soon(LAST, 24), FAR_AHEAD]) {
      const last = sightingOf(filesOf(site, 'sightings').at(-1) ?? '')
      if (seen !== undefined) addSighting(storeOf(site), { ...last, seen })
      expect((await runSite(site)).of('hello')).toMatchObject({
        verdict: 'undecided',
        reason: expect.stringContaining('widen `window`'),
      })
    }
  })

  it('makes no state last until another that nobody signed', async () => {
    const [site, archive] = await start(NEW, `at: "${soon(LAST, 24).toISOString()}"`)
    await history(site, archive)
    const last = sightingOf(filesOf(site, 'sightings').at(-1) ?? '')
    addSighting(storeOf(site), { ...last, date: soon(LAST, 200), seen: soon(LAST, 201) })
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
  })

  it('never lets a state of another Origin count, also where one is said to be the first', async () => {
    const [site, archive] = await start(MIDDLE, `at: "${soon(SECOND).toISOString()}"`)
    await archive.show({ debs: [OLD], date: FIRST })
    await record(site, archive, soon(FIRST))
    await archive.show({ debs: [MIDDLE], date: SECOND, fields: { Origin: 'Other' } })
    await record(site, archive, soon(SECOND))
    const changed = sightingOf(filesOf(site, 'sightings').at(-1) ?? '')
    addSighting(storeOf(site), { ...changed, seen: LONG_AGO })
    addSighting(storeOf(site), { ...changed, seen: LONG_AGO, date: LONG_AGO })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('Origin was "Made" and is "Other"'),
    })
  })

  it('hides no state that was recorded: one that cannot be verified is told, and the next is read', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    const first = sightingOf(filesOf(site, 'sightings')[0] ?? '')
    const file = addSighting(storeOf(site), { ...first, seen: soon(FIRST, 2), indexes: [], release: [lost] })
    const result = await runSite(site)
    expect(result.of('hello').verdict).toBe('identical')
    expect(told(result)).toContain(`The sighting ${file} cannot be verified`)
  })

  it('proves by its own signatures, where it is a state that the upstream signed', async () => {
    const [site, archive] = await start()
    await archive.show({ debs: [NEW], date: THIRD })
    await record(site, archive, soon(THIRD))
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
    const [other, same] = [await newSite(), await movingArchive()]
    await same.show({ debs: [OLD], date: FIRST })
    await record(other, same, soon(FIRST))
    for (const file of [...filesOf(other, 'objects'), ...filesOf(other, 'sightings')]) {
      addFile(path.join(storeOf(site), path.relative(storeOf(other), file)), readFileSync(file))
    }
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })

  it('is not read through a link', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    for (const file of filesOf(site, 'objects').filter((each) => readFileSync(each)[0] === 0x1f)) {
      renameSync(file, `${file}.moved`)
      symlinkSync(`${file}.moved`, file)
    }
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('is a symbolic link, and none is followed within a store'),
    })
  })
})

const lost = { path: 'InRelease', sha256: sha256Of('nothing'), size: 1 } as const

import {
  appendFileSync,
  mkdirSync,
  readFileSync as readBytes,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { recordCommand } from '../../src/commands/record.ts'
import { MAX_SIGHTINGS_TRIED } from '../../src/limits.ts'
import type { Sighting } from '../../src/store/sighting.ts'
import { call } from '../commands/cli.ts'
import { addFile, addSighting, sightingOf } from '../making/added.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { closeAll } from '../making/loopback-server.ts'
import {
  checkStore,
  filesOf,
  type MovingArchive,
  movingArchive,
  record,
  recordWords,
  storeOf,
} from '../making/recorded.ts'
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

describe('what somebody adds to a store', () => {
  /** A sighting that nobody can verify: its release file is nowhere. */
  const unsigned = (like: Sighting, changes: Partial<Sighting>): Sighting => ({
    ...like,
    release: [{ path: 'InRelease', sha256: sha256Of('nothing'), size: 1 }],
    ...changes,
  })
  const first = (site: Site): Sighting => sightingOf(filesOf(site, 'sightings')[0] ?? '')
  const last = (site: Site): Sighting => sightingOf(filesOf(site, 'sightings').at(-1) ?? '')
  const OTHERS = ['0'.repeat(40)]
  const [YEARS_AGO, YEARS_AHEAD] = [new Date('1999-01-01T00:00:00Z'), new Date('2099-01-01T00:00:00Z')]

  it.each<[what: string, add: (site: Site) => void]>([
    [
      'two unsigned sightings by other keys around all others',
      (site) => {
        for (const seen of [YEARS_AGO, YEARS_AHEAD]) {
          addSighting(storeOf(site), unsigned(first(site), { seen, signers: OTHERS }))
        }
      },
    ],
    [
      'what the server shows, as if it had been seen before all others',
      (site) => void addSighting(storeOf(site), { ...first(site), seen: YEARS_AGO }),
    ],
    [
      'what the server shows, as if it had been seen after all others',
      (site) => void addSighting(storeOf(site), { ...first(site), seen: YEARS_AHEAD }),
    ],
    [
      'a copy under the URL of another archive',
      (site) => void addSighting(storeOf(site), { ...first(site), archive: new URL('http://mirror.example/debian/') }),
    ],
    ['a file of another name', (site) => void addFile(path.join(storeOf(site), 'sightings/made/x.json'), '{}')],
  ])('never makes an older state believed again: %s', async (_, add) => {
    const [site, archive] = await start()
    await history(site, archive)
    await archive.show({ debs: [OLD], date: FIRST })
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
    add(site)
    const { of, predicate } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify([of('hello').reason, predicate.archives])).toContain(path.join(storeOf(site), 'sightings'))
  })

  it('never makes another state of one Date believed, also where it is that state as seen first', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    const [other, forked] = [await newSite(), await movingArchive()]
    await forked.show({ debs: [OLD], date: SECOND })
    expect(await record(other, forked, later(SECOND))).toMatchObject({ code: 0 })
    const [sighting = ''] = filesOf(other, 'sightings')
    for (const file of filesOf(other, 'objects')) {
      addFile(path.join(storeOf(site), path.relative(storeOf(other), file)), readBytes(file))
    }
    addSighting(storeOf(site), { ...sightingOf(sighting), archive: archive.server.base, seen: YEARS_AGO })
    await archive.show({ debs: [OLD], date: SECOND })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'undecided' })
  })

  it.each(['seen before', 'dated before'])(
    'never makes another Origin believed, also where one of it was %s',
    async (how) => {
      const [site, archive] = await start()
      await history(site, archive)
      const other = { ...first(site).identity, origin: 'Other' }
      const changes = how === 'seen before' ? { seen: YEARS_AGO } : { seen: YEARS_AGO, date: YEARS_AGO }
      addSighting(storeOf(site), unsigned(first(site), { identity: other, ...changes }))
      await archive.show({ debs: [OLD], date: ago(HOUR), fields: { Origin: 'Other' } })
      expect((await runSite(site)).of('hello')).toMatchObject({
        verdict: 'undecided',
        reason: expect.stringContaining('Origin was "Made" and is "Other"'),
      })
    },
  )

  it('is told with its file and what to do, where it would speak against the archive and cannot be verified', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    const file = addSighting(storeOf(site), unsigned(last(site), { date: ago(HOUR), seen: ago(HOUR) }))
    const { verdict, reason } = (await runSite(site)).of('hello')
    expect(verdict).toBe('undecided')
    expect(reason).toContain(`The sighting ${file} cannot be verified`)
    expect(reason).toMatch(
      /The store has lost .*\. Restore .* from a backup .*, or take it out where somebody added it\./,
    )
    expect(await checkStore(site)).toMatchObject({ code: 1, out: expect.stringContaining(file) })
  })

  it('is told also where it does not, being the newest of all', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    await archive.show({ debs: [NEW], date: ago(HOUR) })
    const file = addSighting(storeOf(site), unsigned(last(site), { date: ago(2 * HOUR), seen: ago(HOUR) }))
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining(file),
    })
  })

  it('hides what was really seen only behind so many, and then is told itself', async () => {
    const [site, archive] = await start()
    await history(site, archive)
    await archive.show({ debs: [OLD], date: FIRST })
    const add = (count: number): string =>
      addSighting(storeOf(site), unsigned(last(site), { date: ago(HOUR + count), seen: ago(HOUR) }))
    for (let count = 1; count < MAX_SIGHTINGS_TRIED; count++) add(count)
    const told = async (): Promise<string> => (await runSite(site)).of('hello').reason
    expect(await told()).toMatch(/older than that of .* which the store saw/)
    add(MAX_SIGHTINGS_TRIED)
    expect(await told()).toContain('cannot be verified')
  })

  it.each<[what: string, change: (site: Site) => void, message: RegExp]>([
    [
      'is not there',
      (site) => rmSync(storeOf(site), { recursive: true }),
      /There is no store of evidence at .*restore it/,
    ],
    [
      'has a file in its place',
      (site) => {
        rmSync(storeOf(site), { recursive: true })
        writeFileSync(storeOf(site), 'x')
      },
      /store's folder .* cannot be read/,
    ],
    [
      'has sightings of another format',
      (site) => {
        const [file = ''] = filesOf(site, 'sightings').slice(-1)
        writeFileSync(file, readBytes(file).toString().replace('"version": 1', '"version": 2'))
      },
      /is of another format \(version 2\): use the debproof that wrote it/,
    ],
    [
      'has sightings of names that are not known',
      (site) => void addFile(path.join(storeOf(site), 'sightings/made/20990101T000000Z_2.sighting'), 'x'),
      /is no sighting that this version of debproof knows.*use the version that wrote it/,
    ],
    [
      'has a link in the place of a folder',
      (site) => {
        const folder = path.join(storeOf(site), 'sightings')
        renameSync(folder, path.join(site.folder, 'elsewhere'))
        symlinkSync(path.join(site.folder, 'elsewhere'), folder)
      },
      /sightings is a symbolic link, and none is followed within a store/,
    ],
    [
      'has a link in the place of a sighting',
      (site) => {
        const [file = ''] = filesOf(site, 'sightings').slice(-1)
        renameSync(file, path.join(site.folder, 'elsewhere'))
        symlinkSync(path.join(site.folder, 'elsewhere'), file)
      },
      /\.json is a symbolic link/,
    ],
  ])('a store that %s makes undecided what it should remember', async (_, change, message) => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    change(site)
    const { predicate, of } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify([predicate.archives, predicate.upstreams, of('hello').reason])).toMatch(message)
  })

  it('does no harm where a folder of the store was reached by a link, and a file of the system lies there', async () => {
    const [site, archive] = await start(NEW)
    await history(site, archive)
    renameSync(storeOf(site), path.join(site.folder, 'volume'))
    symlinkSync('volume', storeOf(site))
    mkdirSync(path.join(storeOf(site), 'incoming/x'), { recursive: true })
    addFile(path.join(storeOf(site), 'sightings/made/.DS_Store'), 'x')
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })
})

describe('an archive whose URL is spelled in another way', () => {
  const spelled = async (change: (href: string) => string): Promise<Awaited<ReturnType<typeof runSite>>> => {
    const [site, archive] = await start(OLD)
    await history(site, archive)
    await archive.show({ debs: [OLD], date: FIRST })
    for (const [name, content] of Object.entries(archive.files)) archive.files[`/${name}`] = content
    const { href } = archive.server.base
    site.put({ 'debproof.yml': policyWith(archive).replace(href, change(href)) })
    return await runSite(site)
  }

  it.each<[how: string, change: (href: string) => string]>([
    ['with escaped dots in the path', (href) => `${href}x/%2E%2e/`],
    ['without its last slash', (href) => href.replace(/\/$/, '')],
    ['with dots in the path', (href) => `${href}x/../`],
  ])('is the same where RFC 3986 says so: %s', async (_, change) => {
    expect((await spelled(change)).of('hello')).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('older than that of'),
    })
  })

  it.each<[how: string, change: (href: string) => string]>([
    ['another name of the host', (href) => href.replace('127.0.0.1', 'localhost')],
    ['a slash too many', (href) => `${href}/`],
  ])('is another where it does not, which the report says: %s', async (_, change) => {
    const { predicate } = await spelled(change)
    expect(JSON.stringify(predicate.upstreams)).toMatch(/remembers nothing of http:[^ ]+ \(made\); it has seen http:/)
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

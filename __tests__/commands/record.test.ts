import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { recordCommand } from '../../src/commands/record.ts'
import { MAX_CLOCK_AHEAD, MAX_CLOCK_BEHIND } from '../../src/limits.ts'
import { addFile, addSighting, sightingOf } from '../making/added.ts'
import { deb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import {
  checkStore,
  filesOf,
  type MovingArchive,
  movingArchive,
  record,
  recordWords,
  storeOf,
} from '../making/recorded.ts'
import { AT, ago, DAY, HOUR, sha256Hex } from '../making/signed-archive.ts'
import { newSite, policyText, removeSites, type Site } from '../making/site.ts'
import { call, cli } from './cli.ts'

const HELLO = deb('hello')
const NEWER = deb('hello', { version: '2.0-1' })
const SOURCE = { name: 'hello', version: '1.0-1', files: { 'hello_1.0-1.dsc': 'dsc' } }
const [MONDAY, TUESDAY, WEDNESDAY] = [ago(9 * DAY), ago(8 * DAY), ago(7 * DAY)]
/** Some hours later on that day. */
const later = (day: Date, hours = 1): Date => new Date(day.getTime() + hours * HOUR * 1000)

afterEach(async () => {
  removeSites()
  await closeAll()
})

async function start(options?: Parameters<typeof movingArchive>[0]): Promise<[Site, MovingArchive]> {
  const archive = await movingArchive(options)
  await archive.show({ debs: [HELLO], sources: [SOURCE], date: MONDAY })
  return [await newSite(), archive]
}

describe('record', () => {
  it('keeps the release file and the indexes as they were fetched, each under its hash', async () => {
    const [site, archive] = await start()
    const { code, out } = await record(site, archive, later(MONDAY))
    expect([code, out]).toEqual([0, expect.stringMatching(/^NEW {2}made at .*: 3 new files .*\nRECORDED: 1 suite, /)])
    const fetched = ['InRelease', 'main/binary-amd64/Packages.gz', 'main/source/Sources.gz'].map((name) =>
      sha256Hex(archive.files[`dists/made/${name}`] as Uint8Array),
    )
    const kept = filesOf(site, 'objects')
    expect(kept.map((file) => path.basename(file))).toEqual(fetched.sort())
    for (const file of kept) expect(sha256Hex(readFileSync(file))).toBe(path.basename(file))
    expect(filesOf(site, 'sightings')).toHaveLength(1)
    expect(filesOf(site, 'incoming')).toEqual([])
    expect((await checkStore(site)).code).toBe(0)
  })

  it('takes a Release with its Release.gpg where there is no InRelease', async () => {
    const [site, archive] = await start()
    const [text = '', armor = ''] = String(archive.files['dists/made/InRelease'])
      .replace(/^-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n/, '')
      .split(/\n(?=-----BEGIN PGP SIGNATURE)/)
    delete archive.files['dists/made/InRelease']
    Object.assign(archive.files, { 'dists/made/Release': text, 'dists/made/Release.gpg': armor })
    expect(await record(site, archive, later(MONDAY))).toMatchObject({ code: 0 })
    expect(filesOf(site, 'objects')).toHaveLength(4)
    expect(await checkStore(site)).toMatchObject({ code: 0 })
  })

  it('says again what did not change in one small file, and fetches no index again', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    archive.server.asked.splice(0)
    const { code, out } = await record(site, archive, later(MONDAY, 2))
    expect([code, out]).toEqual([0, expect.stringMatching(/^UNCHANGED .*: 0 new files \(0 bytes\), 3 known\n/)])
    expect(archive.server.asked).toEqual(['/dists/made/InRelease'])
    expect(filesOf(site, 'objects')).toHaveLength(3)
    for (const file of filesOf(site, 'sightings')) expect(readFileSync(file).length).toBeLessThan(2000)
  })

  it('adds what is new and leaves the rest as it is', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const before = filesOf(site, 'objects').map((file) => [file, readFileSync(file)])
    await archive.show({ debs: [NEWER], sources: [SOURCE], date: TUESDAY })
    const { out } = await record(site, archive, later(TUESDAY), '--json')
    expect(JSON.parse(out)).toMatchObject({
      suites: [{ suite: 'made', outcome: 'new', added: { files: 2 }, reused: 1, anomalies: [], failures: [] }],
      total: { files: 5, sightings: 2 },
    })
    for (const [file, bytes] of before) expect(readFileSync(String(file))).toEqual(bytes)
  })

  it('keeps no indexes of source packages where that is said', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY), '--no-sources')
    expect(filesOf(site, 'objects')).toHaveLength(2)
  })

  it('records every upstream of a policy that has a url', async () => {
    const [site, archive] = await start()
    site.put({ 'debproof.yml': policyText().replace('file:upstream', archive.server.base.href) })
    const words = ['--policy', path.join(site.folder, 'debproof.yml'), '--store', storeOf(site)]
    const recorded = await call(recordCommand, [...words, '--at', later(MONDAY).toISOString()])
    expect(recorded).toMatchObject({ code: 0, out: expect.stringContaining(`made at ${archive.server.base.href}`) })
    expect(await call(recordCommand, [...words, '--verify'])).toMatchObject({ code: 0 })
  })

  it.each([
    ['no archive', ['--store', 'x', '--suite', 'made'], /--suite belongs to --url/],
    ['no suite', ['--url', 'http://archive.example/', '--signed-by', 'debian'], /--suite is missing/],
    [
      'a suite outside',
      ['--url', 'http://a.example/', '--suite', '../x', '--architecture', 'amd64', '--signed-by', 'debian'],
      /is no suite/,
    ],
    [
      'a foreign folder',
      ['--store', 'src', '--url', 'file:x', '--suite', 'made', '--architecture', 'amd64', '--signed-by', 'debian'],
      /is not empty and is no store/,
    ],
  ])('refuses %s', async (_, words, message) => {
    expect(await call(recordCommand, words)).toMatchObject({ code: 2, err: expect.stringMatching(message) })
  })

  it('removes what a killed process left long ago, and not what another one may still be writing', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const incoming = path.join(storeOf(site), 'incoming')
    for (const name of ['old.part', 'fresh.part']) writeFileSync(path.join(incoming, name), 'half')
    const longAgo = new Date(Date.now() - 2 * DAY * 1000)
    utimesSync(path.join(incoming, 'old.part'), longAgo, longAgo)
    await record(site, archive, later(MONDAY, 2))
    expect(filesOf(site, 'incoming')).toEqual([path.join(incoming, 'fresh.part')])
    expect(await checkStore(site)).toMatchObject({ code: 0 })
  })

  it('may run twice at once', async () => {
    const [site, archive] = await start()
    const words = ['record', ...recordWords(site, archive, later(MONDAY))]
    const both = await Promise.all([cli(site.folder, words), cli(site.folder, words)])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(filesOf(site, 'objects')).toHaveLength(3)
    expect(await checkStore(site)).toMatchObject({ code: 0, out: expect.stringMatching(/^SOUND: /) })
  })
})

describe('what cannot be recorded', () => {
  it('is a release file of an unknown key, or of none', async () => {
    const [site, archive] = await start()
    await archive.show({ key: await projectKey(), debs: [HELLO], date: MONDAY })
    const { code, out } = await record(site, archive, later(MONDAY))
    expect([code, out]).toEqual([3, expect.stringContaining('NOT READ: made: ')])
    expect([...filesOf(site, 'objects'), ...filesOf(site, 'sightings')]).toEqual([])
  })

  it('is one that is dated after the clock', async () => {
    const [site, archive] = await start()
    expect(await record(site, archive, ago(10 * DAY))).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^UNREAD /),
    })
    expect(filesOf(site, 'sightings')).toEqual([])
  })

  it('is an index that the server lacks; the rest is kept, and it is fetched when it is there', async () => {
    const [site, archive] = await start()
    const name = 'dists/made/main/source/Sources.gz'
    const content = archive.files[name] ?? ''
    for (const each of [name, name.replace('.gz', '')]) delete archive.files[each]
    expect(await record(site, archive, later(MONDAY))).toMatchObject({
      code: 3,
      out: expect.stringContaining('NOT READ: made main/source/Sources: '),
    })
    archive.files[name] = content
    expect(await record(site, archive, later(MONDAY, 2))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^NEW .* 1 new/),
    })
    expect(filesOf(site, 'objects')).toHaveLength(3)
  })

  it('is told of a server that shows an expired state, which is kept', async () => {
    const [site, archive] = await start()
    const until = later(MONDAY, 5).toUTCString().replace('GMT', 'UTC')
    await archive.show({ debs: [HELLO], date: MONDAY, fields: { 'Valid-Until': until } })
    expect(await record(site, archive, TUESDAY)).toMatchObject({ code: 3, out: expect.stringContaining('expired at') })
    expect(filesOf(site, 'sightings')).toHaveLength(1)
    expect(await checkStore(site)).toMatchObject({ code: 0 })
  })
})

describe('an anomaly', () => {
  it('is a release file older than one seen before; it is recorded, and told each time', async () => {
    const [site, archive] = await start()
    await archive.show({ debs: [NEWER], date: TUESDAY })
    await record(site, archive, later(TUESDAY))
    await archive.show({ debs: [HELLO], date: MONDAY })
    for (const hours of [2, 3]) {
      const { code, out } = await record(site, archive, later(TUESDAY, hours))
      expect(code).toBe(1)
      expect(out).toContain('ANOMALY: At 2026-')
      for (const day of [MONDAY, TUESDAY]) expect(out).toContain(day.toISOString().replace('.000', ''))
    }
    expect(filesOf(site, 'sightings')).toHaveLength(3)
    expect(await checkStore(site)).toMatchObject({ code: 0, out: expect.stringContaining('Note: At 2026-') })
  })

  it('is a second release file of one Date', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    await archive.show({ debs: [NEWER], date: MONDAY })
    expect(await record(site, archive, later(MONDAY, 2))).toMatchObject({
      code: 1,
      out: expect.stringContaining('ANOMALY: There are two release files of made of 2026-'),
    })
  })

  it('is not the same text with one signature more', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const text = String(archive.files['dists/made/InRelease'])
    const armor = text.slice(text.indexOf('-----BEGIN PGP SIGNATURE'))
    archive.files['dists/made/InRelease'] = text + armor
    expect(await record(site, archive, later(MONDAY, 2))).toMatchObject({ code: 0 })
    expect(filesOf(site, 'objects')).toHaveLength(4)
  })

  it.each(['Origin', 'Label', 'Codename'])('is another %s than the first one', async (name) => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    await archive.show({ debs: [HELLO], date: TUESDAY, fields: { Suite: 'made', [name]: 'Other' } })
    expect(await record(site, archive, later(TUESDAY))).toMatchObject({
      code: 1,
      out: expect.stringMatching(new RegExp(`ANOMALY: .*${name} was "[Mm]ade" and is "Other"\\.`)),
    })
  })

  it('is a server that gives other bytes for a hash', async () => {
    const [site, archive] = await start({ byHash: true })
    const name = `dists/made/main/binary-amd64/by-hash/SHA256/${sha256Hex(archive.files['dists/made/main/binary-amd64/Packages.gz'] as Uint8Array)}`
    archive.files[name] = 'other bytes'
    const { code, out } = await record(site, archive, later(MONDAY))
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/ANOMALY: .* is not that: http:.*by-hash\/SHA256\/[0-9a-f]{64}: /),
    ])
    expect(filesOf(site, 'objects')).toHaveLength(2)
  })

  it('is an object of the store that was changed, and it stays as it is', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const damaged = filesOf(site, 'objects').map((file) => {
      appendFileSync(file, 'x')
      return [file, readFileSync(file)] as const
    })
    const { code, out } = await record(site, archive, later(MONDAY, 2))
    expect(code).toBe(1)
    expect(filesOf(site, 'sightings')).toHaveLength(1)
    for (const [file, bytes] of damaged) {
      expect(out).toContain(`ANOMALY: ${file} (`)
      expect(readFileSync(file)).toEqual(bytes)
    }
  })
})

describe('a clock that is wrong', () => {
  it('is refused at once where the store was written later by it, which is told with the file', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY, 5))
    const [file = ''] = filesOf(site, 'sightings')
    const earlier = (milliseconds: number): Date => new Date(later(MONDAY, 5).getTime() - milliseconds)
    expect(await record(site, archive, earlier(MAX_CLOCK_BEHIND))).toMatchObject({ code: 0 })
    const refused = await record(site, archive, earlier(MAX_CLOCK_BEHIND + 1))
    expect(refused).toMatchObject({ code: 3, out: expect.stringMatching(/^UNREAD .*\n.*after .*: check the clock\./) })
    expect(refused.out).toContain(file)
    expect(filesOf(site, 'sightings')).toHaveLength(2)
  })

  it('is refused at once where it is far ahead of what the server says', async () => {
    const site = await newSite()
    const [, archive] = await start()
    const now = Date.now()
    let said = 0
    let age: string | undefined
    const server = await serve((request, response) => {
      const content = archive.files[(request.url ?? '').slice(1)]
      response.setHeader('Date', new Date(said).toUTCString())
      if (age !== undefined) response.setHeader('Age', age)
      if (content === undefined) response.writeHead(404).end()
      else response.end(content)
    })
    const recorded = async (): Promise<[number | null, string]> => {
      const { code, out } = await record(site, { ...archive, server }, new Date(now))
      return [code, out]
    }
    said = now - MAX_CLOCK_AHEAD - 2000
    const [code, out] = await recorded()
    expect([code, out]).toEqual([
      3,
      expect.stringMatching(/By this clock it is .*, and 127\.0\.0\.1:\d+ says that it is .*: check the clock/),
    ])
    expect(filesOf(site, 'sightings')).toEqual([])
    // A cache says how long it kept an answer.
    age = '3600'
    expect((await recorded())[0]).toBe(0)
    age = undefined
    said = now - MAX_CLOCK_AHEAD + 60_000
    expect((await recorded())[0]).toBe(0)
  })
})

describe('a store into which somebody put other things', () => {
  it.each(['incoming', 'objects', 'sightings', 'sightings/made'])(
    'is refused where %s is a link, and nothing is removed or written behind it',
    async (name) => {
      const [site, archive] = await start()
      await record(site, archive, later(MONDAY))
      const victim = path.join(site.folder, 'victim')
      const place = path.join(storeOf(site), name)
      renameSync(place, victim)
      addFile(path.join(victim, 'old.part'), 'precious')
      utimesSync(path.join(victim, 'old.part'), MONDAY, MONDAY)
      symlinkSync(`${'../'.repeat(name.split('/').length)}victim`, place)
      await archive.show({ debs: [NEWER], date: TUESDAY })
      const { code, err } = await record(site, archive, later(TUESDAY))
      expect([code, err]).toEqual([2, expect.stringContaining(`${place} is a symbolic link, and none is followed`)])
      expect(readFileSync(path.join(victim, 'old.part'), 'utf8')).toBe('precious')
      const check = await checkStore(site)
      expect(check.code).not.toBe(0)
    },
  )

  it('is refused where the folder of a new object is a link', async () => {
    const [site, archive] = await start()
    const victim = path.join(site.folder, 'victim')
    mkdirSync(victim)
    mkdirSync(path.join(storeOf(site), 'objects'), { recursive: true })
    for (let byte = 0; byte < 256; byte++) {
      symlinkSync(victim, path.join(storeOf(site), 'objects', byte.toString(16).padStart(2, '0')))
    }
    expect(await record(site, archive, later(MONDAY))).toMatchObject({
      code: 2,
      err: expect.stringContaining('symbolic link'),
    })
    expect(execFileSync('ls', [victim], { encoding: 'utf8' })).toBe('')
  })

  it('is recorded into in spite of folders, pipes and links in incoming, which are left and told', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const incoming = path.join(storeOf(site), 'incoming')
    const victim = addFile(path.join(site.folder, 'victim'), 'precious')
    mkdirSync(path.join(incoming, 'folder.part'))
    mkdirSync(path.join(incoming, 'folder'))
    execFileSync('mkfifo', [path.join(incoming, 'pipe.part')])
    symlinkSync(victim, path.join(incoming, 'link.part'))
    addFile(path.join(incoming, 'notes'), 'x')
    for (const name of ['folder.part', 'folder', 'pipe.part', 'notes', '../../victim']) {
      utimesSync(path.join(incoming, name), MONDAY, MONDAY)
    }
    for (const hours of [2, 3]) expect(await record(site, archive, later(MONDAY, hours))).toMatchObject({ code: 0 })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    const { code, out } = await checkStore(site)
    expect(code).toBe(1)
    for (const name of ['folder.part', 'folder', 'pipe.part', 'link.part', 'notes']) {
      expect(existsSync(path.join(incoming, name))).toBe(true)
      expect(out).toContain(`${path.join(incoming, name)} is not of this store`)
    }
  })

  it.each<[what: string, put: (file: string) => void]>([
    ['a link', (file) => symlinkSync('nowhere', file)],
    ['a link to the very bytes', (file) => symlinkSync(`${file}.moved`, file)],
    ['a folder', (file) => mkdirSync(file)],
    ['a pipe', (file) => void execFileSync('mkfifo', [file])],
  ])('is told of an object in whose place is %s', async (_, put) => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const objects = filesOf(site, 'objects')
    for (const file of objects) {
      renameSync(file, `${file}.moved`)
      put(file)
    }
    const { code, out } = await record(site, archive, later(MONDAY, 2))
    expect(code).toBe(1)
    expect(out).toContain('ANOMALY: ')
    for (const file of objects) expect(out).toContain(path.basename(file))
    expect(filesOf(site, 'sightings')).toHaveLength(1)
    const check = await checkStore(site)
    expect(check.code).toBe(1)
    for (const file of objects) expect(check.out).toContain(file)
  })

  it('is told of sightings that this version does not know', async () => {
    const [site, archive] = await start()
    const file = addFile(path.join(storeOf(site), 'sightings/made/20990101T000000Z.v2'), 'x')
    mkdirSync(path.join(storeOf(site), 'objects'), { recursive: true })
    expect(await record(site, archive, later(MONDAY))).toMatchObject({
      code: 1,
      out: expect.stringContaining(`ANOMALY: ${file} is no sighting that this version of debproof knows`),
    })
  })

  it('is told of a release file that contradicts another, whatever sightings were added', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const [first = ''] = filesOf(site, 'sightings')
    await archive.show({ debs: [NEWER], date: MONDAY })
    const [other] = [await newSite()]
    await record(other, archive, later(MONDAY))
    const [forked = ''] = filesOf(other, 'sightings')
    addSighting(storeOf(site), { ...sightingOf(forked), seen: new Date('1999-01-01T00:00:00Z') })
    expect(await record(site, archive, later(MONDAY, 2))).toMatchObject({
      code: 1,
      out: expect.stringContaining(first),
    })
  })

  it('is of the same archive, however its URL is spelled', async () => {
    const [site, archive] = await start()
    await archive.show({ debs: [NEWER], date: TUESDAY })
    await record(site, archive, later(TUESDAY))
    await archive.show({ debs: [HELLO], date: MONDAY })
    const base = new URL(`${archive.server.base.href}%64ists/../`)
    const server = { ...archive.server, base }
    expect(await record(site, { ...archive, server }, later(TUESDAY, 2))).toMatchObject({ code: 1 })
  })
})

describe('record --verify', () => {
  it('names what was changed, what was lost, and what is not of the store', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    await archive.show({ debs: [NEWER], date: WEDNESDAY })
    await record(site, archive, later(WEDNESDAY))
    const [sighting = '', latest = ''] = filesOf(site, 'sightings')
    const { release, indexes } = JSON.parse(readFileSync(latest, 'utf8'))
    const object = (sha256: string): string => path.join(storeOf(site), 'objects', sha256.slice(0, 2), sha256)
    const [one, two] = [object(indexes[0].sha256), object(release[0].sha256)]
    const three = filesOf(site, 'objects').find((file) => file !== one && file !== two) ?? ''
    appendFileSync(one, 'x')
    rmSync(two)
    writeFileSync(`${three}.bak`, 'x')
    writeFileSync(sighting, readFileSync(sighting, 'utf8').replace('"Made"', '"Fade"'))
    const { code, out } = await checkStore(site)
    expect(code).toBe(1)
    for (const file of [one, `${two} (`, `${three}.bak is not of this store`, `The sighting ${sighting}`]) {
      expect(out).toContain(file)
    }
  })

  it('says of each sighting that somebody added why it is not sound', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const sighting = sightingOf(filesOf(site, 'sightings')[0] ?? '')
    const lost = { path: 'InRelease', sha256: sha256Of('nothing'), size: 1 } as const
    const added: [file: string, why: RegExp][] = [
      [addSighting(storeOf(site), { ...sighting, seen: new Date('1999-01-01T00:00:00Z') }), /It says that at 1999-/],
      [addSighting(storeOf(site), { ...sighting, seen: new Date('2099-01-01T00:00:00Z') }), /2099-.*is yet to come/],
      [addSighting(storeOf(site), { ...sighting, seen: later(MONDAY, 3), release: [lost] }), /is lost/],
      [addSighting(storeOf(site), { ...sighting, date: later(MONDAY, -1) }), /does not say what its release file says/],
      [addSighting(storeOf(site), { ...sighting, state: sha256Of('x') }), /does not say what its release file says/],
      [addSighting(storeOf(site), { ...sighting, suite: 'other' }), /Suite other was asked for/],
      [
        addSighting(storeOf(site), { ...sighting, identity: { ...sighting.identity, origin: 'Other' } }),
        /does not say what its release file says/,
      ],
      [addFile(path.join(storeOf(site), 'sightings/made/x.json'), '{}'), /is not of this store/],
    ]
    const { code, out } = await checkStore(site)
    expect(code).toBe(1)
    for (const [file, why] of added) {
      const line = out.split('\n').filter((one) => one.includes(file))
      expect([file, line]).toEqual([file, expect.arrayContaining([expect.stringMatching(why)])])
    }
    expect(out).toMatch(new RegExp(`^DAMAGED: ${added.length} problems`))
  })

  it('names every archive that was seen, and files of no sighting, for people to judge', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    await record(site, archive, later(MONDAY, 4))
    const sighting = sightingOf(filesOf(site, 'sightings')[0] ?? '')
    addSighting(storeOf(site), { ...sighting, archive: new URL('http://mirror.example/debian/') })
    const object = addFile(path.join(storeOf(site), 'objects', sha256Of('x').slice(0, 2), sha256Of('x')), 'x')
    const { code, out } = await checkStore(site)
    expect([code, existsSync(object)]).toEqual([0, true])
    const time = (hours: number): string => later(MONDAY, hours).toISOString().replace('.000', '')
    expect(out).toContain(`Note: made at ${archive.server.base.href} was seen 2 times, from ${time(1)} to ${time(4)}.`)
    expect(out).toContain('Note: made at http://mirror.example/debian/ was seen 1 time, ')
    expect(out).toContain('Note: 1 file of objects/ is of no sighting')
  })

  it('reads the stores that the first versions wrote', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    for (const file of filesOf(site, 'sightings')) {
      const written = sha256Hex(archive.server.base.href).slice(0, 16)
      const name = path.basename(file).replace(/_[0-9a-f]{16}(_[0-9a-f]{64})_[0-9a-f]{16}_/, `_${written}$1_`)
      renameSync(file, path.join(path.dirname(file), name))
    }
    expect(await checkStore(site)).toMatchObject({ code: 0 })
    await archive.show({ debs: [HELLO], date: TUESDAY, fields: { Origin: 'Other' } })
    expect(await record(site, archive, later(TUESDAY))).toMatchObject({
      code: 1,
      out: expect.stringContaining('Origin was "Made" and is "Other"'),
    })
  })

  it('refuses what other keys signed', async () => {
    const [site, archive] = await start()
    await record(site, archive, later(MONDAY))
    const keys = path.join(site.folder, 'keys/project.gpg')
    const words = ['--store', storeOf(site), '--verify', '--signed-by', keys]
    expect(await call(recordCommand, words)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^DAMAGED: 1 problem in/),
    })
  })

  it('says that there is no store', async () => {
    const site = await newSite()
    expect(await checkStore(site)).toMatchObject({ code: 2, err: expect.stringContaining('is no store of evidence') })
  })
})

it('the clock of these tests is later than what they record', async () => {
  expect(WEDNESDAY < AT && (await upstreamKey()).getCreationTime() < MONDAY).toBe(true)
})

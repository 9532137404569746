import { appendFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { recordCommand } from '../../src/commands/record.ts'
import { deb, projectKey, upstreamKey } from '../making/archive-folder.ts'
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

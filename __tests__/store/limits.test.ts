import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { verifyRelease } from '../../src/archive/release.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import { describeError } from '../../src/errors.ts'
import {
  ABANDONED_AFTER,
  MAX_ARCHIVES_TOLD,
  MAX_CONTRADICTIONS_TOLD,
  MAX_SIGHTING,
  MAX_SIGHTINGS,
  MAX_SIGHTINGS_TRIED,
} from '../../src/limits.ts'
import { releaseIdentity, releaseState } from '../../src/store/release-state.ts'
import { formatSighting, type Sighting, sightingName } from '../../src/store/sighting.ts'
import {
  incomingFolder,
  parseSightingName,
  type SightingName,
  sightingPath,
  suiteFolder,
} from '../../src/store/store-layout.ts'
import { StoreReader } from '../../src/store/store-reader.ts'
import { StoreWriter } from '../../src/store/store-writer.ts'
import { StoredReleases } from '../../src/store/stored-releases.ts'
import { loadSuite } from '../../src/store/suite-history.ts'
import { addObject } from '../making/added.ts'
import { archiveFiles, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { keyringOf } from '../making/signed-archive.ts'
import { day } from './seen.ts'

// The code is what it is; only the number is smaller: a test does not make half a million files.
vi.mock('../../src/limits.ts', async (original) => ({ ...(await original<object>()), MAX_SIGHTINGS: 30 }))

let folder = ''
let signer = ''
beforeEach(async () => {
  signer = (await upstreamKey()).getFingerprint().toUpperCase()
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-store-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await closeAll()
})

const SUITE = 'made'

function sighting(seen: number, dated: number, fields: Partial<Sighting> = {}): Sighting {
  const sha256 = sha256Of(String(dated))
  return {
    archive: new URL('http://ftp.debian.org/debian/'),
    suite: SUITE,
    seen: day(seen),
    date: day(dated),
    state: sha256,
    identity: { origin: undefined, label: undefined, codename: SUITE },
    signers: [signer],
    release: [{ path: 'InRelease', sha256, size: 1 }],
    indexes: [],
    ...fields,
  }
}

function nameOf(one: Sighting): SightingName {
  const name = parseSightingName(sightingName(one))
  if (name === undefined) throw new Error('a sighting has no name')
  return name
}

function put(...sightings: readonly Sighting[]): string[] {
  mkdirSync(suiteFolder(folder, SUITE), { recursive: true })
  return sightings.map((one) => {
    const text = formatSighting(one)
    const file = sightingPath(folder, SUITE, nameOf(one))
    writeFileSync(file, text)
    return file
  })
}

const history = async () => {
  const keyring = await keyringOf([(await upstreamKey()).toPublic()])
  return await loadSuite(new StoreReader(folder, downloads()), SUITE, { at: day(20), window: 1e12, trust: { keyring } })
}

/** A sighting of a release file that is really there. */
async function signed(seen: number, dated: number): Promise<Sighting> {
  const files = await archiveFiles({ key: await upstreamKey(), debs: [], date: day(dated) })
  const bytes = files['dists/made/InRelease'] ?? Buffer.alloc(0)
  const text = splitInRelease(bytes)
  const sha256 = sha256Of(bytes)
  addObject(folder, bytes)
  return sighting(seen, dated, {
    state: releaseState(text),
    identity: releaseIdentity(text),
    release: [{ path: 'InRelease', sha256, size: bytes.length }],
  })
}

describe('a store', () => {
  it('has no more sightings of a suite than the limit', async () => {
    put(...Array.from({ length: MAX_SIGHTINGS }, (_, index) => sighting(index + 1, index + 1)))
    expect(await history()).toMatchObject({ failures: [] })
    put(sighting(100, 100))
    const { states, failures } = await history()
    expect(states).toEqual([])
    expect(failures.map(({ error }) => `${error.code} ${error.message}`)).toEqual([
      expect.stringMatching(/^TOO_LARGE .*made has more than 30 sightings: begin another store\.$/),
    ])
  })

  it('has no sighting that is larger than the limit', async () => {
    const [file = ''] = put(sighting(1, 1))
    const reader = new StoreReader(folder, downloads())
    const read = async (): Promise<string> =>
      await reader.sighting(SUITE, nameOf(sighting(1, 1))).then(() => 'accepted', describeError)
    expect(await read()).toBe('accepted')
    truncateSync(file, MAX_SIGHTING)
    expect(await read()).not.toMatch(/larger than/)
    truncateSync(file, MAX_SIGHTING + 1)
    expect(await read()).toMatch(/\.json is larger than 4194304 bytes/)
  })

  it('tells so many contradictions, the latest, and how many more there are', async () => {
    const [newer, older] = [await signed(2, 2), await signed(3, 1)]
    put(newer)
    const falls = (count: number): Sighting[] =>
      Array.from({ length: count }, (_, index) => ({ ...older, seen: day(3 + index) }))
    put(...falls(MAX_CONTRADICTIONS_TOLD))
    expect((await history()).notes).toHaveLength(MAX_CONTRADICTIONS_TOLD)
    put(...falls(MAX_CONTRADICTIONS_TOLD + 2))
    const { notes } = await history()
    expect(notes).toHaveLength(MAX_CONTRADICTIONS_TOLD + 1)
    expect(notes.at(-1)).toMatch(/holds 2 more such contradictions of made\.$/)
  })

  it('is asked for one good sighting of a state so many times, and says so where there may be another', async () => {
    const good = await signed(3, 3)
    const damaged = Array.from({ length: MAX_SIGHTINGS_TRIED }, (_, index) => ({ ...good, seen: day(5 + index) }))
    put(good)
    const files = put(...damaged)
    for (const file of files.slice(1)) writeFileSync(file, 'x')
    expect((await history()).states).toHaveLength(1)
    for (const file of files) writeFileSync(file, 'x')
    const { states, failures } = await history()
    expect(states).toEqual([])
    expect(failures.map(({ error }) => error.message)).toContainEqual(
      expect.stringMatching(/has more than 10 sightings of made of .* not all of them were looked at/),
    )
  })

  it('tells so many of the URLs at which it saw a suite, and that there are more', async () => {
    const keyring = await keyringOf([(await upstreamKey()).toPublic()])
    const files = await archiveFiles({ key: await upstreamKey(), debs: [], date: day(3) })
    const text = splitInRelease(files['dists/made/InRelease'] ?? Buffer.alloc(0))
    const release = await verifyRelease(text, { keyring, at: day(20) })
    const place = { base: new URL('http://other.example/'), suite: SUITE, keyring }
    const told = async () =>
      await new StoredReleases([new StoreReader(folder, downloads())], day(20)).check(place, release, text)
    const at = (index: number): Sighting => sighting(4, 3, { archive: new URL(`http://mirror${index}.example/`) })
    put(...Array.from({ length: MAX_ARCHIVES_TOLD }, (_, index) => at(index)))
    expect(await told()).toEqual([
      expect.stringMatching(
        /remembers nothing of http:\/\/other\.example\/ \(made\); it has seen (http:\S+,? ?){10}\.$/,
      ),
    ])
    put(at(MAX_ARCHIVES_TOLD))
    expect(await told()).toEqual([expect.stringMatching(/, and more\.$/)])
  })

  it('is cleared of what was left half written, and not of what is being written', async () => {
    await StoreWriter.open(folder)
    const file = (name: string, age: number): string => {
      const place = path.join(incomingFolder(folder), name)
      writeFileSync(place, 'half')
      const time = new Date(Date.now() - age)
      utimesSync(place, time, time)
      return place
    }
    const [old, young] = [file('old.part', ABANDONED_AFTER + 60_000), file('young.part', ABANDONED_AFTER - 60_000)]
    await StoreWriter.open(folder)
    expect([existsSync(old), existsSync(young)]).toEqual([false, true])
  })
})

describe('what a release file says of its suite', () => {
  const of = (text: string) => ({ text: Buffer.from(text, 'latin1'), blocks: [] })

  it('is the same without blanks at the ends of lines and without lines at the end', () => {
    const plain = releaseState(of('Codename: made\nDescription: a  b'))
    expect(releaseState(of('Codename: made \t\nDescription: a  b \n\n\n'))).toBe(plain)
    expect(releaseState(of('Codename: made\nDescription: a b'))).not.toBe(plain)
    expect(releaseState(of(' Codename: made\nDescription: a  b'))).not.toBe(plain)
    expect(releaseIdentity(of('Codename: made\n\n'))).toMatchObject({ codename: 'made' })
  })

  it('is told at once, whatever runs of blanks and of lines there are in it', () => {
    const started = performance.now()
    releaseState(of(`Codename: made\nX:${' '.repeat(300_000)}x\n`))
    releaseState(of(`Codename: made${'\n'.repeat(300_000)}x\n`))
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

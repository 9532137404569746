import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { describeError } from '../../src/errors.ts'
import { ABANDONED_AFTER, MAX_CONTRADICTIONS_TOLD, MAX_SIGHTING, MAX_SIGHTINGS } from '../../src/limits.ts'
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
import { loadSuite } from '../../src/store/suite-history.ts'
import { closeAll, downloads } from '../making/loopback-server.ts'
import { day } from './seen.ts'

// The code is what it is; only the number is smaller: a test does not make half a million files.
vi.mock('../../src/limits.ts', async (original) => ({ ...(await original<object>()), MAX_SIGHTINGS: 30 }))

let folder = ''
beforeEach(() => {
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
    signers: ['0'.repeat(40)],
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

const history = async () =>
  await loadSuite(new StoreReader(folder, downloads()), SUITE, { at: day(20), window: 1e12, isOurs: () => true })

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
    const falls = (count: number): Sighting[] =>
      Array.from({ length: count }, (_, index) => [
        sighting(2 * index + 2, 40 + index),
        sighting(2 * index + 3, 1),
      ]).flat()
    put(...falls(MAX_CONTRADICTIONS_TOLD))
    expect((await history()).notes).toHaveLength(MAX_CONTRADICTIONS_TOLD)
    put(...falls(MAX_CONTRADICTIONS_TOLD + 2))
    const { notes } = await history()
    expect(notes).toHaveLength(MAX_CONTRADICTIONS_TOLD + 1)
    expect(notes.at(-1)).toMatch(/holds 2 more such contradictions of made\.$/)
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

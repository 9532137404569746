import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { formatSighting, parseSighting, type Sighting, sightingName } from '../../src/store/sighting.ts'
import { parseSightingName, type SightingName, suiteFolder, suiteOfFolder } from '../../src/store/store-layout.ts'
import { verdictOf } from '../making/signed-archive.ts'

const sha256 = fc.string().map((text) => sha256Of(text))
const kept = (name: string) => fc.record({ path: fc.constant(name), sha256, size: fc.nat() })
const time = fc
  .date({ min: new Date('1995-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => new Date(date))
const field = fc.option(fc.string(), { nil: undefined })

const anySighting: fc.Arbitrary<Sighting> = fc.record({
  archive: fc.constantFrom(new URL('http://ftp.debian.org/debian/'), new URL('file:///srv/a%20b/')),
  suite: fc.constantFrom('bookworm', 'buster/updates', './', 'a..b'),
  seen: time,
  date: time.map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  state: sha256,
  identity: fc.record({ origin: field, label: field, codename: field }),
  signers: fc.constant(['0'.repeat(40)]),
  release: fc.oneof(fc.tuple(kept('InRelease')), fc.tuple(kept('Release'), kept('Release.gpg'))),
  indexes: fc.array(kept('main/binary-amd64/Packages.xz'), { maxLength: 3 }),
})

describe('a sighting', () => {
  test('is read as it was written, and its name says what it is of', () => {
    fc.assert(
      fc.property(anySighting, (sighting) => {
        const name = nameOf(sighting)
        expect(parseSighting(formatSighting(sighting), 'x.json', name, sighting.suite)).toEqual(sighting)
        expect(name).toMatchObject({ seen: sighting.seen, date: sighting.date, state: sighting.state })
      }),
    )
  })

  test('is refused when a byte of it was changed', async () => {
    await fc.assert(
      fc.asyncProperty(anySighting, fc.nat(), fc.constantFrom('0', '1', 'x', '"', '}'), async (sighting, at, byte) => {
        const text = formatSighting(sighting)
        const place = at % text.length
        const changed = text.slice(0, place) + byte + text.slice(place + 1)
        // White space alone means nothing, and no byte here is white space.
        if (changed === text) return
        expect(await verdictOf(() => parseSighting(changed, 'x.json', nameOf(sighting), sighting.suite))).toBe(
          /^\s$/.test(text[place] ?? '') && isSame(changed, text) ? 'accepted' : 'EVIDENCE',
        )
      }),
    )
  })

  test('is refused under another name and for another suite', async () => {
    const [sighting] = fc.sample(anySighting, { numRuns: 1, seed: 1 })
    if (sighting === undefined) throw new Error('none')
    const text = formatSighting(sighting)
    const other = { ...nameOf(sighting), seen: new Date(0) }
    expect(await verdictOf(() => parseSighting(text, 'x.json', other, sighting.suite))).toBe('EVIDENCE')
    expect(await verdictOf(() => parseSighting(text, 'x.json', nameOf(sighting), 'other'))).toBe('EVIDENCE')
    expect(await verdictOf(() => parseSighting('', 'x.json', nameOf(sighting), sighting.suite))).toBe('EVIDENCE')
  })
})

describe('a store', () => {
  test('keeps every suite in a folder of its own below itself', () => {
    const suites = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', '.', '/', '%', '~', 'E', '2') })
    fc.assert(
      fc.property(suites, (suite) => {
        const folder = suiteFolder('/store', suite)
        expect(path.dirname(folder)).toBe('/store/sightings')
        expect(path.basename(folder)).not.toMatch(/^\.\.?$/)
        expect(suiteOfFolder(path.basename(folder))).toBe(suite)
      }),
    )
  })

  test.each([
    '',
    '.',
    'a/b',
    '20261122T223057.123Z.json',
    '.part',
    `20261322T223057.123Z_20261122T223057Z_${'0'.repeat(16)}_${'0'.repeat(64)}_${'0'.repeat(16)}.json`,
  ])('takes no file %j for a sighting', (name) => expect(parseSightingName(name)).toBeUndefined())
})

function isSame(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
  } catch {
    return false
  }
}

function nameOf(sighting: Sighting): SightingName {
  const name = parseSightingName(sightingName(sighting))
  if (name === undefined) throw new Error('it has no name')
  return name
}

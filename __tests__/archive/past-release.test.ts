import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { enums, type PrivateKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { judgeRelease, pairNamed, type ReleaseBytes, splitNamed } from '../../src/archive/read-release.ts'
import { verifyRelease } from '../../src/archive/release.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  DAY,
  HOUR,
  keyringOf,
  latin1,
  newKey,
  once,
  releaseDate,
  releaseText,
  signature,
  type Verdict,
  verdictOf,
} from '../making/signed-archive.ts'

const UNTRUSTED = 'RELEASE_UNTRUSTED'
const TIME = 'RELEASE_TIME'
const MINUTE = 60
const COMPROMISED = { flag: enums.reasonForRevocation.keyCompromised, string: '' }
const RETIRED = { flag: enums.reasonForRevocation.keyRetired, string: '' }

const archiveKey = once(() => newKey())
/** Ended ten days before the clock of these tests. */
const endedKey = once(() => newKey({ name: 'Ended', expiresAfter: 355 * DAY }))
/** Ends ten days after it. */
const endingKey = once(() => newKey({ name: 'Ending', expiresAfter: 375 * DAY }))
const compromisedKey = once(async () => await (await newKey({ name: 'Stolen' })).revoke(COMPROMISED, ago(DAY)))
const retiredKey = once(async () => await (await newKey({ name: 'Retired' })).revoke(RETIRED, ago(DAY)))

interface Made {
  readonly key?: () => Promise<PrivateKey>
  /** Seconds before the clock of these tests. */
  readonly dated: number
  readonly signed?: readonly number[]
  readonly at?: number
  readonly fields?: Readonly<Record<string, string>>
  readonly past?: boolean
  readonly maxAge?: number
  /** Seconds before the clock. */
  readonly servedAt?: number
}

async function judge({ key = archiveKey, dated, signed, at = 0, fields, past = true, maxAge, servedAt }: Made) {
  const text = releaseText({ Date: releaseDate(ago(dated)), ...fields })
  const signer = await key()
  const times = signed ?? [dated - 2 * MINUTE]
  const packets = await Promise.all(times.map((time) => signature(text, signer, { date: ago(time) })))
  return await verifyRelease(splitInRelease(latin1(clearsigned(text, block(...packets)))), {
    keyring: await keyringOf([signer]),
    at: ago(at),
    suite: 'made',
    past,
    ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }),
    ...(servedAt === undefined ? {} : { servedAt: ago(servedAt) }),
  })
}

async function verdict(made: Made): Promise<Verdict> {
  return await verdictOf(() => judge(made))
}

describe('a past release file', () => {
  it.each<[name: string, made: Made, expected: Verdict]>([
    ['of before the clock: yes', { dated: 30 * DAY }, 'accepted'],
    [
      'past its Valid-Until: yes',
      { dated: 30 * DAY, fields: { 'Valid-Until': releaseDate(ago(20 * DAY)) } },
      'accepted',
    ],
    ['signed anew years later, at that time: yes', { dated: 0, at: 300 * DAY }, 'accepted'],
    [
      'signed half an hour after its date, with the clock in between: yes',
      { dated: HOUR, signed: [1800], at: 2700 },
      'accepted',
    ],
    ['signed a few seconds before its date: yes', { dated: 30 * DAY, signed: [30 * DAY + 5] }, 'accepted'],
    ['signed half a minute before its date: no', { dated: 30 * DAY, signed: [30 * DAY + 30] }, TIME],
    ['signed 38 minutes after its date: yes', { dated: 30 * DAY, signed: [30 * DAY - 38 * MINUTE] }, 'accepted'],
    ['signed a day after its date: no', { dated: 30 * DAY, signed: [29 * DAY] }, TIME],
    [
      'signed a day after its date, and within the hour as well: yes',
      { dated: 30 * DAY, signed: [29 * DAY, 30 * DAY] },
      'accepted',
    ],
    ['dated long before it was signed, by a key of today: no', { dated: 300 * DAY, signed: [DAY] }, TIME],
    ['by a key that had ended by the clock: no', { key: endedKey, dated: 30 * DAY }, UNTRUSTED],
    ['by the same key, with the clock of then: yes', { key: endedKey, dated: 30 * DAY, at: 29 * DAY }, 'accepted'],
    ['by the same key, signed anew after its end: no', { key: endedKey, dated: DAY, at: 29 * DAY }, UNTRUSTED],
    ['by a key from after the clock, at its time: yes', { key: endingKey, dated: -2 * DAY, at: 400 * DAY }, 'accepted'],
    [
      'by a key that was stolen since, whatever the clock: no',
      { key: compromisedKey, dated: 30 * DAY, at: 29 * DAY },
      UNTRUSTED,
    ],
    ['by a key that was retired by the clock: no', { key: retiredKey, dated: 30 * DAY }, UNTRUSTED],
    [
      'by a key that was retired since, with the clock of then: yes',
      { key: retiredKey, dated: 30 * DAY, at: 29 * DAY },
      'accepted',
    ],
    ['of another suite: no', { dated: 30 * DAY, fields: { Codename: 'other', Suite: 'other' } }, 'RELEASE_SUITE'],
  ])('%s', async (_name, made, expected) => {
    expect(await verdict(made)).toBe(expected)
  })

  it('is not what is served now: there Valid-Until and a date in the future count', async () => {
    expect(await verdict({ dated: 0, at: 300 * DAY, past: false })).toBe(UNTRUSTED)
    const fields = { 'Valid-Until': releaseDate(ago(20 * DAY)) }
    expect(await verdict({ dated: 30 * DAY, fields, past: false })).toBe(TIME)
    expect(await verdict({ dated: 30 * DAY, signed: [29 * DAY], past: false })).toBe('accepted')
  })

  it('says when the key that signed it ends', async () => {
    const [signer] = (await judge({ key: endingKey, dated: DAY })).signers
    expect(signer?.expires).toEqual(ago(-10 * DAY))
    expect((await judge({ dated: DAY })).signers[0]).not.toHaveProperty('expires')
  })
})

describe('a past release file, at the time when it was served', () => {
  const until = (days: number) => ({ fields: { 'Valid-Until': releaseDate(ago(days * DAY)) } })

  it.each<[name: string, made: Made, expected: Verdict]>([
    ['still valid: yes', { dated: 30 * DAY, servedAt: 29 * DAY, ...until(23) }, 'accepted'],
    ['valid without an end: yes', { dated: 300 * DAY, servedAt: 3 * DAY }, 'accepted'],
    [
      'over already, as from a mirror that is held back: no',
      { dated: 30 * DAY, servedAt: 20 * DAY, ...until(23) },
      TIME,
    ],
    ['not made yet: no', { dated: 3 * DAY, servedAt: 4 * DAY }, TIME],
  ])('%s', async (_name, made, expected) => {
    expect(await verdict(made)).toBe(expected)
  })
})

describe('max-age', () => {
  it.each<[name: string, made: Made, expected: Verdict]>([
    ['refuses what is older', { dated: 15 * DAY, maxAge: 14 * DAY }, TIME],
    ['takes what is younger', { dated: 13 * DAY, maxAge: 14 * DAY }, 'accepted'],
    [
      'refuses what is older though its Valid-Until is still to come, as Max-ValidTime of apt does',
      { dated: 15 * DAY, maxAge: 14 * DAY, fields: { 'Valid-Until': releaseDate(AT) } },
      TIME,
    ],
    [
      'does not make good what is past its Valid-Until',
      { dated: 13 * DAY, maxAge: 14 * DAY, fields: { 'Valid-Until': releaseDate(new Date(AT.getTime() - 1000)) } },
      TIME,
    ],
  ])('%s', async (_name, made, expected) => {
    expect(await verdict({ past: false, ...made })).toBe(expected)
  })
})

describe('historic release files of Debian, as past ones', async () => {
  const root = join(import.meta.dirname, '../..')
  const samples = join(root, '../shared/samples/public/historic')
  const debian = new Keyring(await readCertificates(readFileSync(join(root, 'keyrings/debian.asc')), 'debian.asc'))
  const buster = join(samples, 'hist-buster-10.13-2023-06-10.InRelease')
  const stretch = join(samples, 'hist-stable__047cb67a.Release')

  const verdictAt = async (bytes: ReleaseBytes, suite: string, at: string): Promise<Verdict> =>
    await verdictOf(() => judgeRelease(bytes, { keyring: debian, at: new Date(at), suite, past: true }))

  it.skipIf(!existsSync(buster))(
    'buster 10.13, signed anew in 2023: for a build of 2021 too, not after its keys (skipped without samples)',
    async () => {
      const bytes = splitNamed('buster', readFileSync(buster))
      expect(await verdictAt(bytes, 'buster', '2021-03-31T15:00:00Z')).toBe('accepted')
      expect(await verdictAt(bytes, 'buster', '2023-06-10T09:00:00Z')).toBe('accepted')
      expect(await verdictAt(bytes, 'buster', '2026-11-01T00:00:00Z')).toBe('accepted')
      expect(await verdictAt(bytes, 'buster', '2029-02-12T00:00:00Z')).toBe(UNTRUSTED)
      expect(await verdictAt(bytes, 'bullseye', '2023-06-10T09:00:00Z')).toBe('RELEASE_SUITE')
    },
  )

  it.skipIf(!existsSync(stretch))(
    'stretch 9.3 with its Release.gpg: in its time, not after its keys (skipped without samples)',
    async () => {
      const bytes = pairNamed('Release', readFileSync(stretch), 'Release.gpg', readFileSync(`${stretch}.gpg`))
      expect(await verdictAt(bytes, 'stretch', '2017-12-10T00:00:00Z')).toBe('accepted')
      expect(await verdictAt(bytes, 'stretch', '2017-12-01T00:00:00Z')).toBe('accepted')
      expect(await verdictAt(bytes, 'stretch', '2025-05-21T00:00:00Z')).toBe(UNTRUSTED)
      const { release } = await judgeRelease(bytes, {
        keyring: debian,
        at: new Date('2017-12-10T00:00:00Z'),
        suite: 'stretch',
        past: true,
      })
      expect(release.signers.map(({ expires }) => expires?.toISOString().slice(0, 10)).sort()).toEqual([
        '2020-04-25',
        '2022-11-19',
        '2025-05-18',
      ])
    },
  )
})

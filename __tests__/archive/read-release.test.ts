import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { judgeRelease, pairNamed, readRelease, splitNamed } from '../../src/archive/read-release.ts'
import { MAX_RELEASE_FILE } from '../../src/limits.ts'
import { closeAll, downloads, type Files, serveFiles } from '../making/loopback-server.ts'
import {
  AT,
  block,
  clearsigned,
  judgePair,
  keyringOf,
  newKey,
  releaseText,
  sha256Hex,
  signature,
  type Verdict,
  verdictOf,
} from '../making/signed-archive.ts'

const TEXT = releaseText()
const RELEASE = `${TEXT}\n`
const MALFORMED = 'RELEASE_MALFORMED'
const UNTRUSTED = 'RELEASE_UNTRUSTED'

let keyring: Keyring
let inRelease: string
let packet: Buffer
let gpg: string
let otherGpg: string

beforeAll(async () => {
  const key = await newKey()
  keyring = await keyringOf([key])
  inRelease = clearsigned(TEXT, block(await signature(TEXT, key)))
  packet = await signature(RELEASE, key)
  gpg = block(packet)
  otherGpg = block(await signature(`${RELEASE}X: y\n`, key))
})

afterEach(closeAll)

describe('Detached', () => {
  const clearsignedRelease = (): string => inRelease
  it.each<[name: string, release: () => string, signatures: () => string | Uint8Array, verdict: Verdict]>([
    ['Release with its Release.gpg', () => RELEASE, () => gpg, 'accepted'],
    ['two blocks', () => RELEASE, () => gpg + gpg, 'accepted'],
    ['Payload before blocks', () => RELEASE, () => `${RELEASE}${gpg}`, MALFORMED],
    ['Payload between blocks', () => RELEASE, () => `${gpg}${RELEASE}${gpg}`, MALFORMED],
    ['Payload after blocks', () => RELEASE, () => `${gpg}${RELEASE}`, MALFORMED],
    ['blank lines after blocks', () => RELEASE, () => `${gpg}\n`, MALFORMED],
    ['binary', () => RELEASE, () => packet, MALFORMED],
    ['empty', () => RELEASE, () => '', MALFORMED],
    ['empty armor', () => RELEASE, () => block(), MALFORMED],
    ['unclosed', () => RELEASE, () => gpg.replace(/-----END.*\n/, ''), MALFORMED],
    ['PGP MESSAGE armor', () => RELEASE, () => gpg.replaceAll('PGP SIGNATURE', 'PGP MESSAGE'), MALFORMED],
    ['an InRelease as Release.gpg', () => RELEASE, () => inRelease, MALFORMED],
    ['signature over another file', () => RELEASE, () => otherGpg, UNTRUSTED],
    ['Release modified', () => RELEASE.replace('made', 'evil'), () => gpg, UNTRUSTED],
    ['Release appended', () => `${RELEASE}X: y\n`, () => gpg, UNTRUSTED],
    ['Release is itself clearsigned', clearsignedRelease, () => gpg, MALFORMED],
    ['empty Release', () => '', () => gpg, MALFORMED],
    ['CRLF line ends', () => RELEASE.replaceAll('\n', '\r\n'), () => gpg, 'accepted'],
    ['CRLF line ends of the signature', () => RELEASE, () => gpg.replaceAll('\n', '\r\n'), 'accepted'],
    ['line ends of both kinds', () => RELEASE.replace('\n', '\r\n'), () => gpg, MALFORMED],
    ['a carriage return inside of a line', () => RELEASE.replace('Made', 'Ma\rde'), () => gpg, MALFORMED],
  ])('%s', async (_name, release, signatures, expected) => {
    expect(await judgePair(release(), signatures(), keyring)).toBe(expected)
  })
})

describe('Downgrade', () => {
  async function verdict(files: Files): Promise<{ verdict: Verdict; asked: string[] }> {
    const { base, asked } = await serveFiles(files)
    return {
      verdict: await verdictOf(() => readRelease(downloads(), base, { keyring, at: AT, suite: 'made' })),
      asked: [...new Set(asked)],
    }
  }

  it('InRelease there: Release is not looked at', async () => {
    expect(await verdict({ InRelease: inRelease, Release: 'x', 'Release.gpg': 'x' })).toEqual({
      verdict: 'accepted',
      asked: ['/InRelease'],
    })
  })

  it('InRelease missing (HTTP 404): falls back to Release + Release.gpg', async () => {
    expect(await verdict({ Release: RELEASE, 'Release.gpg': gpg })).toEqual({
      verdict: 'accepted',
      asked: ['/InRelease', '/Release', '/Release.gpg'],
    })
  })

  it.each([400, 401, 403, 410, 451, 500, 503, 204])('another status (%i) does not fall back', async (status) => {
    expect(await verdict({ InRelease: status, Release: RELEASE, 'Release.gpg': gpg })).toEqual({
      verdict: 'FETCH',
      asked: ['/InRelease'],
    })
  })

  it.each([
    ['a page', '<html>not found</html>', MALFORMED],
    ['empty', '', MALFORMED],
    ['unsigned', RELEASE, MALFORMED],
    ['forged', () => inRelease.replace('made', 'evil'), UNTRUSTED],
    ['too large', 'x'.repeat(MAX_RELEASE_FILE + 1), 'TOO_LARGE'],
  ])('junk (%s) does not fall back', async (_name, junk, expected) => {
    const files = { InRelease: typeof junk === 'string' ? junk : junk(), Release: RELEASE, 'Release.gpg': gpg }
    expect(await verdict(files)).toEqual({ verdict: expected, asked: ['/InRelease'] })
  })

  it('Signed before, unsigned now: no', async () => {
    const files: Record<string, string> = { InRelease: inRelease }
    const { base } = await serveFiles(files)
    const request = { keyring, at: AT, suite: 'made' }
    expect(await verdictOf(() => readRelease(downloads(), base, request))).toBe('accepted')
    delete files['InRelease']
    files['Release'] = RELEASE
    expect(await verdictOf(() => readRelease(downloads(), base, request))).toBe(UNTRUSTED)
  })

  it('no signature at all: no', async () => {
    expect((await verdict({ Release: RELEASE })).verdict).toBe(UNTRUSTED)
    expect((await verdict({})).verdict).toBe('NOT_FOUND')
    expect((await verdict({ Release: RELEASE, 'Release.gpg': 500 })).verdict).toBe('FETCH')
  })
})

it('keeps the files that the verdict rests on, by their hashes as they were read', async () => {
  const { base } = await serveFiles({ Release: RELEASE, 'Release.gpg': gpg })
  const { release, evidence } = await readRelease(downloads(), base, { keyring, at: AT, suite: 'made' })
  expect(evidence).toMatchObject([
    {
      kind: 'release',
      url: `${base.href}Release`,
      sha256: sha256Hex(RELEASE),
      size: RELEASE.length,
      date: release.date,
    },
    {
      kind: 'release-signature',
      url: `${base.href}Release.gpg`,
      sha256: sha256Hex(gpg),
      signers: [...new Set(release.signers.map(({ primaryFingerprint }) => primaryFingerprint))],
    },
  ])
})

describe('historic release files of Debian', async () => {
  const root = join(import.meta.dirname, '../..')
  const samples = join(root, '../shared/samples/public/historic')
  const buster = join(samples, 'hist-buster-10.13-2023-06-10.InRelease')
  const stable = join(samples, 'hist-stable__047cb67a.Release')
  const debian = new Keyring(await readCertificates(readFileSync(join(root, 'keyrings/debian.asc')), 'debian.asc'))

  it.skipIf(!existsSync(buster))(
    'buster 10.13: at its own date and not before or after its keys (skipped without samples)',
    async () => {
      const verdictAt = (at: string): Promise<Verdict> =>
        verdictOf(async () => {
          const bytes = splitNamed('buster', readFileSync(buster))
          await judgeRelease(bytes, { keyring: debian, at: new Date(at), suite: 'buster' })
        })
      expect(await verdictAt('2023-06-11T00:00:00Z')).toBe('accepted')
      expect(await verdictAt('2026-11-01T00:00:00Z')).toBe('accepted')
      expect(await verdictAt('2023-06-09T00:00:00Z')).toMatch(/^RELEASE_(TIME|UNTRUSTED)$/)
      expect(await verdictAt('2029-02-12T00:00:00Z')).toBe(UNTRUSTED)
    },
  )

  it.skipIf(!existsSync(stable))('an old stable with Release.gpg: the same (skipped without samples)', async () => {
    const text = readFileSync(stable)
    const written = /^Date: (.*)$/m.exec(text.toString('latin1'))?.[1] ?? ''
    const codename = /^Codename: (.*)$/m.exec(text.toString('latin1'))?.[1] ?? ''
    const verdictAt = (at: Date): Promise<Verdict> =>
      verdictOf(async () => {
        const bytes = pairNamed('Release', text, 'Release.gpg', readFileSync(`${stable}.gpg`))
        await judgeRelease(bytes, { keyring: debian, at, suite: codename })
      })
    const date = new Date(written)
    const days = (count: number): Date => new Date(date.getTime() + count * 86_400_000)
    expect(await verdictAt(days(1))).toBe('accepted')
    expect(await verdictAt(days(-1))).toMatch(/^RELEASE_(TIME|UNTRUSTED)$/)
    expect(await verdictAt(days(20 * 365))).toBe(UNTRUSTED)
  })
})

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Keyring } from '../../src/archive/keyring.ts'
import { type VerifiedRelease, verifyRelease } from '../../src/archive/release.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'
import { isDebproofError } from '../../src/errors.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  DAY,
  HOUR,
  type JudgeOptions,
  judgeInRelease,
  keyringOf,
  latin1,
  newKey,
  releaseDate,
  releaseText,
  row,
  sha256Hex,
  signature,
  type Verdict,
} from '../making/signed-archive.ts'

let keyring: Keyring
let sign: (text: string) => Promise<string>

beforeAll(async () => {
  const key = await newKey()
  keyring = await keyringOf([key])
  sign = async (lines) => {
    const text = lines.replaceAll(/[ \t]+$/gm, '')
    return clearsigned(text, block(await signature(text, key)))
  }
})

type Fields = Readonly<Record<string, string | undefined>>

async function verdict(fields: Fields, options?: JudgeOptions): Promise<Verdict> {
  return await judgeInRelease(await sign(releaseText(fields)), keyring, options)
}

async function facts(fields: Fields): Promise<VerifiedRelease> {
  return await verifyRelease(splitInRelease(latin1(await sign(releaseText(fields)))), { keyring, at: AT })
}

type Rows = readonly (readonly [name: string, fields: Fields, verdict: Verdict, options?: JudgeOptions])[]

function verdicts(rows: Rows): void {
  for (const [name, fields, expected, options] of rows) {
    it(name, async () => {
      expect(await verdict(fields, options)).toBe(expected)
    })
  }
}

const PATH = 'main/binary-amd64/Packages'
const SHA256 = row(PATH, 'x')
const section = (...rows: readonly string[]): string => `\n${rows.join('\n')}`
const MALFORMED = 'RELEASE_MALFORMED'
const SHA512_HEX = 'a'.repeat(128)

describe('Hashes', () => {
  verdicts([
    ['Only MD5 in Release', { SHA256: undefined, MD5Sum: section(row(PATH, 'x', 'd'.repeat(32))) }, MALFORMED],
    ['Only SHA1 in Release', { SHA256: undefined, SHA1: section(row(PATH, 'x', 'd'.repeat(40))) }, MALFORMED],
    ['Only SHA512 in Release', { SHA256: undefined, SHA512: section(row(PATH, 'x', SHA512_HEX)) }, MALFORMED],
    ['none in Release', { SHA256: undefined }, MALFORMED],
    ['empty hash section', { SHA256: '' }, MALFORMED],
    ['SHA256 and SHA512', { SHA256: section(SHA256), SHA512: section(row(PATH, 'x', SHA512_HEX)) }, 'accepted'],
    ['a SHA512 that is none', { SHA256: section(SHA256), SHA512: section(row(PATH, 'x', 'abc')) }, MALFORMED],
  ])

  it('SHA256 absent for one index, and no other strong hash: that index is known to be there and not listed', async () => {
    const { entries, unhashed } = await facts({
      SHA256: section(SHA256),
      MD5Sum: section(row(PATH, 'x', 'd'.repeat(32)), row('main/source/Sources', 'x', 'd'.repeat(32))),
    })
    expect([...entries.keys()]).toEqual([PATH])
    expect([...unhashed]).toEqual(['main/source/Sources'])
  })

  it('SHA512 alone for one index: no, apt would read what nobody here sees', async () => {
    const fields = { SHA256: section(SHA256), SHA512: section(row('contrib/source/Sources', 'x', SHA512_HEX)) }
    await expect(facts(fields)).rejects.toThrow('with a SHA-512 and without a SHA-256')
  })

  it.each<[string, Record<string, string | undefined>, boolean]>([
    ['named among the architectures', { Architectures: 'all amd64' }, true],
    ['not named', { Architectures: 'amd64' }, false],
    ['where none is named, as apt takes it', { Architectures: undefined }, true],
    ["ruled out in Debian's words", { Architectures: 'all', 'No-Support-for-Architecture-all': 'Packages' }, false],
    ['ruled out in one word of several', { 'No-Support-for-Architecture-all': 'Sources  Packages Contents' }, false],
    ['ruled out for other indexes', { 'No-Support-for-Architecture-all': 'Contents Sources' }, true],
    ['ruled out in another case, which is another word', { 'No-Support-for-Architecture-all': 'packages' }, true],
    [
      'ruled out in a list with commas, which is one word',
      { 'No-Support-for-Architecture-all': 'Packages,Sources' },
      true,
    ],
    ['named in another case, which is another word', { Architectures: 'amd64 ALL' }, false],
    ['named twice', { Architectures: 'all  amd64 all' }, true],
  ])('binary-all is read as apt reads it: %s', async (_, fields, expected) => {
    expect((await facts({ Architectures: 'all amd64', ...fields })).hasArchitectureAllIndex).toBe(expected)
  })

  // apt splits at spaces alone, and strips at the ends what is no blank for others: whether it reads binary-all then
  // is not guessed at.
  it.each(['Architectures', 'No-Support-for-Architecture-all'])(
    'no words that apt and others tell apart: %s',
    async (field) => {
      for (const value of [
        'x\tall Packages',
        'all Packages\tx',
        'x\n all',
        '\n all',
        'all Packages\f',
        '\vall',
        'all\xa0',
      ]) {
        await expect(facts({ [field]: value }), JSON.stringify(value)).rejects.toThrow(
          'apt and others read in different ways',
        )
      }
      await expect(facts({ [field]: '' })).resolves.toBeDefined()
    },
  )

  it('keeps size, SHA-256 and SHA-512 of each file', async () => {
    const { entries } = await facts({ SHA256: section(SHA256), SHA512: section(row(PATH, 'x', SHA512_HEX)) })
    expect(entries.get(PATH)).toEqual({ path: PATH, size: 1, sha256: sha256Hex('x'), sha512: SHA512_HEX })
  })
})

describe('Index: entries of the release file', () => {
  const hash = sha256Hex('x')
  const rows = (...lines: readonly string[]): Fields => ({ SHA256: section(...lines) })
  verdicts([
    ['Upper-case hash', rows(row(PATH, 'x', hash.toUpperCase())), MALFORMED],
    ['short hash', rows(row(PATH, 'x', hash.slice(1))), MALFORMED],
    ['duplicate Release entry', rows(SHA256, SHA256), 'accepted'],
    ['duplicate Release entry, the same in other letters', rows(SHA256, row(PATH, 'x', hash.toUpperCase())), MALFORMED],
    ['duplicate Release entry of another size', rows(SHA256, row(PATH, 'xx', hash)), MALFORMED],
    ['duplicate Release entry that disagrees', rows(SHA256, row(PATH, 'y')), MALFORMED],
    [
      'duplicate entry in a weak section',
      { SHA256: section(SHA256), MD5Sum: section(...Array(2).fill(row(PATH, 'x', 'd'.repeat(32)))) },
      'accepted',
    ],
    [
      'duplicate entry in a weak section that disagrees',
      { MD5Sum: section(row(PATH, '', 'd'.repeat(32)), row(PATH, '', 'e'.repeat(32))) },
      MALFORMED,
    ],
    ['row without size', rows(` ${hash} ${PATH}`), MALFORMED],
    ['row without a name', rows(` ${hash} 1`), MALFORMED],
    ['row with a fourth word', rows(`${SHA256} x`), MALFORMED],
    ['Size that is no number', rows(` ${hash} 1abc ${PATH}`), MALFORMED],
    ['negative size', rows(` ${hash} -1 ${PATH}`), MALFORMED],
    ['huge size', rows(` ${hash} 1${'0'.repeat(15)} ${PATH}`), MALFORMED],
    [
      'Sizes differ between the hash sections of Release',
      { SHA256: section(SHA256), MD5Sum: section(row(PATH, 'xx', 'd'.repeat(32))) },
      MALFORMED,
    ],
    [
      'Sizes differ between SHA256 and SHA512',
      { SHA256: section(SHA256), SHA512: section(row(PATH, 'xx', SHA512_HEX)) },
      MALFORMED,
    ],
    ...['../x', 'main/../../x', '/etc/passwd', 'a//b', 'a/./b', 'http://x/y', 'a\\b', 'a?b', 'a#b', 'a\xe9'].flatMap(
      (path): Rows => [[`path tricks in Release names: ${path}`, rows(SHA256, row(path, 'x')), MALFORMED]],
    ),
    ['columns apart by several blanks and tabs', rows(`  ${hash} \t  1 \t${PATH} `), 'accepted'],
  ])

  it('ignores rows that begin with ./ as apt does', async () => {
    const { entries } = await facts(rows(SHA256, row('./Release', 'y'), row('./../x', 'y')))
    expect([...entries.keys()]).toEqual([PATH])
  })
})

describe('Index: fields of the release file', () => {
  verdicts([
    ['Duplicate field', { Origin: 'Made\nOrigin: Evil' }, MALFORMED],
    ['Duplicate field in other case', { Origin: 'Made\norigin: Evil' }, MALFORMED],
    ['line without a colon before SHA256:', { Description: 'x\nno colon here' }, MALFORMED],
    ['blank before the colon', { Codename: undefined, 'Codename ': 'made', Suite: undefined }, 'accepted'],
    ['a name of two words', { 'Origin x': 'Made' }, MALFORMED],
    ['Names in other case', { Codename: undefined, CODENAME: 'made' }, 'accepted'],
    ['very long fields', { Description: Array(500).fill('x'.repeat(10_000)).join('\n ') }, 'accepted'],
  ])
})

const untils = (first: Date, last: Date): string => `${releaseDate(first)}\nValid-Until: ${releaseDate(last)}`

describe('Time', () => {
  verdicts([
    ['Valid-Until past', { 'Valid-Until': releaseDate(ago(1)) }, 'RELEASE_TIME'],
    ['Valid-Until now', { 'Valid-Until': releaseDate(AT) }, 'accepted'],
    ['Valid-Until to come', { 'Valid-Until': releaseDate(ago(-DAY)) }, 'accepted'],
    ['Valid-Until past, but not at --at', { 'Valid-Until': releaseDate(ago(1)) }, 'accepted', { at: ago(HOUR / 2) }],
    ['empty Valid-Until', { 'Valid-Until': '' }, 'accepted'],
    ['Valid-Until past, as asctime writes it', { 'Valid-Until': 'Mon Jun  1 11:59:59 2026' }, 'RELEASE_TIME'],
    ['Valid-Until to come, as asctime writes it', { 'Valid-Until': 'Mon Jun  1 12:00:01 2026' }, 'accepted'],
    ['Valid-Until of RFC 850', { 'Valid-Until': 'Tuesday, 02-Jun-26 00:00:00 GMT' }, 'accepted'],
    ['Valid-Until of RFC 850, past', { 'Valid-Until': 'Monday, 01-Jun-26 11:59:59 GMT' }, 'RELEASE_TIME'],
    ['Valid-Until twice, the last past', { 'Valid-Until': untils(ago(-1), ago(1)) }, 'RELEASE_TIME'],
    ['Valid-Until twice, the first past', { 'Valid-Until': untils(ago(1), ago(-1)) }, 'accepted'],
    ['Date twice, the last ahead', { Date: `${releaseDate(ago(1))}\nDate: ${releaseDate(ago(-11))}` }, 'RELEASE_TIME'],
    ['Date twice, the first ahead', { Date: `${releaseDate(ago(-11))}\nDate: ${releaseDate(ago(1))}` }, 'accepted'],
    ['Date as asctime writes it', { Date: 'Mon Jun  1 11:00:00 2026' }, 'accepted'],
    ['Date ahead, as asctime writes it', { Date: 'Mon Jun  1 12:00:11 2026' }, 'RELEASE_TIME'],
    ['Date of RFC 850', { Date: 'Monday, 01-Jun-26 11:00:00 GMT' }, 'accepted'],
    ['Date of RFC 850, ahead', { Date: 'Monday, 01-Jun-26 12:00:11 GMT' }, 'RELEASE_TIME'],
    ['Date in small letters', { Date: 'mon, 01 jun 2026 11:00:00 UTC' }, 'accepted'],
    ['Valid-Until that cannot be read', { 'Valid-Until': 'next week' }, MALFORMED],
    ['Valid-Until in another time zone', { 'Valid-Until': 'Fri, 01 Jan 2027 00:00:00 +0200' }, MALFORMED],
    ['Date over 10 s ahead', { Date: releaseDate(ago(-11)) }, 'RELEASE_TIME'],
    ['Date 10 s ahead', { Date: releaseDate(ago(-10)) }, 'accepted'],
    ['No Date', { Date: undefined }, MALFORMED],
    ['Date that cannot be read', { Date: '2026-06-01T00:00:00Z' }, MALFORMED],
    ['empty Date', { Date: '' }, MALFORMED],
    ['Suite asked differs from Codename and Suite', {}, 'RELEASE_SUITE', { suite: 'other' }],
    ['neither Codename nor Suite', { Codename: undefined, Suite: undefined }, 'RELEASE_SUITE'],
    ['Suite asked is the Codename', {}, 'accepted', { suite: 'made' }],
    ['Suite asked is the Suite', {}, 'accepted', { suite: 'stable' }],
    ['(`x/updates` may say `x`)', {}, 'accepted', { suite: 'made/updates' }],
    ['x/updates where x is another', {}, 'RELEASE_SUITE', { suite: 'other/updates' }],
    ['x where the Codename is x/updates', { Codename: 'made/updates', Suite: 'x' }, 'RELEASE_SUITE', { suite: 'made' }],
    ['a flat archive has no suite to compare', {}, 'accepted', { suite: './' }],
    ['release-name is the Codename', {}, 'accepted', { suite: 'any', releaseName: 'made' }],
    ['release-name is the Suite', {}, 'accepted', { suite: '2026/06', releaseName: 'stable' }],
    ['release-name is another, though the suite fits', {}, 'RELEASE_SUITE', { suite: 'made', releaseName: 'other' }],
    [
      'release-name with /updates is taken by the letter',
      {},
      'RELEASE_SUITE',
      { suite: 'x', releaseName: 'made/updates' },
    ],
    ['release-name of a flat archive', {}, 'accepted', { suite: './', releaseName: 'made' }],
    ['release-name of a flat archive that is another', {}, 'RELEASE_SUITE', { suite: './', releaseName: 'other' }],
    [
      'release-name where the file has none',
      { Codename: undefined, Suite: undefined },
      'RELEASE_SUITE',
      { suite: './', releaseName: 'made' },
    ],
  ])

  it('names the names that the file has, and the key of a policy that takes one of them', async () => {
    const refusal = async (fields: Fields, options = {}): Promise<string> => {
      const file = splitInRelease(latin1(await sign(releaseText(fields))))
      const judged = verifyRelease(file, { keyring, at: AT, suite: 'any', ...options })
      return await judged.then(String, (error: Error) => error.message)
    }
    expect(await refusal({})).toBe(
      'Suite any was asked for, but the release file says Codename "made" and Suite "stable". Where this is the suite ' +
        'that is meant, a policy says so: `release-name: "made"`.',
    )
    expect(await refusal({ Codename: undefined, Suite: '\x1b[2Jx' })).toContain('release-name: "\\u001b[2Jx"')
    expect(await refusal({ Codename: '', Suite: '' })).toContain('neither Codename nor Suite. Nothing in it tells')
    expect(await refusal({}, { releaseName: 'other' })).toBe(
      'The release file of suite any must be for other (release-name), and it says Codename "made" and Suite "stable".',
    )
  })

  it('looks at signatures before it looks at anything else', async () => {
    const other = await newKey({ name: 'Other' })
    const text = releaseText({ Date: undefined, SHA256: undefined })
    const file = clearsigned(text, block(await signature(text, other)))
    expect(await judgeInRelease(file, keyring)).toBe('RELEASE_UNTRUSTED')
  })
})

describe('verifyRelease', () => {
  it('hands out what the signed bytes say', async () => {
    const fields = { 'Valid-Until': releaseDate(ago(-DAY)), Architectures: 'all amd64  i386', 'Acquire-By-Hash': 'Yes' }
    const text = releaseText(fields)
    expect(await facts(fields)).toMatchObject({
      sha256: sha256Hex(text),
      size: text.length,
      suite: 'stable',
      codename: 'made',
      date: ago(DAY),
      validUntil: ago(-DAY),
      architectures: ['all', 'amd64', 'i386'],
      acquireByHash: true,
      hasArchitectureAllIndex: true,
    })
  })

  it.each([
    [{ Architectures: 'amd64' }, false],
    [{ Architectures: 'all amd64', 'No-Support-for-Architecture-all': 'Packages' }, false],
    [{ Architectures: 'all amd64', 'No-Support-for-Architecture-all': 'Contents' }, true],
  ])('knows from %o whether binary-all indexes are to be read: %s', async (fields, expected) => {
    expect((await facts(fields)).hasArchitectureAllIndex).toBe(expected)
  })

  it('throws nothing but a DebproofError, whatever the signed text says', async () => {
    const parts = fc.oneof(
      fc.constantFrom(
        'Date: ',
        'Valid-Until:',
        'SHA256:',
        'Codename: made',
        '\n',
        '\n ',
        ' ',
        ':',
        `${SHA256}\n`,
        '0 0 x',
      ),
      fc.constant(releaseDate(ago(DAY))),
      fc.string({ unit: 'binary-ascii', maxLength: 5 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(parts), async (list) => {
        const text = list.join('').replaceAll(/[\0\r]/g, '')
        try {
          await verifyRelease(splitInRelease(latin1(await sign(text))), { keyring, at: AT, suite: 'made' })
        } catch (error) {
          if (!isDebproofError(error)) throw error
          expect(error.code).not.toBe('RELEASE_UNTRUSTED')
        }
      }),
      { numRuns: 200 },
    )
  })
})

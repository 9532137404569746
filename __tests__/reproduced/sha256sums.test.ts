import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { isDebproofError } from '../../src/errors.ts'
import { MAX_SHA256SUMS, MAX_SHA256SUMS_LINES } from '../../src/limits.ts'
import type { Document } from '../../src/reproduced/document.ts'
import { filesSummedIn, parseSha256sums, verifySha256sums } from '../../src/reproduced/sha256sums.ts'
import { AT, ago, block, DAY, HOUR, keyringOf, newKey, once, signature } from '../making/signed-archive.ts'
import { clearsignedBy, documentOf, OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'

const parsed = (text: string) => parseSha256sums(text, 'SHA256SUMS')

function failure(text: string): unknown {
  try {
    return parsed(text)
  } catch (error) {
    return error
  }
}

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

describe('sums', () => {
  it('are what sha256sum prints, in text and in binary mode, in any folder, with or without a last newline', () => {
    const text = `${SHA256}  a_1_all.deb\n${OTHER_SHA256} *./b_1_all.deb\n${SHA256}  pool/main/c/c_1_all.deb`
    const expected = [
      ['a_1_all.deb', SHA256],
      ['b_1_all.deb', OTHER_SHA256],
      ['c_1_all.deb', SHA256],
    ]
    expect([...parsed(text)]).toEqual(expected)
    expect([...parsed(`${text}\n`)]).toEqual(expected)
  })

  it('may list a file twice that is the same', () => {
    expect(parsed(`${SHA256}  a.deb\n${SHA256}  a.deb\n${SHA256}  x/a.deb\n`)).toEqual(new Map([['a.deb', SHA256]]))
  })

  it('may list other files with one name and two hashes, and then give none of the two', () => {
    const text = `${SHA256}  x/README\n${SHA256}  a.deb\n${OTHER_SHA256}  y/README\n${SHA256}  z/README\n`
    expect([...parsed(text)]).toEqual([['a.deb', SHA256]])
    expect([...parsed(`${SHA256}  x/b\n${OTHER_SHA256}  y/b\n`)]).toEqual([])
  })

  it('may have blank lines, and comments that are not looked into', () => {
    const text = `# of 1.0\n\n${SHA256}  a.deb\n \t\n#${OTHER_SHA256}  a.deb\n# \xe9\r\n${SHA256}  b.deb\n\n`
    expect([...parsed(text).keys()]).toEqual(['a.deb', 'b.deb'])
  })

  it('may list file names with blanks and letters of any language, which no package has', () => {
    expect([...parsed(`${SHA256}  read me.txt\n${SHA256}   b\n${SHA256}  \xc3\xa9\n`).keys()]).toEqual([
      'read me.txt',
      ' b',
      '\xc3\xa9',
    ])
  })

  it('have no prototype that a file name could reach into', () => {
    expect(parsed(`${SHA256}  a\n`).get('__proto__')).toBeUndefined()
    expect(parsed(`${SHA256}  __proto__\n`).get('__proto__')).toBe(SHA256)
  })

  it.each([
    ['nothing', '', /line|no file/],
    ['blank lines and comments alone', `\n# ${SHA256}  a\n \t\n`, /lists no file/],
    ['a comment of another kind', `; sums\n${SHA256}  a\n`, /line 1/],
    ['an escaped name', `\\${SHA256}  a\\nb\n`, /escaped file name in line 1/],
    ['a carriage return', `${SHA256}  a\r\n`, /line 1/],
    ['a NUL', `${SHA256}  a\0b\n`, /line 1/],
    ['an escape sequence', `${SHA256}  a\x1b[2K\n`, /line 1/],
    ['one hash digit less', `${SHA256.slice(1)}  a\n`, /line 1/],
    ['one hash digit more', `${SHA256}0  a\n`, /line 1/],
    ['a hash in upper case', `${SHA256.toUpperCase()}  a\n`, /line 1/],
    ['a SHA-512', `${SHA256}${SHA256}  a\n`, /line 1/],
    ['one blank', `${SHA256} a\n`, /line 1/],
    ['a tab', `${SHA256}\ta\n`, /line 1/],
    ['a star in the wrong place', `${SHA256}* a\n`, /line 1/],
    ['no name', `${SHA256}  \n`, /line 1/],
    ['no name in a folder', `${SHA256}  a/\n`, /line 1/],
    ['a folder above', `${SHA256}  a/..\n`, /line 1/],
    ['the form of --tag', `SHA256 (a) = ${SHA256}\n`, /line 1/],
    [
      'two hashes of a package',
      `${SHA256}  a.deb\n${SHA256}  b\n${OTHER_SHA256}  a.deb\n`,
      /lists a\.deb with two different hashes/,
    ],
    ['two hashes in two modes', `${SHA256}  a.deb\n${OTHER_SHA256} *a.deb\n`, /a\.deb with two different hashes/],
    ['two hashes in two folders', `${SHA256}  x/a.udeb\n${OTHER_SHA256}  y/a.udeb\n`, /a\.udeb with two different/],
  ])('are refused whole with %s', (_name, text, pattern) => {
    expect(failure(text)).toEqual(statementError(pattern))
  })

  it('are refused when they have too many lines', () => {
    const error = failure(`${SHA256}  a\n`.repeat(MAX_SHA256SUMS_LINES + 1))
    expect(error).toEqual(expect.objectContaining({ code: 'TOO_LARGE' }))
    expect(parsed(`${SHA256}  a\n`.repeat(MAX_SHA256SUMS_LINES)).size).toBe(1)
  })

  it('give back every file that was written into them', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.~_ -]{0,20}$/)
    const folder = fc.constantFrom('', './', 'pool/main/', '/abs/', '../')
    const rows = fc.uniqueArray(
      fc.tuple(name, fc.stringMatching(/^[0-9a-f]{64}$/), folder, fc.constantFrom(' ', '*')),
      {
        selector: ([each]) => each,
        minLength: 1,
        maxLength: 10,
      },
    )
    fc.assert(
      fc.property(rows, (list) => {
        const text = list.map(([each, sha256, before, mode]) => `${sha256} ${mode}${before}${each}\n`).join('')
        expect([...parsed(text)]).toEqual(list.map(([each, sha256]) => [each, sha256]))
        expect(filesSummedIn(Buffer.from(text))).toEqual(new Set(list.map(([each]) => each.trimEnd())))
      }),
    )
  })

  it('throw nothing but a DebproofError, and hold no file twice read, whatever the text', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom(SHA256, OTHER_SHA256, '  ', ' *', '\n', 'a', '/', '\\', '\r', '..'),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 24 },
    )
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.join('')
        const result = failure(text)
        if (result instanceof Map) {
          // What is listed is in the text as a line of its own, and no other hash stands before that name.
          for (const [name, sha256] of result) {
            const lines = text
              .split('\n')
              .filter((line) => line.endsWith(name) && /^[ */]$/.test(line.at(-name.length - 1) ?? ''))
            expect(lines.some((line) => line.startsWith(sha256))).toBe(true)
          }
        } else if (!isDebproofError(result, 'STATEMENT', 'TOO_LARGE')) throw result
      }),
      { numRuns: 1000 },
    )
  })
})

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const SUMS = `${SHA256}  hello_1.0-1_amd64.deb\n${OTHER_SHA256}  other_1_all.deb\n`
const partyKey = once(() => newKey({ name: 'Party' }))
const unknownKey = once(() => newKey({ name: 'Unknown' }))
const party = once(async () => await keyringOf([await partyKey()]))
const armored = once(async () => block(await signature(SUMS, await partyKey())))
const binary = once(async () => await signature(SUMS, await partyKey()))

async function statement(sums: string | Document, beside?: string | Uint8Array, rebuilt = HELLO) {
  const document = typeof sums === 'string' ? documentOf(sums, 'SHA256SUMS') : sums
  const signed = beside === undefined ? undefined : documentOf(beside, 'SHA256SUMS.asc')
  return await verifySha256sums(document, signed, await party(), AT, rebuilt)
}

const refusal = async (sums: string | Document, beside?: string | Uint8Array): Promise<unknown> =>
  await statement(sums, beside).catch((error: unknown) => error)

describe('signed sums', () => {
  const attestations = [{ fileName: 'hello_1.0-1_amd64.deb', sha256: SHA256, sources: [] }]
  const evidence = async (name: string, kind: string, content: string | Uint8Array) => ({
    sha256: sha256Of(content),
    kind,
    url: `https://rebuilder.example/${name}`,
    size: content.length,
    date: ago(HOUR),
    signers: [(await partyKey()).getFingerprint().toUpperCase()],
  })

  it('with an armored signature beside them: both are evidence', async () => {
    expect(await statement(SUMS, await armored())).toEqual({
      evidence: [
        await evidence('SHA256SUMS', 'sha256sums', SUMS),
        await evidence('SHA256SUMS.asc', 'sha256sums-signature', await armored()),
      ],
      attestations,
      record: expect.objectContaining({ kind: 'sums' }),
    })
  })

  it('with a binary signature beside them', async () => {
    const { evidence: kept, attestations: said } = await statement(SUMS, await binary())
    expect(kept.map(({ kind }) => kind)).toEqual(['sha256sums', 'sha256sums-signature'])
    expect(said).toEqual(attestations)
  })

  it('with the signature around them', async () => {
    const file = await clearsignedBy(SUMS, await partyKey())
    expect(await statement(file)).toEqual({
      evidence: [await evidence('SHA256SUMS', 'sha256sums', file)],
      attestations,
      record: expect.objectContaining({ kind: 'sums' }),
    })
  })

  it('with blank lines after the signature, be it around them or beside them', async () => {
    const file = `${await clearsignedBy(SUMS, await partyKey())}\n \t\n\n`
    expect(await statement(file)).toEqual({
      evidence: [await evidence('SHA256SUMS', 'sha256sums', file)],
      attestations,
      record: expect.objectContaining({ kind: 'sums' }),
    })
    expect((await statement(SUMS, `${await armored()}\n\n`)).attestations).toEqual(attestations)
    expect(await refusal(`${SUMS}\n`, await armored())).toEqual(statementError(/BAD signature/))
  })

  it('say nothing of a file that they do not list, nor of one that differs in a letter', async () => {
    const others = ['hello_1.0-1_all.deb', 'hello_1.0-2_amd64.deb', 'ello_1.0-1_amd64.deb', 'hello_1.0-1_amd6']
    for (const other of others) {
      expect((await statement(SUMS, await armored(), packageOf(other))).attestations).toEqual([])
    }
  })

  it('lines that begin with a dash are escaped by the signature around them, and are still no sums', async () => {
    expect(await refusal(await clearsignedBy(`- ${SUMS}`, await partyKey()))).toEqual(statementError(/line 1 is "- 0/))
  })

  it('may be signed later than the clock, and are judged at that time', async () => {
    const file = await clearsignedBy(SUMS, await partyKey(), { date: ago(-5 * DAY) })
    expect((await statement(file)).evidence[0]?.date).toEqual(ago(-5 * DAY))
    const key = await newKey({ expiresAfter: 366 * DAY })
    const late = documentOf(await clearsignedBy(SUMS, key, { date: ago(-5 * DAY) }))
    await expect(verifySha256sums(late, undefined, await keyringOf([key]), AT, HELLO)).rejects.toEqual(
      statementError(/no valid signature/),
    )
  })

  it.each<[string, () => Promise<[sums: string, beside?: string | Uint8Array]>, RegExp]>([
    ['without signature', async () => [SUMS], /SHA256SUMS is not signed.*SHA256SUMS\.asc/],
    ['that were changed', async () => [SUMS.replace('0', '1'), await armored()], /BAD signature/],
    ['that were changed, binary', async () => [SUMS.replace('0', '1'), await binary()], /BAD signature/],
    [
      'that were changed inside their signature',
      async () => [(await clearsignedBy(SUMS, await partyKey())).replace(SHA256, OTHER_SHA256)],
      /BAD signature/,
    ],
    [
      'by a key that is not pinned',
      async () => [SUMS, block(await signature(SUMS, await unknownKey()))],
      /not in the keyring/,
    ],
    [
      'by a key that is not pinned, binary',
      async () => [SUMS, await signature(SUMS, await unknownKey())],
      /not in the/,
    ],
    ['with a web page as signature', async () => [SUMS, '<html></html>'], /SHA256SUMS\.asc has text outside/],
    ['with an empty signature', async () => [SUMS, ''], /SHA256SUMS\.asc is empty/],
    ['with a binary signature that is cut short', async () => [SUMS, (await binary()).subarray(0, -1)], /SHA256SUMS/],
    [
      'with a binary signature and something after it',
      async () => [SUMS, Buffer.concat([await binary(), Buffer.from('x')])],
      /something else than signatures/,
    ],
    [
      'with a byte order mark before the message',
      async () => [`\xef\xbb\xbf${await clearsignedBy(SUMS, await partyKey())}`],
      /SHA256SUMS has something before -----BEGIN PGP SIGNED MESSAGE-----/,
    ],
    ['with text after the signature', async () => [SUMS, `${await armored()}x\n`], /has text outside/],
    [
      'with text around the message',
      async () => [`hello\n${await clearsignedBy(SUMS, await partyKey())}`, await armored()],
      /SHA256SUMS has something before/,
    ],
    [
      'in two messages',
      async () => {
        const message = await clearsignedBy(SUMS, await partyKey())
        return [message + message]
      },
      /has text outside/,
    ],
    [
      'inside of which a signed message is',
      async () => [await clearsignedBy(await clearsignedBy(SUMS, await partyKey()), await partyKey())],
      /line 1/,
    ],
    [
      'well signed, of two minds',
      async () => [await clearsignedBy(`${SUMS}${OTHER_SHA256}  x/hello_1.0-1_amd64.deb\n`, await partyKey())],
      /lists hello_1\.0-1_amd64\.deb with two different hashes/,
    ],
    [
      'well signed, with carriage returns',
      async () => {
        const text = SUMS.replaceAll('\n', '\r\n')
        return [text, await signature(text, await partyKey())]
      },
      /line 1/,
    ],
  ])('are refused %s', async (_name, make, pattern) => {
    expect(await refusal(...(await make()))).toEqual(statementError(pattern))
  })

  it('a signature beside sums that have theirs around them is not looked at', async () => {
    const { evidence: kept } = await statement(await clearsignedBy(SUMS, await partyKey()), 'anything')
    expect(kept.map(({ kind }) => kind)).toEqual(['sha256sums'])
    expect(await refusal(await clearsignedBy(SUMS, await unknownKey()), await armored())).toEqual(
      statementError(/not in the keyring/),
    )
  })

  it('are refused when they are too large, before anything is verified', async () => {
    const document = documentOf(Buffer.alloc(MAX_SHA256SUMS + 1, 0x61))
    expect(await refusal(document, await armored())).toEqual(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})

describe('the files that unverified sums list', () => {
  it('are found whatever else there is', () => {
    const text = `-----BEGIN PGP SIGNED MESSAGE-----\n\n${SHA256}  x/a.deb\r\n\\${SHA256} *b.deb\ngarbage\n`
    expect([...filesSummedIn(Buffer.from(text))]).toEqual(['a.deb', 'b.deb'])
    expect([...filesSummedIn(Buffer.from('<html>'))]).toEqual([])
  })

  it('are found in time that grows with the document alone', () => {
    const start = performance.now()
    for (const part of [`${SHA256}  /`, `\r${SHA256}  /`, `${SHA256}  a\n`, '/', 'a', ' ']) {
      filesSummedIn(Buffer.from(`${SHA256}  ${part.repeat(4_000_000 / part.length)}/`))
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

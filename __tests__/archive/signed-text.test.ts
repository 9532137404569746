import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Keyring } from '../../src/archive/keyring.ts'
import { pairRelease, splitInRelease } from '../../src/archive/signed-text.ts'
import { isDebproofError } from '../../src/errors.ts'
import {
  armorLines,
  block,
  clearsigned,
  judgeInRelease,
  keyringOf,
  latin1,
  newKey,
  releaseText,
  signature,
  type Verdict,
} from '../making/signed-archive.ts'

const TEXT = releaseText()
const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----'
const BEGIN_SIGNATURE = '-----BEGIN PGP SIGNATURE-----'
const END_SIGNATURE = '-----END PGP SIGNATURE-----'

let keyring: Keyring
let sign: (text: string) => Promise<string>
let good: string
let goodBlock: string
let goodPacket: Buffer

beforeAll(async () => {
  const key = await newKey()
  keyring = await keyringOf([key])
  sign = async (text) => clearsigned(text, block(await signature(text, key)))
  goodPacket = await signature(TEXT, key)
  goodBlock = block(goodPacket)
  good = clearsigned(TEXT, goodBlock)
})

/** Rows of the table of hostile cases: what is done to a good InRelease, and what must come of it. */
type Rows = readonly (readonly [name: string, make: () => string | Promise<string>, verdict: Verdict])[]

function verdicts(rows: Rows): void {
  it.each(rows)('%s', async (_name, make, verdict) => {
    const file = await make()
    expect(await judgeInRelease(file, keyring)).toBe(verdict)
  })
}

/** Fails where there is nothing to replace, so that a row cannot lose its point unseen. */
function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`there is no ${JSON.stringify(from)} to replace`)
  return text.replace(from, () => to)
}

/** The good file with other lines inside its signature block. */
function armoredAs(...lines: readonly string[]): string {
  return clearsigned(TEXT, [BEGIN_SIGNATURE, ...lines, END_SIGNATURE, ''].join('\n'))
}

/** The good file with its base64 changed. */
function withBase64(change: (lines: string[]) => string[]): string {
  const { base64, checksum } = armorLines(goodPacket)
  return armoredAs('', ...change(base64), checksum)
}

describe('Container', () => {
  const refused = 'RELEASE_MALFORMED'
  verdicts([
    ['a good InRelease', () => good, 'accepted'],
    ['a good InRelease without its final newline', () => good.slice(0, -1), 'accepted'],
    ['Text before BEGIN', () => `text\n${good}`, refused],
    ['fields before BEGIN', () => `Origin: Evil\n\n${good}`, refused],
    ['blank lines before BEGIN', () => `\n${good}`, refused],
    ['BOM before BEGIN', () => `\xef\xbb\xbf${good}`, refused],
    ['a blank before BEGIN', () => ` ${good}`, refused],
    ['garbage in the BEGIN line', () => replaced(good, BEGIN, `${BEGIN}x`), refused],
    ['another BEGIN line', () => replaced(good, BEGIN, '-----BEGIN PGP SIGNED MESSAGE----'), refused],
    ['empty file', () => '', refused],
    ['plain Release served as InRelease', () => `${TEXT}\n`, refused],
    ['a paywall page', () => '<!DOCTYPE html>\n<html><body>Please pay.</body></html>\n', refused],
    ['Text after END', () => `${good}text\n`, refused],
    ['blank lines after END', () => `${good}\n`, refused],
    ['a second Release after END', () => `${good}${TEXT}\n`, refused],
    ['text between signature blocks', () => clearsigned(TEXT, goodBlock, 'Codename: evil\n', goodBlock), refused],
    ['a blank line between signature blocks', () => clearsigned(TEXT, goodBlock, '\n', goodBlock), refused],
    ['two signed messages', () => `${good}${good}`, refused],
    ['nested header', () => replaced(good, 'Origin:', `${BEGIN}\nHash: SHA512\n\nOrigin:`), refused],
    [
      'inline (non-cleartext) PGP message',
      () => `-----BEGIN PGP MESSAGE-----\n\n${armorLines(goodPacket).base64.join('\n')}\n-----END PGP MESSAGE-----\n`,
      refused,
    ],
    ['No END line', () => replaced(good, `${END_SIGNATURE}\n`, ''), refused],
    ['truncation in text', () => good.slice(0, 200), refused],
    ['truncation in base64', () => good.slice(0, -60), refused],
    ['no signature block', () => replaced(good, goodBlock, ''), refused],
    ['text ended by another -----x-----', () => replaced(good, BEGIN_SIGNATURE, '-----BEGIN PGP X-----'), refused],
    ['another END line', () => replaced(good, END_SIGNATURE, '-----END PGP MESSAGE-----'), refused],
    ['A - line unescaped in text', async () => replaced(await sign(`${TEXT}\n-x`), '\n- -x', '\n-x'), refused],
    ['A - line unescaped in header', () => replaced(good, 'Hash: SHA512', 'Hash: SHA512\n-x'), refused],
    ['A - line unescaped in armor', () => replaced(good, `\n${END_SIGNATURE}`, `\n-x\n${END_SIGNATURE}`), refused],
    ['- escapes', () => replaced(good, '\nOrigin:', '\n- Origin:'), 'accepted'],
    ['trailing blanks added', () => replaced(good, 'Origin: Made\n', 'Origin: Made \t \n'), 'accepted'],
    ['blank line made of spaces', () => replaced(good, 'Hash: SHA512\n\n', 'Hash: SHA512\n  \n'), 'accepted'],
    ['base64 on one line', () => withBase64((lines) => [lines.join('')]), 'accepted'],
    ['no CRC24', () => armoredAs('', ...armorLines(goodPacket).base64), 'accepted'],
    [
      'headers in the signature armor',
      () => replaced(good, `${BEGIN_SIGNATURE}\n`, `${BEGIN_SIGNATURE}\nVersion: GnuPG v2\nComment: x\n`),
      'accepted',
    ],
    ['Several signature blocks after one text', () => clearsigned(TEXT, goodBlock, goodBlock), 'accepted'],
  ])

  it('hands out exactly the signed bytes: unescaped, without trailing blanks, without the last newline', () => {
    const file = latin1(replaced(clearsigned('a\n-b\n- c', goodBlock), '\na\n', '\na \t\n'))
    expect(Buffer.from(splitInRelease(file).text).toString('latin1')).toBe('a\n-b\n- c')
  })

  it('hands out a text of CRLF lines as one of others: as apt does, and as both are signed', () => {
    const file = latin1(clearsigned('a\r\n- b \r\nc\r', goodBlock))
    expect(Buffer.from(splitInRelease(file).text).toString('latin1')).toBe('a\n- b\nc')
  })

  it('takes a signed text back apart into what was put together, whatever its lines', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '-', ' ', '\t', ':', '\xe9', '\xff'), maxLength: 8 })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 3 }), (lines, count) => {
        const text = lines.map((each) => each.replace(/[ \t]+$/, '')).join('\n')
        const { text: found, blocks } = splitInRelease(
          latin1(clearsigned(text, ...Array<string>(count).fill(goodBlock))),
        )
        expect(Buffer.from(found).toString('latin1')).toBe(text)
        expect(blocks.map((each) => Buffer.from(each))).toEqual(Array(count).fill(goodPacket))
      }),
    )
  })

  it('throws nothing but a DebproofError, whatever the bytes', () => {
    const parts = fc.oneof(
      fc.constantFrom(
        `${BEGIN}\n`,
        'Hash: SHA512\n',
        '\n',
        `${BEGIN_SIGNATURE}\n`,
        `${END_SIGNATURE}\n`,
        goodBlock,
        '-',
      ),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    fc.assert(
      fc.property(fc.array(parts), fc.array(parts), (left, right) => {
        for (const split of [
          () => splitInRelease(latin1(left.join(''))),
          () => pairRelease(latin1(left.join('')), latin1(right.join(''))),
        ]) {
          try {
            split()
          } catch (error) {
            if (!isDebproofError(error, 'RELEASE_MALFORMED')) throw error
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('Armor', () => {
  const refused = 'RELEASE_MALFORMED'
  verdicts([
    ['Wrong CRC24', () => armoredAs('', ...armorLines(goodPacket).base64, '=AAAA'), refused],
    [
      'No blank line in the signature armor',
      () => replaced(good, `${BEGIN_SIGNATURE}\n\n`, `${BEGIN_SIGNATURE}\n`),
      refused,
    ],
    ['Characters outside base64', () => withBase64(([first = '', ...rest]) => [`${first}*`, ...rest]), refused],
    [
      'Base64 that is padded in the middle',
      () => withBase64(([first = '', ...rest]) => [`${first}==`, ...rest]),
      refused,
    ],
    ['Hash header missing', () => replaced(good, 'Hash: SHA512\n', ''), 'accepted'],
    ['Hash header naming another digest', () => replaced(good, 'Hash: SHA512', 'Hash: SHA256'), 'accepted'],
    ['Comment header before the text', () => replaced(good, 'Hash: SHA512\n', 'Comment: x\n'), refused],
    ['Version header before the text', () => replaced(good, 'Hash: SHA512\n', 'Hash: SHA512\nVersion: 1\n'), refused],
    ['folded header before the text', () => replaced(good, 'Hash: SHA512\n', 'Hash: SHA512,\n SHA256\n'), refused],
    ['invented header before the text', () => replaced(good, 'Hash: SHA512\n', 'Codename: evil\n'), refused],
    ['NotDashEscaped', () => replaced(good, 'Hash: SHA512\n', 'Hash: SHA512\nNotDashEscaped: yes\n'), refused],
    ['NBSP as the blank line', () => replaced(good, 'SHA512\n\n', 'SHA512\n\xa0\n'), refused],
    ['form feed as the blank line', () => replaced(good, 'SHA512\n\n', 'SHA512\n\f\n'), refused],
    ['NBSP as the blank line of the armor', () => armoredAs('\xa0', ...armorLines(goodPacket).base64), refused],
    ['form feed as the blank line of the armor', () => armoredAs('\f', ...armorLines(goodPacket).base64), refused],
    ['an extra blank line', () => replaced(good, 'SHA512\n\n', 'SHA512\n\n\n'), 'RELEASE_UNTRUSTED'],
    ['an extra blank line in the armor', () => armoredAs('', '', ...armorLines(goodPacket).base64), refused],
  ])
})

describe('Text bytes', () => {
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
  const withCrlf = (text: string): string => replaced(good, `${text}\n`, `${crlf(text)}\r\n`)
  const changed = 'RELEASE_UNTRUSTED'
  const refused = 'RELEASE_MALFORMED'
  const twoStanzas = TEXT.replace('Label:', () => '\nLabel:')
  verdicts([
    ['CRLF line ends', () => good.replaceAll('\n', '\r\n'), 'accepted'],
    ['CRLF line ends and no final newline', () => good.replaceAll('\n', '\r\n').slice(0, -1), 'accepted'],
    ['CRLF line ends of the text alone, as gpg writes it', () => withCrlf(TEXT), 'accepted'],
    [
      'CRLF line ends of all but the text',
      () => replaced(good.replaceAll('\n', '\r\n'), `${crlf(TEXT)}\r\n`, `${TEXT}\n`),
      'accepted',
    ],
    ['one CR', () => replaced(good, 'Origin: Made\n', 'Origin: Made\r\n'), refused],
    ['one line without CR', () => replaced(withCrlf(TEXT), 'Origin: Made\r\n', 'Origin: Made\n'), refused],
    ['a CR and blanks at the end of a line', () => replaced(good, 'Origin: Made\n', 'Origin: Made\r \n'), refused],
    ['two CR at the end of each line', () => good.replaceAll('\n', '\r\r\n'), refused],
    ['a CR inside of a line', () => replaced(good, 'Origin: Made', 'Origin: Ma\rde'), refused],
    ['NUL added to a line', () => replaced(good, 'Origin: Made', 'Origin: Made\0'), refused],
    ['VT added', () => replaced(good, 'Origin: Made', 'Origin: Made\v'), changed],
    ['FF added', () => replaced(good, 'Origin: Made', 'Origin: Made\f'), changed],
    [
      'U+FFFD swapped for another byte',
      async () => replaced(await sign(`${TEXT}\nNote: \xef\xbf\xbd`), '\xef\xbf\xbd', '\xff'),
      changed,
    ],
    ['Release modified', () => replaced(good, 'Codename: made', 'Codename: evil'), changed],
    ['Release appended', () => replaced(good, `\n${BEGIN_SIGNATURE}`, `\nX: y\n${BEGIN_SIGNATURE}`), changed],
    ['latin1 bytes, signed', async () => await sign(`${TEXT}\nNote: caf\xe9 \xff`), 'accepted'],
    ['2 MB line, signed', async () => await sign(`${TEXT}\nNote: ${'x'.repeat(2_000_000)}`), refused],
    ['a line of 16 384 bytes, signed', async () => await sign(`${TEXT}\nNote: ${'x'.repeat(16_378)}`), 'accepted'],
    ['a line of 16 385 bytes, signed', async () => await sign(`${TEXT}\nNote: ${'x'.repeat(16_379)}`), refused],
    [
      'More than 10 MB',
      async () => await sign(`${TEXT}\nNote:${`\n ${'x'.repeat(9_998)}`.repeat(1_000)}`),
      'TOO_LARGE',
    ],
    ['Second stanza in the signed text', async () => await sign(`${TEXT}\n\nCodename: made`), refused],
    [
      'Line of blanks only in the signed text',
      async () => replaced(await sign(twoStanzas), '\n\nLabel:', '\n \t\nLabel:'),
      refused,
    ],
    ['Line of blanks only added to the signed text', async () => replaced(good, '\nLabel:', '\n \nLabel:'), changed],
  ])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReleaseFields } from '../../src/archive/release-fields.ts'
import { isDebproofError } from '../../src/errors.ts'
import { latin1 } from '../making/signed-archive.ts'

function fields(...lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(parseReleaseFields(latin1(lines.join('\n'))))
}

/** Why it is refused; undefined where it is read. */
function refusal(...lines: readonly string[]): string | undefined {
  try {
    fields(...lines)
    return undefined
  } catch (error) {
    if (isDebproofError(error, 'RELEASE_MALFORMED')) return error.message
    throw error
  }
}

const SUITE = { suite: 's' }

// Each of these was given to apt-get update (2.6.2 and 3.3.5), signed in both ways.
describe('fields of a release file that apt reads, and all others alike', () => {
  it.each<[name: string, lines: readonly string[], read: Record<string, string>]>([
    ['a blank before the colon', ['Suite : s'], SUITE],
    ['a tab before the colon', ['Suite\t: s'], SUITE],
    ['a blank before the colon of a field with rows', ['SHA256 :', ' a 1 b', ' c 2 d'], { sha256: '\na 1 b\nc 2 d' }],
    ['an empty line before the first field', ['', 'Suite: s'], SUITE],
    ['a line of blanks before the first field', [' \t', 'Suite: s'], SUITE],
    ['empty lines at the end', ['Suite: s', '', '', ''], SUITE],
    ['CRLF throughout', ['Suite: s\r', 'SHA256:\r', ' a 1 b\r', ''], { ...SUITE, sha256: '\na 1 b' }],
    ['CRLF up to the signature', ['Suite: s\r', 'Codename: c'], { ...SUITE, codename: 'c' }],
    ['a field twice that says the same', ['Suite: s', 'X: y', 'suite:  s'], { ...SUITE, x: 'y' }],
    ['rows twice that say the same', ['SHA256:', ' a 1 b', 'SHA256:', ' a 1 b'], { sha256: '\na 1 b' }],
    ['two dates: the last counts', ['Date: 1', 'Date: 2', 'Date: 3'], { date: '3' }],
    ['two ends: the last counts', ['Valid-Until: 1', 'Valid-Until: '], { 'valid-until': '' }],
    ['a comment with a colon', ['# made by: x', 'Suite: s', '# y: z'], SUITE],
    ['a comment that takes a field with it, as for apt', ['# made by x', 'Origin: o', 'Suite: s'], SUITE],
    [
      'a comment that takes a field of several lines',
      ['Suite: s', '# x', 'Description: a', ' b', 'X: y'],
      { ...SUITE, x: 'y' },
    ],
    ['a comment that takes another with it', ['# x', '# y: z', 'Suite: s'], SUITE],
    ['two comments that take a field with them', ['# x', '# y', 'Date: z', 'Suite: s'], SUITE],
  ])('%s', (_name, lines, read) => {
    expect(fields(...lines)).toEqual(read)
  })
})

describe('a release file that readers take for different things is refused', () => {
  it.each<[name: string, lines: readonly string[], why: RegExp]>([
    ['a field twice with two values', ['Suite: s', 'Suite: t'], /has a field twice: "Suite: t"/],
    ['one of them with a blank before its colon', ['SHA256: ', ' a 1 b', 'SHA256 :', ' a 2 b'], /a field twice/],
    ['rows twice of which one has more', ['SHA256:', ' a 1 b', 'SHA256:', ' a 1 b', ' c 2 d'], /a field twice/],
    [
      'two empty lines before the first field, of which apt takes the second for the end',
      ['', '', 'Suite: s'],
      /more than one stanza/,
    ],
    ['an empty line', ['Suite: s', '', 'Codename: c'], /more than one stanza/],
    ['a line of blanks', ['Suite: s', ' ', 'Codename: c'], /more than one stanza/],
    ['a line of blanks in CRLF', ['Suite: s\r', '\r', 'Codename: c\r'], /more than one stanza/],
    ['line ends of both kinds', ['Suite: s\r', 'Codename: c', 'X: y\r'], /line ends of more than one kind/],
    ['a carriage return inside of a row', ['SHA256:\r', ' a 1 b\rc 2 d\r', ''], /line ends of more than one kind/],
    ['a carriage return inside of the last row', ['SHA256:', ' a 1 b\rc 2 d'], /line ends of more than one kind/],
    ['a line without a colon', ['x y', 'Origin: o', 'Suite: s'], /a line without a colon: "x y"/],
    ['a name with a blank', ['Suite x: s'], /a line that is not a field/],
    ['a continuation before any field', [' x', 'Suite: s'], /a continuation line without a field/],
    ['a comment that takes Suite with it', ['# x', 'Suite: s'], /a comment without a colon before "Suite: s"/],
    [
      'a comment that takes the hashes with it',
      ['# x', 'SHA256 :', ' a 1 b'],
      /a comment without a colon before "SHA256 :"/,
    ],
    [
      'a comment at the end, which apt takes for half a field',
      ['Suite: s', '# x'],
      /a comment that apt takes for part/,
    ],
    ['a comment in the rows', ['SHA256:', ' a 1 b', '# x', ' c 2 d'], /a comment that apt takes for part of a field/],
    ['a comment with a colon in the rows', ['SHA256:', ' a 1 b', '# x: y', ' c 2 d'], /a comment that is continued/],
  ])('%s', (_name, lines, why) => {
    expect(refusal(...lines)).toMatch(why)
  })

  it('by saying so, whatever the bytes', () => {
    const piece = fc.constantFrom('Suite', ':', ' ', '\t', '\n', '\r\n', '\r', '#', 'x', 'SHA256:', '\n a 1 b')
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        refusal(pieces.join(''))
      }),
    )
  })
})

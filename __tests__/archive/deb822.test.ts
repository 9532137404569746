import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStanza, trimBlanks, trimBlanksAtEnd } from '../../src/archive/deb822.ts'
import { isDebproofError } from '../../src/errors.ts'

const malformed = (pattern: RegExp) =>
  expect.objectContaining({ code: 'INDEX_MALFORMED', message: expect.stringMatching(pattern) })

function parsed(text: string): unknown {
  try {
    return Object.fromEntries(parseStanza(text))
  } catch (error) {
    return error
  }
}

const fieldName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/)
const line = fc.string({ unit: fc.constantFrom('a', ':', '-', '.', '#', '\xe9', '\xa0'), minLength: 1, maxLength: 8 })
const value = fc.array(line, { minLength: 1, maxLength: 4 })
const fields = fc.uniqueArray(fc.tuple(fieldName, value), { selector: ([name]) => name.toLowerCase(), maxLength: 6 })

describe('a stanza', () => {
  it('gives back every field that was written into it, whatever the values and the blanks around them', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom('', ' ', '\t', '  '), fc.constantFrom('', '\n'), (list, blank, end) => {
        const text = list
          .map(([name, [first, ...rest]]) =>
            [`${name}:${blank}${first}${blank}`, ...rest.map((each) => ` ${blank}${each}${blank}`)].join('\n'),
          )
          .join('\n')
        expect([...parseStanza(text + (text === '' ? '' : end))]).toEqual(
          list.map(([name, lines]) => [name.toLowerCase(), lines.join('\n')]),
        )
      }),
    )
  })

  it('throws nothing but a DebproofError, whatever the text', () => {
    const parts = fc.array(
      fc.oneof(fc.constantFrom('\n', ' ', '\t', ':', 'Package', 'A: b\n', '#', '-'), fc.string({ maxLength: 4 })),
    )
    fc.assert(
      fc.property(parts, (list) => {
        const result = parsed(list.join(''))
        if (result instanceof Error && !isDebproofError(result, 'INDEX_MALFORMED')) throw result
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['names in other case', 'PACKAGE: a\nversion: 1', { package: 'a', version: '1' }],
    ['no blank after the colon', 'Package:a', { package: 'a' }],
    ['an empty value', 'Package:\nVersion: 1', { package: '', version: '1' }],
    ['a value that begins on the second line', 'Files:\n a\n b', { files: '\na\nb' }],
    ['a value with a colon', 'Homepage: http://x/', { homepage: 'http://x/' }],
    ['a continuation by a tab', 'A: b\n\tc', { a: 'b\nc' }],
    ['a final newline', 'A: b\n', { a: 'b' }],
    ['nothing', '', {}],
    ['blanks that deb822(5) does not call so', 'A: \xa0b\v', { a: '\xa0b\v' }],
  ])('takes %s', (_name, text, expected) => {
    expect(parsed(text)).toEqual(expected)
  })

  it.each([
    ['Duplicate field', 'SHA256: a\nSHA256: b', /the field SHA256 twice/],
    ['Duplicate field in other case', 'SHA256: a\nsha256: b', /the field sha256 twice/],
    ['line without a colon before SHA256:', 'A: b\nnonsense\nSHA256: c', /without a colon: "nonsense"/],
    ['a last line without a colon', 'A: b\nnonsense', /without a colon/],
    ['blank before the colon', 'A : b', /not a field/],
    ['no name before the colon', ': b', /not a field/],
    ['Line of blanks only inside a stanza', 'A: b\n \t\nC: d', /blanks only/],
    ['Line of blanks only at the end', 'A: b\n ', /blanks only/],
    ['an empty line', 'A: b\n\nC: d', /without a colon/],
    ['a comment', '# a: b\nA: b', /not a field/],
    ['a name that starts with a dash', '-A: b', /not a field/],
    ['a name that is not ASCII', 'caf\xe9: b', /not a field/],
    ['a name with a control character', 'A\v: b', /not a field/],
    ['a continuation of nothing', ' a\nB: c', /continuation/],
  ])('refuses %s', (_name, text, message) => {
    expect(parsed(text)).toEqual(malformed(message))
  })
})

describe('trimming', () => {
  it('takes off blanks and tabs and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(' ', '\t', 'a', '\xa0', '\v') }), (text) => {
        expect(trimBlanks(text)).toBe(text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, ''))
        expect(trimBlanksAtEnd(text)).toBe(text.replace(/[ \t]+$/, ''))
      }),
    )
  })

  it('takes no quadratic time on a line of blanks', () => {
    const blanks = ' '.repeat(1_000_000)
    expect(trimBlanksAtEnd(`${blanks}x${blanks}`)).toHaveLength(1_000_001)
  })
})

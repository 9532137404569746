import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStanza } from '../../src/archive/deb822.ts'
import { StanzaScanner, WantedNames } from '../../src/archive/stanza-scanner.ts'
import { DebproofError, isDebproofError } from '../../src/errors.ts'
import { MAX_STANZA } from '../../src/limits.ts'

/** The stanzas that the scanner finds when the index comes in chunks of these sizes, over and over. */
function scan(index: string, names: Iterable<string>, sizes: readonly number[] = [], refuseHidden = false): string[] {
  const found: string[] = []
  const scanner = new StanzaScanner({
    wanted: new WantedNames(names),
    onStanza: (text) => found.push(text),
    refuseHidden,
  })
  const bytes = Buffer.from(index, 'latin1')
  for (let position = 0, turn = 0; position < bytes.length; turn++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] ?? 1)
    // A copy that is overwritten afterwards: the scanner must not keep what it was lent.
    const chunk = Buffer.from(bytes.subarray(position, position + size))
    scanner.push(chunk)
    chunk.fill(0)
    position += size
  }
  scanner.end()
  return found
}

/** What everybody would write first: split at empty lines, parse everything. */
function scanNaively(index: string, names: ReadonlySet<string>): string[] {
  return index
    .split(/\n\n+/)
    .map((stanza) => stanza.replace(/^\n+/, '').replace(/\n$/, ''))
    .filter((stanza) => stanza !== '' && names.has(parseStanza(stanza).get('package')?.toLowerCase() ?? ''))
}

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'accepted'
  } catch (error) {
    if (error instanceof DebproofError) return error.code
    throw error
  }
}

const name = fc.constantFrom('a', 'ab', 'abc', 'b', 'libg++', 'lib-x.1', 'A', 'Abc', 'x_y')
const packageField = fc.tuple(
  fc.constantFrom('Package', 'package', 'PACKAGE'),
  fc.constantFrom(': ', ':', ':  ', ':\t'),
  name,
)
const otherField = fc.constantFrom(
  'Version: 1',
  'Description: x\n Package: abc\n more',
  'Depends: a, b',
  'X-Package: abc',
  'Tag:\n a',
)

const stanza = fc
  .tuple(packageField, fc.constantFrom('', ' '), fc.uniqueArray(otherField), fc.boolean())
  .map(([[field, colon, value], blank, others, first]) => {
    const own = `${field}${colon}${value}${blank}`
    return (first ? [own, ...others] : [...others, own]).join('\n')
  })
const index = fc
  .tuple(
    fc.constantFrom('', '\n', '\n\n', '\n\n\n'),
    fc.array(fc.tuple(stanza, fc.constantFrom('\n\n', '\n\n\n', '\n\n\n\n'))),
    stanza,
    fc.constantFrom('', '\n', '\n\n', '\n\n\n'),
  )
  .map(([start, list, last, end]) => start + list.map(([text, gap]) => text + gap).join('') + last + end)
const chunkSizes = fc.oneof(fc.constant([1]), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }))

describe('the scanner', () => {
  it('finds what splitting at empty lines and parsing everything finds, however the index is cut', () => {
    fc.assert(
      fc.property(index, fc.array(name), chunkSizes, fc.boolean(), (text, names, sizes, refuseHidden) => {
        const wanted = new Set(names.map((each) => each.toLowerCase()))
        expect(scan(text, wanted, sizes, refuseHidden)).toEqual(scanNaively(text, wanted))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['Names in other case', 'PACKAGE: a\nVersion: 1\n'],
    ['package: in other case', 'package: a\nVersion: 1\n'],
    ['a name in other case', 'Package: A\nVersion: 1\n'],
    ['no final newline', 'Package: a\nVersion: 1'],
    ['odd field order', 'Version: 1\nPackage: a\nSize: 2\n'],
    ['very long fields', `Package: a\nDescription: ${'x'.repeat(1_000_000)}\n`],
    ['leading blank lines', '\n\n\nPackage: a\n'],
    ['one leading blank line', '\nPackage: a\n'],
    ['blanks after the name', 'Package: a  \nVersion: 1\n'],
    ['a bare name', 'Package: a'],
  ])('finds a stanza with %s', (_name, text) => {
    for (const refuseHidden of [false, true]) {
      expect(scan(`Package: b\n\n${text}`, ['a'], [], refuseHidden)).toEqual([text.replace(/^\n+|\n$/g, '')])
      expect(scan(text, ['a'], [7], refuseHidden)).toHaveLength(1)
    }
  })

  it('finds nothing in nothing', () => {
    for (const empty of ['', '\n', '\n\n\n']) expect(scan(empty, ['a'])).toEqual([])
  })

  it('takes neither a continuation nor another field for the name', () => {
    expect(scan('Package: b\nDescription: x\n Package: a\nX-Package: a\nPackages: a\n', ['a'])).toEqual([])
    for (const blank of [' ', '\t']) expect(scan(`Package: a\n${blank}b\nVersion: 1\n`, ['a'])).toEqual([])
  })

  it.each([
    ['NUL', 'Package: b\nX: \0\n'],
    ['CR', 'Package: b\r\n'],
    ['CR in a stanza that nobody wants', `${'Package: b\n\n'.repeat(100)}Package: c\nX: \r\n`],
    ['no Package field', 'Version: 1\n'],
    ['a line of blanks between stanzas where the first is read', 'Version: 1\nPackage: a\n \nPackage: b\n'],
    ['Duplicate Package field in a stanza of odd order', 'Version: 1\nPackage: b\nPackage: a\n'],
  ])('refuses an index with %s, however it is cut', (_name, text) => {
    for (const sizes of [[], [1], [3]]) expect(codeOf(() => scan(text, ['a'], sizes))).toBe('INDEX_MALFORMED')
  })

  it('refuses a stanza that is larger than the limit, and holds no more than it', () => {
    const chunk = `X: ${'x'.repeat(64 * 1024)}\n`
    expect(codeOf(() => scan(`Package: b\n${chunk.repeat(MAX_STANZA / chunk.length + 1)}`, ['a'], [4096]))).toBe(
      'INDEX_MALFORMED',
    )
    expect(codeOf(() => scan(`Package: b\nX: ${'x'.repeat(MAX_STANZA - 100)}\n`, ['a'], [65_536]))).toBe('accepted')
  })

  it('throws nothing but a DebproofError, whatever the bytes', () => {
    const parts = fc.oneof(
      fc.constantFrom('Package: a\n', 'Package: ', 'package:', '\n', '\n\n', ' ', 'a'),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    fc.assert(
      fc.property(fc.array(parts), chunkSizes, fc.boolean(), (list, sizes, refuseHidden) => {
        try {
          scan(list.join(''), ['a'], sizes, refuseHidden)
        } catch (error) {
          if (!isDebproofError(error, 'INDEX_MALFORMED')) throw error
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('refuseHidden', () => {
  const hidden = 'Package: b\nVersion: 1\nPackage: a\n'

  it('Duplicate field in a stanza: a second Package field is refused, also in a stanza that nobody wants', () => {
    expect(codeOf(() => scan(hidden, ['a'], [], true))).toBe('INDEX_MALFORMED')
    expect(codeOf(() => scan(hidden, ['z'], [], true))).toBe('INDEX_MALFORMED')
  })

  it('is for what a project serves: an upstream is not searched for it', () => {
    expect(codeOf(() => scan(hidden, ['z'], [], false))).toBe('accepted')
  })

  it.each([
    ['in other case', 'Package: b\npAcKaGe: a\n'],
    ['with a blank before the colon', 'Package: b\nPackage : a\n'],
    ['with a tab before the colon', 'Package: b\nPackage\t: a\n'],
    ['with a vertical tab before the colon, which apt strips', 'Package: b\nPackage\v: a\n'],
    ['with a form feed before the colon, which apt strips', 'Package: b\nPackage\f: a\n'],
    ['with a line end before the colon, which apt strips', 'Package: b\nPackage\n: a\n'],
    ['after a line of blanks only', 'Package: b\n \nPackage: a\n'],
    ['at once', 'Package: b\nPackage: a\n'],
  ])('catches a second Package field %s', (_name, text) => {
    for (const sizes of [[], [1], [5]]) expect(codeOf(() => scan(text, ['z'], sizes, true))).toBe('INDEX_MALFORMED')
  })

  it.each([
    ['ends in a vertical tab, which apt strips', 'Package: a\v\n'],
    ['starts with a form feed, which apt strips', 'Package: \fa\n'],
    ['goes on in the next line', 'Package: a\n b\n'],
    ['is empty', 'Package:\nVersion: 1\n'],
  ])('catches a name that %s', (_name, text) => {
    expect(codeOf(() => scan(`Version: 1\n${text}`, ['z'], [], true))).toBe('INDEX_MALFORMED')
    expect(codeOf(() => scan(text, ['z'], [], true))).toBe('INDEX_MALFORMED')
  })

  it('catches it at every offset around the boundary of 16 KiB pieces', () => {
    for (let offset = 16 * 1024 - 30; offset <= 16 * 1024 + 30; offset++) {
      for (const pieces of [0, 1]) {
        const padding = 'x'.repeat(offset + pieces * 16 * 1024 - 'Package: b\nX: '.length)
        const text = `Package: b\nX: ${padding}\nPackage: a\n\nPackage: c\n`
        expect(
          codeOf(() => scan(text, ['z'], [], true)),
          `offset ${offset}`,
        ).toBe('INDEX_MALFORMED')
      }
    }
  })

  it('refuses no honest index for where its pieces begin and end', () => {
    for (let offset = 16 * 1024 - 30; offset <= 16 * 1024 + 30; offset++) {
      const text = `Package: b\nX: ${'x'.repeat(offset - 14)}\n\nPackage: a\n\nVersion: 1\nPackage: c\n`
      expect(scan(text, ['a', 'c'], [], true), `offset ${offset}`).toEqual(['Package: a', 'Version: 1\nPackage: c'])
    }
  })
})

describe('WantedNames', () => {
  it('may have every name that it has, in any case', () => {
    expect(new WantedNames(['libg++']).has('LibG++')).toBe(true)
    expect(new WantedNames(['libg++']).has('libg')).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certainName, UnclearStanzas } from '../../src/archive/unclear-stanza.ts'
import { MAX_UNCLEAR_NAMES } from '../../src/limits.ts'
import { nameOf } from '../judge/given.ts'

const stanza = (...lines: readonly string[]): string => lines.join('\n')

/** Characters at which some programs end a line. */
const OTHER_ENDS = /[^\t\n -~]/g

describe('the package that a stanza is about', () => {
  it.each<[what: string, text: string, name: string | undefined]>([
    ['is its one Package field', stanza('Package: a', 'Version: 1', 'Version: 2'), 'a'],
    ['is in lower case, as dpkg keeps it', stanza('PACKAGE:A ', 'Version: 1', 'Version: 2'), 'a'],
    ['may stand further down', stanza('Version: 1', 'Package: a', 'Version: 2'), 'a'],
    [
      'is no matter of what stands in another field',
      stanza('Package: a', 'X: b', ' Package: c', 'Version', 'X: 1'),
      'a',
    ],
    ['is certain before a line without a colon', stanza('Package: a', 'nothing', 'Version: 1'), 'a'],
    ['is open with two fields', stanza('Package: a', 'Version: 1', 'Package: b'), undefined],
    ['is open with two fields that say the same', stanza('Package: a', 'Package: a'), undefined],
    ['is open with one in another case', stanza('Package: a', 'pACKAGE: b'), undefined],
    ['is open with a blank before the colon', stanza('Package: a', 'Package : b'), undefined],
    ['is open with white space before the colon', stanza('Package: a', 'Package\u00a0: b'), undefined],
    ['is open with its colon on the next line', stanza('Package: a', 'Package', ': b'), undefined],
    ['is open where it goes on', stanza('Package: a', ' b', 'Version: 1'), undefined],
    ['is certain behind a field that is there twice', stanza('Version: 1', 'Version: 2', 'Package: a'), 'a'],
    ['is open before a last line without a colon, which swallows the end', stanza('Package: a', 'nothing'), undefined],
    ['is open before such a line that goes on', stanza('Package: a', 'nothing', ' more', '\tand'), undefined],
    ['is certain before one that goes on to a colon', stanza('Package: a', 'nothing', ' x: y'), 'a'],
    ['is open behind a line without a colon, which swallows it', stanza('nothing', 'Package: a'), undefined],
    ['is open behind a line that goes on from nowhere', stanza(' x', 'Package: a'), undefined],
    ['is open with a line of blanks, where some end the stanza', stanza('Package: a', ' ', 'Version: 1'), undefined],
    ['is open with a line of a form feed', stanza('Package: a', '\f', 'Version: 1'), undefined],
    ['is open with a comment', stanza('Package: a', '# b', 'Version: 1'), undefined],
    ['is open with a comment first', stanza('# b', 'Package: a'), undefined],
    ['is open with a vertical tab', stanza('Package: a', 'X: \vPackage: b'), undefined],
    ['is open with a carriage return', stanza('Package: a', 'X: \rPackage: b'), undefined],
    ['is open with what separates records', stanza('Package: a', 'X: \x1ePackage: b'), undefined],
    ['is open with a NUL', stanza('Package: a', 'X: \0'), undefined],
    ['is open with a name that is none', stanza('Package: a:amd64', 'Version: 1'), undefined],
    ['is open with an empty one', stanza('Package:', 'Version: 1'), undefined],
    ['is open without one', stanza('Version: 1', 'Version: 2'), undefined],
  ])('%s', (_, text, name) => {
    expect(certainName(text)).toBe(name)
    expect(certainName(`${text}\n`)).toBe(name)
  })

  it('is certain only where every way to read it comes to the same', () => {
    const line = fc.oneof(
      fc.constantFrom('Package: a', 'package:b', 'Package : b', 'Package', ': b', ' Package: c', '', ' ', '#', 'x'),
      fc.constantFrom('Version: 1', 'SHA256: x', 'X: \vPackage: c', 'X: \x1cPackage: c', '\tPackage: c', '-x: y'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = lines.join('\n')
        const certain = certainName(text)
        if (certain === undefined) return
        // One reader goes by lines, one ends lines at other characters and stanzas at blanks, one has blanks before
        // colons, one lets a line without a colon swallow the next.
        const byLines = [...text.matchAll(/^package:[ \t]*(\S+)/gim)].map(([, name]) => name)
        const byOthers = [...text.replaceAll(OTHER_ENDS, '\n').matchAll(/^package\s*:\s*(\S+)/gim)]
        const swallowed = [...text.matchAll(/^(?![ \t])([^:]*):[ \t]*(.*)/gm)]
          .filter(([, field]) => field?.toLowerCase() === 'package')
          .map(([, , name]) => name)
        expect([byLines, byOthers.map(([, name]) => name), swallowed]).toEqual([[certain], [certain], [certain]])
      }),
      { numRuns: 5000 },
    )
  })

  it('costs a hostile stanza no more than its length', () => {
    const started = performance.now()
    for (const piece of [' ', 'Package', 'x\n', '\t\n', 'a: ', ': \n', 'Package: a ']) {
      certainName(`Package: a\n${piece.repeat(500_000)}`)
      certainName(piece.repeat(500_000))
    }
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('the unclear stanzas of an index', () => {
  it('are told by name: the first, and how many', () => {
    const stanzas = new UnclearStanzas()
    for (const [index, name] of ['a', 'b', 'a'].entries()) stanzas.add(nameOf(name), index + 1, `Problem ${index}.`)
    expect(stanzas.all()).toEqual([
      { name: 'a', number: 1, problem: 'Problem 0.', count: 2 },
      { name: 'b', number: 2, problem: 'Problem 1.', count: 1 },
    ])
  })

  it('are of so many packages, and one more refuses it', () => {
    const stanzas = new UnclearStanzas()
    for (let number = 1; number <= MAX_UNCLEAR_NAMES; number++) stanzas.add(nameOf(`p${number}`), number, 'Odd.')
    stanzas.add(nameOf('p1'), 9999, 'Odd.')
    expect(stanzas.all()).toHaveLength(MAX_UNCLEAR_NAMES)
    expect(() => stanzas.add(nameOf('more'), 10_000, 'Odd.')).toThrow(`more than ${MAX_UNCLEAR_NAMES} packages`)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameVersion } from '../../src/packages/name-version.ts'
import { maybeQualifiedUse, onlyForeseenErrors, qualified, use } from './arbitrary.ts'
import { fixture } from './fixtures.ts'

describe('a list of name=version', () => {
  test('is read whole', () => {
    const text = fixture('dpkg-query.name=version.txt')
    expect(nameVersion.detect(text, 'l')).toBe(true)
    const { packages } = nameVersion.read(text, 'l')
    expect(packages).toHaveLength(99)
    expect(packages).toContainEqual(use('bsdutils', '1:2.38.1-5+deb12u3'))
  })

  test("may be written with two =, as SONiC's, with comments and blank lines", () => {
    const text = '# pinned\n\nlibcap2==1:2.75-10+deb13u1+b3\n  hello:arm64=2.10-3  \n'
    expect(nameVersion.detect(text, 'versions-deb-trixie')).toBe(true)
    expect(nameVersion.read(text, 'l').packages).toEqual([
      use('libcap2', '1:2.75-10+deb13u1+b3'),
      use('hello', '2.10-3', 'arm64'),
    ])
  })

  test("is not what SONiC's versions-mirror holds", () => {
    expect(nameVersion.detect('debian==20241219T001419Z\n', 'a/versions-mirror')).toBe(false)
  })

  test.each([
    ['no version', 'a=1\nhello=\n', 'l:2: expected name=version, not "hello="'],
    ['no name', '=1\n', 'l:1: expected name=version'],
    ['three =', 'a===1\n', 'l:1: expected name=version'],
    ['an = in the version', 'a=1=2\n', 'l:1: expected name=version'],
    ['blanks around the =', 'a = 1\n', 'l:1: expected name=version'],
    ['a bad name', '.a=1\n', 'l:1: ".a" is not a package name'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => nameVersion.read(text, 'l')).toThrow(message)
  })

  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(fc.array(maybeQualifiedUse, { minLength: 1 }), fc.constantFrom('=', '=='), (uses, separator) => {
        const text = uses.map((one) => `${qualified(one)}${separator}${one.version}`).join('\n')
        expect(nameVersion.detect(text, 'l')).toBe(true)
        expect(nameVersion.read(text, 'l').packages).toEqual(uses)
      }),
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(nameVersion))

  test('takes time in proportion to a long line', () => {
    const text = `a${' '.repeat(2_000_000)}b`
    const start = performance.now()
    expect(() => nameVersion.read(text, 'l')).toThrow('expected name=version')
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

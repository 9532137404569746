import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dpkgQuery } from '../../src/packages/dpkg-query.ts'
import { maybeQualifiedUse, onlyForeseenErrors, qualified, use } from './arbitrary.ts'
import { fixture, TAILS } from './fixtures.ts'

describe('the output of dpkg-query -W', () => {
  test('is read whole, with the architecture where dpkg writes it', () => {
    const { packages } = dpkgQuery.read(fixture('dpkg-query-W.default.tsv'), 'l')
    expect(packages).toHaveLength(99)
    expect(packages[0]).toEqual(use('adduser', '3.134'))
    expect(packages).toContainEqual(use('bsdutils', '1:2.38.1-5+deb12u3'))
    expect(packages.find((one) => one.name === 'gcc-12-base')?.architecture).toBe('amd64')
  })

  test("as live-build's .packages is the same", () => {
    const text = fixture('live-build.live-image-amd64.packages')
    expect(dpkgQuery.detect(text, 'live-image-amd64.packages')).toBe(true)
    expect(dpkgQuery.read(text, 'l').packages).toHaveLength(168)
  })

  test('with other columns is another output, and the message says which to write', () => {
    const text = fixture('dpkg-query-W.binary-Package.tsv')
    expect(dpkgQuery.detect(text, 'l')).toBe(true)
    expect(() => dpkgQuery.read(text, 'l')).toThrow(/^l:1: has more than the two columns .*"dpkg-query -W"/)
  })

  test('may start with comments, as very old files do', () => {
    const text = '# made on 2010-01-01\n#\nhello\t2.10-3\n'
    expect(dpkgQuery.detect(text, 'l')).toBe(true)
    expect(dpkgQuery.read(text, 'l').packages).toEqual([use('hello', '2.10-3')])
  })

  test('passes over snaps in a .manifest of Ubuntu, and refuses them elsewhere', () => {
    const text = 'snap:core22\tlatest/stable\t1033\nhello\t2.10-3\n'
    expect(dpkgQuery.detect(text, 'a/ubuntu.manifest')).toBe(true)
    expect(dpkgQuery.read(text, 'a/ubuntu.manifest').packages).toEqual([use('hello', '2.10-3')])
    expect(() => dpkgQuery.read(text, 'a/ubuntu.packages')).toThrow('a/ubuntu.packages:1: a snap is not')
  })

  test('never passes over the Debian package that is named snap', () => {
    const text = 'snap:amd64\t2013-11-29-11\n'
    for (const file of ['a/chroot.packages', 'a/ubuntu.manifest']) {
      expect(dpkgQuery.detect(text, file)).toBe(true)
      expect(dpkgQuery.read(text, file).packages).toEqual([use('snap', '2013-11-29-11', 'amd64')])
    }
  })

  test.each([
    ['no version', 'hello\t\n', 'l:1: "hello" has no version'],
    ['no tab', 'a\t1\nhello 1\n', 'l:2: "hello 1" has no version'],
    ['a bad version', 'hello\t1 2\n', 'l:1: "1 2", the version of hello'],
    ['a bad architecture', 'hello:\t1\n', 'l:1: "", the architecture of hello'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => dpkgQuery.read(text, 'l')).toThrow(message)
  })

  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(fc.array(maybeQualifiedUse, { minLength: 1 }), (uses) => {
        const text = uses.map((one) => `${qualified(one)}\t${one.version}\n`).join('')
        expect(dpkgQuery.detect(text, 'l')).toBe(true)
        expect(dpkgQuery.read(text, 'l').packages).toEqual(uses)
      }),
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(dpkgQuery))

  test.skipIf(!existsSync(TAILS))(
    'of Tails 4.19 has 1667 packages, 809 qualified (skipped where ../shared has none)',
    () => {
      const { packages } = dpkgQuery.read(readFileSync(join(TAILS, 'tails-amd64-4.19.packages'), 'latin1'), 'l')
      expect(packages).toHaveLength(1667)
      expect(packages.filter((one) => one.architecture !== undefined)).toHaveLength(809)
    },
  )
})

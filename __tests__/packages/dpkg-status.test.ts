import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dpkgStatus } from '../../src/packages/dpkg-status.ts'
import { binaryUse, onlyForeseenErrors, use } from './arbitrary.ts'
import { fixture } from './fixtures.ts'

const stanza = (status: string, name = 'hello'): string =>
  `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: 2.10-3\nDescription: x\n long\n .\n`

describe("dpkg's status file", () => {
  test('is read as dpkg writes it', () => {
    const text = fixture('mmdebstrap.dpkg-status.head')
    expect(dpkgStatus.detect(text, 'status')).toBe(true)
    expect(dpkgStatus.read(text, 'status').packages).toEqual([use('adduser', '3.134', 'all')])
  })

  test('counts the packages whose files are on the disk, also those on hold or not yet configured', () => {
    const text = [
      stanza('install ok installed', 'one'),
      stanza('hold ok installed', 'two'),
      stanza('deinstall ok config-files', 'three'),
      stanza('install ok half-configured', 'four'),
      'Package: five\nStatus: unknown ok not-installed\n',
    ].join('\n')
    const { packages } = dpkgStatus.read(text, 's')
    expect(packages.map((one) => one.name)).toEqual(['one', 'two', 'four'])
  })

  test('takes a variant of an architecture for another file than the plain one of this version', () => {
    const text = `${stanza('install ok installed')}Architecture-Variant: amd64v3\n`
    expect(dpkgStatus.read(text, 's').packages).toEqual([use('hello', '2.10-3', 'amd64v3')])
  })

  test.each([
    [
      'a Status that dpkg does not write',
      stanza('install ok instaled'),
      's:1: "install ok instaled", the Status of "hello"',
    ],
    ['a Status of two words', stanza('ok installed'), 's:1: "ok installed"'],
    ['no Status, as in an archive', 'Package: a\nVersion: 1\nArchitecture: all\n', 's:1: "a" has no Status'],
    ['no Version', stanza('install ok installed').replace('Version', 'Versoin'), 's:1: the stanza has no Version'],
    ['a field given twice', `${stanza('install ok installed')}version: 1\n`, 's:1: the stanza that starts here breaks'],
    ['a later bad stanza', `${stanza('install ok installed')}\n\nno field\n`, 's:10: the stanza that starts here'],
    ['a line of blanks', stanza('install ok installed').replace(' .\n', ' \n'), 's:1: the stanza that starts here'],
    // Each is a field by deb822(5), of which nothing is known.
    ['a line of name=version', `${stanza('install ok installed')}libc6:amd64=2.36-9\n`, 's:8: "libc6:amd64=2.36-9"'],
    ['a line of dpkg-query', `${stanza('install ok installed')}libc6:amd64\t2.36-9\n`, 's:8: "libc6:amd64'],
    ['a line of URLs', `${stanza('install ok installed')}'http://a/b_1_all.deb' b_1_all.deb 1\n`, 's:8: "\'http://a'],
    ['a bad name', stanza('install ok installed', 'a b'), 's:1: "a b" is not a package name'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => dpkgStatus.read(text, 's')).toThrow(message)
  })

  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(fc.array(binaryUse, { minLength: 1 }), (uses) => {
        const text = uses
          .map(
            (one) =>
              `Package: ${one.name}\nStatus: install ok installed\nArchitecture: ${one.architecture}\nVersion: ${one.version}\n`,
          )
          .join('\n')
        expect(dpkgStatus.detect(text, 's')).toBe(true)
        expect(dpkgStatus.read(text, 's').packages).toEqual(uses)
      }),
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(dpkgStatus))
})

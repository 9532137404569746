import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printUris } from '../../src/packages/print-uris.ts'
import { binaryUse, onlyForeseenErrors, sha256Text, use } from './arbitrary.ts'
import { fixture } from './fixtures.ts'

const SHA256 = 'ab'.repeat(32)
const URL = 'http://ftp.debian.org/debian/pool/main/g/git/git_2.39.5-0%2bdeb12u3_amd64.deb'

describe('the output of apt-get --print-uris', () => {
  test('gives every package, with its hash where apt prints a SHA-256', () => {
    const text = fixture('apt-print-uris.txt')
    expect(printUris.detect(text, 'l')).toBe(true)
    const { packages } = printUris.read(text, 'l')
    expect(packages).toHaveLength(22)
    expect(packages[0]).toEqual(use('libc6', '2.36-9+deb12u14', 'amd64'))
    expect(packages).toContainEqual(
      use('git', '1:2.39.5-0+deb12u3', 'amd64', {
        sha256: '637a85ddd6247fab13bdd0592f2f39aff04ce4dbf0655d3ab553ac359a38ce6f',
        from: 'list',
      }),
    )
  })

  test('takes the version from the file name, which keeps the epoch that the URL lacks', () => {
    const { packages } = printUris.read(`'${URL}' git_1%3a2.39.5-0+deb12u3_amd64.deb 7264380 \n`, 'l')
    expect(packages).toEqual([use('git', '1:2.39.5-0+deb12u3', 'amd64')])
  })

  test('takes no other hash than SHA-256', () => {
    const { packages } = printUris.read(`'${URL}' git_2_amd64.deb 7 MD5Sum:b493c1ad123361900c2e3686921c8f39\n`, 'l')
    expect(packages).toEqual([use('git', '2', 'amd64')])
  })

  test('passes over what else apt says', () => {
    const text = `Reading package lists...\nBuilding dependency tree...\n'${URL}' git_2_amd64.deb 7\n`
    expect(printUris.detect(text, 'l')).toBe(true)
    expect(printUris.read(text, 'l').packages).toEqual([use('git', '2', 'amd64')])
  })

  test('gives a source package by its .dsc, whose name has no epoch, only with the hash that tells it apart', () => {
    const line = "'http://ftp.debian.org/debian/pool/main/g/git/git_2.39.5-1.dsc' git_2.39.5-1.dsc 100"
    const others = [
      'git_2.39.5.orig.tar.xz',
      'git_2.39.5-1.debian.tar.xz',
      'git_2.39.5.orig.tar.xz.asc',
      'git_2-1.diff.gz',
    ]
    const text = [
      `${line} SHA256:${SHA256}`,
      ...others.map((name) => `'http://a/${name}' ${name} 5 SHA256:${SHA256}`),
    ].join('\n')
    const { kind, hash, ...rest } = printUris.read(text, 'l').packages[0] ?? {}
    expect(printUris.read(text, 'l').packages).toHaveLength(1)
    expect({ kind, hash, ...rest }).toEqual({
      kind: 'source',
      name: 'git',
      version: '2.39.5-1',
      hash: { sha256: SHA256, from: 'list' },
    })
    expect(() => printUris.read(line, 'l')).toThrow(/^l:1: .*epoch.*ForceHash=SHA256/)
  })

  test.each([
    ['a SHA-256 that is none', `'${URL}' git_2_amd64.deb 7 SHA256:12\n`, 'l:1: "12" is not a SHA-256'],
    ['no size', `'${URL}' git_2_amd64.deb\n`, "l:1: expected 'URL' file size hash"],
    ['a quote that does not end', "'http://a git_2_amd64.deb 7\n", "l:1: expected 'URL' file size hash"],
    [
      'an index, as apt-get update prints',
      "'http://a/b' a_dists_b_InRelease 0 \n",
      'is not the file name of a package',
    ],
    ['two parts in the name', `'${URL}' git_2.deb 7\n`, 'is not the file name of a package'],
    ['an escaped character that no name has', `'${URL}' a%2fb_2_amd64.deb 7\n`, '"a/b" is not a package name'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => printUris.read(text, 'l')).toThrow(message)
  })

  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(binaryUse, sha256Text), { minLength: 1 }), (entries) => {
        const text = entries
          .map(
            ([one, sha256]) =>
              `'http://a/b' ${one.name}_${one.version.replace(':', '%3a')}_${one.architecture}.deb 1 SHA256:${sha256}`,
          )
          .join('\n')
        expect(printUris.detect(text, 'l')).toBe(true)
        expect(printUris.read(text, 'l').packages).toEqual(
          entries.map(([one, sha256]) => ({ ...one, hash: { sha256, from: 'list' } })),
        )
      }),
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(printUris))
})

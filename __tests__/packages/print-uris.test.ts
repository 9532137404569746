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

  // As Debian 12 and 13 print it, standard output and error in one.
  test.each([
    ['apt-2.6-install', 22],
    ['apt-2.6-dist-upgrade', 14],
    ['apt-2.6-source', 1],
    ['apt-2.6-download', 2],
    ['apt-2.6-purge', 5],
    ['apt-2.6-essential', 1],
    ['apt-2.6-reinstall', 3],
    ['apt-3.0-install', 13],
    ['apt-3.0-versions', 53],
    ['apt-3.0-build-dep', 96],
    ['apt-3.0-apt-install', 53],
    ['apt-3.0-apt-full-upgrade', 3],
    ['apt-3.0-apt-reinstall', 1],
  ])('%s is read whole, whatever else apt says in it', (name, count) => {
    const text = fixture(`apt/${name}.txt`)
    expect(printUris.detect(text, 'l')).toBe(true)
    expect(printUris.read(text, 'l').packages).toHaveLength(count)
  })

  test('is recognised by its first line, however long the names go on before the first URL', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `  lib-of-a-long-name-${index}\n`).join('')
    const text = `Reading package lists...\nThe following NEW packages will be installed:\n${names}`
    expect(printUris.detect(text.slice(0, 64 * 1024), 'l')).toBe(true)
    expect(printUris.read(`${text}'${URL}' git_2_amd64.deb 7\n`, 'l').packages).toEqual([use('git', '2', 'amd64')])
  })

  const ENTRY = `'${URL}' git_2_amd64.deb 7\n`
  const NEW = 'The following NEW packages will be installed:\n'

  // Where the line is let in, the package that it names is lost.
  test.each([
    ['dpkg-query', 'libc6:amd64\t2.36-9+deb12u14'],
    ['dpkg-query, native', 'hello\t2.10-3'],
    ['name=version', 'libc6:amd64=2.36-9'],
    ['name==version', 'hello==2.10-3'],
    ["dpkg's status file", 'Package: hello'],
    ["dpkg's status file, folded", ' hello'],
    ['a build manifest', 'packages:'],
    ['a build manifest, a package', '  - arch: amd64'],
    ['a build manifest, a name', '    package: hello'],
    ["apt's hook", `apt-hook/1 ${SHA256} hello 2.10-3 amd64 hello.deb`],
    ['SHA-256 sums', `${SHA256}  hello_2.10-3_amd64.deb`],
    ['bare URLs', 'http://ftp.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb'],
    ['an indented entry', `  '${URL}' hello_2_amd64.deb 7`],
    ['a double quote', `"${URL}" hello_2_amd64.deb 7`],
    ['translated chatter', 'Paketlisten werden gelesen...'],
    ['names without a heading', '  hello'],
  ])('with a line of another format (%s) is refused, with that line and what to do', (_, line) => {
    for (const before of [ENTRY, `Reading package lists...\n${ENTRY}`]) {
      const at = before.split('\n').length
      expect(() => printUris.read(`${before}${line}\n${ENTRY}`, 'l')).toThrow(
        new RegExp(`^l:${at}: .* is nothing that apt prints in English.*LC_ALL=C apt-get -qq --print-uris`),
      )
    }
    if (line !== '  hello') expect(() => printUris.read(`${NEW}  git\n${line}\n${ENTRY}`, 'l')).toThrow(/^l:3: /)
  })

  test('in which apt fails is refused, for it may lack packages', () => {
    for (const text of [
      `${ENTRY}Reading package lists...\nE: Unable to locate package nano\n`,
      `${ENTRY}Package awk is a virtual package provided by:\n  mawk 1\nE: Package 'awk' has no installation candidate\n`,
    ]) {
      expect(() => printUris.read(text, 'l')).toThrow(/apt failed, and its list may lack packages: "E: /)
    }
    expect(printUris.read(`W: Some index is old\nN: A notice\n${ENTRY}`, 'l').packages).toHaveLength(1)
  })

  test.each([
    ['apt-get', 'Need to get 2053 kB/2119 kB of archives.\n'],
    ['apt', 'Summary:\n  Download size: 2053 kB / 2119 kB\n'],
  ])('where %s had files in its cache, which it does not print, is refused', (_, says) => {
    expect(() => printUris.read(`${says}${ENTRY}`, 'l')).toThrow(/^l:\d: apt had some .* run "apt-get clean" before/)
    const local = ENTRY.replace('http://ftp.debian.org', 'file:/srv')
    expect(printUris.read(`${says}${local}`, 'l').packages).toHaveLength(1)
  })

  test('with a file of a source package, and not its .dsc, is refused', () => {
    const text = `'http://a/hello_2.orig.tar.gz' hello_2.orig.tar.gz 5 SHA256:${SHA256}\n${ENTRY}`
    expect(() => printUris.read(text, 'l')).toThrow(
      /^l:1: this is a file of the source package "hello", whose .dsc is not here/,
    )
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

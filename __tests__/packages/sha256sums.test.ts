import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePackageUses } from '../../src/packages/merge.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'
import { sha256sums, writeSha256sums } from '../../src/packages/sha256sums.ts'
import { binaryUse, onlyForeseenErrors, sha256Text, sourceUse, use } from './arbitrary.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

function text(uses: readonly PackageUse[]): string {
  const written = writeSha256sums(uses)
  if ('text' in written) return written.text
  throw new Error(`no hash of ${written.unknown.map(({ name }) => name)}`)
}

describe('a list of SHA-256 sums', () => {
  test.each([
    ['plain', `${A}  git_1%3a2.39.5-1_amd64.deb\n`],
    ['of binary mode', `${A} *git_1%3a2.39.5-1_amd64.deb\n`],
    ['with folders', `${A}  ./partial/git_1%3a2.39.5-1_amd64.deb\n`],
    ['as URLs write it', `${A}  pool/main/g/git/git_1%3A2.39.5%2d1_amd64.deb\n`],
  ])('%s gives each .deb by its file name, with its hash', (_, written) => {
    expect(sha256sums.detect(written, 'SHA256SUMS')).toBe(true)
    const hash = { sha256: A, from: 'list' } as const
    expect(sha256sums.read(written, 'l').packages).toEqual([use('git', '1:2.39.5-1', 'amd64', hash)])
  })

  test('takes a source package by its .dsc, which stands for its other files', () => {
    const lines = [`${A}  git_2-1.dsc`, `${B}  git_2.orig.tar.xz`, `${B}  git_2-1.debian.tar.xz`, '']
    expect(sha256sums.read(lines.join('\n'), 'l').packages).toEqual([
      { ...sourceUse('git', '2-1'), hash: { sha256: A, from: 'list' } },
    ])
    expect(() => sha256sums.read(lines.slice(1).join('\n'), 'l')).toThrow(
      /^l:1: this is a file of the source package "git", whose .dsc is not here/,
    )
  })

  test.each([
    ['an image', `${A}  release.iso\n`, 'l:1: "release.iso" is not the file name of a package'],
    ['a name in two parts', `${A}  git_2.deb\n`, 'l:1: "git_2.deb" is not the file name of a package'],
    ['a place in IPFS', `${A}  /ipfs/bafybeig\n`, 'l:1: "bafybeig" is not the file name of a package'],
    ['a name with a blank', `${A}  git 2_2_all.deb\n`, 'l:1: expected SHA-256, two blanks'],
    ['an MD5 sum', `${A.slice(32)}  git_2_all.deb\n`, 'l:1: expected SHA-256, two blanks'],
    ['one blank', `${A} git_2_all.deb\n`, 'l:1: expected SHA-256, two blanks'],
    ['an escaped name', `\\${A}  git_2_all.deb\n`, 'l:1: expected SHA-256, two blanks'],
    ['a line of another format', `${A}  git_2_all.deb\ngit\t2\n`, 'l:2: expected SHA-256, two blanks'],
  ])('with %s is refused', (_, written, message) => {
    expect(() => sha256sums.read(written, 'l')).toThrow(message)
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(sha256sums))
})

describe('the list that is published beside a release', () => {
  test('names each .deb as apt names its downloads, sorted by file name', () => {
    const uses = [
      use('zsh', '1', 'all', { sha256: A, from: 'deb' }),
      use('git', '1:2.39.5-1', 'amd64', { sha256: B, from: 'list' }),
      { ...sourceUse('git', '1:2.39.5-1'), hash: use('x', '1', 'all', { sha256: A, from: 'list' }).hash },
    ].map(({ hash, ...one }) => (hash === undefined ? one : { ...one, hash }))
    expect(text(uses)).toBe(`${A}  git_1%3a2.39.5-1.dsc\n${B}  git_1%3a2.39.5-1_amd64.deb\n${A}  zsh_1_all.deb\n`)
  })

  test('names two contents of one name and version both', () => {
    const uses = [B, A].map((sha256) => use('git', '2', 'all', { sha256, from: 'deb' }))
    expect(text(uses)).toBe(`${A}  git_2_all.deb\n${B}  git_2_all.deb\n`)
  })

  test('is not written where a hash is not known', () => {
    const unknown = use('git', '2', 'all')
    expect(writeSha256sums([use('a', '1', 'all', { sha256: A, from: 'deb' }), unknown])).toEqual({ unknown: [unknown] })
  })

  test('read again names the same packages with the same hashes', () => {
    const known = fc.tuple(binaryUse, sha256Text, fc.boolean()).map(([one, sha256, isSource]) => {
      const { architecture: _, ...source } = one
      const hashed = use('x', '1', 'all', { sha256, from: 'list' }).hash
      const base = isSource ? { ...source, kind: 'source' as const } : one
      return hashed === undefined ? base : { ...base, hash: hashed }
    })
    fc.assert(
      fc.property(fc.array(known, { minLength: 1 }), (packages) => {
        const uses = mergePackageUses([{ content: { packages } }])
        expect(mergePackageUses([{ content: sha256sums.read(text(uses), 'l') }])).toEqual(uses)
      }),
    )
  })
})

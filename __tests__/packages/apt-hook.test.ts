import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aptHook } from '../../src/packages/apt-hook.ts'
import { binaryUse, onlyForeseenErrors, sha256Text, use } from './arbitrary.ts'

const SHA256 = 'ab'.repeat(32)
const LINE = `apt-hook/1 ${SHA256} git 1:2.39.5-1 amd64 git_1%3a2.39.5-1_amd64.deb\n`

describe("what debproof's hook for apt writes", () => {
  test('gives every .deb with its hash', () => {
    expect(aptHook.detect(LINE, 'l')).toBe(true)
    expect(aptHook.read(LINE, 'l').packages).toEqual([
      use('git', '1:2.39.5-1', 'amd64', { sha256: SHA256, from: 'list' }),
    ])
  })

  test('takes the file name as it is, with blanks, for it says nothing of the package', () => {
    const line = `apt-hook/1 ${SHA256} hello 2 amd64 some file of mine.deb\n`
    expect(aptHook.read(line, 'l').packages).toEqual([use('hello', '2', 'amd64', { sha256: SHA256, from: 'list' })])
  })

  test.each([
    ['another version of the format', LINE.replace('/1', '/2'), 'l:1: expected apt-hook/1 SHA256 NAME'],
    ['a hash of another length', LINE.replace('abab', ''), 'l:1: expected apt-hook/1 SHA256 NAME'],
    ['a hash in upper case', LINE.replace('ab', 'AB'), 'l:1: expected apt-hook/1 SHA256 NAME'],
    ['no file name', LINE.replace(' git_1%3a2.39.5-1_amd64.deb', ''), 'l:1: expected apt-hook/1 SHA256 NAME'],
    ['a blank too many', LINE.replace(' git ', '  git '), 'l:1: expected apt-hook/1 SHA256 NAME'],
    ['a name that is none', LINE.replace(' git ', ' g_t! '), 'l:1: "g_t!" is not a package name'],
    ['an architecture that is none', LINE.replace(' amd64 ', ' AMD64 '), 'l:1: "AMD64", the architecture of git'],
    ['a line of another format', `${LINE}git\t1:2.39.5-1\n`, 'l:2: expected apt-hook/1 SHA256 NAME'],
    ['a last line that does not end', LINE + LINE.trimEnd(), 'l:2: the last line is cut off'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => aptHook.read(text, 'l')).toThrow(message)
  })

  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(binaryUse, sha256Text), { minLength: 1 }), (entries) => {
        const text = entries
          .map(([one, sha256]) => `apt-hook/1 ${sha256} ${one.name} ${one.version} ${one.architecture} x.deb\n`)
          .join('')
        expect(aptHook.detect(text, 'l')).toBe(true)
        expect(aptHook.read(text, 'l').packages).toEqual(
          entries.map(([one, sha256]) => ({ ...one, hash: { sha256, from: 'list' } })),
        )
      }),
    )
  })

  test('of any content fails only in foreseen ways', () => onlyForeseenErrors(aptHook))
})

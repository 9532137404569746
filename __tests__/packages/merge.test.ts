import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePackageUses } from '../../src/packages/merge.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'
import { maybeQualifiedUse, sha256Text, sourceUse, use } from './arbitrary.ts'

const A = 'aa'.repeat(32)
const B = 'bb'.repeat(32)
const list = (...packages: PackageUse[]) => ({ content: { packages } })
const deb = (sha256: string) => ({ sha256, from: 'deb' }) as const
const listed = (sha256: string) => ({ sha256, from: 'list' }) as const

describe('several lists', () => {
  test('give each package once, sorted by code units', () => {
    const merged = mergePackageUses([
      list(use('b', '1', 'all'), use('a', '10', 'all')),
      list(use('a', '9', 'all'), use('b', '1', 'all')),
    ])
    expect(merged).toEqual([use('a', '10', 'all'), use('a', '9', 'all'), use('b', '1', 'all')])
  })

  test('give the hash that one of them knows, best from the .deb', () => {
    const bare = list(use('a', '1', 'all'))
    const stated = list(use('a', '1', 'all', listed(A)))
    const computed = list(use('a', '1', 'all', deb(A)))
    expect(mergePackageUses([bare, stated])).toEqual([use('a', '1', 'all', listed(A))])
    expect(mergePackageUses([stated, bare])).toEqual([use('a', '1', 'all', listed(A))])
    expect(mergePackageUses([stated, computed, stated])).toEqual([use('a', '1', 'all', deb(A))])
  })

  test('give two packages for two hashes under one name, version and architecture', () => {
    const merged = mergePackageUses([list(use('a', '1', 'all', deb(B))), list(use('a', '1', 'all', listed(A)))])
    expect(merged).toEqual([use('a', '1', 'all', listed(A)), use('a', '1', 'all', deb(B))])
  })

  test('keep a source package and a binary one of the same name and version apart', () => {
    expect(mergePackageUses([list(use('a', '1'), sourceUse('a', '1'))])).toHaveLength(2)
  })
})

describe('an entry without architecture', () => {
  test('is the one that another list names with it', () => {
    expect(mergePackageUses([list(use('a', '1')), list(use('a', '1', 'amd64'))])).toEqual([use('a', '1', 'amd64')])
    expect(mergePackageUses([list(use('a', '1')), list(use('a', '1', 'all'))])).toEqual([use('a', '1', 'all')])
  })

  test('hands its hash on', () => {
    const merged = mergePackageUses([list(use('a', '1', undefined, deb(A))), list(use('a', '1', 'amd64'))])
    expect(merged).toEqual([use('a', '1', 'amd64', deb(A))])
  })

  test('stays beside one of another hash or another version', () => {
    const bare = list(use('a', '1', undefined, listed(A)))
    expect(mergePackageUses([bare, list(use('a', '1', 'amd64', deb(B)))])).toHaveLength(2)
    expect(mergePackageUses([bare, list(use('a', '2', 'amd64'))])).toHaveLength(2)
  })

  test('stays where two architectures, or two hashes, could be meant', () => {
    expect(mergePackageUses([list(use('a', '1')), list(use('a', '1', 'amd64'), use('a', '1', 'i386'))])).toHaveLength(3)
    expect(mergePackageUses([list(use('a', '1')), list(use('a', '1', 'amd64'), use('a', '1', 'all'))])).toHaveLength(3)
    expect(
      mergePackageUses([list(use('a', '1')), list(use('a', '1', 'all', deb(A)), use('a', '1', 'all', deb(B)))]),
    ).toHaveLength(3)
  })

  test('stays where the only one with it may be of a foreign architecture', () => {
    const merged = mergePackageUses([list(use('a', '1')), list(use('a', '1', 'i386'), use('b', '1', 'amd64'))])
    expect(merged).toEqual([use('a', '1'), use('a', '1', 'i386'), use('b', '1', 'amd64')])
  })
})

describe('merging', () => {
  const anyUse = fc
    .tuple(maybeQualifiedUse, fc.option(fc.tuple(sha256Text, fc.constantFrom('deb', 'list')), { nil: undefined }))
    .map(([one, hash]) => use(one.name, one.version, one.architecture, hash && { sha256: hash[0], from: hash[1] }))
  const fewNames = fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.constantFrom(undefined, 'all', 'amd64'), fc.constantFrom(undefined, A, B))
      .map(([name, architecture, sha256]) =>
        use(name, '1', architecture, sha256 === undefined ? undefined : listed(sha256)),
      ),
  )

  test('loses no name, version, architecture or hash, and does not depend on the order of the lists', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(anyUse), fewNames), fewNames, (one, two) => {
        const merged = mergePackageUses([list(...one), list(...two)])
        expect(mergePackageUses([list(...two), list(...one)])).toEqual(merged)
        expect(mergePackageUses([list(...merged)])).toEqual(merged)
        for (const each of [...one, ...two]) {
          const same = merged.filter((kept) => kept.name === each.name && kept.version === each.version)
          expect(same.some((kept) => each.architecture === undefined || kept.architecture === each.architecture)).toBe(
            true,
          )
          expect(same.some((kept) => each.hash === undefined || kept.hash?.sha256 === each.hash.sha256)).toBe(true)
        }
      }),
    )
  })
})

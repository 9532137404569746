import { describe, expect, it } from 'vitest'
import type { Listing } from '../../src/archive/archive-reader.ts'
import { parsePackageName, parseVersion } from '../../src/archive/identity.ts'
import { parseSourceEntry } from '../../src/archive/index-entry.ts'
import { ListingTable } from '../../src/locate/listing-table.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'
import { sha } from '../judge/given.ts'

function source(version: string, digit: string): Listing {
  const text = `Package: library\nVersion: ${version}\nDirectory: pool\nChecksums-Sha256:\n ${sha(digit)} 1 library.dsc\n`
  return { entry: parseSourceEntry(text), suite: 'made', evidence: [] }
}

function used(version: string, digit?: string): PackageUse {
  const [name, parsed] = [parsePackageName('library'), parseVersion(version)]
  if (name === undefined || parsed === undefined) throw new Error('they are well-formed')
  const hash = digit === undefined ? {} : { hash: { sha256: sha(digit), from: 'list' as const } }
  return { kind: 'source', name, version: parsed, ...hash }
}

describe('a source package whose list leaves out the epoch, as file names do', () => {
  const listings = [source('2:1.0-1', 'a'), source('1:1.0-1', 'b'), source('1:1.1-1', 'a')]
  const table = new ListingTable(listings)

  it('is found by its hash', () => {
    expect(table.find(used('1.0-1', 'a'), undefined)).toEqual([listings[0]])
    expect(table.find(used('1.0-1', 'b'), undefined)).toEqual([listings[1]])
  })

  it('is not found by its name alone, nor in another version', () => {
    expect(table.find(used('1.0-1'), undefined)).toEqual([])
    expect(table.find(used('1.0-1', 'c'), undefined)).toEqual([])
    expect(table.find(used('1.2-1', 'a'), undefined)).toEqual([])
  })

  it('is found by its whole version where that is known', () => {
    expect(table.find(used('1:1.0-1', 'c'), undefined)).toEqual([listings[1]])
  })
})

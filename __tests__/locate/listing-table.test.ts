import { describe, expect, it } from 'vitest'
import type { Listing } from '../../src/archive/archive-reader.ts'
import { parseArchitecture, parsePackageName, parseVersion } from '../../src/archive/identity.ts'
import { parseBinaryEntry, parseSourceEntry } from '../../src/archive/index-entry.ts'
import { ListingTable } from '../../src/locate/listing-table.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'
import { sha } from '../judge/given.ts'

function source(version: string, digit: string): Listing {
  const text = `Package: library\nVersion: ${version}\nDirectory: pool\nChecksums-Sha256:\n ${sha(digit)} 1 library.dsc\n`
  return { entry: parseSourceEntry(text), suite: 'made', evidence: [] }
}

function deb(version: string, digit: string, architecture = 'amd64'): Listing {
  const text = `Package: library\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: pool/a.deb\nSize: 1\nSHA256: ${sha(digit)}\n`
  return { entry: parseBinaryEntry(text), suite: 'made', evidence: [] }
}

function usedDeb(version: string, digit?: string): PackageUse {
  const architecture = parseArchitecture('amd64')
  if (architecture === undefined) throw new Error('it is well-formed')
  return { ...used(version, digit), kind: 'binary', architecture }
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

describe('a .deb whose list leaves out the epoch, as the file names of a pool do', () => {
  const listings = [deb('1.0-1', 'a'), deb('1:1.0-1', 'b'), deb('1:1.0-1', 'c', 'i386'), deb('1:1.1-1', 'd')]
  const table = new ListingTable(listings)

  it('is found by its hash, whatever else has its version without an epoch', () => {
    expect(table.find(usedDeb('1.0-1', 'a'), undefined)).toEqual([listings[0]])
    expect(table.find(usedDeb('1.0-1', 'b'), undefined)).toEqual([listings[1]])
    expect(table.find(usedDeb('1.1-1', 'd'), undefined)).toEqual([listings[3]])
  })

  it('is not found by its name alone, in another version, epoch or architecture', () => {
    expect(table.find(usedDeb('1.1-1'), undefined)).toEqual([])
    expect(table.find(usedDeb('1.1-1', 'a'), undefined)).toEqual([])
    expect(table.find(usedDeb('1.2-1', 'd'), undefined)).toEqual([])
    expect(table.find(usedDeb('2:1.1-1', 'd'), undefined)).toEqual([])
    expect(table.find(usedDeb('1.0-1', 'c'), undefined)).toEqual([listings[0]])
  })
})

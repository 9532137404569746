import { ARCH_ALL, type Architecture, type Sha256 } from '../archive/identity.ts'
import type { PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/** One kind, name, version and architecture with all hashes that are known for it. */
interface Entry {
  readonly use: Omit<PackageUse, 'hash'>
  readonly hashes: Map<Sha256, 'deb' | 'list'>
}

/**
 * The packages of several lists, each once.
 *
 * - A known hash wins over none, and one computed from a .deb over the same one stated by a list.
 * - Two hashes under one name, version and architecture are two packages: the hash is the identity.
 * - An entry without architecture is the package that another entry names with one, where that is certain
 *   (foldUnqualified). Elsewhere both are kept: to judge a package twice does no harm, to lose one would.
 *
 * @param lists PackageLists, of which only the content matters
 * @returns sorted by name, version, architecture, kind and hash in code units; what is absent comes first
 */
export function mergePackageUses(lists: readonly { readonly content: PackageListContent }[]): PackageUse[] {
  const packages = new Map<string, Map<Architecture | undefined, Entry>>()
  const architectures = new Set<Architecture>()
  for (const { content } of lists) {
    for (const { hash, ...use } of content.packages) {
      const key = `${use.kind} ${use.name} ${use.version}`
      const entries = packages.get(key) ?? new Map<Architecture | undefined, Entry>()
      packages.set(key, entries)
      const entry = entries.get(use.architecture) ?? { use, hashes: new Map() }
      entries.set(use.architecture, entry)
      if (hash !== undefined) addHash(entry, hash.sha256, hash.from)
      if (use.architecture !== undefined && use.architecture !== ARCH_ALL) architectures.add(use.architecture)
    }
  }
  const [native] = architectures.size === 1 ? architectures : []
  for (const entries of packages.values()) foldUnqualified(entries, native)
  return [...packages.values()]
    .flatMap((entries) => [...entries.values()].flatMap(usesOf))
    .sort((a, b) => compare(sortKey(a), sortKey(b)))
}

function addHash(entry: Entry, sha256: Sha256, from: 'deb' | 'list'): void {
  if (from === 'deb' || !entry.hashes.has(sha256)) entry.hashes.set(sha256, from)
}

/**
 * dpkg leaves the architecture out for a package of the native one or `all`. So the entry without architecture is
 * the only one with it, if that is `all`, or of the only architecture that occurs in the lists at all: a second one
 * could be foreign, and the native package would be lost in it. Hashes that differ also tell two packages apart.
 */
function foldUnqualified(entries: Map<Architecture | undefined, Entry>, native: Architecture | undefined): void {
  const unqualified = entries.get(undefined)
  if (unqualified === undefined || entries.size !== 2) return
  for (const [architecture, entry] of entries) {
    if (architecture === undefined || (architecture !== ARCH_ALL && architecture !== native)) continue
    if (new Set([...entry.hashes.keys(), ...unqualified.hashes.keys()]).size > 1) continue
    for (const [sha256, from] of unqualified.hashes) addHash(entry, sha256, from)
    entries.delete(undefined)
  }
}

function usesOf({ use, hashes }: Entry): PackageUse[] {
  return hashes.size === 0 ? [use] : [...hashes].map(([sha256, from]) => ({ ...use, hash: { sha256, from } }))
}

function sortKey({ name, version, architecture, kind, hash }: PackageUse): readonly string[] {
  return [name, version, architecture ?? '', kind, hash?.sha256 ?? '']
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}

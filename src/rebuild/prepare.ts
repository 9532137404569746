import type { PackageName } from '../archive/identity.ts'
import { type BinaryEntry, type IndexEntry, sourceOf } from '../archive/index-entry.ts'
import type { SourceName } from '../archive/source-name.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Indexes } from './indexes.ts'
import {
  type BuildinfoFile,
  buildsFor,
  checkOriginalBuild,
  findBuildinfos,
  type IndexedSource,
  type OriginalBuild,
  packagesNamedIn,
} from './original-build.ts'
import { readSourceDescription, sourceEntryOf } from './source-files.ts'
import type { Target } from './target.ts'

/** A source package that is ready to be built: everything about it was held against the signed indexes. */
export interface PreparedTarget {
  readonly target: Target
  readonly indexed: IndexedSource
  readonly builds: readonly OriginalBuild[]
}

/**
 * Finds out what has to be built for a source package, and how it was built.
 *
 * @param given .buildinfo files of the user's, instead of those in the archive's pool
 * @throws DebproofError
 */
export async function prepareTarget(
  target: Target,
  indexes: Indexes,
  downloads: Downloads,
  given: readonly BuildinfoFile[],
): Promise<PreparedTarget> {
  const { archive, source, wanted } = target
  const { base, architectures } = archive.served.area
  const entry = sourceEntryOf(source, await indexes.read(archive, [source.name], ['Sources']), archive.name)
  const { binaries: described } = await readSourceDescription(downloads, base, entry)
  const listed = async (names: readonly PackageName[]): Promise<IndexedSource> => ({
    entry,
    binaries: builtFrom(source, await indexes.read(archive, names, ['Packages']), names),
  })
  const known = await listed(described)
  const files = given.length > 0 ? given : await findBuildinfos(downloads, base, known, architectures)
  // A .dsc names no -dbgsym package; an archive may list them all the same, and then their hashes are signed.
  const more = files.flatMap(packagesNamedIn).filter((name) => !described.includes(name))
  const indexed = more.length === 0 ? known : await listed([...new Set([...described, ...more])])
  const { binaries } = indexed
  const checked = files.map((file) => checkOriginalBuild(file, indexed))
  const asked = wanted.length > 0 ? wanted : given.length > 0 ? listedOf(checked) : binaries
  return { target, indexed, builds: buildsFor(asked, checked) }
}

/** One entry for each file: two suites may list the same. */
function builtFrom(
  { name, version }: SourceName,
  entries: readonly IndexEntry[],
  names: readonly PackageName[],
): BinaryEntry[] {
  const found = entries.flatMap((entry) => {
    if (entry.kind !== 'binary' || !names.includes(entry.name)) return []
    const source = sourceOf(entry)
    return source.name === name && source.version === version ? [entry] : []
  })
  return [...new Map(found.map((entry) => [`${entry.file.path} ${entry.file.sha256}`, entry])).values()]
}

function listedOf(builds: readonly OriginalBuild[]): BinaryEntry[] {
  return builds.flatMap(({ debs }) => debs.flatMap(({ entry }) => (entry === undefined ? [] : [entry])))
}

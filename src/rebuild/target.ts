import { type BinaryEntry, type IndexEntry, sourceOf } from '../archive/index-entry.ts'
import type { SourceName } from '../archive/source-name.ts'
import { DebproofError } from '../errors.ts'
import type { ArchivePolicy, Policy } from '../policy/policy.ts'
import type { Indexes } from './indexes.ts'
import type { Wish } from './wish.ts'

/** A source package of an archive whose packages must be reproduced. */
export interface Target {
  readonly archive: ArchivePolicy
  readonly source: SourceName
  /** The binary packages that were asked for; empty where all are meant that the archive has of this source. */
  readonly wanted: readonly BinaryEntry[]
}

interface Match {
  readonly archive: ArchivePolicy
  readonly source: SourceName
  readonly binary?: BinaryEntry
}

/**
 * Finds the source package that each wish means.
 *
 * @throws DebproofError USAGE where a wish means none, or more than one
 */
export async function selectTargets(wishes: readonly Wish[], policy: Policy, indexes: Indexes): Promise<Target[]> {
  const archives = policy.archives.filter(({ require }) => require === 'reproduced')
  if (archives.length === 0) {
    throw new DebproofError(
      'POLICY',
      'No archive of the policy has `require: reproduced`: there is nothing to rebuild.',
    )
  }
  const names = wishes.map(({ name }) => name)
  const read = archives.map(async (archive) => ({
    archive,
    entries: await indexes.read(archive, names, ['Packages', 'Sources']),
  }))
  const listed = await Promise.all(read)
  const targets = new Map<string, Target>()
  for (const wish of wishes) {
    const found = listed.flatMap(({ archive, entries }) => entries.flatMap((entry) => matchOf(wish, archive, entry)))
    for (const target of theOne(
      wish,
      found,
      listed.flatMap(({ entries }) => entries),
    )) {
      const key = keyOf(target)
      const known = targets.get(key)
      targets.set(key, known === undefined ? target : bothOf(known, target))
    }
  }
  return [...targets.values()]
}

function matchOf(wish: Wish, archive: ArchivePolicy, entry: IndexEntry): Match[] {
  if (entry.name !== wish.name || (wish.archive !== undefined && wish.archive !== archive.name)) return []
  if (entry.kind === 'source') {
    // Who names a file means the package that it is of.
    const namesFile = wish.architecture !== undefined || wish.sha256 !== undefined
    const fits = !namesFile && (wish.version === undefined || wish.version === entry.version)
    return fits ? [{ archive, source: { name: entry.name, version: entry.version } }] : []
  }
  const source = sourceOf(entry)
  const fits =
    !wish.sourceOnly &&
    (wish.version === undefined || wish.version === entry.version || wish.version === source.version) &&
    (wish.architecture === undefined || wish.architecture === entry.architecture) &&
    (wish.sha256 === undefined || wish.sha256 === entry.file.sha256)
  return fits ? [{ archive, source, binary: entry }] : []
}

/** The one source package among the matches. */
function theOne(wish: Wish, matches: readonly Match[], entries: readonly IndexEntry[]): Target[] {
  const groups = new Map<string, Match[]>()
  for (const match of matches) groups.set(keyOf(match), [...(groups.get(keyOf(match)) ?? []), match])
  const [group, ...others] = groups.values()
  const [first] = group ?? []
  if (group === undefined || first === undefined) throw unknown(wish, entries)
  if (others.length > 0) {
    const meanings = [...groups.values()].map(([match]) => (match === undefined ? '' : describe(match))).join(', ')
    throw new DebproofError(
      'USAGE',
      `rebuild: ${wish.text} may mean ${meanings}. Say which: NAME=VERSION, or src:NAME for a source package.`,
    )
  }
  const binaries = group.flatMap(({ binary }) => (binary === undefined ? [] : [binary]))
  // The name of a source package means all of it, also where one of its binary packages has the same name.
  const isWhole = binaries.length < group.length
  return [{ archive: first.archive, source: first.source, wanted: isWhole ? [] : binaries }]
}

function unknown(wish: Wish, entries: readonly IndexEntry[]): DebproofError {
  const versions = [...new Set(entries.filter(({ name }) => name === wish.name).map(({ version }) => version))]
  const advice =
    versions.length > 0
      ? ` What is there under this name: ${versions.join(', ')}.`
      : ' Only what such an archive lists can be rebuilt against it.'
  return new DebproofError('USAGE', `rebuild: no archive with \`require: reproduced\` lists ${wish.text}.${advice}`)
}

function bothOf(one: Target, other: Target): Target {
  if (one.wanted.length === 0 || other.wanted.length === 0) return { ...one, wanted: [] }
  const files = new Map([...one.wanted, ...other.wanted].map((entry) => [entry.file.path, entry]))
  return { ...one, wanted: [...files.values()] }
}

function keyOf({ archive, source }: Match): string {
  return `${archive.name} ${source.name} ${source.version}`
}

function describe({ archive, source }: Match): string {
  return `the source package ${source.name}=${source.version} of ${archive.name}`
}

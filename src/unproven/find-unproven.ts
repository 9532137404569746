import { ArchiveReader, type LocatedFile } from '../archive/archive-reader.ts'
import type { FileHashes } from '../archive/file-hashes.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import { otherVouchers, ownVouchers } from '../identical/prove-located.ts'
import type { Upstreams } from '../identical/upstreams.ts'
import { weighRebuilds } from '../judge/rebuilds.ts'
import { MAX_REPORTED_FILES } from '../limits.ts'
import type { ArchiveReading } from '../locate/located.ts'
import { type Proving, proveReproduced } from '../reproduced/prove-reproduced.ts'
import { compareFiles } from './compare-files.ts'
import { sortedFiles, type UnprovenFile } from './unproven-file.ts'

/** How an archive differs from all who vouch for it, whether or not anything of that was used. */
export interface UnprovenFiles {
  /** How many different .debs its indexes list. */
  readonly listed: number
  /** How many of them nobody vouches for. */
  readonly count: number
  /** The first of these, sorted. */
  readonly files: readonly UnprovenFile[]
  /** What could not be read of those who might vouch for them: nothing, and it is certain that nobody does. */
  readonly unread: readonly string[]
}

/** How everybody is asked. */
export interface Searching extends Proving {
  readonly upstreams: Upstreams
}

/**
 * Compares everything that an archive lists with everything that the upstreams of the policy sign, and asks its
 * rebuilders about the rest. A .deb calls itself what it likes, so any that nobody vouches for may have been installed
 * in the place of any package that is known by name and version alone.
 */
export async function findUnproven(
  reading: ArchiveReading,
  archives: readonly ArchiveReading[],
  searching: Searching,
): Promise<UnprovenFiles | undefined> {
  const { upstreams } = searching
  const served = reading.facts.files
  if (served === undefined || isItsOwnUpstream(reading)) return undefined
  const vouchers = [...ownVouchers(reading, upstreams), ...otherVouchers(reading, archives, upstreams)]
  const { listed, rest, unhashed, unread } = await compareFiles(served, vouchers)
  const none = { listed, count: 0, files: [], unread: [] }
  if (rest.size + unhashed === 0) return none
  const named = await nameFiles(reading, rest, searching)
  const rebuilt = await reproduced(reading, named, searching)
  const count = rest.size + unhashed - rebuilt.size
  if (count === 0) return none
  const files = sortedFiles(named).filter(({ sha256 }) => sha256 === null || !rebuilt.has(sha256))
  return {
    listed,
    count,
    files: files.slice(0, MAX_REPORTED_FILES),
    unread: unread.map(({ what, error }) => `${what}: ${error.message}`),
  }
}

/** What such an archive lists is what its upstream signed, unless the policy lets it deliver only a part. */
function isItsOwnUpstream({ archive }: ArchiveReading): boolean {
  return archive.servedByUpstream && archive.served.names === undefined
}

/** Reads the archive once more, for the stanzas of these files. */
async function nameFiles(
  reading: ArchiveReading,
  rest: FileHashes,
  { downloads, at }: Searching,
): Promise<readonly LocatedFile[]> {
  const reader = new ArchiveReader({ downloads, at, wanted: new WantedNames([]), kinds: ['Packages'], files: rest })
  return (await reader.read(reading.request)).named ?? []
}

/** The hashes of those that enough rebuilders got. */
async function reproduced(
  reading: ArchiveReading,
  named: readonly LocatedFile[],
  proving: Proving,
): Promise<ReadonlySet<string>> {
  const { names } = reading.archive.served
  const listings = named.flatMap(({ listing }) =>
    listing === undefined || names?.allow(listing.entry.name) === false ? [] : [listing],
  )
  const answers = await proveReproduced(
    listings.map((listing) => ({ reading, listing })),
    [reading],
    new Map(),
    proving,
  )
  const proven = [...answers].filter(
    ([{ entry }, rebuilds]) => weighRebuilds(entry.file.sha256, rebuilds).outcome === 'enough',
  )
  return new Set(proven.map(([{ entry }]) => entry.file.sha256))
}

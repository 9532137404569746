import { type ArchiveFacts, ArchiveReader, type LocatedFile } from '../archive/archive-reader.ts'
import type { FileHashes } from '../archive/file-hashes.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import { otherVouchers, ownVouchers } from '../identical/prove-located.ts'
import type { Upstreams } from '../identical/upstreams.ts'
import { weighRebuilds } from '../judge/rebuilds.ts'
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
  /** How many files are named at most. */
  readonly most: number
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
  if (isItsOwnUpstream(reading)) return undefined
  const served = reading.facts.files ?? []
  const vouchers = [...ownVouchers(reading, upstreams), ...otherVouchers(reading, archives, upstreams)]
  const { listed, rest, unhashed, unread } = await compareFiles(served, vouchers)
  const none = { listed, count: 0, files: [], unread: [] }
  if (rest.size + unhashed === 0) return none
  const { named = [], failures } = await nameFiles(reading, rest, searching)
  const rebuilt = await reproduced(reading, named, rest, searching)
  const count = rest.size + unhashed - rebuilt.hashes.size
  if (count === 0) return none
  const files = sortedFiles(named).filter(({ sha256 }) => sha256 === null || !rebuilt.hashes.has(sha256))
  return {
    listed,
    count,
    files: files.slice(0, searching.most),
    unread: [
      ...[...unread, ...failures].map(({ what, error }) => `${what}: ${error.message}`),
      ...rebuilt.unread,
      ...(count === unhashed ? [uncompared(unhashed, named)] : []),
    ],
  }
}

/** Where nothing else is left, it is open whether anything is that nobody vouches for. */
function uncompared(count: number, named: readonly LocatedFile[]): string {
  const first = named.find(({ file }) => file.kind === 'unreadable')
  const where = first?.file.kind === 'unreadable' ? ` (first: ${first.file.name} in ${first.index})` : ''
  return `the files of ${count} of its own stanzas${where}, which do not state one SHA-256 as archives write it`
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
): Promise<ArchiveFacts> {
  const reader = new ArchiveReader({ downloads, at, wanted: new WantedNames([]), kinds: ['Packages'], files: rest })
  return await reader.read(reading.request)
}

/** What rebuilders say of the files that are left. */
interface Rebuilt {
  /** The hashes of those that enough of them got. */
  readonly hashes: ReadonlySet<string>
  /** Why more might be: what could not be read of them, and what they were not asked about. */
  readonly unread: readonly string[]
}

async function reproduced(
  reading: ArchiveReading,
  named: readonly LocatedFile[],
  rest: FileHashes,
  proving: Proving,
): Promise<Rebuilt> {
  const { name: archive, rebuilders, served } = reading.archive
  if (rebuilders === undefined) return { hashes: new Set(), unread: [] }
  const listings = named.flatMap(({ listing }) =>
    listing === undefined || served.names?.allow(listing.entry.name) === false ? [] : [listing],
  )
  const answers = await proveReproduced(
    listings.map((listing) => ({ reading, listing })),
    [reading],
    new Map(),
    proving,
  )
  const weighed = [...answers].map(([{ entry }, rebuilds]) => {
    const { sha256 } = entry.file
    return { entry, sha256, ...weighRebuilds(sha256, rebuilds) }
  })
  const hashes = new Set(weighed.flatMap(({ sha256, outcome }) => (outcome === 'enough' ? [sha256] : [])))
  const unknown = weighed.filter(({ sha256, outcome }) => outcome === 'unknown' && !hashes.has(sha256))
  const [first] = unknown
  const asked = new Set(named.flatMap(({ file }) => (file.kind === 'entry' ? [file.entry.file.sha256] : [])))
  const unasked = rest.size - asked.size
  return {
    hashes,
    unread: [
      ...(first === undefined
        ? []
        : [`the rebuilders of ${archive} on ${unknown.length} of them, first ${first.entry.name}: ${first.reason}`]),
      ...(unasked > 0 ? [`the rebuilders of ${archive}, who were not asked about ${unasked} of them`] : []),
    ],
  }
}

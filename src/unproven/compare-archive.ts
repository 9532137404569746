import type { AptLists } from '../archive/apt-lists.ts'
import { ArchiveReader } from '../archive/archive-reader.ts'
import type { FileHashes } from '../archive/file-hashes.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import { rememberedReleases } from '../identical/remembered.ts'
import { Upstreams } from '../identical/upstreams.ts'
import { MAX_NAMED_FILES } from '../limits.ts'
import type { ArchiveReading } from '../locate/located.ts'
import { readServed } from '../locate/read-served.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Policy } from '../policy/policy.ts'
import { findMissing, type MissingFiles } from './find-missing.ts'
import { findUnproven, type UnprovenFiles } from './find-unproven.ts'

/** One archive of a policy beside those who vouch for it. */
export interface ComparedArchive {
  readonly reading: ArchiveReading
  /** Undefined for an archive that is its own upstream: there is nothing that it could be compared with. */
  readonly unproven: UnprovenFiles | undefined
  /** Undefined where the policy names no upstream for it. */
  readonly missing: MissingFiles | undefined
}

export interface Comparing {
  readonly policy: Policy
  readonly downloads: Downloads
  /** Names of archives of the policy; all of them are read, for any upstream may vouch. */
  readonly names: readonly string[]
  /** Those that the policy names, by their folders. */
  readonly lists: ReadonlyMap<string, AptLists>
  /** By which the last days of public keys are judged. */
  readonly keysAt: Date
  /** Tells people what is being done. */
  readonly progress: (step: string) => void
}

/** Compares everything that archives list with everything that is vouched for, without any list of packages. */
export async function compareArchives({
  policy,
  downloads,
  names,
  lists,
  keysAt,
  progress,
}: Comparing): Promise<ComparedArchive[]> {
  const { at } = policy
  const readerOf = (files: 'hashes' | FileHashes): ArchiveReader =>
    new ArchiveReader({
      downloads,
      at,
      wanted: new WantedNames([]),
      kinds: ['Packages'],
      remembered: rememberedReleases(policy, downloads),
      files,
      everyForm: files === 'hashes',
    })
  const upstreamsOf = (reader: ArchiveReader): Upstreams => new Upstreams({ reader, downloads, progress })
  const reader = readerOf('hashes')
  progress('Reading the archives')
  const archives = await Promise.all(
    policy.archives.map((archive) => readServed(archive, reader, lists.get(archive.aptLists ?? ''))),
  )
  const upstreams = upstreamsOf(reader)
  const compared: ComparedArchive[] = []
  for (const reading of archives.filter(({ archive }) => names.includes(archive.name))) {
    progress(`Comparing ${reading.archive.name} with those who vouch for it`)
    const unproven =
      reading.facts.files === undefined
        ? undefined
        : await findUnproven(reading, archives, { downloads, at, keysAt, upstreams, most: MAX_NAMED_FILES })
    const missing =
      unproven === undefined
        ? undefined
        : await findMissing(reading, upstreams, (files) => upstreamsOf(readerOf(files)))
    compared.push({ reading, unproven, missing })
  }
  return compared
}

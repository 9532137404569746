import { FileHashes } from '../archive/file-hashes.ts'
import type { ListedFiles } from '../archive/listed-files.ts'
import { ownVouchers } from '../identical/prove-located.ts'
import type { Upstreams } from '../identical/upstreams.ts'
import type { Testimony } from '../identical/witness.ts'
import { MAX_NAMED_FILES } from '../limits.ts'
import type { ArchiveReading } from '../locate/located.ts'
import { sortedFiles, type UnprovenFile } from './unproven-file.ts'

/** What an upstream lists, in its state nearest to the build, and the archive does not. */
export interface MissingFiles {
  /** Names that state. */
  readonly upstream: string
  readonly count: number
  /** The first of these, sorted. */
  readonly files: readonly UnprovenFile[]
  /** What could not be read of it. */
  readonly unread: readonly string[]
}

/**
 * The reverse of what nobody vouches for. A snapshot of a part of an archive lacks most of it, and one that was taken
 * earlier lacks what came since: that is nothing to be judged, and what an administrator wants to know.
 *
 * @param naming makes upstreams that look for these files by their hashes
 */
export async function findMissing(
  reading: ArchiveReading,
  upstreams: Upstreams,
  naming: (files: FileHashes) => Upstreams,
): Promise<MissingFiles | undefined> {
  const nearest = await nearestState(reading, upstreams)
  if (nearest === undefined) return undefined
  const { name, testimony } = nearest
  const signed = new FileHashes()
  for (const { mayBeDelivered } of testimony.files ?? []) signed.addAll(mayBeDelivered)
  const missing = signed.without((reading.facts.files ?? []).map(({ hashes }: ListedFiles) => hashes))
  const unread = testimony.failures.map(({ what, error }) => `${what}: ${error.message}`)
  if (missing.size === 0) return { upstream: name, count: 0, files: [], unread }
  const again = await nearestState(reading, naming(missing))
  const files = sortedFiles(again?.testimony.named ?? []).slice(0, MAX_NAMED_FILES)
  return { upstream: name, count: missing.size, files, unread }
}

async function nearestState(
  reading: ArchiveReading,
  upstreams: Upstreams,
): Promise<{ readonly name: string; readonly testimony: Testimony } | undefined> {
  const [voucher] = ownVouchers(reading, upstreams)
  if (voucher === undefined) return undefined
  for await (const { name, testify } of voucher.source.witnesses(() => [], false)) {
    return { name, testimony: await testify() }
  }
  return undefined
}

import { type ArchiveFacts, ArchiveReader } from '../archive/archive-reader.ts'
import type { IndexEntry } from '../archive/index-entry.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import type { IndexKind } from '../archive/suite-layout.ts'
import { describeUnclear } from '../archive/unclear-listing.ts'
import { DebproofError } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import type { ArchivePolicy } from '../policy/policy.ts'

/** Reads what the signed indexes of one archive say of some names. */
export class Indexes {
  readonly #downloads: Downloads
  readonly #at: Date

  constructor(downloads: Downloads, at: Date) {
    this.#downloads = downloads
    this.#at = at
  }

  /**
   * Nothing is rebuilt on half of the facts: an index that cannot be read ends it.
   *
   * @throws DebproofError of whatever could not be read; INDEX_UNLISTED where the archive has no such index
   */
  async read(archive: ArchivePolicy, names: Iterable<string>, kinds: readonly IndexKind[]): Promise<IndexEntry[]> {
    const reader = new ArchiveReader({
      downloads: this.#downloads,
      at: this.#at,
      wanted: new WantedNames(names),
      kinds,
    })
    const { area, keyring } = archive.served
    const facts = await reader.read({ area, keyring, refuseHidden: !archive.servedByUpstream })
    const [failure] = facts.failures
    if (failure !== undefined) {
      throw new DebproofError(failure.error.code, `The archive ${archive.name} cannot be read (${failure.what})`, {
        cause: failure.error,
      })
    }
    const [unclear] = facts.unclear
    if (unclear !== undefined) {
      throw new DebproofError(
        'INDEX_MALFORMED',
        `What the archive ${archive.name} lists is not certain: ${describeUnclear(unclear)}`,
      )
    }
    if (kinds.includes('Sources')) refuseWithoutSources(archive, facts)
    return facts.listings.map(({ entry }) => entry)
  }
}

/** A suite without a `Sources` index is only a note to `verify`; here nothing can be done without one. */
function refuseWithoutSources(archive: ArchivePolicy, { listings, notes }: ArchiveFacts): void {
  if (listings.some(({ entry }) => entry.kind === 'source')) return
  const note = notes.find((text) => text.includes('source/Sources'))
  if (note === undefined) return
  throw new DebproofError(
    'INDEX_UNLISTED',
    `The archive ${archive.name} publishes no source packages, and what is not there cannot be built: ${note}`,
  )
}

import type { Listing } from '../archive/archive-reader.ts'
import type { Architecture, Sha256 } from '../archive/identity.ts'
import type { PoolFile } from '../archive/index-entry.ts'
import type { ListingTable } from '../locate/listing-table.ts'
import type { PackageUse } from '../packages/package-use.ts'

/** What is to be proven: that an upstream signed these bytes under this name, version and architecture. */
export interface Claim {
  readonly sha256: Sha256
  /** Every file of a source package, where they are known. */
  readonly files?: readonly PoolFile[]
  /** What an upstream lists under the same name, version and architecture. */
  find(upstream: ListingTable): readonly Listing[]
}

/** The claim that a file listed by an archive is the upstream's. */
export function claimOfListing(listing: Listing): Claim {
  const { entry } = listing
  return {
    sha256: entry.file.sha256,
    ...(entry.kind === 'source' ? { files: entry.files } : {}),
    find: (upstream) => upstream.sameIdentity(listing),
  }
}

/** The claim that a file whose hash is known by itself is the upstream's. */
export function claimOfUse(use: PackageUse, sha256: Sha256, native: Architecture | undefined): Claim {
  return { sha256, find: (upstream) => upstream.find(use, native) }
}

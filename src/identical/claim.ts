import type { Listing } from '../archive/archive-reader.ts'
import type { Architecture, PackageName, Sha256, Version } from '../archive/identity.ts'
import type { PoolFile } from '../archive/index-entry.ts'
import type { ListingTable } from '../locate/listing-table.ts'
import type { PackageUse } from '../packages/package-use.ts'

/** What is to be proven: that an upstream signed these bytes under this name, version and architecture. */
export interface Claim {
  readonly sha256: Sha256
  /** Every file of a source package, where they are known. */
  readonly files?: readonly PoolFile[]
  readonly kind: 'binary' | 'source'
  readonly name: PackageName
  readonly version: Version
  /** Absent for a source package, and where a package list does not say it. */
  readonly architecture?: Architecture
  /** What an upstream lists under the same name, version and architecture. */
  find(upstream: ListingTable): readonly Listing[]
}

/** The claim that a file listed by an archive is the upstream's. */
export function claimOfListing(listing: Listing): Claim {
  const { entry } = listing
  return {
    sha256: entry.file.sha256,
    kind: entry.kind,
    name: entry.name,
    version: entry.version,
    ...(entry.kind === 'source' ? { files: entry.files } : { architecture: entry.architecture }),
    find: (upstream) => upstream.sameIdentity(listing),
  }
}

/** The claim that a file whose hash is known by itself is the upstream's. */
export function claimOfUse(use: PackageUse, sha256: Sha256, native: Architecture | undefined): Claim {
  const { kind, name, version, architecture } = use
  return {
    sha256,
    kind,
    name,
    version,
    ...(architecture === undefined ? {} : { architecture }),
    find: (upstream) => upstream.find(use, native),
  }
}

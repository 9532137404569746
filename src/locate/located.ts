import type { ArchiveFacts, ArchiveRequest, Listing } from '../archive/archive-reader.ts'
import type { Architecture } from '../archive/identity.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { ArchivePolicy } from '../policy/policy.ts'

/** What an archive of the policy was brought to say. */
export interface ArchiveReading {
  readonly archive: ArchivePolicy
  /** How it was asked, and may be asked again. */
  readonly request: ArchiveRequest
  readonly facts: ArchiveFacts
}

/** A file that an archive lists under the name, version and architecture of a package that was used. */
export interface Located {
  readonly use: PackageUse
  readonly reading: ArchiveReading
  readonly listing: Listing
}

/** The build's own architecture, which lists that name none mean. */
export function nativeOf({ served }: ArchivePolicy): Architecture | undefined {
  return served.area.architectures[0]
}

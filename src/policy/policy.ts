import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'

/** Where a package list is, and in which format. */
export interface ListSource {
  readonly path: string
  /** A format's name, or `auto`. */
  readonly format: string
}

/** An archive that vouches, by its own signatures. */
export interface Upstream {
  readonly area: ArchiveArea
  readonly keyring: Keyring
}

/** What a package from an archive must satisfy. */
export type Requirement = 'identical' | 'reproduced' | 'absent'

/** An archive that the build was served from. */
export interface ArchivePolicy {
  readonly name: string
  readonly require: Requirement
  /** What the project serves; the first upstream itself where the build used that. */
  readonly served: Upstream
  /** Whether `served` is the upstream itself rather than a copy under the project's control. */
  readonly servedByUpstream: boolean
  /** The build's own `/var/lib/apt/lists`. */
  readonly aptLists?: string
  /** Asked in order until each package is proven. */
  readonly upstreams: readonly Upstream[]
}

/** A failure that the project accepts, with its reason. */
export interface PolicyException {
  readonly package: string
  readonly version?: string
  readonly architecture?: string
  /** The name of an archive, or `none` for packages that no archive lists. Absent: wherever it is from. */
  readonly archive?: string
  readonly reason: string
  /** `YYYY-MM-DD`, the last day (UTC) on which it excuses. */
  readonly until?: string
}

export interface Policy {
  /** Of the policy file, or of the apt sources that stand in for one. */
  readonly sha256: Sha256
  readonly archives: readonly ArchivePolicy[]
  readonly exceptions: readonly PolicyException[]
}

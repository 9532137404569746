import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { PublicKey } from '../archive/public-key.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'
import type { KeysUnderTest } from './keys-under-test.ts'

/** Where a package list is, and in which format. */
export interface ListSource {
  readonly path: string
  /** A format's name, or `auto`. */
  readonly format: string
}

/** An archive as it is served now, over http(s) or from a folder. */
export interface ServedArchive {
  readonly area: ArchiveArea
  readonly keyring: Keyring
  /** Milliseconds that a release file may be old, whatever its Valid-Until; absent: any age will do. */
  readonly maxAge?: number
}

/** An archive that vouches, by its own signatures, as it is now. */
export interface LiveUpstream extends ServedArchive {
  readonly kind: 'live'
}

/** What of an upstream is looked for in its past states. */
export interface PastArea {
  readonly area: Omit<ArchiveArea, 'base'>
  readonly keyring: Keyring
  /** The instant that the states nearest to it are looked for. */
  readonly at: Date
  /** Milliseconds before and after `at` in which states are looked at. */
  readonly window: number
}

/** The public history of an upstream: a snapshot service such as snapshot.debian.org. */
export interface SnapshotUpstream extends PastArea {
  readonly kind: 'snapshots'
  /** Base URLs of services with the same content, each ending in `/`; asked in this order. */
  readonly services: readonly URL[]
  /** As the service calls it: `debian`, `debian-security`. */
  readonly archive: string
}

/** What `debproof record` kept of an upstream. */
export interface StoreUpstream extends PastArea {
  readonly kind: 'store'
  /** An absolute path. */
  readonly folder: string
}

/** Who can say what an upstream signed. */
export type Upstream = LiveUpstream | SnapshotUpstream | StoreUpstream

/** What a package from an archive must satisfy. */
export type Requirement = 'identical' | 'reproduced' | 'absent'

/** The form in which a rebuilder publishes what it got. */
export type StatementFormat = 'buildinfo' | 'in-toto' | 'sha256sums' | 'rebuilderd' | 'dsse'

/** An independent rebuilder: counted once, however many keys, places and statements it has. */
export interface PartyPolicy {
  readonly name: string
  readonly places: readonly { readonly format: StatementFormat; readonly url: URL }[]
  /** Its OpenPGP keys, for the formats that are signed with such. */
  readonly keyring?: Keyring
  /** Its other keys. */
  readonly publicKeys: readonly PublicKey[]
  /** Whether it built what the sums list that it signs together with other parties. */
  readonly cosigned: boolean
}

/** The keys of who built what is served: its word on that does not count. */
export interface BuilderPolicy {
  readonly keyring?: Keyring
  readonly publicKeys: readonly PublicKey[]
}

/** An in-toto layout, as the policy names it: read, and not yet verified. */
export interface LayoutPolicy {
  readonly file: URL
  readonly bytes: Uint8Array
  readonly owner: Keyring
  readonly places: readonly URL[]
}

/** Who must have rebuilt an archive's packages. */
export interface RebuildersPolicy {
  /** Absent where the layout alone says it; where both do, the higher one holds. */
  readonly threshold?: number
  readonly parties: readonly PartyPolicy[]
  readonly layout?: LayoutPolicy
  /** The original builder: no party may have one of these keys. */
  readonly builder: BuilderPolicy
  /** Whose keys have no say: of who signs what is under test. */
  readonly underTest: KeysUnderTest
  readonly sourceRequired: boolean
}

/** An archive that the build was served from. */
export interface ArchivePolicy {
  readonly name: string
  readonly require: Requirement
  /** What the project serves; the first upstream itself where the build used that. */
  readonly served: ServedArchive
  /** Whether `served` is the upstream itself rather than a copy under the project's control. */
  readonly servedByUpstream: boolean
  /** The build's own `/var/lib/apt/lists`. */
  readonly aptLists?: string
  /** Asked in order until each package is proven. */
  readonly upstreams: readonly Upstream[]
  /** With `require: reproduced`, unless only imported packages are to pass. */
  readonly rebuilders?: RebuildersPolicy
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
  /** The clock for every decision: what the user gave, else the build's own date that the policy states, else now. */
  readonly at: Date
  /** The date of the build that the policy itself states, whichever clock was given. */
  readonly statedAt?: Date
}

import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { NamePatterns } from '../archive/name-patterns.ts'
import type { PublicKey } from '../archive/public-key.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'

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
  /** The packages that it may deliver; absent: any. */
  readonly names?: NamePatterns
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
  /** The origins whose snapshots, as the package lists name them, `at` was made of; absent where it was not. */
  readonly atOrigins?: readonly string[]
  /** Milliseconds before and after `at` in which states are looked at. */
  readonly window: number
  /** The packages that it vouches for; absent: any. */
  readonly names?: NamePatterns
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
  /** Whether archives as they are now are held to what it saw of them. */
  readonly memory: boolean
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

/** By everything that tells a key (`keyIdsOf`), whose it is. */
export type KeysUnderTest = ReadonlyMap<string, string>

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
  /** Primary keys that sign what is served and by which an upstream vouches too: see `withOwnKeys`. */
  readonly ownKeys: readonly string[]
  /** The build's own `/var/lib/apt/lists`. */
  readonly aptLists?: string
  /** Asked in order until each package is proven. */
  readonly upstreams: readonly Upstream[]
  /** With `require: reproduced`, unless only imported packages are to pass. */
  readonly rebuilders?: RebuildersPolicy
  /** Whether files that it lists and nobody vouches for are told, or fail the run. */
  readonly unprovenFiles: 'report' | 'fail'
}

/** What an exception may excuse. */
export type Excusable = 'mismatch' | 'forbidden' | 'unproven' | 'unlisted' | 'undecided'

/** A failure that the project accepts, with its reason. */
export interface PolicyException {
  readonly package: string
  readonly version?: string
  readonly architecture?: string
  /** The name of an archive, or `none` for packages that no archive lists. Absent: wherever it is from. */
  readonly archive?: string
  /** The very file: of the .deb or .dsc that was used. */
  readonly sha256?: Sha256
  /** The one verdict that it excuses. Absent: those that say no more than that proof is missing. */
  readonly verdict?: Excusable
  readonly reason: string
  /** `YYYY-MM-DD`, the last day (UTC) on which it excuses. */
  readonly until?: string
}

/** What becomes of release files and indexes in apt's lists that no archive of the policy reads. */
export type OtherArchives = { readonly action: 'fail' } | { readonly action: 'ignore'; readonly reason?: string }
/** Where the clock comes from: `--at`, the policy, a package list by way of the policy, or the machine. */
export type ClockSource =
  | { readonly from: 'option' | 'policy' | 'now' }
  /** The origins whose snapshots, as the lists name them, it was made of. */
  | { readonly from: 'list'; readonly origins: readonly string[] }

export interface Policy {
  /** Of the policy file, or of the apt sources that stand in for one. */
  readonly sha256: Sha256
  readonly archives: readonly ArchivePolicy[]
  readonly exceptions: readonly PolicyException[]
  /** Whether a package of which no list states the hash is undecided. */
  readonly hashesRequired: boolean
  readonly otherArchives: OtherArchives
  /** The clock for every decision: what the user gave, else the build's own date that the policy states, else now. */
  readonly at: Date
  readonly clock: ClockSource
  /** The date of the build that the policy itself states, whichever clock was given. */
  readonly statedAt?: Date
}

import type { Evidence } from '../archive/evidence.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { Requirement } from '../policy/policy.ts'
import type { Rebuilds } from './rebuilds.ts'

/** How the hash of what the build used is known, strongest first. */
export type HashFrom = 'deb' | 'list' | 'apt-lists' | 'archive'

/** What an archive's upstreams say of one file. */
export type Proof =
  /** An upstream signed these very bytes under this name, version and architecture. */
  | {
      readonly outcome: 'identical'
      readonly upstream: string
      /** The archive of the policy whose upstream that is. */
      readonly archive: string
      readonly evidence: readonly Evidence[]
    }
  /** An upstream signed other bytes under this name, version and architecture, and none signed these. */
  | {
      readonly outcome: 'mismatch'
      readonly upstream: string
      /** What the upstream signed, and for which file where the package has several. */
      readonly signed: readonly Sha256[]
      readonly difference?: string
      readonly evidence: readonly Evidence[]
    }
  /** Every upstream was read, and none lists it. */
  | {
      readonly outcome: 'unproven'
      /** A sentence for people on where it may be found, which is no evidence. */
      readonly hint?: string
    }
  /** Some upstream could not be read. */
  | { readonly outcome: 'undecided'; readonly why: string }

/** What the download of a file from the archive's own pool showed (`--deep`). */
export type PoolCheck =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'different'; readonly why: string }
  | { readonly outcome: 'unread'; readonly why: string }

/** A file that the build may have used under a name, version and architecture. */
export interface Candidate {
  readonly sha256: Sha256
  readonly version: string
  readonly architecture: string
  readonly archive: string
  readonly require: Requirement
  /** Whether the policy lets the archive deliver packages of this name. */
  readonly mayDeliver: boolean
  readonly listedIn: 'apt-lists' | 'archive'
  /** The files that show that the archive lists it. */
  readonly evidence: readonly Evidence[]
  readonly proof: Proof
  /** What rebuilders say of it, where they were asked: not where an upstream signed it, or other bytes. */
  readonly rebuilds?: Rebuilds
  readonly pool?: PoolCheck
}

import type { PackageUse } from '../packages/package-use.ts'
import type { Candidate, Proof } from './candidate.ts'
import type { Rebuilds } from './rebuilds.ts'

/** The keys that are an archive's own, by its name: what they vouch for is that archive's word (`withOwnKeys`). */
export type OwnKeys = ReadonlyMap<string, readonly string[]>

/** Everything that is known about one package. */
export interface Case {
  readonly use: PackageUse
  /** What the archives of the policy list under its name, version and architecture. */
  readonly candidates: readonly Candidate[]
  /** Every other file that an archive of the policy lists under the name, also one from which nothing may come. */
  readonly others: readonly Candidate[]
  /** Whether the policy takes no package whose hash is known from listings alone. */
  readonly hashRequired: boolean
  /**
   * Where the hash is known from the file or the list and no archive lists it: what upstreams say of these bytes.
   */
  readonly direct?: Proof
  /**
   * And what the rebuilders of each archive say of them that lists the name, by the archive: all of them must have got
   * these.
   */
  readonly directRebuilds?: ReadonlyMap<string, Rebuilds>
  /** Archives, or parts of them, that could not be read: it might be listed there. */
  readonly unread: readonly string[]
  /**
   * What archives list under its name in stanzas that not everybody reads alike: what these are about is not known. A
   * text each, which names the stanza.
   */
  readonly unclear: readonly string[]
  /** Other versions that archives list under the name, for the message. */
  readonly otherVersions: readonly string[]
  /** The keys by which archives vouch for what they serve themselves. */
  readonly ownKeys?: OwnKeys
}

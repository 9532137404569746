import type { Listing, LocatedFile, ReadFailure } from '../archive/archive-reader.ts'
import type { ListedFiles } from '../archive/listed-files.ts'
import type { NamePatterns } from '../archive/name-patterns.ts'
import type { UnclearListing } from '../archive/unclear-listing.ts'
import type { Claim } from './claim.ts'

/** What a witness was brought to say. */
export interface Testimony {
  /** What it lists under the wanted names. */
  readonly listings: readonly Listing[]
  /** What it signed and is not believed for, since it contradicted itself: it proves nothing, and other bytes count. */
  readonly doubted?: readonly Listing[]
  /** What could not be read, so that nothing is known of it. */
  readonly failures: readonly ReadFailure[]
  /** What it may list besides of these packages: they count as not read, and no others. */
  readonly unclear: readonly UnclearListing[]
  /** What the reader of the report should know and nothing depends on: gaps, keys that have expired since. */
  readonly notes: readonly string[]
  /** All files that its indexes list, where the run compares whole archives. */
  readonly files?: readonly ListedFiles[]
  /** Where some files are looked for by their hashes: these. */
  readonly named?: readonly LocatedFile[]
  /** What is known of claims that nothing proves, and is no evidence: a sentence each, for their reasons. */
  readonly hints?: ReadonlyMap<Claim, string>
}

/** One state of an upstream, which says what was signed then: the live archive, a run of a snapshot service. */
export interface Witness {
  /** Names it in reasons: `the upstream at http://…`. */
  readonly name: string
  /** Never throws for what the upstream does. */
  testify(): Promise<Testimony>
}

/** An upstream of the policy: one state, or many, those nearest to the build first. */
export interface WitnessSource {
  /**
   * The states, each made when it is asked for: whoever has enough stops asking.
   *
   * @param open the claims that are not proven yet
   * @param further whether to look beyond the states near the build for what they do not list
   */
  witnesses(open: () => readonly Claim[], further?: boolean): AsyncIterable<Witness>
}

/** Somebody whose word counts for an archive, by the policy. */
export interface Voucher {
  /** The archive of the policy whose upstream it is. */
  readonly archive: string
  /** The packages that it vouches for; absent: any. */
  readonly names?: NamePatterns
  readonly source: WitnessSource
}

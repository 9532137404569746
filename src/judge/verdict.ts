import type { Evidence } from '../archive/evidence.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { Excusable } from '../policy/policy.ts'
import type { HashFrom } from './candidate.ts'

/** The judgement on one package. */
export type Verdict =
  | 'identical'
  | 'reproduced'
  | 'excepted'
  | 'mismatch'
  | 'unproven'
  | 'unlisted'
  | 'forbidden'
  | 'undecided'

/** The report's verdict, made of all the packages'. */
export type ReportVerdict = 'pass' | 'fail' | 'undecided'

export const PASSING: ReadonlySet<Verdict> = new Set(['identical', 'reproduced', 'excepted'])
export const FAILING: ReadonlySet<Verdict> = new Set(['mismatch', 'unproven', 'unlisted', 'forbidden'])

/** One package, judged. */
export interface JudgedPackage {
  readonly use: PackageUse
  readonly verdict: Verdict
  /** One sentence for people: what was found, and for a failure what speaks against the package. */
  readonly reason: string
  /** The archive that served it; undefined where none lists it. */
  readonly archive?: string
  /** Undefined where no hash is known. */
  readonly sha256?: string
  /** For a mismatch: the hashes that the upstream signed, or rebuilders got, instead. */
  readonly expected?: readonly string[]
  readonly hashFrom?: HashFrom
  /**
   * Of one that is proven: the archives of the policy on whose word that rests. With several, each vouches for what it
   * lists under the name itself, and which of them delivered the package is open.
   */
  readonly vouchedBy?: readonly string[]
  readonly architecture?: string
  /** The archives on whose own word alone it rests; absent where somebody else vouches. */
  readonly selfVouched?: readonly string[]
  /**
   * Set where no hash is known and archives list another file under the name that is not proven either: that may be the
   * one that was used. The names of all archives that list such a file, sorted.
   */
  readonly mayBeFrom?: readonly string[]
  /** Where the policy excepts it: what it would be otherwise, and why that is accepted. */
  readonly excepted?: { readonly verdict: Excusable; readonly reason: string; readonly until?: string }
  /** For an identical one: the Date of the release file that vouches for it. */
  readonly vouchedAt?: Date
  readonly evidence: readonly Evidence[]
}

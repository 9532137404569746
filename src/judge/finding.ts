import type { Evidence } from '../archive/evidence.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { Candidate } from './candidate.ts'
import type { Verdict } from './verdict.ts'
import type { Vouched } from './vouched-at.ts'

/** What was found of one file, or of a package. */
export interface Finding extends Vouched {
  readonly verdict: Verdict
  readonly reason: string
  readonly sha256?: Sha256
  /** For a mismatch: what is vouched for instead. */
  readonly expected?: readonly Sha256[]
  readonly candidate?: Candidate
  /** Of one that passes: the archives of the policy on whose word that rests. */
  readonly vouchedBy?: readonly string[]
  readonly evidence: readonly Evidence[]
}

/** When the build may have used several files, the worst of them decides. */
const WORST_FIRST: readonly Verdict[] = [
  'mismatch',
  'forbidden',
  'unlisted',
  'unproven',
  'undecided',
  'reproduced',
  'identical',
]

export function bySeverity(a: Finding, b: Finding): number {
  return WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict)
}

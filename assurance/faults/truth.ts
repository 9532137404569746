/** What a package of a scenario is, as whoever made the scenario knows. */
export type Truth =
  /** Both archives have the same bytes. */
  | 'good'
  /** The upstream signed other bytes under this name, version and architecture. */
  | 'tampered'
  /** The upstream never had it. */
  | 'foreign'
  /** In no archive of the policy. */
  | 'unlisted'
  /** Enough rebuilders got the same bytes; all of them got others; one alone got the same. */
  | 'rebuilt'
  | 'rebuilt otherwise'
  | 'rebuilt once'

/** The verdict where nothing is wrong with the network and the machine. */
export const VERDICT_OF: Readonly<Record<Truth, string>> = {
  good: 'identical',
  tampered: 'mismatch',
  foreign: 'unproven',
  unlisted: 'unlisted',
  rebuilt: 'reproduced',
  'rebuilt otherwise': 'mismatch',
  'rebuilt once': 'unproven',
}

export function isSound(truth: Truth): boolean {
  return truth === 'good' || truth === 'rebuilt'
}

/** By `name version`. */
export type Truths = ReadonlyMap<string, Truth>

/** The verdict of a report where all is as it should be. */
export function reportVerdictOf(truths: Truths): 'pass' | 'fail' {
  return [...truths.values()].every(isSound) ? 'pass' : 'fail'
}

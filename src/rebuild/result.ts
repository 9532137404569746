import type { ComparedDeb } from './compare.ts'

/** `same`: every .deb has the bytes of the archive's. `undone`: it could not be found out. */
export type Outcome = 'same' | 'different' | 'undone'

/** What one build came to. */
export interface BuildResult {
  /** The .buildinfo that was repeated. */
  readonly buildinfo: string
  readonly architecture: string
  readonly outcome: Outcome
  readonly debs: readonly ComparedDeb[]
  /** Packages that the original build did not make. */
  readonly additional: readonly string[]
  /** Why it is undone; what else the reader should know. */
  readonly notes: readonly string[]
  /** Paths within the output folder. */
  readonly log: string
  readonly statements: readonly string[]
  readonly different: readonly string[]
}

/** What became of one source package. */
export interface PackageResult {
  readonly source: string
  readonly version: string
  readonly archive: string
  readonly outcome: Outcome
  /** Why nothing was built. */
  readonly problem?: string
  readonly notes: readonly string[]
  readonly builds: readonly BuildResult[]
  /** The links for all of it: paths within the output folder. */
  readonly statements: readonly string[]
}

/** One that differs is said before one of which nothing is known. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('different')) return 'different'
  return outcomes.includes('undone') ? 'undone' : 'same'
}

/** Only what the signed index lists decides: of others, such as -dbgsym packages, nobody signed a hash. */
export function outcomeOf(debs: readonly ComparedDeb[]): Outcome {
  const listed = debs.filter(({ expected }) => expected.entry !== undefined)
  if (listed.some(({ outcome }) => outcome === 'different')) return 'different'
  return listed.length === 0 || listed.some(({ outcome }) => outcome === 'missing') ? 'undone' : 'same'
}

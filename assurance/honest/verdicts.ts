import type { Outcome, Package } from './outcome.ts'

const PASSING = new Set(['identical', 'reproduced', 'excepted'])

/** How the verdicts of two versions on one archive differ. */
export interface Difference {
  /** `undecided` now and not before, with the file that makes it so in the reason. */
  readonly shown: readonly Package[]
  /** `undecided` now and not before, without such a file. */
  readonly hidden: readonly Package[]
  /** Anything else that differs, such as a verdict that is better now. */
  readonly other: readonly string[]
}

/** A reason that names a file: its version, its architecture and its hash. */
const NAMES_A_FILE = /also lists \S+ \S+ under this name \([0-9a-f]{64}\), and nobody vouches for that file/

export function differenceOf(before: Outcome, now: Outcome): Difference {
  const shown: Package[] = []
  const hidden: Package[] = []
  const other: string[] = []
  for (const key of new Set([...before.packages.keys(), ...now.packages.keys()])) {
    const [was, is] = [before.packages.get(key), now.packages.get(key)]
    if (was?.verdict === is?.verdict) continue
    if (is?.verdict === 'undecided' && was !== undefined && PASSING.has(was.verdict)) {
      if (NAMES_A_FILE.test(is.reason)) shown.push(is)
      else hidden.push(is)
      continue
    }
    other.push(`${key}: ${was?.verdict} before, ${is?.verdict} now: ${is?.reason}`)
  }
  return { shown, hidden, other }
}

/** Such as `1980 identical, 20 unproven`. */
export function countVerdicts({ packages }: Outcome): string {
  const counts = new Map<string, number>()
  for (const { verdict } of packages.values()) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ')
}

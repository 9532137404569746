import { FAILING, type ReportVerdict, type Verdict } from './verdict.ts'

/** What counts of a package, as it was judged or as a report states it. */
export interface VerdictOfPackage {
  readonly verdict: Verdict
  /** How the hash of what the build used is known. */
  readonly hashFrom?: string | null
}

/** How many packages got which verdict. */
export type Counts = { readonly total: number } & Readonly<Record<Verdict, number>>

export function countVerdicts(packages: readonly VerdictOfPackage[]): Counts {
  const counts = {
    total: packages.length,
    identical: 0,
    reproduced: 0,
    excepted: 0,
    mismatch: 0,
    unproven: 0,
    unlisted: 0,
    forbidden: 0,
    undecided: 0,
  }
  for (const { verdict } of packages) counts[verdict] += 1
  return counts
}

/** What counts for the report's verdict beside its packages. */
export interface Surroundings {
  /**
   * Whether an archive of the policy, or a part of one, could not be read, or the build's apt saw one that is not in
   * the policy.
   */
  readonly unread: boolean
  /** What the policy makes of files that each archive lists and nobody vouches for. */
  readonly refused: readonly ('fail' | 'undecided' | 'none')[]
  /** Whether other machines judge the rest: a part may be empty, where no packages at all prove nothing. */
  readonly isPart: boolean
}

/** What is known of an archive's files that nobody vouches for. */
export interface UnprovenCount {
  readonly count: number
  /** What could not be read of those who might vouch for them. */
  readonly unread: readonly unknown[]
}

/**
 * What an archive's files mean for the run where the policy takes none that nobody vouches for. What could not be read
 * of the archive may list such a file.
 */
export function refusalOf(files: UnprovenCount, isRead: boolean): Surroundings['refused'][number] {
  if (files.count > 0) return files.unread.length > 0 ? 'undecided' : 'fail'
  return isRead ? 'none' : 'undecided'
}

/**
 * The report's verdict: fail if any package fails, else undecided if any is, else pass.
 *
 * An archive that could not be read may have served the build other bytes under a name that another archive lists
 * too. So as long as the hash of any package is known only from what archives list, a run that could not read all
 * of them does not pass.
 */
export function combineVerdicts(
  packages: readonly VerdictOfPackage[],
  { unread, refused, isPart }: Surroundings,
): ReportVerdict {
  if (packages.some(({ verdict }) => FAILING.has(verdict)) || refused.includes('fail')) return 'fail'
  if ((packages.length === 0 && !isPart) || packages.some(({ verdict }) => verdict === 'undecided')) return 'undecided'
  if (refused.includes('undecided')) return 'undecided'
  const restsOnListings = packages.some(({ hashFrom }) => hashFrom !== 'deb' && hashFrom !== 'list')
  return unread && restsOnListings ? 'undecided' : 'pass'
}

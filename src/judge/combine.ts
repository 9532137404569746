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

/**
 * The report's verdict: fail if any package fails, else undecided if any is, else pass.
 *
 * An archive that could not be read may have served the build other bytes under a name that another archive lists
 * too. So as long as the hash of any package is known only from what archives list, a run that could not read all
 * of them does not pass.
 *
 * @param unreadArchives whether an archive of the policy, or a part of one, could not be read
 * @param isPart whether other machines judge the rest: a part may be empty, where no packages at all prove nothing
 */
export function combineVerdicts(
  packages: readonly VerdictOfPackage[],
  unreadArchives: boolean,
  isPart = false,
): ReportVerdict {
  if (packages.some(({ verdict }) => FAILING.has(verdict))) return 'fail'
  if ((packages.length === 0 && !isPart) || packages.some(({ verdict }) => verdict === 'undecided')) return 'undecided'
  const restsOnListings = packages.some(({ hashFrom }) => hashFrom !== 'deb' && hashFrom !== 'list')
  return unreadArchives && restsOnListings ? 'undecided' : 'pass'
}

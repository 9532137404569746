import type { Excusable, PolicyException } from '../policy/policy.ts'
import type { JudgedPackage } from './verdict.ts'

/** What became of one exception of the policy. */
export interface ExceptionUse {
  readonly exception: PolicyException
  /** `expired`: it is past its last day and excuses nothing. `unused`: no package needed it. */
  readonly status: 'used' | 'unused' | 'expired'
  /** How many packages it excused. */
  readonly packages: number
  /** Verdicts of packages that it names and does not excuse, since it does not say so: each once, sorted. */
  readonly unexcused: readonly Excusable[]
}

/**
 * What says no more than that proof is missing. The others an exception excuses only where it says `verdict`: there is
 * proof against the file, or, for `undecided`, there may be some that nobody could read, which is all that it takes to
 * hide a mismatch.
 */
const EXCUSED_UNSAID: ReadonlySet<Excusable> = new Set(['unproven', 'unlisted'])

/**
 * Turns the verdict of a package that the policy excepts into `excepted`, and tells what became of each exception.
 * Pure.
 *
 * @param at the clock: an exception excuses to the end of its last day, in UTC
 */
export function applyExceptions(
  packages: readonly JudgedPackage[],
  exceptions: readonly PolicyException[],
  at: Date,
): { packages: JudgedPackage[]; exceptions: ExceptionUse[] } {
  const today = at.toISOString().slice(0, 10)
  const isExpired = ({ until }: PolicyException): boolean => until !== undefined && until < today
  const uses = new Map<PolicyException, number>()
  const unexcused = new Map<PolicyException, Set<Excusable>>()
  const judged = packages.map((item) => {
    const verdict = excusable(item)
    if (verdict === undefined) return item
    const named = exceptions.filter((candidate) => !isExpired(candidate) && names(candidate, item, verdict))
    const exception = named.find((candidate) => excuses(candidate, verdict))
    if (exception === undefined) {
      for (const one of named) unexcused.set(one, (unexcused.get(one) ?? new Set()).add(verdict))
      return item
    }
    uses.set(exception, (uses.get(exception) ?? 0) + 1)
    const { reason, until } = exception
    return {
      ...item,
      verdict: 'excepted' as const,
      reason: `Excepted by the policy: ${reason} (otherwise ${verdict}: ${item.reason})`,
      excepted: { verdict, reason, ...(until === undefined ? {} : { until }) },
    }
  })
  return {
    packages: judged,
    exceptions: exceptions.map((exception) => {
      const count = uses.get(exception) ?? 0
      return {
        exception,
        status: isExpired(exception) ? 'expired' : count > 0 ? 'used' : 'unused',
        packages: count,
        unexcused: [...(unexcused.get(exception) ?? [])].sort(),
      }
    }),
  }
}

/** Undefined where there is nothing to excuse. */
function excusable({ verdict }: JudgedPackage): Excusable | undefined {
  if (verdict === 'identical' || verdict === 'reproduced' || verdict === 'excepted') return undefined
  return verdict
}

function excuses(exception: PolicyException, verdict: Excusable): boolean {
  return exception.verdict === undefined ? EXCUSED_UNSAID.has(verdict) : exception.verdict === verdict
}

function names(exception: PolicyException, item: JudgedPackage, verdict: Excusable): boolean {
  const { use, archive, architecture, sha256, mayBeFrom = [] } = item
  if (exception.package.toLowerCase() !== use.name) return false
  if (exception.version !== undefined && exception.version !== use.version) return false
  if (exception.architecture !== undefined && exception.architecture !== architecture) return false
  // Where another file may have been used, nobody knows that it was this one.
  if (exception.sha256 !== undefined && (mayBeFrom.length > 0 || exception.sha256 !== sha256)) return false
  // That no archive lists a package is known only when every archive was read; and one that lists another version of it
  // may have delivered a .deb that calls itself by this one.
  if (exception.archive === 'none') return verdict === 'unlisted' && mayBeFrom.length === 0
  return exception.archive === undefined || [archive, ...mayBeFrom].every((name) => name === exception.archive)
}

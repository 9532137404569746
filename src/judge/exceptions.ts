import type { PolicyException } from '../policy/policy.ts'
import { type JudgedPackage, PASSING } from './verdict.ts'

/** What became of one exception of the policy. */
export interface ExceptionUse {
  readonly exception: PolicyException
  /** `expired`: it is past its last day and excuses nothing. `unused`: no package needed it. */
  readonly status: 'used' | 'unused' | 'expired'
  /** How many packages it excused. */
  readonly packages: number
}

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
  const judged = packages.map((item) => {
    if (PASSING.has(item.verdict)) return item
    const exception = exceptions.find((candidate) => !isExpired(candidate) && excuses(candidate, item))
    if (exception === undefined) return item
    uses.set(exception, (uses.get(exception) ?? 0) + 1)
    const reason = `Excepted by the policy: ${exception.reason} (otherwise ${item.verdict}: ${item.reason})`
    return { ...item, verdict: 'excepted' as const, reason }
  })
  return {
    packages: judged,
    exceptions: exceptions.map((exception) => {
      const count = uses.get(exception) ?? 0
      return { exception, status: isExpired(exception) ? 'expired' : count > 0 ? 'used' : 'unused', packages: count }
    }),
  }
}

function excuses(exception: PolicyException, { use, verdict, archive, architecture }: JudgedPackage): boolean {
  if (exception.package.toLowerCase() !== use.name) return false
  if (exception.version !== undefined && exception.version !== use.version) return false
  if (exception.architecture !== undefined && exception.architecture !== architecture) return false
  // That no archive lists a package is known only when every archive was read.
  if (exception.archive === 'none') return verdict === 'unlisted'
  return exception.archive === undefined || exception.archive === archive
}

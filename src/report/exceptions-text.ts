import { nameOf } from './headline.ts'
import type { Report, ReportedPackage } from './report-schema.ts'

type Exception = Report['predicate']['exceptions'][number]

/** The packages that the policy excepts, in the report's order. */
export function exceptedPackages({ predicate }: Report): ReportedPackage[] {
  return predicate.packages.filter(({ verdict }) => verdict === 'excepted')
}

/** What an exception hides and until when: `mismatch, until 2027-03-01`. */
export function whatIsHidden({ excepted }: ReportedPackage): string {
  if (excepted === undefined) return 'the report does not say what'
  return `${excepted.verdict}, ${excepted.until === undefined ? 'without an end' : `until ${excepted.until}`}`
}

/** Why it is accepted, in the words of the policy. */
export function whyExcepted({ excepted, reason }: ReportedPackage): string {
  return excepted?.reason ?? reason
}

/** For a terminal: each package that the policy excepts, what that hides, and why it is accepted. */
export function exceptedText(report: Report, limit: number): string[] {
  const packages = exceptedPackages(report)
  if (packages.length === 0 || limit === 0) return []
  const lines = packages.slice(0, limit).flatMap((item) => [
    `  ${nameOf(item)}${item.archive === null ? '' : ` (${item.archive})`}: ${whatIsHidden(item)}`,
    // The reason of the package says both: why it is accepted, and what was found.
    `    ${item.reason}`,
  ])
  const more = packages.length > limit ? [`  … and ${packages.length - limit} more, in report.json.`] : []
  return ['', 'excepted: These are not proven. The policy accepts them all the same.', ...lines, ...more]
}

/** Exceptions that somebody should look after. What was not read might have shown that one is needed. */
export function staleExceptions({ predicate }: Report): string[] {
  const isWhole = predicate.counts.undecided === 0 && predicate.archives.every(({ unread }) => unread.length === 0)
  return predicate.exceptions.flatMap((exception) => {
    const { package: name, until, status, unexcused = [] } = exception
    if (status === 'expired') return [`The exception for ${name} ended with ${until ?? ''} and excuses nothing.`]
    if (unexcused.length > 0) return [whatItDoesNotExcuse(exception, unexcused)]
    return status === 'unused' && isWhole
      ? [`The exception for ${name} matches no package that needs one: remove it.`]
      : []
  })
}

function whatItDoesNotExcuse(
  { package: name, verdict, version, sha256 }: Exception,
  unexcused: NonNullable<Exception['unexcused']>,
): string {
  const which = unexcused.map((one) => `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`).join(' and ')
  if (verdict !== undefined) {
    return `The exception for ${name} does not excuse ${which}: it says \`verdict: ${verdict}\`, and excuses that alone.`
  }
  const file = version === null && sha256 === undefined ? ', and `version` or `sha256`' : ''
  const verdicts = unexcused.map((one) => `\`verdict: ${one}\``).join(' or ')
  return (
    `The exception for ${name} does not excuse ${which}: one that is meant to says ${verdicts}${file}. ` +
    'Find out first what was found against the package.'
  )
}

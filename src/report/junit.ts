import { MAX_JUNIT_CASES } from '../limits.ts'
import { exceptedPackages, whatIsHidden, whyExcepted } from './exceptions-text.ts'
import { ADVICE, headline, nameOf, packagesToLookAt } from './headline.ts'
import type { Report, ReportedPackage } from './report-schema.ts'
import { surroundingsOf } from './surroundings.ts'
import { unprovenSentence } from './unproven-text.ts'
import { visible } from './visible.ts'

/** What a CI shows of a test: `failure` for what failed, `error` for what could not be found out. */
interface Trouble {
  readonly element: 'failure' | 'error'
  readonly type: string
  readonly message: string
  readonly text: string
}

interface TestCase {
  readonly suite: string
  readonly name: string
  readonly trouble?: Trouble
  /** Why it is passed over: neither a failure nor a success. */
  readonly skipped?: string
  readonly output?: string
}

/** The suite of packages that no archive lists. */
const NOWHERE = 'in no archive'

/**
 * The report as JUnit XML, for the test reports of a CI: one test for each package that fails or is undecided, one that
 * is skipped for each that the policy excepts, and one for all others of an archive, so that two thousand packages stay
 * readable. It has a failure or an error if and only
 * if the verdict is not `pass`, and a failure if and only if it is `fail`.
 *
 * The format has no standard; this is what Jenkins' and GitLab's readers take.
 */
export function junitReport(report: Report): string {
  const cases = [...packageCases(report), ...exceptedCases(report), ...archiveCases(report), ...unprovenCases(report)]
  const verdict = report.predicate.verdict
  if (verdict !== 'pass' && cases.every(({ trouble }) => trouble === undefined)) {
    cases.push({ suite: 'debproof', name: 'verdict', trouble: troubleOf(verdict, headline(report), '') })
  }
  const suites = [...new Set(cases.map(({ suite }) => suite))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="debproof"${countsOf(cases)}>`,
    ...suites.flatMap((suite) => suiteLines(suite, cases)),
    '</testsuites>',
    '',
  ].join('\n')
}

function packageCases(report: Report): TestCase[] {
  const packages = packagesToLookAt(report)
  const cases = packages.slice(0, MAX_JUNIT_CASES).map(packageCase)
  const rest = packages.slice(MAX_JUNIT_CASES)
  if (rest.length > 0) {
    const gravest = rest[0]?.verdict ?? 'undecided'
    const message = `${rest.length} more packages fail or are undecided; report.json has all of them.`
    cases.push({ suite: 'debproof', name: 'all other packages', trouble: troubleOf(gravest, message, '') })
  }
  return cases
}

function packageCase(item: ReportedPackage): TestCase {
  const { verdict, reason, archive, sha256, expected = [] } = item
  const hashes = [...(sha256 === null ? [] : [`used:     ${sha256}`]), ...expected.map((hash) => `expected: ${hash}`)]
  const text = [reason, ...hashes, ADVICE[verdict] ?? ''].join('\n')
  return { suite: archive ?? NOWHERE, name: nameOf(item), trouble: troubleOf(verdict, reason, text) }
}

/** What the policy excepts is neither proven nor a failure. */
function exceptedCases(report: Report): TestCase[] {
  const packages = exceptedPackages(report)
  const cases = packages.slice(0, MAX_JUNIT_CASES).map((item): TestCase => {
    const skipped = `excepted by the policy: ${whatIsHidden(item)}: ${whyExcepted(item)}`
    return { suite: suiteOf(item), name: nameOf(item), skipped, output: item.reason }
  })
  const more = packages.length - cases.length
  if (more > 0) {
    const skipped = `The policy excepts ${more} more packages; report.json has all of them.`
    cases.push({ suite: 'debproof', name: 'all other excepted packages', skipped })
  }
  return cases
}

/** One test for what an archive listed and was proven, and what could not be read of it. */
function archiveCases({ predicate }: Report): TestCase[] {
  const proven = predicate.packages.filter(({ verdict }) => verdict === 'identical' || verdict === 'reproduced')
  const names = [...new Set([...predicate.archives.map(({ name }) => name), ...proven.map(suiteOf)])]
  return names.map((suite) => {
    const own = proven.filter((item) => suiteOf(item) === suite)
    const unread = predicate.archives.find(({ name }) => name === suite)?.unread ?? []
    const text = unread.map(({ what, reason }) => `${what}: ${reason}`).join('\n')
    const isOpen = unread.length > 0 && predicate.verdict !== 'pass'
    return {
      suite,
      name: 'proven packages',
      output: `${own.length} package${own.length === 1 ? '' : 's'}: ${listVerdicts(own)}`,
      ...(isOpen ? { trouble: troubleOf('unread', `${suite} could not be read, or not whole.`, text) } : {}),
    }
  })
}

/** Where the policy refuses files that nobody vouches for: one test for each archive that lists such. */
function unprovenCases({ predicate }: Report): TestCase[] {
  const refused = surroundingsOf(predicate).refused
  return predicate.archives.flatMap((archive, index) => {
    const { name, unproven } = archive
    const action = refused[index]
    if (action === undefined || action === 'none') return []
    const text = unproven?.files.map((file) => `${file.name} ${file.version} ${file.architecture} ${file.sha256 ?? ''}`)
    const message = `${unprovenSentence(archive)}.`
    const type = action === 'fail' ? 'unproven-files' : 'undecided'
    return [{ suite: name, name: 'all listed files', trouble: troubleOf(type, message, (text ?? []).join('\n')) }]
  })
}

function suiteOf({ archive }: ReportedPackage): string {
  return archive ?? NOWHERE
}

function listVerdicts(packages: readonly ReportedPackage[]): string {
  const verdicts = [...new Set(packages.map(({ verdict }) => verdict))].sort()
  const counted = verdicts.map((one) => `${packages.filter(({ verdict }) => verdict === one).length} ${one}`)
  return counted.join(', ') || 'none'
}

function troubleOf(type: string, message: string, text: string): Trouble {
  return { element: type === 'undecided' || type === 'unread' ? 'error' : 'failure', type, message, text }
}

function suiteLines(suite: string, all: readonly TestCase[]): string[] {
  const cases = all.filter((one) => one.suite === suite)
  return [
    `  <testsuite name="${escaped(suite)}"${countsOf(cases)}>`,
    ...cases.map(({ name, trouble, skipped, output }) => {
      const body = [
        ...(trouble === undefined
          ? []
          : [
              `<${trouble.element} type="${escaped(trouble.type)}" message="${escaped(trouble.message)}">` +
                `${escaped(trouble.text)}</${trouble.element}>`,
            ]),
        ...(skipped === undefined ? [] : [`<skipped message="${escaped(skipped)}"/>`]),
        ...(output === undefined ? [] : [`<system-out>${escaped(output)}</system-out>`]),
      ]
      return `    <testcase classname="${escaped(suite)}" name="${escaped(name)}">${body.join('')}</testcase>`
    }),
    '  </testsuite>',
  ]
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (element: Trouble['element']): number =>
    cases.filter(({ trouble }) => trouble?.element === element).length
  const skipped = cases.filter((one) => one.skipped !== undefined).length
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${skipped}"`
}

/** XML 1.0, 2.2 and 2.4: characters that it cannot hold are shown, not dropped. */
function escaped(text: string): string {
  return visible(text.toWellFormed())
    .replaceAll(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}

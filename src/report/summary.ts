import { describeStates, signedStates, toldClock } from './clock.ts'
import { exceptedPackages, staleExceptions, whatIsHidden, whyExcepted } from './exceptions-text.ts'
import { ADVICE, ATTENTION, archiveNotes, headline, packagesToLookAt, unreadParts } from './headline.ts'
import type { Report, ReportedPackage } from './report-schema.ts'
import { selfVouchedTrust } from './self-vouched.ts'
import { otherArchiveLines, unprovenLines } from './unproven-text.ts'
import { visible } from './visible.ts'

export interface SummaryLimits {
  /** Packages in the tables together. */
  readonly rows: number
  /** Characters of one reason. */
  readonly reason: number
}

/** Those of summary.md. */
const DEFAULT_LIMITS: SummaryLimits = { rows: 200, reason: 2000 }

/** Bytes into which nothing fits any more but the headline. */
const SMALLEST: SummaryLimits = { rows: 0, reason: 200 }

const MARKS = { pass: '✅', fail: '❌', undecided: '⚠️' } as const

/**
 * The report as Markdown: `summary.md`, the job summary of a CI, the comment on a pull request. The verdict comes
 * first, then what to do, then what needs attention, and folded away what else a reader may ask.
 */
export function reportSummary(report: Report, limits: SummaryLimits = DEFAULT_LIMITS): string {
  const { predicate } = report
  return [
    `# debproof: ${predicate.verdict}`,
    '',
    `${MARKS[predicate.verdict]} ${plain(headline(report))}`,
    '',
    ...unsignedLines(report),
    ...countLines(report),
    ...ownWordLines(report, limits),
    ...attentionLines(report, limits),
    ...undecidedLines(report, limits),
    ...exceptedLines(report, limits),
    ...remarkLines(report, limits),
    ...clockLines(report),
    ...folded('What still has to be trusted', trustLines(report)),
    ...folded('What was verified', originLines(report)),
    `Judged at ${predicate.at} by ${predicate.tool.name} ${predicate.tool.version}. report.json has every package` +
      (predicate.bundle === null ? '.' : '; `debproof recheck` derives its verdicts again from its evidence.'),
    '',
  ].join('\n')
}

/**
 * The same within a limit, shortened where it has to be: first the reasons, then the tables, never the verdict.
 *
 * @param maxBytes of the whole, in UTF-8
 * @param whereRest tells where the rest is, where something was left out: one line
 */
export function shortSummary(report: Report, maxBytes: number, whereRest: string): string {
  const whole = reportSummary(report)
  if (Buffer.byteLength(whole) <= maxBytes) return whole
  const end = `\nThis was shortened; download ${whereRest}\n`
  const room = maxBytes - Buffer.byteLength(end)
  for (const { rows, reason } of [
    { rows: 200, reason: 300 },
    { rows: 50, reason: 300 },
    { rows: 10, reason: 200 },
    SMALLEST,
  ]) {
    const shorter = reportSummary(report, { rows, reason })
    if (Buffer.byteLength(shorter) <= room) return shorter + end
  }
  const head = [`# debproof: ${report.predicate.verdict}`, '', shortened(headline(report), 200), '']
  return [...head, ...unsignedLines(report), end].join('\n')
}

function unsignedLines({ predicate: { unsigned } }: Report): string[] {
  if (unsigned === undefined) return []
  const why =
    unsigned === 'requested'
      ? 'it was asked for without a signature'
      : "it was made in a pull or merge request's pipeline, which had no signing key"
  return [`> **UNSIGNED**: ${why}. It is no evidence for anybody who did not make it.`, '']
}

function countLines({ predicate: { counts } }: Report): string[] {
  const rows = Object.entries(counts).filter(([, count]) => count > 0)
  return ['| verdict | packages |', '|---|---:|', ...rows.map(([verdict, count]) => `| ${verdict} | ${count} |`), '']
}

/** What nobody vouches for but who served it, of whatever verdict the report is. */
function ownWordLines({ predicate }: Report, limits: SummaryLimits): string[] {
  const lines = selfVouchedTrust(predicate.archives).map(
    ({ packages, of, trusts }) => `- ${packages} ${shortened(`${of}. ${trusts}`, limits.reason)}`,
  )
  return lines.length === 0 ? [] : [...cut(lines, limits), '']
}

/** The packages that failed, the gravest first. */
function attentionLines(report: Report, limits: SummaryLimits): string[] {
  const packages = packagesToLookAt(report)
  const shown = packages.slice(0, limits.rows)
  const lines = ATTENTION.filter((verdict) => verdict !== 'undecided').flatMap((verdict) =>
    sectionLines(verdict, `## ${verdict}`, report, shown, limits),
  )
  if (packages.length > shown.length) {
    lines.push(`${packages.length - shown.length} more packages are in report.json.`, '')
  }
  return lines
}

function undecidedLines(report: Report, limits: SummaryLimits): string[] {
  const shown = packagesToLookAt(report).slice(0, limits.rows)
  const lines = sectionLines('undecided', '## Not decided', report, shown, limits)
  const unread = unreadParts(report).map((part) => `- Not read: ${shortened(part, limits.reason)}`)
  if (unread.length === 0) return lines
  return [...(lines.length === 0 ? ['## Not decided', ''] : lines), ...cut(unread, limits), '']
}

function sectionLines(
  verdict: ReportedPackage['verdict'],
  heading: string,
  { predicate }: Report,
  shown: readonly ReportedPackage[],
  limits: SummaryLimits,
): string[] {
  if (predicate.counts[verdict] === 0) return []
  const rows = shown.filter((item) => item.verdict === verdict)
  const table = [
    '| package | version | architecture | archive | used | expected | reason |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((item) => packageRow(item, limits)),
    '',
  ]
  return [heading, '', ADVICE[verdict] ?? '', '', ...(rows.length === 0 ? [] : table)]
}

function packageRow(item: ReportedPackage, limits: SummaryLimits): string {
  const { name, version, architecture, archive, sha256, expected = [], reason } = item
  const texts = [name, version, architecture ?? '', archive ?? 'none'].map((text) => shortened(text, limits.reason))
  const hashes = [sha256 ?? 'not known', expected.join(', ')]
  return `| ${[...texts, ...hashes, shortened(reason, limits.reason)].join(' | ')} |`
}

/** What the policy excepts, with what that hides: whoever reads `pass` should know what it does not mean. */
function exceptedLines(report: Report, limits: SummaryLimits): string[] {
  const packages = exceptedPackages(report)
  if (packages.length === 0) return []
  const rows = packages.slice(0, limits.rows).map((item) => {
    const { name, version, architecture, archive, sha256, reason } = item
    const texts = [name, version, architecture ?? '', archive ?? 'none', sha256 ?? 'not known']
    const why = [whatIsHidden(item), whyExcepted(item), reason]
    return `| ${[...texts, ...why].map((text) => shortened(text, limits.reason)).join(' | ')} |`
  })
  const table = [
    '| package | version | architecture | archive | used | what is hidden | why | found |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ]
  const more = packages.length - rows.length
  return [
    '## Excepted by the policy',
    '',
    'These are not proven. The policy accepts them all the same.',
    '',
    ...(rows.length === 0 ? [] : table),
    ...(more > 0 ? [`${more} more excepted packages are in report.json.`, ''] : []),
  ]
}

function remarkLines(report: Report, limits: SummaryLimits): string[] {
  const remarks = [
    ...otherArchiveLines(report.predicate).map((line) => `Seen by the build, and in no archive of the policy: ${line}`),
    ...unprovenLines(report.predicate).map((line) => `What the archive lists: ${line}`),
    ...archiveNotes(report).map((note) => `Not there: ${note}`),
    ...staleExceptions(report),
  ]
  const lines = remarks.map((remark) => `- ${shortened(remark, limits.reason)}`)
  return lines.length === 0 ? [] : [...cut(lines, limits), '']
}

/** How old what was signed is, and who told the time. */
function clockLines({ predicate }: Report): string[] {
  const states = signedStates(predicate)
  const told = toldClock(predicate)
  return [
    ...(states === undefined
      ? []
      : [`The signed states that prove packages identical are ${describeStates(states, predicate.at)}.`, '']),
    ...(told === undefined ? [] : [shortened(told, MAX_NAME), '']),
  ]
}

function trustLines({ predicate }: Report): string[] {
  const lines = predicate.trust.map(({ packages, of, trusts }) => {
    return `- ${shortened(of, MAX_NAME)} (${packages}): ${shortened(trusts, MAX_TRUST)}`
  })
  return cut(lines, { rows: MAX_NAMED, reason: MAX_TRUST })
}

/** What the reader compares with what he knows: subjects, lists, archives, the policy. */
function originLines({ predicate, subject }: Report): string[] {
  const limits = { rows: MAX_NAMED, reason: MAX_NAME }
  const subjects = subject.map(({ name, digest }) => `- ${shortened(name, MAX_NAME)}: sha256 ${digest.sha256}`)
  const archives = predicate.archives.map(
    ({ name, require, url, suites }) => `- ${shortened(`${name} (${require}): ${url} ${suites.join(' ')}`, MAX_NAME)}`,
  )
  return [...cut(subjects, limits), ...cut(archives, limits), `- policy: sha256 ${predicate.policy.sha256}`]
}

/** Subjects and archives that are named, and characters of each. */
const MAX_NAMED = 50
const MAX_NAME = 300
/** Characters of what has to be trusted of a class of packages: our own words, and names. */
const MAX_TRUST = 1000

function folded(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', '']
}

function cut(lines: readonly string[], { rows }: SummaryLimits): string[] {
  const most = Math.max(rows, 3)
  return lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most), `- … and ${lines.length - most} more, in report.json.`]
}

function shortened(text: string, length: number): string {
  return plain(text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`)
}

/** Plain text in a Markdown table: names and reasons come from outside. */
function plain(text: string): string {
  return (
    visible(text)
      .replaceAll('\n', ' ')
      .replaceAll(/[\\`*_[\]<>|~&]/g, (character) => `&#${character.charCodeAt(0)};`)
      // Nobody is called by a name in a comment.
      .replaceAll('@', '@<!-- -->')
  )
}

import { toldClock } from './clock.ts'
import { exceptedText, staleExceptions } from './exceptions-text.ts'
import { ADVICE, archiveNotes, headline, nameOf, packagesToLookAt, unreadParts } from './headline.ts'
import type { Report, ReportedPackage } from './report-schema.ts'
import { otherArchiveLines, unprovenLines } from './unproven-text.ts'
import { visible, visibleLine } from './visible.ts'

export interface TextOptions {
  /** Packages that are shown; the rest is counted. */
  readonly limit: number
}

/** The report for a terminal: the verdict, what needs attention and what to do about it. */
export function reportText(report: Report, { limit }: TextOptions): string {
  const lines: string[] = []
  const packages = packagesToLookAt(report)
  const shown = packages.slice(0, limit)
  for (const [verdict, items] of groupBy(shown, (item) => item.verdict)) {
    lines.push('', `${verdict}: ${ADVICE[verdict] ?? ''}`)
    // One server that is down is one reason for many packages.
    for (const [reason, alike] of groupBy(items, (item) => item.reason)) {
      for (const item of alike) lines.push(`  ${nameOf(item)}${item.archive === null ? '' : ` (${item.archive})`}`)
      lines.push(`    ${reason}`)
    }
  }
  if (packages.length > shown.length) {
    lines.push('', `… and ${packages.length - shown.length} more, in report.json.`)
  }
  lines.push(...exceptedText(report, limit))
  const unread = unreadParts(report)
  if (unread.length > 0) lines.push('', 'Not read:', ...unread.map((part) => `  ${part}`))
  const notes = archiveNotes(report)
  if (notes.length > 0) lines.push('', 'Not there:', ...notes.map((note) => `  ${note}`))
  const others = otherArchiveLines(report.predicate)
  if (others.length > 0)
    lines.push('', 'Seen by the build, and in no archive of the policy:', ...others.map((one) => `  ${one}`))
  const unproven = unprovenLines(report.predicate)
  if (unproven.length > 0) lines.push('', 'What the archives list:', ...unproven.map((one) => `  ${one}`))
  const stale = staleExceptions(report)
  if (stale.length > 0) lines.push('', ...stale)
  const told = toldClock(report.predicate)
  if (told !== undefined) lines.push('', told)
  return `${[visibleLine(headline(report)), ...lines.map(inPlace)].join('\n')}\n`
}

function groupBy(
  items: readonly ReportedPackage[],
  key: (item: ReportedPackage) => string,
): Map<string, ReportedPackage[]> {
  const groups = new Map<string, ReportedPackage[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}

/** Text of several lines, none of which can pass for a line of this report or for a command to a CI that reads the log. */
function inPlace(text: string): string {
  return visible(text).replaceAll(/\n */g, '\n    | ')
}

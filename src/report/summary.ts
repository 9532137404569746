import { ADVICE, archiveNotes, headline, packagesToLookAt, staleExceptions, unreadParts } from './headline.ts'
import type { Report } from './report-schema.ts'
import { visible } from './visible.ts'

/** Packages in the tables; a job summary may have 1 MiB. */
const MAX_ROWS = 200

/** The report as Markdown: `summary.md`, and the job summary of a CI. */
export function reportSummary(report: Report): string {
  const { predicate } = report
  const lines = [`# debproof: ${predicate.verdict}`, '', plain(headline(report)), '']
  const packages = packagesToLookAt(report)
  const shown = packages.slice(0, MAX_ROWS)
  for (const verdict of new Set(shown.map((item) => item.verdict))) {
    const rows = shown.filter((item) => item.verdict === verdict)
    lines.push(`## ${verdict}`, '', ADVICE[verdict] ?? '', '')
    lines.push('| package | version | architecture | archive | reason |', '|---|---|---|---|---|')
    for (const { name, version, architecture, archive, reason } of rows) {
      lines.push(`| ${[name, version, architecture ?? '', archive ?? 'none', reason].map(plain).join(' | ')} |`)
    }
    lines.push('')
  }
  if (packages.length > shown.length) {
    lines.push(`${packages.length - shown.length} more packages are in report.json.`, '')
  }
  const remarks = [
    ...unreadParts(report).map((part) => `Not read: ${part}`),
    ...archiveNotes(report).map((note) => `Not there: ${note}`),
    ...staleExceptions(report),
  ]
  if (remarks.length > 0) lines.push(...remarks.map((remark) => `- ${plain(remark)}`), '')
  lines.push('| verdict | packages |', '|---|---|')
  for (const [verdict, count] of Object.entries(predicate.counts)) {
    if (count > 0) lines.push(`| ${verdict} | ${count} |`)
  }
  lines.push('', '## What still has to be trusted', '')
  for (const { packages: count, of, trusts } of predicate.trust) lines.push(`- ${of} (${count}): ${trusts}`)
  lines.push('', `Judged at ${predicate.at} by ${predicate.tool.name} ${predicate.tool.version}.`, '')
  return lines.join('\n')
}

/** Plain text in a Markdown table: names and reasons come from outside. */
function plain(text: string): string {
  return visible(text)
    .replaceAll('\n', ' ')
    .replaceAll(/[\\`*_[\]<>|~&]/g, (character) => `&#${character.charCodeAt(0)};`)
}

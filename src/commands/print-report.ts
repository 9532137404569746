import type { ExitCode } from '../exit-code.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { Arguments } from '../options/arguments.ts'
import type { Report } from '../report/report-schema.ts'
import { reportText } from '../report/text.ts'
import type { Terminal } from '../terminal.ts'

/** Packages that are shown without --verbose. */
const SHOWN = 20

/** Where a report's evidence is, and how much it is. */
function evidence({ predicate: { bundle } }: Report, isSigned: boolean): string {
  if (bundle === undefined || bundle === null) return 'none: the verdicts cannot be derived again'
  return `${bundle.files} files, ${formatSize(bundle.size)}; \`debproof recheck${isSigned ? '' : ' --unsigned'}\` derives every verdict again from them`
}

function formatSize(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** A report that was written, and where. */
export interface WrittenReport {
  readonly report: Report
  readonly reportPath: string
  readonly summaryPath: string
  /** Undefined for an unsigned one. */
  readonly signedBy?: string
}

/**
 * Shows a report as --json, --quiet and --verbose ask for it.
 * @returns the exit code of its verdict
 */
export function printReport(
  given: Arguments,
  terminal: Terminal,
  { report, reportPath, summaryPath, signedBy }: WrittenReport,
): ExitCode {
  if (given.flag('json')) {
    terminal.out(`${JSON.stringify(report, null, 1)}\n`)
  } else {
    const limit = given.flag('quiet') ? 0 : given.flag('verbose') ? Number.POSITIVE_INFINITY : SHOWN
    const text = reportText(report, { limit })
    terminal.out(given.flag('quiet') ? `${text.split('\n')[0] ?? ''}\n` : text, report.predicate.verdict)
    if (!given.flag('quiet')) {
      const signature = signedBy === undefined ? 'UNSIGNED' : `signed by ${signedBy}`
      terminal.out(
        `\nReport: ${reportPath} (${signature})\nSummary: ${summaryPath}\nEvidence: ${evidence(report, signedBy !== undefined)}\n`,
      )
    }
  }
  return exitCodeOf(report.predicate.verdict)
}

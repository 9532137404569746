import * as core from '@actions/core'
import { DebproofError } from '../errors.ts'
import { headline, nameOf, packagesToLookAt } from '../report/headline.ts'
import { visible } from '../report/visible.ts'
import type { RunResult, RunWatcher } from '../run.ts'

/** GitHub keeps ten errors of a step: the headline, and so many packages. */
const MAX_ANNOTATED = 9

/** GitHub drops a larger job summary whole. Bytes. */
const MAX_SUMMARY = 1024 * 1024 - 1024

/** Tells a run's progress in the log of a GitHub job. */
export const githubWatcher: RunWatcher = {
  progress: (step) => core.info(`${step} …`),
  warn: (message) => core.warning(visible(message)),
  download: (url) => core.debug(visible(url.href)),
}

/** Publishes a result: outputs, annotations, the job summary, and the step's own failure. */
export async function publishOnGitHub(result: RunResult): Promise<void> {
  const { report, reportPath, signedBy } = result
  const { verdict, counts } = report.predicate
  core.setOutput('verdict', verdict)
  core.setOutput('report', reportPath)
  core.setOutput('counts', JSON.stringify(counts))
  const line = visible(headline(report))
  if (verdict === 'pass') core.info(line)
  else core.setFailed(line)
  annotate(result)
  await writeSummary(result)
  core.info(`Report: ${reportPath} (${signedBy === undefined ? 'UNSIGNED' : `signed by ${signedBy}`})`)
}

/** One annotation for each package that failed; with none, for each that is undecided. */
function annotate({ report }: RunResult): void {
  const packages = packagesToLookAt(report)
  const failed = packages.filter(({ verdict }) => verdict !== 'undecided')
  const [kind, shown] = failed.length > 0 ? (['failed', failed] as const) : (['undecided', packages] as const)
  for (const item of shown.slice(0, MAX_ANNOTATED)) {
    core.error(visible(item.reason), { title: visible(`${item.verdict}: ${nameOf(item)}`) })
  }
  const rest = shown.length - MAX_ANNOTATED
  if (rest > 0) core.warning(`${rest} more packages ${kind === 'failed' ? 'failed' : 'are undecided'}; see the report.`)
}

async function writeSummary({ summary }: RunResult): Promise<void> {
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return
  const bytes = Buffer.from(summary)
  const text =
    bytes.length <= MAX_SUMMARY
      ? summary
      : `${bytes.subarray(0, MAX_SUMMARY).toString('utf8')}\n\n… the rest is in summary.md, beside the report.`
  await core.summary.addRaw(text).write()
}

/** What the user can mend is told in words; a bug with its trace, which the log of a debug run shows. */
export function failOnGitHub(error: unknown, message: string): void {
  if (!(error instanceof DebproofError) && error instanceof Error) core.debug(error.stack ?? '')
  core.setFailed(visible(message))
}

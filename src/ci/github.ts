import { DebproofError, describeError } from '../errors.ts'
import { MAX_ANNOTATED, MAX_JOB_SUMMARY } from '../limits.ts'
import { removeEarlierReport } from '../report/earlier-report.ts'
import { headline, nameOf, packagesToLookAt, unreadParts } from '../report/headline.ts'
import { whereNobodyWrites } from '../report/output-lock.ts'
import { shortSummary } from '../report/summary.ts'
import type { RunResult, RunWatcher } from '../run.ts'
import { publishArtifacts, type UploadedArtifact } from './artifacts.ts'
import { attestReport, whyNoAttestation } from './attestation.ts'
import { rememberCache, restoreCache } from './cache-service.ts'
import { commentOn } from './comment-on.ts'
import { type ActionInputs, inWordsOfTheAction, outputFolder } from './inputs.ts'
import { jobLog } from './job-log.ts'
import { detectPlatform } from './platform.ts'
import { purposeOf } from './purpose.ts'

/** Whether the lines of the run are folded together in the log. */
let isGroupOpen = false

/** Tells a run's progress in the log of a GitHub job. */
export const githubWatcher: RunWatcher = {
  progress: jobLog.step,
  warn: jobLog.warning,
  download: (url) => jobLog.debug(url.href),
}

/**
 * Removes the report of an earlier run before any input is judged: however the step ends, no later one publishes a
 * verdict that is not its own. What is wrong with the folder is told by the run.
 */
export function removeEarlierOutput(): void {
  const folder = outputFolder()
  try {
    if (folder !== undefined) whereNobodyWrites(folder, () => removeEarlierReport(folder))
  } catch {
    // As above.
  }
}

/** What a run on GitHub has before it starts. */
export interface Prepared {
  /** The entry of the cache service that was restored; empty for none. */
  readonly restored: string
  readonly attest: boolean
}

/**
 * Does what comes before the run: sees that it may attest, restores the cache.
 * @throws DebproofError USAGE
 */
export async function prepareOnGitHub({ run, cacheService, attest }: ActionInputs): Promise<Prepared> {
  const problem = attest ? whyNoAttestation(process.env) : undefined
  if (problem !== undefined) {
    if (detectPlatform(process.env)?.isPullRequest !== true) throw new DebproofError('USAGE', problem)
    jobLog.notice(`Nothing will be attested in this pull request: ${problem}`)
  }
  const restored =
    cacheService && run.cache !== undefined && !run.offline
      ? await restoreCache(run.cache, purposeOf(run, process.env))
      : ''
  jobLog.startGroup('debproof verify')
  isGroupOpen = true
  return { restored, attest: attest && problem === undefined }
}

/** Publishes a result: outputs, annotations, artifacts, an attestation, the job summary, a comment. */
export async function publishOnGitHub(result: RunResult, inputs: ActionInputs, prepared: Prepared): Promise<void> {
  jobLog.endGroup()
  isGroupOpen = false
  const { report, reportPath, signedBy } = result
  const { verdict, counts } = report.predicate
  jobLog.setOutput('verdict', verdict)
  jobLog.setOutput('report', reportPath)
  jobLog.setOutput('counts', JSON.stringify(counts))
  jobLog.setOutput('signed-by', signedBy ?? '')
  const line = headline(report)
  if (verdict === 'pass') jobLog.info(line)
  else jobLog.setFailed(line)
  annotate(result)
  jobLog.info(`Report: ${reportPath} (${signedBy === undefined ? 'UNSIGNED' : `signed by ${signedBy}`})`)
  const { run } = inputs
  if (inputs.cacheService && run.cache !== undefined) {
    rememberCache(run.cache, purposeOf(run, process.env), prepared.restored, result.cached)
  }
  const artifact = await attempt(
    async () => await publishArtifacts(run.output, inputs.artifact, inputs.evidenceArtifact),
  )
  if (prepared.attest) await attempt(async () => await attest(result, inputs))
  const whereRest = placeOf(reportPath, artifact)
  await attempt(async () => await writeSummary(result, whereRest))
  if (inputs.comment) await comment(result, inputs, whereRest)
}

/** One annotation for each package that failed; with none, for each that is undecided. And why parts were not read. */
function annotate({ report }: RunResult): void {
  const packages = packagesToLookAt(report)
  const failed = packages.filter(({ verdict }) => verdict !== 'undecided')
  const [kind, shown] = failed.length > 0 ? (['failed', failed] as const) : (['undecided', packages] as const)
  const open = packages.length - failed.length
  if (failed.length > 0 && open > 0) jobLog.warning(`${open} more packages are undecided; see the report.`)
  const unread = unreadParts(report)
  for (const part of unread.slice(0, MAX_ANNOTATED)) jobLog.warning(`Not read: ${part}`)
  if (unread.length > MAX_ANNOTATED)
    jobLog.warning(`${unread.length - MAX_ANNOTATED} more were not read; see the report.`)
  for (const item of shown.slice(0, MAX_ANNOTATED)) {
    jobLog.error(item.reason, `${item.verdict}: ${nameOf(item)}`)
  }
  const rest = shown.length - MAX_ANNOTATED
  if (rest > 0)
    jobLog.warning(`${rest} more packages ${kind === 'failed' ? 'failed' : 'are undecided'}; see the report.`)
}

/** What the services of GitHub do changes no verdict; but a report that nobody gets fails the step too. */
async function attempt<T>(publish: () => Promise<T>): Promise<T | undefined> {
  try {
    return await publish()
  } catch (error) {
    jobLog.setFailed(describeError(error))
    return undefined
  }
}

async function attest({ report }: RunResult, { token }: ActionInputs): Promise<void> {
  if (report.predicate.verdict !== 'pass') {
    jobLog.notice(`Nothing was attested: the verdict is ${report.predicate.verdict}.`)
    return
  }
  const { id, url } = await attestReport(report, token, process.env)
  jobLog.setOutput('attestation-id', id)
  jobLog.setOutput('attestation-url', url)
  jobLog.info(`Attestation: ${url}`)
}

function placeOf(reportPath: string, artifact: UploadedArtifact | undefined): string {
  return artifact === undefined
    ? `the whole report from the runner: ${reportPath}.`
    : `[the whole report](${artifact.url}).`
}

async function writeSummary({ report }: RunResult, whereRest: string): Promise<void> {
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return
  const text = shortSummary(report, MAX_JOB_SUMMARY, whereRest)
  await jobLog.summary(text, `Download ${whereRest}`)
}

async function comment({ report }: RunResult, { run, token }: ActionInputs, whereRest: string): Promise<void> {
  const outcome = await commentOn(report, process.env, token, purposeOf(run, process.env), whereRest)
  if ('problem' in outcome) {
    jobLog.notice(`No comment was written: ${outcome.problem}`)
    return
  }
  jobLog.setOutput('comment-url', outcome.url)
  jobLog.info(`Comment: ${outcome.url}`)
}

/** What the user can mend is told in words; a bug with its trace, which the log of a debug run shows. */
export function failOnGitHub(error: unknown, message: string): void {
  if (isGroupOpen) jobLog.endGroup()
  if (!(error instanceof DebproofError) && error instanceof Error) jobLog.debug(error.stack ?? '')
  jobLog.setFailed(inWordsOfTheAction(message))
}

import * as core from '@actions/core'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_ANNOTATED, MAX_JOB_SUMMARY } from '../limits.ts'
import { removeEarlierReport } from '../report/earlier-report.ts'
import { headline, nameOf, packagesToLookAt, unreadParts } from '../report/headline.ts'
import { whereNobodyWrites } from '../report/output-lock.ts'
import { shortSummary } from '../report/summary.ts'
import { visible } from '../report/visible.ts'
import type { RunResult, RunWatcher } from '../run.ts'
import { publishArtifacts, type UploadedArtifact } from './artifacts.ts'
import { attestReport, whyNoAttestation } from './attestation.ts'
import { rememberCache, restoreCache } from './cache-service.ts'
import { commentOn } from './comment-on.ts'
import { type ActionInputs, inWordsOfTheAction, outputFolder } from './inputs.ts'
import { detectPlatform } from './platform.ts'
import { purposeOf } from './purpose.ts'

/** Whether the lines of the run are folded together in the log. */
let isGroupOpen = false

/** Tells a run's progress in the log of a GitHub job. */
export const githubWatcher: RunWatcher = {
  progress: (step) => core.info(`${step} …`),
  warn: (message) => core.warning(visible(message)),
  download: (url) => core.debug(visible(url.href)),
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
    notice(`Nothing will be attested in this pull request: ${problem}`)
  }
  const restored =
    cacheService && run.cache !== undefined && !run.offline
      ? await restoreCache(run.cache, purposeOf(run, process.env))
      : ''
  core.startGroup('debproof verify')
  isGroupOpen = true
  return { restored, attest: attest && problem === undefined }
}

/** Publishes a result: outputs, annotations, artifacts, an attestation, the job summary, a comment. */
export async function publishOnGitHub(result: RunResult, inputs: ActionInputs, prepared: Prepared): Promise<void> {
  core.endGroup()
  isGroupOpen = false
  const { report, reportPath, signedBy } = result
  const { verdict, counts } = report.predicate
  core.setOutput('verdict', verdict)
  core.setOutput('report', reportPath)
  core.setOutput('counts', JSON.stringify(counts))
  core.setOutput('signed-by', signedBy ?? '')
  const line = visible(headline(report))
  if (verdict === 'pass') core.info(line)
  else core.setFailed(line)
  annotate(result)
  core.info(`Report: ${reportPath} (${signedBy === undefined ? 'UNSIGNED' : `signed by ${signedBy}`})`)
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
  if (failed.length > 0 && open > 0) core.warning(`${open} more packages are undecided; see the report.`)
  const unread = unreadParts(report)
  for (const part of unread.slice(0, MAX_ANNOTATED)) core.warning(visible(`Not read: ${part}`))
  if (unread.length > MAX_ANNOTATED)
    core.warning(`${unread.length - MAX_ANNOTATED} more were not read; see the report.`)
  for (const item of shown.slice(0, MAX_ANNOTATED)) {
    core.error(visible(item.reason), { title: visible(`${item.verdict}: ${nameOf(item)}`) })
  }
  const rest = shown.length - MAX_ANNOTATED
  if (rest > 0) core.warning(`${rest} more packages ${kind === 'failed' ? 'failed' : 'are undecided'}; see the report.`)
}

/** What the services of GitHub do changes no verdict; but a report that nobody gets fails the step too. */
async function attempt<T>(publish: () => Promise<T>): Promise<T | undefined> {
  try {
    return await publish()
  } catch (error) {
    core.setFailed(visible(describeError(error)))
    return undefined
  }
}

async function attest({ report }: RunResult, { token }: ActionInputs): Promise<void> {
  if (report.predicate.verdict !== 'pass') {
    notice(`Nothing was attested: the verdict is ${report.predicate.verdict}.`)
    return
  }
  const { id, url } = await attestReport(report, token, process.env)
  core.setOutput('attestation-id', id)
  core.setOutput('attestation-url', url)
  core.info(`Attestation: ${url}`)
}

function placeOf(reportPath: string, artifact: UploadedArtifact | undefined): string {
  return artifact === undefined
    ? `the whole report from the runner: ${reportPath}.`
    : `[the whole report](${artifact.url}).`
}

async function writeSummary({ report }: RunResult, whereRest: string): Promise<void> {
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return
  const text = shortSummary(report, MAX_JOB_SUMMARY, whereRest)
  await core.summary.addRaw(text).addEOL().addRaw(`Download ${whereRest}`).addEOL().write()
}

async function comment({ report }: RunResult, { run, token }: ActionInputs, whereRest: string): Promise<void> {
  const outcome = await commentOn(report, process.env, token, purposeOf(run, process.env), whereRest)
  if ('problem' in outcome) {
    notice(`No comment was written: ${outcome.problem}`)
    return
  }
  core.setOutput('comment-url', outcome.url)
  core.info(`Comment: ${outcome.url}`)
}

/** What the user can mend is told in words; a bug with its trace, which the log of a debug run shows. */
export function failOnGitHub(error: unknown, message: string): void {
  if (isGroupOpen) core.endGroup()
  if (!(error instanceof DebproofError) && error instanceof Error) core.debug(error.stack ?? '')
  core.setFailed(visible(inWordsOfTheAction(message)))
}

function notice(message: string): void {
  core.notice(visible(message), { title: 'debproof' })
}

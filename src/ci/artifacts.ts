import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError, describeError } from '../errors.ts'
import { bundleFiles } from '../evidence/bundle-folder.ts'
import { REPORT_FILES } from '../report/earlier-report.ts'
import type { ArtifactInput } from './inputs.ts'
import { jobLog } from './job-log.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** An artifact that was uploaded. */
export interface UploadedArtifact {
  readonly id: string
  readonly url: string
}

/** Why this runner has no service for artifacts; undefined where it has one. */
export function whyNoArtifacts(environment: Environment): string | undefined {
  const hasService =
    (environment['ACTIONS_RUNTIME_TOKEN'] ?? '') !== '' && (environment['ACTIONS_RESULTS_URL'] ?? '') !== ''
  if (!hasService) return 'this runner has no artifact service'
  return isEnterpriseServer(environment)
    ? 'GitHub Enterprise Server has no artifact service of this version'
    : undefined
}

/**
 * Uploads the files of a report: those that debproof wrote, and never what else lies in the folder, which may be the
 * whole workspace with the token of a checkout in it.
 *
 * @param what the report's own files, the evidence's, or both
 * @throws DebproofError PUBLISH
 */
export async function uploadArtifact(
  folder: string,
  what: readonly ('report' | 'evidence')[],
  { name, retentionDays, compression }: ArtifactInput,
): Promise<UploadedArtifact | undefined> {
  const files = [
    ...(what.includes('report') ? await reportFilesIn(folder) : []),
    ...(what.includes('evidence') ? await bundleFiles(folder) : []),
  ]
  if (files.length === 0) return undefined
  try {
    // At import it reads the file of the event, and the start of a run that uploads nothing need not wait for it.
    const { DefaultArtifactClient } = await import('@actions/artifact')
    const options = { compressionLevel: compression, ...(retentionDays === undefined ? {} : { retentionDays }) }
    const root = path.resolve(folder)
    const paths = files.map((file) => path.join(root, file))
    const { id } = await new DefaultArtifactClient().uploadArtifact(name, paths, root, options)
    if (id === undefined) throw new Error('the service gave it no id')
    return { id: String(id), url: artifactUrl(process.env, id) }
  } catch (error) {
    throw new DebproofError(
      'PUBLISH',
      `The artifact ${name} could not be uploaded (${describeError(error)}). ${advice(error)}`,
      {
        cause: error,
      },
    )
  }
}

/** Publishes the artifacts of a run: an id and a URL for each that was uploaded, as outputs. */
export async function publishArtifacts(
  folder: string,
  artifact: ArtifactInput | undefined,
  evidence: ArtifactInput | undefined,
): Promise<UploadedArtifact | undefined> {
  if (artifact === undefined && evidence === undefined) return undefined
  const missing = whyNoArtifacts(process.env)
  if (missing !== undefined) {
    jobLog.notice(`No artifact was uploaded: ${missing}. The report is in ${folder} on this runner.`)
    return undefined
  }
  const what = evidence === undefined ? (['report', 'evidence'] as const) : (['report'] as const)
  const uploaded = artifact === undefined ? undefined : await uploadArtifact(folder, what, artifact)
  setOutputs('artifact', uploaded)
  if (evidence !== undefined) setOutputs('evidence-artifact', await uploadArtifact(folder, ['evidence'], evidence))
  return uploaded
}

function setOutputs(prefix: string, uploaded: UploadedArtifact | undefined): void {
  jobLog.setOutput(`${prefix}-id`, uploaded?.id ?? '')
  jobLog.setOutput(`${prefix}-url`, uploaded?.url ?? '')
}

async function reportFilesIn(folder: string): Promise<string[]> {
  const names = new Set(await readdir(folder))
  return REPORT_FILES.filter((name) => names.has(name))
}

function advice(error: unknown): string {
  const text = describeError(error)
  if (/already exists|Conflict|\(409\)/i.test(text)) {
    return 'Each job of a run needs a name of its own: set the input artifact, in a matrix with its values in it.'
  }
  if (/quota|insufficient usage/i.test(text)) return 'Remove old artifacts, or set artifact-retention-days lower.'
  return 'Run the job again; where artifacts are not wanted, set the input artifact to none.'
}

/** As @actions/artifact tells it. */
function isEnterpriseServer(environment: Environment): boolean {
  const { hostname } = new URL(environment['GITHUB_SERVER_URL'] || 'https://github.com')
  return hostname !== 'github.com' && !hostname.endsWith('.ghe.com') && !hostname.endsWith('.localhost')
}

function artifactUrl(environment: Environment, id: number): string {
  const server = environment['GITHUB_SERVER_URL'] || 'https://github.com'
  return `${server}/${environment['GITHUB_REPOSITORY'] ?? ''}/actions/runs/${environment['GITHUB_RUN_ID'] ?? ''}/artifacts/${id}`
}

import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { ActionRun, type StageResult } from '../run-action.ts'
import { PROJECT, run, succeed } from '../running.ts'
import type { JobSurroundings, StepResult } from './job-run.ts'
import { gitEnvironment, TOKEN } from './world.ts'

type Inputs = Readonly<Record<string, string>>
type Done = Omit<StepResult, 'name'>
type Action = (inputs: Inputs, job: JobSurroundings) => Promise<Done>

const OURS = 'OWNER/debproof'

/** What the workflows use: our action itself, and for GitHub's own what does the same on this machine. */
const ACTIONS: Readonly<Record<string, Action>> = {
  [OURS]: debproof,
  'actions/checkout': checkout,
  'actions/setup-node': setupNode,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
}

export async function useAction(uses: string, inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const action = ACTIONS[uses.split('@')[0] ?? '']
  if (action === undefined) throw new Error(`the runner of the tests does not know the action ${uses}`)
  return await action(inputs, job)
}

const SUCCESS: Done = { outcome: 'success', outputs: {}, log: '', summary: '' }

async function debproof(inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const { service, event, overridden = {} } = job.world
  // Only a job that may ask for an identity can.
  const identity = job.may('id-token', 'write')
    ? []
    : [
        ['ACTIONS_ID_TOKEN_REQUEST_URL', ''],
        ['ACTIONS_ID_TOKEN_REQUEST_TOKEN', ''],
      ]
  const action = await ActionRun.prepare(PROJECT, {
    inputs: { ...inputs, ...overridden },
    workspace: job.workspace,
    env: { ...job.env, ...service.env, ...Object.fromEntries(identity) },
    event: event.payload ?? {},
    eventName: event.name,
    ref: event.ref,
    token: job.may('pull-requests', 'write') ? TOKEN : `${TOKEN}-that-can-only-read`,
  })
  const main = await action.run('main')
  if (main === undefined) throw new Error('the action has no main')
  job.after.push(async () => {
    const post = await action.run('post')
    await action.end()
    return { name: `${OURS}, after the job`, ...doneOf(post) }
  })
  return doneOf(main)
}

function doneOf(result: StageResult | undefined): Done {
  if (result === undefined) return SUCCESS
  const { exitCode, outputs, log, summary } = result
  return { outcome: exitCode === 0 ? 'success' : 'failure', outputs, log, summary }
}

/** Clones the repository of the workflow; of debproof, what is committed with the bundle as it is built. */
async function checkout(inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const { repository, ref, path: folder = '.', 'persist-credentials': persist, ...others } = inputs
  refuse('actions/checkout', others)
  if (persist !== 'false') throw new Error('a checkout would leave its token behind')
  if (!job.may('contents', 'read')) throw new Error('the job may not read the repository')
  const target = path.join(job.workspace, folder)
  if (repository === OURS) {
    if (ref !== 'COMMIT') throw new Error(`debproof has no commit ${ref}`)
    await mkdir(target)
    const copy =
      'git ls-files -z --cached dist keyrings recheck schemas package.json | tar -c --null -T - | tar -x -C "$1"'
    await succeed('bash', ['-euo', 'pipefail', '-c', copy, 'copy', target], {
      cwd: PROJECT,
      env: gitEnvironment(job.temp),
    })
    return SUCCESS
  }
  if (repository !== undefined) throw new Error(`there is no repository ${repository}`)
  const wanted = (ref ?? (job.world.event.name === 'pull_request' ? 'main' : job.world.event.ref)).replace(
    /^refs\/(?:heads|tags)\//,
    '',
  )
  const words = ['clone', '--quiet', '--branch', wanted, job.world.repository, target]
  const { code, stderr } = await run('git', ['-c', 'advice.detachedHead=false', ...words], {
    env: gitEnvironment(job.temp),
  })
  return { ...SUCCESS, outcome: code === 0 ? 'success' : 'failure', log: stderr }
}

async function setupNode(inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const { 'node-version': version, 'package-manager-cache': _, ...others } = inputs
  refuse('actions/setup-node', others)
  if (process.versions.node.split('.')[0] !== version) throw new Error(`there is no Node ${version}`)
  job.paths.push(path.dirname(process.execPath))
  return SUCCESS
}

async function uploadArtifact(inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const { name = 'artifact', path: folder = '', 'if-no-files-found': ifNone = 'warn', ...others } = inputs
  refuse('actions/upload-artifact', others)
  const root = path.join(job.workspace, folder)
  const entries = existsSync(root) ? await readdir(root, { recursive: true }) : []
  // As the real one, it leaves out what is hidden.
  const files = entries
    .filter((entry) => !/(?:^|\/)\./.test(entry))
    .map((entry) => path.join(root, entry))
    .filter((file) => statSync(file).isFile())
  if (files.length === 0) {
    return {
      ...SUCCESS,
      outcome: ifNone === 'error' ? 'failure' : 'success',
      log: `No files were found with ${folder}.`,
    }
  }
  return await client(job, ['upload', name, root, ...files])
}

async function downloadArtifact(inputs: Inputs, job: JobSurroundings): Promise<Done> {
  const { name, pattern, path: folder = '', 'merge-multiple': merge = 'false', ...others } = inputs
  refuse('actions/download-artifact', others)
  const how = name !== undefined ? 'named' : merge === 'true' ? 'together' : 'each'
  const target = path.join(job.workspace, folder)
  await mkdir(target, { recursive: true })
  return await client(job, ['download', name ?? pattern ?? '*', target, how])
}

async function client({ workspace, env, world }: JobSurroundings, words: readonly string[]): Promise<Done> {
  const script = path.join(import.meta.dirname, 'artifact-client.ts')
  const { code, stdout, stderr } = await run(process.execPath, [script, ...words], {
    cwd: workspace,
    env: { PATH: process.env['PATH'], ...env, ...world.service.env },
    timeout: 120_000,
  })
  return {
    ...SUCCESS,
    outcome: code === 0 ? 'success' : 'failure',
    log: (stdout + stderr).replaceAll(/^::debug::.*\n/gm, ''),
  }
}

function refuse(action: string, others: object): void {
  const names = Object.keys(others)
  if (names.length > 0) throw new Error(`the stand-in for ${action} does not know ${names.join(', ')}`)
}

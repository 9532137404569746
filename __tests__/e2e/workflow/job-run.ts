import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Job, Step, Workflow } from '../../workflows/model.ts'
import { cleanEnvironment, run } from '../running.ts'
import { parseFileCommands } from '../workflow-commands.ts'
import { type Contexts, interpolate, isMet, type Status } from './expressions.ts'
import { useAction } from './use-action.ts'
import { TOKEN, type World } from './world.ts'

export interface StepResult {
  /** The name of the step, or the action that it uses, or its script. */
  readonly name: string
  readonly outcome: 'success' | 'failure' | 'skipped'
  readonly outputs: Readonly<Record<string, string>>
  readonly log: string
  /** Of the job summary. */
  readonly summary: string
}

export interface JobResult {
  readonly id: string
  readonly matrix: Readonly<Record<string, string>>
  readonly result: 'success' | 'failure' | 'skipped' | 'cancelled'
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepResult[]
}

/** What a step needs of the job that it is in. */
export interface JobSurroundings {
  readonly world: World
  readonly workspace: string
  readonly temp: string
  /** GITHUB_* and RUNNER_*: for scripts and actions alike. */
  readonly env: Record<string, string>
  /** Folders before all others on the PATH, the last one first. */
  readonly paths: string[]
  readonly may: (scope: string, access: 'read' | 'write') => boolean
  /** What is to be done when the steps are over, the latest first. */
  readonly after: (() => Promise<StepResult>)[]
}

export interface JobOptions {
  readonly id: string
  readonly job: Job
  readonly workflow: Workflow
  readonly world: World
  readonly contexts: Contexts
  readonly matrix: Readonly<Record<string, string>>
  /** For this run of the job; the same path for all of a workflow, as on GitHub's machines. */
  readonly folder: string
}

/** No step of the examples takes as long. */
const STEP_TIMEOUT = 1_200_000

/** Runs the steps of one job, each as GitHub's runner does. */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const { id, job, workflow, world, matrix, folder } = options
  if (job.container !== undefined) await requireSystem(job.container.image)
  const surroundings = await prepare(options)
  const steps: StepResult[] = []
  const known: Record<string, { outcome: string; conclusion: string; outputs: Readonly<Record<string, string>> }> = {}
  const secrets = secretsOf(world, job)
  const base = { ...options.contexts, secrets, matrix, job: { status: 'success' } }
  const contextsNow = (): Contexts => ({ ...base, steps: known, env: variablesOf(workflow.env, base) })
  const status = (): Status => {
    const failure = steps.some(({ outcome }) => outcome === 'failure')
    return { success: !failure, failure }
  }
  for (const step of job.steps) {
    const contexts = contextsNow()
    const result = isMet(step.if, contexts, status())
      ? await runStep(step, workflow, surroundings, contexts)
      : { name: nameOf(step), outcome: 'skipped' as const, outputs: {}, log: '', summary: '' }
    steps.push(result)
    const { outcome, outputs } = result
    if (step.id !== undefined) known[step.id] = { outcome, conclusion: outcome, outputs }
  }
  for (const end of surroundings.after.reverse()) steps.push(await end())
  await rm(folder, { recursive: true })
  const outputs = variablesOf(job.outputs, contextsNow())
  return { id, matrix, result: status().success ? 'success' : 'failure', outputs, steps }
}

async function prepare({ id, job, workflow, world, contexts, folder }: JobOptions): Promise<JobSurroundings> {
  const [workspace, temp] = [path.join(folder, 'work'), path.join(folder, 'temp')]
  for (const each of [workspace, temp]) await mkdir(each, { recursive: true })
  const { event } = world
  const eventFile = path.join(temp, 'event.json')
  await writeFile(eventFile, JSON.stringify(event.payload ?? {}))
  const permissions = job.permissions ?? workflow.permissions ?? {}
  return {
    world,
    workspace,
    temp,
    env: {
      ...proxies(),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_GRAPHQL_URL: world.graphql ?? 'https://api.github.com/graphql',
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_JOB: id,
      GITHUB_REF: event.ref,
      GITHUB_REF_NAME: event.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_SHA: '0'.repeat(40),
      GITHUB_WORKFLOW: workflow.name,
      GITHUB_WORKSPACE: workspace,
      HOME: temp,
      LC_ALL: 'C.UTF-8',
      RUNNER_OS: 'Linux',
      RUNNER_TEMP: temp,
      XDG_CACHE_HOME: path.join(temp, 'cache'),
      ...variablesOf(workflow.env, contexts),
    },
    paths: world.programs === undefined ? [] : [world.programs],
    may: (scope, access) => {
      const granted = event.fromFork === true && permissions[scope] === 'write' ? 'read' : permissions[scope]
      return granted === 'write' || granted === access
    },
    after: [],
  }
}

/** A machine that reaches its mirror through a proxy alone has it in variables. */
function proxies(): Record<string, string> {
  const all = Object.entries(cleanEnvironment())
  return Object.fromEntries(all.flatMap(([name, value = '']) => (/_proxy$/i.test(name) ? [[name, value]] : [])))
}

/** The job of a container runs on this machine itself, which must be of the same distribution, and no older. */
async function requireSystem(image: string): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8')
  const [id, version] = ['ID', 'VERSION_ID'].map((name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1])
  const [name, wanted] = image.split(':')
  if (id !== name || Number(version) < Number(wanted)) {
    throw new Error(`the job wants ${image}, and this is ${id}:${version}`)
  }
}

function secretsOf({ event, secrets, environments }: World, { environment }: Job): Record<string, string> {
  if (event.fromFork === true) return { GITHUB_TOKEN: TOKEN }
  return { ...secrets, ...(environment === undefined ? {} : environments[environment]), GITHUB_TOKEN: TOKEN }
}

function variablesOf(values: Readonly<Record<string, unknown>>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, interpolate(String(value), contexts)]))
}

function nameOf({ name, uses, run: script }: Step): string {
  return name ?? uses ?? script ?? ''
}

async function runStep(step: Step, workflow: Workflow, job: JobSurroundings, contexts: Contexts): Promise<StepResult> {
  const name = nameOf(step)
  const env = variablesOf(step.env, contexts)
  if (step.uses !== undefined) {
    return {
      name,
      ...(await useAction(step.uses, variablesOf(step.with, contexts), { ...job, env: { ...job.env, ...env } })),
    }
  }
  const [output, summary, script] = ['output', 'summary', 'script.sh'].map((each) => path.join(job.temp, each))
  if (output === undefined || summary === undefined || script === undefined) throw new Error('there are three')
  await writeFile(output, '')
  await writeFile(summary, '')
  await writeFile(script, step.run ?? '')
  if (workflow.defaults?.run.shell !== 'bash') throw new Error('the runner of the tests knows the shell bash alone')
  const done = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: job.workspace,
    env: { ...job.env, ...env, PATH: pathOf(job), GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
    timeout: STEP_TIMEOUT,
  })
  return {
    name,
    outcome: done.code === 0 ? 'success' : 'failure',
    outputs: parseFileCommands(await readFile(output, 'utf8')),
    log: done.stdout + done.stderr,
    summary: await readFile(summary, 'utf8'),
  }
}

export function pathOf({ paths }: JobSurroundings): string {
  return [...paths.toReversed(), process.env['PATH']].join(':')
}

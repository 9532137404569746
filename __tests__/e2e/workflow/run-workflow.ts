import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import { type Job, needsOf, parseWorkflow, type Workflow } from '../../workflows/model.ts'
import { type Contexts, evaluateWhole, isMet, type Status } from './expressions.ts'
import { type JobResult, runJob } from './job-run.ts'
import { TOKEN, type World } from './world.ts'

export type { JobResult } from './job-run.ts'

export interface WorkflowResult {
  readonly conclusion: 'success' | 'failure'
  readonly jobs: readonly JobResult[]
  /** The runs of a job: several where it has a matrix. */
  readonly of: (id: string) => readonly JobResult[]
  /** What was printed by all steps, for messages of tests. */
  readonly log: string
}

const matrixSchema = v.object({ include: v.array(v.record(v.string(), v.string())) })

/**
 * Runs a workflow on this machine, one job after another, as GitHub would: expressions by GitHub's own evaluator,
 * `needs` and their outputs, matrices, conditions, scripts in bash, our action as it is built, artifacts by the real
 * client. What it does not know is an error, never passed over. A job that wants a container runs on this machine itself,
 * which must be of the same distribution.
 */
export async function runWorkflow(file: string, world: World): Promise<WorkflowResult> {
  const workflow = parseWorkflow(await readFile(file, 'utf8'))
  requireTrigger(workflow, world)
  const done = new Map<string, readonly JobResult[]>()
  // All runs are in one place, as on GitHub's machines: a record names its upstreams by their URLs.
  const folder = path.join(world.scratch, 'runner')
  for (const [id, job] of Object.entries(workflow.jobs)) {
    // GitHub takes any order; the examples are written in that of their needs.
    done.set(id, await runJobs({ id, job, workflow, world, done, folder }))
  }
  const jobs = [...done.values()].flat()
  return {
    conclusion: jobs.some(({ result }) => result === 'failure') ? 'failure' : 'success',
    jobs,
    of: (id) => done.get(id) ?? [],
    log: jobs
      .map((job) => [job.id, ...job.steps.map((step) => `${step.name}: ${step.outcome}\n${step.log}`)].join('\n'))
      .join('\n'),
  }
}

interface Planned {
  readonly id: string
  readonly job: Job
  readonly workflow: Workflow
  readonly world: World
  readonly done: ReadonlyMap<string, readonly JobResult[]>
  readonly folder: string
}

async function runJobs({ id, job, workflow, world, done, folder }: Planned): Promise<JobResult[]> {
  const contexts = { ...contextsOf(workflow, world), needs: needsContext(job, done) }
  if (!isMet(job.if, contexts, statusOf(job, workflow, done))) {
    return [{ id, matrix: {}, result: 'skipped', outputs: {}, steps: [] }]
  }
  const { strategy } = job
  const matrix = strategy === undefined ? [{}] : v.parse(matrixSchema, evaluateWhole(strategy.matrix, contexts)).include
  const results: JobResult[] = []
  for (const [index, item] of matrix.entries()) {
    const isCancelled = strategy?.['fail-fast'] === true && results.some(({ result }) => result === 'failure')
    if (isCancelled) {
      results.push({ id, matrix: item, result: 'cancelled', outputs: {}, steps: [] })
      continue
    }
    const placed = { ...contexts, strategy: { 'job-index': index, 'job-total': matrix.length } }
    const options = { id, job, workflow, world, contexts: placed, matrix: item }
    results.push(await runJob({ ...options, folder }))
  }
  return results
}

function contextsOf(workflow: Workflow, { event }: World): Contexts {
  const defaults = Object.entries(workflow.on.workflow_dispatch?.inputs ?? {}).map(([name, input]) => [
    name,
    input.default ?? '',
  ])
  return {
    github: {
      event: event.payload ?? {},
      event_name: event.name,
      ref: event.ref,
      ref_name: event.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
      repository: 'octo-org/octo-repo',
      token: TOKEN,
      workflow: workflow.name,
    },
    inputs: event.name === 'workflow_dispatch' ? { ...Object.fromEntries(defaults), ...event.inputs } : {},
  }
}

function requireTrigger({ on }: Workflow, { event }: World): void {
  if (!Object.hasOwn(on, event.name)) throw new Error(`the workflow does not start on ${event.name}`)
  if (event.name === 'push' && on.push?.tags !== undefined && !event.ref.startsWith('refs/tags/')) {
    throw new Error(`the workflow does not start for ${event.ref}`)
  }
  const inputs = on.workflow_dispatch?.inputs ?? {}
  const missing = Object.keys(inputs).filter(
    (name) => inputs[name]?.required === true && event.inputs?.[name] === undefined,
  )
  if (event.name === 'workflow_dispatch' && missing.length > 0) throw new Error(`${missing.join(', ')} must be given`)
  const unknown = Object.keys(event.inputs ?? {}).filter((name) => !Object.hasOwn(inputs, name))
  if (unknown.length > 0) throw new Error(`the workflow has no input ${unknown.join(', ')}`)
}

function needsContext(job: Job, done: ReadonlyMap<string, readonly JobResult[]>): object {
  return Object.fromEntries(
    needsOf(job).map((id) => {
      const results = done.get(id)
      if (results === undefined) throw new Error(`the job ${id} is needed and has not run`)
      const outputs = Object.assign({}, ...results.map((one) => one.outputs))
      return [id, { result: resultOf(results), outputs }]
    }),
  )
}

function resultOf(results: readonly JobResult[]): JobResult['result'] {
  const order = ['failure', 'cancelled', 'skipped'] as const
  return order.find((one) => results.some(({ result }) => result === one)) ?? 'success'
}

/** By all jobs that this one needs, and those that they need. */
function statusOf(job: Job, workflow: Workflow, done: ReadonlyMap<string, readonly JobResult[]>): Status {
  const before = new Set<string>()
  const add = (one: Job): void => {
    for (const id of needsOf(one)) {
      before.add(id)
      const next = workflow.jobs[id]
      if (next !== undefined) add(next)
    }
  }
  add(job)
  const results = [...before].map((id) => resultOf(done.get(id) ?? []))
  return { success: results.every((one) => one === 'success'), failure: results.includes('failure') }
}

import { rmSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Finding, FuzzerResult } from './fuzzer.ts'
import type { Blocks } from './instrumented-imports.ts'
import { newScratch, SCRATCH_VARIABLE } from './scratch.ts'
import { SharedState } from './shared-state.ts'
import type { WorkerOrder } from './worker.ts'

export interface CampaignOptions {
  /** The URL of the module that has the targets. */
  readonly targets: string
  readonly target: string
  readonly seed: number
  readonly seconds: number
  /** Zero for no limit. */
  readonly executions: number
  readonly inputs: readonly Uint8Array[]
  /** Milliseconds of computing, and MiB of the heap, that one input may take; see below. */
  readonly hang?: number
  readonly heap?: number
  readonly onInput: (bytes: Uint8Array) => void
  readonly onFinding: (finding: Finding) => void
}

export interface CampaignResult {
  readonly seconds: number
  readonly executions: number
  readonly accepted: number
  readonly corpus: number
  readonly edges: number
  readonly blocks: Blocks
  readonly findings: readonly Finding[]
  readonly slowest: FuzzerResult['slowest']
  /** The most memory that the process had, in MiB. */
  readonly memory: number
}

/** Milliseconds of computing without a new execution after which the one under way is said to hang, and of waiting. */
const HANG = 15_000
const STANDSTILL = 120_000
/** Bytes that the whole process may have: each input is 64 KiB at most, and the largest limit of a reader 64 MiB. */
const MAX_MEMORY = 1536 * 1024 * 1024
/** MiB that a thread's heap may have. */
const HEAP = 1024
/** How often a target may hang or burst before it is left. */
const MAX_RESTARTS = 8

/** Fuzzes one target in a thread of its own, and watches that it neither hangs nor fills the memory. */
export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const start = performance.now()
  const inputs = [...options.inputs]
  const findings: Finding[] = []
  const total = { executions: 0, accepted: 0, corpus: 0, edges: 0, memory: 0 }
  let blocks: Blocks = { loaded: 0, reached: [] }
  let slowest: FuzzerResult['slowest'] = { milliseconds: 0, bytes: 0 }
  const note = (finding: Finding): void => {
    if (findings.some(({ key }) => key === finding.key)) return
    findings.push(finding)
    options.onFinding(finding)
  }
  for (let restart = 0; restart <= MAX_RESTARTS; restart++) {
    const milliseconds = options.seconds * 1000 - (performance.now() - start)
    if (milliseconds <= 0) break
    const shared = new SharedState()
    const order: WorkerOrder = {
      target: options.target,
      seed: options.seed + restart,
      milliseconds,
      executions: options.executions,
      inputs,
      memory: shared.memory,
    }
    const { hang = HANG } = options
    const ended = await watched(thread ?? startThread(options.targets, options.heap ?? HEAP), order, shared, hang, {
      onInput: (bytes) => {
        inputs.push(bytes)
        options.onInput(bytes)
      },
      onFinding: note,
      onMemory: (bytes) => {
        total.memory = Math.max(total.memory, Math.round(bytes / 1024 / 1024))
      },
    })
    total.executions += shared.executions
    if ('finding' in ended) {
      note(ended.finding)
      await endThread()
      continue
    }
    total.accepted += ended.result.accepted
    total.corpus = ended.result.corpus
    total.edges = ended.result.edges
    blocks = ended.blocks
    slowest = ended.result.slowest
    break
  }
  return { seconds: (performance.now() - start) / 1000, ...total, blocks, findings, slowest }
}

interface Thread {
  readonly worker: Worker
  readonly scratch: string
  /** Listeners that come and go would stop the worker's messages, so these stay and ask who listens now. */
  heard: {
    readonly message: (message: Message) => void
    readonly error: (error: Error) => void
  }
}

/** Loading and instrumenting everything takes seconds, so one thread fuzzes one target after another. */
let thread: Thread | undefined

function startThread(targets: string, heap: number): Thread {
  const scratch = newScratch()
  const worker = new Worker(path.join(import.meta.dirname, 'worker.ts'), {
    workerData: targets,
    env: { ...process.env, [SCRATCH_VARIABLE]: scratch },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: heap, stackSizeMb: 4 },
  })
  const started: Thread = { worker, scratch, heard: { message: () => {}, error: () => {} } }
  worker.on('message', (message: Message) => started.heard.message(message))
  worker.on('error', (error: Error) => started.heard.error(error))
  worker.on('exit', () => started.heard.error(new Error('the thread ended')))
  thread = started
  return started
}

/** To be called when no target is left. */
export async function endThread(): Promise<void> {
  if (thread === undefined) return
  const { worker, scratch } = thread
  thread = undefined
  await worker.terminate()
  rmSync(scratch, { recursive: true, force: true })
}

type Ending = { readonly result: FuzzerResult; readonly blocks: Blocks } | { readonly finding: Finding }

type Message =
  | { readonly kind: 'input'; readonly bytes: Uint8Array }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'done'; readonly result: FuzzerResult; readonly blocks: Blocks }

async function watched(
  running: Thread,
  order: WorkerOrder,
  shared: SharedState,
  hang: number,
  {
    onInput,
    onFinding,
    onMemory,
  }: {
    readonly onInput: (bytes: Uint8Array) => void
    readonly onFinding: (finding: Finding) => void
    readonly onMemory: (bytes: number) => void
  },
): Promise<Ending> {
  let watch: NodeJS.Timeout | undefined
  try {
    return await new Promise<Ending>((resolve, reject) => {
      let executions = 0
      let since = performance.now()
      let cpuSince = process.cpuUsage()
      const fails = (key: string, report: string): void => resolve({ finding: { key, report, bytes: shared.input } })
      running.heard = {
        message(message) {
          if (message.kind === 'input') onInput(message.bytes)
          else if (message.kind === 'finding') onFinding(message.finding)
          else resolve(message)
        },
        error(error) {
          // Thrown beside the execution, such as by an event that nobody listens to, or for want of memory.
          if (shared.executions > 0) fails(`uncaught: ${error.message.slice(0, 120)}`, error.stack ?? error.message)
          else reject(error)
        },
      }
      running.worker.postMessage(order)
      watch = setInterval(() => {
        const memory = process.memoryUsage.rss()
        onMemory(memory)
        if (memory > MAX_MEMORY) fails('memory', `the process has ${Math.round(memory / 1024 / 1024)} MiB`)
        if (shared.executions === 0 || shared.executions !== executions) {
          executions = shared.executions
          since = performance.now()
          cpuSince = process.cpuUsage()
          return
        }
        const { user, system } = process.cpuUsage(cpuSince)
        if ((user + system) / 1000 > hang || performance.now() - since > STANDSTILL) {
          fails('hang', `an input of ${shared.input.length} bytes does not end`)
        }
      }, 100)
    })
  } finally {
    clearInterval(watch)
    running.heard = { message: () => {}, error: () => {} }
  }
}

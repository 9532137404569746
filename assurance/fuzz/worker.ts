import { parentPort, workerData } from 'node:worker_threads'
import { forgetAll } from './coverage.ts'
import { fuzz } from './fuzzer.ts'
import { instrumentImports } from './instrumented-imports.ts'
import { SharedState } from './shared-state.ts'
import type { Seed, Target } from './target.ts'

/** What the watchdog gives to the thread that fuzzes. */
export interface WorkerOrder {
  readonly target: string
  readonly seed: number
  readonly milliseconds: number
  /** Zero for no limit. */
  readonly executions: number
  /** What an earlier run, or an earlier thread of this one, found beside the target's own seeds. */
  readonly inputs: readonly Uint8Array[]
  readonly memory: SharedArrayBuffer
}

const modules = instrumentImports()
// The import comes after the hook that instruments what it loads.
const { targetNamed }: { targetNamed: (name: string) => Target } = await import(String(workerData))

parentPort?.on('message', (order: WorkerOrder) => {
  void run(order)
})

async function run(order: WorkerOrder): Promise<void> {
  const target = targetNamed(order.target)
  const shared = new SharedState(order.memory)
  const own = await target.seeds()
  const seeds: Seed[] = [...own, ...order.inputs.map((bytes, index) => ({ name: `input ${index}`, bytes }))]
  forgetAll()
  const end = performance.now() + order.milliseconds
  const result = await fuzz(target, seeds, {
    seed: order.seed,
    tokens: modules.tokens(),
    goesOn: (executions) => performance.now() < end && (order.executions === 0 || executions < order.executions),
    onExecution: (bytes) => shared.begin(bytes),
    onInput: (bytes) => parentPort?.postMessage({ kind: 'input', bytes }),
    onFinding: (finding) => parentPort?.postMessage({ kind: 'finding', finding }),
  })
  parentPort?.postMessage({ kind: 'done', result, blocks: modules.blocks() })
}

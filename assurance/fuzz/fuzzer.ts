import { Random } from '../random.ts'
import { edgesKnown, learn, startExecution } from './coverage.ts'
import { minimise } from './minimise.ts'
import { mutate } from './mutate.ts'
import type { Outcome, Seed, Target } from './target.ts'

/** An input that broke a promise. */
export interface Finding {
  /** What went wrong, the same for inputs that go wrong in the same way. */
  readonly key: string
  readonly report: string
  readonly bytes: Uint8Array
}

export interface FuzzerOptions {
  readonly seed: number
  /** Stops when it says so; asked before each execution. */
  readonly goesOn: (executions: number) => boolean
  readonly tokens?: readonly string[]
  /** Told before an execution, so that somebody else knows the input where it never ends. */
  readonly onExecution?: (bytes: Uint8Array) => void
  readonly onInput?: (bytes: Uint8Array) => void
  readonly onFinding?: (finding: Finding) => void
}

export interface FuzzerResult {
  readonly executions: number
  readonly accepted: number
  readonly corpus: number
  readonly edges: number
  readonly findings: readonly Finding[]
  readonly slowest: { readonly milliseconds: number; readonly bytes: number }
}

/** Milliseconds that an input of 64 KiB or less may take, unless its target says otherwise. */
const MAX_MILLISECONDS = 1000

interface Input {
  readonly bytes: Uint8Array
  readonly milliseconds: number
}

/**
 * Mutates inputs and keeps those that go a new way through the instrumented code, and mutates these in turn. The same
 * seed, seeds and number of executions give the same run, where the target itself is the same each time.
 */
export async function fuzz(target: Target, seeds: readonly Seed[], options: FuzzerOptions): Promise<FuzzerResult> {
  const { seed, goesOn, onExecution, onInput, onFinding } = options
  const random = new Random(seed)
  const { limit = 65_536, milliseconds: patience = MAX_MILLISECONDS } = target
  const tokens = [...new Set([...(target.tokens ?? []), ...(options.tokens ?? [])])].map((text) =>
    Buffer.from(text, 'latin1'),
  )
  const corpus: Input[] = []
  const findings = new Map<string, Finding>()
  let executions = 0
  let accepted = 0
  let slowest = { milliseconds: 0, bytes: 0 }

  const attempt = async (bytes: Uint8Array): Promise<Finding | { outcome: Outcome; milliseconds: number }> => {
    onExecution?.(bytes)
    executions += 1
    startExecution()
    const start = cpuTime()
    try {
      // What a target keeps of its input must not change when the input is mutated next.
      const running = target.run(bytes)
      const outcome = typeof running === 'string' ? running : await running
      return { outcome, milliseconds: cpuTime() - start }
    } catch (error) {
      return { key: keyOf(error), report: reportOf(error), bytes }
    }
  }
  const note = async (finding: Finding): Promise<void> => {
    if (findings.has(finding.key)) return
    findings.set(finding.key, finding)
    const bytes = await minimise(finding.bytes, async (candidate) => {
      const again = await attempt(candidate)
      return 'key' in again && again.key === finding.key
    })
    const smallest = { ...finding, bytes }
    findings.set(finding.key, smallest)
    onFinding?.(smallest)
  }
  const tooSlow = async (bytes: Uint8Array): Promise<boolean> => {
    // It may have been the garbage of others that was collected: it must be slow three times.
    for (let times = 0; times < 2; times++) {
      const again = await attempt(bytes)
      if ('key' in again || again.milliseconds <= patience) return false
    }
    return true
  }
  const execute = async (bytes: Uint8Array, isSeed: boolean): Promise<void> => {
    const result = await attempt(bytes)
    if ('key' in result) {
      await note(result)
      return
    }
    const { outcome, milliseconds } = result
    const news = learn()
    if (outcome === 'accepted') accepted += 1
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, bytes: bytes.length }
    if (milliseconds > patience && (await tooSlow(bytes))) {
      const report = `${bytes.length} bytes take ${Math.round(milliseconds)} ms`
      if (!findings.has('slow')) onFinding?.({ key: 'slow', report, bytes })
      findings.set('slow', { key: 'slow', report, bytes })
      return
    }
    if (news === 0 && !isSeed) return
    corpus.push({ bytes, milliseconds })
    if (!isSeed) onInput?.(bytes)
    if (outcome !== 'accepted' || target.confirm === undefined) return
    try {
      await target.confirm(bytes)
    } catch (error) {
      const finding = { key: `confirm: ${keyOf(error)}`, report: reportOf(error), bytes }
      if (!findings.has(finding.key)) onFinding?.(finding)
      findings.set(finding.key, finding)
    }
  }

  for (const { bytes } of seeds) if (goesOn(executions)) await execute(bytes.slice(0, limit), true)
  if (corpus.length === 0) corpus.push({ bytes: new Uint8Array(), milliseconds: 0 })
  while (goesOn(executions)) {
    const { bytes, milliseconds } = chosen(corpus, random)
    const other = random.pick(corpus).bytes
    // What is slow is mutated less often, so that it does not take all the time.
    const times = milliseconds > 20 ? 2 : milliseconds > 5 ? 8 : 32
    for (let count = 0; count < times && goesOn(executions); count++) {
      const mutated = mutate(bytes, { random, tokens, other, limit })
      const repaired = target.repair !== undefined && !random.once(4) ? target.repair(mutated) : mutated
      await execute(Uint8Array.from(repaired.subarray(0, limit)), false)
    }
  }
  return { executions, accepted, corpus: corpus.length, edges: edgesKnown(), findings: [...findings.values()], slowest }
}

/** Milliseconds of this thread's own: on a machine that others use too, the time of the clock says little. */
function cpuTime(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Half of the time one of the latest, which lead where nothing was before. */
function chosen(corpus: readonly Input[], random: Random): Input {
  const latest = Math.max(1, corpus.length >> 3)
  return random.once(2) ? random.pick(corpus.slice(-latest)) : random.pick(corpus)
}

/** Numbers and quoted texts are not what makes two errors different, where they were thrown is. */
function keyOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error).slice(0, 80)}`
  const message = error.message
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/\d+/g, 'N')
    .slice(0, 120)
  const frame = /\/((?:src|assurance|node_modules)\/[^:\s]+)/.exec(
    error.stack?.split('\n').slice(1).join('\n') ?? '',
  )?.[1]
  return `${error.name}: ${message} @ ${frame ?? 'somewhere'}`
}

function reportOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 4000) : String(error).slice(0, 4000)
}

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CACHE } from './sets.ts'

/** One finished child process: what GNU time says of it and of the children that it waited for. */
export interface Sample {
  readonly wallMs: number
  /** User and system time. */
  readonly cpuMs: number
  /** The largest single process. */
  readonly peakMB: number
}

export interface Contender {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Not measured: puts everything back so that each run is cold. */
  readonly before?: () => void
}

/** Runs a command to its end; its output is thrown away. */
export async function runOnce({ command, args, env, before }: Contender): Promise<Sample> {
  before?.()
  const record = path.join(CACHE, `time.${process.pid}`)
  const start = performance.now()
  const child = spawn('/usr/bin/time', ['-q', '-f', '%U %S %M', '-o', record, command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  const complaints: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const wallMs = performance.now() - start
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${code}: ${Buffer.concat(complaints)}`)
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(record, 'utf8').trim().split(' ').map(Number)
  return { wallMs, cpuMs: (user + system) * 1000, peakMB: kilobytes / 1024 }
}

/** Runs the contenders in turn, A B C A B C, so that a machine whose speed drifts does so for all of them. */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(contenders) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>
  // The first round fills the page cache and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const sample = await runOnce(contenders[name])
      if (round > 0) samples[name].push(sample)
    }
  }
  return samples
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

export function medianOf(samples: readonly Sample[], field: keyof Sample): number {
  return median(samples.map((sample) => sample[field]))
}

/** The median of the ratios of runs that followed one another. */
export function ratio(ours: readonly Sample[], peers: readonly Sample[], field: keyof Sample = 'wallMs'): number {
  return median(ours.map((sample, index) => sample[field] / (peers[index]?.[field] ?? Number.NaN)))
}

export interface Row {
  readonly what: string
  readonly figure: string
  readonly goal: string
}

export function printRows(title: string, rows: readonly Row[]): void {
  const cells = [{ what: title, figure: 'figure', goal: 'goal' }, ...rows]
  const width = (key: keyof Row): number => Math.max(...cells.map((cell) => cell[key].length))
  const widths = [width('what'), width('figure'), width('goal')] as const
  console.log()
  for (const [index, { what, figure, goal }] of cells.entries()) {
    console.log(`| ${what.padEnd(widths[0])} | ${figure.padStart(widths[1])} | ${goal.padEnd(widths[2])} |`)
    if (index === 0) console.log(`|${widths.map((size) => '-'.repeat(size + 2)).join('|')}|`)
  }
}

/** `2.4 s`, `187 ms`. */
export function ms(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(0)} ms`
}

/** Of an option `--name=7` of this very command, or the default. */
export function numberOption(name: string, fallback: number): number {
  const given = process.argv.find((word) => word.startsWith(`--${name}=`))
  return given === undefined ? fallback : Number(given.slice(name.length + 3))
}

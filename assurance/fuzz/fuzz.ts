/**
 * Fuzzes the parsers, guided by coverage: inputs that go a new way through the source are kept and mutated further.
 *
 *   node assurance/fuzz/fuzz.ts [--seconds N] [--target NAME]… [--seed N] [--executions N] [--out FOLDER]
 *
 * --seconds     for each target, 60 unless said otherwise
 * --target      one target, several times for several; all of them unless said otherwise
 * --seed        makes a run the same again, as far as its time allows; 1 unless said otherwise
 * --executions  ends a target after so many, for runs that are to be the same; none unless said otherwise
 * --out         keeps inputs that went a new way in FOLDER/TARGET/inputs, from which the next run goes on, and what
 *               broke a promise in FOLDER/TARGET/findings
 *
 * Prints a Markdown table with a line for each target, and ends with 1 where a promise was broken: that only errors of
 * the closed set are thrown, that an input of 64 KiB takes less than a second, that memory stays bounded, and what the
 * target itself promises (see targets/).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { campaign, endThread } from './campaign.ts'
import { TARGETS, targetNamed } from './targets.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    executions: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
})

const names = values.target ?? TARGETS.map(({ name }) => name)
for (const name of names) targetNamed(name)

console.log(
  '| target | seconds | executions | a second | accepted | inputs kept | edges | blocks | slowest | memory | findings |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
let broken = 0
let executed = 0
let elapsed = 0
let loaded = 0
const reached = new Set<number>()
for (const name of names) {
  const keep = (kind: 'inputs' | 'findings', bytes: Uint8Array): string | undefined => {
    if (values.out === undefined) return undefined
    const folder = path.join(values.out, name, kind)
    const file = path.join(folder, createHash('sha256').update(bytes).digest('hex').slice(0, 16))
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, bytes)
    return file
  }
  const result = await campaign({
    targets: new URL('targets.ts', import.meta.url).href,
    target: name,
    seed: Number(values.seed),
    seconds: Number(values.seconds),
    executions: Number(values.executions),
    inputs: values.out === undefined ? [] : keptInputs(path.join(values.out, name, 'inputs')),
    onInput: (bytes) => keep('inputs', bytes),
    onFinding: ({ key, report, bytes }) => {
      const file = keep('findings', bytes)
      console.error(
        `${name}: ${key}\n${report}\n${file ?? `base64 ${Buffer.from(bytes).toString('base64').slice(0, 4000)}`}\n`,
      )
    },
  })
  broken += result.findings.length
  executed += result.executions
  elapsed += result.seconds
  loaded = Math.max(loaded, result.blocks.loaded)
  for (const block of result.blocks.reached) reached.add(block)
  const { seconds, executions, accepted, corpus, edges, blocks, slowest, memory, findings } = result
  const cells = [
    name,
    seconds.toFixed(0),
    executions,
    Math.round(executions / seconds),
    executions === 0 ? '-' : `${((accepted / executions) * 100).toFixed(1)} %`,
    corpus,
    edges,
    blocks.reached.length,
    `${slowest.milliseconds.toFixed(0)} ms (${slowest.bytes} B)`,
    `${memory} MiB`,
    findings.length,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
await endThread()
const share = loaded === 0 ? '-' : `${reached.size} of ${loaded}`
console.log(
  `| all | ${elapsed.toFixed(0)} | ${executed} | ${Math.round(executed / elapsed)} | | | | ${share} | | | ${broken} |`,
)
process.exitCode = broken === 0 ? 0 : 1

function keptInputs(folder: string): Uint8Array[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((file) => readFileSync(path.join(folder, file)))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/**
 * Breaks the network and the machine under debproof, by chance and by seed, and asks each time whether what it said is
 * true: a seeded proxy stands between the built command line and signed archives, and an oracle that knows what is in
 * them looks at the exit code, the messages, the report, the evidence, the cache and the store.
 *
 *     npm run build
 *     node assurance/faults/run.ts --runs 1000 --seed 1 [--jobs 2] [--quick] [--node FILE] [--cli FILE] [--verbose]
 *
 * Run N has the seed S + N: `--seed S --runs 1` repeats one. `--quick` leaves out what takes minutes: stalls beyond the
 * time limit, a snapshot service, the mirror of this machine's apt. Disks, users and the clock are broken by root alone;
 * the clock with Debian's libfaketime.
 *
 * Prints a Markdown table of faults and how the runs ended, and each violation with its seed; ends with 1 where there
 * is one.
 */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Outcome, perform } from './perform.ts'
import { outcomeTable } from './table.ts'
import { makeTools } from './tools.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    node: { type: 'string', default: process.execPath },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../dist/cli.js') },
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const first = Number(values.seed)
const tools = await makeTools({ node: path.resolve(values.node), cli: path.resolve(values.cli), isQuick: values.quick })
const outcomes: Outcome[] = []
let next = 0

async function work(): Promise<void> {
  while (next < runs) {
    const outcome = await perform(first + next++, tools)
    outcomes.push(outcome)
    const { seed, scenario, faults, ending, problems, took } = outcome
    if (!values.verbose && problems.length === 0) continue
    console.error(`${seed}: ${scenario} [${faults.join('; ')}] ${ending}, ${(took / 1000).toFixed(1)} s`)
    for (const problem of problems) console.error(`  VIOLATION: ${problem}`)
  }
}

try {
  await Promise.all(Array.from({ length: Number(values.jobs) }, work))
} finally {
  rmSync(tools.scratch, { recursive: true, force: true })
}
outcomes.sort((a, b) => a.seed - b.seed)
console.log(outcomeTable(outcomes))
const bad = outcomes.filter(({ problems }) => problems.length > 0)
for (const { seed, scenario, faults, problems } of bad) {
  console.log(`- seed ${seed}: ${scenario} [${faults.join('; ')}]`)
  for (const problem of problems) console.log(`  - ${problem}`)
}
console.log(`${outcomes.length} runs from seed ${first} on, ${bad.length} with violations.`)
process.exitCode = bad.length > 0 ? 1 : 0

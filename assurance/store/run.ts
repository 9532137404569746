/**
 * Attacks stores of evidence by adding files to them, by chance and by seed, and never by removing any: judges a package
 * with them and without them, against servers that are honest, fell back, forked or changed their Origin, and says where
 * a verdict became more lenient, or stricter without a word on why.
 *
 *     node assurance/store/run.ts --runs 1000 --seed 1 [--verbose]
 *
 * Run N has the seed S + N: `--seed S --runs 1` repeats one. Prints a Markdown table, and ends with 1 where there is a
 * violation.
 */
import { parseArgs } from 'node:util'
import { closeAll } from '../../__tests__/making/loopback-server.ts'
import { removeSites } from '../../__tests__/making/site.ts'
import { StoreAttack, type Trial } from './trial.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
})
const changes = new Map<string, number>()
const bad: Trial[] = []
try {
  const attack = await StoreAttack.begin()
  for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.runs); seed++) {
    const trial = await attack.run(seed)
    const change = [trial.before, trial.after].map((text) => text.replace(/:.*/s, '')).join(' → ')
    changes.set(change, (changes.get(change) ?? 0) + 1)
    if (trial.problems.length > 0) bad.push(trial)
    if (values.verbose || trial.problems.length > 0) console.error(JSON.stringify(trial, null, 1))
  }
} finally {
  removeSites()
  await closeAll()
}
console.log('| verdict without and with what was added | runs |\n|---|---|')
for (const [change, count] of [...changes].sort()) console.log(`| ${change} | ${count} |`)
console.log(`\n${values.runs} runs from seed ${values.seed} on, ${bad.length} with violations.`)
process.exitCode = bad.length > 0 ? 1 : 0

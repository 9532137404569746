/**
 * What it measures: whether `recheck.sh` says what `debproof recheck` says. It makes honest reports by real runs over
 * made archives, has their signer tell one lie in each copy, with hashes and signature made to fit, and asks both.
 *
 * How to run:
 *
 *     node assurance/checkers/run.ts [--count N] [--seed N]
 *
 * --count  lying reports; each has its own seed, from --seed on
 *
 * Needs gpgv, xz, gzip and awk; asks busybox too where it is there. Exits with 1 where the script agrees with a lie that
 * its header does not leave out, refuses what is true, or the shells differ.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { removeSites } from '../../__tests__/making/site.ts'
import { Random } from '../random.ts'
import { compare, type Told } from './compare.ts'
import { WORLDS } from './worlds.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '600' }, seed: { type: 'string', default: '1' } },
})
const work = mkdtempSync(path.join(tmpdir(), 'checkers-'))
try {
  process.exitCode = await main(Number(values.count), Number(values.seed))
} finally {
  removeSites()
  rmSync(work, { recursive: true, force: true })
}

async function main(count: number, seed: number): Promise<number> {
  const told: Told[] = []
  const worlds = []
  for (const make of Object.values(WORLDS)) {
    const world = await make()
    worlds.push(world)
    show(await compare(world, undefined, work), 'honest', told)
  }
  for (let index = seed; index < seed + count; index++) {
    const random = new Random(index)
    show(await compare(random.pick(worlds), random, work), `seed ${index}`, told)
  }
  const lies = told.filter(({ lie }) => lie !== undefined)
  const of = (mine: Told['recheck'], status: number): number =>
    lies.filter(({ recheck, script }) => recheck === mine && script[0] === status).length
  console.log(`\n${worlds.length} honest reports, ${lies.length} with a lie, ${told[0]?.script.length ?? 0} shells\n`)
  console.log('| recheck | recheck.sh 0 | 1 | 3 |\n|---|---|---|---|')
  for (const mine of ['pass', 'other', 'refused'] as const)
    console.log(`| ${mine} | ${of(mine, 0)} | ${of(mine, 1)} | ${of(mine, 3)} |`)
  const violations = told.filter(({ violation }) => violation !== undefined).length
  console.log(`\n${violations} violations`)
  return violations > 0 ? 1 : 0
}

function show(one: Told, what: string, told: Told[]): void {
  told.push(one)
  const place = one.lie === undefined ? '' : ` ${one.lie.place} (${one.lie.how})`
  if (one.violation !== undefined || one.lie === undefined)
    console.log(
      `${what}, ${one.world}:${place}: recheck ${one.recheck}, recheck.sh ${one.script.join(' ')}${one.violation === undefined ? '' : `: ${one.violation}\n${one.text}`}`,
    )
}

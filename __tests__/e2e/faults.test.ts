import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { perform } from '../../assurance/faults/perform.ts'
import { makeTools } from '../../assurance/faults/tools.ts'
import { CLI } from './running.ts'

/** So many scenarios, each of one seed, with the faults that do not take minutes. */
const RUNS = 60
const FIRST_SEED = 20_260_601
const JOBS = 4

const tools = await makeTools({ node: process.execPath, cli: CLI, isQuick: true })
afterAll(() => rmSync(tools.scratch, { recursive: true, force: true }))

describe('faults of the network and the machine', () => {
  it('never make a wrong verdict, a half-written report, a crash, a hang, or litter', async () => {
    const problems: string[] = []
    let next = FIRST_SEED
    const work = async (): Promise<void> => {
      while (next < FIRST_SEED + RUNS) {
        const { seed, scenario, faults, ...outcome } = await perform(next++, tools)
        for (const problem of outcome.problems)
          problems.push(`seed ${seed}, ${scenario} [${faults.join('; ')}]: ${problem}`)
      }
    }
    await Promise.all(Array.from({ length: JOBS }, work))
    expect(problems).toEqual([])
  })
})

import { afterAll, expect, it } from 'vitest'
import { StoreAttack } from '../../assurance/store/trial.ts'
import { closeAll } from '../making/loopback-server.ts'
import { removeSites } from '../making/site.ts'

/** `node assurance/store/run.ts --runs 1000` runs more of them. */
const RUNS = 12
const SEED = Number(process.env['DEBPROOF_TEST_SEED'] ?? 1)

afterAll(async () => {
  removeSites()
  await closeAll()
})

it(`a store never makes a verdict more lenient for what was added to it (${RUNS} runs from seed ${SEED} on)`, async () => {
  const attack = await StoreAttack.begin()
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const trial = await attack.run(seed)
    expect(trial).toMatchObject({ problems: [] })
  }
}, 240_000)

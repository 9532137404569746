import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compare, type Told } from '../../assurance/checkers/compare.ts'
import { WORLDS } from '../../assurance/checkers/worlds.ts'
import { Random } from '../../assurance/random.ts'
import { removeSites } from '../making/site.ts'

const missing = ['gpgv', 'xz', 'gzip', 'awk', 'base64'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
)
const work = mkdtempSync(path.join(tmpdir(), 'checkers-test-'))

afterAll(() => {
  removeSites()
  rmSync(work, { recursive: true, force: true })
})

async function asked(name: string, random?: Random): Promise<Told> {
  const make = WORLDS[name]
  if (make === undefined) throw new Error(`there is no ${name}`)
  return await compare(await make(), random, work)
}

describe.skipIf(missing.length > 0)('recheck.sh says what recheck says', () => {
  it.each(['odd spelling', 'an udeb, and all called amd64'])('of an honest report: %s', async (name) => {
    const told = await asked(name)
    expect([told.recheck, told.violation, told.script.every((status) => status === 0)]).toEqual([
      'pass',
      undefined,
      true,
    ])
  })

  it.each(['a party with a key of version 6', 'a party with a native Ed25519 key'])(
    'and does not check what rests on a key that gpgv cannot read, and nothing else: %s',
    async (name) => {
      const told = await asked(name)
      expect([told.recheck, told.violation, new Set(told.script)]).toEqual(['pass', undefined, new Set([3])])
      expect(told.text.match(/NOT CHECKED: .*/g)).toEqual([expect.stringMatching(/: two 1\.0-1 amd64: reproduced/)])
      expect(told.text).toMatch(/Rests on key: .*, rebuilder old, one of 1/)
    },
  )

  it.each([11, 12, 13, 14])('of what its signer lies, seed %i', async (seed) => {
    const told = await asked('reproduced', new Random(seed))
    expect([told.lie, told.violation]).toEqual([told.lie, undefined])
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Seed, Target } from '../../assurance/fuzz/target.ts'
import { TARGETS } from '../../assurance/fuzz/targets.ts'

/** What the fuzzer found, made small, and inputs that lead it far: `TARGET/NAME` in each of the folders. */
function kept(kind: 'findings' | 'corpus', target: Target): Seed[] {
  const folder = path.join(import.meta.dirname, kind, target.name)
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }))
}

/** Places are counted in thousandths, so that an edit means about the same in every file. */
const edits = fc.array(
  fc.record({
    at: fc.nat(1000),
    removed: fc.oneof(fc.nat(3), fc.nat(80)),
    inserted: fc.oneof(
      fc.constantFrom(
        '',
        '\n',
        '\n\n',
        ' ',
        '\t',
        ':',
        '"',
        '-',
        '- ',
        '/',
        '../',
        '\0',
        '\r',
        '{',
        ']',
        '9',
        '-1',
        '\xff',
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 6 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

function edited(bytes: Uint8Array, list: readonly { at: number; removed: number; inserted: string }[]): Uint8Array {
  return list.reduce<Uint8Array>((before, { at, removed, inserted }) => {
    const start = Math.floor((before.length * at) / 1000)
    const end = start + removed
    return Buffer.concat([before.subarray(0, start), Buffer.from(inserted, 'latin1'), before.subarray(end)])
  }, bytes)
}

describe.each(TARGETS.map((target) => [target.name, target] as const))('%s', (_, target) => {
  it('accepts most of the files that it starts from: what is refused at the first byte tests nothing', async () => {
    const seeds = await target.seeds()
    let accepted = 0
    for (const { bytes } of seeds) if ((await target.run(Uint8Array.from(bytes))) === 'accepted') accepted += 1
    expect(accepted).toBeGreaterThanOrEqual(Math.ceil(seeds.length / 2))
    expect(seeds.length).toBeGreaterThan(0)
  })

  it('keeps its promise whatever is changed in them', async () => {
    const seeds = await target.seeds()
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), edits, fc.boolean(), async ({ bytes }, list, repaired) => {
        const changed = edited(bytes, list)
        const input = repaired && target.repair !== undefined ? target.repair(changed) : changed
        expect(await target.run(Uint8Array.from(input))).toMatch(/^(?:accepted|refused)$/)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps its promise for everything that once broke it, and for what leads far', async () => {
    for (const { name, bytes } of [...kept('findings', target), ...kept('corpus', target)]) {
      const start = performance.now()
      await expect(Promise.resolve(target.run(Uint8Array.from(bytes))), name).resolves.toMatch(/^(?:accepted|refused)$/)
      expect(performance.now() - start, name).toBeLessThan(10_000)
    }
  })
})

it('no finding is of a target that there is not', () => {
  for (const kind of ['findings', 'corpus']) {
    const names = readdirSync(path.join(import.meta.dirname, kind))
    expect(names.filter((name) => !TARGETS.some((target) => target.name === name))).toEqual([])
  }
})

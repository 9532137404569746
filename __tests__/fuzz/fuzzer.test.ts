import * as nodeModule from 'node:module'
import { runInThisContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { campaign, endThread } from '../../assurance/fuzz/campaign.ts'
import { forgetAll, installHook } from '../../assurance/fuzz/coverage.ts'
import { type FuzzerResult, fuzz } from '../../assurance/fuzz/fuzzer.ts'
import { instrument } from '../../assurance/fuzz/instrument.ts'
import { unlessRefusedNow } from '../../assurance/fuzz/target.ts'
import { DebproofError } from '../../src/errors.ts'

/** Refuses everything that does not begin with a magic, each byte of it a way of its own, and fails behind it. */
const PLANTED = `(bytes) => {
  if (bytes[0] !== 0x42) return 'refused'
  if (bytes[1] !== 0x7a) return 'refused'
  if (bytes[2] !== 0x99) return 'refused'
  if (bytes[3] === 0x01 && bytes.length > 4) throw new TypeError('planted')
  return 'accepted'
}`

type Run = (bytes: Uint8Array) => 'accepted' | 'refused'

async function fuzzPlanted(code: string, executions: number): Promise<FuzzerResult> {
  const run: Run = runInThisContext(code)
  const target = { name: 'planted', promise: 'none', seeds: () => [], run, limit: 64 }
  const seeds = [{ name: 'seed', bytes: Buffer.from('harmless') }]
  installHook()
  forgetAll()
  return await fuzz(target, seeds, { seed: 7, goesOn: (done) => done < executions })
}

describe('the fuzzer', () => {
  it('finds what hides behind four bytes, by the way that is taken, and makes it as small as it can be', async () => {
    const { findings } = await fuzzPlanted(instrument(PLANTED, 1).code, 60_000)
    expect(findings.map(({ key }) => key)).toEqual([expect.stringMatching(/^TypeError: planted/)])
    expect([...(findings[0]?.bytes ?? [])]).toEqual([0x42, 0x7a, 0x99, 0x01, 0x61])
  })

  it('finds nothing there where it does not see the way: the coverage is what leads it', async () => {
    const { findings, executions } = await fuzzPlanted(PLANTED, 60_000)
    expect(findings).toEqual([])
    expect(executions).toBe(60_000)
  })

  it('does the same again with the same seed', async () => {
    const { code } = instrument(PLANTED, 1)
    const [one, other] = [await fuzzPlanted(code, 3000), await fuzzPlanted(code, 3000)]
    expect({ ...one, slowest: 0 }).toEqual({ ...other, slowest: 0 })
  })
})

describe('instrumented code', () => {
  it.each([
    ['branches', 'let r = ""; for (const a of [1, 2, 3]) if (a > 1) r += a; else if (a < 0) r += "n"; r'],
    ['expressions', 'const f = (a) => a ? a > 1 && a : a ?? 3; [f(0), f(1), f(2), f(null)].join()'],
    [
      'bodies',
      'const o = (a) => ({ a }); function* g() { yield 1; do yield 2; while (false) } [...g(), o(4).a].join()',
    ],
    [
      'cases',
      'const s = (a) => { switch (a) { case 1: case 2: return "x"; default: return "y" } }; s(1) + s(2) + s(3)',
    ],
    ['throwing', 'let t; try { throw 5 } catch (e) { t = e } finally { t += 1 } t'],
  ])('does what it did before: %s', (_, source) => {
    installHook()
    const { code, blocks } = instrument(source, 1, true)
    expect(runInThisContext(`{${code}}`)).toEqual(runInThisContext(`{${source}}`))
    expect(blocks).toBeGreaterThan(0)
  })
})

describe('a promise', () => {
  it('is broken by any error but one of the closed set, and by one with another code', () => {
    const refuse = (): never => {
      throw new DebproofError('POLICY', 'no')
    }
    expect(unlessRefusedNow(['POLICY'], refuse)).toBeUndefined()
    expect(() => unlessRefusedNow(['KEY'], refuse)).toThrow('it was refused as POLICY')
    expect(() => unlessRefusedNow(['KEY'], () => Reflect.get(Object(null), 'a').b)).toThrow(TypeError)
  })
})

/** Threads that load TypeScript and instrument it need a newer Node than debproof does. */
const hasHooks = 'registerHooks' in nodeModule && 'stripTypeScriptTypes' in nodeModule

describe.runIf(hasHooks)('the watchdog', () => {
  afterAll(endThread)

  const findingsOf = async (target: string): Promise<string[]> => {
    const { findings } = await campaign({
      targets: new URL('toy-targets.ts', import.meta.url).href,
      target,
      seed: 1,
      seconds: 1,
      executions: 50,
      inputs: [],
      hang: 3000,
      heap: 64,
      onInput: () => {},
      onFinding: () => {},
    })
    return findings.map(({ key, bytes }) => `${key.replace(/:.*/, '')} ${Buffer.from(bytes).toString()}`)
  }

  it('has nothing to say of what is sound', async () => expect(await findingsOf('sound')).toEqual([]))

  it('knows the input that never ends', async () => {
    expect(await findingsOf('computes for ever')).toEqual(['hang plain'])
  }, 120_000)

  it('knows the input after which an error is thrown beside the target', async () => {
    expect(await findingsOf('throws beside')).toEqual(['uncaught plain'])
  }, 60_000)

  it('knows the input that fills the memory', async () => {
    expect(await findingsOf('fills the memory')).toEqual([expect.stringMatching(/^(?:memory|uncaught) plain$/)])
  }, 120_000)
})

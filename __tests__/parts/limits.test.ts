import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { afterAll, describe, expect, it } from 'vitest'
import { mergeCommand } from '../../src/commands/merge.ts'
import { parseArguments } from '../../src/commands/parse-arguments.ts'
import { planCommand } from '../../src/commands/plan.ts'
import { describeError } from '../../src/errors.ts'
import { parseIndex, serializeIndex } from '../../src/evidence/bundle-index.ts'
import { MAX_PLAN_ID, MAX_RELEASE_NAME, MAX_RELEASES_FILE, MAX_SHARDS } from '../../src/limits.ts'
import { parseShard } from '../../src/parts/shard.ts'
import { reportSchema } from '../../src/report/report-schema.ts'
import { cli } from '../commands/cli.ts'
import { madeReport, reported } from '../report/made-report.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
afterAll(() => rmSync(folder, { recursive: true }))

function outcome(action: () => unknown): string {
  try {
    action()
    return 'accepted'
  } catch (error) {
    return describeError(error)
  }
}

async function plan(...words: readonly string[]): Promise<string> {
  const { code, err } = await cli(folder, ['plan', ...words])
  return code === 0 ? 'accepted' : `${code} ${err}`
}

describe('a plan', () => {
  it('is of so many parts', async () => {
    expect(outcome(() => parseShard(`${MAX_SHARDS}/${MAX_SHARDS}`))).toBe('accepted')
    expect(outcome(() => parseShard(`1/${MAX_SHARDS + 1}`))).toMatch(/is no part: .* with at most 1000 parts/)
    const shards = async (count: number): Promise<string> =>
      await plan('--releases', '7.1,', '--format', 'gitlab', '--shards', String(count))
    expect(await shards(MAX_SHARDS + 1)).toMatch(/^2 debproof: plan: --shards "1001" is no number from 1 to 1000/)
    expect(await shards(MAX_SHARDS)).not.toMatch(/is no number from/)
    const folders = (count: number): string[] => Array.from({ length: count }, (_, index) => `part${index}`)
    expect(outcome(() => parseArguments(mergeCommand, folders(MAX_SHARDS)))).toBe('accepted')
    expect(outcome(() => parseArguments(mergeCommand, folders(MAX_SHARDS + 1)))).toMatch(/"part1000" is too much/)
    const index = (count: number): string => {
      const parts = Array.from({ length: count }, (_, number) => number.toString(16).padStart(64, '0'))
      const bytes = serializeIndex({ version: 1, tool: { name: 'debproof', version: '1' }, parts })
      return outcome(() => parseIndex(bytes, 'index.json'))
    }
    expect(index(MAX_SHARDS)).toBe('accepted')
    expect(index(MAX_SHARDS + 1)).toMatch(/index\.json is no index of evidence/)
  })

  it('is made of a file of releases up to the limit', async () => {
    const file = path.join(folder, 'releases')
    const sized = async (size: number): Promise<string> => {
      writeFileSync(file, '7.1\n#'.padEnd(size, 'x'))
      return await plan('--releases', './releases', '--format', 'gitlab')
    }
    expect(await sized(MAX_RELEASES_FILE)).toBe('accepted')
    expect(await sized(MAX_RELEASES_FILE + 1)).toMatch(/^2 debproof: \.\/releases is larger than the 65536 bytes/)
    // Lines may end in CR alone, which ends no comment.
    writeFileSync(file, `7.1 # ${'# '.repeat(30_000)}\r`)
    const started = performance.now()
    expect(await plan('--releases', './releases', '--format', 'gitlab')).toBe('accepted')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('is made of releases with names up to the limit', async () => {
    const named = async (length: number): Promise<string> =>
      await plan('--releases', `${'7'.repeat(length)},`, '--format', 'gitlab')
    expect(await named(MAX_RELEASE_NAME)).toBe('accepted')
    expect(await named(MAX_RELEASE_NAME + 1)).toMatch(/^2 .* is no name of a release.* at most 64 in all/s)
  })
})

describe('the id of a plan', () => {
  it('has so many characters at most, where it is planned, verified and read', async () => {
    const [longest, longer] = ['7'.repeat(MAX_PLAN_ID), '7'.repeat(MAX_PLAN_ID + 1)]
    const planned = async (id: string): Promise<string> =>
      await plan('--releases', '7.1,', '--format', 'gitlab', '--plan-id', id)
    expect(await planned(longest)).toBe('accepted')
    expect(await planned(longer)).toMatch(/^2 .* is no name of a plan.* at most 64 in all/s)
    const shard = (id: string) => ({ index: 1, of: 2, total: 1, plan: id })
    expect(v.is(reportSchema, madeReport([reported()], { shard: shard(longest) }))).toBe(true)
    expect(v.is(reportSchema, madeReport([reported()], { shard: shard(longer) }))).toBe(false)
    expect(v.is(reportSchema, madeReport([reported()], { shard: shard('a b') }))).toBe(false)
  })
})

describe('a mistake in the arguments', () => {
  it('is told at once, however many dots are in it', () => {
    const started = performance.now()
    expect(outcome(() => parseArguments(planCommand, [`--x${'.'.repeat(100_000)}y`]))).toMatch(/^plan: /)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

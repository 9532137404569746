import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import * as v from 'valibot'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { planCommand } from '../../src/commands/plan.ts'
import { parsePlanId, parseShard } from '../../src/parts/shard.ts'
import { substitute } from '../../src/policy/variables.ts'
import { call, cli } from '../commands/cli.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-plan-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

function releasesFile(text: string): string {
  const file = path.join(folder, `releases-${files++}`)
  writeFileSync(file, text)
  return file
}

async function plan(releases: string, ...words: string[]) {
  return await call(planCommand, ['--releases', releases, ...words])
}

async function github(releases: string, ...words: string[]): Promise<unknown> {
  const { code, out, err } = await plan(releases, '--format', 'github', ...words)
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out)
}

async function gitlab(releases: string, ...words: string[]): Promise<unknown> {
  const { code, out, err } = await plan(releases, '--format', 'gitlab', ...words)
  expect([code, err]).toEqual([0, ''])
  return parse(out)
}

describe('a plan for GitHub', () => {
  it('has one job for each part of each release, in one line', async () => {
    const { out } = await plan('7.1,7.2', '--format', 'github', '--shards', '2', '--plan-id', '77-1')
    expect(out).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(out)).toEqual({
      include: [
        { release: '7.1', at: '', shard: '1/2', part: '1-of-2', plan: '77-1' },
        { release: '7.1', at: '', shard: '2/2', part: '2-of-2', plan: '77-1' },
        { release: '7.2', at: '', shard: '1/2', part: '1-of-2', plan: '77-1' },
        { release: '7.2', at: '', shard: '2/2', part: '2-of-2', plan: '77-1' },
      ],
    })
  })

  it('has an id that all its parts sign and that no other plan has, of 128 bits', async () => {
    const idsOf = async (): Promise<string[]> => {
      const { code, out } = await plan('7.1,7.2', '--format', 'github', '--shards', '4')
      expect(code).toBe(0)
      return JSON.parse(out).include.map((job: { plan: string }) => job.plan)
    }
    const plans = await Promise.all(Array.from({ length: 20 }, idsOf))
    for (const ids of plans) {
      expect(new Set(ids).size).toBe(1)
      expect(parsePlanId(ids[0] ?? '')).toMatch(/^[0-9a-f]{32}$/)
    }
    expect(new Set(plans.flat()).size).toBe(20)
  })

  it('names the plan to the jobs that merge, where one id was given to both', async () => {
    expect(await github('7.1,', '--plan-id', '77-1')).toEqual({ include: [{ release: '7.1', at: '', plan: '77-1' }] })
  })

  it('has one job for each release, which is no part, without --shards', async () => {
    expect(await github('7.1,7.2')).toEqual({
      include: [
        { release: '7.1', at: '' },
        { release: '7.2', at: '' },
      ],
    })
  })

  it('gives releases their clocks: those of the file, else that of --at', async () => {
    const file = releasesFile('7.1 2026-01-02\n7.2\t2026-02-03T04:05:06+01:00\n7.3\n')
    expect(await github(file)).toMatchObject({
      include: [{ at: '2026-01-02T00:00:00Z' }, { at: '2026-02-03T03:05:06Z' }, { at: '' }],
    })
    expect(await github(file, '--at', '2026-11-22T17:00:00.5Z')).toMatchObject({
      include: [{ at: '2026-01-02T00:00:00Z' }, { at: '2026-02-03T03:05:06Z' }, { at: '2026-11-22T17:00:00Z' }],
    })
  })

  it('may have 256 jobs, and is refused with more rather than cut', async () => {
    const names = (count: number): string => Array.from({ length: count }, (_, index) => `r${index}`).join(',')
    expect(await github(names(128), '--shards', '2')).toMatchObject({ include: { length: 256 } })
    expect(await plan(names(129), '--format', 'github', '--shards', '2')).toEqual({
      code: 2,
      out: '',
      err:
        '129 releases in 2 parts each are 258 jobs, and a matrix of GitHub may have 256: plan fewer releases at once, ' +
        'or with fewer --shards.',
    })
  })
})

describe('a plan for GitLab', () => {
  it('is a file with a job for each part, and one that merges each release', async () => {
    expect(await gitlab(releasesFile('7.1 2026-01-02\n7.2\n'), '--shards', '2', '--plan-id', '77')).toEqual({
      '.debproof-verify': {
        variables: { PLAN: '77' },
        parallel: {
          matrix: [
            { RELEASE: '7.1', AT: '2026-01-02T00:00:00Z', SHARD: '1/2', PART: '1-of-2' },
            { RELEASE: '7.1', AT: '2026-01-02T00:00:00Z', SHARD: '2/2', PART: '2-of-2' },
            { RELEASE: '7.2', SHARD: '1/2', PART: '1-of-2' },
            { RELEASE: '7.2', SHARD: '2/2', PART: '2-of-2' },
          ],
        },
      },
      '.debproof-merge': {
        variables: { PLAN: '77' },
        parallel: { matrix: [{ RELEASE: '7.1', AT: '2026-01-02T00:00:00Z' }, { RELEASE: '7.2' }] },
      },
    })
    const { '.debproof-verify': parts, '.debproof-merge': merges } = v.parse(
      v.record(v.string(), v.object({ variables: v.object({ PLAN: v.string() }) })),
      await gitlab('7.1,', '--shards', '2'),
    )
    expect(parts?.variables.PLAN).toMatch(/^[0-9a-f]{32}$/)
    expect(merges?.variables).toEqual(parts?.variables)
    expect(JSON.stringify(await gitlab('7.1,'))).not.toContain('PLAN')
  })

  it('has text for every value and none that is empty, which GitLab refuses', async () => {
    const planned = await gitlab('7.1,')
    expect(JSON.stringify(planned)).not.toContain('""')
    expect(planned).toMatchObject({ '.debproof-verify': { parallel: { matrix: [{ RELEASE: '7.1' }] } } })
  })

  it('may have 200 jobs', async () => {
    const { code, err } = await plan('7.1,', '--format', 'gitlab', '--shards', '201')
    expect([code, err]).toEqual([2, expect.stringMatching(/are 201 jobs, and a matrix of GitLab may have 200: plan/)])
    expect((await plan('7.1,', '--format', 'gitlab', '--shards', '200')).code).toBe(0)
  })
})

describe('the releases', () => {
  it('of a file are one a line, without comments and blank lines', async () => {
    const file = releasesFile(
      '# those of a year\r\n\r\n  7.1   # the first\n\t\n7.2 2026-01-02 # with its clock\n7.3~rc1',
    )
    expect(await github(file)).toMatchObject({
      include: [{ release: '7.1' }, { release: '7.2' }, { release: '7.3~rc1' }],
    })
  })

  it('may be a single name', async () => {
    expect(await github('7.1')).toMatchObject({ include: [{ release: '7.1' }] })
    expect(await github('stable.beta,')).toMatchObject({ include: [{ release: 'stable.beta' }] })
  })

  it.each([
    ['releases.txt', /^There is no file releases\.txt; for a release of this name write --releases releases\.txt,$/],
    ['ci/releases', /^There is no file ci\/releases;/],
    ['7.1,7.2,7.1', /^--releases names 7\.1 twice; name each release once\.$/],
    ['7.1,,7.2', /^--releases: "" is no name of a release/],
    ['7.1,../x', /^--releases: "\.\.\/x" is no name of a release: it begins with a letter or a digit/],
    ['7.1,$(id)', /is no name of a release/],
    [`7.1,${'x'.repeat(65)}`, /at most 64 in all/],
    [',', /^--releases: "" is no name of a release/],
    ['', /./],
  ])('%j are refused', async (releases, message) => {
    expect(await plan(releases, '--format', 'github')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(message),
    })
  })

  it.each([
    ['', /names no release\.$/],
    ['# nothing\n', /names no release\.$/],
    ['7.1\n7.1 2026-01-02\n', /names 7\.1 twice/],
    ['7.1\n7.2;id\n', /releases-\d+:2: "7\.2;id" is no name of a release/],
    ['7.1 yesterday\n', /releases-\d+:1: "yesterday" is no time: behind a release stands its clock/],
    ['7.1 2026-02-30\n', /"2026-02-30" is no time/],
    ['7.1 2026-01-02T00:00:00\n', /is no time/],
    ['7.1 7.2\n', /"7\.2" is no time/],
  ])('of a file %j are refused with its line', async (text, message) => {
    const result = await plan(releasesFile(text), '--format', 'github')
    expect(result).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })

  it('that cannot be read are told', async () => {
    expect(await plan(releasesFile('#'.repeat(70_000)), '--format', 'github')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/is larger than the 65536 bytes/),
    })
    expect(await plan(folder, '--format', 'github')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^The releases in .* cannot be read/),
    })
  })

  it('of any file are names that a policy takes, or a foreseen mistake', async () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('7.1', '7.2 2026-01-02', '#', ' ', '7.3 x', '\r'))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
        const { code, out } = await plan(releasesFile(lines.join('\n')), '--format', 'github', '--shards', '3')
        if (code !== 0) {
          expect([code, out]).toEqual([2, ''])
          return
        }
        for (const { release, shard, part } of JSON.parse(out).include) {
          expect(substitute(`\${release}`, { release, references: {}, environment: {} }, 'a test')).toBe(release)
          expect(parseShard(shard).of).toBe(3)
          expect(part).toMatch(/^[1-3]-of-3$/)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('plan', () => {
  it('is a command of the command line', async () => {
    const result = await cli(folder, ['plan', '--releases', '7.1,7.2', '--format', 'github'])
    expect(result).toEqual({
      code: 0,
      out: '{"include":[{"release":"7.1","at":""},{"release":"7.2","at":""}]}\n',
      err: '',
    })
  })

  it.each([
    [['--format', 'github'], /^plan: --releases is missing/],
    [['--releases', '7.1'], /^plan: --format is missing: github or gitlab\.$/],
    [['--releases', '7.1', '--format', 'gitlub'], /Did you mean/],
    [['--releases', '7.1', '--format', 'jenkins'], /It is github or gitlab\.$/],
    [['--releases', '7.1', '--format', 'github', '--shards', '0'], /--shards "0" is no number from 1 to 1000/],
    [['--releases', '7.1', '--format', 'github', '--shards', '1001'], /is no number from 1 to 1000/],
    [['--releases', '7.1', '--format', 'github', '--shards', '2.5'], /is no number/],
    [['--releases', '7.1', '--format', 'github', '--plan-id', '-x'], /--plan-id/],
    [
      ['--releases', '7.1', '--format', 'github', '--plan-id', '.x'],
      /--plan-id ".x" is no name of a plan: it begins with/,
    ],
    [['--releases', '7.1', '--format', 'github', '--plan-id', 'a/b'], /--plan-id "a\/b" is no name of a plan/],
    [['--releases', '7.1', '--format', 'github', '--plan-id', ''], /--plan-id/],
    [['--releases', '7.1', '--format', 'github', '--at', 'now'], /--at "now" is not an RFC 3339 time/],
  ])('%j is refused', async (words, message) => {
    expect(await call(planCommand, words)).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })
})

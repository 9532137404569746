import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { createMessage, reformatKey, sign } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { combineVerdicts, countVerdicts } from '../../src/judge/combine.ts'
import { MAX_PLAN_SPREAD } from '../../src/limits.ts'
import { checkParts, refuseApart } from '../../src/parts/check-part.ts'
import { recheck } from '../../src/recheck.ts'
import type { Report } from '../../src/report/report-schema.ts'
import { countSelfVouched } from '../../src/report/self-vouched.ts'
import { surroundingsOf } from '../../src/report/surroundings.ts'
import { remainingTrust } from '../../src/report/trust.ts'
import type { RunOptions } from '../../src/run.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { keyringOf } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, removeSites, type Site } from '../making/site.ts'
import {
  copyParts,
  FINE,
  mergeParts,
  mixedSite,
  PLAN,
  partKey,
  readReport,
  rewrite,
  runPart,
  runParts,
  useDebs,
  wholeKey,
} from './made-parts.ts'

let site: Site

beforeAll(async () => {
  site = await mixedSite()
})

afterAll(removeSites)

async function problemsOf(output: string): Promise<readonly string[]> {
  const keyring = await keyringOf([(await wholeKey()).toPublic()])
  return (await recheck({ folder: output, keyring, now: new Date(), progress: () => {} })).problems
}

/** Nothing of a report is left, and nothing of its evidence. */
function expectNothing(output: string): void {
  expect(readdirSync(output)).toEqual([])
}

describe('parts of two runs', () => {
  it.each<[string, Partial<RunOptions>, RegExp]>([
    ['--deep', { deep: true }, /2 has not the same depth as that in .*1: make every part with --deep, or none\.$/],
    [
      '--offline',
      { offline: true },
      /2 has not the same use of the network as that in .*1: make every part with --off/,
    ],
    ['--require-hashes', { hashesRequired: true }, /not the same rule for hashes as .*--require-hashes\.$/],
    ['--release', { release: '7.1' }, /not the same release as/],
    [
      'another plan',
      { shard: { index: 2, of: 2, plan: 'last-week' } },
      /2 has not the same plan as that in .*1: one is/,
    ],
  ])('are refused where one was made with %s', async (_, options, message) => {
    const folders = [await runPart(site, 1, 2), await runPart(site, 2, 2, options)]
    for (const order of [folders, folders.toReversed()]) {
      const { code, out, err, output } = await mergeParts(site, order)
      const told = order === folders ? message : new RegExp(message.source.replace(/^2 (.*)\.\*1/, '1 $1.*2'))
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(told)])
      expectNothing(output)
    }
  })

  it('are refused where a policy stood for two things by its variables, or by a key that was renewed between them', async () => {
    const own = await newSite()
    const debs = ['hello', 'other', 'third', 'fourth'].map((name) => deb(name))
    await own.archive('snapshot', { key: await projectKey(), debs })
    own.put({
      'keys/machine.asc': (await partKey()).toPublic().armor(),
      'keys/whole-secret.asc': (await wholeKey()).armor(),
      'keys/project-2.gpg': readFileSync(path.join(own.folder, 'keys/project.gpg')),
    })
    const policy = (key: string): string =>
      policyText([archivePolicy({ require: 'reproduced', upstream: null })], 'env: [RING]\n').replace(
        'keys/project.gpg',
        key,
      )
    own.put({
      'debproof.yml': policy('keys/$' + '{RING}'),
      'build.packages': debs.map(({ name }) => `${name}\t1.0-1\n`).join(''),
    })
    const of = async (index: number, RING: string): Promise<string> =>
      await runPart(own, index, 2, { environment: { RING } })
    const variables = [await of(1, 'project.gpg'), await of(2, 'project-2.gpg')]
    expect(await mergeParts(own, variables)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not the same variables of the policy as .*: set the same environment variables/),
    })
    const first = await of(1, 'project.gpg')
    const { privateKey } = await reformatKey({
      privateKey: await projectKey(),
      userIDs: { name: 'Renewed' },
      format: 'object',
    })
    own.put({ 'keys/project.gpg': privateKey.toPublic().write() })
    const files = [first, await of(2, 'project.gpg')]
    expect(await mergeParts(own, files)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not the same keys as .*: give every part the same files that the policy names\.$/),
    })
  })

  it('are refused where anything differs that is not of their own packages, whatever it is', async () => {
    useDebs(site, FINE)
    const reports = (await runParts(site, 2)).map(readReport)
    const own = [
      'verdict',
      'counts',
      'packages',
      'evidence',
      'upstreams',
      'otherArchives',
      'trust',
      'bundle',
      'unsigned',
    ]
    const { predicate } = reports[1] ?? { predicate: {} }
    const names = [...Object.keys(predicate), 'keysDay', 'hashes', 'of a later version']
    const common = names.filter((name) => !own.includes(name) && !['archives', 'exceptions', 'shard'].includes(name))
    expect(common).toEqual(expect.arrayContaining(['policy', 'run', 'lists', 'at', 'tool', 'release']))
    const parts = (second: Report) =>
      [reports[0] ?? second, second].map((report, index) => {
        const shard = { index: index + 1, of: 2, total: reports[0]?.predicate.shard?.total ?? 0, plan: PLAN }
        return { folder: `part ${index + 1}`, report, shard }
      })
    if (reports[1] === undefined) throw new Error('there are two')
    const [, second] = reports
    expect(checkParts(parts(second))).toHaveLength(2)
    for (const name of common) {
      const other = { ...second, predicate: { ...second.predicate, [name]: 'another' } }
      expect(() => checkParts(parts(other)), name).toThrow(/part 2 has not the same .* as that in part 1: /)
    }
    for (const run of Object.keys(second.predicate.run ?? {})) {
      const other = { ...second.predicate, run: { ...second.predicate.run, [run]: 'another' } }
      expect(() => checkParts(parts({ ...second, predicate: other } as unknown as Report)), run).toThrow(/not the same/)
    }
  })

  it('of before and after a rebuilder withdrew its word come to no verdict', async () => {
    const own = await mixedSite()
    useDebs(own, [deb('own-a'), ...FINE], { source: false })
    const partOf = (index: number, plan: string): Promise<string> =>
      runPart(own, index, 2, { shard: { index, of: 2, plan } })
    const has = (folder: string): boolean => readReport(folder).predicate.packages.some(({ name }) => name === 'own-a')
    const [first, second] = [await partOf(1, 'before'), await partOf(2, 'before')]
    const [earlier, index] = has(first) ? [first, 2] : [second, 1]
    expect(readReport(earlier).predicate.verdict).toBe('pass')
    for (const name of readdirSync(path.join(own.folder, 'alpha'))) rmSync(path.join(own.folder, 'alpha', name))
    const later = await partOf(index, 'after')
    expect(readReport(later).predicate.verdict).toBe('pass')
    const { code, err, output } = await mergeParts(own, [earlier, later])
    expect([code, err]).toEqual([2, expect.stringMatching(/not the same plan as .*: one is of an earlier run/)])
    expectNothing(output)
    // Made anew under one plan, they say what is so now.
    expect(await mergeParts(own, [await partOf(1, 'after'), await partOf(2, 'after')])).toMatchObject({ code: 1 })
  })

  it('are refused where one is of no plan, as those of earlier versions are', async () => {
    const folders = await copyParts(site, 2)
    await rewrite(folders[1] ?? '', ({ predicate }) => {
      delete predicate.shard?.plan
    })
    expect(await mergeParts(site, folders)).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /2 is of no plan: make it again with `debproof verify --shard` and --plan-id: with the id/,
      ),
    })
    const [alone = ''] = await copyParts(site, 1)
    await rewrite(alone, ({ predicate }) => {
      delete predicate.run
    })
    expect(await mergeParts(site, [alone])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/does not say how it was/),
    })
  })

  it('are refused by a merge that knows its plan, though all are of one', async () => {
    const folders = await copyParts(site, 2)
    expect(await mergeParts(site, folders, ['--plan-id', PLAN])).toMatchObject({ code: 1, err: '' })
    expect(await mergeParts(site, folders, ['--plan-id', 'of-today'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/1 is of the plan made-plan, and not of of-today, which --plan-id names/),
    })
    expect(await mergeParts(site, folders, ['--plan-id', 'a b'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--plan-id "a b" is no name of a plan/),
    })
  })

  it('are refused where the evidence of one is of another plan than it says', async () => {
    const folders = [
      await runPart(site, 1, 2),
      await runPart(site, 2, 2, { shard: { index: 2, of: 2, plan: 'before' } }),
    ]
    await rewrite(folders[1] ?? '', ({ predicate }) => {
      if (predicate.shard !== undefined) predicate.shard.plan = PLAN
    })
    expect(await mergeParts(site, folders)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is not that of its report: it is not of the plan made-plan/),
    })
  })

  it('are refused where a time passed between them in which much can be withdrawn', () => {
    const signed = (...times: number[]) => times.map((time, index) => ({ folder: `part ${index}`, at: new Date(time) }))
    expect(() => refuseApart(signed(MAX_PLAN_SPREAD, 5, 0))).not.toThrow()
    expect(() => refuseApart([])).not.toThrow()
    expect(() => refuseApart(signed(5, MAX_PLAN_SPREAD + 1, 0))).toThrow(
      'The report in part 2 was signed on 1970-01-01T00:00:00.000Z and that in part 1 on 1970-01-08T00:00:00.001Z: ' +
        'parts are merged that were made within 7 days. Make all of them again.',
    )
  })

  it('are refused by the dates of their signatures, which no one plan can bridge', async () => {
    const folders = await copyParts(site, 2)
    const file = path.join(folders[0] ?? '', 'report.json')
    const signedAgo = async (days: number): Promise<void> => {
      const message = await createMessage({ binary: readFileSync(file) })
      const date = new Date(Date.now() - days * 86_400_000)
      writeFileSync(`${file}.asc`, await sign({ message, signingKeys: await partKey(), detached: true, date }))
    }
    await signedAgo(6.9)
    expect(await mergeParts(site, folders)).toMatchObject({ code: 1, err: '' })
    await signedAgo(7.1)
    const { code, err, output } = await mergeParts(site, folders)
    expect([code, err]).toEqual([2, expect.stringMatching(/parts are merged that were made within 7 days/)])
    expectNothing(output)
  })
})

describe('a merged report', () => {
  it('says of its run what one run says, and names no plan', async () => {
    useDebs(site, FINE)
    const { output } = await mergeParts(site, await runParts(site, 3, { deep: true }))
    const { predicate } = readReport(output)
    expect(predicate.run).toMatchObject({ system: false, offline: false, deep: true, variables: {} })
    expect(predicate.run?.files.map(({ name }) => name)).toEqual([
      'keys/alpha.asc',
      'keys/beta.asc',
      'keys/project.gpg',
      'keys/upstream.asc',
    ])
    expect(JSON.stringify(predicate)).not.toContain(PLAN)
    expect(await problemsOf(output)).toEqual([])
  })

  it('is never signed where `recheck` refuses it: a part that says what its evidence does not give', async () => {
    const folders = await copyParts(site, 2)
    const lying = folders.find((folder) =>
      readReport(folder).predicate.packages.some(({ name }) => name === 'backdoor'),
    )
    await rewrite(lying ?? '', (report) => {
      for (const item of report.predicate.packages) {
        if (item.name === 'backdoor') Object.assign(item, { verdict: 'identical', vouchedBy: ['debian'] })
      }
      settle(report)
    })
    const { code, out, err, output } = await mergeParts(site, folders)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(
      /does not follow from their evidence, and `recheck` would refuse it: backdoor 1\.0-1 .* is identical/,
    )
    expect(err).toMatch(/Try `debproof recheck` on each part/)
    expectNothing(output)
  })

  it('is as it was where parts have no evidence, from which nothing could be derived', async () => {
    useDebs(site, FINE)
    const { code, output } = await mergeParts(site, await runParts(site, 2, { evidence: 'none' }))
    expect([code, readReport(output).predicate.bundle]).toEqual([0, null])
    const mixed = [
      await runPart(site, 1, 2, { evidence: 'none' }),
      await runPart(site, 2, 2, { evidence: 'none', deep: true }),
    ]
    expect(await mergeParts(site, mixed)).toMatchObject({ code: 2, err: expect.stringMatching(/not the same depth/) })
  })

  it('is one that `recheck` agrees with, however each part was made', async () => {
    const made = fc.record({
      deep: fc.boolean(),
      offline: fc.boolean(),
      hashesRequired: fc.boolean(),
      evidence: fc.constantFrom('needed' as const, 'all' as const),
    })
    await fc.assert(
      fc.asyncProperty(made, fc.option(made, { nil: undefined }), async (one, other = one) => {
        useDebs(site, FINE)
        const folders = [await runPart(site, 1, 2, one), await runPart(site, 2, 2, other)]
        const { code, output } = await mergeParts(site, folders)
        const isSame = (['deep', 'offline', 'hashesRequired'] as const).every((name) => one[name] === other[name])
        expect(code === 2).toBe(!isSame)
        expect(existsSync(path.join(output, 'report.json.asc'))).toBe(isSame)
        if (isSame) expect(await problemsOf(output)).toEqual([])
      }),
      { numRuns: 8, endOnFailure: true },
    )
  }, 60_000)
})

/** Makes everything that a report says of its packages together fit them. */
function settle({ predicate }: Report): void {
  predicate.counts = countVerdicts(predicate.packages)
  predicate.archives = countSelfVouched(predicate.archives, predicate.packages)
  predicate.verdict = combineVerdicts(predicate.packages, surroundingsOf(predicate))
  predicate.trust = remainingTrust(predicate)
}

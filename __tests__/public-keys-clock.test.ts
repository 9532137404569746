// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of a policy
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { isInForce, readPublicKeys } from '../src/archive/public-key.ts'
import { checkPart, checkParts, type Part } from '../src/parts/check-part.ts'
import { mergeReports } from '../src/parts/merge-reports.ts'
import { publicKeysDay } from '../src/policy/public-keys-clock.ts'
import { compareWithEvidence } from '../src/recheck.ts'
import { deb, projectKey } from './making/archive-folder.ts'
import { newRebuilder } from './making/rebuilder.ts'
import { once } from './making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  type SiteRun,
} from './making/site.ts'

afterEach(removeSites)

const beta = once(() => newRebuilder('Beta'))
const TOOL = deb('tool', { version: '2.0-1' })
/** The clock of these tests is 2026-06-01. */
const LAST_DAY = '2026-07-31'
const ON_IT = new Date('2026-07-31T23:59:59Z')
const AFTER = new Date('2026-08-15T12:00:00Z')
const LATER = new Date('2026-11-15T12:00:00Z')

/** An own archive that beta alone must have rebuilt, with a statement that has no date, by a key with a last day. */
async function siteOf(keys = `{ file: keys/beta.pub, until: ${LAST_DAY} }`, more = ''): Promise<Site> {
  const site = await newSite()
  await site.archive('own', { key: await projectKey(), debs: [TOOL] })
  const party = `beta: { dsse: "file:beta/", public-key: [${keys}] }`
  const rebuilders = `rebuilders: { threshold: 1, parties: { ${party} } }`
  const own = { name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more: rebuilders }
  const statements = (await beta()).dsse([TOOL])
  site.put({
    'debproof.yml': policyText([archivePolicy(own)], more),
    'build.packages': listText([TOOL]),
    'keys/beta.pub': (await beta()).publicKey,
    ...Object.fromEntries(Object.entries(statements).map(([name, text]) => [`beta/${name}`, text])),
  })
  return site
}

function verdictOf({ of }: SiteRun): string {
  return of('tool').verdict
}

describe('a statement without a date of its own', () => {
  it('counts to the end of the last day of its key, and no longer, whatever clock is given', async () => {
    const site = await siteOf()
    expect(verdictOf(await runSite(site, { now: ON_IT }))).toBe('reproduced')
    const { predicate, of } = await runSite(site, { now: AFTER })
    expect([predicate.at, predicate.keysDay]).toEqual(['2026-06-01T12:00:00Z', '2026-08-01'])
    expect([of('tool').verdict, of('tool').reason]).toEqual([
      'unproven',
      expect.stringContaining(`whose last day was ${LAST_DAY}`),
    ])
  })

  it('is not brought back by the date in a package list that the policy takes for the clock', async () => {
    const site = await siteOf(undefined, 'at: "${reference:own}"\n')
    site.put({
      'build.packages': `---
origin_references:
  own:
    reference: 20260601T120000Z
packages:
  binary:
  - arch: amd64
    package: tool
    version: ${TOOL.version}
  source: []
`,
    })
    const [on, after] = [await runSite(site, { now: ON_IT, at: null }), await runSite(site, { now: AFTER, at: null })]
    expect([on.predicate.at, after.predicate.at]).toEqual(['2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'])
    expect([verdictOf(on), verdictOf(after)]).toEqual(['reproduced', 'unproven'])
  })

  it('counts where the clock is the present, and where the key has no last day', async () => {
    expect(verdictOf(await runSite(await siteOf()))).toBe('reproduced')
    const { predicate, of } = await runSite(await siteOf('keys/beta.pub'), { now: LATER })
    expect([of('tool').verdict, predicate.keysDay]).toEqual(['reproduced', undefined])
  })

  it('does not count where the clock itself is after the last day of its key', async () => {
    const site = await siteOf(`{ file: keys/beta.pub, until: 2026-05-31 }`)
    const { predicate, of } = await runSite(site, { now: new Date('2026-05-01T00:00:00Z') })
    expect([of('tool').verdict, predicate.keysDay]).toEqual(['unproven', undefined])
  })
})

describe('the report', () => {
  const bytesOf = ({ reportPath }: SiteRun): string => readFileSync(reportPath, 'utf8')

  it('is the same on every day on which the same keys are over, byte for byte', async () => {
    const site = await siteOf()
    const [before, on] = [bytesOf(await runSite(site)), bytesOf(await runSite(site, { now: ON_IT }))]
    expect(on).toBe(before)
    const [after, later] = [bytesOf(await runSite(site, { now: AFTER })), bytesOf(await runSite(site, { now: LATER }))]
    expect(later).toBe(after)
    expect(after).not.toBe(before)
  })

  it('is derived again by the day that its evidence states, and refused when it states another one', async () => {
    const site = await siteOf()
    const { report, reportPath } = await runSite(site, { now: AFTER })
    const folder = path.dirname(reportPath)
    const changed = { ...report, predicate: { ...report.predicate, keysDay: '2026-07-01' } }
    const { problems } = await compareWithEvidence(changed, folder, () => {})
    expect(problems).toEqual([expect.stringContaining('of its day for public keys')])
  })

  it('of all parts is that of one run, and parts between which a key ended are refused', async () => {
    const site = await siteOf()
    const part = async (index: number, now: Date): Promise<Part> => {
      const output = path.join(site.folder, `part-${index}`)
      return checkPart(output, (await runSite(site, { shard: { index, of: 2, plan: 'made' }, output, now })).report)
    }
    const { report } = await runSite(site, { now: LATER })
    const merged = mergeReports(checkParts([await part(1, AFTER), await part(2, LATER)]), null)
    expect(merged.predicate).toEqual({ ...report.predicate, bundle: null, unsigned: merged.predicate.unsigned })
    const apart = [await part(1, ON_IT), await part(2, AFTER)]
    expect(() => checkParts(apart)).toThrow(/not the same day for public keys as .*: the last day of one passed/)
  })

  it('that rests on such a key says whose word it is that its last day was not over', async () => {
    const site = await siteOf()
    const { report, reportPath } = await runSite(site)
    const { problems, remarks } = await compareWithEvidence(report, path.dirname(reportPath), () => {})
    expect(problems).toEqual([])
    expect(remarks).toContain(`That the last day of a public key (${LAST_DAY}) was not over is the word of the signer.`)
  })
})

describe('the day by which public keys are judged', () => {
  const day = fc
    .integer({ min: 0, max: 400 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days, 12)).toISOString().slice(0, 10))

  it('lets count exactly those that count both at the clock and now', async () => {
    const pem = Buffer.from((await beta()).publicKey)
    fc.assert(
      fc.property(fc.array(day, { maxLength: 5 }), day, day, (lastDays, clock, today) => {
        const [at, now] = [new Date(`${clock}T12:00:00Z`), new Date(`${today}T12:00:00Z`)]
        const used = publicKeysDay(lastDays, at, now)
        for (const key of lastDays.flatMap((until) => readPublicKeys(pem, 'made.pub', until))) {
          const counts = isInForce(key, used === undefined ? at : new Date(`${used}T00:00:00Z`))
          expect(counts).toBe(isInForce(key, at) && isInForce(key, now))
        }
        if (used !== undefined) expect(used > clock && used <= today).toBe(true)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADVICE } from '../../src/report/headline.ts'
import { reportSummary, shortSummary } from '../../src/report/summary.ts'
import { madeArchive, madeReport, reported } from './made-report.ts'

const REST = '[the whole report](https://x.example/1)'

describe('the summary', () => {
  it('says the verdict first, then shows each failing package with both hashes and what to do', () => {
    const changed = reported({
      name: 'changed',
      verdict: 'mismatch',
      expected: ['b'.repeat(64), 'c'.repeat(64)],
      reason: 'The upstream signed other bytes.',
    })
    const lines = reportSummary(madeReport([changed, reported()], { verdict: 'fail' })).split('\n')
    expect(lines.slice(0, 3)).toEqual(['# debproof: fail', '', '❌ FAIL: of 2 packages, 1 mismatch.'])
    expect(lines).toContain('## mismatch')
    expect(lines).toContain(ADVICE['mismatch'])
    expect(lines).toContain(
      `| changed | 1.0-1 | amd64 | debian | ${'a'.repeat(64)} | ${'b'.repeat(64)}, ${'c'.repeat(64)} | The upstream signed other bytes. |`,
    )
  })

  it('tells apart what failed and what was not decided', () => {
    const packages = [reported({ name: 'bad', verdict: 'unproven' }), reported({ name: 'open', verdict: 'undecided' })]
    const archives = [madeArchive({ unread: [{ what: 'stable', code: 'FETCH', reason: 'HTTP 500.' }] })]
    const summary = reportSummary(madeReport(packages, { verdict: 'fail', archives }))
    const [failed = '', open = ''] = summary.split('## Not decided')
    expect(failed).toContain('| bad |')
    expect(failed).not.toContain('| open |')
    expect(open).toContain('| open |')
    expect(open).toContain('- Not read: debian stable: HTTP 500.')
  })

  it.each([
    ['requested', 'it was asked for without a signature'],
    ['pull-request', 'which had no signing key'],
  ] as const)('says that it is unsigned where that was %s', (unsigned, why) => {
    const lines = reportSummary(madeReport([reported()], { unsigned })).split('\n')
    expect(lines[4]).toMatch(/^> \*\*UNSIGNED\*\*: /)
    expect(lines[4]).toContain(why)
    expect(reportSummary(madeReport([reported()]))).not.toContain('UNSIGNED')
  })

  it('is whole where it fits, and otherwise within its limit, with the verdict and where the rest is', () => {
    const some = madeReport([reported({ verdict: 'mismatch' })], { verdict: 'fail' })
    expect(shortSummary(some, 1024 * 1024, REST)).toBe(reportSummary(some))
    const many = madeReport(
      Array.from({ length: 2000 }, (_, index) =>
        reported({ name: `p${index}`, verdict: 'mismatch', reason: 'é'.repeat(5000) }),
      ),
      { verdict: 'fail', unsigned: 'pull-request' },
    )
    for (const limit of [60_000, 20_000, 5000, 1000]) {
      const short = shortSummary(many, limit, REST)
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(limit)
      expect(short).toContain('# debproof: fail')
      expect(short).toContain(REST)
      expect(short).toContain('**UNSIGNED**')
    }
    expect(shortSummary(many, 60_000, REST)).toContain('| p0 |')
  })

  it('never exceeds the limit of a job summary, whatever is in the report', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 })
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 2000, max: 30_000 }),
        (texts, limit) => {
          const packages = texts.map((one) => reported({ name: one, reason: one, verdict: 'unproven', archive: one }))
          const archives = texts.map((one) => madeArchive({ name: one, url: one, notes: [one] }))
          const report = madeReport(packages, { verdict: 'fail', archives, unsigned: 'pull-request' })
          const short = shortSummary(report, limit, REST)
          expect(Buffer.byteLength(short)).toBeLessThanOrEqual(limit)
          expect(short.startsWith('# debproof: fail\n')).toBe(true)
          expect(short).toContain('**UNSIGNED**')
        },
      ),
      { numRuns: 50 },
    )
  })
})

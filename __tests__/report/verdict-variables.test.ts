import { describe, expect, it } from 'vitest'
import { verdictVariables } from '../../src/report/verdict-variables.ts'
import { madeReport, reported } from './made-report.ts'

describe('the variables of a verdict', () => {
  const report = madeReport([reported(), reported({ verdict: 'mismatch' })], { verdict: 'fail', release: 'x\nA=1' })

  it('are the verdict, who signed which report, and the counts', () => {
    const text = verdictVariables(report, Buffer.from('{}'), 'ABCD')
    expect(text.split('\n').slice(0, 6)).toEqual([
      'DEBPROOF_VERDICT=fail',
      'DEBPROOF_SIGNED_BY=ABCD',
      'DEBPROOF_REPORT_SHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      'DEBPROOF_TOTAL=2',
      'DEBPROOF_IDENTICAL=1',
      'DEBPROOF_REPRODUCED=0',
    ])
    expect(verdictVariables(report, Buffer.from('{}'), undefined)).toContain('DEBPROOF_SIGNED_BY=\n')
  })

  it('are what GitLab takes: at most 20 in 5 KiB, each on a line, and nothing from outside', () => {
    const lines = verdictVariables(report, Buffer.from('{}'), 'A'.repeat(64)).trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(lines.join('\n').length).toBeLessThan(5 * 1024)
    for (const line of lines) expect(line).toMatch(/^DEBPROOF_[A-Z0-9_]+=[A-Za-z0-9]+$/)
  })
})

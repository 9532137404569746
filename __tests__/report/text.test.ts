import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADVICE, ATTENTION, headline } from '../../src/report/headline.ts'
import type { Report } from '../../src/report/report-schema.ts'
import { reportSummary } from '../../src/report/summary.ts'
import { reportText } from '../../src/report/text.ts'
import { visible } from '../../src/report/visible.ts'
import { madeArchive, madeException, madeReport, reported } from './made-report.ts'

const PART = { index: 2, of: 4, total: 9 }

const UNREAD = madeArchive({ name: 'tails', unread: [{ what: 'stable', code: 'FETCH', reason: 'HTTP 500.' }] })

const EXCEPTED = reported({
  name: 'known',
  verdict: 'excepted',
  excepted: { verdict: 'mismatch', reason: 'we know it', until: '2027-03-01' },
  reason: 'Excepted by the policy: we know it (otherwise mismatch: Other bytes.)',
})

function text(report: Report, { limit = 20 } = {}): string {
  return reportText(report, { limit })
}

it('of more packages than a function takes arguments is whole, where all are to be told', () => {
  const packages = Array.from({ length: 300_000 }, () => reported({ verdict: 'unlisted' }))
  const told = text(madeReport(packages, { verdict: 'fail' }), { limit: Number.POSITIVE_INFINITY })
  expect(told.split('\n').length).toBeGreaterThan(300_000)
})

describe('the headline', () => {
  it.each<[string, Report]>([
    ['PASS: 1 package proven (1 identical).', madeReport([reported()])],
    [
      'PASS: 3 packages proven (2 identical, 1 reproduced), 1 excepted by the policy.',
      madeReport([reported(), reported(), reported({ verdict: 'reproduced' }), EXCEPTED]),
    ],
    ['PASS: no packages proven, 2 excepted by the policy.', madeReport([EXCEPTED, EXCEPTED])],
    [
      'FAIL: of 2 packages, 1 mismatch, 1 excepted by the policy.',
      madeReport([reported({ verdict: 'mismatch' }), EXCEPTED], { verdict: 'fail' }),
    ],
    [
      'UNDECIDED: of 2 packages, 1 undecided, 1 excepted by the policy; none failed.',
      madeReport([reported({ verdict: 'undecided' }), EXCEPTED], { verdict: 'undecided' }),
    ],
    [
      'UNDECIDED: 1 package proven, 1 excepted by the policy, but tails could not be read and may have served other bytes.',
      madeReport([reported(), EXCEPTED], { verdict: 'undecided', archives: [UNREAD] }),
    ],
    [
      'FAIL: of 4 packages, 1 mismatch, 1 unlisted, 1 undecided.',
      madeReport(
        [...(['mismatch', 'unlisted', 'undecided'] as const).map((verdict) => reported({ verdict })), reported()],
        {
          verdict: 'fail',
        },
      ),
    ],
    [
      'UNDECIDED: of 2 packages, 1 undecided; none failed.',
      madeReport([reported(), reported({ verdict: 'undecided' })], { verdict: 'undecided' }),
    ],
    [
      'UNDECIDED: 1 package proven, but tails could not be read and may have served other bytes.',
      madeReport([reported()], { verdict: 'undecided', archives: [madeArchive(), UNREAD] }),
    ],
    ['UNDECIDED: there was no package to judge.', madeReport([], { verdict: 'undecided' })],
    // A part must not pass for the whole.
    ['PASS, part 2 of 4: 1 package proven (1 identical).', madeReport([reported()], { shard: PART })],
    ['PASS, part 2 of 4: there is no package in it.', madeReport([], { shard: PART })],
    [
      'FAIL, part 2 of 4: of 1 package, 1 mismatch.',
      madeReport([reported({ verdict: 'mismatch' })], { verdict: 'fail', shard: PART }),
    ],
    [
      'UNDECIDED, part 2 of 4: of 1 package, 1 undecided; none failed.',
      madeReport([reported({ verdict: 'undecided' })], { verdict: 'undecided', shard: PART }),
    ],
    [
      'UNDECIDED, part 2 of 4: 1 package proven, but tails could not be read and may have served other bytes.',
      madeReport([reported()], { verdict: 'undecided', archives: [UNREAD], shard: PART }),
    ],
  ])('says %s', (line, report) => {
    expect(headline(report)).toBe(line)
    expect(text(report).split('\n')[0]).toBe(line)
  })
})

describe('what is shown', () => {
  it('is each package that needs attention, the gravest first, with what to do about it', () => {
    const packages = [...ATTENTION]
      .reverse()
      .map((verdict) => reported({ name: `p-${verdict}`, verdict, reason: `why ${verdict}` }))
    const report = madeReport([reported({ name: 'fine' }), ...packages], { verdict: 'fail' })
    for (const shown of [text(report), reportSummary(report)]) {
      const places = ATTENTION.map((verdict) => shown.indexOf(`p-${verdict}`))
      expect(places).toEqual([...places].sort((a, b) => a - b))
      expect(places).not.toContain(-1)
      for (const verdict of ATTENTION) {
        expect(shown).toContain(`why ${verdict}`)
        expect(shown).toContain(ADVICE[verdict])
      }
      expect(shown).not.toContain('fine')
    }
  })

  it('is counted where it is too much', () => {
    const report = madeReport(
      Array.from({ length: 500 }, () => reported({ verdict: 'mismatch' })),
      { verdict: 'fail' },
    )
    expect(text(report)).toContain('… and 480 more, in report.json.')
    expect(reportSummary(report)).toContain('300 more packages are in report.json.')
    expect(Buffer.byteLength(reportSummary(report))).toBeLessThan(1024 * 1024)
  })

  it('is each package that the policy excepts, with the verdict that it hides, its end and its reason', () => {
    for (const shown of [text(madeReport([reported(), EXCEPTED])), reportSummary(madeReport([reported(), EXCEPTED]))]) {
      expect(shown).toContain('known')
      expect(shown).toContain('mismatch, until 2027-03-01')
      expect(shown).toContain('we know it')
      expect(shown).toContain('Other bytes.')
      expect(shown).toContain('These are not proven.')
      expect(shown).not.toContain('1 more')
    }
    const endless = reported({ verdict: 'excepted', excepted: { verdict: 'unlisted', reason: 'made here' } })
    expect(text(madeReport([endless]))).toContain('unlisted, without an end')
    const many = madeReport(Array.from({ length: 500 }, () => EXCEPTED))
    expect(text(many)).toContain('… and 480 more, in report.json.')
    expect(reportSummary(many)).toContain('300 more excepted packages are in report.json.')
  })

  it('is what an exception names and does not excuse, and what it would have to say', () => {
    const told = (more: Parameters<typeof madeException>[0]): string => {
      const report = madeReport([reported({ verdict: 'mismatch' })], {
        verdict: 'fail',
        exceptions: [madeException({ status: 'unused', packages: 0, unexcused: ['mismatch'], ...more })],
      })
      expect(reportSummary(report)).toContain('does not excuse a mismatch')
      return text(report)
    }
    expect(told({})).toContain(
      'does not excuse a mismatch: one that is meant to says `verdict: mismatch`, and `version` or',
    )
    expect(told({ version: '1.0' })).toContain('says `verdict: mismatch`. Find out first')
    expect(told({ verdict: 'unproven' })).toContain('it says `verdict: unproven`, and excuses that alone.')
    expect(told({})).not.toContain('remove it')
  })

  it('names what could not be read, and exceptions that are expired or not needed', () => {
    const exceptions = [
      madeException({ package: 'used' }),
      madeException({ package: 'old', status: 'expired', until: '2026-01-01', packages: 0 }),
      madeException({ package: 'more', status: 'unused', packages: 0 }),
    ]
    const report = madeReport([reported()], { verdict: 'undecided', archives: [UNREAD], exceptions })
    for (const shown of [text(report), reportSummary(report)]) {
      expect(shown).toContain('tails stable: HTTP 500.')
      expect(shown).toContain('The exception for old ended with 2026-01-01 and excuses nothing.')
      expect(shown).not.toContain('exception for used')
      // What was not read might have needed it.
      expect(shown).not.toContain('exception for more')
    }
    const whole = madeReport([reported()], { exceptions })
    for (const shown of [text(whole), reportSummary(whole)]) {
      expect(shown).toContain('The exception for more matches no package that needs one')
    }
  })

  it('in the summary are all counts, what still has to be trusted, the clock and the tool', () => {
    const trust = [{ packages: 1, of: 'identical', trusts: 'That the upstream signed what it meant to.' }]
    const summary = reportSummary(madeReport([reported()], { trust }))
    expect(summary).toContain('| identical | 1 |')
    expect(summary).not.toContain('| mismatch |')
    expect(summary).toContain('- identical (1): That the upstream signed what it meant to.')
    expect(summary).toContain('Judged at 2026-06-01T12:00:00Z by debproof 0.')
  })

  it("has no sequence of a terminal of its own: colours are the terminal's", () => {
    const report = madeReport([reported()])
    expect(text(report)).toBe(`${headline(report)}\n`)
  })
})

/** What a hostile archive, list or file name may bring. */
const HOSTILE =
  '\x1b[2J\x1b[1;32mPASS\x1b[0m\r\x07\x9b31m\u202egnp.exe\u2066\u200b\u2028<img src=x onerror=alert(1)>|`a`*b*_c_[d](http://e)~f~&lt;\\|'

/** A report with a text from outside in every place that has one. */
function reportWith(hostile: string): Report {
  return madeReport(
    [
      reported({
        name: hostile,
        version: hostile,
        architecture: hostile,
        archive: hostile,
        reason: hostile,
        verdict: 'mismatch',
      }),
    ],
    {
      verdict: 'fail',
      release: hostile,
      archives: [
        madeArchive({ name: hostile, unread: [{ what: hostile, code: 'FETCH', reason: hostile }], notes: [hostile] }),
      ],
      exceptions: [madeException({ package: hostile, until: hostile, status: 'expired' })],
    },
  )
}

describe('text from outside', () => {
  it('moves no cursor, turns no writing and hides nothing on a terminal', () => {
    expect(text(reportWith(HOSTILE))).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u)
  })

  it('is no Markdown and no HTML in the summary', () => {
    const summary = reportSummary(reportWith(HOSTILE))
    const rows = summary.split('\n').filter((line) => line.includes('PASS'))
    expect(rows.length).toBeGreaterThan(0)
    for (const line of rows) {
      expect(line).not.toMatch(/[<>`*_[\]~\\]/)
      expect(line.replace(/^\| | \|$/g, '').split(' | ').length).toBe(line.startsWith('|') ? 7 : 1)
      expect(line.replaceAll(/&#\d+;/g, '')).not.toContain('&')
    }
    expect(summary).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u)
  })

  it('makes no line of its own: neither a verdict nor a command to the CI', () => {
    const report = reportWith('x\nPASS: 100 packages proven.\n  ::stop-commands::x\n| a | b |\n# debproof: pass')
    for (const shown of [text(report), reportSummary(report)]) {
      const lines = shown.split('\n').slice(1)
      for (const line of lines) expect(line.trimStart()).not.toMatch(/^(?:PASS|::|\| a)/)
      expect(lines.filter((line) => line.startsWith('# '))).toEqual([])
    }
  })

  it('is made visible whatever it is, and lines stay lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const shown = visible(given)
        expect(shown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(shown.split('\n')).toHaveLength(given.split('\n').length)
        expect(visible(shown)).toBe(shown)
      }),
    )
    expect(visible('libc6:amd64 1:2.36-9+deb12u14~é 語')).toBe('libc6:amd64 1:2.36-9+deb12u14~é 語')
    expect(visible('a\x1b[0m\u{e0001}')).toBe('a\\u001b[0m\\udb40\\udc01')
    expect(visible('::error::a\n  ::stop-commands::b\nc ::d')).toBe(
      '\\u003a:error::a\n  \\u003a:stop-commands::b\nc ::d',
    )
    expect(visible('a ##[add-mask]b ###[c] #[d]')).toBe('a ##\\u005badd-mask]b ###\\u005bc] #[d]')
  })
})

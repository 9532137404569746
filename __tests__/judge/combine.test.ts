import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HashFrom } from '../../src/judge/candidate.ts'
import { combineVerdicts, countVerdicts, type Surroundings } from '../../src/judge/combine.ts'
import { FAILING, PASSING, type Verdict } from '../../src/judge/verdict.ts'
import { judged, sha } from './given.ts'

const VERDICTS: readonly Verdict[] = [...PASSING, ...FAILING, 'undecided']
const anyVerdict = fc.constantFrom(...VERDICTS)

function known(from: HashFrom, verdict: Verdict = 'identical') {
  return judged(verdict, { sha256: sha('a'), hashFrom: from })
}

/** What counts beside the packages: whether an archive could not be read, and what is refused of those that were. */
function around(unread: boolean, isPart = false, refused: Surroundings['refused'] = []): Surroundings {
  return { unread, isPart, refused }
}

describe('the verdict of a report', () => {
  it.each([...FAILING])(
    'is fail when one package is %s, whatever the others are and whatever could not be read',
    (bad) => {
      for (const other of VERDICTS) {
        for (const unread of [false, true]) {
          expect(combineVerdicts([known('deb', other), known('deb', bad)], around(unread))).toBe('fail')
        }
      }
    },
  )

  it('is undecided when nothing failed and one package is undecided', () => {
    for (const other of PASSING)
      expect(combineVerdicts([known('deb', other), judged('undecided')], around(false))).toBe('undecided')
  })

  it('is undecided when there is no package, unless other machines judge the rest', () => {
    expect(combineVerdicts([], around(false))).toBe('undecided')
    expect(combineVerdicts([], around(false, true))).toBe('pass')
    expect(combineVerdicts([], around(true, true))).toBe('pass')
  })

  it('is that of its parts together: the worst of theirs, and pass where all pass', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyVerdict), { minLength: 1 }), fc.boolean(), (parts, unread) => {
        const packages = parts.map((part) => part.map((verdict) => known('archive', verdict)))
        fc.pre(packages.flat().length > 0)
        const verdicts = packages.map((part) => combineVerdicts(part, around(unread, true)))
        const worst = (['fail', 'undecided', 'pass'] as const).find((verdict) => verdicts.includes(verdict))
        expect(combineVerdicts(packages.flat(), around(unread))).toBe(worst)
      }),
    )
  })

  it.each(['archive', 'apt-lists'] as const)(
    'is undecided when a hash is known by %s only and an archive could not be read',
    (from) => {
      expect(combineVerdicts([known('deb'), known(from)], around(true))).toBe('undecided')
      expect(combineVerdicts([known('deb'), known(from)], around(false))).toBe('pass')
    },
  )

  it('is pass when every hash is known from the file or the list, though an archive could not be read', () => {
    expect(combineVerdicts([known('deb'), known('list')], around(true))).toBe('pass')
  })

  it('is fail where the policy refuses files that nobody vouches for, and undecided where that is not certain', () => {
    expect(combineVerdicts([known('deb')], around(false, false, ['none', 'fail']))).toBe('fail')
    expect(combineVerdicts([known('deb')], around(false, false, ['none', 'undecided']))).toBe('undecided')
    expect(combineVerdicts([known('deb')], around(false, false, ['none', 'none']))).toBe('pass')
  })

  it('is pass only when every package passes', () => {
    fc.assert(
      fc.property(fc.array(anyVerdict), fc.boolean(), (verdicts, unread) => {
        const packages = verdicts.map((verdict) => known('archive', verdict))
        if (combineVerdicts(packages, around(unread)) !== 'pass') return
        expect(unread).toBe(false)
        expect(verdicts.length).toBeGreaterThan(0)
        for (const verdict of verdicts) expect(PASSING.has(verdict)).toBe(true)
      }),
    )
  })

  it('knows every verdict as passing, failing or undecided, and none as two of them', () => {
    expect(new Set(VERDICTS).size).toBe(8)
    expect(Object.keys(countVerdicts([])).sort()).toEqual(['total', ...VERDICTS].sort())
  })
})

describe('the counts', () => {
  it('add up to the total', () => {
    fc.assert(
      fc.property(fc.array(anyVerdict), (verdicts) => {
        const { total, ...counts } = countVerdicts(verdicts.map((verdict) => judged(verdict)))
        expect(total).toBe(verdicts.length)
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total)
        for (const verdict of VERDICTS) expect(counts[verdict]).toBe(verdicts.filter((one) => one === verdict).length)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Case } from '../../src/judge/case.ts'
import { judge } from '../../src/judge/judge.ts'
import { type Rebuilds, weighRebuilds } from '../../src/judge/rebuilds.ts'
import { PASSING } from '../../src/judge/verdict.ts'
import { anyCandidate, anyCase, candidate, PROOFS, sha } from './given.ts'

/** Whether somebody signed exactly these bytes, in an archive from which packages may come. */
function isSigned(given: Case, sha256: string): boolean {
  return given.candidates.some(
    (file) => file.sha256 === sha256 && file.require !== 'absent' && file.proof.outcome === 'identical',
  )
}

/** The same, or enough rebuilders got exactly these bytes. */
function isVouchedFor(given: Case, sha256: string): boolean {
  return (
    isSigned(given, sha256) ||
    given.candidates.some(
      (file) =>
        file.sha256 === sha256 &&
        file.rebuilds !== undefined &&
        weighRebuilds(file.sha256, file.rebuilds).outcome === 'enough',
    )
  )
}

/** Whether anybody vouches for these bytes, wherever they are listed. */
function hasAnyVoucher(given: Case, sha256: string): boolean {
  return [...given.candidates, ...given.others].some(
    (file) =>
      file.sha256 === sha256 &&
      (file.proof.outcome === 'identical' ||
        (file.rebuilds !== undefined && weighRebuilds(file.sha256, file.rebuilds).outcome === 'enough')),
  )
}

describe('the judge', () => {
  it('passes nothing that is known by name and version while a file under the name has nobody who vouches for it', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict, vouchedBy } = judge(given)
        expect(vouchedBy === undefined || vouchedBy.length > 0).toBe(true)
        expect(vouchedBy !== undefined).toBe(PASSING.has(verdict))
        if (given.use.hash !== undefined || !PASSING.has(verdict)) return
        expect(given.hashRequired).toBe(false)
        for (const { sha256 } of [...given.candidates, ...given.others]) {
          expect(hasAnyVoucher(given, sha256)).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('never passes a name of which a stanza is unclear, unless the hash is known; and is else as lenient as without', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const [now, without] = [judge(given).verdict, judge({ ...given, unclear: [] }).verdict]
        if (given.unclear.length === 0) return
        if (given.use.hash === undefined) expect(PASSING.has(now)).toBe(false)
        // It neither clears anything nor accuses: what failed by itself does so still, and what is open is undecided.
        if (now !== without) expect([now, PASSING.has(without) || without === 'unlisted']).toEqual(['undecided', true])
      }),
      { numRuns: 3000 },
    )
  })

  it('gives the same whatever the order in which the files are listed', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict, vouchedBy } = judge(given)
        const turned = judge({
          ...given,
          candidates: [...given.candidates].reverse(),
          others: [...given.others].reverse(),
        })
        expect(turned.verdict).toBe(verdict)
        expect(turned.vouchedBy?.length).toBe(vouchedBy?.length)
      }),
    )
  })

  it('names what it expected instead for a mismatch alone, and never the bytes that were used', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict, sha256, expected } = judge(given)
        if (verdict !== 'mismatch') expect(expected).toBeUndefined()
        if (expected !== undefined) {
          expect(expected.length).toBeGreaterThan(0)
          expect(expected).not.toContain(sha256)
        }
      }),
    )
  })

  it('dates an identical package, and no other, by what its upstream signed', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict, vouchedAt } = judge(given)
        expect(vouchedAt).toEqual(verdict === 'identical' ? new Date('2026-05-01T00:00:00Z') : undefined)
      }),
    )
  })

  it('never calls a package identical unless these very bytes, or all bytes that it may be, were signed upstream', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict, sha256 } = judge(given)
        if (verdict !== 'identical') return
        const known = given.use.hash?.sha256
        if (known === undefined) {
          expect(given.candidates.length).toBeGreaterThan(0)
          for (const file of given.candidates) expect(isVouchedFor(given, file.sha256)).toBe(true)
        } else {
          expect(isSigned(given, known) || given.direct?.outcome === 'identical').toBe(true)
          expect(sha256).toBe(known)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('never calls a package reproduced unless enough rebuilders, or an upstream, vouch for all bytes that it may be', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict } = judge(given)
        if (verdict !== 'reproduced') return
        const known = given.use.hash?.sha256
        const isListed = given.candidates.some(({ sha256 }) => sha256 === known)
        if (known !== undefined && !isListed) {
          const outcomes = [...(given.directRebuilds ?? new Map<string, Rebuilds>()).values()].map(
            (rebuilds) => weighRebuilds(known, rebuilds).outcome,
          )
          expect(new Set(outcomes)).toEqual(new Set(['enough']))
          return
        }
        for (const { sha256 } of given.candidates) {
          if (known === undefined || known === sha256) expect(isVouchedFor(given, sha256)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('gives no passing verdict but identical and reproduced: exceptions are the business of others', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { verdict } = judge(given)
        expect(PASSING.has(verdict) && verdict !== 'identical' && verdict !== 'reproduced').toBe(false)
      }),
    )
  })

  it('never passes a package because an archive could not be read', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const before = judge({ ...given, unread: [] })
        const after = judge({ ...given, unread: ['another archive'] })
        if (!PASSING.has(before.verdict)) expect(PASSING.has(after.verdict)).toBe(false)
        if (before.verdict !== 'unlisted') expect(after.verdict).toBe(before.verdict)
        else expect(after.verdict).toBe('undecided')
      }),
    )
  })

  it('never calls a package unlisted while an archive could not be read', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        if (given.unread.length > 0) expect(judge(given).verdict).not.toBe('unlisted')
      }),
    )
  })

  it('never hides the mismatch of a listed file behind another one when the hash is not known', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        if (given.use.hash !== undefined) return
        const bad = candidate(sha('9'), { proof: PROOFS.mismatch })
        expect(judge({ ...given, candidates: [...given.candidates, bad] }).verdict).toBe('mismatch')
      }),
    )
  })

  it('never passes a package because one more file is listed, when the hash is not known', () => {
    fc.assert(
      fc.property(anyCase, anyCandidate, (given, more) => {
        if (given.use.hash !== undefined || given.candidates.length === 0) return
        // The same bytes in one more archive may well be proven there.
        if (given.candidates.some(({ sha256 }) => sha256 === more.sha256)) return
        const { verdict } = judge({ ...given, candidates: [...given.candidates, more] })
        if (!PASSING.has(judge(given).verdict)) expect(PASSING.has(verdict)).toBe(false)
      }),
    )
  })

  it('gives the same verdict on the same hash in whatever order the files come', () => {
    const shuffled = anyCase.chain((given) =>
      fc
        .shuffledSubarray([...given.candidates], { minLength: given.candidates.length })
        .map((candidates) => ({ given, other: { ...given, candidates } })),
    )
    fc.assert(
      fc.property(shuffled, ({ given, other }) => {
        const [first, second] = [judge(given), judge(other)]
        expect(second.verdict).toBe(first.verdict)
        expect(PASSING.has(first.verdict) || second.sha256 === first.sha256).toBe(true)
      }),
    )
  })

  it('states a hash exactly where it says how the hash is known, and never another than the known one', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { sha256, hashFrom } = judge(given)
        expect(sha256 === undefined).toBe(hashFrom === undefined)
        if (given.use.hash !== undefined) {
          expect([sha256, hashFrom]).toEqual([given.use.hash.sha256, given.use.hash.from])
        }
      }),
    )
  })
})

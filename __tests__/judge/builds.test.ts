import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countBuilders, type Signing } from '../../src/judge/builds.ts'
import { recordOf } from './given.ts'

function signing(party: string, records: readonly string[], cosigned = false): Signing {
  return { party, cosigned, records: records.map((name) => recordOf(name, name.startsWith('sums') ? 'sums' : 'build')) }
}

function counted(...signings: readonly Signing[]): readonly string[] {
  return countBuilders(signings).counted
}

const PARTIES = ['alpha', 'beta', 'gamma', 'delta', 'worker']
const anyName = fc.constantFrom('link 1', 'link 2', 'link 3', 'sums 1', 'sums 2', 'place 1', 'place 2')
const anyRecord = fc.record({
  names: fc.uniqueArray(anyName, { minLength: 1, maxLength: 2 }),
  kind: fc.constantFrom<Signing['records'][number]['kind'][]>('build', 'sums'),
})
const anySigning = (cosigned: fc.Arbitrary<boolean>): fc.Arbitrary<Omit<Signing, 'party'>> =>
  fc.record({ cosigned, records: fc.array(anyRecord, { minLength: 1, maxLength: 3 }) })
const anySignings = (cosigned = fc.boolean()): fc.Arbitrary<Signing[]> =>
  fc
    .array(anySigning(cosigned), { maxLength: PARTIES.length })
    .map((all) => all.map((each, index) => ({ party: PARTIES[index] ?? '', ...each })))

/** Who signed each record, written once more: records grow together until nothing changes. */
function signersOfRecords(signings: readonly Signing[]): Set<string>[] {
  let groups = signings.flatMap(({ party, records }) =>
    records.map(({ names }) => ({ names: new Set(names), parties: new Set([party]) })),
  )
  for (;;) {
    const [one, other] = groups
      .flatMap((a) => groups.map((b) => [a, b] as const))
      .find(([a, b]) => a !== b && [...a.names].some((name) => b.names.has(name))) ?? [undefined, undefined]
    if (one === undefined || other === undefined) return groups.map(({ parties }) => parties)
    groups = [
      ...groups.filter((group) => group !== one && group !== other),
      { names: new Set([...one.names, ...other.names]), parties: new Set([...one.parties, ...other.parties]) },
    ]
  }
}

/** The least number of parties that can have made all records: every set of parties is tried. */
function leastBuilders(signings: readonly Signing[]): number {
  const records = signersOfRecords(signings)
  const parties = signings.map(({ party }) => party)
  let least = parties.length
  for (let set = 0; set < 1 << parties.length; set++) {
    const builders = parties.filter((_, index) => set & (1 << index))
    if (records.every((signers) => builders.some((party) => signers.has(party))))
      least = Math.min(least, builders.length)
  }
  return least
}

/** The largest set of parties each of whom has a record that none of the others uses. */
function largestMatching(signings: readonly Signing[]): number {
  const records = signersOfRecords(signings)
  const match = (index: number, used: ReadonlySet<number>): number => {
    const signing = signings[index]
    if (signing === undefined) return 0
    const free = [...records.keys()].filter((record) => !used.has(record) && records[record]?.has(signing.party))
    return Math.max(match(index + 1, used), ...free.map((record) => 1 + match(index + 1, new Set([...used, record]))))
  }
  return match(0, new Set())
}

describe('who built, of those who signed', () => {
  it('is never more than the fewest who could have made all records, nor than have records that tell them apart', () => {
    fc.assert(
      fc.property(anySignings(fc.constant(false)), (signings) => {
        const count = countBuilders(signings).counted.length
        expect(count).toBeLessThanOrEqual(leastBuilders(signings))
        expect(count).toBeLessThanOrEqual(largestMatching(signings))
        expect(count > 0).toBe(signings.length > 0)
      }),
      { numRuns: 2000 },
    )
  })

  it('is everybody where everybody signed a record of their own, whatever else they signed', () => {
    fc.assert(
      fc.property(anySignings(), (signings) => {
        const own = signings.map((each) => ({ ...each, records: [...each.records, recordOf(`own ${each.party}`)] }))
        expect(counted(...own)).toEqual(own.map(({ party }) => party).sort())
      }),
    )
  })

  it('does not become fewer when a party signs a new record, nor more when one signs what is there', () => {
    fc.assert(
      fc.property(anySignings(), fc.nat(), (signings, index) => {
        const signing = signings[index % Math.max(1, signings.length)]
        if (signing === undefined) return
        const before = counted(...signings).length
        const more = { ...signing, records: [...signing.records, recordOf('new')] }
        expect(counted(...signings.map((each) => (each === signing ? more : each))).length).toBeGreaterThanOrEqual(
          before,
        )
        const countersigner = { party: 'countersigner', cosigned: false, records: signing.records }
        expect(counted(...signings, countersigner).length).toBeLessThanOrEqual(before)
      }),
      { numRuns: 1000 },
    )
  })

  it('does not depend on an order', () => {
    fc.assert(
      fc.property(anySignings(), (signings) => {
        const turned = signings.map((each) => ({ ...each, records: [...each.records].reverse() })).reverse()
        expect(counted(...turned)).toEqual(counted(...signings))
      }),
    )
  })

  it('is one of a worker and its rebuilderd, also where both signed several builds', () => {
    expect(counted(signing('worker', ['link 1']), signing('daemon', ['link 1']))).toEqual(['daemon'])
    expect(counted(signing('worker', ['link 1', 'link 2']), signing('daemon', ['link 1', 'link 2']))).toHaveLength(1)
    expect(counted(signing('worker', ['link 1', 'link 2']), signing('daemon', ['link 1']))).toEqual(['worker'])
  })

  it('is one for sums that several signed, and all for whom the policy says that each built them', () => {
    const sums = ['sums 1', 'sums 2']
    expect(counted(signing('alpha', sums), signing('beta', sums), signing('gamma', sums))).toEqual(['alpha'])
    const {
      counted: all,
      followers,
      cosigned,
    } = countBuilders([signing('alpha', sums, true), signing('beta', sums, true), signing('gamma', sums)])
    expect([all, cosigned]).toEqual([
      ['alpha', 'beta'],
      ['alpha', 'beta'],
    ])
    expect(followers).toEqual([{ party: 'gamma', others: ['alpha', 'beta'], isSums: true }])
  })

  it('rests on the word of the policy only where there is no record of its own', () => {
    const found = countBuilders([signing('alpha', ['sums 1', 'link 1'], true), signing('beta', ['sums 1'], true)])
    expect(found).toEqual({ counted: ['alpha', 'beta'], followers: [], cosigned: ['beta'] })
  })

  it('is not more for a link that several signed, whatever the policy says of sums', () => {
    expect(counted(signing('alpha', ['link 1'], true), signing('beta', ['link 1'], true))).toEqual(['alpha'])
  })

  it('is found among a thousand parties with thousands of names', () => {
    const chain = Array.from({ length: 1000 }, (_, index) =>
      signing(`party ${index}`, [`link ${index}`, `link ${index + 1}`]),
    )
    const records = chain.map((each) => ({
      ...each,
      records: [{ names: each.records.flatMap(({ names }) => names), kind: 'build' as const }],
    }))
    expect(counted(...records)).toHaveLength(1)
    expect(counted(...chain)).toEqual(['party 0', 'party 1', 'party 999'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReadFailure } from '../../src/archive/archive-reader.ts'
import { DebproofError } from '../../src/errors.ts'
import { Coverage } from '../../src/identical/snapshot-coverage.ts'

const SUITES = ['buster', 'buster-updates', './']
const PATHS = ['main/binary-amd64/Packages', 'contrib/binary-amd64/Packages']
const failure = (what: string): ReadFailure => ({ what, error: new DebproofError('NOT_FOUND', `${what} is gone.`) })

/** What is missing after states that lacked these suites and indexes. */
function missing(...states: readonly (readonly string[])[]): string[] | undefined {
  const coverage = new Coverage()
  for (const state of states) coverage.add(state.map(failure))
  return coverage.missing?.map(({ what }) => what).sort()
}

describe('what no state had', () => {
  it.each<[name: string, states: readonly (readonly string[])[], expected: readonly string[] | undefined]>([
    ['nothing is known of no state', [], undefined],
    ['nothing of a state that was whole', [['buster'], []], []],
    ['nothing of a state that was whole before', [[], ['buster']], []],
    [
      'what both lacked',
      [
        ['buster', 'sid'],
        ['sid', 'forky'],
      ],
      ['sid'],
    ],
    ['the index that one lacked where the other lacked the suite', [['buster'], ['buster main/x']], ['buster main/x']],
    ['the same in the other order', [['buster main/x'], ['buster']], ['buster main/x']],
    ['not what another suite lacked whose name begins alike', [['buster'], ['buster-updates main/x']], []],
    ['not two different indexes of one suite', [['buster main/x'], ['buster main/y']], []],
  ])('%s', (_name, states, expected) => {
    expect(missing(...states)).toEqual(expected)
  })

  it('is told by what was there and refused, before what is only gone', () => {
    const bad = { what: 'sid', error: new DebproofError('RELEASE_UNTRUSTED', 'BAD signature.') }
    for (const states of [
      [
        [failure('buster'), bad],
        [failure('buster'), failure('sid')],
      ],
      [
        [failure('buster'), failure('sid')],
        [failure('buster'), bad],
      ],
    ]) {
      const coverage = new Coverage()
      for (const state of states) coverage.add(state)
      expect(coverage.missing).toEqual([bad, failure('buster')])
    }
  })

  it('is exactly the indexes that each state lacked, by themselves or with their suite', () => {
    const indexes = SUITES.flatMap((suite) => PATHS.map((path) => `${suite} ${path}`))
    const state = fc.subarray([...SUITES, ...indexes]).map((lacked) =>
      // A suite that could not be read has no index that could be looked for.
      lacked.filter((what) => !lacked.some((suite) => what.startsWith(`${suite} `))),
    )
    const lacks = (lacked: readonly string[], index: string): boolean =>
      lacked.some((what) => what === index || index.startsWith(`${what} `))
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 4 }), (states) => {
        const left = missing(...states) ?? []
        expect(indexes.filter((index) => lacks(left, index))).toEqual(
          indexes.filter((index) => states.every((lacked) => lacks(lacked, index))),
        )
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { MAX_FAILURES_IN_A_ROW } from '../../src/limits.ts'
import { Patience } from '../../src/net/patience.ts'

const PLACE = new URL('https://alpha.example/buildinfo/')
const FILE = new URL('a_1_amd64.buildinfo', PLACE)

describe('patience with a place', () => {
  it('lasts for thousands of downloads that take their time', () => {
    const patience = new Patience(PLACE)
    for (let turn = 0; turn < 10_000; turn++) patience.count(1500, turn % 3 === 0)
    expect(() => patience.check(FILE)).not.toThrow()
  })

  it('ends with one that keeps each of them waiting to the limit, though it answers', () => {
    const patience = new Patience(PLACE)
    let turns = 0
    const ask = (): void => {
      for (; turns < 100; turns++) {
        patience.check(FILE)
        patience.count(29_000, true)
      }
    }
    expect(ask).toThrow(
      /a_1_amd64\.buildinfo was not asked: at https:\/\/alpha\.example\/buildinfo\/ 12 downloads took 6 min/,
    )
    expect(turns).toBe(12)
  })

  it('ends after so many failures in a row, and begins anew with an answer', () => {
    const patience = new Patience(PLACE)
    for (let turn = 1; turn < MAX_FAILURES_IN_A_ROW; turn++) patience.count(1, false)
    patience.count(1, true)
    for (let turn = 1; turn < MAX_FAILURES_IN_A_ROW; turn++) patience.count(1, false)
    expect(() => patience.check(FILE)).not.toThrow()
    patience.count(1, false)
    expect(() => patience.check(FILE)).toThrow(/8 downloads in a row failed/)
  })
})

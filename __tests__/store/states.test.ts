import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Seen } from '../../src/store/contradiction.ts'
import { nearestStates, statesOf } from '../../src/store/states.ts'
import { anyLooks, day, look } from './seen.ts'

const DAY = 86_400_000

function nearest(looks: readonly Seen[], at: number, window: number): [within: string[], beyond: string | undefined] {
  const { within, beyond } = nearestStates(statesOf(looks), day(at), window * DAY)
  return [within.map(({ state }) => state), beyond?.state]
}

describe('the states nearest to an instant', () => {
  const looks = [look(2, 1), look(11, 10), look(21, 20)]

  test('begin with the one that was in force then, however long it had been', () => {
    expect(nearest(looks, 19, 2)).toEqual([['s10', 's20'], undefined])
    expect(nearest(looks, 9, 0)).toEqual([['s1'], undefined])
    expect(nearest(looks, 22, 2)).toEqual([['s20', 's10'], undefined])
  })

  test('are in force from their Date on, though they were first seen later', () => {
    expect(nearest(looks, 10, 0)).toEqual([['s10', 's1'], undefined])
    expect(nearest([look(40, 1), look(41, 30)], 5, 0)).toEqual([['s1'], undefined])
  })

  test('end with the last one, whenever somebody says that it was seen: what came then is not known', () => {
    expect(nearest(looks, 300, 3)).toEqual([[], 's20'])
    expect(nearest([...looks, look(298, 20)], 300, 3)).toEqual([[], 's20'])
    expect(nearest([...looks, look(13, 1, 's1', 'b')], 12, 0)).toEqual([['s10'], undefined])
  })

  test('are none before the first one, and the nearest beyond the window is told', () => {
    expect(nearest([look(10, 10), look(20, 20)], 1, 3)).toEqual([[], 's10'])
    expect(nearest([], 1, 3)).toEqual([[], undefined])
  })

  test('are each there once, sorted by distance, and all of them in a window that is wide enough', () => {
    fc.assert(
      fc.property(anyLooks, fc.integer({ min: -5, max: 20 }), fc.integer({ min: 0, max: 9 }), (own, at, window) => {
        const all = nearest(own, at, 1000)[0]
        expect(new Set(all)).toEqual(new Set(own.map(({ state }) => state)))
        expect(all.length).toBe(new Set(all).size)
        const [within, beyond] = nearest(own, at, window)
        expect(all.slice(0, within.length)).toEqual(within)
        expect(beyond).toBe(within.length === 0 ? all[0] : undefined)
      }),
    )
  })

  test('hold every look at the same text, the latest first', () => {
    const [state] = statesOf([look(2, 1), look(4, 1), look(3, 1, 's1', 'b')])
    expect(state?.looks.map(({ seen }) => seen)).toEqual([day(4), day(3), day(2)])
  })
})

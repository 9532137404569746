import fc from 'fast-check'
import type { Seen } from '../../src/store/contradiction.ts'

export const day = (number: number): Date => new Date(Date.UTC(2026, 0, number))

export function look(seen: number, date: number, state = `s${date}`, archive = 'a'): Seen {
  return { seen: day(seen), date: day(date), state, archive }
}

/** Looks at one or two archives in any order, of few days and states, so that they often contradict each other. */
export const anyLooks: fc.Arbitrary<Seen[]> = fc.array(
  fc
    .record({
      seen: fc.integer({ min: 1, max: 12 }),
      date: fc.integer({ min: 1, max: 6 }),
      state: fc.constantFrom('', 'x'),
      archive: fc.constantFrom('a', 'b'),
    })
    .map(({ seen, date, state, archive }) => look(seen, date, `s${date}${state}`, archive)),
  { maxLength: 12 },
)

/** What an honest archive shows: one release file for each Date, and never an older one again. */
export const honestLooks: fc.Arbitrary<Seen[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })), { maxLength: 20 })
  .map((steps) => {
    let [seen, date] = [10, 1]
    return steps.map(([later, newer]) => {
      seen += later
      date = Math.min(date + newer, seen)
      return look(seen, date)
    })
  })

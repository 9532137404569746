import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedFields, contradictions, contradictionsOf, type Seen } from '../../src/store/contradiction.ts'
import { anyLooks, honestLooks, look } from './seen.ts'

const named = (looks: readonly Seen[]) =>
  contradictions(looks).map(({ kind, found, earlier }) => [kind, looks.indexOf(found), looks.indexOf(earlier)])

describe('looks at a suite contradict each other', () => {
  test('when an older release file is shown after a newer one', () => {
    expect(named([look(2, 2), look(3, 1)])).toEqual([['rollback', 1, 0]])
  })

  test('when two release files have one Date', () => {
    expect(named([look(2, 2), look(3, 2, 'other')])).toEqual([['fork', 1, 0]])
  })

  test('and each time again, with the newest that was seen before', () => {
    expect(named([look(2, 2), look(3, 1), look(4, 3), look(5, 1)])).toEqual([
      ['rollback', 1, 0],
      ['rollback', 3, 2],
    ])
  })

  test('but not across archives: mirrors lag behind one another', () => {
    expect(named([look(2, 2), look(3, 1, 's1', 'b'), look(4, 2, 'other', 'b')])).toEqual([])
  })

  test('and not when an archive is honest', () => {
    fc.assert(
      fc.property(honestLooks, (looks) => {
        expect(contradictions(looks)).toEqual([])
      }),
    )
  })

  test('exactly where one by one comparison says so, in whatever order they are listed', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        // One look an instant: what was seen at once has no order.
        const own = [...new Map(looks.map((each) => [`${each.archive} ${each.seen.getTime()}`, each])).values()]
        const shownBefore = (found: Seen) =>
          own.filter(({ archive, seen }) => archive === found.archive && seen.getTime() < found.seen.getTime())
        const expected = own.flatMap((found) => [
          ...(shownBefore(found).some(({ date }) => date > found.date) ? [['rollback', found]] : []),
          ...(isFork(shownBefore(found), found) ? [['fork', found]] : []),
        ])
        const actual = contradictions([...own].reverse()).map(({ kind, found }) => [kind, found])
        expect(new Set(actual.map((one) => JSON.stringify(one)))).toEqual(
          new Set(expected.map((one) => JSON.stringify(one))),
        )
      }),
    )
  })
})

describe('one look', () => {
  const kinds = (found: Seen, others: readonly Seen[]) => contradictionsOf(found, others).map(({ kind }) => kind)

  test('is contradicted by each that contradicts it, whatever others stand beside that', () => {
    expect(kinds(look(3, 1), [look(2, 2)])).toEqual(['rollback'])
    expect(kinds(look(3, 1), [look(4, 2)])).toEqual([])
    expect(kinds(look(3, 1), [look(2, 1, 'other')])).toEqual(['fork'])
    expect(kinds(look(3, 1), [look(1, 1), look(2, 1, 'other'), look(1, 0)])).toEqual(['fork'])
    fc.assert(
      fc.property(anyLooks, anyLooks, (looks, added) => {
        const [found, ...others] = looks.map((one) => ({ ...one, archive: 'a' }))
        if (found === undefined) return
        expect(kinds(found, [...others, ...added])).toEqual(expect.arrayContaining(kinds(found, others)))
      }),
    )
  })
})

/** Another than the first one of its Date. */
function isFork(before: readonly Seen[], found: Seen): boolean {
  const [first] = before
    .filter(({ date }) => date.getTime() === found.date.getTime())
    .sort((a, b) => a.seen.getTime() - b.seen.getTime())
  return first !== undefined && first.state !== found.state
}

test('fields that must not change are told with what they were', () => {
  const first = { origin: 'Debian', label: 'Debian', codename: undefined }
  expect(changedFields(first, first)).toEqual([])
  expect(changedFields(first, { origin: 'Other', label: undefined, codename: 'made' })).toEqual([
    'Origin was "Debian" and is "Other"',
    'Label was "Debian" and is absent',
    'Codename was absent and is "made"',
  ])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockOf, parseReferenceTime } from '../../src/policy/reference-time.ts'

describe('a point in time', () => {
  it.each([
    ['2021-03-31', 'day', '2021-03-31T12:00:00.000Z'],
    ['20210331', 'day', '2021-03-31T12:00:00.000Z'],
    ['2021033101', 'day', '2021-03-31T12:00:00.000Z'],
    ['20210331T150405Z', 'instant', '2021-03-31T15:04:05.000Z'],
    ['2021-03-31T15:04:05Z', 'instant', '2021-03-31T15:04:05.000Z'],
    ['2020-02-29', 'day', '2020-02-29T12:00:00.000Z'],
  ])('%s is a %s', (text, precision, instant) => {
    expect(parseReferenceTime(text)).toEqual({ precision, instant: new Date(instant) })
  })

  it.each([
    '',
    '2021',
    '2021-2-3',
    '2021-02-29',
    '2021-13-01',
    '20210331T250000Z',
    '202103310',
    '2021-03-31T15:04:05',
    'x',
  ])('%j is none', (text) => {
    expect(parseReferenceTime(text)).toBeUndefined()
  })

  it('that is a day stands for its last second where it is the clock', () => {
    const day = parseReferenceTime('2021033103')
    expect(day && clockOf(day)).toEqual(new Date('2021-03-31T23:59:59Z'))
    const instant = parseReferenceTime('20210331T150405Z')
    expect(instant && clockOf(instant)).toEqual(new Date('2021-03-31T15:04:05Z'))
  })

  it('comes back out of whatever form it was written in', () => {
    const seconds = fc.integer({ min: Date.parse('1990-01-01') / 1000, max: Date.parse('2100-01-01') / 1000 })
    fc.assert(
      fc.property(seconds, (second) => {
        const instant = new Date(second * 1000)
        const rfc3339 = instant.toISOString().replace('.000', '')
        const compact = rfc3339.replaceAll(/[-:]/g, '')
        expect(parseReferenceTime(rfc3339)?.instant).toEqual(instant)
        expect(parseReferenceTime(compact)?.instant).toEqual(instant)
        expect(parseReferenceTime(compact.slice(0, 8))?.instant.toISOString().slice(0, 10)).toBe(rfc3339.slice(0, 10))
      }),
    )
  })
})

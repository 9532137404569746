import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../src/net/retry-after.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')

describe('Retry-After', () => {
  it.each<[value: unknown, date: unknown, seconds: number | undefined]>([
    ['0', undefined, 0],
    ['120', undefined, 120],
    ['Mon, 01 Jun 2026 12:00:30 GMT', undefined, 30],
    // The server's clock is an hour ahead.
    ['Mon, 01 Jun 2026 13:00:30 GMT', 'Mon, 01 Jun 2026 13:00:00 GMT', 30],
    ['Mon, 01 Jun 2026 12:00:30 GMT', 'soon', 30],
    ['Mon, 01 Jun 2026 11:59:00 GMT', undefined, undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT', undefined, undefined],
    ['2026-06-01T12:00:30Z', undefined, undefined],
    ['-5', undefined, undefined],
    ['1e3', undefined, undefined],
    ['0x10', undefined, undefined],
    ['99999999999', undefined, undefined],
    ['', undefined, undefined],
    ['soon', undefined, undefined],
    [['1', '2'], undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j (of a server at %j) is %j seconds', (value, date, seconds) => {
    expect(parseRetryAfter(value, date, NOW)).toBe(seconds)
  })

  it('is a whole number of seconds that is not negative, or nothing, whatever a server says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        fc.string(),
        (value, date) => {
          const seconds = parseRetryAfter(value, date, NOW)
          expect(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArchiveDate } from '../../src/archive/archive-date.ts'

describe('dates of release files', () => {
  it('reads every date back that Debian writes', () => {
    const min = new Date('1000-01-01T00:00:00Z')
    fc.assert(
      fc.property(fc.date({ min, max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        date.setUTCMilliseconds(0)
        for (const zone of ['GMT', 'UTC', 'Z', '+0000', '-0000']) {
          expect(parseArchiveDate(date.toUTCString().replace('GMT', zone))).toEqual(date)
        }
      }),
    )
  })

  it.each([
    ['one digit for the day', 'Sat, 8 Jul 2023 10:00:00 UTC', '2023-07-08T10:00:00Z'],
    ['two blanks before it', 'Sat,  8 Jul 2023 10:00:00 UTC', '2023-07-08T10:00:00Z'],
    ['one digit for the hour', 'Sat, 08 Jul 2023  9:00:00 UTC', '2023-07-08T09:00:00Z'],
  ])('reads %s', (_name, text, expected) => {
    expect(parseArchiveDate(text)).toEqual(new Date(expected))
  })

  it.each([
    ['a day that does not exist', 'Sat, 30 Feb 2023 10:00:00 UTC'],
    ['the 29 February of a common year', 'Wed, 29 Feb 2023 10:00:00 UTC'],
    ['a month that does not exist', 'Sat, 08 Xyz 2023 10:00:00 UTC'],
    ['the year 1, which is not 1901', 'Sat, 08 Jul 0001 10:00:00 UTC'],
    ['hour 24', 'Sat, 08 Jul 2023 24:00:00 UTC'],
    ['minute 60', 'Sat, 08 Jul 2023 10:60:00 UTC'],
    ['second 61', 'Sat, 08 Jul 2023 10:00:61 UTC'],
    ['another time zone', 'Sat, 08 Jul 2023 10:00:00 +0200'],
    ['a named time zone', 'Sat, 08 Jul 2023 10:00:00 CEST'],
    ['no time zone', 'Sat, 08 Jul 2023 10:00:00'],
    ['no weekday', '08 Jul 2023 10:00:00 UTC'],
    ['ISO 8601', '2023-07-08T10:00:00Z'],
    ['text after it', 'Sat, 08 Jul 2023 10:00:00 UTC x'],
    ['a line after it', 'Sat, 08 Jul 2023 10:00:00 UTC\n'],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(parseArchiveDate(text)).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseArchiveDate(text)).toBeUndefined()
      }),
    )
  })
})

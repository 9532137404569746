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

  it('reads every date back that HTTP, asctime(3) and RFC 850 write, in any case of letters', () => {
    const [min, max] = [new Date('1969-01-01T00:00:00Z'), new Date('2068-12-31T23:59:59Z')]
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), fc.boolean(), (date, isUpper) => {
        date.setUTCMilliseconds(0)
        const [weekday = '', day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ')
        const short = weekday.slice(0, 3)
        const words = [
          `${short} ${month} ${day} ${time} ${year}`,
          `${short}nesday, ${day}-${month}-${year.slice(2)} ${time} GMT`,
        ]
        for (const text of words) {
          const written = isUpper ? text.toUpperCase() : text.toLowerCase().replace('gmt', 'GMT')
          expect(parseArchiveDate(written), written).toEqual(date)
        }
      }),
    )
  })

  // What apt 2.6.2 and 3.3.5 say of each, by RFC1123StrToTime.
  it.each([
    ['one digit for the day', 'Sat, 8 Jul 2023 10:00:00 UTC', '2023-07-08T10:00:00Z'],
    ['two blanks before it', 'Sat,  8 Jul 2023 10:00:00 UTC', '2023-07-08T10:00:00Z'],
    ['a tab', 'Sat,\t8 Jul 2023 10:00:00 UTC', '2023-07-08T10:00:00Z'],
    ['one digit for the hour', 'Sat, 08 Jul 2023  9:00:00 UTC', '2023-07-08T09:00:00Z'],
    ['one digit for all', 'Sun, 6 Nov 1994 8:9:7 GMT', '1994-11-06T08:09:07Z'],
    ['a leap second', 'Sun, 06 Nov 1994 08:49:60 GMT', '1994-11-06T08:50:00Z'],
    ['small letters', 'sun, 06 nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['the whole name of the month', 'Sun, 06 November 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['a weekday that it was not', 'Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['a zone that is 0', 'Sun, 06 Nov 1994 08:49:37 0', '1994-11-06T08:49:37Z'],
    ['asctime(3)', 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['RFC 850 without zeros', 'Sunday, 6-Nov-69 08:49:37 GMT', '1969-11-06T08:49:37Z'],
  ])('reads %s as apt does', (_name, text, expected) => {
    expect(parseArchiveDate(text)).toEqual(new Date(expected))
  })

  // apt takes them for years of the 1900s, in which no release file ends.
  it.each([
    ['Sunday, 06-Nov-26 08:49:37 GMT', '2026-11-06T08:49:37Z'],
    ['sunday, 06-november-00 08:49:37 GMT', '2000-11-06T08:49:37Z'],
    ['Sunday, 06-Nov-68 08:49:37 GMT', '2068-11-06T08:49:37Z'],
  ])('reads the year of %s as people do', (text, expected) => {
    expect(parseArchiveDate(text)).toEqual(new Date(expected))
  })

  it.each([
    ['another time zone', 'Sat, 08 Jul 2023 10:00:00 +0200'],
    ['a named time zone', 'Sat, 08 Jul 2023 10:00:00 CEST'],
    ['a time zone in small letters', 'Sat, 08 Jul 2023 10:00:00 utc'],
    ['a time zone of two signs', 'Sat, 08 Jul 2023 10:00:00 +-0'],
    ['no time zone', 'Sat, 08 Jul 2023 10:00:00'],
    ['no weekday', '08 Jul 2023 10:00:00 UTC'],
    ['a weekday that is none', 'Sam, 08 Jul 2023 10:00:00 UTC'],
    ['a weekday of four letters', 'Satu, 08 Jul 2023 10:00:00 UTC'],
    ['the form of date(1)', 'Sat Jul  8 10:00:00 UTC 2023'],
    ['asctime(3) with a zone', 'Sat Jul  8 10:00:00 2023 UTC'],
    ['asctime(3) with a comma', 'Sat, Jul  8 10:00:00 2023'],
    ['RFC 850 without a comma', 'Saturday 08-Jul-23 10:00:00 UTC'],
    ['RFC 850 with a short weekday', 'Sat, 08-Jul-23 10:00:00 UTC'],
    ['RFC 850 without a zone', 'Saturday, 08-Jul-23 10:00:00'],
    ['hour 24', 'Sat, 08 Jul 2023 24:00:00 UTC'],
    ['minute 60', 'Sat, 08 Jul 2023 10:60:00 UTC'],
    ['day 0', 'Sat, 00 Jul 2023 10:00:00 UTC'],
    ['day 32', 'Sat, 32 Jul 2023 10:00:00 UTC'],
    ['ISO 8601', '2023-07-08T10:00:00Z'],
    ['text after it', 'Sat, 08 Jul 2023 10:00:00 UTC x'],
    ['nothing', ''],
  ])('refuses %s as apt does', (_name, text) => {
    expect(parseArchiveDate(text)).toBeUndefined()
  })

  it.each([
    ['a day that does not exist', 'Sat, 30 Feb 2023 10:00:00 UTC'],
    ['the 29 February of a common year', 'Wed, 29 Feb 2023 10:00:00 UTC'],
    ['a month that does not exist, which is January for apt', 'Sat, 08 Xyz 2023 10:00:00 UTC'],
    ['March in German, which is May for apt', 'Sat, 08 M\xe4r 2023 10:00:00 UTC'],
    ['the year 1, which is not 1901', 'Sat, 08 Jul 0001 10:00:00 UTC'],
    ['a year of two digits, which is long ago for apt', 'Sat, 08 Jul 23 10:00:00 UTC'],
    ['four digits in RFC 850, which are 3923 for apt', 'Saturday, 08-Jul-2023 10:00:00 UTC'],
    ['second 61', 'Sat, 08 Jul 2023 10:00:61 UTC'],
    ['text after the seconds', 'Sat, 08 Jul 2023 10:00:00.5 UTC'],
    ['a line after it', 'Sat, 08 Jul 2023 10:00:00 UTC\n'],
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

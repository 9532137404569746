const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const WEEKDAY = '(?:sun|mon|tue|wed|thu|fri|sat)'
const DAY = '(?<day>\\d{1,2})'
/** The first three letters decide: `November` and `Sept` are months too. */
const MONTH = '(?<month>[a-z]{3,10})'
const TIME = '(?<hour>\\d{1,2}):(?<minute>\\d{1,2}):(?<second>\\d{1,2})'
const YEAR = '(?<year>[1-9]\\d{3})'
const ZONE = '(?<zone>[A-Za-z0-9+-]{1,10})'

/** The three forms of a date in HTTP (RFC 9110, 5.6.7), which apt tells apart by the length of the weekday. */
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${WEEKDAY},[ \\t]+${DAY}[ \\t]+${MONTH}[ \\t]+${YEAR}[ \\t]+${TIME}[ \\t]+${ZONE}$`, 'i'),
  // Sun Nov  6 08:49:37 1994: asctime(3), which has no zone
  new RegExp(`^${WEEKDAY}[ \\t]+${MONTH}[ \\t]+${DAY}[ \\t]+${TIME}[ \\t]+${YEAR}$`, 'i'),
  // Sunday, 06-Nov-94 08:49:37 GMT: RFC 850
  new RegExp(`^${WEEKDAY}[a-z]{2,6},[ \\t]+${DAY}-${MONTH}-(?<shortYear>\\d{2})[ \\t]+${TIME}[ \\t]+${ZONE}$`, 'i'),
]

/**
 * The dates of release files, in UTC, as apt reads them (RFC1123StrToTime in apt-pkg/contrib/strutl.cc, the same in apt
 * 2.6 and 3.3): the three forms of HTTP, in any case of letters. The weekday is not compared.
 *
 * The two digits of RFC 850 are a year from 1969 to 2068, as POSIX has it (strptime, %y). For apt they are of the 1900s, so
 * that no Date lies ahead and no Valid-Until counts, which it takes for none before 1970.
 *
 * Undefined for anything else. That is stricter than apt where it reads what is not written: any word as a month (`Foo`
 * as January, `Mär` as May), a day that does not exist, a year of another length (the `2026` of RFC 850 as 3926), and
 * what follows the seconds.
 */
export function parseArchiveDate(text: string): Date | undefined {
  for (const form of FORMS) {
    const { groups } = form.exec(text) ?? {}
    if (groups !== undefined) return dateOf(groups)
  }
  return undefined
}

function dateOf(groups: Readonly<Record<string, string | undefined>>): Date | undefined {
  const { zone = 'UTC', month: monthName = '', shortYear } = groups
  // apt takes any number that is 0 for UTC, and the names as they are written here.
  if (!/^(?:GMT|UTC|Z|[+-]?0+)$/.test(zone)) return undefined
  const part = (name: string): number => Number(groups[name])
  const year = shortYear === undefined ? part('year') : Number(shortYear) + (Number(shortYear) < 69 ? 2000 : 1900)
  const month = MONTHS.indexOf(monthName.slice(0, 3).toLowerCase())
  if (month === -1 || part('hour') > 23 || part('minute') > 59 || part('second') > 60) return undefined
  const date = new Date(Date.UTC(year, month, part('day')))
  if (date.getUTCMonth() !== month || date.getUTCDate() !== part('day')) return undefined
  // A leap second is the first one of the next minute.
  return new Date(date.getTime() + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000)
}

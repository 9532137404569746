const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const ARCHIVE_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), {1,2}(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) {1,2}(\d{1,2}):(\d{2}):(\d{2}) (?:UTC|GMT|Z|[+-]0000)$/

/**
 * The dates of release files: RFC 5322 in UTC, which is all that apt accepts (Debian's repository format, "Date,
 * Valid-Until"). Returns undefined for anything else, a date that does not exist included.
 */
export function parseArchiveDate(text: string): Date | undefined {
  const match = ARCHIVE_DATE.exec(text)
  if (match === null) return undefined
  const [, day, monthName, year, hour, minute, second] = match
  const month = MONTHS.indexOf(monthName ?? '')
  if (month === -1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  const date = new Date(Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)))
  // JavaScript takes the years 0 to 99 for those of the last century.
  if (date.getUTCFullYear() !== Number(year)) return undefined
  return date.getUTCMonth() === month && date.getUTCDate() === Number(day) ? date : undefined
}

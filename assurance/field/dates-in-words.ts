/** A date in the forms that release files have. */
export interface DateWords {
  /** `Sun, 06 Nov 1994 08:49:37 GMT`. */
  readonly rfc1123: string
  /** `Sunday, 06-Nov-94 08:49:37 GMT`. */
  readonly rfc850: string
  /** `Sun Nov  6 08:49:37 1994`. */
  readonly asctime: string
  /** `Sun Nov  6 08:49:37 UTC 1994`, which date(1) prints. */
  readonly date1: string
}

const WHOLE = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

export function dateWords(date: Date): DateWords {
  const rfc1123 = date.toUTCString()
  const [weekday = '', day = '', month = '', year = '', time = ''] = rfc1123.replace(',', '').split(' ')
  const first = `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time}`
  return {
    rfc1123,
    rfc850: `${WHOLE[date.getUTCDay()] ?? ''}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    asctime: `${first} ${year}`,
    date1: `${first} UTC ${year}`,
  }
}

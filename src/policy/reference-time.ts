/** A point in time as builds name their snapshots: an instant, or a day of which nothing more is known. */
export interface ReferenceTime {
  readonly precision: 'instant' | 'day'
  /** The instant; noon of the day (UTC), from which its states are at most half a day away. */
  readonly instant: Date
}

const FORMS: readonly RegExp[] = [
  // A date, or a serial: a date with a counter of two digits, which says nothing of the hour.
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:\d\d)?$/,
  // As snapshot services write it, and RFC 3339 in UTC.
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/,
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.\d+)?Z$/,
]

/** Undefined for what is none, and for a day or an hour that does not exist. */
export function parseReferenceTime(text: string): ReferenceTime | undefined {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (parts === undefined) continue
    const { year, month, day, hour, minute, second } = parts
    const written = `${year}-${month}-${day}T${hour ?? '12'}:${minute ?? '00'}:${second ?? '00'}Z`
    const instant = new Date(written)
    if (Number.isNaN(instant.getTime()) || instant.toISOString().replace('.000', '') !== written) return undefined
    return { precision: hour === undefined ? 'day' : 'instant', instant }
  }
  return undefined
}

/** The clock that such a time stands for: the day's last second, so that what is signed on that day is not in the future. */
export function clockOf({ precision, instant }: ReferenceTime): Date {
  return precision === 'instant' ? instant : new Date(`${instant.toISOString().slice(0, 10)}T23:59:59Z`)
}

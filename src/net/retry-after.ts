/**
 * Seconds that a server asks to wait (RFC 9110, 10.2.3): a number of seconds, or a date, counted from the server's own
 * `Date:` where it has one, for its clock may be off. Undefined for anything else, and for a date that is past.
 */
export function parseRetryAfter(value: unknown, serverDate: unknown, now: number): number | undefined {
  if (typeof value !== 'string') return undefined
  if (/^\d{1,10}$/.test(value)) return Number(value)
  const until = parseHttpDate(value)
  if (until === undefined) return undefined
  const from = (typeof serverDate === 'string' ? parseHttpDate(serverDate) : undefined) ?? now
  return until > from ? Math.ceil((until - from) / 1000) : undefined
}

/** RFC 9110, 5.6.7, the one form that is sent today: `Sun, 06 Nov 1994 08:49:37 GMT`. */
function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

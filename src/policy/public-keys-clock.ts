import type { Policy } from './policy.ts'

/** The last days (`until`) of the public keys that the policy pins for its rebuilders, `YYYY-MM-DD` in UTC. */
export function lastDaysOf({ archives }: Policy): string[] {
  return archives
    .flatMap(({ rebuilders }) => rebuilders?.parties ?? [])
    .flatMap(({ publicKeys }) => publicKeys.map(({ until }) => until))
    .filter((until) => until !== undefined)
}

/**
 * The day by which the last days of public keys are judged, where that is not the clock's own: what such a key signs has
 * no date that a certificate could be held against, so it counts only while the key does. Whoever turns the clock back
 * must not bring back a key that was given up.
 *
 * It is the first day on which all of these keys were over that are over by now, and not the present day: the same inputs
 * give the same report until another one is.
 *
 * @param now the real time of the run
 */
export function publicKeysDay(lastDays: readonly string[], at: Date, now: Date): string | undefined {
  const [clock, today] = [dayOf(at), dayOf(now)]
  const last = lastDays
    .filter((until) => until >= clock && until < today)
    .sort()
    .at(-1)
  if (last === undefined) return undefined
  const next = new Date(`${last}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return dayOf(next)
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

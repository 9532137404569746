import type { Seen } from './contradiction.ts'

/** A state of a suite: a release file, over all the times that it was seen, at whichever archive. */
export interface State<T extends Seen> {
  readonly state: string
  readonly date: Date
  /** The looks at it, the latest first: it may have one signature more than the others. */
  readonly looks: readonly [T, ...T[]]
}

/** The states that were seen, sorted by their Date. */
export function statesOf<T extends Seen>(looks: readonly T[]): State<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const look of [...looks].sort((a, b) => b.seen.getTime() - a.seen.getTime())) {
    const key = `${look.date.getTime()} ${look.state}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [look])
    else group.push(look)
  }
  return [...groups.values()]
    .map((group) => ({ state: group[0].state, date: group[0].date, looks: group }))
    .sort((a, b) => a.date.getTime() - b.date.getTime())
}

/** The states to look at for an instant. */
export interface NearestStates<T extends Seen> {
  /** Those within the window, the nearest first. */
  readonly within: readonly State<T>[]
  /** The nearest one, where none lies within the window. */
  readonly beyond?: State<T>
}

/**
 * A state was in force from its Date to the Date of the next one, however long ago it was first seen; of the last one
 * nothing that is signed says how long, and when it was last seen is the word of whoever wrote that down. Its distance
 * from an instant is that to this span: nothing inside it. Among those as near, the one whose Date is nearest comes
 * first.
 *
 * @param states sorted by their Date
 * @param window milliseconds
 */
export function nearestStates<T extends Seen>(states: readonly State<T>[], at: Date, window: number): NearestStates<T> {
  const ranked = states
    .map((state, index) => {
      const next = states.slice(index + 1).find(({ date }) => date.getTime() > state.date.getTime())
      const until = (next ?? state).date.getTime()
      const distance = Math.max(state.date.getTime() - at.getTime(), at.getTime() - until, 0)
      return { state, distance, gap: Math.abs(state.date.getTime() - at.getTime()) }
    })
    .sort((a, b) => a.distance - b.distance || a.gap - b.gap)
  const within = ranked.filter(({ distance }) => distance <= window).map(({ state }) => state)
  const [nearest] = ranked
  return within.length > 0 || nearest === undefined ? { within } : { within, beyond: nearest.state }
}

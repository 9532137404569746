import type { ReleaseIdentity } from './release-state.ts'

/** One look at one suite of one archive, in as much as others can contradict it. */
export interface Seen {
  /** Tells archives apart. */
  readonly archive: string
  readonly seen: Date
  /** The release file's own Date. */
  readonly date: Date
  /** See `releaseState`. */
  readonly state: string
}

/** What was seen earlier and cannot be true together with what was seen later. */
export type Contradiction<T extends Seen = Seen> =
  /** A release file was shown after a newer one: the server fell back, or somebody fell it back. */
  | { readonly kind: 'rollback'; readonly found: T; readonly earlier: T }
  /** Two release files of one Date: the signer made two, and somebody may be shown the other one. */
  | { readonly kind: 'fork'; readonly found: T; readonly earlier: T }

/**
 * Every look that an earlier one contradicts: by the newest release file before it, which is newer, or by the first
 * one of the same Date, which is another. Archives are compared each with itself: mirrors lag behind one another.
 * A store may hold ten thousands of looks: this takes n log n.
 */
export function contradictions<T extends Seen>(looks: readonly T[]): Contradiction<T>[] {
  const found: Contradiction<T>[] = []
  const newest = new Map<string, T>()
  const firsts = new Map<string, T>()
  for (const look of inOrder(looks)) {
    const top = newest.get(look.archive)
    if (top === undefined || look.date.getTime() > top.date.getTime()) newest.set(look.archive, look)
    else if (look.date.getTime() < top.date.getTime()) found.push({ kind: 'rollback', found: look, earlier: top })
    const key = `${look.archive} ${look.date.getTime()}`
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, look)
    else if (first.state !== look.state) found.push({ kind: 'fork', found: look, earlier: first })
  }
  return found
}

/**
 * The same for one look, against each other one at its archive by itself, so that none of them can excuse it: one that
 * shows another state of its Date, and of those before it that are newer the newest.
 */
export function contradictionsOf<T extends Seen>(found: T, others: readonly T[]): Contradiction<T>[] {
  const fork = others.find(({ date, state }) => date.getTime() === found.date.getTime() && state !== found.state)
  const [newer] = others
    .filter(({ seen, date }) => seen <= found.seen && date > found.date)
    .sort((a, b) => b.date.getTime() - a.date.getTime())
  return [
    ...(newer === undefined ? [] : [{ kind: 'rollback', found, earlier: newer } as const]),
    ...(fork === undefined ? [] : [{ kind: 'fork', found, earlier: fork } as const]),
  ]
}

/** Those fields of a release file that are not what the first one said, as `Origin was "Debian" and is "Other"`. */
export function changedFields(first: ReleaseIdentity, now: ReleaseIdentity): string[] {
  return (['origin', 'label', 'codename'] as const).flatMap((name) => {
    const [was, is] = [first[name], now[name]]
    const shown = (value: string | undefined): string => (value === undefined ? 'absent' : JSON.stringify(value))
    return was === is ? [] : [`${name[0]?.toUpperCase() ?? ''}${name.slice(1)} was ${shown(was)} and is ${shown(is)}`]
  })
}

/** What was seen at the same instant is taken to have been seen in the order of its Date. */
function inOrder<T extends Seen>(looks: readonly T[]): T[] {
  return [...looks].sort((a, b) => a.seen.getTime() - b.seen.getTime() || a.date.getTime() - b.date.getTime())
}

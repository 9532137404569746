import type { ReadFailure } from '../archive/archive-reader.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_FILE_HINTS } from '../limits.ts'
import type { PastArea } from '../policy/policy.ts'
import type { Claim } from './claim.ts'
import { formatTimestamp, parseFirstSeen, parseTimestamp } from './snapshot-answers.ts'
import type { SnapshotPlace } from './snapshot-runs.ts'

export interface Hints {
  /** When a service first saw a file of the package, in milliseconds since 1970, the earliest first. */
  readonly instants: readonly number[]
  /** Set where a service had to be asked and none answered. */
  readonly failures: readonly ReadFailure[]
}

/**
 * For a reason: that a package was first seen outside of the window, and what to do about it.
 *
 * @param archive names it in all its states
 */
export function seenOutside(
  instants: readonly number[],
  { at, window }: Pick<PastArea, 'at' | 'window'>,
  archive: string,
): string | undefined {
  const distance = (instant: number): number => Math.abs(instant - at.getTime())
  const [nearest] = instants.filter((instant) => distance(instant) > window).sort((a, b) => distance(a) - distance(b))
  if (nearest === undefined) return undefined
  const hours = window / 3_600_000
  return (
    `${archive} first saw it at ${formatTimestamp(nearest)}, outside of the window of ` +
    `${hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`} around ${at.toISOString()}, in which no signed index lists ` +
    'it: only if the build may use it, widen `window`.'
  )
}

/**
 * Asks when the files of a claimed package were first seen: a hint at the runs whose signed indexes may list it, and
 * never more. Nothing where no service knows it.
 */
export async function askWhenSeen(places: readonly SnapshotPlace[], archive: string, claim: Claim): Promise<Hints> {
  const failures: ReadFailure[] = []
  for (const place of places) {
    try {
      return { instants: await askOne(place, archive, claim), failures: [] }
    } catch (error) {
      if (isDebproofError(error, 'NOT_FOUND')) return { instants: [], failures: [] }
      if (!(error instanceof DebproofError)) throw error
      failures.push({ what: `when ${claim.name} ${claim.version} was first seen`, error })
    }
  }
  return { instants: [], failures }
}

async function askOne({ base, downloads }: SnapshotPlace, archive: string, claim: Claim): Promise<number[]> {
  const { kind, name, version, architecture } = claim
  const path = kind === 'source' ? `mr/package/${name}/${version}/srcfiles` : `mr/binary/${name}/${version}/binfiles`
  const url = new URL(`${urlBelow(base, path).href}?fileinfo=1`)
  const hints = { archive, ...(architecture === undefined ? {} : { architectures: [architecture, 'all'] }) }
  const seen = parseFirstSeen(await downloads.bytes(url, MAX_FILE_HINTS), hints, url.href)
  return seen.flatMap((timestamp) => parseTimestamp(timestamp) ?? [])
}

import type { ReadFailure } from '../archive/archive-reader.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError } from '../errors.ts'
import { MAX_RUN_LIST } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { formatTimestamp, parseRunList, parseTimestamp } from './snapshot-answers.ts'

/** A snapshot service, and how it is asked. */
export interface SnapshotPlace {
  /** Ends in `/`. */
  readonly base: URL
  readonly downloads: Downloads
}

/** One state of an archive that a snapshot service kept. */
export interface SnapshotRun {
  readonly timestamp: string
  /** The same in milliseconds since 1970. */
  readonly instant: number
  /** The services that have it, at least one. */
  readonly places: readonly SnapshotPlace[]
}

export interface RunList {
  /** Sorted by time. */
  readonly runs: readonly SnapshotRun[]
  /** Set where no service could be asked. */
  readonly failures: readonly ReadFailure[]
}

/** Further than this after the end of a window a service must have a run, or it may have stopped getting new ones. */
const LOOK_AHEAD = 2 * 24 * 3_600_000

/**
 * Asks for the runs of an archive from one instant to another, both included. The services have the same content: the
 * next one is asked where one fails, and where one has nothing later, for then it may lack runs that another has.
 */
export async function listRuns(
  places: readonly SnapshotPlace[],
  archive: string,
  from: number,
  to: number,
): Promise<RunList> {
  const found = new Map<string, SnapshotPlace[]>()
  const failures: ReadFailure[] = []
  for (const place of places) {
    try {
      const timestamps = await askForRuns(place, archive, from, to + LOOK_AHEAD)
      for (const timestamp of timestamps) found.set(timestamp, [...(found.get(timestamp) ?? []), place])
      if (timestamps.some((timestamp) => timestamp > formatTimestamp(to))) break
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      failures.push({ what: `the runs of ${archive}`, error })
    }
  }
  const runs = [...found]
    .map(([timestamp, having]) => ({ timestamp, instant: parseTimestamp(timestamp) ?? 0, places: having }))
    .filter(({ instant }) => instant >= from && instant <= to)
    .sort((a, b) => a.instant - b.instant)
  return { runs, failures: failures.length < places.length ? [] : failures }
}

async function askForRuns(
  { base, downloads }: SnapshotPlace,
  archive: string,
  from: number,
  to: number,
): Promise<string[]> {
  const [after, before] = [formatTimestamp(from), formatTimestamp(to)]
  // Without the slash before the question mark the service redirects to http.
  const url = new URL(`${urlBelow(base, 'mr/timestamp/').href}?archive=${archive}&after=${after}&before=${before}`)
  // Asked anew each time: a service may leave out a run for a moment, and lists more later.
  const read = async (chunks: AsyncIterable<Uint8Array>): Promise<string[]> => {
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) parts.push(chunk)
    return parseRunList(Buffer.concat(parts), archive, url.href)
  }
  const timestamps = await downloads.stream(url, MAX_RUN_LIST, read, { keptForOffline: true })
  return timestamps.filter((timestamp) => timestamp >= after && timestamp <= before)
}

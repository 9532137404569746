import type { ReadFailure } from '../archive/archive-reader.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_FILE_HINTS } from '../limits.ts'
import type { Claim } from './claim.ts'
import { parseFirstSeen, parseTimestamp } from './snapshot-answers.ts'
import type { SnapshotPlace } from './snapshot-runs.ts'

export interface Hints {
  /** When a service first saw a file of the package, in milliseconds since 1970, the earliest first. */
  readonly instants: readonly number[]
  /** Set where a service had to be asked and none answered. */
  readonly failures: readonly ReadFailure[]
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

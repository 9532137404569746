import type { ReadFailure } from '../archive/archive-reader.ts'
import type { ErrorCode } from '../errors.ts'

/** What went wrong at the place rather than on the way: it says that this state was not kept whole. */
const GAPS: ReadonlySet<ErrorCode> = new Set([
  'NOT_FOUND',
  'TOO_LARGE',
  'COMPRESSION',
  'RELEASE_MALFORMED',
  'RELEASE_UNTRUSTED',
  'RELEASE_TIME',
  'RELEASE_SUITE',
  'INDEX_MISMATCH',
  'INDEX_MALFORMED',
  'INDEX_UNLISTED',
  'INDEX_UNREADABLE',
])

/**
 * Whether a state was not kept whole: runs are taken while the archive is being updated, and then a release file or an
 * index is missing, unsigned, or of another state. That is no evidence, neither for a package nor against it.
 */
export function isGap({ error }: ReadFailure): boolean {
  return GAPS.has(error.code)
}

/** Which suites and indexes could not be read in any of several states. */
export class Coverage {
  #missing: readonly ReadFailure[] | undefined

  /** @param failures those of one more state; none where all of it was read */
  add(failures: readonly ReadFailure[]): void {
    this.#missing = this.#missing === undefined ? failures : bothMissing(this.#missing, failures)
  }

  /** A failure of each that was read in no state, the gravest first; undefined where there was no state at all. */
  get missing(): readonly ReadFailure[] | undefined {
    return this.#missing?.toSorted((a, b) => Number(isAbsence(a)) - Number(isAbsence(b)))
  }
}

/** What is only missing says less than what is there and was refused. */
function isAbsence({ error }: ReadFailure): boolean {
  return error.code === 'NOT_FOUND'
}

/** A suite that could not be read lacks all its indexes, whose names begin with that of the suite. */
function bothMissing(before: readonly ReadFailure[], now: readonly ReadFailure[]): ReadFailure[] {
  const covers = (wider: ReadFailure, narrower: ReadFailure): boolean =>
    wider.what === narrower.what || narrower.what.startsWith(`${wider.what} `)
  const graver = (failure: ReadFailure): ReadFailure => {
    const earlier = before.find(({ what }) => what === failure.what)
    return earlier !== undefined && isAbsence(failure) ? earlier : failure
  }
  return [
    ...now.filter((failure) => before.some((earlier) => covers(earlier, failure))).map(graver),
    ...before.filter((failure) => now.some((later) => later.what !== failure.what && covers(later, failure))),
  ]
}

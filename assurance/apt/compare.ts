import type { AptVerdict } from './apt-verdict.ts'
import type { Answer, DebproofVerdict } from './debproof-verdict.ts'

/**
 * - `accepted`, `refused`: both say so.
 * - `stricter`: apt accepts what debproof refuses.
 * - `looser`: debproof accepts what apt refuses, or accepts other bytes than apt.
 * - `rolled-back`: apt refused a suite as a whole because of one index; debproof refuses that index, and the release
 *   file and the other indexes are what was signed.
 */
export type Outcome = 'accepted' | 'refused' | 'stricter' | 'looser' | 'rolled-back'

export interface Comparison {
  readonly test: string
  /** The number of the update in its run. */
  readonly update: number
  readonly what: 'release' | 'index'
  readonly url: string
  readonly outcome: Outcome
  /** Whether apt in the test's own configuration accepts it: differs where a test makes apt laxer or stricter. */
  readonly configured: boolean
  /** Whether apt has it after the test's own update, into lists that had earlier data. */
  readonly warm: 'new' | 'other' | 'none'
  /** Why debproof refused it. */
  readonly code?: string
  readonly message?: string
  readonly aptSaid?: string
  /** What the test sets beside apt's defaults. */
  readonly changed: readonly string[]
}

interface Sides {
  readonly apt: AptVerdict
  readonly configured: AptVerdict
  readonly debproof: DebproofVerdict
}

/** One comparison for each release file and each index that both sides know of. */
export function compareVerdicts({
  apt,
  configured,
  debproof,
}: Sides): Omit<Comparison, 'test' | 'update' | 'warm' | 'changed'>[] {
  const said = apt.said === '' ? {} : { aptSaid: apt.said }
  const [kept, usual] = [byPlace(apt), byPlace(configured)]
  const isSuiteRefused = (directory: string): boolean =>
    [...debproof.indexes].some(([url, answer]) => url.startsWith(directory) && !isAccepted(answer))
  const found: ReturnType<typeof compareVerdicts> = []
  for (const [url, answer] of debproof.releases) {
    const sha256 = kept.releases.get(placeOf(url))
    const partly = isSuiteRefused(url)
    const outcome = ((): Outcome => {
      if (!isAccepted(answer)) return sha256 === undefined ? 'refused' : 'stricter'
      if (sha256 === undefined) return partly ? 'rolled-back' : 'looser'
      return sha256 === answer.sha256 ? 'accepted' : 'looser'
    })()
    found.push({
      what: 'release',
      url,
      outcome,
      configured: usual.releases.has(placeOf(url)),
      ...reason(answer),
      ...said,
    })
  }
  for (const [url, answer] of debproof.indexes) {
    const directory = [...debproof.releases.keys()].find((folder) => url.startsWith(folder)) ?? ''
    const has = kept.indexes.has(placeOf(url))
    const outcome = ((): Outcome => {
      if (!isAccepted(answer)) return has ? 'stricter' : 'refused'
      if (has) return 'accepted'
      return isSuiteRefused(directory) && !kept.releases.has(placeOf(directory)) ? 'rolled-back' : 'looser'
    })()
    found.push({ what: 'index', url, outcome, configured: usual.indexes.has(placeOf(url)), ...reason(answer), ...said })
  }
  return found
}

/** The release files that apt reads and debproof did not look at, by their URLs. */
export function unreadReleases({ apt, debproof }: Pick<Sides, 'apt' | 'debproof'>): string[] {
  const read = new Set([...debproof.releases.keys()].map(placeOf))
  return [...new Set(apt.targets.map(({ directory }) => directory))].filter((url) => !read.has(placeOf(url)))
}

/** A URL without its scheme: apt has one file for a place, by whichever method it came. */
function placeOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:/i, '')
}

function byPlace({ releases, indexes }: AptVerdict): Pick<AptVerdict, 'releases'> & { indexes: ReadonlySet<string> } {
  return {
    releases: new Map([...releases].map(([url, sha256]) => [placeOf(url), sha256])),
    indexes: new Set([...indexes].map(placeOf)),
  }
}

function isAccepted(answer: Answer): answer is { sha256: string } {
  return 'sha256' in answer
}

function reason(answer: Answer): { code?: string; message?: string } {
  return 'code' in answer ? { code: answer.code, message: answer.message } : {}
}

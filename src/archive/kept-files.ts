import type { IndexFacts, IndexRequest } from './read-index.ts'
import type { ReleaseFacts, ReleaseRequest } from './read-release.ts'
import type { VerifiedRelease } from './release.ts'

/**
 * Release files and indexes that somebody kept, which are read instead of asking the archive's server: apt's own
 * lists, a store of evidence. They are judged like those of a server.
 */
export interface KeptFiles {
  /** Names them in notes, such as `the apt lists in /x`. */
  readonly name: string
  /**
   * @param base the archive's URL, ending in `/`
   * @throws DebproofError as `verifyRelease`, or NOT_FOUND
   */
  readRelease(base: URL, suite: string, request: ReleaseRequest): Promise<ReleaseFacts>
  /**
   * Undefined where an index that was not kept says nothing of whether its packages were there.
   * @throws DebproofError as `readIndex`
   */
  readIndex(
    base: URL,
    suite: string,
    release: VerifiedRelease,
    path: string,
    request: IndexRequest,
  ): Promise<IndexFacts | undefined>
}

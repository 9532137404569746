import type { KeptFiles } from '../archive/kept-files.ts'
import {
  emptyIndex,
  type IndexFacts,
  type IndexRequest,
  indexForms,
  isStatedEmpty,
  scanIndex,
  takeIndex,
} from '../archive/read-index.ts'
import { judgeRelease, type ReleaseFacts, type ReleaseRequest } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import { releaseState } from './release-state.ts'
import type { Sighting } from './sighting.ts'
import { objectUrl } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/**
 * One recorded state of one suite. Nothing is believed because it stands in the store: the release file is verified
 * anew, and each index is the object that the release file names by its hash.
 */
export class StoredState implements KeptFiles {
  readonly name: string
  readonly #store: StoreReader
  readonly #downloads: Downloads
  readonly #sighting: Sighting

  constructor(store: StoreReader, downloads: Downloads, sighting: Sighting) {
    this.name = `the store ${store.folder}`
    this.#store = store
    this.#downloads = downloads
    this.#sighting = sighting
  }

  /** @throws DebproofError as `verifyRelease`, INDEX_MISMATCH for a changed object, EVIDENCE for one that does not fit */
  async readRelease(_base: URL, _suite: string, request: ReleaseRequest): Promise<ReleaseFacts> {
    const bytes = await this.#store.release(this.#sighting)
    const facts = await judgeRelease(bytes, request)
    const { date, state } = this.#sighting
    const file = bytes.files[0]?.url ?? ''
    if (facts.release.date.getTime() !== date.getTime() || releaseState(bytes.signed) !== state) {
      throw new DebproofError('EVIDENCE', `${file} is another release file than its sighting says.`)
    }
    return facts
  }

  /** @throws DebproofError as `readIndex`; NOT_FOUND where the store lacks it: what it lists is then not known */
  async readIndex(
    _base: URL,
    suite: string,
    release: VerifiedRelease,
    path: string,
    request: IndexRequest,
  ): Promise<IndexFacts> {
    const { folder } = this.#store
    if (isStatedEmpty(release, path)) {
      return emptyIndex(objectUrl(folder, this.#sighting.release[0].sha256), request)
    }
    for (const { file } of indexForms(release, path)) await this.#store.objectUrl(file.sha256)
    try {
      return await takeIndex(
        this.#downloads,
        { urls: ({ sha256 }) => [objectUrl(folder, sha256)], look: 1 },
        release,
        path,
        (chunks, offered) => scanIndex(chunks, offered.compression, offered, request, offered.url.href),
      )
    } catch (error) {
      if (!isDebproofError(error, 'NOT_FOUND')) throw error
      throw new DebproofError(
        'NOT_FOUND',
        `The store ${folder} holds no ${path} of the ${suite} of ${release.date.toISOString()}.`,
      )
    }
  }
}

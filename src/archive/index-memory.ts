import { type IndexFacts, type IndexRequest, indexForms } from './read-index.ts'
import type { VerifiedRelease } from './release.ts'

/**
 * What was read of the indexes of one archive, over its past states: most of them change only now and then, and what
 * is signed to be the same is not read again. To be shared only among states that come from one place, for the
 * evidence then names the URL of the first.
 */
export class IndexMemory {
  readonly #facts = new Map<string, IndexFacts>()

  /** Takes what is known of this index, or reads it. Failures are not remembered. */
  async recall<T extends IndexFacts | undefined>(
    suite: string,
    release: VerifiedRelease,
    path: string,
    request: IndexRequest,
    read: () => Promise<T>,
  ): Promise<T | IndexFacts> {
    // Every form with its size: a release file that lists another form, or lies about one, is taken at its own word.
    const forms = indexForms(release, path).map(({ file }) => [file.path, file.size, file.sha256, file.sha512])
    const key = JSON.stringify([suite, request.kind, request.refuseHidden, request.files ?? 'none', forms])
    const known = this.#facts.get(key)
    if (known !== undefined) return known
    const facts = await read()
    if (facts !== undefined) this.#facts.set(key, facts)
    return facts
  }
}

import { DebproofError } from '../errors.ts'
import { keptChunks } from './kept-chunks.ts'
import { limited } from './limited.ts'
import { errorOf, keyOf, type NamesOutcome, type Outcome } from './outcome.ts'
import { type Digest, digestOf, type Look, type Read, type Tape } from './tape.ts'

/**
 * Plays back what a recording kept. Nothing is fetched: what was not kept is missing, and `missing` names it.
 * Whoever makes it has checked the files against their names.
 */
export class Replay implements Tape {
  readonly #pathOf: (sha256: string) => string
  readonly #looks = new Map<string, Exclude<Outcome, NamesOutcome>>()
  readonly #folders = new Map<string, NamesOutcome>()
  readonly #missing = new Set<string>()
  readonly #digests = new Set<string>()

  constructor(outcomes: readonly Outcome[], pathOf: (sha256: string) => string) {
    this.#pathOf = pathOf
    for (const outcome of outcomes) {
      if ('folder' in outcome) this.#folders.set(outcome.folder, outcome)
      else this.#looks.set(`${outcome.look} ${outcome.url}`, outcome)
    }
  }

  /** What was asked for and is not in the evidence: URLs and folders. */
  get missing(): readonly string[] {
    return [...this.#missing].sort()
  }

  /** Files of which the digest alone was kept: the report's word for them is not checked. */
  get digests(): readonly string[] {
    return [...this.#digests].sort()
  }

  async stream<T>({ url, limit, look }: Look, read: Read<T>): Promise<T> {
    const outcome = this.#looks.get(keyOf(url, look))
    if (outcome === undefined) throw this.#lacks(url.href)
    if ('code' in outcome) throw errorOf(outcome)
    if (!outcome.kept) throw this.#lacks(url.href)
    return await read(limited(keptChunks(this.#pathOf(outcome.sha256), 'EVIDENCE'), limit, url))
  }

  async digest(look: Look): Promise<Digest> {
    const outcome = this.#looks.get(keyOf(look.url, look.look))
    if (outcome !== undefined && 'sha256' in outcome && !outcome.kept) {
      this.#digests.add(look.url.href)
      return { sha256: outcome.sha256, size: outcome.size }
    }
    return await this.stream(look, digestOf)
  }

  async names(folder: URL): Promise<readonly string[]> {
    const outcome = this.#folders.get(folder.href)
    if (outcome === undefined) throw this.#lacks(folder.href)
    if (outcome.failure !== null) throw errorOf(outcome.failure)
    return outcome.names ?? []
  }

  #lacks(what: string): DebproofError {
    this.#missing.add(what)
    return new DebproofError('EVIDENCE', `The evidence holds nothing of ${what}.`)
  }
}

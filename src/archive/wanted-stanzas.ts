import { DebproofError } from '../errors.ts'
import { MAX_KEPT_STANZAS, MAX_WANTED_STANZAS } from '../limits.ts'
import { type IndexEntry, parseBinaryEntry, parseSourceEntry } from './index-entry.ts'
import type { IndexKind } from './suite-layout.ts'
import { certainName, type UnclearStanza, UnclearStanzas } from './unclear-stanza.ts'

/** What an index says of the names that are looked for. */
export interface WantedFacts {
  readonly entries: readonly IndexEntry[]
  /** Of these names there are stanzas besides that not everybody reads alike: nothing is known of what they list. */
  readonly unclear: readonly UnclearStanza[]
}

/**
 * Reads the stanzas of one index that are looked for. One that not everybody reads alike is unclear, which leaves its
 * own package in doubt and no other, as long as it is certain which package it is about.
 */
export class WantedStanzas {
  readonly #kind: IndexKind
  readonly #usualHashes: boolean
  readonly #entries: IndexEntry[] = []
  readonly #unclear = new UnclearStanzas()
  #bytes = 0
  #count = 0

  /** @param usualHashes whether hashes must stand where every reader finds them; set for what a project serves */
  constructor(kind: IndexKind, usualHashes: boolean) {
    this.#kind = kind
    this.#usualHashes = usualHashes && kind === 'Packages'
  }

  /**
   * @param number see UnclearStanza
   * @throws DebproofError INDEX_MALFORMED where it may be about another package to some reader, and where there are too
   *   many
   */
  add(text: string, number: number): void {
    this.#bytes += text.length
    if (this.#bytes > MAX_WANTED_STANZAS) throw tooMuchWanted()
    if (this.#count >= MAX_KEPT_STANZAS) throw tooManyWanted()
    this.#count += 1
    try {
      if (this.#usualHashes && !USUAL_HASH.test(text)) throw unusualHash(text)
      this.#entries.push(this.#kind === 'Packages' ? parseBinaryEntry(text) : parseSourceEntry(text))
    } catch (error) {
      const name = error instanceof DebproofError ? certainName(text) : undefined
      if (name === undefined || !(error instanceof DebproofError)) throw error
      this.#unclear.add(name, number, error.message)
    }
  }

  facts(): WantedFacts {
    return { entries: this.#entries, unclear: this.#unclear.all() }
  }
}

/**
 * The hash as all archives write it. debootstrap knows the field in this case alone, and takes the hash of the stanza
 * before where it finds none: what a project serves could name one file here and another one there.
 */
const USUAL_HASH = /^SHA256: [0-9A-Fa-f]{64}$/m

function unusualHash(text: string): DebproofError {
  const line = JSON.stringify(text.split('\n', 1)[0]?.slice(0, 80))
  return new DebproofError(
    'INDEX_MALFORMED',
    `A stanza of a package that is looked for (${line}) does not state its SHA256 as archives write it, so that not ` +
      'every reader finds it.',
  )
}

function tooMuchWanted(): DebproofError {
  const problem = `The index has more than ${MAX_WANTED_STANZAS} bytes of stanzas of packages that are looked for.`
  return new DebproofError('INDEX_MALFORMED', problem)
}

function tooManyWanted(): DebproofError {
  const problem = `The index lists more than ${MAX_KEPT_STANZAS} packages under the names that were used.`
  return new DebproofError('INDEX_MALFORMED', problem)
}

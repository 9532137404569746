import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'
import { CONNECTIONS_PER_HOST, MAX_KEPT_BUILDINFO_FILES } from '../limits.ts'
import { Slots } from '../net/slots.ts'
import type { Document } from './document.ts'
import type { SignedBuildinfo } from './signed-buildinfo.ts'

export interface VerifiedBuildinfosOptions {
  /** Undefined where there is none. */
  readonly fetch: (url: URL) => Promise<Document | undefined>
  readonly verify: (document: Document) => Promise<SignedBuildinfo>
  /** Files that all documents together may list; for tests. */
  readonly maxFiles?: number
}

/**
 * The signed `.buildinfo` files of one place. Each is read and verified once, as long as there is room for what they
 * say; what was asked for the longest time ago is dropped first, and read again when it is asked for. Documents of
 * equal bytes take the room of one, so a server that answers every question with the same one fills nothing.
 */
export class VerifiedBuildinfos {
  readonly #options: VerifiedBuildinfosOptions
  /** A few at once: each has megabytes until it is verified. */
  readonly #slots = new Slots(CONNECTIONS_PER_HOST)
  readonly #underWay = new Map<string, Promise<SignedBuildinfo | undefined>>()
  /** What came of each URL: the hash of the document, why it does not count, or that there is none. */
  readonly #outcomes = new Map<string, Sha256 | DebproofError | 'absent'>()
  /** By the hash of the document, last used last. */
  readonly #documents = new Map<Sha256, SignedBuildinfo>()
  #files = 0

  constructor(options: VerifiedBuildinfosOptions) {
    this.#options = options
  }

  /** Undefined where there is none. @throws DebproofError whatever fetching and verifying it threw */
  async read(url: URL): Promise<SignedBuildinfo | undefined> {
    const outcome = this.#outcomes.get(url.href)
    if (outcome === 'absent') return undefined
    if (outcome instanceof DebproofError) throw outcome
    const known = outcome === undefined ? undefined : this.#known(outcome, url)
    if (known !== undefined) return known
    const underWay = this.#underWay.get(url.href)
    if (underWay !== undefined) return await underWay
    const reading = this.#slots.run('', () => this.#readAnew(url)).finally(() => this.#underWay.delete(url.href))
    this.#underWay.set(url.href, reading)
    return await reading
  }

  async #readAnew(url: URL): Promise<SignedBuildinfo | undefined> {
    try {
      const document = await this.#options.fetch(url)
      if (document === undefined) {
        this.#outcomes.set(url.href, 'absent')
        return undefined
      }
      const sha256 = sha256Of(document.bytes)
      const signed = this.#known(sha256, url) ?? (await this.#options.verify(document))
      this.#keep(sha256, signed)
      this.#outcomes.set(url.href, sha256)
      return signed
    } catch (error) {
      if (error instanceof DebproofError) this.#outcomes.set(url.href, error)
      throw error
    }
  }

  /** A document that is kept, as it was found at this URL. */
  #known(sha256: Sha256, url: URL): SignedBuildinfo | undefined {
    const signed = this.#documents.get(sha256)
    if (signed === undefined) return undefined
    this.#documents.delete(sha256)
    this.#documents.set(sha256, signed)
    return { ...signed, evidence: { ...signed.evidence, url: url.href } }
  }

  #keep(sha256: Sha256, signed: SignedBuildinfo): void {
    if (this.#documents.has(sha256)) return
    this.#documents.set(sha256, signed)
    this.#files += roomOf(signed)
    for (const [oldest, document] of this.#documents) {
      if (this.#files <= (this.#options.maxFiles ?? MAX_KEPT_BUILDINFO_FILES)) return
      this.#documents.delete(oldest)
      this.#files -= roomOf(document)
    }
  }
}

/** One that lists no package takes some room too. */
function roomOf({ packages }: SignedBuildinfo): number {
  return packages.size + 1
}

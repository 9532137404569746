import type { PublicKey } from '../archive/public-key.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_REBUILDERD_ATTESTATIONS } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { collectStatements } from './document.ts'
import { type FoundAttestations, fetchAttestation, noAnswer } from './rebuilderd-answer.ts'
import { verifyRebuilderdLink } from './rebuilderd-link.ts'
import { findAttestationsV0 } from './rebuilderd-v0.ts'
import { findAttestationsV1 } from './rebuilderd-v1.ts'
import type { RebuiltPackage, ServiceAnswer, StatementService } from './statement.ts'

/**
 * A rebuilderd, asked for one package at a time. Its own word that a package is GOOD or BAD is unsigned and about a
 * name and a version: it leads to attestations, and only these say something.
 */
export class RebuilderdService implements StatementService {
  readonly #downloads: Downloads
  readonly #base: URL
  readonly #keys: readonly PublicKey[]
  readonly #at: Date

  /**
   * @param base what `api/v1/…` is below, such as `https://reproduce.debian.net/amd64/`
   * @param keys the daemon's, or its workers'; never those that the service itself offers
   */
  constructor(downloads: Downloads, base: URL, keys: readonly PublicKey[], at: Date) {
    this.#downloads = downloads
    this.#base = new URL(base.href.endsWith('/') ? base.href : `${base.href}/`)
    this.#keys = keys
    this.#at = at
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    let found: FoundAttestations
    try {
      found = await this.#find(rebuilt)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return { statements: [], unusable: [], unreachable: [describeError(error)] }
    }
    const { urls, notes } = found
    const read = urls.slice(0, MAX_REBUILDERD_ATTESTATIONS)
    const answer = await collectStatements(
      read.map((url) => ({
        url,
        read: async () => {
          const document = await fetchAttestation(this.#downloads, url)
          return document && verifyRebuilderdLink(document, this.#keys, this.#at, rebuilt)
        },
      })),
    )
    if (read.length === urls.length) return { ...answer, ...(notes.length === 0 ? {} : { notes }) }
    const unread = `${this.#base.href} has ${urls.length} attestations of one file; only ${read.length} were read.`
    return { ...answer, unreachable: [...answer.unreachable, unread] }
  }

  async #find(rebuilt: RebuiltPackage): Promise<FoundAttestations> {
    const found =
      (await findAttestationsV1(this.#downloads, this.#base, rebuilt)) ??
      (await findAttestationsV0(this.#downloads, this.#base, rebuilt))
    if (found === undefined) throw noAnswer(this.#base, 'it has neither api/v1 nor api/v0')
    return found
  }
}

import { detached } from '../archive/detached-string.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { StatementFormat } from '../policy/policy.ts'
import { type Document, fetchDocument } from './document.ts'
import { recordedStatementFiles } from './statement-folder.ts'

export interface FolderIndexOptions {
  readonly downloads: Downloads
  /** file; ends in `/`. */
  readonly base: URL
  readonly format: StatementFormat
  /** Whether a file of this name may be a statement. */
  readonly wanted: (name: string) => boolean
  /** Whether a folder of this name is looked into; every one where it is absent. */
  readonly entered?: (name: string) => boolean
  /** The files that a document names, before anything is verified: to find it, never to believe it. */
  readonly namesIn: (document: Document) => Iterable<string>
  /** Of one document, in bytes. */
  readonly limit: number
}

/**
 * What a folder on the disk holds, by what its files claim to be about. Read once; names and places alone are kept:
 * all the statements of a large rebuilder do not fit into the memory.
 */
export class FolderIndex {
  readonly #options: FolderIndexOptions
  #reading: Promise<{ byFileName: ReadonlyMap<string, readonly URL[]>; unreachable: readonly string[] }> | undefined

  constructor(options: FolderIndexOptions) {
    this.#options = options
  }

  /**
   * The documents that name a file, and what could not be read, each with the reason: it may be about any file.
   *
   * @throws DebproofError FETCH for a folder that cannot be read, TOO_LARGE
   */
  async documentsAbout(fileName: string): Promise<{ urls: readonly URL[]; unreachable: readonly string[] }> {
    this.#reading ??= this.#read()
    const { byFileName, unreachable } = await this.#reading
    const urls = byFileName.get(fileName) ?? []
    if (urls.length > MAX_STATEMENTS_PER_PACKAGE) {
      throw new DebproofError(
        'TOO_LARGE',
        `${this.#options.base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} statements about ${fileName}.`,
      )
    }
    return { urls, unreachable }
  }

  async #read(): Promise<{ byFileName: ReadonlyMap<string, readonly URL[]>; unreachable: readonly string[] }> {
    const { downloads, base, format, wanted, entered, namesIn, limit } = this.#options
    const byFileName = new Map<string, URL[]>()
    const unreachable: string[] = []
    for (const url of await recordedStatementFiles(downloads, base, format, wanted, entered)) {
      try {
        const document = await fetchDocument(downloads, url, limit)
        for (const name of document === undefined ? [] : namesIn(document)) {
          const about = byFileName.get(name)
          if (about === undefined) byFileName.set(detached(name), [url])
          else about.push(url)
        }
      } catch (error) {
        if (!(error instanceof DebproofError)) throw error
        unreachable.push(describeError(error))
      }
    }
    return { byFileName, unreachable }
  }
}

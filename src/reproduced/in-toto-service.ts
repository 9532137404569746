import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { collectStatements, type Document, fetchDocument } from './document.ts'
import { productsNamedIn } from './in-toto-link.ts'
import type { RebuiltPackage, ServiceAnswer, Statement, StatementService } from './statement.ts'
import { listStatementFiles } from './statement-folder.ts'

/** What a folder holds, by what its files claim to be about. */
interface FolderIndex {
  readonly byFileName: ReadonlyMap<string, readonly URL[]>
  /** What could not be read, each with the reason: it may be about any package. */
  readonly unreachable: readonly string[]
}

/** Verifies a link with a party's keys, whatever form these have. */
export type LinkVerifier = (document: Document, rebuilt: RebuiltPackage) => Promise<Statement>

/** Where package-rebuilder puts links of what came out different. They look like all others. */
const UNREPRODUCIBLE = 'unreproducible'

/**
 * Links of in-toto 0.9: on a server where apt-transport-in-toto looks for them, by the package's name and version; in
 * a folder on the disk anywhere, as `*.link` or `metadata`, but never below `unreproducible`. A folder may hold links
 * of other packages and other builders; only what names the file counts, for or against.
 */
export class InTotoService implements StatementService {
  readonly #downloads: Downloads
  readonly #base: URL
  readonly #verify: LinkVerifier
  #folder: Promise<FolderIndex> | undefined

  /** @param base http, https or file; ends in `/` */
  constructor(downloads: Downloads, base: URL, verify: LinkVerifier) {
    this.#downloads = downloads
    this.#base = base
    this.#verify = verify
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    if (this.#base.protocol !== 'file:') return await this.#collect([metadataUrl(this.#base, rebuilt)], rebuilt)
    try {
      this.#folder ??= this.#index()
      const { byFileName, unreachable } = await this.#folder
      const urls = byFileName.get(rebuilt.fileName) ?? []
      if (urls.length > MAX_STATEMENTS_PER_PACKAGE) throw tooMany(this.#base, rebuilt)
      const answer = await this.#collect(urls, rebuilt)
      return { ...answer, unreachable: [...answer.unreachable, ...unreachable] }
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return { statements: [], unusable: [], unreachable: [describeError(error)] }
    }
  }

  async #collect(urls: readonly URL[], rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    return await collectStatements(
      urls.map((url) => ({
        url,
        read: async () => {
          const document = await fetchDocument(this.#downloads, url)
          const statement = document === undefined ? undefined : await this.#verify(document, rebuilt)
          return statement?.attestations.length === 0 ? undefined : statement
        },
      })),
    )
  }

  /** Names and places alone are kept: all the links of a large rebuilder do not fit into the memory. */
  async #index(): Promise<FolderIndex> {
    const urls = await listStatementFiles(
      this.#base,
      (name) => name === 'metadata' || name.endsWith('.link'),
      (folder) => folder !== UNREPRODUCIBLE,
    )
    const byFileName = new Map<string, URL[]>()
    const unreachable: string[] = []
    for (const url of urls) {
      try {
        const document = await fetchDocument(this.#downloads, url)
        for (const name of document === undefined ? [] : productsNamedIn(document)) {
          const about = byFileName.get(name)
          if (about === undefined) byFileName.set(name, [url])
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

/** The binary package's name and its version without epoch: what a file name says (apt-transport-in-toto). */
function metadataUrl(base: URL, { fileName }: RebuiltPackage): URL {
  const [name = '', version = ''] = fileName.split('_')
  return urlBelow(base, `sources/${name}/${version}/metadata`)
}

function tooMany(base: URL, { fileName }: RebuiltPackage): DebproofError {
  return new DebproofError(
    'TOO_LARGE',
    `${base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} links that name ${fileName}.`,
  )
}

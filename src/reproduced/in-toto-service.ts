import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_RECENT_LINK_BYTES, MAX_RECENT_LINKS, MAX_STATEMENT } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { collectStatements, type Document, fetchDocument } from './document.ts'
import { FolderIndex } from './folder-index.ts'
import { productsNamedIn } from './in-toto-link.ts'
import type { RebuiltPackage, ServiceAnswer, Statement, StatementService } from './statement.ts'

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
  readonly #folder: FolderIndex

  /** @param base http, https or file; ends in `/` */
  constructor(downloads: Downloads, base: URL, verify: LinkVerifier) {
    this.#downloads = downloads
    this.#base = base
    this.#verify = verify
    this.#folder = new FolderIndex({
      downloads,
      base,
      format: 'in-toto',
      wanted: (name) => name === 'metadata' || name.endsWith('.link'),
      entered: (folder) => folder !== UNREPRODUCIBLE,
      namesIn: productsNamedIn,
      limit: MAX_STATEMENT,
    })
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    if (this.#base.protocol !== 'file:') return await this.#collect([metadataUrl(this.#base, rebuilt)], rebuilt)
    try {
      const { urls, unreachable } = await this.#folder.documentsAbout(rebuilt.fileName)
      const answer = await this.#collect(urls, rebuilt)
      return { ...answer, unreachable: [...answer.unreachable, ...unreachable] }
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return { statements: [], unusable: [], unreachable: [describeError(error)] }
    }
  }

  /** On a server each package has a URL of its own. */
  async #fetch(url: URL): Promise<Document | undefined> {
    if (url.protocol === 'file:') return await recentLinksOf(this.#downloads).fetch(url)
    return await fetchDocument(this.#downloads, url)
  }

  async #collect(urls: readonly URL[], rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    return await collectStatements(
      urls.map((url) => ({
        url,
        read: async () => {
          const document = await this.#fetch(url)
          const statement = document === undefined ? undefined : await this.#verify(document, rebuilt)
          return statement?.attestations.length === 0 ? undefined : statement
        },
      })),
    )
  }
}

/** Links of folders on the disk, the latest that were asked for: packages of one build ask for the same one. */
class RecentLinks {
  readonly #downloads: Downloads
  readonly #entries = new Map<string, { readonly reading: Promise<Document | undefined>; size: number }>()
  #bytes = 0

  constructor(downloads: Downloads) {
    this.#downloads = downloads
  }

  /** @throws DebproofError as fetchDocument does; what failed is not kept */
  async fetch(url: URL): Promise<Document | undefined> {
    const known = this.#entries.get(url.href)
    if (known !== undefined) {
      this.#entries.delete(url.href)
      this.#entries.set(url.href, known)
      return await known.reading
    }
    const entry = { reading: fetchDocument(this.#downloads, url), size: 0 }
    this.#entries.set(url.href, entry)
    this.#dropOldest()
    try {
      const document = await entry.reading
      if (this.#entries.get(url.href) === entry) {
        entry.size = document?.bytes.length ?? 0
        this.#bytes += entry.size
        this.#dropOldest()
      }
      return document
    } catch (error) {
      if (this.#entries.get(url.href) === entry) this.#entries.delete(url.href)
      throw error
    }
  }

  #dropOldest(): void {
    for (const [href, { size }] of this.#entries) {
      if (this.#entries.size <= MAX_RECENT_LINKS && this.#bytes <= MAX_RECENT_LINK_BYTES) return
      this.#entries.delete(href)
      this.#bytes -= size
    }
  }
}

/** One for all services of a run: the keys of a layout have their links in the same folder. */
const recentLinks = new WeakMap<Downloads, RecentLinks>()

function recentLinksOf(downloads: Downloads): RecentLinks {
  const recent = recentLinks.get(downloads) ?? new RecentLinks(downloads)
  recentLinks.set(downloads, recent)
  return recent
}

/** The binary package's name and its version without epoch: what a file name says (apt-transport-in-toto). */
function metadataUrl(base: URL, { fileName }: RebuiltPackage): URL {
  const [name = '', version = ''] = fileName.split('_')
  return urlBelow(base, `sources/${name}/${version}/metadata`)
}

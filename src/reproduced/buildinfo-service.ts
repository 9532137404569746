import type { Architecture } from '../archive/identity.ts'
import { ARCH_ALL } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_BUILDINFO, MAX_DIRECTORY_LISTING, MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { RequestRefusedError } from '../net/http-transport.ts'
import { parseDirectoryListing } from './directory-listing.ts'
import { collectStatements, fetchDocument } from './document.ts'
import { FolderIndex } from './folder-index.ts'
import {
  buildinfoStatement,
  filesNamedIn,
  readSignedBuildinfo,
  type SignedBuildinfo,
  withoutEpoch,
} from './signed-buildinfo.ts'
import type { RebuiltPackage, ServiceAnswer, StatementService } from './statement.ts'

export interface BuildinfoServiceOptions {
  /** http, https or file; ends in `/`. */
  readonly base: URL
  readonly keyring: Keyring
  readonly at: Date
  /** The architectures that the build is for: a package for all of them was built on one of these. */
  readonly architectures: readonly Architecture[]
  readonly downloads: Downloads
}

/**
 * Clearsigned `.buildinfo` files in a folder, on a server or on the disk. Every document is read and verified once,
 * whatever number of packages it is about.
 *
 * A server is asked for the names that dpkg-genbuildinfo(1) gives such files; where it has none of them, and lists
 * the folder, for those that begin with the source package and its version. A folder on the disk is read whole.
 */
export class BuildinfoService implements StatementService {
  readonly #options: BuildinfoServiceOptions
  /** By URL; undefined where there is none. */
  readonly #documents = new Map<string, Promise<SignedBuildinfo | undefined>>()
  #listing: Promise<readonly string[]> | undefined
  readonly #folder: FolderIndex

  constructor(options: BuildinfoServiceOptions) {
    this.#options = options
    this.#folder = new FolderIndex({
      downloads: options.downloads,
      base: options.base,
      wanted: (name) => name.endsWith('.buildinfo'),
      namesIn: ({ bytes }) => filesNamedIn(bytes),
      limit: MAX_BUILDINFO,
    })
  }

  async ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    return this.#options.base.protocol === 'file:' ? await this.#askFolder(rebuilt) : await this.#askServer(rebuilt)
  }

  async #askServer(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    const { base, architectures } = this.#options
    const beginnings = fileNameBeginnings(rebuilt)
    const built = new Set([rebuilt.architecture, ...architectures, ARCH_ALL])
    const names = beginnings.flatMap((beginning) => [...built].map((each) => `${beginning}${each}.buildinfo`))
    const { answer, found } = await this.#collect(
      names.map((name) => urlBelow(base, name)),
      rebuilt,
    )
    if (found || answer.unreachable.length > 0) return answer
    try {
      this.#listing ??= this.#list()
      const listed = (await this.#listing).filter((name) => beginnings.some((beginning) => name.startsWith(beginning)))
      if (listed.length > MAX_STATEMENTS_PER_PACKAGE) throw tooMany(base, rebuilt)
      const urls = listed.map((name) => urlBelow(base, name))
      return (await this.#collect(urls, rebuilt)).answer
    } catch (error) {
      return unreachable(error)
    }
  }

  async #askFolder(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    try {
      const { urls, unreachable } = await this.#folder.documentsAbout(rebuilt.fileName)
      const { answer } = await this.#collect(urls, rebuilt)
      return { ...answer, unreachable: [...answer.unreachable, ...unreachable] }
    } catch (error) {
      return unreachable(error)
    }
  }

  /** All are read, never the first alone: another may contradict it. */
  async #collect(
    urls: readonly URL[],
    rebuilt: RebuiltPackage,
  ): Promise<{ readonly answer: ServiceAnswer; readonly found: boolean }> {
    let isFound = false
    const answer = await collectStatements(
      urls.map((url) => ({
        url,
        read: async () => {
          const signed = await this.#read(url)
          if (signed === undefined) return undefined
          isFound = true
          const statement = buildinfoStatement(signed, rebuilt)
          return statement.attestations.length > 0 ? statement : undefined
        },
      })),
    )
    return { answer, found: isFound || answer.unusable.length > 0 }
  }

  #read(url: URL): Promise<SignedBuildinfo | undefined> {
    const known = this.#documents.get(url.href)
    if (known !== undefined) return known
    const { downloads, keyring, at } = this.#options
    const reading = fetchDocument(downloads, url, MAX_BUILDINFO).then((document) =>
      document === undefined ? undefined : readSignedBuildinfo(document, keyring, at),
    )
    this.#documents.set(url.href, reading)
    return reading
  }

  /** The names of the `.buildinfo` files that the server lists: none where it lists nothing. */
  async #list(): Promise<readonly string[]> {
    const { base, downloads } = this.#options
    try {
      const document = await fetchDocument(downloads, base, MAX_DIRECTORY_LISTING)
      const page = Buffer.from(document?.bytes ?? []).toString('latin1')
      return parseDirectoryListing(page, base)
        .filter((name) => name.endsWith('.buildinfo'))
        .sort()
    } catch (error) {
      // Most servers do not show their folders: that leaves nothing unknown.
      if (error instanceof RequestRefusedError) return []
      throw error
    }
  }
}

/**
 * What the names of the files about a package begin with: `source_version_`, without epoch. A binNMU is named by
 * its own version, and by that of its source where it was built again without `+bN`.
 */
function fileNameBeginnings({ source, version }: RebuiltPackage): string[] {
  const versions = new Set([version, source.version].map(withoutEpoch))
  return [...versions].map((each) => `${source.name}_${each}_`)
}

function tooMany(base: URL, { fileName }: RebuiltPackage): DebproofError {
  return new DebproofError(
    'TOO_LARGE',
    `${base.href} has more than ${MAX_STATEMENTS_PER_PACKAGE} statements about ${fileName}.`,
  )
}

function unreachable(error: unknown): ServiceAnswer {
  if (!(error instanceof DebproofError)) throw error
  return { statements: [], unusable: [], unreachable: [describeError(error)] }
}

import type { Architecture } from '../archive/identity.ts'
import { ARCH_ALL } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_BUILDINFO, MAX_DIRECTORY_LISTING, MAX_STATEMENTS_PER_PACKAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { RequestRefusedError } from '../net/http-transport.ts'
import { parseDirectoryListing } from './directory-listing.ts'
import { collectStatements, type Document, fetchDocument } from './document.ts'
import { FolderIndex } from './folder-index.ts'
import {
  buildinfoStatement,
  filesNamedIn,
  isOfAnotherEpoch,
  looksLikeBuildinfo,
  readSignedBuildinfo,
  withoutEpoch,
} from './signed-buildinfo.ts'
import type { RebuiltPackage, ServiceAnswer, StatementService } from './statement.ts'
import { VerifiedBuildinfos } from './verified-buildinfos.ts'

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
 * Clearsigned `.buildinfo` files in a folder, on a server or on the disk.
 *
 * A server is asked for the names that dpkg-genbuildinfo(1) gives such files and, where it lists the folder, for all
 * in the list that begin with the source package and its version. Both, always: a build for one architecture may be
 * under a proper name, and another, which contradicts it or has the packages for all architectures, under any. A
 * folder on the disk is read whole.
 */
export class BuildinfoService implements StatementService {
  readonly #options: BuildinfoServiceOptions
  readonly #documents: VerifiedBuildinfos
  #listing: Promise<Listing> | undefined
  readonly #folder: FolderIndex

  constructor(options: BuildinfoServiceOptions) {
    this.#options = options
    const { downloads, base, keyring, at } = options
    this.#documents = new VerifiedBuildinfos({
      fetch: async (url) => await fetchBuildinfo(downloads, url),
      verify: async (document) => await readSignedBuildinfo(document, keyring, at),
    })
    this.#folder = new FolderIndex({
      downloads,
      base,
      format: 'buildinfo',
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
    this.#listing ??= this.#list()
    const { names: inFolder, error } = await this.#listing
    const listed = beginnings.flatMap((beginning) => startingWith(beginning, inFolder))
    const isTooLong = listed.length > MAX_STATEMENTS_PER_PACKAGE
    const all = new Set([...names, ...(isTooLong ? [] : listed)])
    const answer = await this.#collect(
      [...all].map((name) => urlBelow(base, name)),
      rebuilt,
    )
    if (isTooLong) return withUnreachable(answer, [describeError(tooMany(base, rebuilt))])
    const isAnswered = answer.statements.length > 0 || answer.unreachable.length > 0
    return error === undefined || isAnswered ? answer : withUnreachable(answer, [describeError(error)])
  }

  async #askFolder(rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    try {
      const { urls, unreachable } = await this.#folder.documentsAbout(rebuilt.fileName)
      return withUnreachable(await this.#collect(urls, rebuilt), unreachable)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return { statements: [], unusable: [], unreachable: [describeError(error)] }
    }
  }

  /** All are read, never the first alone: another may contradict it. */
  async #collect(urls: readonly URL[], rebuilt: RebuiltPackage): Promise<ServiceAnswer> {
    const notes = new Set<string>()
    const answer = await collectStatements(
      urls.map((url) => ({
        url,
        read: async () => {
          const signed = await this.#documents.read(url)
          if (signed === undefined) return undefined
          if (isOfAnotherEpoch(signed, rebuilt)) notes.add(`its .buildinfo is about version ${signed.version}`)
          const statement = buildinfoStatement(signed, rebuilt)
          return statement.attestations.length > 0 ? statement : undefined
        },
      })),
    )
    return notes.size === 0 ? answer : { ...answer, notes: [...notes] }
  }

  /** The `.buildinfo` files that the server lists: none where it lists nothing. */
  async #list(): Promise<Listing> {
    const { base, downloads } = this.#options
    try {
      const document = await fetchDocument(downloads, base, MAX_DIRECTORY_LISTING)
      const page = Buffer.from(document?.bytes ?? []).toString('latin1')
      const names = parseDirectoryListing(page, base).filter((name) => name.endsWith('.buildinfo'))
      return { names: names.sort() }
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      // Most servers do not show their folders: that leaves nothing unknown.
      return error instanceof RequestRefusedError ? { names: [] } : { names: [], error }
    }
  }
}

/** The `.buildinfo` files that a server lists. */
interface Listing {
  /** In the order of their characters' codes. */
  readonly names: readonly string[]
  /** Why it could not be read. */
  readonly error?: DebproofError
}

/** Those of the sorted names that begin so; a list of 200 000 is not gone through for each of as many packages. */
function startingWith(beginning: string, names: readonly string[]): readonly string[] {
  let from = 0
  for (let to = names.length; from < to; ) {
    const middle = (from + to) >>> 1
    if ((names[middle] ?? '') < beginning) from = middle + 1
    else to = middle
  }
  let end = from
  while (names[end]?.startsWith(beginning) === true) end += 1
  return names.slice(from, end)
}

/** Undefined where there is none. @throws DebproofError FETCH also for what is no .buildinfo, TOO_LARGE, OFFLINE */
async function fetchBuildinfo(downloads: Downloads, url: URL): Promise<Document | undefined> {
  const document = await fetchDocument(downloads, url, MAX_BUILDINFO)
  // A page for whatever is asked for is no statement that fails: nobody knows what the party has.
  if (document !== undefined && url.protocol !== 'file:' && !looksLikeBuildinfo(document)) {
    throw new DebproofError('FETCH', `${url.href} did not answer with a .buildinfo.`)
  }
  return document
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

function withUnreachable(answer: ServiceAnswer, more: readonly string[]): ServiceAnswer {
  return { ...answer, unreachable: [...answer.unreachable, ...more] }
}

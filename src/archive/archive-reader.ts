import { DebproofError, type ErrorCode } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Evidence } from './evidence.ts'
import type { FileHashes } from './file-hashes.ts'
import type { IndexEntry } from './index-entry.ts'
import type { IndexMemory } from './index-memory.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Keyring } from './keyring.ts'
import type { ListedFiles, NamedFile } from './listed-files.ts'
import type { NamePatterns } from './name-patterns.ts'
import { urlBelow } from './path-below.ts'
import { hidesIndex, type IndexFacts, type IndexPlace, indexEvidence, listsIndex, readIndex } from './read-index.ts'
import { type ReleaseFacts, type ReleaseMemory, type ReleaseRequest, readRelease } from './read-release.ts'
import type { VerifiedRelease } from './release.ts'
import { readServedIndex } from './served-index.ts'
import type { WantedNames } from './stanza-scanner.ts'
import { type ArchiveArea, type IndexKind, indexPaths, suiteDirectory } from './suite-layout.ts'
import { type UnclearListing, unclearNotes } from './unclear-listing.ts'

/** One line of an index about a wanted name, with the files that vouch for it: release file, then index. */
export interface Listing {
  readonly entry: IndexEntry
  readonly suite: string
  readonly evidence: readonly Evidence[]
}

/** A suite or an index that could not be read, so that nothing is known of what it lists. */
export interface ReadFailure {
  /** Such as `bookworm` or `bookworm main/binary-amd64/Packages`. */
  readonly what: string
  readonly error: DebproofError
}

/** Everything that an archive could be brought to say. */
export interface ArchiveFacts {
  readonly listings: readonly Listing[]
  /** What a suite lists that a memory does not let pass: it was signed, and is no proof of what is so now. */
  readonly doubted?: readonly Listing[]
  readonly failures: readonly ReadFailure[]
  /** Of these packages nothing is known of what some stanza lists; of all others it is. */
  readonly unclear: readonly UnclearListing[]
  /** What the reader should know and nothing depends on: a component that a suite does not have. */
  readonly notes: readonly string[]
  /** Where all files were asked for: those of each `Packages` index that could be read. */
  readonly files?: readonly ListedFiles[]
  /** Where some files were asked for: their stanzas, and those of files without hash, with where each is listed. */
  readonly named?: readonly LocatedFile[]
}

/** A file that was looked for by its hash, and the index that lists it. */
export interface LocatedFile {
  readonly file: NamedFile
  /** Such as `bookworm main/binary-amd64/Packages`. */
  readonly index: string
  readonly listing?: Listing
}

export interface ArchiveReaderOptions {
  readonly downloads: Downloads
  readonly at: Date
  readonly wanted: WantedNames
  readonly kinds: readonly IndexKind[]
  /** What archives showed before, which they are held to where they are read as they are now. */
  readonly remembered?: ReleaseMemory
  /** See IndexRequest. */
  readonly files?: 'hashes' | FileHashes
  /**
   * Whether every form of an index that a project serves must hold the same (`readServedIndex`): not where all that was
   * used is known by its hash, whichever form somebody read.
   */
  readonly everyForm?: boolean
}

/** How one archive is to be read. */
export interface ArchiveRequest {
  readonly area: ArchiveArea
  readonly keyring: Keyring
  /** See ScanOptions of the scanner: set for what a project serves. */
  readonly refuseHidden: boolean
  /** What it may deliver; absent: anything. */
  readonly names?: NamePatterns
  /** Milliseconds that a release file may be old, whatever its Valid-Until; absent: any age will do. */
  readonly maxAge?: number
  /** See ReleaseExpectation: set for a past state that a snapshot service or a store of evidence kept. */
  readonly past?: boolean
  readonly servedAt?: Date
  /** Read what was kept, by apt itself or as evidence, instead of asking the server. */
  readonly kept?: KeptFiles
  /** How this archive is asked, where it is in another way than the others: more gently. */
  readonly downloads?: Downloads
  /** What its earlier states said, so that no index is read twice. */
  readonly memory?: IndexMemory
}

/** Reads archives for one run: one clock, one set of wanted names. */
export class ArchiveReader {
  readonly #options: ArchiveReaderOptions

  constructor(options: ArchiveReaderOptions) {
    this.#options = options
  }

  /** Never throws for what the archive does: what could not be read is among the facts. */
  async read(request: ArchiveRequest): Promise<ArchiveFacts> {
    const suites = await Promise.all(request.area.suites.map((suite) => this.#suite(request, suite)))
    return joinFacts(suites)
  }

  async #suite(request: ArchiveRequest, suite: string): Promise<ArchiveFacts> {
    const first = await this.#suiteOnce(request, suite, 1)
    // A server that is being updated shows a release file of one state and indexes of another. Looking again tells
    // that from a forgery, which stays.
    // One of several servers may also be behind the others: what a memory does not let pass is EVIDENCE.
    const torn = first.failures.some(({ error }) => MAY_BE_TORN.includes(error.code))
    const mayChange = request.kept === undefined && request.past !== true && request.area.base.protocol !== 'file:'
    return torn && mayChange ? await this.#suiteOnce(request, suite, 2) : first
  }

  async #suiteOnce(request: ArchiveRequest, suite: string, look: 1 | 2): Promise<ArchiveFacts> {
    const { area, keyring, kept, maxAge, past, servedAt } = request
    const { at, remembered } = this.#options
    const downloads = request.downloads ?? this.#options.downloads
    const directory = urlBelow(area.base, suiteDirectory(suite))
    const name = area.releaseName === undefined ? {} : { releaseName: area.releaseName }
    const isPresent = kept === undefined && past !== true
    const notes: string[] = []
    let doubt: DebproofError | undefined
    const expectation: ReleaseRequest = {
      keyring,
      at,
      suite,
      ...name,
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(past === undefined ? {} : { past }),
      ...(servedAt === undefined ? {} : { servedAt }),
      ...(remembered === undefined || !isPresent
        ? {}
        : {
            follows: async (release, signed) => {
              try {
                notes.push(...(await remembered.check({ base: area.base, suite, keyring, ...name }, release, signed)))
              } catch (error) {
                if (!(error instanceof DebproofError)) throw error
                doubt = error
              }
            },
          }),
    }
    let facts: ReleaseFacts
    try {
      facts = await (kept === undefined
        ? readRelease(downloads, directory, expectation, look)
        : kept.readRelease(area.base, suite, expectation))
    } catch (error) {
      return { ...NOTHING, failures: [failure(suite, error)] }
    }
    const reads: Promise<ArchiveFacts>[] = []
    if (past === true) notes.push(...keyNotes(facts.release))
    const failures: ReadFailure[] = []
    if (doubt !== undefined) failures.push(doubted(suite, facts, doubt))
    for (const kind of this.#options.kinds) {
      for (const path of indexPaths(area, suite, facts.release, kind)) {
        if (listsIndex(facts.release, path))
          reads.push(this.#index(request, suite, { directory, look }, facts, path, kind))
        else if (hidesIndex(facts.release, path)) failures.push(hiddenIndex(suite, path))
        // Most suites keep packages for all architectures with the others.
        else if (!path.includes('/binary-all/')) notes.push(`${suite} at ${area.base.href} has no ${path}.`)
      }
    }
    if (reads.length + failures.length === (doubt === undefined ? 0 : 1)) {
      const error = new DebproofError(
        'INDEX_UNLISTED',
        `${suite} at ${area.base.href} has none of the components and architectures that the policy names.`,
      )
      return { ...NOTHING, failures: [...failures, { what: suite, error }], notes }
    }
    const read = joinFacts([{ ...NOTHING, failures, notes }, ...(await Promise.all(reads))])
    if (doubt === undefined) return read
    return { ...NOTHING, doubted: read.listings, failures: read.failures, unclear: read.unclear, notes: read.notes }
  }

  async #index(
    request: ArchiveRequest,
    suite: string,
    place: IndexPlace,
    { release, evidence }: ReleaseFacts,
    path: string,
    kind: IndexKind,
  ): Promise<ArchiveFacts> {
    const { wanted, files: askedFiles, everyForm = false } = this.#options
    const readAs = everyForm && request.refuseHidden && kind === 'Packages' ? readServedIndex : readIndex
    const downloads = request.downloads ?? this.#options.downloads
    const indexRequest = {
      kind,
      wanted,
      refuseHidden: request.refuseHidden,
      ...(askedFiles === undefined ? {} : { files: askedFiles }),
      ...(request.names === undefined ? {} : { names: request.names }),
    }
    const read = async (): Promise<IndexFacts | undefined> =>
      await (request.kept === undefined
        ? readAs(downloads, place, release, path, indexRequest)
        : request.kept.readIndex(request.area.base, suite, release, path, indexRequest))
    try {
      const facts = await (request.memory === undefined
        ? read()
        : request.memory.recall(suite, release, path, indexRequest, read))
      if (facts === undefined) {
        return {
          ...NOTHING,
          notes: [`There is no ${path} of ${suite} in ${request.kept?.name ?? 'the archive'}.`],
        }
      }
      const files = [...evidence, indexEvidence(facts, kind, release)]
      const listing = (entry: IndexEntry): Listing => ({ entry, suite, evidence: files })
      const index = `${suite} ${path}`
      const named = facts.named?.map((file) => ({
        file,
        index,
        ...(file.kind === 'entry' ? { listing: listing(file.entry) } : {}),
      }))
      const unclear = facts.unclear.map(
        (stanza): UnclearListing => ({ ...stanza, kind: kind === 'Packages' ? 'binary' : 'source', index }),
      )
      return {
        listings: facts.entries.map(listing),
        failures: [],
        unclear,
        notes: unclearNotes(unclear),
        ...(facts.files === undefined ? {} : { files: [facts.files] }),
        ...(named === undefined ? {} : { named }),
      }
    } catch (error) {
      return { ...NOTHING, failures: [failure(`${suite} ${path}`, error)] }
    }
  }
}

const NOTHING: ArchiveFacts = { listings: [], failures: [], unclear: [], notes: [] }

function doubted(
  suite: string,
  { evidence: [first] }: ReleaseFacts,
  { code, message, cause }: DebproofError,
): ReadFailure {
  return { what: suite, error: new DebproofError(code, `${first?.url ?? suite}: ${message}`, { cause }) }
}

function joinFacts(parts: readonly ArchiveFacts[]): ArchiveFacts {
  const files = parts.flatMap((part) => part.files ?? [])
  const named = parts.flatMap((part) => part.named ?? [])
  const doubtful = parts.flatMap((part) => part.doubted ?? [])
  return {
    listings: parts.flatMap(({ listings }) => listings),
    ...(doubtful.length === 0 ? {} : { doubted: doubtful }),
    failures: parts.flatMap(({ failures }) => failures),
    unclear: parts.flatMap(({ unclear }) => unclear),
    notes: parts.flatMap(({ notes }) => notes),
    ...(parts.some((part) => part.files !== undefined) ? { files } : {}),
    ...(parts.some((part) => part.named !== undefined) ? { named } : {}),
  }
}

/** What a second look may mend. */
const MAY_BE_TORN: readonly ErrorCode[] = ['INDEX_MISMATCH', 'NOT_FOUND', 'EVIDENCE']

/** A key's end is told for past states, which outlive it: what it signed before still counts at the time of the build. */
function keyNotes({ signers }: VerifiedRelease): string[] {
  return signers.flatMap(({ name, primaryFingerprint, expires }) =>
    expires === undefined
      ? []
      : [`Signed by ${primaryFingerprint} (${name}), which is valid until ${isoDay(expires)}.`],
  )
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function hiddenIndex(suite: string, path: string): ReadFailure {
  const error = new DebproofError(
    'INDEX_UNREADABLE',
    `The release file of ${suite} lists forms of ${path}, but not the index itself with its SHA-256: apt does not read it.`,
  )
  return { what: `${suite} ${path}`, error }
}

/** Bugs are not failures of an archive: they pass. */
function failure(what: string, error: unknown): ReadFailure {
  if (!(error instanceof DebproofError)) throw error
  return { what, error }
}

import zlib from 'node:zlib'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_INDEX, MAX_PLAIN_INDEX } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { type Compression, decompress } from './decompress.ts'
import { type Evidence, primaryFingerprints } from './evidence.ts'
import type { FileHashes } from './file-hashes.ts'
import { Digester, sha256Of } from './hash.ts'
import type { Sha256 } from './identity.ts'
import { type FilesFound, filesTaker } from './listed-files.ts'
import type { NamePatterns } from './name-patterns.ts'
import { urlBelow } from './path-below.ts'
import type { ReleaseEntry, VerifiedRelease } from './release.ts'
import { StanzaScanner, type WantedNames } from './stanza-scanner.ts'
import { compareStated, digested, mismatch } from './stated-bytes.ts'
import type { IndexKind } from './suite-layout.ts'
import { type WantedFacts, WantedStanzas } from './wanted-stanzas.ts'

/** How an index is to be read. */
export interface IndexRequest {
  readonly kind: IndexKind
  readonly wanted: WantedNames
  /** See ScanOptions of the scanner. */
  readonly refuseHidden: boolean
  /** What is wanted to know of all files of a `Packages` index: their hashes, or the stanzas of some of them. */
  readonly files?: 'hashes' | FileHashes
  /** With the hashes: which of them the archive may deliver; absent: any. */
  readonly names?: NamePatterns
}

/** Where an archive's indexes are. */
export interface IndexPlace {
  /** The URL of the release file's directory, ending in `/`. */
  readonly directory: URL
  /** See StreamOptions. */
  readonly look: 1 | 2
}

/** What a verified index says of the wanted names. */
export interface IndexFacts extends WantedFacts, FilesFound {
  /** Of the file as it was read. */
  readonly sha256: Sha256
  readonly size: number
  readonly url: string
}

/** A form in which an index may be offered, the quickest to decode first; Node 20 has no zstd of its own. */
const FORMS: readonly { readonly compression: Compression; readonly suffix: string }[] = [
  ...(typeof zlib.createZstdDecompress === 'function' ? [{ compression: 'zst', suffix: '.zst' } as const] : []),
  { compression: 'gz', suffix: '.gz' },
  { compression: 'xz', suffix: '.xz' },
  { compression: 'zst', suffix: '.zst' },
  { compression: 'bz2', suffix: '.bz2' },
  { compression: 'plain', suffix: '' },
]

const EMPTY = sha256Of('')

/**
 * Whether the release file lists this index itself, with its SHA-256: what its content is. apt reads no compressed form
 * of an index of which only these are listed, and does not say so; nor of one that has weak hashes alone.
 */
export function listsIndex(release: VerifiedRelease, path: string): boolean {
  return release.entries.has(path)
}

/**
 * Whether it lists the index only in a way in which apt does not read it, and others may: compressed forms without
 * what they hold, weaker hashes.
 */
export function hidesIndex(release: VerifiedRelease, path: string): boolean {
  return [...release.entries.keys(), ...release.unhashed].some(
    (name) => name.startsWith(path) && /^(?:\.[A-Za-z0-9]+)?$/.test(name.slice(path.length)),
  )
}

/** A form of an index as the release file lists it, and where its bytes come from. */
export interface OfferedIndex {
  readonly url: URL
  readonly compression: Compression
  /** What the release file says of the file in this form, and of what it decompresses to. */
  readonly file: ReleaseEntry
  readonly plain: ReleaseEntry
}

/**
 * Downloads an index in the best form that is both listed and there, by hash where the archive offers it
 * (`Acquire-By-Hash`), and scans it while it streams.
 *
 * @param path the index's path in the release file, without suffix
 * @throws DebproofError
 */
export async function readIndex(
  downloads: Downloads,
  { directory, look }: IndexPlace,
  release: VerifiedRelease,
  path: string,
  request: IndexRequest,
): Promise<IndexFacts> {
  if (isStatedEmpty(release, path)) return emptyIndex(urlBelow(directory, path), request)
  const urls = (entry: ReleaseEntry): URL[] => indexUrls(directory, release, entry)
  return await takeIndex(downloads, { urls, look }, release, path, (chunks, offered) =>
    scanIndex(chunks, offered.compression, offered, request, offered.url.href),
  )
}

/** Whether the release file says that there is nothing in it: apt does not fetch such an index. */
export function isStatedEmpty(release: VerifiedRelease, path: string): boolean {
  const plain = release.entries.get(path)
  return plain?.size === 0 && plain.sha256 === EMPTY
}

export function emptyIndex(url: URL, request: IndexRequest): IndexFacts {
  return { entries: [], unclear: [], sha256: EMPTY, size: 0, url: url.href, ...filesTaker(request).facts() }
}

/** The forms in which a release file lists an index and that can be read, the preferred one first; see `listsIndex`. */
export function indexForms(release: VerifiedRelease, path: string): Omit<OfferedIndex, 'url'>[] {
  const plain = release.entries.get(path)
  if (plain === undefined) return []
  return FORMS.flatMap(({ compression, suffix }) => {
    const file = release.entries.get(path + suffix)
    return file === undefined ? [] : [{ compression, file, plain }]
  })
}

/**
 * Hands the bytes of an index to `take`, in the first form that is there.
 *
 * @param urls where a listed file may be, in the order in which it is asked for
 * @throws DebproofError
 */
export async function takeIndex<T>(
  downloads: Downloads,
  { urls, look }: { readonly urls: (entry: ReleaseEntry) => readonly URL[]; readonly look: 1 | 2 },
  release: VerifiedRelease,
  path: string,
  take: (chunks: AsyncIterable<Uint8Array>, offered: OfferedIndex) => Promise<T>,
): Promise<T> {
  let absent: unknown
  for (const form of indexForms(release, path)) {
    for (const url of urls(form.file)) {
      try {
        return await streamForm(downloads, look, { ...form, url }, take)
      } catch (error) {
        if (!isDebproofError(error, 'NOT_FOUND')) throw error
        absent ??= error
      }
    }
  }
  throw absent ?? new DebproofError('INDEX_UNLISTED', `The release file lists no ${path}.`)
}

/**
 * Hands the bytes of one form to `take`, within the limits of an index.
 *
 * @throws DebproofError TOO_LARGE, NOT_FOUND, INDEX_MISMATCH where the server has more than is listed, and as `take`
 */
export async function streamForm<T>(
  downloads: Downloads,
  look: 1 | 2,
  offered: OfferedIndex,
  take: (chunks: AsyncIterable<Uint8Array>, offered: OfferedIndex) => Promise<T>,
): Promise<T> {
  const { url, file, compression, plain } = offered
  if (compression !== 'plain' && file.size > MAX_INDEX) throw tooLarge(file, MAX_INDEX)
  if (plain.size > MAX_PLAIN_INDEX) throw tooLarge(plain, MAX_PLAIN_INDEX)
  try {
    const options = { look, sha256: file.sha256 }
    return await downloads.stream(url, file.size, (chunks) => take(chunks, offered), options)
  } catch (error) {
    if (isDebproofError(error, 'TOO_LARGE')) throw mismatch(url.href, `has more than ${file.size} bytes`)
    throw error
  }
}

/** Where a server may have a file that its release file lists: by hash first. */
export function indexUrls(directory: URL, release: VerifiedRelease, entry: ReleaseEntry): URL[] {
  const slash = entry.path.lastIndexOf('/') + 1
  const byHash = `${entry.path.slice(0, slash)}by-hash/SHA256/${entry.sha256}`
  const named = urlBelow(directory, entry.path)
  return release.acquireByHash ? [urlBelow(directory, byHash), named] : [named]
}

/**
 * Decodes, hashes and scans one index. Nothing that was found is returned before size and hash were seen to match,
 * of the file as read and of what it decompresses to.
 *
 * @param expected what the release file says of the file that is read (absent where only its content is known, in
 *   apt's own lists) and of its decompressed content
 * @throws DebproofError INDEX_MISMATCH, INDEX_MALFORMED, COMPRESSION
 */
export async function scanIndex(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  expected: { readonly file?: ReleaseEntry | undefined; readonly plain?: ReleaseEntry | undefined },
  request: IndexRequest,
  url: string,
): Promise<IndexFacts> {
  const { file: fileEntry, plain: plainEntry } = expected
  const stanzas = new WantedStanzas(request.kind, request.refuseHidden)
  const files = filesTaker(request)
  const scanner = new StanzaScanner({
    wanted: request.wanted,
    refuseHidden: request.refuseHidden,
    ...(files.taker === undefined ? {} : { files: files.taker }),
    onStanza: (text, number) => stanzas.add(text, number),
  })
  const plainSha512 = plainEntry?.sha512 !== undefined
  // A plain file is its own content: hashing it once is enough.
  const plain = compression === 'plain' ? undefined : new Digester(plainSha512)
  const file = new Digester(fileEntry?.sha512 !== undefined || (plain === undefined && plainSha512))
  const limit = plainEntry?.size ?? MAX_PLAIN_INDEX

  // A scanner that stumbles over damaged bytes would blame the format: the hash is looked at first.
  let malformed: unknown
  for await (const chunk of named(decompress(compression, digested(chunks, file)), url)) {
    plain?.update(chunk)
    if ((plain ?? file).size > limit) throw mismatch(url, `decompresses to more than ${limit} bytes`)
    if (malformed !== undefined) continue
    malformed = attempt(() => scanner.push(chunk))
  }
  const asRead = file.finish()
  if (fileEntry !== undefined) compareStated(url, asRead, fileEntry)
  if (plainEntry !== undefined) compareStated(url, plain?.finish() ?? asRead, plainEntry)
  malformed ??= attempt(() => scanner.end())
  if (malformed !== undefined) throw withUrl(malformed, url)
  return { ...stanzas.facts(), sha256: asRead.sha256, size: asRead.size, url, ...files.facts() }
}

/** The evidence that an index makes together with its release file. */
export function indexEvidence(facts: IndexFacts, kind: IndexKind, release: VerifiedRelease): Evidence {
  return {
    sha256: facts.sha256,
    kind: kind === 'Packages' ? 'packages' : 'sources',
    url: facts.url,
    size: facts.size,
    date: release.date,
    signers: primaryFingerprints(release.signers),
  }
}

/** Says which file it is that does not decompress. */
async function* named(chunks: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw isDebproofError(error, 'COMPRESSION') ? withUrl(error, url) : error
  }
}

function attempt(step: () => void): unknown {
  try {
    step()
    return undefined
  } catch (error) {
    return error
  }
}

function tooLarge({ path, size }: ReleaseEntry, limit: number): DebproofError {
  return new DebproofError('TOO_LARGE', `The index ${path} has ${size} bytes, and ${limit} are read at most.`)
}

function withUrl(error: unknown, url: string): unknown {
  return error instanceof DebproofError
    ? new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause })
    : error
}

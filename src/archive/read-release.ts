import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_RELEASE_FILE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { StreamOptions } from '../net/tape.ts'
import { type Evidence, primaryFingerprints } from './evidence.ts'
import { sha256Of } from './hash.ts'
import type { Keyring } from './keyring.ts'
import { urlBelow } from './path-below.ts'
import { type VerifiedRelease, verifyRelease } from './release.ts'
import { pairRelease, type SignedText, splitInRelease } from './signed-text.ts'

/** A verified release file with the files that it came in. */
export interface ReleaseFacts {
  readonly release: VerifiedRelease
  readonly evidence: readonly Evidence[]
}

/** What is known of the release files that an archive showed before. */
export interface ReleaseMemory {
  /**
   * @returns what the reader should know and nothing depends on
   * @throws DebproofError EVIDENCE for a release file that cannot follow them
   */
  check(place: ReleasePlace, release: VerifiedRelease, signed: SignedText): Promise<readonly string[]>
}

/** Whose suite a release file is of. */
export interface ReleasePlace {
  /** The archive's URL. */
  readonly base: URL
  readonly suite: string
  readonly keyring: Keyring
  /** See ReleaseExpectation. */
  readonly releaseName?: string
}

/** See ReleaseExpectation. */
export interface ReleaseRequest {
  readonly keyring: Keyring
  readonly at: Date
  readonly suite: string
  readonly releaseName?: string
  readonly maxAge?: number
  /** The release file is also taken to stay as it is where it is, as in a snapshot service. */
  readonly past?: boolean
  readonly servedAt?: Date
  /** A further check of a release file that is good as such: see ReleaseMemory. */
  readonly follows?: (release: VerifiedRelease, signed: SignedText) => Promise<void>
}

/** The bytes of a release file and, where it is detached, of its signature. */
export interface ReleaseBytes {
  readonly signed: SignedText
  readonly files: readonly { readonly kind: Evidence['kind']; readonly url: string; readonly bytes: Uint8Array }[]
}

/**
 * Reads and verifies the release file below `directory` (its URL, ending in `/`).
 *
 * Only the answer that no `InRelease` exists leads to `Release` and `Release.gpg` (apt-secure(8)): junk or another
 * status must not let a server choose which of two files is judged.
 *
 * @throws DebproofError
 */
export async function readRelease(
  downloads: Downloads,
  directory: URL,
  request: ReleaseRequest,
  look: 1 | 2 = 1,
): Promise<ReleaseFacts> {
  const options = { look, immutable: request.past ?? false }
  return await takeRelease(downloads, directory, options, (bytes) => judgeRelease(bytes, request))
}

/**
 * Fetches a release file as `readRelease` does and hands it to `take`, while it is read: what `take` refuses is not
 * kept by a cache.
 *
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, as `Downloads`, and whatever `take` throws
 */
export async function takeRelease<T>(
  downloads: Downloads,
  directory: URL,
  options: Pick<StreamOptions, 'look' | 'immutable'>,
  take: (bytes: ReleaseBytes) => Promise<T>,
): Promise<T> {
  const inRelease = urlBelow(directory, 'InRelease')
  try {
    return await downloads.stream(
      inRelease,
      MAX_RELEASE_FILE,
      async (chunks) => await take(splitNamed(inRelease.href, await joined(chunks))),
      options,
    )
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
  }
  return await takeDetached(downloads, directory, options, take)
}

/** @throws DebproofError as `verifyRelease` does, naming the file */
export async function judgeRelease(bytes: ReleaseBytes, request: ReleaseRequest): Promise<ReleaseFacts> {
  let release: VerifiedRelease
  try {
    release = await verifyRelease(bytes.signed, request)
    await request.follows?.(release, bytes.signed)
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    throw new DebproofError(error.code, `${bytes.files[0]?.url ?? 'The release file'}: ${error.message}`, {
      cause: error.cause,
    })
  }
  const evidence = bytes.files.map((file) => ({
    sha256: sha256Of(file.bytes),
    kind: file.kind,
    url: file.url,
    size: file.bytes.length,
    date: release.date,
    signers: primaryFingerprints(release.signers),
  }))
  return { release, evidence }
}

async function takeDetached<T>(
  downloads: Downloads,
  directory: URL,
  options: Pick<StreamOptions, 'look' | 'immutable'>,
  take: (bytes: ReleaseBytes) => Promise<T>,
): Promise<T> {
  const release = urlBelow(directory, 'Release')
  const signature = urlBelow(directory, 'Release.gpg')
  const text = await downloads.bytes(release, MAX_RELEASE_FILE, options)
  try {
    return await downloads.stream(
      signature,
      MAX_RELEASE_FILE,
      async (chunks) => await take(pairNamed(release.href, text, signature.href, await joined(chunks))),
      options,
    )
  } catch (error) {
    await downloads.forget(release)
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
    throw new DebproofError(
      'RELEASE_UNTRUSTED',
      `${directory.href} has neither InRelease nor Release.gpg: the archive is not signed.`,
      { cause: error },
    )
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** @throws DebproofError RELEASE_MALFORMED, naming the file */
export function splitNamed(url: string, bytes: Uint8Array): ReleaseBytes {
  return named(url, () => ({ signed: splitInRelease(bytes), files: [{ kind: 'release', url, bytes }] }))
}

/** @throws DebproofError RELEASE_MALFORMED, naming the file */
export function pairNamed(url: string, text: Uint8Array, signatureUrl: string, signature: Uint8Array): ReleaseBytes {
  return named(url, () => ({
    signed: pairRelease(text, signature),
    files: [
      { kind: 'release', url, bytes: text },
      { kind: 'release-signature', url: signatureUrl, bytes: signature },
    ],
  }))
}

function named<T>(url: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    throw new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause })
  }
}

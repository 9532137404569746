import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_RELEASE_FILE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
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

export interface ReleaseRequest {
  readonly keyring: Keyring
  readonly at: Date
  readonly suite: string
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
): Promise<ReleaseFacts> {
  return await judgeRelease(await fetchRelease(downloads, directory), request)
}

/** @throws DebproofError as `verifyRelease` does, naming the file */
export async function judgeRelease(bytes: ReleaseBytes, request: ReleaseRequest): Promise<ReleaseFacts> {
  let release: VerifiedRelease
  try {
    release = await verifyRelease(bytes.signed, request)
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

async function fetchRelease(downloads: Downloads, directory: URL): Promise<ReleaseBytes> {
  const inRelease = urlBelow(directory, 'InRelease')
  try {
    const bytes = await downloads.bytes(inRelease, MAX_RELEASE_FILE)
    return splitNamed(inRelease.href, bytes)
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
  }
  const release = urlBelow(directory, 'Release')
  const signature = urlBelow(directory, 'Release.gpg')
  const text = await downloads.bytes(release, MAX_RELEASE_FILE)
  try {
    return pairNamed(release.href, text, signature.href, await downloads.bytes(signature, MAX_RELEASE_FILE))
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
    throw new DebproofError(
      'RELEASE_UNTRUSTED',
      `${directory.href} has neither InRelease nor Release.gpg: the archive is not signed.`,
      { cause: error },
    )
  }
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

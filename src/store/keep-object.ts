import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { indexForms, indexUrls, scanIndex, takeIndex } from '../archive/read-index.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { WantedNames } from '../archive/stanza-scanner.ts'
import type { IndexKind } from '../archive/suite-layout.ts'
import { type DebproofError, describeError, isDebproofError } from '../errors.ts'
import { MAX_INDEX } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { ServerClocks } from './server-clocks.ts'
import type { KeptFile } from './sighting.ts'
import { objectPath } from './store-layout.ts'
import { damagedObject, type StoreReader } from './store-reader.ts'
import type { StoreWriter } from './store-writer.ts'

/** What a recording works with. */
export interface Recorder {
  readonly downloads: Downloads
  readonly reader: StoreReader
  readonly writer: StoreWriter
  /** The clock. */
  readonly at: Date
  readonly servers: ServerClocks
}

/** What came of keeping one file. */
export type Kept =
  | { readonly outcome: 'added' | 'reused'; readonly file: KeptFile }
  /** What is in the store, or what the server gave for a hash, has another hash. */
  | { readonly outcome: 'anomaly'; readonly why: string }

/** Keeps a file at hand. @throws DebproofError OUTPUT */
export async function keepBytes(recorder: Recorder, bytes: Uint8Array, path: string): Promise<Kept> {
  const file = { path, sha256: sha256Of(bytes), size: bytes.length }
  const earlier = await look(recorder, file)
  if (earlier !== undefined) return earlier
  await recorder.writer.put(bytes, file.sha256)
  return { outcome: 'added', file }
}

/**
 * Keeps an index in the form that reading prefers, unless the store holds it in any form.
 *
 * @param directory the URL of the release file's directory, ending in `/`
 * @throws DebproofError as `readIndex`, and OUTPUT
 */
export async function keepIndex(
  recorder: Recorder,
  { directory, look: looks }: { readonly directory: URL; readonly look: 1 | 2 },
  release: VerifiedRelease,
  path: string,
  kind: IndexKind,
): Promise<Kept> {
  for (const { file } of indexForms(release, path)) {
    const earlier = await look(recorder, file)
    if (earlier !== undefined) return earlier
  }
  const { downloads, writer } = recorder
  const urls = (file: KeptFile): URL[] => indexUrls(directory, release, file)
  const request = { kind, wanted: NOTHING, refuseHidden: false }
  let asked = ''
  try {
    return await takeIndex(downloads, { urls, look: looks }, release, path, async (chunks, offered) => {
      asked = offered.url.href
      const { path: name, sha256, size } = offered.file
      const incoming = await writer.receive()
      await incoming.whole(() => scanIndex(incoming.keep(chunks), offered.compression, offered, request, asked))
      await incoming.place(objectPath(writer.folder, sha256))
      return { outcome: 'added', file: { path: name, sha256, size } }
    })
  } catch (error) {
    const isWrong = isDebproofError(error, 'INDEX_MISMATCH', 'COMPRESSION')
    // A name may hold something new by now, a hash may not.
    if (!isWrong || !asked.includes('/by-hash/SHA256/')) throw error
    return { outcome: 'anomaly', why: `What the server gave for a hash is not that: ${asked}: ${describeError(error)}` }
  }
}

const NOTHING = new WantedNames([])

/** What the store holds under this hash is hashed anew: nothing is confirmed that is no longer there. */
async function look(
  { downloads, reader, writer }: Recorder,
  { path, sha256, size }: KeptFile & { readonly sha256: Sha256 },
): Promise<Kept | undefined> {
  if (!(await writer.has(sha256))) return undefined
  try {
    const found = await downloads.digest(await reader.objectUrl(sha256), Math.max(size, MAX_INDEX))
    if (found.sha256 === sha256) return { outcome: 'reused', file: { path, sha256, size } }
  } catch (error) {
    // A link, a folder or a pipe in its place is as little the object as other bytes are.
    if (isDebproofError(error, 'EVIDENCE', 'NOT_FOUND')) return { outcome: 'anomaly', why: notThere(error, path) }
    if (!isDebproofError(error, 'TOO_LARGE')) throw error
  }
  return { outcome: 'anomaly', why: damagedObject(writer.folder, sha256, path).message }
}

function notThere(error: DebproofError, what: string): string {
  return `${error.message} It should be ${what}: restore that from a backup of the store.`
}

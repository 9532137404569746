import { readdir } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { sha256Of } from '../archive/hash.ts'
import { pairNamed, type ReleaseBytes, splitNamed } from '../archive/read-release.ts'
import { DebproofError, isDebproofError, systemErrorCode } from '../errors.ts'
import { MAX_RELEASE_FILE, MAX_SIGHTING, MAX_SIGHTINGS } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { type KeptFile, parseSighting, type Sighting } from './sighting.ts'
import {
  objectPath,
  objectUrl,
  parseSightingName,
  type SightingName,
  sightingPath,
  suiteFolder,
} from './store-layout.ts'

/** A store of evidence, as it is read: by `Downloads` alone, so that a run can be played back. */
export class StoreReader {
  readonly folder: string
  readonly #downloads: Downloads

  /** @param folder an absolute path */
  constructor(folder: string, downloads: Downloads) {
    this.folder = folder
    this.#downloads = downloads
  }

  /**
   * The names of the sightings of a suite, in no order; none where it was never recorded.
   * @throws DebproofError EVIDENCE, TOO_LARGE
   */
  async names(suite: string): Promise<SightingName[]> {
    const folder = suiteFolder(this.folder, suite)
    const names = await this.#downloads.names(new URL(`${pathToFileURL(folder).href}/`), () => listFolder(folder))
    if (names.length > MAX_SIGHTINGS) {
      throw new DebproofError('TOO_LARGE', `${folder} has more than ${MAX_SIGHTINGS} sightings: begin another store.`)
    }
    return names.flatMap((name) => parseSightingName(name) ?? [])
  }

  /** @throws DebproofError EVIDENCE, and as `Downloads` */
  async sighting(suite: string, name: SightingName): Promise<Sighting> {
    const place = sightingPath(this.folder, suite, name)
    const bytes = await this.#downloads.bytes(pathToFileURL(place), MAX_SIGHTING)
    return parseSighting(Buffer.from(bytes).toString('utf8'), place, name, suite)
  }

  /**
   * A release file as it was fetched.
   * @throws DebproofError INDEX_MISMATCH for an object that was changed, NOT_FOUND, RELEASE_MALFORMED
   */
  async release({ release }: Sighting): Promise<ReleaseBytes> {
    const [first, second] = release
    const text = await this.#object(first)
    const { href } = objectUrl(this.folder, first.sha256)
    if (second === undefined) return splitNamed(href, text)
    return pairNamed(href, text, objectUrl(this.folder, second.sha256).href, await this.#object(second))
  }

  async #object({ sha256, path: name }: KeptFile): Promise<Uint8Array> {
    const url = objectUrl(this.folder, sha256)
    let bytes: Uint8Array
    try {
      bytes = await this.#downloads.bytes(url, MAX_RELEASE_FILE)
    } catch (error) {
      if (!isDebproofError(error, 'NOT_FOUND')) throw error
      throw new DebproofError('NOT_FOUND', `The store has lost ${objectPath(this.folder, sha256)} (${name}).`)
    }
    if (sha256Of(bytes) !== sha256) throw damagedObject(this.folder, sha256, name)
    return bytes
  }
}

/** @param what what the archive called it */
export function damagedObject(folder: string, sha256: KeptFile['sha256'], what: string): DebproofError {
  return new DebproofError(
    'INDEX_MISMATCH',
    `${objectPath(folder, sha256)} (${what}) no longer hashes to its name: it was changed after it was recorded. ` +
      'Restore it from a backup of the store.',
  )
}

/** A folder that was never made is empty. */
async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw new DebproofError('EVIDENCE', `The store's folder ${folder} cannot be read`, { cause: error })
  }
}

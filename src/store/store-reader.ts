import { lstat, readdir } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { pairNamed, type ReleaseBytes, splitNamed } from '../archive/read-release.ts'
import { DebproofError, isDebproofError, systemErrorCode } from '../errors.ts'
import { MAX_RELEASE_FILE, MAX_SIGHTING, MAX_SIGHTINGS } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { refuseLinks } from './plain-path.ts'
import { type KeptFile, parseSighting, type Sighting } from './sighting.ts'
import {
  objectPath,
  objectUrl,
  parseSightingName,
  type SightingName,
  sightingPath,
  sightingsFolder,
  suiteFolder,
} from './store-layout.ts'

/** What a store has of one suite, by names. */
export interface SuiteListing {
  /** In no order; none where the suite was never recorded. */
  readonly names: readonly SightingName[]
  /** Why not all that lies there is known: what it would say is not. */
  readonly foreign?: DebproofError
}

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
   * Names that begin with a dot are no store's: file systems and other programs leave such.
   * @throws DebproofError EVIDENCE where there is no store, TOO_LARGE
   */
  async suite(suite: string): Promise<SuiteListing> {
    const folder = suiteFolder(this.folder, suite)
    const listed = await this.#downloads.names(new URL(`${pathToFileURL(folder).href}/`), () =>
      listFolder(this.folder, folder),
    )
    const files = listed.filter((name) => !name.startsWith('.'))
    if (files.length > MAX_SIGHTINGS) {
      throw new DebproofError('TOO_LARGE', `${folder} has more than ${MAX_SIGHTINGS} sightings: begin another store.`)
    }
    const names = files.flatMap((name) => parseSightingName(name) ?? [])
    const unknown = files.find((name) => parseSightingName(name) === undefined)
    if (unknown === undefined) return { names }
    return { names, foreign: foreignFile(`${folder}/${unknown}`) }
  }

  /** @throws DebproofError EVIDENCE, and as `Downloads` */
  async sighting(suite: string, name: SightingName): Promise<Sighting> {
    const place = sightingPath(this.folder, suite, name)
    await this.#refuseLinks(place)
    const bytes = await this.#downloads.bytes(pathToFileURL(place), MAX_SIGHTING)
    return parseSighting(Buffer.from(bytes).toString('utf8'), place, name, suite)
  }

  /**
   * A release file as it was fetched.
   * @throws DebproofError INDEX_MISMATCH for an object that was changed, EVIDENCE, NOT_FOUND, RELEASE_MALFORMED
   */
  async release({ release }: Sighting): Promise<ReleaseBytes> {
    const [first, second] = release
    const text = await this.#object(first)
    const { href } = objectUrl(this.folder, first.sha256)
    if (second === undefined) return splitNamed(href, text)
    return pairNamed(href, text, objectUrl(this.folder, second.sha256).href, await this.#object(second))
  }

  /**
   * Where an object is read.
   * @throws DebproofError EVIDENCE
   */
  async objectUrl(sha256: Sha256): Promise<URL> {
    await this.#refuseLinks(objectPath(this.folder, sha256))
    return objectUrl(this.folder, sha256)
  }

  async #object({ sha256, path: name }: KeptFile): Promise<Uint8Array> {
    const url = await this.objectUrl(sha256)
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

  /** Asked in the way of a listing, so that a run that is played back is told the same. */
  async #refuseLinks(file: string): Promise<void> {
    const place = pathToFileURL(file)
    place.hash = 'link'
    await this.#downloads.names(place, async () => {
      await refuseLinks(this.folder, file, 'EVIDENCE')
      return []
    })
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

function foreignFile(file: string): DebproofError {
  return new DebproofError(
    'EVIDENCE',
    `${file} is no sighting that this version of debproof knows, so that not all is known of what the store saw: use the ` +
      'version that wrote it, or take it out of the store where somebody added it.',
  )
}

/** A folder that was never made is empty, in a store that is there. */
async function listFolder(store: string, folder: string): Promise<string[]> {
  await refuseLinks(store, folder, 'EVIDENCE')
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' && (await isFolder(sightingsFolder(store)))) return []
    if (systemErrorCode(error) === 'ENOENT') {
      throw new DebproofError(
        'EVIDENCE',
        `There is no store of evidence at ${store}, of which the policy says what was seen before: restore it, make it ` +
          'with `debproof record`, or take it out of the policy.',
      )
    }
    throw new DebproofError('EVIDENCE', `The store's folder ${folder} cannot be read`, { cause: error })
  }
}

async function isFolder(place: string): Promise<boolean> {
  return await lstat(place).then(
    (status) => status.isDirectory(),
    () => false,
  )
}

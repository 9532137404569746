import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { sha256Of } from '../archive/hash.ts'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import { normalizedArchive } from './archive-url.ts'

/**
 * Where a store of evidence keeps what:
 *
 *     objects/<2 hex digits>/<SHA-256>   release files and indexes as they were fetched
 *     sightings/<suite>/<name>           one small file for each time that a suite was recorded, see SightingName
 *     incoming/                          what is being written, and what a killed process left
 *
 * Objects and sightings are never changed or removed, so a store can be copied, mirrored and backed up file by file.
 */
const OBJECTS = 'objects'
const SIGHTINGS = 'sightings'
const INCOMING = 'incoming'

/** What the name of a sighting says: enough to choose, so that few of them need be read. */
export interface SightingName {
  /** When the suite was recorded. */
  readonly seen: Date
  /** The release file's own Date. */
  readonly date: Date
  /** See `archiveDigest`. */
  readonly archive: string
  /** See ReleaseState: the same for any file that holds the same signed text. */
  readonly state: Sha256
  /** See `identityDigest`; absent in the names of the first stores, which did not say it. */
  readonly identity?: string
  /** The start of the SHA-256 of the sighting itself, which keeps apart what two processes write at once. */
  readonly content: string
}

const NAME =
  /^(?<seen>\d{8}T\d{6}\.\d{3}Z)_(?<date>\d{8}T\d{6}Z)_(?<archive>[0-9a-f]{16})_(?<state>[0-9a-f]{64})(?:_(?<identity>[0-9a-f]{16}))?_(?<content>[0-9a-f]{16})\.json$/

export function objectPath(folder: string, sha256: Sha256): string {
  return path.join(folder, OBJECTS, sha256.slice(0, 2), sha256)
}

export function objectUrl(folder: string, sha256: Sha256): URL {
  return pathToFileURL(objectPath(folder, sha256))
}

export function objectsFolder(folder: string): string {
  return path.join(folder, OBJECTS)
}

export function sightingsFolder(folder: string): string {
  return path.join(folder, SIGHTINGS)
}

export function incomingFolder(folder: string): string {
  return path.join(folder, INCOMING)
}

/** Whether a file in `incoming/` has a name as it is written there. */
export function isIncoming(name: string): boolean {
  return name.endsWith('.part')
}

/** A suite may be a path: `buster/updates`, `./`. */
export function suiteFolder(folder: string, suite: string): string {
  return path.join(sightingsFolder(folder), encodeURIComponent(suite).replaceAll('.', '%2E'))
}

export function sightingPath(folder: string, suite: string, name: SightingName): string {
  return path.join(suiteFolder(folder, suite), formatSightingName(name))
}

/** The suite whose folder has this name; undefined where it is no such folder. */
export function suiteOfFolder(name: string): string | undefined {
  try {
    const suite = decodeURIComponent(name)
    return path.basename(suiteFolder('', suite)) === name ? suite : undefined
  } catch {
    return undefined
  }
}

/** Tells archives apart in the names of sightings. */
export function archiveDigest(base: URL): string {
  return sha256Of(normalizedArchive(base)).slice(0, 16)
}

/** What the names without an identity have instead: of the URL as it was written. */
export function writtenArchiveDigest(base: URL): string {
  return sha256Of(base.href).slice(0, 16)
}

export function formatSightingName({ seen, date, archive, state, identity, content }: SightingName): string {
  const said = identity === undefined ? state : `${state}_${identity}`
  return `${compact(seen)}_${compact(date).replace('.000', '')}_${archive}_${said}_${content}.json`
}

/** Undefined for a name that is none, as of a file that somebody else put there. */
export function parseSightingName(name: string): SightingName | undefined {
  const parts = NAME.exec(name)?.groups
  if (parts === undefined) return undefined
  const seen = expand(parts['seen'] ?? '')
  const date = expand(parts['date'] ?? '')
  const state = parseSha256(parts['state'] ?? '')
  if (seen === undefined || date === undefined || state === undefined) return undefined
  const { archive = '', content = '', identity } = parts
  return { seen, date, state, archive, content, ...(identity === undefined ? {} : { identity }) }
}

/** `20261122T223057.123Z`. */
function compact(time: Date): string {
  return time.toISOString().replaceAll(/[-:]/g, '')
}

function expand(text: string): Date | undefined {
  const time = new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:'))
  return Number.isNaN(time.getTime()) || compact(time).replace('.000', '') !== text.replace('.000', '')
    ? undefined
    : time
}

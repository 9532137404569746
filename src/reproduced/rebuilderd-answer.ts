import { DebproofError } from '../errors.ts'
import { MAX_REBUILDERD_ANSWER, MAX_STATEMENT } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { type Document, fetchDocument } from './document.ts'
import { asArray, asInteger, type JsonArray, type JsonValue, memberOf, parseStrictJson } from './strict-json.ts'

/** Where a rebuilderd has attestations of a package, and what it says beside them and does not sign. */
export interface FoundAttestations {
  readonly urls: readonly URL[]
  readonly notes: readonly string[]
}

/**
 * What rebuilderd's interface answers to a question; undefined for a 404. Nothing of it is signed: it leads to
 * attestations and is believed in nothing.
 *
 * @throws DebproofError FETCH also for what is no answer to the question, such as a login page; TOO_LARGE, OFFLINE
 */
export async function fetchAnswer(downloads: Downloads, url: URL): Promise<JsonValue | undefined> {
  const document = await fetchDocument(downloads, url, MAX_REBUILDERD_ANSWER)
  if (document === undefined) return undefined
  try {
    return parseStrictJson(document.bytes, url.href, { limit: MAX_REBUILDERD_ANSWER, numbers: 'any' })
  } catch (error) {
    throw new DebproofError('FETCH', `${url.href} did not answer as rebuilderd does`, { cause: error })
  }
}

/** The attestation at a URL; undefined for a 404. @throws DebproofError as fetchAnswer does */
export async function fetchAttestation(downloads: Downloads, url: URL): Promise<Document | undefined> {
  const document = await fetchDocument(downloads, url, MAX_STATEMENT)
  // A page about something else is no statement that fails: nobody knows what the service has.
  if (
    document !== undefined &&
    !/^[ \t\r\n]*\{/.test(Buffer.from(document.bytes.subarray(0, 1024)).toString('latin1'))
  ) {
    throw noAnswer(url, 'it is no JSON object')
  }
  return document
}

/** The items of a list, each by its reader, which gives undefined for what it cannot be. */
export function readItems<T>(value: JsonValue | undefined, read: (item: JsonValue) => T | undefined, url: URL): T[] {
  const items: JsonArray | undefined = asArray(value)
  if (items === undefined) throw noAnswer(url, 'there is no list in it')
  return items.map((item, index) => {
    const known = read(item)
    if (known === undefined) throw noAnswer(url, `item ${index + 1} of its list lacks what such an item has`)
    return known
  })
}

export function noAnswer(url: URL, problem: string): DebproofError {
  return new DebproofError('FETCH', `${url.href} did not answer as rebuilderd does: ${problem}.`)
}

/** The id that a record has under a name; undefined for null. */
export function asId(record: JsonValue, name: string): number | undefined {
  const id = asInteger(memberOf(record, name))
  return id === undefined || id < 0 ? undefined : id
}

/** The last part of a URL's path, as a file name. */
export function fileNameIn(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname } = new URL(url)
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))
  } catch {
    return undefined
  }
}

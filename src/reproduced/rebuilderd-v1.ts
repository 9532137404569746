import { parseVersion } from '../archive/identity.ts'
import { urlBelow } from '../archive/path-below.ts'
import { MAX_REBUILDERD_BUILDS, MAX_REBUILDERD_PAGES, REBUILDERD_PAGE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { asId, type FoundAttestations, fetchAnswer, fileNameIn, noAnswer, readItems } from './rebuilderd-answer.ts'
import type { RebuiltPackage } from './statement.ts'
import { asInteger, asString, type JsonValue, memberOf } from './strict-json.ts'

/**
 * Where rebuilderd 0.26 and later has attestations of a package (`/api/v1`, contrib/docs/rebuilderd-v1.yml);
 * undefined where it does not have this interface.
 *
 * @param base of the service, ending in `/`
 * @throws DebproofError FETCH, TOO_LARGE, OFFLINE
 */
export async function findAttestationsV1(
  downloads: Downloads,
  base: URL,
  rebuilt: RebuiltPackage,
): Promise<FoundAttestations | undefined> {
  const { name, version, architecture, fileName } = rebuilt
  const question = questionOf(base, 'packages/binary', { name, version, architecture })
  const records = await fetchPages(downloads, question, readPackage)
  if (records === undefined) return undefined
  const ours = records.filter(
    (record) =>
      record.name === name &&
      parseVersion(record.version) === version &&
      record.architecture === architecture &&
      fileNameIn(record.url) === fileName,
  )
  const attested = new Map<number, URL>()
  for (const { build, artifact, attestation } of ours) {
    // One build answers for a package in several releases, with one attestation.
    if (build === undefined || artifact === undefined || attestation === undefined) continue
    attested.set(attestation, attestationUrl(base, build, artifact))
  }
  if (attested.size > 0) return { urls: [...attested.values()], notes: [] }
  const notes = [...new Set(ours.map(({ status }) => status))].map((status) => `it calls it ${status}, unsigned`)
  if (ours.every(({ build }) => build === undefined)) return { urls: [], notes }
  const { urls, unread } = await findInHistory(downloads, base, rebuilt, new Set(ours.map(({ build }) => build)))
  if (unread === 0) return { urls, notes }
  const cut = `its ${unread} oldest builds were not looked into`
  return { urls, notes: [[...notes, cut].join('; ')] }
}

/**
 * `packages/binary` knows the latest build alone, and one that failed hides an earlier one that did not: the newest
 * earlier build with an attestation is looked for.
 */
async function findInHistory(
  downloads: Downloads,
  base: URL,
  { name, source }: RebuiltPackage,
  known: ReadonlySet<number | undefined>,
): Promise<{ readonly urls: URL[]; readonly unread: number }> {
  const question = questionOf(base, 'builds', { name: source.name, version: source.version })
  const builds = (await fetchPages(downloads, question, readBuild)) ?? []
  const earlier = builds
    .filter((build) => build.name === source.name && parseVersion(build.version) === source.version)
    .map(({ id }) => id)
    .filter((id) => !known.has(id))
    .sort((one, other) => other - one)
  for (const build of earlier.slice(0, MAX_REBUILDERD_BUILDS)) {
    const url = urlBelow(base, `api/v1/builds/${build}/artifacts`)
    const answer = await fetchAnswer(downloads, url)
    if (answer === undefined) continue
    const attested = readItems(answer, readArtifact, url).filter((each) => each.name === name && each.isAttested)
    if (attested.length > 0) return { urls: attested.map(({ id }) => attestationUrl(base, build, id)), unread: 0 }
  }
  return { urls: [], unread: Math.max(0, earlier.length - MAX_REBUILDERD_BUILDS) }
}

function questionOf(base: URL, path: string, asked: Readonly<Record<string, string>>): URL {
  const url = urlBelow(base, `api/v1/${path}`)
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  // Without it a page ends after a thousand records and does not say so.
  url.searchParams.set('limit', String(REBUILDERD_PAGE))
  return url
}

function attestationUrl(base: URL, build: number, artifact: number): URL {
  return urlBelow(base, `api/v1/builds/${build}/artifacts/${artifact}/attestation`)
}

/** All pages of an answer: `total` counts what there is, `after` asks for records with higher ids. */
async function fetchPages<T extends { readonly id: number }>(
  downloads: Downloads,
  question: URL,
  read: (record: JsonValue) => T | undefined,
): Promise<T[] | undefined> {
  const records = new Map<number, T>()
  let last = 0
  for (let page = 1; ; page++) {
    const url = new URL(question)
    const before = records.size
    if (before > 0) url.searchParams.set('after', String(last))
    const answer = await fetchAnswer(downloads, url)
    if (answer === undefined && page === 1) return undefined
    const total = asInteger(memberOf(answer, 'total'))
    if (total === undefined || total < 0) throw noAnswer(url, 'it does not say how many records there are')
    for (const record of readItems(memberOf(answer, 'records'), read, url)) {
      if (records.has(record.id)) throw noAnswer(url, `it has the record ${record.id} twice`)
      records.set(record.id, record)
      last = Math.max(last, record.id)
    }
    if (records.size === total) return [...records.values()]
    if (records.size > total || records.size === before) {
      throw noAnswer(url, `it says that there are ${total} records and has ${records.size}`)
    }
    if (page === MAX_REBUILDERD_PAGES) throw noAnswer(url, `it has ${total} records of one package, too many to read`)
  }
}

interface PackageRecord {
  readonly id: number
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly url: string
  /** GOOD, BAD, UNKWN; `not built` where it never was. */
  readonly status: string
  /** Absent where it was never built. */
  readonly build: number | undefined
  readonly artifact: number | undefined
  /** Absent where the bytes differed or the build failed. */
  readonly attestation: number | undefined
}

function readPackage(record: JsonValue): PackageRecord | undefined {
  const id = asId(record, 'id')
  const name = asString(memberOf(record, 'name'))
  const version = asString(memberOf(record, 'version'))
  const architecture = asString(memberOf(record, 'architecture'))
  const url = asString(memberOf(record, 'url'))
  if (id === undefined || name === undefined || version === undefined) return undefined
  if (architecture === undefined || url === undefined) return undefined
  const [build, artifact] = [asId(record, 'build_id'), asId(record, 'artifact_id')]
  const written = asString(memberOf(record, 'status')) ?? ''
  const status = /^[A-Z]{1,10}$/.test(written) ? written : 'not built'
  return {
    id,
    name,
    version,
    architecture,
    url,
    status,
    build,
    artifact,
    attestation: asId(record, 'attestation_log_id'),
  }
}

function readBuild(record: JsonValue): { readonly id: number; name: string; version: string } | undefined {
  const id = asId(record, 'id')
  const name = asString(memberOf(record, 'name'))
  const version = asString(memberOf(record, 'version'))
  return id === undefined || name === undefined || version === undefined ? undefined : { id, name, version }
}

function readArtifact(record: JsonValue): { readonly id: number; name: string; isAttested: boolean } | undefined {
  const id = asId(record, 'id')
  const name = asString(memberOf(record, 'name'))
  const isAttested = memberOf(record, 'has_attestation')
  return id === undefined || name === undefined || typeof isAttested !== 'boolean'
    ? undefined
    : { id, name, isAttested }
}

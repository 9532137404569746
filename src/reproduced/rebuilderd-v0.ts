import { parseVersion } from '../archive/identity.ts'
import { urlBelow } from '../archive/path-below.ts'
import type { Downloads } from '../net/downloads.ts'
import { asId, type FoundAttestations, fetchAnswer, fileNameIn, readItems } from './rebuilderd-answer.ts'
import type { RebuiltPackage } from './statement.ts'
import { asString, type JsonValue, memberOf } from './strict-json.ts'

/**
 * Where rebuilderd up to 0.25 has attestations of a package (`/api/v0`); undefined where it does not have this
 * interface. The architecture is asked for in no way but the file name: the interface means that of the build. For a
 * build of several files it may give the attestation of a sibling, so what the link says of itself decides.
 *
 * @param base of the service, ending in `/`
 * @throws DebproofError FETCH, TOO_LARGE, OFFLINE
 */
export async function findAttestationsV0(
  downloads: Downloads,
  base: URL,
  { name, version, fileName }: RebuiltPackage,
): Promise<FoundAttestations | undefined> {
  const url = urlBelow(base, 'api/v0/pkgs/list')
  url.searchParams.set('name', name)
  const answer = await fetchAnswer(downloads, url)
  if (answer === undefined) return undefined
  const builds = readItems(answer, readPackage, url)
    .filter((record) => record.name === name && parseVersion(record.version) === version)
    .filter((record) => record.isAttested && fileNameIn(record.url) === fileName)
    .flatMap(({ build }) => (build === undefined ? [] : [build]))
  const urls = [...new Set(builds)].map((build) => urlBelow(base, `api/v0/builds/${build}/attestation`))
  return { urls, notes: [] }
}

interface PackageRecord {
  readonly name: string
  readonly version: string
  readonly url: string
  readonly isAttested: boolean
  /** Absent where it was never built. */
  readonly build: number | undefined
}

function readPackage(record: JsonValue): PackageRecord | undefined {
  const name = asString(memberOf(record, 'name'))
  const version = asString(memberOf(record, 'version'))
  const url = asString(memberOf(record, 'artifact_url'))
  if (name === undefined || version === undefined || url === undefined) return undefined
  const isAttested = memberOf(record, 'has_attestation') === true
  return { name, version, url, isAttested, build: asId(record, 'build_id') }
}

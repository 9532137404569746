import { posix } from 'node:path'
import { DebproofError } from '../errors.ts'
import { MAX_STATEMENT } from '../limits.ts'
import { attestationsOf, distinctSources, STEP, sha256In, sourceInput, TOO_MANY_SOURCES } from './in-toto-link.ts'
import type { Attestation, NamedSource, RebuiltPackage } from './statement.ts'
import { asArray, asString, type JsonValue, memberOf, parseStrictJson } from './strict-json.ts'

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
const LINK = 'https://in-toto.io/attestation/link/v0.3'
const PROVENANCE = 'https://slsa.dev/provenance/v1'

/** The build types of OSS Rebuild: of these, one says what came out of a rebuild. */
const OSS_REBUILD = 'https://docs.oss-rebuild.dev/builds/'
const OSS_REBUILD_BUILD = `${OSS_REBUILD}Rebuild@v0.1`

/** Statements that are about something else, or are a verifier's summary: none says "I built this". */
const NOT_BUILDS: readonly (readonly [prefix: string, what: string])[] = [
  ['https://slsa.dev/verification_summary/', 'is a summary of what a verifier checked, not a build'],
  ['https://in-toto.io/attestation/svr/', 'is a summary of what a verifier checked, not a build'],
  ['https://in-toto.io/attestation/scai/', 'is a claim about an artifact, not a build'],
  ['https://in-toto.io/attestation/test-result/', 'is the result of a test, not a build'],
]

/** What a statement says of one file, and of its own time. */
interface InTotoStatement {
  readonly attestations: readonly Attestation[]
  readonly date: Date | undefined
}

/** What a predicate means here: by which names it calls what was built, of what, and when. */
interface Build {
  readonly subjectPrefix: string
  readonly sources: readonly NamedSource[]
  readonly date: Date | undefined
}

/**
 * Reads an in-toto Statement v1 as the result of a build: by its predicate a link (v0.3) of the step `rebuild`, or
 * SLSA provenance (v1). Two subjects with the name of our file and two hashes are two attestations, and whoever
 * judges sees the contradiction.
 *
 * @param payload what a signature covers, and no more
 * @throws DebproofError STATEMENT
 */
export function readInTotoStatement(payload: Uint8Array, { fileName }: RebuiltPackage): InTotoStatement {
  const json = parseStrictJson(payload, 'The payload', { limit: MAX_STATEMENT, numbers: 'any' })
  if (memberOf(json, '_type') !== STATEMENT_TYPE) throw refused(`is not of type ${STATEMENT_TYPE}`)
  const subjects = asArray(memberOf(json, 'subject'))
  if (subjects === undefined || subjects.length === 0) throw refused('has no subject')
  const { subjectPrefix, sources, date } = readBuild(json)
  const hashes = subjects
    .filter((subject) => memberOf(subject, 'name') === `${subjectPrefix}${fileName}`)
    .map((subject) => {
      const sha256 = sha256In(memberOf(subject, 'digest'))
      if (sha256 === undefined) throw refused(`lists ${fileName} without a SHA-256`)
      return sha256
    })
  return { attestations: attestationsOf(fileName, hashes, sources), date }
}

function readBuild(statement: JsonValue): Build {
  const type = asString(memberOf(statement, 'predicateType')) ?? ''
  const predicate = memberOf(statement, 'predicate')
  if (type === LINK) {
    const name = asString(memberOf(predicate, 'name')) ?? ''
    if (name !== STEP && !name.startsWith(`${STEP} `)) throw refused(`is a link of another step than ${STEP}`)
    const materials = asArray(memberOf(predicate, 'materials')) ?? []
    return { subjectPrefix: '', sources: sourcesAmong(materials), date: undefined }
  }
  if (type === PROVENANCE) return readProvenance(predicate)
  const [, what] = NOT_BUILDS.find(([prefix]) => type.startsWith(prefix)) ?? []
  throw refused(what ?? `has the predicate ${JSON.stringify(type.slice(0, 200))}, which is no known kind of build`)
}

/** SLSA 1.0, provenance. */
function readProvenance(predicate: JsonValue | undefined): Build {
  const buildType = asString(memberOf(predicate, 'buildDefinition', 'buildType')) ?? ''
  if (buildType === '') throw refused('is provenance without a buildType')
  if (buildType.includes('ArtifactEquivalence')) {
    // Its subject is upstream's file, which it names whatever came out of the rebuild.
    throw refused('says that two files are equal after parts of them were taken out, not that they are identical')
  }
  if (buildType.startsWith(OSS_REBUILD) && buildType !== OSS_REBUILD_BUILD) {
    throw refused(`has the buildType ${JSON.stringify(buildType.slice(0, 200))}, which is not known`)
  }
  const dependencies = asArray(memberOf(predicate, 'buildDefinition', 'resolvedDependencies')) ?? []
  const finishedOn = memberOf(predicate, 'runDetails', 'metadata', 'finishedOn')
  return {
    subjectPrefix: buildType === OSS_REBUILD_BUILD ? 'rebuild/' : '',
    sources: sourcesAmong(dependencies),
    date: finishedOn === undefined ? undefined : parseTimestamp(finishedOn),
  }
}

function sourcesAmong(descriptors: readonly JsonValue[]): readonly NamedSource[] {
  const sources = distinctSources(descriptors.flatMap(sourcesOf))
  if (sources === undefined) throw refused(TOO_MANY_SOURCES)
  return sources
}

/** A ResourceDescriptor (in-toto Attestation Framework v1), by its name or else by its URI. */
function sourcesOf(descriptor: JsonValue): NamedSource[] {
  const digest = memberOf(descriptor, 'digest')
  const named = sourceInput(asString(memberOf(descriptor, 'name')) ?? '', digest)
  return named.length > 0 ? named : sourceInput(fileNameOfUri(asString(memberOf(descriptor, 'uri')) ?? ''), digest)
}

/** The last part of a URI's path, unescaped as far as it can be. */
function fileNameOfUri(uri: string): string {
  const end = uri.search(/[?#]/)
  const written = posix.basename(end === -1 ? uri : uri.slice(0, end))
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}

/** RFC 3339. */
function parseTimestamp(value: JsonValue): Date {
  const text = asString(value) ?? ''
  const time = new Date(text)
  const isWritten = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text)
  if (!isWritten || Number.isNaN(time.getTime())) throw refused('has a finishedOn that is no time')
  return time
}

function refused(problem: string): DebproofError {
  return new DebproofError('STATEMENT', `The signed statement ${problem}.`)
}

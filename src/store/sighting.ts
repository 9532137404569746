import * as v from 'valibot'
import { sha256Of } from '../archive/hash.ts'
import { parseFingerprint, parseSha256, type Sha256 } from '../archive/identity.ts'
import { isPathBelow } from '../archive/path-below.ts'
import { DebproofError } from '../errors.ts'
import { identityDigest, type ReleaseIdentity } from './release-state.ts'
import { archiveDigest, formatSightingName, type SightingName, writtenArchiveDigest } from './store-layout.ts'

/** A file that a store keeps, and under which name the archive had it. */
export interface KeptFile {
  /** `InRelease`, or an index's path in the release file with its suffix. */
  readonly path: string
  readonly sha256: Sha256
  readonly size: number
}

/** That a suite was seen in a state. What it says was true for who recorded; only what is signed proves anything. */
export interface Sighting {
  /** The archive's URL, ending in `/`. */
  readonly archive: URL
  readonly suite: string
  readonly seen: Date
  readonly date: Date
  /** See `releaseState`. */
  readonly state: Sha256
  readonly identity: ReleaseIdentity
  /** Primary fingerprints. */
  readonly signers: readonly string[]
  /** `InRelease`, or `Release` and `Release.gpg`. */
  readonly release: readonly [KeptFile] | readonly [KeptFile, KeptFile]
  /** The indexes that the store holds of this state. */
  readonly indexes: readonly KeptFile[]
}

const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  v.transform((text) => new Date(text)),
  v.check((date) => !Number.isNaN(date.getTime())),
)
const sha256 = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseSha256(dataset.value)
    if (parsed !== undefined) return parsed
    addIssue({ message: 'is no SHA-256' })
    return NEVER
  }),
)
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const url = v.pipe(
  v.string(),
  v.regex(/^(?:https?|file):.*\/$/),
  v.check((text) => URL.canParse(text) && new URL(text).href === text),
  v.transform((text) => new URL(text)),
)
const field = v.pipe(
  v.nullable(v.string()),
  v.transform((text) => text ?? undefined),
)
const indexPath = v.pipe(v.string(), v.check(isPathBelow))
const fingerprint = v.pipe(
  v.string(),
  v.check((text) => parseFingerprint(text) === text),
)

const VERSION = 1

const sightingSchema = v.strictObject({
  version: v.literal(VERSION),
  archive: url,
  suite: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  seen: time,
  date: time,
  state: sha256,
  origin: field,
  label: field,
  codename: field,
  signers: v.pipe(v.array(fingerprint), v.minLength(1)),
  release: v.union([
    v.strictTuple([v.strictObject({ path: v.literal('InRelease'), sha256, size })]),
    v.strictTuple([
      v.strictObject({ path: v.literal('Release'), sha256, size }),
      v.strictObject({ path: v.literal('Release.gpg'), sha256, size }),
    ]),
  ]),
  indexes: v.array(v.strictObject({ path: indexPath, sha256, size })),
})

export function formatSighting(sighting: Sighting): string {
  const { archive, suite, seen, date, state, identity, signers, release, indexes } = sighting
  const { origin = null, label = null, codename = null } = identity
  const where = {
    version: VERSION,
    archive: archive.href,
    suite,
    seen: seen.toISOString(),
    date: date.toISOString(),
    state,
  }
  return `${JSON.stringify({ ...where, origin, label, codename, signers, release, indexes }, null, 1)}\n`
}

/** The name under which a sighting is kept, and what it begins the listing with. */
export function sightingName(sighting: Sighting): string {
  const { seen, date, state, identity } = sighting
  const archive = archiveDigest(sighting.archive)
  return formatSightingName({
    seen,
    date,
    state,
    archive,
    identity: identityDigest(identity),
    content: digest(sighting),
  })
}

/** Under which name the first stores kept it. */
function earlierName(sighting: Sighting): string {
  const { seen, date, state } = sighting
  return formatSightingName({
    seen,
    date,
    state,
    archive: writtenArchiveDigest(sighting.archive),
    content: digest(sighting),
  })
}

function digest(sighting: Sighting): string {
  return sha256Of(formatSighting(sighting)).slice(0, 16)
}

/**
 * @param file names it in errors
 * @param name what its name says: it must say the same as the file
 * @throws DebproofError EVIDENCE
 */
export function parseSighting(text: string, file: string, name: SightingName, suite: string): Sighting {
  const damaged = (why: string): DebproofError =>
    new DebproofError(
      'EVIDENCE',
      `The sighting ${file} ${why}: restore it from a backup of the store, or take it out where somebody added it.`,
    )
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw damaged('is no JSON')
  }
  const version = v.safeParse(v.looseObject({ version: v.number() }), json)
  if (version.success && version.output.version !== VERSION) {
    throw new DebproofError(
      'EVIDENCE',
      `The sighting ${file} is of another format (version ${version.output.version}): use the debproof that wrote it.`,
    )
  }
  const parsed = v.safeParse(sightingSchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw damaged(`is not as \`debproof record\` wrote it (${v.getDotPath(issue)?.slice(0, 200) ?? 'the file'})`)
  }
  const { origin, label, codename, version: _, ...rest } = parsed.output
  const sighting = { ...rest, identity: { origin, label, codename } }
  const written = name.identity === undefined ? earlierName(sighting) : sightingName(sighting)
  if (sighting.suite !== suite || written !== formatSightingName(name)) {
    throw damaged('does not say what its name says')
  }
  return sighting
}

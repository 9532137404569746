import { DebproofError } from '../errors.ts'
import { MAX_FUTURE_SECONDS, MAX_RELEASE_ENTRIES, MAX_SIGNED_AFTER_DATE, MAX_SIGNED_BEFORE_DATE } from '../limits.ts'
import { parseArchiveDate } from './archive-date.ts'
import type { Stanza } from './deb822.ts'
import { sha256Of } from './hash.ts'
import { parseSha256, parseSha512, type Sha256, type Sha512 } from './identity.ts'
import type { Keyring } from './keyring.ts'
import { isPathBelow } from './path-below.ts'
import { parseReleaseFields } from './release-fields.ts'
import { PAST, PRESENT, type Signer, verifySignatures } from './signature.ts'
import type { SignedText } from './signed-text.ts'

/** What the release file says of one file below it. */
export interface ReleaseEntry {
  readonly path: string
  readonly size: number
  readonly sha256: Sha256
  readonly sha512?: Sha512
}

declare const verified: unique symbol

/** A release file whose signatures, dates and suite were checked. Made by `verifyRelease` and nothing else. */
export interface VerifiedRelease {
  readonly [verified]: true
  /** The digest of the signed text: what the signatures cover, without armor. */
  readonly sha256: Sha256
  readonly size: number
  readonly suite: string | undefined
  readonly codename: string | undefined
  readonly date: Date
  readonly validUntil: Date | undefined
  readonly architectures: readonly string[]
  readonly acquireByHash: boolean
  /** False where binary-all indexes must not be read although `all` is listed. */
  readonly hasArchitectureAllIndex: boolean
  readonly signers: readonly Signer[]
  readonly entries: ReadonlyMap<string, ReleaseEntry>
  /** Files that are listed with weaker hashes only: they are there, and cannot be checked. */
  readonly unhashed: ReadonlySet<string>
}

export interface ReleaseExpectation {
  readonly keyring: Keyring
  /** The clock. */
  readonly at: Date
  /** The suite asked for; absent to take any (`inspect`), and not compared where it is a path such as `./`. */
  readonly suite?: string
  /** The Suite or Codename that it must have instead, also where the suite asked for is a path. */
  readonly releaseName?: string
  /** Milliseconds that a release file may be old, whatever its Valid-Until; absent: any age will do. */
  readonly maxAge?: number
  /**
   * Set for a past state that a snapshot service or a store of evidence kept: it was valid then, so Valid-Until is not
   * compared, and it may have been signed anew after `at`, with keys that are then judged at that time. Instead, one
   * signature must have been made within an hour of its Date.
   */
  readonly past?: boolean
  /** When a past state was served: it must have been valid then. */
  readonly servedAt?: Date
}

/**
 * Judges a release file: signatures first, then the fields of the bytes that they cover.
 *
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, RELEASE_TIME, RELEASE_SUITE
 */
export async function verifyRelease(
  signed: SignedText,
  { keyring, at, suite, releaseName, maxAge, past = false, servedAt }: ReleaseExpectation,
): Promise<VerifiedRelease> {
  const signers = await verifySignatures(signed, keyring, at, past ? PAST : PRESENT)
  const fields = parseReleaseFields(signed.text)
  const date = dateIn(fields, 'date')
  if (date === undefined) throw new DebproofError('RELEASE_MALFORMED', 'The release file has no Date.')
  const validUntil = dateIn(fields, 'valid-until')
  if (past) checkSignedAtDate(date, signers)
  if (past && servedAt !== undefined) checkDates(date, validUntil, servedAt, undefined)
  if (!past) checkDates(date, validUntil, at, maxAge)
  const release = {
    sha256: sha256Of(signed.text),
    size: signed.text.length,
    suite: fields.get('suite'),
    codename: fields.get('codename'),
    date,
    validUntil,
    architectures: words(fields, 'architectures'),
    acquireByHash: fields.get('acquire-by-hash')?.toLowerCase() === 'yes',
    hasArchitectureAllIndex: readsArchitectureAll(fields),
    signers,
    ...parseEntries(fields),
  }
  if (suite !== undefined) checkSuite(suite, releaseName, release)
  return release as unknown as VerifiedRelease
}

/**
 * apt reads binary-all where `all` is an architecture of the suite, or where the suite names none, unless the release
 * file rules it out (apt's debReleaseIndex::IsArchitectureAllSupportedFor). Its words are taken as apt takes them, case
 * and all: of an index too many, something could be proven that the build's apt never saw.
 */
function readsArchitectureAll(fields: Stanza): boolean {
  const architectures = words(fields, 'architectures')
  const unsupported = words(fields, 'no-support-for-architecture-all')
  return (architectures.length === 0 || architectures.includes('all')) && !unsupported.includes('Packages')
}

/** Undefined where there is none, and where it is empty, which is none for apt too. */
function dateIn(fields: Stanza, name: 'date' | 'valid-until'): Date | undefined {
  const value = fields.get(name) ?? ''
  if (value === '') return undefined
  const date = parseArchiveDate(value)
  if (date === undefined) {
    throw new DebproofError(
      'RELEASE_MALFORMED',
      `The release file has an unreadable date: ${JSON.stringify(value.slice(0, 200))}.`,
    )
  }
  return date
}

/** apt-secure(8), apt.conf(5) Acquire::Max-FutureTime, Check-Valid-Until. */
function checkDates(date: Date, validUntil: Date | undefined, at: Date, maxAge: number | undefined): void {
  if (date.getTime() > at.getTime() + MAX_FUTURE_SECONDS * 1000) {
    throw new DebproofError(
      'RELEASE_TIME',
      `The release file is dated ${date.toISOString()}, after ${at.toISOString()}: check the clock, or --at.`,
    )
  }
  if (validUntil !== undefined && validUntil.getTime() < at.getTime()) {
    throw new DebproofError(
      'RELEASE_TIME',
      `The release file expired at ${validUntil.toISOString()} (Valid-Until), before ${at.toISOString()}: ` +
        'the server is stale; use another one, or --at for a past build.',
    )
  }
  // As apt's Max-ValidTime: of this and Valid-Until the earlier end counts, for an archive may promise years.
  if (maxAge !== undefined && date.getTime() < at.getTime() - maxAge) {
    throw new DebproofError(
      'RELEASE_TIME',
      `The release file is dated ${date.toISOString()}, more than max-age before ${at.toISOString()}: ` +
        'the server is stale; use another one, or allow a higher max-age.',
    )
  }
}

/** Whoever got hold of a key after its time could sign an invented past; a date that nobody signed at says nothing. */
function checkSignedAtDate(date: Date, signers: readonly Signer[]): void {
  const isTimely = ({ signedAt }: Signer): boolean => {
    const later = signedAt.getTime() - date.getTime()
    return later >= -MAX_SIGNED_BEFORE_DATE && later <= MAX_SIGNED_AFTER_DATE
  }
  if (signers.some(isTimely)) return
  const times = signers.map(({ signedAt }) => signedAt.toISOString()).join(', ')
  throw new DebproofError(
    'RELEASE_TIME',
    `The release file is dated ${date.toISOString()} and was not signed within an hour of it, but at ${times}: ` +
      'a past state cannot be read from an archive that signs with dates of its own choosing.',
  )
}

/**
 * Suite names move from release to release, codenames do not; `buster/updates` has the codename `buster`. Where the path
 * of a suite is neither, whoever trusts the archive says its name: another suite that the same keys sign has another one.
 */
function checkSuite(
  asked: string,
  declared: string | undefined,
  release: { suite: string | undefined; codename: string | undefined },
): void {
  if (declared === undefined && asked.endsWith('/')) return
  const names = declared === undefined ? [asked, asked.replace(/\/updates$/, '')] : [declared]
  if (names.some((name) => name === release.codename || name === release.suite)) return
  const carried = Object.entries({ Codename: release.codename, Suite: release.suite }).flatMap(([field, name = '']) =>
    name === '' ? [] : [{ field, name: JSON.stringify(name.slice(0, 200)) }],
  )
  const [first] = carried
  const says = carried.map(({ field, name }) => `${field} ${name}`).join(' and ') || 'neither Codename nor Suite'
  if (declared !== undefined) {
    const why = `The release file of suite ${asked} must be for ${declared} (release-name), and it says ${says}.`
    throw new DebproofError('RELEASE_SUITE', why)
  }
  const hint =
    first === undefined
      ? 'Nothing in it tells of which suite it is: ask its owner for a Codename.'
      : `Where this is the suite that is meant, a policy says so: \`release-name: ${first.name}\`.`
  throw new DebproofError('RELEASE_SUITE', `Suite ${asked} was asked for, but the release file says ${says}. ${hint}`)
}

/**
 * Debian's repository format, "MD5Sum, SHA1, SHA256". Every section must give a file the same size; SHA-256 must
 * be there, SHA-512 is checked too where it is.
 */
function parseEntries(fields: Stanza): Pick<VerifiedRelease, 'entries' | 'unhashed'> {
  const rows = parseSection(fields, 'sha256')
  const strong = parseSection(fields, 'sha512')
  const weak = [parseSection(fields, 'md5sum'), parseSection(fields, 'sha1'), strong]
  const entries = new Map<string, ReleaseEntry>()
  for (const [path, { hash, size }] of rows) {
    const sha256 = parseSha256(hash)
    if (sha256 === undefined) throw malformedEntry(`${hash.slice(0, 200)} is not a SHA-256`, path)
    for (const section of weak) {
      const other = section.get(path)
      if (other !== undefined && other.size !== size) throw malformedEntry('has two sizes', path)
    }
    const text = strong.get(path)?.hash
    const sha512 = text === undefined ? undefined : parseSha512(text)
    if (text !== undefined && sha512 === undefined)
      throw malformedEntry(`${text?.slice(0, 200)} is not a SHA-512`, path)
    entries.set(path, { path, size, sha256, ...(sha512 === undefined ? {} : { sha512 }) })
  }
  if (entries.size === 0) {
    throw new DebproofError('RELEASE_MALFORMED', 'The release file lists no file with its SHA-256.')
  }
  for (const path of strong.keys()) {
    // apt takes either hash as proof: a file that only it would read is not passed over.
    if (!entries.has(path)) throw malformedEntry('with a SHA-512 and without a SHA-256', path)
  }
  const unhashed = weak.flatMap((section) => [...section.keys()]).filter((path) => !entries.has(path))
  return { entries, unhashed: new Set(unhashed) }
}

function parseSection(fields: Stanza, name: string): Map<string, { hash: string; size: number }> {
  const rows = new Map<string, { hash: string; size: number }>()
  for (const line of (fields.get(name) ?? '').split('\n')) {
    if (line === '') continue
    const [hash, sizeText, path, ...rest] = line.split(/[ \t]+/)
    if (hash === undefined || sizeText === undefined || path === undefined || rest.length > 0) {
      throw new DebproofError(
        'RELEASE_MALFORMED',
        `The release file has a bad row in ${name}: ${JSON.stringify(line.slice(0, 200))}.`,
      )
    }
    // apt asks for `Packages`, never for `./Packages`: such a row is for nobody.
    if (path.startsWith('./')) continue
    const size = Number(sizeText)
    if (!/^\d{1,15}$/.test(sizeText))
      throw malformedEntry(`has the size ${JSON.stringify(sizeText.slice(0, 200))}`, path)
    if (!isPathBelow(path)) throw malformedEntry('is not a path below the release file', path)
    const other = rows.get(path)
    if (other !== undefined) {
      // apt takes the first of them, and who reads a file into a table the last.
      if (other.hash !== hash || other.size !== size) throw malformedEntry('is listed twice, and not alike', path)
      continue
    }
    if (rows.size >= MAX_RELEASE_ENTRIES) {
      throw new DebproofError('RELEASE_MALFORMED', `The release file lists more than ${MAX_RELEASE_ENTRIES} files.`)
    }
    rows.set(path, { hash, size })
  }
  return rows
}

/**
 * The words of a field by which apt chooses indexes. It splits at the space alone, so that a tab or a folded line makes
 * one word of what people read as two, and its white space at the ends is more than deb822's: neither is guessed at.
 */
function words(fields: Stanza, name: string): string[] {
  const value = fields.get(name)
  if (value === undefined) return []
  if (!/^[ -~]*$/.test(value)) {
    throw new DebproofError(
      'RELEASE_MALFORMED',
      `The release file has a field ${name} with other characters than words and spaces between them, which apt and ` +
        `others read in different ways: ${JSON.stringify(value.slice(0, 200))}.`,
    )
  }
  return value.split(/ +/).filter((word) => word !== '')
}

function malformedEntry(problem: string, path: string): DebproofError {
  return new DebproofError(
    'RELEASE_MALFORMED',
    `The release file lists ${JSON.stringify(path.slice(0, 200))}: ${problem}.`,
  )
}

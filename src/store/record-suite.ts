import type { Keyring } from '../archive/keyring.ts'
import { urlBelow } from '../archive/path-below.ts'
import { hidesIndex, isStatedEmpty, listsIndex } from '../archive/read-index.ts'
import { judgeRelease, type ReleaseBytes, takeRelease } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { type ArchiveArea, type IndexKind, indexPaths, suiteDirectory } from '../archive/suite-layout.ts'
import { DebproofError, describeError, type ErrorCode } from '../errors.ts'
import { MAX_CLOCK_AHEAD, MAX_CLOCK_BEHIND, MAX_FUTURE_SECONDS } from '../limits.ts'
import { confirmSuite } from './confirm-suite.ts'
import { type Kept, keepIndex, type Recorder } from './keep-object.ts'
import { archiveDigest, sightingPath } from './store-layout.ts'

/** What is recorded of one archive. */
export interface RecordRequest {
  readonly area: ArchiveArea
  readonly keyring: Keyring
  readonly kinds: readonly IndexKind[]
}

/** What could not be read. */
export interface RecordFailure {
  readonly what: string
  readonly code: ErrorCode
  readonly message: string
}

/** What came of one suite. */
export interface SuiteRecord {
  readonly archive: URL
  readonly suite: string
  /** `new` for a state that the store did not hold as the latest one; `unread` where nothing could be recorded. */
  readonly outcome: 'new' | 'unchanged' | 'unread'
  /** The release file's own Date. */
  readonly date?: Date
  /** The file that says that it was seen; it is on the disk. */
  readonly sighting?: string
  readonly added: { readonly files: number; readonly bytes: number }
  /** Files that the store held already. */
  readonly reused: number
  /** What contradicts what the store holds. Full sentences. */
  readonly anomalies: readonly string[]
  readonly failures: readonly RecordFailure[]
  readonly notes: readonly string[]
}

/** What was fetched of a suite: a trusted release file, and those of its indexes that could be had. */
export interface Gathered {
  readonly bytes: ReleaseBytes
  readonly release: VerifiedRelease
  readonly indexes: readonly Kept[]
  readonly failures: readonly RecordFailure[]
  readonly notes: readonly string[]
}

/**
 * Records what a suite is now. Everything that was fetched is on the disk before a sighting says so; what contradicts
 * the store is recorded too, as evidence of that.
 *
 * @throws DebproofError OUTPUT where the store cannot be written
 */
export async function recordSuite(recorder: Recorder, request: RecordRequest, suite: string): Promise<SuiteRecord> {
  const { base } = request.area
  const unread = (error: unknown): SuiteRecord => {
    const nothing = { added: { files: 0, bytes: 0 }, reused: 0, anomalies: [], notes: [] }
    return { archive: base, suite, outcome: 'unread', ...nothing, failures: [failure(suite, error)] }
  }
  await refuseUnreadable(recorder, suite)
  let gathered: Gathered
  try {
    await checkOwnClock(recorder, request, suite)
    gathered = await gather(recorder, request, suite, 1)
    // As when reading: a server that is being updated shows files of two states.
    if (base.protocol !== 'file:' && isTorn(gathered)) {
      const again = await gather(recorder, request, suite, 2)
      const news = gathered.indexes.filter(({ outcome }) => outcome === 'added')
      gathered = { ...again, indexes: again.indexes.map((kept) => news.find((one) => isSame(one, kept)) ?? kept) }
    }
  } catch (error) {
    return unread(error)
  }
  return await confirmSuite(recorder, base, suite, gathered)
}

function isTorn({ failures, indexes }: Gathered): boolean {
  const codes: readonly ErrorCode[] = ['INDEX_MISMATCH', 'NOT_FOUND']
  return failures.some(({ code }) => codes.includes(code)) || indexes.some(({ outcome }) => outcome === 'anomaly')
}

function isSame(one: Kept, other: Kept): boolean {
  return one.outcome !== 'anomaly' && other.outcome !== 'anomaly' && one.file.sha256 === other.file.sha256
}

/** @throws DebproofError for a release file that cannot be had or is not trusted, OUTPUT */
async function gather(recorder: Recorder, request: RecordRequest, suite: string, look: 1 | 2): Promise<Gathered> {
  const { area, keyring, kinds } = request
  const { at, downloads } = recorder
  const directory = urlBelow(area.base, suiteDirectory(suite))
  const bytes = await takeRelease(downloads, directory, { look }, async (read) => read)
  // By the rules by which it will be read from the store.
  const name = area.releaseName === undefined ? {} : { releaseName: area.releaseName }
  const { release } = await judgeRelease(bytes, { keyring, at, suite, ...name, past: true })
  const file = bytes.files[0]?.url ?? suite
  if (release.date.getTime() > at.getTime() + MAX_FUTURE_SECONDS * 1000) {
    const why = `${file} is dated ${release.date.toISOString()}, after ${at.toISOString()}: check the clock.`
    throw new DebproofError('RELEASE_TIME', why)
  }
  checkServersClock(recorder, area.base)
  const failures: RecordFailure[] = []
  const notes: string[] = []
  const { validUntil } = release
  if (validUntil !== undefined && validUntil < at) {
    const why = `${file} expired at ${validUntil.toISOString()} (Valid-Until): the server shows an old state.`
    failures.push({ what: suite, code: 'RELEASE_TIME', message: why })
  }
  const wanted = kinds.flatMap((kind) => indexPaths(area, suite, release, kind).map((path) => ({ path, kind })))
  const kept = await Promise.all(
    wanted.map(async ({ path, kind }): Promise<Kept[]> => {
      const what = `${suite} ${path}`
      if (isStatedEmpty(release, path)) return []
      if (!listsIndex(release, path)) {
        if (hidesIndex(release, path)) failures.push(failure(what, hiddenIndex(suite, path)))
        // Most suites keep packages for all architectures with the others.
        else if (!path.includes('/binary-all/')) notes.push(`${suite} at ${area.base.href} has no ${path}.`)
        return []
      }
      try {
        return [await keepIndex(recorder, { directory, look }, release, path, kind)]
      } catch (error) {
        failures.push(failure(what, error))
        return []
      }
    }),
  )
  if (wanted.every(({ path }) => !listsIndex(release, path) && !hidesIndex(release, path))) {
    const why = `${suite} at ${area.base.href} has none of the components and architectures that are asked for.`
    failures.push({ what: suite, code: 'INDEX_UNLISTED', message: why })
  }
  return { bytes, release, indexes: kept.flat(), failures, notes }
}

/**
 * What cannot be added to is no failure of the archive.
 * @throws DebproofError OUTPUT
 */
async function refuseUnreadable({ reader }: Recorder, suite: string): Promise<void> {
  try {
    await reader.suite(suite)
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    throw new DebproofError('OUTPUT', error.message, { cause: error.cause })
  }
}

/** Whatever is recorded by a slow clock, or after a fast one, would be out of its order for ever. */
async function checkOwnClock({ at, reader }: Recorder, { area }: RecordRequest, suite: string): Promise<void> {
  const { names } = await reader.suite(suite)
  const archive = archiveDigest(area.base)
  const ahead = names.find((name) => name.archive === archive && name.seen.getTime() > at.getTime() + MAX_CLOCK_BEHIND)
  if (ahead === undefined) return
  throw new DebproofError(
    'RELEASE_TIME',
    `${sightingPath(reader.folder, suite, ahead)} says that ${suite} was seen at ${ahead.seen.toISOString()}, after ` +
      `${at.toISOString()}: check the clock. If it is right, that one was fast, or somebody added the file: begin a new ` +
      'store, or take it out.',
  )
}

function checkServersClock({ at, servers }: Recorder, base: URL): void {
  const said = servers.of(base)
  if (said === undefined || at.getTime() <= said.getTime() + MAX_CLOCK_AHEAD) return
  throw new DebproofError(
    'RELEASE_TIME',
    `By this clock it is ${at.toISOString()}, and ${base.host} says that it is ${said.toISOString()}: check the clock. If ` +
      'it is right, a proxy keeps old answers, or the clock of the server is wrong: record another mirror.',
  )
}

function hiddenIndex(suite: string, path: string): DebproofError {
  const why = `The release file of ${suite} lists forms of ${path}, but not the index itself with its SHA-256: apt does not read it.`
  return new DebproofError('INDEX_UNREADABLE', why)
}

/** A store that cannot be written is no failure of an archive, nor is a bug: they pass. */
function failure(what: string, error: unknown): RecordFailure {
  if (!(error instanceof DebproofError) || error.code === 'OUTPUT') throw error
  return { what, code: error.code, message: describeError(error) }
}

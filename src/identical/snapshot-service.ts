import type { ArchiveFacts, ArchiveReader, ReadFailure } from '../archive/archive-reader.ts'
import { IndexMemory } from '../archive/index-memory.ts'
import { urlBelow } from '../archive/path-below.ts'
import { DebproofError } from '../errors.ts'
import {
  HINT_SPAN,
  MAX_HINTED_CLAIMS,
  MAX_HINTED_RUNS,
  MAX_SERVICE_FAILURES,
  MAX_SNAPSHOT_RUNS,
  RUNS_PER_HINT,
} from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { SnapshotUpstream } from '../policy/policy.ts'
import type { Claim } from './claim.ts'
import { formatTimestamp } from './snapshot-answers.ts'
import { Coverage, isGap } from './snapshot-coverage.ts'
import { askWhenSeen, type Hints, seenOutside } from './snapshot-hints.ts'
import { SnapshotProgress } from './snapshot-progress.ts'
import { listRuns, type RunList, type SnapshotPlace, type SnapshotRun } from './snapshot-runs.ts'
import type { Testimony, Witness, WitnessSource } from './witness.ts'

export interface SnapshotServiceOptions {
  readonly reader: ArchiveReader
  readonly downloads: Downloads
  /** Tells people what is waited for. */
  readonly progress: (step: string) => void
}

/** What a run was brought to say, and all of it that could not be read, gaps among it. */
interface RunTestimony extends Testimony {
  readonly unread: readonly ReadFailure[]
}

/** A run that is further away than this from what was asked for is worth a note. Milliseconds. */
const FAR = 24 * 3_600_000

/**
 * The public history of an upstream, such as snapshot.debian.org: its witnesses are the runs of the window, the nearest
 * first, read by their signed indexes. What their indexes list not, the service is asked about by name; nothing that it
 * says by itself is evidence, and no run outside of the window is.
 */
export class SnapshotService implements WitnessSource {
  readonly #upstream: SnapshotUpstream
  readonly #reader: ArchiveReader
  readonly #places: readonly SnapshotPlace[]
  readonly #progress: SnapshotProgress
  readonly #memory = new IndexMemory()
  readonly #testimonies = new Map<string, Promise<RunTestimony>>()
  readonly #lists = new Map<string, Promise<RunList>>()
  readonly #hints = new Map<string, Promise<Hints>>()
  readonly #told = new Set<string>()

  constructor(upstream: SnapshotUpstream, { reader, downloads, progress }: SnapshotServiceOptions) {
    this.#upstream = upstream
    this.#reader = reader
    const wait: SnapshotProgress['wait'] = (waiting) => this.#progress.wait(waiting)
    this.#places = upstream.services.map((base) => ({ base, downloads: downloads.paced(base, wait) }))
    const interval = this.#places[0]?.downloads.interval ?? 0
    const { suites, components, architectures } = upstream.area
    const requests = suites.length * (1 + components.length * architectures.length)
    this.#progress = new SnapshotProgress(
      progress,
      `${upstream.archive} at ${upstream.services[0]?.host ?? ''}`,
      interval * requests,
    )
  }

  async *witnesses(open: () => readonly Claim[], further = true): AsyncGenerator<Witness> {
    const { at, window } = this.#upstream
    const { runs, failures } = await this.#runsBetween(at.getTime() - window, at.getTime() + window)
    const distance = ({ instant }: SnapshotRun): number => Math.abs(instant - at.getTime())
    const nearest = runs.toSorted((a, b) => distance(a) - distance(b))
    const looked = nearest.slice(0, MAX_SNAPSHOT_RUNS)
    const coverage = new Coverage()
    for (const [index, run] of looked.entries()) {
      const step = `run ${index + 1} of ${looked.length}`
      yield this.#witness(run, step, looked.length - index - 1)
      coverage.add((await this.#testimony(run, step, 0)).unread)
    }
    const unknown: ReadFailure[] = [...failures]
    if (failures.length === 0) unknown.push(...(coverage.missing ?? [this.#noRun()]))
    const far = looked[0] !== undefined && distance(looked[0]) > FAR ? [this.#farNote(looked[0])] : []
    const hints = new Map<Claim, string>()
    const rest = nearest.slice(MAX_SNAPSHOT_RUNS)
    if (failures.length === 0 && further) yield* this.#hinted(open, runs, rest, hints, unknown)
    if (rest.length > 0) unknown.push(this.#tooMany(nearest.length))
    if (unknown.length + far.length + hints.size > 0) yield this.#summary(unknown, far, hints)
  }

  /**
   * Asks when what no run lists was first seen. Where the window has more runs than were looked at, that leads to some
   * of the others; beyond the window it leads nowhere: what was signed at any time would prove versions of long ago,
   * which a build has no business with. It is told then, for whoever knows better.
   *
   * @param runs all of the window, sorted by time
   * @param rest those of them that were not looked at
   * @param hints takes what is to be told
   * @param unknown takes what could not be found out
   */
  async *#hinted(
    open: () => readonly Claim[],
    runs: readonly SnapshotRun[],
    rest: readonly SnapshotRun[],
    hints: Map<Claim, string>,
    unknown: ReadFailure[],
  ): AsyncGenerator<Witness> {
    const claims = open()
    const isOpen = (claim: Claim): boolean => open().includes(claim)
    const unlooked = new Set(rest)
    let failed = 0
    for (const claim of claims.slice(0, MAX_HINTED_CLAIMS)) {
      if (!isOpen(claim)) continue
      const title = `${claim.name} ${claim.version}`
      const { instants, failures } = await this.#whenSeen(claim)
      unknown.push(...failures)
      failed += failures.length
      for (const instant of instants) {
        for (const run of this.#runsSince(instant, runs).filter((one) => unlooked.has(one))) {
          if (!isOpen(claim)) break
          if (rest.length - unlooked.size >= MAX_HINTED_RUNS) {
            unknown.push(limitReached(title, `more than ${MAX_HINTED_RUNS} further runs would have to be read`))
            return
          }
          unlooked.delete(run)
          yield this.#witness(run, `${title}, first seen ${formatTimestamp(instant)}`, 0)
        }
      }
      const outside = seenOutside(instants, this.#upstream, this.#archive())
      if (outside !== undefined && isOpen(claim)) hints.set(claim, outside)
      if (failed >= MAX_SERVICE_FAILURES) return
    }
    // Where every run was looked at, it is asked for advice alone.
    if (rest.length > 0 && claims.slice(MAX_HINTED_CLAIMS).some(isOpen)) {
      unknown.push(limitReached('the other packages', `it is asked about ${MAX_HINTED_CLAIMS} packages at most`))
    }
  }

  /** The runs of the window from an instant on, or from its beginning, that may be the first to list a file. */
  #runsSince(instant: number, runs: readonly SnapshotRun[]): SnapshotRun[] {
    const { at, window } = this.#upstream
    const from = Math.max(instant, at.getTime() - window)
    return runs.filter((run) => run.instant >= from && run.instant <= from + HINT_SPAN).slice(0, RUNS_PER_HINT)
  }

  #witness(run: SnapshotRun, step: string, left: number): Witness {
    return {
      name: `the upstream at ${this.#base(run, run.places[0]).href}`,
      testify: () => this.#testimony(run, step, left),
    }
  }

  #testimony(run: SnapshotRun, step: string, left: number): Promise<RunTestimony> {
    let testimony = this.#testimonies.get(run.timestamp)
    if (testimony === undefined) {
      testimony = this.#readRun(run, step, left)
      this.#testimonies.set(run.timestamp, testimony)
    }
    return testimony
  }

  /** The services have the same content; where one has a run not whole, or does not answer, the next one may. */
  async #readRun(run: SnapshotRun, step: string, left: number): Promise<RunTestimony> {
    this.#progress.begin(step, left)
    let best: { facts: ArchiveFacts; base: URL } | undefined
    for (const place of run.places) {
      const base = this.#base(run, place)
      const { keyring, area, names } = this.#upstream
      const facts = await this.#reader.read({
        area: { ...area, base },
        keyring,
        refuseHidden: false,
        ...(names === undefined ? {} : { names }),
        past: true,
        servedAt: new Date(run.instant),
        downloads: place.downloads,
        memory: this.#memory,
      })
      if (best === undefined || badness(facts) < badness(best.facts)) best = { facts, base }
      if (facts.failures.length === 0) break
    }
    this.#progress.end()
    if (best === undefined) throw new Error('a run is listed by a service')
    return this.#judged(best.facts, best.base, run)
  }

  #judged(
    { listings, failures, unclear, notes, files = [], named = [] }: ArchiveFacts,
    base: URL,
    { timestamp }: SnapshotRun,
  ): RunTestimony {
    const gaps = failures.filter(isGap)
    const told = notes.map((note) => note.replaceAll(base.href, this.#archive()))
    const fresh = [...new Set(told)].filter((note) => !this.#told.has(note))
    for (const note of fresh) this.#told.add(note)
    const missing = gaps.map(({ what, error }) => `No evidence of ${what} in the run ${timestamp}: ${error.message}`)
    return {
      listings,
      failures: failures.filter((failure) => !isGap(failure)),
      unclear,
      notes: [...missing, ...fresh],
      unread: failures,
      files,
      named,
    }
  }

  #runsBetween(from: number, to: number): Promise<RunList> {
    const key = `${from} ${to}`
    let list = this.#lists.get(key)
    if (list === undefined) {
      list = listRuns(this.#places, this.#upstream.archive, from, to)
      this.#lists.set(key, list)
    }
    return list
  }

  #whenSeen(claim: Claim): Promise<Hints> {
    const key = `${claim.kind} ${claim.name} ${claim.version} ${claim.architecture ?? ''}`
    let hints = this.#hints.get(key)
    if (hints === undefined) {
      hints = askWhenSeen(this.#places, this.#upstream.archive, claim)
      this.#hints.set(key, hints)
    }
    return hints
  }

  #base({ timestamp }: SnapshotRun, place: SnapshotPlace | undefined): URL {
    const base = place?.base ?? this.#upstream.services[0]
    if (base === undefined) throw new Error('a snapshot upstream has a service')
    return urlBelow(base, `archive/${this.#upstream.archive}/${timestamp}/`)
  }

  /** Names the archive in all its states. */
  #archive(): string {
    return `${this.#upstream.services[0]?.href ?? ''}archive/${this.#upstream.archive}/`
  }

  #summary(failures: readonly ReadFailure[], notes: readonly string[], hints: ReadonlyMap<Claim, string>): Witness {
    return {
      name: `the upstream's history at ${this.#archive()}`,
      testify: async () => ({ listings: [], failures, unclear: [], notes, hints }),
    }
  }

  #noRun(): ReadFailure {
    const { at, window } = this.#upstream
    const hours = window / 3_600_000
    const message =
      `${this.#archive()} has no run within ${hours} hours of ${at.toISOString()}: ` +
      'check the reference time, or widen the window.'
    return { what: 'its runs', error: new DebproofError('NOT_FOUND', message) }
  }

  #tooMany(runs: number): ReadFailure {
    const why = `the window has ${runs} runs, and the ${MAX_SNAPSHOT_RUNS} nearest are read at most; narrow it`
    return limitReached('its runs', why)
  }

  #farNote({ timestamp }: SnapshotRun): string {
    return `The run nearest to ${this.#upstream.at.toISOString()} is ${timestamp}.`
  }
}

/** A transport failure weighs more than any number of gaps: with it nothing is known. */
function badness({ failures }: ArchiveFacts): number {
  return failures.reduce((sum, failure) => sum + (isGap(failure) ? 1 : 1000), 0)
}

function limitReached(what: string, why: string): ReadFailure {
  return { what, error: new DebproofError('TOO_LARGE', `The snapshot service was not asked further: ${why}.`) }
}

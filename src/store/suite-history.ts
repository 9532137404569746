import { DebproofError } from '../errors.ts'
import { MAX_CONTRADICTIONS_TOLD } from '../limits.ts'
import { type Contradiction, contradictions } from './contradiction.ts'
import { IdentityChanges } from './identity-changes.ts'
import { type LookFailure, OwnStates } from './own-states.ts'
import { nearestStates, type State, statesOf } from './states.ts'
import { type SightingName, sightingPath } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'
import { SightingVerifier, type SuiteTrust } from './verify-sighting.ts'

/** A state to read, or why it must not be. */
export interface RankedState {
  readonly date: Date
  /** By any of which it may be read, the latest first. */
  readonly looks: readonly SightingName[]
  readonly refused?: Refusal
}

/** Why a state proves nothing. */
export interface Refusal {
  readonly error: DebproofError
  /** Whether the archive really signed another of its Date. */
  readonly isFork: boolean
}

/** What a store holds of one suite, for one instant. */
export interface SuiteHistory {
  readonly suite: string
  /** The nearest first. */
  readonly states: readonly RankedState[]
  readonly failures: readonly LookFailure[]
  readonly notes: readonly string[]
}

export interface HistoryRequest {
  readonly at: Date
  /** Milliseconds before and after it. */
  readonly window: number
  /** Of the upstream that is asked for: others may have suites of the same name in the same store. */
  readonly trust: SuiteTrust
}

/**
 * The states of a suite that may prove something for an instant. What is added to a store proves by signatures alone:
 * a state is near by signed dates, and whatever speaks against it does so whichever sightings speak for it.
 *
 * Never throws for what the store holds.
 */
export async function loadSuite(store: StoreReader, suite: string, request: HistoryRequest): Promise<SuiteHistory> {
  try {
    return await load(store, suite, request)
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { suite, states: [], failures: [{ what: suite, error }], notes: [] }
  }
}

async function load(store: StoreReader, suite: string, request: HistoryRequest): Promise<SuiteHistory> {
  const { at, window, trust } = request
  const { names, foreign } = await store.suite(suite)
  const failures: LookFailure[] = foreign === undefined ? [] : [{ what: suite, error: foreign }]
  const states = statesOf(names)
  const own = new OwnStates(store, suite, trust.keyring, new SightingVerifier(store, suite, trust, at))
  const [from, to] = [at.getTime() - window, at.getTime() + window]
  const before = states.filter(({ date }) => date.getTime() < from).reverse()
  const inside = states.filter(({ date }) => date.getTime() >= from && date.getTime() <= to)
  const after = states.filter(({ date }) => date.getTime() > to)

  const within = await own.all(inside)
  // One was in force until the next one, which only a signature can say that there is.
  const last = await own.firstVerified(before)
  const next = last === undefined ? undefined : await own.firstVerified([...inside, ...after])
  const isOpen = last !== undefined && next !== undefined
  const spans = [...(isOpen ? [last.state] : []), ...within, ...(isOpen && within.length === 0 ? [next.state] : [])]
  const chosen = nearestStates(spans, at, window).within
  failures.push(...own.failures.map((error) => ({ what: suite, error })))
  if (chosen.length === 0) {
    const found = [await own.first(before), await own.first(after)].filter((state) => state !== undefined)
    return {
      suite,
      states: [],
      failures: [...failures, { what: suite, error: none(store, suite, request, found) }],
      notes: [],
    }
  }

  const found = contradictions(names)
  const changes = await IdentityChanges.of(store, suite, names)
  failures.push(...changes.failures.map((error) => ({ what: suite, error })))
  const seen = new SightingVerifier(store, suite, trust)
  const ranked: RankedState[] = []
  // What came between them and cannot be verified may have ended it before.
  const over = last?.passed === undefined ? undefined : { error: last.passed, isFork: false }
  for (const { date, state, looks } of chosen) {
    const refused =
      (await contradicted(
        store.folder,
        suite,
        [...forksOf({ date, state, looks }, names), ...fallsTo(state, found)],
        seen,
      )) ??
      (await changed(changes.refusal(date, looks, seen))) ??
      (state === last?.state.state && date === last.state.date ? over : undefined)
    ranked.push({ date, looks, ...(refused === undefined ? {} : { refused }) })
  }
  return { suite, states: ranked, failures, notes: await notesOn(store.folder, suite, found, chosen, seen) }
}

function none(
  { folder }: StoreReader,
  suite: string,
  { at, window }: HistoryRequest,
  beyond: readonly State<SightingName>[],
): DebproofError {
  const [nearest] = [...beyond].sort((a, b) => gap(a, at) - gap(b, at))
  if (nearest === undefined) {
    const why = `The store ${folder} holds no ${suite} that is signed by these keys; \`debproof record\` puts it there.`
    return new DebproofError('NOT_FOUND', why)
  }
  const hours = Math.round(window / 3_600_000)
  return new DebproofError(
    'NOT_FOUND',
    `The store ${folder} has no state of ${suite} within ${hours} hours of ${at.toISOString()}; the nearest is of ` +
      `${nearest.date.toISOString()} and proves nothing for then: if the build may use it, widen \`window\`.`,
  )
}

function gap({ date }: State<SightingName>, at: Date): number {
  return Math.abs(date.getTime() - at.getTime())
}

/** Each other state of its Date that was seen at the same archive, so that none hides another. */
function forksOf(
  { date, state, looks }: State<SightingName>,
  names: readonly SightingName[],
): Contradiction<SightingName>[] {
  const others = names.filter((name) => name.date.getTime() === date.getTime() && name.state !== state)
  return others.flatMap((earlier) => {
    const found = looks.find(({ archive }) => archive === earlier.archive)
    return found === undefined ? [] : [{ kind: 'fork', found, earlier } as const]
  })
}

function fallsTo(state: string, found: readonly Contradiction<SightingName>[]): Contradiction<SightingName>[] {
  return found.filter(({ kind, found: late }) => kind === 'rollback' && late.state === state)
}

/**
 * Why what was signed for this state proves nothing: the archive contradicted itself when it showed it, or somebody
 * says so whose word cannot be verified.
 */
async function contradicted(
  folder: string,
  suite: string,
  against: readonly Contradiction<SightingName>[],
  verifier: SightingVerifier,
): Promise<Refusal | undefined> {
  let failure: Refusal | undefined
  for (const one of against.slice(0, MAX_CONTRADICTIONS_TOLD)) {
    const problem = await unverified(one, verifier)
    if (problem === undefined) {
      const error = new DebproofError('EVIDENCE', `${describeContradiction(folder, suite, one)} ${WAY_OUT}`)
      return { error, isFork: one.kind === 'fork' }
    }
    failure ??= { error: problem, isFork: false }
  }
  return failure
}

const WAY_OUT =
  'So this state proves nothing here: where the server was only behind, ask another store too, recorded from another mirror.'

async function changed(refusal: Promise<DebproofError | undefined>): Promise<Refusal | undefined> {
  const error = await refusal
  return error === undefined ? undefined : { error, isFork: false }
}

/** Why it is not known that two looks contradict each other. */
async function unverified(
  { found, earlier }: Contradiction<SightingName>,
  verifier: SightingVerifier,
): Promise<DebproofError | undefined> {
  try {
    await verifier.verify(found)
    await verifier.verify(earlier)
    return undefined
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return error
  }
}

/** @returns a full sentence with the files, their dates and their hashes */
export function describeContradiction(
  folder: string,
  suite: string,
  { kind, found, earlier }: Contradiction<SightingName>,
): string {
  const file = (look: SightingName): string => sightingPath(folder, suite, look)
  const time = (date: Date): string => date.toISOString().replace('.000', '')
  return kind === 'rollback'
    ? `At ${time(found.seen)} ${suite} was a release file of ${time(found.date)} (text ${found.state}, ${file(found)}), ` +
        `older than that of ${time(earlier.date)} (text ${earlier.state}, ${file(earlier)}) seen at ${time(earlier.seen)}.`
    : `There are two release files of ${suite} of ${time(found.date)}: text ${earlier.state} seen at ` +
        `${time(earlier.seen)} (${file(earlier)}), and text ${found.state} seen at ${time(found.seen)} (${file(found)}).`
}

async function notesOn(
  folder: string,
  suite: string,
  found: readonly Contradiction<SightingName>[],
  chosen: readonly State<SightingName>[],
  verifier: SightingVerifier,
): Promise<string[]> {
  const states = new Set(chosen.map(({ state }) => state))
  const ours = found.filter(({ found: a, earlier: b }) => states.has(a.state) || states.has(b.state))
  const told: string[] = []
  for (const one of ours.slice(-MAX_CONTRADICTIONS_TOLD)) {
    if ((await unverified(one, verifier)) === undefined) told.push(describeContradiction(folder, suite, one))
  }
  const more = ours.length - MAX_CONTRADICTIONS_TOLD
  return more > 0 ? [...told, `${folder} holds ${more} more such contradictions of ${suite}.`] : told
}

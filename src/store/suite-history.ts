import { DebproofError } from '../errors.ts'
import { MAX_CONTRADICTIONS_TOLD } from '../limits.ts'
import { type Contradiction, contradictions } from './contradiction.ts'
import { type LookFailure, ownLooks } from './own-looks.ts'
import type { ReleaseIdentity } from './release-state.ts'
import { nearestStates, type State, statesOf } from './states.ts'
import { type SightingName, sightingPath } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/** A state to read, or why it must not be. */
export interface RankedState {
  /** The look to read it by. */
  readonly look: SightingName
  /** What the first release file of the same archive says. */
  readonly first?: ReleaseIdentity
  readonly refused?: DebproofError
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
  /** Whether who signed, by a sighting's word, is of the upstream that is asked for. */
  readonly isOurs: (signers: readonly string[]) => boolean
}

/** Never throws for what the store holds. */
export async function loadSuite(store: StoreReader, suite: string, request: HistoryRequest): Promise<SuiteHistory> {
  try {
    return await load(store, suite, request)
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { suite, states: [], failures: [{ what: suite, error }], notes: [] }
  }
}

async function load(store: StoreReader, suite: string, { at, window, isOurs }: HistoryRequest): Promise<SuiteHistory> {
  const { looks, firsts, failures } = await ownLooks(store, suite, await store.names(suite), isOurs)
  if (looks.length === 0) {
    const error = new DebproofError(
      'NOT_FOUND',
      `The store ${store.folder} holds no ${suite} that is signed by these keys; \`debproof record\` puts it there.`,
    )
    return { suite, states: [], failures: [...failures, { what: suite, error }], notes: [] }
  }
  const { within, beyond } = nearestStates(statesOf(looks), at, window)
  const found = contradictions(looks)
  const states = within.map((state) => {
    const [look] = state.looks
    const first = firsts.get(look.archive)
    const refused = refusal(store.folder, suite, state, found)
    return { look, ...(first === undefined ? {} : { first }), ...(refused === undefined ? {} : { refused }) }
  })
  if (beyond !== undefined) {
    const hours = Math.round(window / 3_600_000)
    const error = new DebproofError(
      'NOT_FOUND',
      `The store ${store.folder} has no state of ${suite} within ${hours} hours of ${at.toISOString()}; the nearest is of ` +
        `${beyond.date.toISOString()} and proves nothing for then: if the build may use it, widen \`window\`.`,
    )
    failures.push({ what: suite, error })
  }
  return { suite, states, failures, notes: notesOn(store.folder, suite, found, within) }
}

/** Why what was signed for this state proves nothing: the archive contradicted itself when it showed it. */
function refusal(
  folder: string,
  suite: string,
  { state, looks }: State<SightingName>,
  found: readonly Contradiction<SightingName>[],
): DebproofError | undefined {
  const fork = found.find(
    ({ kind, found: a, earlier: b }) => kind === 'fork' && (a.state === state || b.state === state),
  )
  if (fork !== undefined) return new DebproofError('EVIDENCE', describeContradiction(folder, suite, fork))
  // A state that was first seen in its turn, and again when the server fell back, is what it was.
  const firsts = new Map(looks.map((look) => [look.archive, look]))
  const rollbacks = [...firsts.values()].map((look) =>
    found.find(({ kind, found: late }) => kind === 'rollback' && late === look),
  )
  const [rollback] = rollbacks
  if (rollback === undefined || rollbacks.some((one) => one === undefined)) return undefined
  return new DebproofError('EVIDENCE', describeContradiction(folder, suite, rollback))
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

function notesOn(
  folder: string,
  suite: string,
  found: readonly Contradiction<SightingName>[],
  chosen: readonly State<SightingName>[],
): string[] {
  const states = new Set(chosen.map(({ state }) => state))
  const ours = found.filter(({ found: a, earlier: b }) => states.has(a.state) || states.has(b.state))
  const told = ours.slice(-MAX_CONTRADICTIONS_TOLD).map((one) => describeContradiction(folder, suite, one))
  const more = ours.length - told.length
  return more > 0 ? [...told, `${folder} holds ${more} more such contradictions of ${suite}.`] : told
}

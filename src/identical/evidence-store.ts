import type { ArchiveReader, ReadFailure } from '../archive/archive-reader.ts'
import { IndexMemory } from '../archive/index-memory.ts'
import { DebproofError } from '../errors.ts'
import { MAX_SIGHTINGS_TRIED } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { StoreUpstream } from '../policy/policy.ts'
import { StoreReader } from '../store/store-reader.ts'
import { StoredState } from '../store/stored-state.ts'
import { loadSuite, type RankedState, type SuiteHistory } from '../store/suite-history.ts'
import { SightingVerifier, type SuiteTrust } from '../store/verify-sighting.ts'
import type { Testimony, Witness, WitnessSource } from './witness.ts'

export interface EvidenceStoreOptions {
  readonly reader: ArchiveReader
  readonly downloads: Downloads
  /** Tells people what is waited for. */
  readonly progress: (step: string) => void
}

/**
 * What `debproof record` kept of an upstream. Its first witness is the state that was in force at the instant that
 * is asked for, of each suite; the next ones are the states beside it, as far as the window reaches.
 *
 * Where a suite has no state within the window, that is a failure: nothing is taken for missing, and nothing is proven
 * by what was signed at another time.
 */
export class EvidenceStore implements WitnessSource {
  readonly #upstream: StoreUpstream
  readonly #options: EvidenceStoreOptions
  readonly #store: StoreReader
  readonly #memory = new IndexMemory()
  #histories: Promise<readonly SuiteHistory[]> | undefined
  readonly #testimonies = new Map<number, Promise<Testimony>>()

  constructor(upstream: StoreUpstream, options: EvidenceStoreOptions) {
    this.#upstream = upstream
    this.#options = options
    this.#store = new StoreReader(upstream.folder, options.downloads)
  }

  async *witnesses(): AsyncGenerator<Witness> {
    const { area, at, window } = this.#upstream
    this.#histories ??= Promise.all(
      area.suites.map((suite) => loadSuite(this.#store, suite, { at, window, trust: this.#trust() })),
    )
    const histories = await this.#histories
    const ranks = Math.max(1, ...histories.map(({ states }) => states.length))
    for (let rank = 0; rank < ranks; rank++)
      yield { name: this.#name(rank), testify: () => this.#testify(rank, histories) }
  }

  #name(rank: number): string {
    const { area, at, folder } = this.#upstream
    const which = rank === 0 ? 'as of' : `${rank} ${rank === 1 ? 'state' : 'states'} away from`
    return `the upstream in the store ${folder} (${area.suites.join(', ')}) ${which} ${at.toISOString()}`
  }

  #testify(rank: number, histories: readonly SuiteHistory[]): Promise<Testimony> {
    let testimony = this.#testimonies.get(rank)
    if (testimony === undefined) {
      testimony = this.#read(rank, histories)
      this.#testimonies.set(rank, testimony)
    }
    return testimony
  }

  async #read(rank: number, histories: readonly SuiteHistory[]): Promise<Testimony> {
    this.#options.progress(`Reading ${this.#name(rank)}`)
    const read = await Promise.all(
      histories.map(async ({ suite, states }) => {
        const state = states[rank]
        return state === undefined ? NOTHING : await this.#readState(suite, state)
      }),
    )
    const own = rank === 0 ? histories : []
    return {
      listings: read.flatMap(({ listings }) => listings),
      doubted: read.flatMap(({ doubted = [] }) => doubted),
      failures: [...own.flatMap(({ failures }) => failures), ...read.flatMap(({ failures }) => failures)],
      unclear: read.flatMap(({ unclear }) => unclear),
      notes: [...own.flatMap(({ notes }) => notes), ...read.flatMap(({ notes }) => notes)],
      files: read.flatMap(({ files = [] }) => files),
      named: read.flatMap(({ named = [] }) => named),
    }
  }

  async #readState(suite: string, state: RankedState): Promise<Testimony> {
    const { refused } = state
    if (refused === undefined) return await this.#readBelieved(suite, state)
    const failure = { what: whatOf(suite, state), error: refused.error }
    // Of two of one Date nobody knows which one the upstream means.
    if (refused.isFork) return { ...NOTHING, failures: [failure] }
    const { listings, failures, unclear, notes } = await this.#readBelieved(suite, state)
    return { listings: [], doubted: listings, failures: [failure, ...failures], unclear, notes }
  }

  #trust(): SuiteTrust {
    const { keyring, area } = this.#upstream
    return { keyring, ...(area.releaseName === undefined ? {} : { releaseName: area.releaseName }) }
  }

  /** By the first of its looks that can be verified; each that cannot is a failure. */
  async #readBelieved(suite: string, state: RankedState): Promise<Testimony> {
    const { area, at, keyring, names } = this.#upstream
    const what = whatOf(suite, state)
    const { downloads, reader } = this.#options
    const verifier = new SightingVerifier(this.#store, suite, this.#trust(), at)
    const failures: ReadFailure[] = []
    for (const look of state.looks.slice(0, MAX_SIGHTINGS_TRIED)) {
      try {
        const sighting = await verifier.verify(look)
        const testimony = await reader.read({
          area: { ...area, base: sighting.archive, suites: [suite] },
          keyring,
          refuseHidden: false,
          ...(names === undefined ? {} : { names }),
          past: true,
          memory: this.#memory,
          kept: new StoredState(this.#store, downloads, sighting),
        })
        return { ...testimony, failures: [...failures, ...testimony.failures] }
      } catch (error) {
        if (!(error instanceof DebproofError)) throw error
        failures.push({ what, error })
      }
    }
    return { ...NOTHING, failures }
  }
}

function whatOf(suite: string, { date }: RankedState): string {
  return `${suite} of ${date.toISOString()}`
}

const NOTHING: Testimony = { listings: [], failures: [], unclear: [], notes: [] }

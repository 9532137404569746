import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import { MAX_SIGHTINGS_TRIED } from '../limits.ts'
import type { State } from './states.ts'
import type { SightingName } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'
import { type SightingVerifier, signedByAny } from './verify-sighting.ts'

/** Why a suite could not be read in a store. */
export interface LookFailure {
  readonly what: string
  readonly error: DebproofError
}

export interface VerifiedState {
  readonly state: State<SightingName>
  readonly passed?: DebproofError
}

/**
 * Which states of a suite are of the archive that is asked for: another archive may have a suite of the same name in
 * the same store. Each is told by its own sightings.
 */
export class OwnStates {
  readonly #store: StoreReader
  readonly #suite: string
  readonly #isOurs: ReturnType<typeof signedByAny>
  readonly #verifier: SightingVerifier
  readonly #failures = new Map<string, DebproofError>()
  /** The first of those that came since it was taken away. */
  #passed: DebproofError | undefined

  constructor(store: StoreReader, suite: string, keyring: Keyring, verifier: SightingVerifier) {
    this.#store = store
    this.#suite = suite
    this.#isOurs = signedByAny(keyring)
    this.#verifier = verifier
  }

  /** What could not be read or verified so far, each once: it may have been ours. */
  get failures(): DebproofError[] {
    return [...this.#failures.values()]
  }

  /** Those that are ours, by the word of their sightings. */
  async all(states: readonly State<SightingName>[]): Promise<State<SightingName>[]> {
    const found: State<SightingName>[] = []
    for (const state of states) {
      const own = await this.#own(state)
      if (own !== undefined) found.push(own)
    }
    return found
  }

  async first(states: readonly State<SightingName>[]): Promise<State<SightingName> | undefined> {
    for (const state of states) {
      const own = await this.#own(state)
      if (own !== undefined) return own
    }
    return undefined
  }

  /** The first that is ours by its signatures, and why one before it was passed over that may have been ours. */
  async firstVerified(states: readonly State<SightingName>[]): Promise<VerifiedState | undefined> {
    let tried = 0
    this.#passed = undefined
    for (const state of states) {
      const own = await this.#own(state)
      if (own === undefined) continue
      for (const look of own.looks) {
        if (++tried > MAX_SIGHTINGS_TRIED) return undefined
        try {
          await this.#verifier.verify(look)
          const passed: DebproofError | undefined = this.#passed
          return { state: own, ...(passed === undefined ? {} : { passed }) }
        } catch (error) {
          this.#fail(error)
        }
      }
    }
    return undefined
  }

  /** The state with those of its looks that are not known to be another archive's. */
  async #own(state: State<SightingName>): Promise<State<SightingName> | undefined> {
    for (const [index, look] of state.looks.entries()) {
      if (index === MAX_SIGHTINGS_TRIED) {
        const why = `The store ${this.#store.folder} has more than ${index} sightings of ${this.#suite} of ${state.date.toISOString()} that are not of these keys, or cannot be read: not all of them were looked at.`
        this.#fail(new DebproofError('EVIDENCE', why))
        return undefined
      }
      try {
        if (!this.#isOurs(await this.#store.sighting(this.#suite, look))) continue
        return { ...state, looks: [look, ...state.looks.slice(index + 1)] }
      } catch (error) {
        this.#fail(error)
      }
    }
    return undefined
  }

  #fail(error: unknown): void {
    if (!(error instanceof DebproofError)) throw error
    this.#failures.set(error.message, error)
    this.#passed ??= error
  }
}

import { DebproofError } from '../errors.ts'
import { changedFields } from './contradiction.ts'
import { identitiesOf, type NamedIdentity } from './identities.ts'
import { type SightingName, sightingPath } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'
import type { SightingVerifier } from './verify-sighting.ts'

/** Where the Origin, Label or Codename of a suite was another before, at the same archive. */
export class IdentityChanges {
  readonly failures: readonly DebproofError[]
  readonly #store: StoreReader
  readonly #suite: string
  readonly #identities: ReadonlyMap<SightingName, string>
  /** By archive and identity: the sighting that is of the earliest Date. */
  readonly #earliest: ReadonlyMap<string, ReadonlyMap<string, SightingName>>

  private constructor(
    store: StoreReader,
    suite: string,
    known: readonly NamedIdentity[],
    failures: readonly DebproofError[],
  ) {
    this.failures = failures
    this.#store = store
    this.#suite = suite
    this.#identities = new Map(known.map(({ name, identity }) => [name, identity]))
    const earliest = new Map<string, Map<string, SightingName>>()
    for (const { name, identity } of known) {
      const own = earliest.get(name.archive) ?? new Map<string, SightingName>()
      earliest.set(name.archive, own)
      const other = own.get(identity)
      if (other === undefined || name.date < other.date) own.set(identity, name)
    }
    this.#earliest = earliest
  }

  static async of(store: StoreReader, suite: string, names: readonly SightingName[]): Promise<IdentityChanges> {
    const { known, failures } = await identitiesOf(store, suite, names)
    return new IdentityChanges(store, suite, known, failures)
  }

  /** Why a state proves nothing: an earlier one of the same archive was of another identity. */
  async refusal(
    date: Date,
    looks: readonly SightingName[],
    verifier: SightingVerifier,
  ): Promise<DebproofError | undefined> {
    for (const look of looks) {
      const identity = this.#identities.get(look)
      if (identity === undefined) continue
      for (const [other, name] of this.#earliest.get(look.archive) ?? []) {
        if (other === identity || name.date >= date) continue
        return await this.#tell(look, name, verifier)
      }
    }
    return undefined
  }

  async #tell(look: SightingName, earlier: SightingName, verifier: SightingVerifier): Promise<DebproofError> {
    const file = (name: SightingName): string => sightingPath(this.#store.folder, this.#suite, name)
    try {
      const [now, before] = [await verifier.verify(look), await verifier.verify(earlier)]
      return new DebproofError(
        'EVIDENCE',
        `${file(look)} is not of the ${this.#suite} that the store saw before (${file(earlier)}): ` +
          `${changedFields(before.identity, now.identity).join('; ')}.`,
      )
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      return error
    }
  }
}

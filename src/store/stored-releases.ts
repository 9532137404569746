import type { ReleaseMemory, ReleasePlace } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import type { SignedText } from '../archive/signed-text.ts'
import { DebproofError } from '../errors.ts'
import { changedFields, contradictions, type Seen } from './contradiction.ts'
import { ownLooks, signedByAny } from './own-looks.ts'
import { type ReleaseIdentity, releaseIdentity, releaseState } from './release-state.ts'
import { archiveDigest, type SightingName, sightingPath } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/**
 * Holds an archive to what stores of evidence saw of it at the same URL, as apt holds it to what it has in its lists
 * (apt-secure(8), Acquire::AllowReleaseInfoChange in apt.conf(5)): a server that shows an older state again, another of
 * the same Date, or one of another origin, is not believed as it is now.
 *
 * A store only makes the judgement stricter here: a sighting that somebody made up proves nothing.
 */
export class StoredReleases implements ReleaseMemory {
  readonly #stores: readonly StoreReader[]
  readonly #at: Date

  /** @param at the clock: what the archive signed later is not held against it */
  constructor(stores: readonly StoreReader[], at: Date) {
    this.#stores = stores
    this.#at = at
  }

  /** @throws DebproofError EVIDENCE, also where a store cannot be read */
  async check(place: ReleasePlace, release: VerifiedRelease, signed: SignedText): Promise<void> {
    const others: DebproofError[] = []
    let isKnown = false
    for (const store of this.#stores) {
      const first = await this.#firstIn(store, place, release, signed)
      if (first === undefined) continue
      const changed = changedFields(first, releaseIdentity(signed))
      if (changed.length === 0) isKnown = true
      else others.push(anotherOrigin(store, place, changed))
    }
    // Where a change was announced a new store was begun, which knows the suite as it is called now.
    const [other] = others
    if (other !== undefined && !isKnown) throw other
  }

  /**
   * What the first release file that a store has of this archive says; undefined where it has none.
   * @throws DebproofError EVIDENCE where one that it has contradicts this one
   */
  async #firstIn(
    store: StoreReader,
    place: ReleasePlace,
    release: VerifiedRelease,
    signed: SignedText,
  ): Promise<ReleaseIdentity | undefined> {
    const { base, suite, keyring } = place
    const archive = archiveDigest(base)
    const names = (await store.names(suite)).filter((name) => name.archive === archive && name.date <= this.#at)
    if (names.length === 0) return undefined
    const { looks, firsts, failures } = await ownLooks(store, suite, names, signedByAny(keyring))
    const [failure] = failures
    if (failure !== undefined) throw failure.error
    if (looks.length === 0) return undefined
    const latest = looks.reduce((time, { seen }) => Math.max(time, seen.getTime()), 0)
    const now = { archive, seen: new Date(latest + 1), date: release.date, state: releaseState(signed) }
    const found = contradictions<Seen>([...looks, now]).find((contradiction) => contradiction.found === now)
    const earlier = looks.find((look) => look === found?.earlier)
    if (found !== undefined && earlier !== undefined)
      throw contradicted(store, place, release.date, found.kind, earlier)
    return firsts.get(archive)
  }
}

function anotherOrigin(
  { folder }: StoreReader,
  { base, suite }: ReleasePlace,
  changed: readonly string[],
): DebproofError {
  return new DebproofError(
    'EVIDENCE',
    `This is not the ${suite} of ${base.href} that the store ${folder} began with: ${changed.join('; ')}. Where that was ` +
      'announced, begin a new store and name both in the policy.',
  )
}

function contradicted(
  { folder }: StoreReader,
  { base, suite }: ReleasePlace,
  date: Date,
  kind: 'rollback' | 'fork',
  earlier: SightingName,
): DebproofError {
  const time = (instant: Date): string => instant.toISOString().replace('.000', '')
  const seen = `the store saw at ${time(earlier.seen)} (${sightingPath(folder, suite, earlier)})`
  const what =
    kind === 'rollback'
      ? `This ${suite} of ${base.href} is of ${time(date)}, older than that of ${time(earlier.date)} which ${seen}. ` +
        'The server is behind, or shows an old state on purpose: try again later, or another mirror.'
      : `This ${suite} of ${base.href} is of ${time(date)}, as is another which ${seen}: the archive signed two of one Date.`
  return new DebproofError('EVIDENCE', what)
}

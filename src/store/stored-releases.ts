import type { ReleaseMemory, ReleasePlace } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import type { SignedText } from '../archive/signed-text.ts'
import { DebproofError } from '../errors.ts'
import { MAX_ARCHIVES_TOLD, MAX_SIGHTINGS_TRIED } from '../limits.ts'
import { changedFields } from './contradiction.ts'
import { identitiesOf } from './identities.ts'
import { identityDigest, releaseIdentity, releaseState } from './release-state.ts'
import type { Sighting } from './sighting.ts'
import { archiveDigest, type SightingName, sightingPath, writtenArchiveDigest } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'
import { SightingVerifier, signedByAny } from './verify-sighting.ts'

/**
 * Holds an archive to what stores of evidence saw of it at the same URL, as apt holds it to what it has in its lists
 * (apt-secure(8), Acquire::AllowReleaseInfoChange in apt.conf(5)): a server that shows an older state again, another of
 * the same Date, or one of another origin, is not believed as it is now.
 *
 * A store only makes the judgement stricter here, whatever is added to it. Each sighting is held against the archive by
 * itself, by its Date and state and not by when it says that it was seen: no other can excuse it. One that speaks
 * against the archive refuses it where it is verified, and where it cannot be, for then it is not known what was seen.
 * Of the others the newest alone is verified: a year of release files would be hundreds of megabytes to read.
 */
export class StoredReleases implements ReleaseMemory {
  readonly #stores: readonly StoreReader[]
  readonly #at: Date

  /** @param at the clock: what the archive signed later is not held against it */
  constructor(stores: readonly StoreReader[], at: Date) {
    this.#stores = stores
    this.#at = at
  }

  /** @throws DebproofError EVIDENCE, also where a store cannot be read; TOO_LARGE */
  async check(place: ReleasePlace, release: VerifiedRelease, signed: SignedText): Promise<string[]> {
    const notes: string[] = []
    for (const store of this.#stores) notes.push(...(await this.#checkIn(store, place, release, signed)))
    return notes
  }

  async #checkIn(
    store: StoreReader,
    place: ReleasePlace,
    release: VerifiedRelease,
    signed: SignedText,
  ): Promise<string[]> {
    const { suite } = place
    const { names, foreign } = await store.suite(suite)
    if (foreign !== undefined) throw foreign
    const spellings = [archiveDigest(place.base), writtenArchiveDigest(place.base)]
    const ofArchive = names.filter(({ archive }) => spellings.includes(archive))
    if (ofArchive.length === 0) return await elsewhere(store, place, names)
    const own = ofArchive.filter(({ date }) => date <= this.#at).sort((a, b) => b.date.getTime() - a.date.getTime())
    const verifier = new SightingVerifier(store, suite, place)
    const against = async (
      found: readonly SightingName[],
      tell: (sighting: Sighting, file: string) => string,
    ): Promise<void> => {
      if (found.length > 0) throw await refusal(store, suite, found, verifier, tell)
    }

    await against(
      own.filter(({ date }) => date > release.date),
      ({ date, seen }, file) =>
        `This ${suite} of ${place.base.href} is of ${time(release.date)}, older than that of ${time(date)} which the store ` +
        `saw at ${time(seen)} (${file}). The server is behind, or shows an old state on purpose: try again later, or ` +
        'another mirror.',
    )
    const state = releaseState(signed)
    await against(
      own.filter((name) => name.date.getTime() === release.date.getTime() && name.state !== state),
      ({ seen }, file) =>
        `This ${suite} of ${place.base.href} is of ${time(release.date)}, as is another which the store saw at ` +
        `${time(seen)} (${file}): the archive signed two of one Date.`,
    )
    const identity = releaseIdentity(signed)
    const { known, failures } = await identitiesOf(store, suite, own)
    await against(
      known.filter((one) => one.identity !== identityDigest(identity)).map(({ name }) => name),
      (sighting, file) =>
        `This is not the ${suite} of ${place.base.href} that the store ${store.folder} saw (${file}): ` +
        `${changedFields(sighting.identity, identity).join('; ')}. Where that was announced, begin a new store, and say ` +
        '`memory: false` of this one in the policy.',
    )
    const [failure] = failures
    if (failure !== undefined) throw failure
    const [newest] = own
    if (newest !== undefined) await verifier.verify(newest)
    return []
  }
}

/** The first of them that can be verified says why; where none can, why not. */
async function refusal(
  { folder }: StoreReader,
  suite: string,
  found: readonly SightingName[],
  verifier: SightingVerifier,
  tell: (sighting: Sighting, file: string) => string,
): Promise<DebproofError> {
  let failure: DebproofError | undefined
  for (const name of found.slice(0, MAX_SIGHTINGS_TRIED)) {
    try {
      return new DebproofError('EVIDENCE', tell(await verifier.verify(name), sightingPath(folder, suite, name)))
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      failure ??= error
    }
  }
  return failure ?? new DebproofError('EVIDENCE', `The store ${folder} has no sighting of ${suite} to tell of.`)
}

/** A URL that is spelled in another way, or another mirror: that nothing is remembered of it must not go unsaid. */
async function elsewhere(
  store: StoreReader,
  { base, suite, keyring }: ReleasePlace,
  names: readonly SightingName[],
): Promise<string[]> {
  const byArchive = new Map(names.map((name) => [name.archive, name]))
  const seen: string[] = []
  const isOurs = signedByAny(keyring)
  for (const name of [...byArchive.values()].slice(0, MAX_ARCHIVES_TOLD)) {
    try {
      const sighting = await store.sighting(suite, name)
      if (isOurs(sighting)) seen.push(sighting.archive.href)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      seen.push(`what ${sightingPath(store.folder, suite, name)} says, which cannot be read`)
    }
  }
  const more = byArchive.size > MAX_ARCHIVES_TOLD ? ', and more' : ''
  return seen.length === 0
    ? []
    : [
        `The store ${store.folder} remembers nothing of ${base.href} (${suite}); it has seen ${seen.sort().join(', ')}${more}.`,
      ]
}

function time(instant: Date): string {
  return instant.toISOString().replace('.000', '')
}

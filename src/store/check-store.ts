import { stat } from 'node:fs/promises'
import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import { judgeRelease } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_INDEX, MAX_PLAIN_INDEX } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { contradictions } from './contradiction.ts'
import { releaseIdentity, releaseState } from './release-state.ts'
import type { Sighting } from './sighting.ts'
import { objectPath, objectUrl, sightingPath, sightingsFolder } from './store-layout.ts'
import { listStore, type StoreListing } from './store-listing.ts'
import { damagedObject, StoreReader } from './store-reader.ts'
import { describeContradiction } from './suite-history.ts'

export interface CheckRequest {
  /** An absolute path. */
  readonly folder: string
  readonly downloads: Downloads
  /** A release file must be signed by the keys of one of them. */
  readonly keyrings: readonly Keyring[]
  /** What the release file of a suite may call itself, where the policy says so, besides the suite itself. */
  readonly releaseNames?: ReadonlyMap<string, ReadonlySet<string>>
  readonly progress: (step: string) => void
}

/** What became of a whole store. */
export interface StoreCheck {
  readonly objects: number
  /** Bytes of all objects. */
  readonly size: number
  readonly sightings: number
  /** What is damaged, lost or not signed. Full sentences. */
  readonly problems: readonly string[]
  /** What archives did when they were recorded, of which the store is the evidence. */
  readonly notes: readonly string[]
}

/**
 * Checks everything in a store: each object hashes to its name; each sighting is as it was written and names objects
 * that are there; each release file is signed, and lists the indexes that the sighting names.
 *
 * @throws DebproofError USAGE where there is no store
 */
export async function checkStore(request: CheckRequest): Promise<StoreCheck> {
  const { folder, progress } = request
  const listing = await listingOf(folder)
  const problems = listing.foreign.map((file) => `${file} is not of this store.`)
  progress(`Hashing ${listing.objects.length} objects`)
  const whole = new Set<Sha256>()
  for (const { sha256, size } of listing.objects) {
    const problem = await checkObject(request, sha256, size)
    if (problem === undefined) whole.add(sha256)
    else problems.push(problem)
  }
  progress(`Verifying ${listing.sightings.length} sightings`)
  const checker = new SightingChecker(request, whole, new Set(listing.objects.map(({ sha256 }) => sha256)))
  for (const { suite, name } of listing.sightings) {
    const file = sightingPath(folder, suite, name)
    try {
      const sighting = await checker.store.sighting(suite, name)
      problems.push(...(await checker.check(sighting)).map((why) => `${file}: ${why}`))
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      problems.push(describeError(error))
    }
  }
  return {
    objects: listing.objects.length,
    size: listing.objects.reduce((sum, { size }) => sum + size, 0),
    sightings: listing.sightings.length,
    problems,
    notes: notesOn(folder, listing),
  }
}

async function listingOf(folder: string): Promise<StoreListing> {
  try {
    await stat(sightingsFolder(folder))
    return await listStore(folder)
  } catch (error) {
    throw new DebproofError('USAGE', `${folder} is no store of evidence that can be read; name another with --store`, {
      cause: error,
    })
  }
}

async function checkObject(
  { downloads, folder }: CheckRequest,
  sha256: Sha256,
  size: number,
): Promise<string | undefined> {
  if (size > MAX_PLAIN_INDEX) return `${objectPath(folder, sha256)} is larger than any index.`
  try {
    const found = await downloads.digest(objectUrl(folder, sha256), Math.max(size, MAX_INDEX))
    return found.sha256 === sha256 ? undefined : damagedObject(folder, sha256, 'an object').message
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return describeError(error)
  }
}

class SightingChecker {
  readonly store: StoreReader
  readonly #request: CheckRequest
  readonly #whole: ReadonlySet<Sha256>
  readonly #there: ReadonlySet<Sha256>
  /** A release file is seen again and again. */
  readonly #releases = new Map<string, Promise<VerifiedRelease | string>>()

  constructor(request: CheckRequest, whole: ReadonlySet<Sha256>, there: ReadonlySet<Sha256>) {
    this.store = new StoreReader(request.folder, request.downloads)
    this.#request = request
    this.#whole = whole
    this.#there = there
  }

  async check(sighting: Sighting): Promise<string[]> {
    const problems: string[] = []
    const files = [...sighting.release, ...sighting.indexes]
    for (const { sha256, path: name } of files) {
      if (this.#there.has(sha256)) continue
      problems.push(`${objectPath(this.#request.folder, sha256)} (${name}) is lost.`)
    }
    // What is damaged was named already, once.
    if (!sighting.release.every(({ sha256 }) => this.#whole.has(sha256))) return problems
    const release = await this.#release(sighting)
    if (typeof release === 'string') return [...problems, release]
    for (const { path: name, sha256, size } of sighting.indexes) {
      const entry = release.entries.get(name)
      if (entry?.sha256 !== sha256 || entry.size !== size) problems.push(`the release file does not list this ${name}.`)
    }
    return problems
  }

  #release(sighting: Sighting): Promise<VerifiedRelease | string> {
    const { date, state, suite, identity } = sighting
    const files = sighting.release.map(({ sha256 }) => sha256)
    const key = JSON.stringify([suite, date, state, identity, files])
    let release = this.#releases.get(key)
    if (release === undefined) {
      release = this.#verify(sighting)
      this.#releases.set(key, release)
    }
    return release
  }

  async #verify(sighting: Sighting): Promise<VerifiedRelease | string> {
    const { date, state, suite, identity, seen } = sighting
    const refusals: string[] = []
    const { keyrings, releaseNames } = this.#request
    const names = [{}, ...[...(releaseNames?.get(suite) ?? [])].map((releaseName) => ({ releaseName }))]
    for (const { keyring, name } of keyrings.flatMap((keyring) => names.map((name) => ({ keyring, name })))) {
      try {
        const bytes = await this.store.release(sighting)
        // Keys that have expired since were good when it was seen.
        const { release } = await judgeRelease(bytes, { keyring, at: seen, suite, ...name, past: true })
        const fits =
          release.date.getTime() === date.getTime() &&
          releaseState(bytes.signed) === state &&
          JSON.stringify(releaseIdentity(bytes.signed)) === JSON.stringify(identity)
        return fits ? release : 'it does not say what its release file says.'
      } catch (error) {
        if (!(error instanceof DebproofError)) throw error
        refusals.push(describeError(error))
      }
    }
    return [...new Set(refusals)].join(' ')
  }
}

function notesOn(folder: string, { sightings }: StoreListing): string[] {
  const suites = [...new Set(sightings.map(({ suite }) => suite))]
  return suites.flatMap((suite) => {
    const own = sightings.filter((sighting) => sighting.suite === suite).map(({ name }) => name)
    return contradictions(own).map((one) => describeContradiction(folder, suite, one))
  })
}

import { lstat } from 'node:fs/promises'
import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_FUTURE_SECONDS, MAX_INDEX, MAX_PLAIN_INDEX } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { contradictions } from './contradiction.ts'
import type { Sighting } from './sighting.ts'
import { objectPath, sightingPath, sightingsFolder } from './store-layout.ts'
import { listStore, type StoreListing } from './store-listing.ts'
import { damagedObject, StoreReader } from './store-reader.ts'
import { describeContradiction } from './suite-history.ts'
import { impossibleTime, verifySeen } from './verify-sighting.ts'

export interface CheckRequest {
  /** An absolute path. */
  readonly folder: string
  readonly downloads: Downloads
  /** A release file must be signed by the keys of one of them. */
  readonly keyrings: readonly Keyring[]
  /** What the release file of a suite may call itself, where the policy says so, besides the suite itself. */
  readonly releaseNames?: ReadonlyMap<string, ReadonlySet<string>>
  /** The machine's clock: nothing was seen later. */
  readonly now: Date
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
  const problems = listing.foreign.map((file) => `${file} is not of this store: take it out.`)
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
    notes: [...checker.notes(), ...notesOn(folder, listing)],
  }
}

async function listingOf(folder: string): Promise<StoreListing> {
  try {
    await lstat(sightingsFolder(folder))
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
    const url = await new StoreReader(folder, downloads).objectUrl(sha256)
    const found = await downloads.digest(url, Math.max(size, MAX_INDEX))
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
  readonly #seen = new Map<string, { first: Date; last: Date; times: number }>()
  readonly #used = new Set<Sha256>()

  constructor(request: CheckRequest, whole: ReadonlySet<Sha256>, there: ReadonlySet<Sha256>) {
    this.store = new StoreReader(request.folder, request.downloads)
    this.#request = request
    this.#whole = whole
    this.#there = there
  }

  async check(sighting: Sighting): Promise<string[]> {
    const problems: string[] = []
    const files = [...sighting.release, ...sighting.indexes]
    const { archive, suite, seen } = sighting
    if (seen.getTime() > this.#request.now.getTime() + MAX_FUTURE_SECONDS * 1000) {
      problems.push(
        `It says that it was seen at ${seen.toISOString()}, which is yet to come: a clock was fast, or somebody added it.`,
      )
    }
    const impossible = impossibleTime(sighting)
    if (impossible !== undefined) problems.push(impossible)
    this.#count(`${suite} at ${archive.href}`, seen)
    for (const { sha256, path: name } of files) {
      this.#used.add(sha256)
      if (this.#there.has(sha256)) continue
      problems.push(`${objectPath(this.#request.folder, sha256)} (${name}) is lost.`)
    }
    // What is damaged was named already, once.
    if (!sighting.release.every(({ sha256 }) => this.#whole.has(sha256))) return problems
    const release = await this.#release(sighting)
    if (typeof release === 'string') return [...problems, release]
    for (const { path: name, sha256, size } of sighting.indexes) {
      const entry = release.entries.get(name)
      if (entry?.sha256 !== sha256 || entry.size !== size) problems.push(`The release file does not list this ${name}.`)
    }
    return problems
  }

  /** What nobody signed and only people can judge: which archives were seen, and files that no sighting is about. */
  notes(): string[] {
    const time = (date: Date): string => date.toISOString().replace('.000', '')
    const archives = [...this.#seen]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, { first, last, times }]) => {
        return `${what} was seen ${times} ${times === 1 ? 'time' : 'times'}, from ${time(first)} to ${time(last)}.`
      })
    const unused = [...this.#there].filter((sha256) => !this.#used.has(sha256)).length
    if (unused === 0) return archives
    const what = unused === 1 ? '1 file of objects/ is' : `${unused} files of objects/ are`
    return [...archives, `${what} of no sighting: what a recording left that was stopped, or somebody added.`]
  }

  #count(what: string, seen: Date): void {
    const known = this.#seen.get(what) ?? { first: seen, last: seen, times: 0 }
    this.#seen.set(what, {
      first: seen < known.first ? seen : known.first,
      last: seen > known.last ? seen : known.last,
      times: known.times + 1,
    })
  }

  #release(sighting: Sighting): Promise<VerifiedRelease | string> {
    const { date, state, suite, identity, release: files } = sighting
    const key = JSON.stringify([suite, date, state, identity, files])
    let release = this.#releases.get(key)
    if (release === undefined) {
      release = this.#verify(sighting)
      this.#releases.set(key, release)
    }
    return release
  }

  async #verify(sighting: Sighting): Promise<VerifiedRelease | string> {
    const refusals: string[] = []
    const { keyrings, releaseNames } = this.#request
    const names = [{}, ...[...(releaseNames?.get(sighting.suite) ?? [])].map((releaseName) => ({ releaseName }))]
    for (const { keyring, name } of keyrings.flatMap((keyring) => names.map((name) => ({ keyring, name })))) {
      try {
        const trust = { keyring, ...name }
        return await verifySeen(sighting, await this.store.release(sighting), trust, sighting.seen)
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

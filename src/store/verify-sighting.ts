import type { Keyring } from '../archive/keyring.ts'
import { judgeRelease, type ReleaseBytes } from '../archive/read-release.ts'
import type { VerifiedRelease } from '../archive/release.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_FUTURE_SECONDS } from '../limits.ts'
import { changedFields } from './contradiction.ts'
import { releaseIdentity, releaseState } from './release-state.ts'
import type { Sighting } from './sighting.ts'
import { type SightingName, sightingPath } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/** Whose release files of a suite count. */
export interface SuiteTrust {
  readonly keyring: Keyring
  /** See ReleaseExpectation. */
  readonly releaseName?: string
}

/**
 * The sightings of one suite in one store, each of which counts only when its release file was verified: from the
 * store's own objects, by the keys of one archive. Anybody may have written the rest of it.
 */
export class SightingVerifier {
  readonly #store: StoreReader
  readonly #suite: string
  readonly #trust: SuiteTrust
  readonly #at: Date | undefined
  readonly #verified = new Map<string, Promise<Sighting>>()

  /** @param at by which keys are judged; else by when the suite was seen, as the sighting says */
  constructor(store: StoreReader, suite: string, trust: SuiteTrust, at?: Date) {
    this.#store = store
    this.#suite = suite
    this.#trust = trust
    this.#at = at
  }

  /** @throws DebproofError EVIDENCE, which names the file and says what to do */
  async verify(name: SightingName): Promise<Sighting> {
    const file = sightingPath(this.#store.folder, this.#suite, name)
    let pending = this.#verified.get(file)
    if (pending === undefined) {
      pending = this.#verify(name, file)
      this.#verified.set(file, pending)
    }
    return await pending
  }

  async #verify(name: SightingName, file: string): Promise<Sighting> {
    try {
      const sighting = await this.#store.sighting(this.#suite, name)
      const bytes = await this.#store.release(sighting)
      await verifySeen(sighting, bytes, this.#trust, this.#at ?? sighting.seen)
      const impossible = impossibleTime(sighting)
      if (impossible !== undefined) throw new DebproofError('EVIDENCE', impossible)
      return sighting
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      throw new DebproofError(
        'EVIDENCE',
        `The sighting ${file} cannot be verified, so that it is not known what the store saw: ${describeError(error)} ` +
          'Restore what it lacks from a backup of the store, name the keys that signed it, or take it out where somebody added it.',
      )
    }
  }
}

/**
 * The release file of a sighting, by the keys of one archive.
 *
 * @param at by which keys are judged
 * @throws DebproofError as `verifyRelease`, or EVIDENCE where the sighting says what its release file does not
 */
export async function verifySeen(
  sighting: Sighting,
  bytes: ReleaseBytes,
  { keyring, releaseName }: SuiteTrust,
  at: Date,
): Promise<VerifiedRelease> {
  const { date, state, suite, identity, release: files } = sighting
  // Keys that have expired since were good when it was seen.
  const { release } = await judgeRelease(bytes, {
    keyring,
    at,
    suite,
    ...(releaseName === undefined ? {} : { releaseName }),
    past: true,
  })
  const isSaid =
    release.date.getTime() === date.getTime() &&
    releaseState(bytes.signed) === state &&
    changedFields(identity, releaseIdentity(bytes.signed)).length === 0 &&
    files.every(({ size }, index) => bytes.files[index]?.bytes.length === size)
  if (!isSaid) throw new DebproofError('EVIDENCE', 'It does not say what its release file says.')
  return release
}

/** Why nobody can have seen it when it says so; undefined where somebody can. */
export function impossibleTime({ seen, date }: Sighting): string | undefined {
  if (date.getTime() <= seen.getTime() + MAX_FUTURE_SECONDS * 1000) return undefined
  return `It says that at ${seen.toISOString()} a release file was seen that is of ${date.toISOString()}.`
}

/** Whether any of the keys that signed, by a sighting's word, is of a keyring: it tells archives apart, and proves nothing. */
export function signedByAny(keyring: Keyring): (sighting: Sighting) => boolean {
  const trusted = new Set<string>(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint))
  return ({ signers }) => signers.some((signer) => trusted.has(signer))
}

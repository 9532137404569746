import type { Keyring } from '../archive/keyring.ts'
import { DebproofError } from '../errors.ts'
import type { ReleaseIdentity } from './release-state.ts'
import type { SightingName } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/** Why a suite could not be read in a store. */
export interface LookFailure {
  readonly what: string
  readonly error: DebproofError
}

/** The looks at archives that the keys signed: another archive may have a suite of the same name in the same store. */
export async function ownLooks(
  store: StoreReader,
  suite: string,
  names: readonly SightingName[],
  isOurs: (signers: readonly string[]) => boolean,
): Promise<{
  looks: SightingName[]
  firsts: Map<string, ReleaseIdentity>
  failures: LookFailure[]
}> {
  const byArchive = new Map<string, [SightingName, ...SightingName[]]>()
  for (const name of [...names].sort((a, b) => a.seen.getTime() - b.seen.getTime())) {
    const others = byArchive.get(name.archive)
    if (others === undefined) byArchive.set(name.archive, [name])
    else others.push(name)
  }
  const looks: SightingName[] = []
  const firsts = new Map<string, ReleaseIdentity>()
  const failures: LookFailure[] = []
  for (const [archive, own] of byArchive) {
    const [first] = own
    const last = own.at(-1) ?? first
    try {
      const earliest = await store.sighting(suite, first)
      // Keys change over the years.
      const isOwn = isOurs(earliest.signers) || isOurs((await store.sighting(suite, last)).signers)
      if (!isOwn) continue
      firsts.set(archive, earliest.identity)
      for (const look of own) looks.push(look)
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      failures.push({ what: suite, error })
      for (const look of own) looks.push(look)
    }
  }
  return { looks, firsts, failures }
}

/** Whether any of the keys that signed, by a sighting's word, is of a keyring: it only saves reading. */
export function signedByAny(keyring: Keyring): (signers: readonly string[]) => boolean {
  const trusted = new Set<string>(keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint))
  return (signers) => signers.some((signer) => trusted.has(signer))
}

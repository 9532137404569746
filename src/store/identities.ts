import { DebproofError } from '../errors.ts'
import { identityDigest } from './release-state.ts'
import type { SightingName } from './store-layout.ts'
import type { StoreReader } from './store-reader.ts'

/** A sighting, and what it says of Origin, Label and Codename. */
export interface NamedIdentity {
  readonly name: SightingName
  /** See `identityDigest`. */
  readonly identity: string
}

/** By their names, and of those of the first stores by the files themselves. */
export async function identitiesOf(
  store: StoreReader,
  suite: string,
  names: readonly SightingName[],
): Promise<{ readonly known: readonly NamedIdentity[]; readonly failures: readonly DebproofError[] }> {
  const known: NamedIdentity[] = []
  const failures: DebproofError[] = []
  for (const name of names) {
    if (name.identity !== undefined) {
      known.push({ name, identity: name.identity })
      continue
    }
    try {
      const { identity } = await store.sighting(suite, name)
      known.push({ name, identity: identityDigest(identity) })
    } catch (error) {
      if (!(error instanceof DebproofError)) throw error
      failures.push(error)
    }
  }
  return { known, failures }
}

import { keyIdsOf } from './key-ids.ts'
import type { ArchivePolicy, KeysUnderTest } from './policy.ts'

type Signed = Pick<ArchivePolicy, 'name' | 'served' | 'servedByUpstream' | 'upstreams'>

/**
 * The keys of who signs what is under test, and so has no say on it: those of the archive itself, and of every other
 * archive of the policy that is a copy under the project's control (it has a `url`). Of such a copy the keys of its own
 * upstreams are left out: an archive that its upstream serves and signs is not the project's.
 *
 * @param own the archive whose rebuilders are asked
 */
export function keysUnderTest(own: Signed, archives: readonly Signed[]): KeysUnderTest {
  const owners = new Map<string, string>()
  for (const archive of archives) {
    if (archive.servedByUpstream && archive !== own) continue
    const upstream = new Set(
      archive === own
        ? []
        : archive.upstreams.flatMap(({ keyring }) => [...keyIdsOf({ keyring, publicKeys: [] }).keys()]),
    )
    for (const id of keyIdsOf({ keyring: archive.served.keyring, publicKeys: [] }).keys()) {
      if (!upstream.has(id) && owners.get(id) === undefined) owners.set(id, `the archive ${archive.name}`)
    }
  }
  return owners
}

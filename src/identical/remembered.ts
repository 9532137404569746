import type { ReleaseMemory } from '../archive/read-release.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Policy } from '../policy/policy.ts'
import { StoreReader } from '../store/store-reader.ts'
import { StoredReleases } from '../store/stored-releases.ts'

/** What the stores of a policy remember of its archives, whichever of them each is an upstream of. */
export function rememberedReleases({ archives, at }: Policy, downloads: Downloads): ReleaseMemory {
  const folders = archives.flatMap(({ upstreams }) =>
    upstreams.flatMap((upstream) => (upstream.kind === 'store' && upstream.memory ? [upstream.folder] : [])),
  )
  return new StoredReleases(
    [...new Set(folders)].map((folder) => new StoreReader(folder, downloads)),
    at,
  )
}

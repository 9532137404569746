import type { ResultsBlobs } from './results-blobs.ts'
import { QUOTA_ERROR, TwirpError, type TwirpMethods } from './results-twirp.ts'

/** What a token may do with the caches of a branch: permission 1 reads, 3 also writes. */
export interface CacheScope {
  readonly Scope: string
  readonly Permission: number
}

/** The scopes of a job that may only read, such as one of a pull request from a fork. */
export const READ_ONLY: readonly CacheScope[] = [{ Scope: 'refs/heads/main', Permission: 1 }]

/** The scopes of a job that may also write. */
export const READ_WRITE: readonly CacheScope[] = [{ Scope: 'refs/heads/main', Permission: 3 }]

export interface StoredCache {
  readonly key: string
  readonly version: string
  readonly scope: string
  /** Empty until it is finalized. */
  content: Buffer
  finalized: boolean
}

export interface CachesOptions {
  readonly blobs: ResultsBlobs
  readonly urlOf: (blob: string) => string
  readonly scopes: readonly CacheScope[]
  /** Whether so many bytes still fit. */
  readonly fits: (bytes: number) => boolean
}

/** The service of caches: its methods, and what was saved. */
export function cacheService(options: CachesOptions): {
  readonly caches: StoredCache[]
  readonly methods: TwirpMethods
  /** Puts other bytes in the place of every entry, as somebody may who can write the cache of the repository. */
  readonly replace: (content: Buffer) => void
} {
  const { blobs, urlOf, scopes, fits } = options
  const caches: (StoredCache & { readonly blob: string })[] = []

  const methods: TwirpMethods = {
    CreateCacheEntry(call) {
      const [key, version] = [call.text('key'), call.text('version')]
      const scope = scopes.find(({ Permission }) => (Permission & 2) !== 0)?.Scope
      // By the first words the toolkit tells a denial from another job that saves the same.
      if (scope === undefined) return { ok: false, message: 'cache write denied: token has no writable scopes' }
      if (caches.some((one) => one.key === key && one.version === version && one.scope === scope)) {
        throw new TwirpError(409, 'already_exists', 'a cache entry with the same key, version and scope already exists')
      }
      if (!fits(1)) throw QUOTA_ERROR
      const blob = blobs.create('cache')
      caches.push({ key, version, scope, content: Buffer.alloc(0), finalized: false, blob })
      return { ok: true, signed_upload_url: urlOf(blob) }
    },
    FinalizeCacheEntryUpload(call) {
      const [key, version] = [call.text('key'), call.text('version')]
      const index = caches.findIndex((one) => one.key === key && one.version === version && !one.finalized)
      const entry = caches[index]
      if (entry === undefined) throw new TwirpError(404, 'not_found', `cache ${key} not found`)
      const content = blobs.uploaded(entry.blob, call.text('size_bytes'))
      if (!fits(content.length)) throw QUOTA_ERROR
      Object.assign(entry, { content, finalized: true })
      return { ok: true, entry_id: String(index + 1) }
    },
    GetCacheEntryDownloadURL(call) {
      const version = call.text('version')
      const readable = new Set(scopes.map(({ Scope }) => Scope))
      const newestFirst = caches
        .filter((one) => one.finalized && one.version === version && readable.has(one.scope))
        .reverse()
      for (const wanted of [call.text('key'), ...call.texts('restore_keys')]) {
        const hit =
          newestFirst.find(({ key }) => key === wanted) ?? newestFirst.find(({ key }) => key.startsWith(wanted))
        if (hit !== undefined) return { ok: true, signed_download_url: urlOf(hit.blob), matched_key: hit.key }
      }
      return { ok: false }
    },
  }
  const replace = (content: Buffer): void => {
    for (const entry of caches) {
      blobs.replace(entry.blob, content)
      entry.content = content
    }
  }
  return { caches, methods, replace }
}

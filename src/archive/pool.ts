import { describeError, isDebproofError } from '../errors.ts'
import { MAX_PACKAGE_EXCESS, MAX_PACKAGE_FILE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { IndexEntry, PoolFile } from './index-entry.ts'
import { urlBelow } from './path-below.ts'

/** Whether what an archive's pool serves is what its index says. */
export type PoolAnswer =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'different'; readonly why: string }
  | { readonly outcome: 'unread'; readonly why: string }

/** Downloads a package's files from the pool and compares size and SHA-256 with the index. */
export async function checkPool(downloads: Downloads, base: URL, entry: IndexEntry): Promise<PoolAnswer> {
  for (const file of entry.kind === 'source' ? entry.files : [entry.file]) {
    const answer = await checkFile(downloads, urlBelow(base, file.path), file)
    if (answer.outcome !== 'same') return answer
  }
  return { outcome: 'same' }
}

/**
 * What differs is looked at twice: bytes that a transfer spoilt are no evidence against an archive, and those that it
 * serves again are. A pool that once had the right ones is no proof either.
 */
async function checkFile(downloads: Downloads, url: URL, file: PoolFile): Promise<PoolAnswer> {
  const first = await look(downloads, url, file, 1)
  if (first.outcome !== 'different') return first
  const second = await look(downloads, url, file, 2)
  if (second.outcome === 'different' && second.why === first.why) return first
  const then = second.outcome === 'same' ? 'A second look found what the index says.' : second.why
  return { outcome: 'unread', why: `${first.why} It was not so again: ${then}` }
}

async function look(downloads: Downloads, url: URL, file: PoolFile, number: 1 | 2): Promise<PoolAnswer> {
  try {
    // A file that was made anew is often a little larger: it is read to its end, so that its hash can be told.
    const limit = Math.min(file.size + MAX_PACKAGE_EXCESS, MAX_PACKAGE_FILE)
    const found = await downloads.digest(url, limit, number)
    if (found.size === file.size && found.sha256 === file.sha256) return { outcome: 'same' }
    return {
      outcome: 'different',
      why: `${url.href} is ${found.sha256} (${found.size} bytes), but the index says ${file.sha256} (${file.size}).`,
    }
  } catch (error) {
    if (!isDebproofError(error)) throw error
    if (error.code === 'TOO_LARGE' && file.size < MAX_PACKAGE_FILE) {
      return { outcome: 'different', why: `${url.href} is far larger than the ${file.size} bytes that the index says.` }
    }
    return { outcome: 'unread', why: `${url.href} could not be hashed: ${describeError(error)}` }
  }
}

import { DebproofError } from '../errors.ts'
import type { Digester } from './hash.ts'
import type { ReleaseEntry } from './release.ts'

/** The same bytes, which are hashed as they pass. */
export async function* digested(chunks: AsyncIterable<Uint8Array>, digester: Digester): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    digester.update(chunk)
    yield chunk
  }
}

/**
 * Compares what was read with what the release file states of it.
 *
 * @throws DebproofError INDEX_MISMATCH
 */
export function compareStated(url: string, found: ReturnType<Digester['finish']>, entry: ReleaseEntry): void {
  if (found.size !== entry.size) throw mismatch(url, `has ${found.size} bytes instead of ${entry.size}`)
  if (found.sha256 !== entry.sha256) throw mismatch(url, `has SHA-256 ${found.sha256} instead of ${entry.sha256}`)
  if (entry.sha512 !== undefined && found.sha512 !== undefined && found.sha512 !== entry.sha512) {
    throw mismatch(url, 'has another SHA-512 than stated')
  }
}

/** An index that is not what its release file says: INDEX_MISMATCH. */
export function mismatch(url: string, difference: string): DebproofError {
  return new DebproofError('INDEX_MISMATCH', `${url} is not what the signed release file says: it ${difference}.`)
}

import { createReadStream } from 'node:fs'
import { DebproofError, systemErrorCode } from '../errors.ts'

/**
 * The bytes of a file of evidence that was kept before.
 *
 * @param code for a file that somebody took away meanwhile: OUTPUT in a run, EVIDENCE where it is rechecked
 * @throws DebproofError with that code
 */
export async function* keptChunks(file: string, code: 'OUTPUT' | 'EVIDENCE'): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file)
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new DebproofError(code, `The evidence ${file} was there and cannot be read any more`, { cause: error })
  }
}

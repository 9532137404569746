import { DebproofError } from '../errors.ts'

/** Ends with an error after `limit` bytes. */
export async function* limited(chunks: AsyncIterable<Uint8Array>, limit: number, url: URL): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new DebproofError('TOO_LARGE', `${url.href} is larger than ${limit} bytes.`)
    yield chunk
  }
}

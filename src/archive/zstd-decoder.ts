import { MAX_BURST } from '../limits.ts'
import { GrowthError } from './growth.ts'
import type { ZstdFrame } from './zstd-frames.ts'

/**
 * Decodes one frame in JavaScript, for a Node without zstd (20). The decoder passes over what the frame says of the size
 * and the checksum of its content; libzstd does not, and a frame is judged alike on every Node.
 *
 * @throws Error for what is damaged or cut short; GrowthError
 */
export async function* decodeFrame(frame: ZstdFrame): AsyncGenerator<Uint8Array> {
  const [{ Decompress }, { default: xxhash }] = await Promise.all([import('fzstd'), import('xxhash-wasm')])
  const digest = (await xxhash()).create64()
  let output: Uint8Array[] = []
  let ended = false
  let burst = 0
  let size = 0
  const decoder = new Decompress((chunk, final) => {
    burst += chunk.length
    size += chunk.length
    if (burst > MAX_BURST) throw new GrowthError()
    output.push(chunk)
    digest.update(chunk)
    ended ||= final === true
  })
  for await (const piece of frame.pieces) {
    decoder.push(piece)
    yield* output
    output = []
    burst = 0
  }
  decoder.push(new Uint8Array(), true)
  yield* output
  if (!ended) throw new Error('the stream ends too early')
  if (frame.contentSize !== undefined && frame.contentSize !== size) {
    throw new Error(`the content has ${size} bytes instead of ${frame.contentSize}`)
  }
  if (frame.checksum !== undefined && frame.checksum !== Number(digest.digest() & 0xffff_ffffn)) {
    throw new Error('the content has another checksum than stated')
  }
}

/** Large enough that a decoder is called seldom, small enough that what comes of one piece fits into memory. */
const PIECE = 64 * 1024

/**
 * Cuts a stream into pieces of one size, of which only the last may be shorter. How far a decoder comes before it
 * stumbles depends on where its input is cut: a run reads from a network, and whoever checks its report from a disk.
 */
export async function* evenPieces(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    let at = 0
    if (size > 0) {
      at = Math.min(PIECE - size, chunk.length)
      pending.push(chunk.subarray(0, at))
      size += at
      if (size < PIECE) continue
      yield Buffer.concat(pending, PIECE)
    }
    for (; chunk.length - at >= PIECE; at += PIECE) yield chunk.subarray(at, at + PIECE)
    pending = at < chunk.length ? [chunk.subarray(at)] : []
    size = chunk.length - at
  }
  if (size > 0) yield Buffer.concat(pending, size)
}

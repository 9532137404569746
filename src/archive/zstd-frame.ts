/** Where a position in a frame is, and so what its next bytes say (RFC 8878, 3.1.1). */
type Part = 'magic' | 'descriptor' | 'block' | 'checksum' | 'end'

const MAGIC = 0xfd2fb528

/**
 * Passes on the bytes of one Zstandard frame. A second one is refused, as is whatever else follows, for decoders take
 * the end of a frame for the end of the file, or not, by how the bytes happen to arrive, and apt reads them all: who
 * reads less than apt does not see every stanza.
 *
 * @throws Error for what follows, and what is no frame
 */
export async function* oneFrame(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frame = new Frame()
  for await (const chunk of chunks) {
    frame.push(chunk)
    yield chunk
  }
}

/** Follows a frame from block to block; what is in them is the decoder's concern. */
class Frame {
  #part: Part = 'magic'
  #hasChecksum = false
  /** Bytes that are to be passed over before the part begins. */
  #skip = 0
  /** What has come of the part. */
  readonly #bytes: number[] = []

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      if (this.#part === 'end') throw new Error('there is more after the end of the stream')
      this.#bytes.push(chunk[at] ?? 0)
      at += 1
      if (this.#bytes.length === SIZE[this.#part]) this.#complete(littleEndian(this.#bytes.splice(0)))
    }
  }

  #complete(value: number): void {
    switch (this.#part) {
      case 'magic':
        if (value !== MAGIC) throw new Error('this does not start as a frame')
        this.#part = 'descriptor'
        return
      case 'descriptor':
        this.#hasChecksum = (value & 0x04) !== 0
        this.#skip = headerSize(value)
        this.#part = 'block'
        return
      case 'block':
        // One byte stands for all of a block that repeats it.
        this.#skip = ((value >> 1) & 0x03) === 1 ? 1 : value >> 3
        if ((value & 0x01) !== 0) this.#part = this.#hasChecksum ? 'checksum' : 'end'
        return
      case 'checksum':
        this.#part = 'end'
    }
  }
}

/** Bytes of each part. */
const SIZE: Readonly<Record<Exclude<Part, 'end'>, number>> = { magic: 4, descriptor: 1, block: 3, checksum: 4 }

/** Bytes of the frame's header behind its descriptor: of the window, of the dictionary's ID, of the content's size. */
function headerSize(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 0x03] ?? 0
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize
}

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

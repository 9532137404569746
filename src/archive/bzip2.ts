import { MAX_BURST } from '../limits.ts'
import { GrowthError } from './growth.ts'

/** What a decoder may look at before it knows a block's size, and beyond what the block may have as it is. */
const SLACK = 25_000

/** Bytes of a block to begin with; most have no more. */
const USUAL_BLOCK = 1024 * 1024

/**
 * Decodes bzip2, block by block: the package's own stream gathers the bytes of a block in an array of numbers, eight
 * bytes each, and forty bytes may be a block of 45 million.
 *
 * @throws Error for what is damaged or cut short
 */
export async function* bzip2(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: decoder } = await import('unbzip2-stream/lib/bzip2.js')
  const { default: bitIterator } = await import('unbzip2-stream/lib/bit_iterator.js')
  const waiting: Uint8Array[] = []
  let received = 0
  let bits: ReturnType<typeof bitIterator> | undefined
  /** In 100 000 bytes; 0 between two streams. */
  let blockSize = 0
  let memory = new Int32Array(0)
  let checksum = 0

  const block = (reader: ReturnType<typeof bitIterator>): Uint8Array | undefined => {
    if (blockSize === 0) {
      blockSize = decoder.header(reader)
      checksum = 0
      if (memory.length !== blockSize * 100_000) memory = new Int32Array(blockSize * 100_000)
      return undefined
    }
    const output = new Block()
    const sum = decoder.decompress(reader, (byte) => output.push(byte), memory, memory.length, checksum)
    if (sum === null) blockSize = 0
    else checksum = sum
    return sum === null ? undefined : output.bytes()
  }

  for await (const chunk of input) {
    if (chunk.length === 0) continue
    waiting.push(chunk)
    received += chunk.length
    bits ??= bitIterator(() => waiting.shift())
    while (received - bits.bytesRead >= SLACK + 100_000 * blockSize) {
      const output = block(bits)
      if (output !== undefined) yield output
    }
  }
  if (bits === undefined) throw new Error('there is no data')
  while (received > bits.bytesRead) {
    const output = block(bits)
    if (output !== undefined) yield output
  }
  if (blockSize !== 0) throw new Error('the stream ends too early')
}

/** The bytes of one block, as many as may come at once. */
class Block {
  // None yet: a file may be of nothing but ends of streams.
  #bytes = Buffer.alloc(0)
  #size = 0

  push(byte: number): void {
    if (this.#size === this.#bytes.length) this.#grow()
    this.#bytes[this.#size++] = byte
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  #grow(): void {
    if (this.#size >= MAX_BURST) throw new GrowthError()
    const larger = Buffer.allocUnsafe(Math.min(Math.max(this.#size * 2, USUAL_BLOCK), MAX_BURST))
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}

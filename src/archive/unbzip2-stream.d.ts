/** The package ships no types. */
declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js'

  const bzip2: {
    /** Reads the start of a stream and returns the size of its blocks, in 100 000 bytes. */
    header(bits: BitReader): number
    /**
     * Decodes one block and hands each byte to `take`.
     * @param memory as many numbers as a block has bytes
     * @returns the checksum of the stream so far; null where the stream ended instead
     */
    decompress(
      bits: BitReader,
      take: (byte: number) => void,
      memory: Int32Array,
      memorySize: number,
      checksum: number,
    ): number | null
  }
  export default bzip2
}

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export interface BitReader {
    (count: number | null): number
    readonly bytesRead: number
  }
  /** @param next gives the next bytes; it is called at once */
  export default function bitIterator(next: () => Uint8Array | undefined): BitReader
}

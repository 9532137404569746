import { MAX_ZSTD_FRAMES, MAX_ZSTD_WINDOW } from '../limits.ts'

const MAGIC = 0xfd2fb528
/** Of frames that hold nothing of the content, but for their last four bits (RFC 8878, 3.1.2). */
const SKIPPABLE = 0x184d2a50

/** A frame with content. */
export interface ZstdFrame {
  /** Its bytes, to be read once and to their end. */
  readonly pieces: AsyncIterable<Uint8Array>
  /** Whether they were read to their end. */
  readonly isAtEnd: boolean
  /** Once its header was read: bytes of its content, where it states them. */
  readonly contentSize: number | undefined
  /** At the end: the low 32 bits of the XXH64 of its content, where the frame states them (RFC 8878, 3.1.1). */
  readonly checksum: number | undefined
}

/**
 * Splits Zstandard data into its frames (RFC 8878, 3.1): the content of the data is that of one frame after the other,
 * as apt and zstd(1) read it. Decoders take the end of a frame for the end of the file, or not, by how the bytes happen
 * to arrive; so each frame is given to a decoder of its own. apt-ftparchive(1) ends its files with an empty second one.
 *
 * Each frame must be read to its end before the next one is asked for.
 */
export class ZstdFrames {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()
  #seen = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /**
   * The next frame with content; undefined at the end of the data.
   * @throws Error for what is no frame, and for more frames than anybody writes
   */
  async next(): Promise<ZstdFrame | undefined> {
    while (await this.#has(1)) {
      if (++this.#seen > MAX_ZSTD_FRAMES) throw new Error(`there are more than ${MAX_ZSTD_FRAMES} frames`)
      if (!(await this.#has(4))) throw new Error('the stream ends too early')
      const magic = littleEndian(this.#rest.subarray(0, 4))
      if (magic === MAGIC) return this.#frame()
      if ((magic & ~0x0f) !== SKIPPABLE) throw new Error('there is something else than a frame')
      await this.#skip()
    }
    return undefined
  }

  /** Lets go of the data. Nobody waits for that: whoever gives it may be waiting for a network. */
  close(): void {
    this.#chunks.return?.().catch(() => {
      // Nothing of it is read any more.
    })
  }

  #frame(): ZstdFrame {
    const layout = new FrameLayout()
    return {
      pieces: this.#pieces(layout),
      get isAtEnd() {
        return layout.isReached
      },
      get contentSize() {
        return layout.contentSize
      },
      get checksum() {
        return layout.checksum
      },
    }
  }

  async *#pieces(layout: FrameLayout): AsyncGenerator<Uint8Array> {
    while (!layout.isReached) {
      if (!(await this.#has(1))) throw new Error('the stream ends too early')
      const used = layout.push(this.#rest)
      const part = this.#rest.subarray(0, used)
      this.#rest = this.#rest.subarray(used)
      yield part
    }
  }

  /** @throws Error for one that is cut short */
  async #skip(): Promise<void> {
    if (!(await this.#has(8))) throw new Error('the stream ends too early')
    let size = 8 + littleEndian(this.#rest.subarray(4, 8))
    while (size > 0) {
      if (!(await this.#has(1))) throw new Error('the stream ends too early')
      const used = Math.min(size, this.#rest.length)
      this.#rest = this.#rest.subarray(used)
      size -= used
    }
  }

  /** Whether as many bytes are left; then they are in `#rest`. */
  async #has(size: number): Promise<boolean> {
    while (this.#rest.length < size) {
      const { done, value } = await this.#chunks.next()
      if (done === true) return false
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    }
    return true
  }
}

/** Where a position in a frame is, and so what its next bytes say (RFC 8878, 3.1.1). */
type Part = 'magic' | 'descriptor' | 'header' | 'block' | 'checksum' | 'end'

/** Follows a frame from block to block to its end; what is in them is the decoder's concern. */
class FrameLayout {
  #part: Part = 'magic'
  #descriptor = 0
  #contentSize: number | undefined
  #checksum: number | undefined
  /** Bytes that are to be passed over before the part begins. */
  #skip = 0
  /** What has come of the part. */
  readonly #bytes: number[] = []

  get isReached(): boolean {
    return this.#part === 'end' && this.#skip === 0
  }

  get contentSize(): number | undefined {
    return this.#contentSize
  }

  get checksum(): number | undefined {
    return this.#checksum
  }

  /** @returns how many of these bytes are of the frame */
  push(chunk: Uint8Array): number {
    let at = 0
    while (at < chunk.length && !this.isReached) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      this.#bytes.push(chunk[at] ?? 0)
      at += 1
      if (this.#part !== 'end' && this.#bytes.length === this.#size(this.#part)) {
        this.#complete(this.#bytes.splice(0))
      }
    }
    return at
  }

  #size(part: Exclude<Part, 'end'>): number {
    return part === 'header' ? headerSize(this.#descriptor) : SIZE[part]
  }

  #complete(bytes: readonly number[]): void {
    const value = littleEndian(bytes)
    switch (this.#part) {
      case 'magic':
        this.#part = 'descriptor'
        return
      case 'descriptor':
        this.#descriptor = value
        this.#part = 'header'
        return
      case 'header':
        this.#contentSize = this.#readHeader(bytes)
        this.#part = 'block'
        return
      case 'block':
        // One byte stands for all of a block that repeats it.
        this.#skip = ((value >> 1) & 0x03) === 1 ? 1 : value >> 3
        if ((value & 0x01) !== 0) this.#part = (this.#descriptor & 0x04) !== 0 ? 'checksum' : 'end'
        return
      case 'checksum':
        this.#checksum = value
        this.#part = 'end'
    }
  }

  /**
   * @returns the size of the content, where it is stated
   * @throws Error for what libzstd refuses, and decoders in other languages do not
   */
  #readHeader(bytes: readonly number[]): number | undefined {
    const descriptor = this.#descriptor
    const isSingleSegment = (descriptor & 0x20) !== 0
    const windowed = isSingleSegment ? 0 : 1
    const dictionary = DICTIONARY[descriptor & 0x03] ?? 0
    const size = bytes.slice(windowed + dictionary)
    // Two bytes count from 256 on.
    const contentSize = size.length === 0 ? undefined : littleEndian(size) + (size.length === 2 ? 256 : 0)
    if ((isSingleSegment ? (contentSize ?? 0) : windowSize(bytes[0] ?? 0)) > MAX_ZSTD_WINDOW) {
      throw new Error('the frame requires too much memory for decoding')
    }
    if ((descriptor & 0x08) !== 0) throw new Error('a bit is set that is reserved')
    if (littleEndian(bytes.slice(windowed, windowed + dictionary)) !== 0) throw new Error('a dictionary is needed')
    return contentSize
  }
}

/** Bytes of each part. */
const SIZE: Readonly<Record<Exclude<Part, 'header' | 'end'>, number>> = {
  magic: 4,
  descriptor: 1,
  block: 3,
  checksum: 4,
}

const DICTIONARY = [0, 1, 2, 4]

/** Bytes of the frame's header behind its descriptor: of the window, of the dictionary's ID, of the content's size. */
function headerSize(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  return (isSingleSegment ? 0 : 1) + (DICTIONARY[descriptor & 0x03] ?? 0) + contentSize
}

/** Bytes that a decoder must keep (RFC 8878, 3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 0x07)
}

function littleEndian(bytes: Uint8Array | readonly number[]): number {
  return [...bytes].reduceRight((value, byte) => value * 256 + byte, 0)
}

import type { Transform } from 'node:stream'

/** Any of zlib's: it knows how much of its input it took. */
type Decoder = Transform & { readonly bytesWritten: number }

/**
 * How a decoder of Node's is made for `decodeWith`: it waits until each of its chunks was taken. Node's default of 16 kB
 * for a chunk makes decoding an index almost twice as slow.
 */
export const DECODER_OPTIONS = { chunkSize: 256 * 1024, readableHighWaterMark: 1 }

/**
 * Yields what one of Node's decoders makes of the input. All that came out before a failure comes first: Node's own
 * pipeline throws away what was not read yet, so that the outcome would depend on who is faster. The decoder is given
 * a piece only when nothing of the last one is left in it, and works on it while the caller looks at what came out.
 *
 * @param decoder made with DECODER_OPTIONS
 * @throws as the input and the decoder do, and Error where the decoder takes the end to be before that of the input
 */
export async function* decodeWith(decoder: Decoder, input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = input[Symbol.asyncIterator]()
  const news = new News()
  let isHungry = true
  let isAtEnd = false
  let given = 0
  let failure: { readonly error: unknown } | undefined

  const fail = (error: unknown): void => {
    failure ??= { error }
    news.arrive()
  }
  const feed = async (): Promise<void> => {
    isHungry = false
    try {
      const { done, value } = await pieces.next()
      if (done === true) {
        isAtEnd = true
        decoder.end()
        return
      }
      given += value.length
      decoder.write(value, (error) => {
        if (error !== null && error !== undefined) return fail(error)
        isHungry = true
        news.arrive()
      })
    } catch (error) {
      fail(error)
    }
  }
  for (const event of ['readable', 'end']) decoder.on(event, () => news.arrive())
  decoder.on('error', fail)

  try {
    while (!decoder.readableEnded) {
      const chunk: Uint8Array | null = decoder.read()
      if (failure === undefined && isHungry && decoder.readableLength === 0) await feed()
      if (chunk !== null) yield chunk
      else if (failure !== undefined) throw failure.error
      else await news.come()
    }
    // Node takes zeros after a member of gzip for the end of the file, whatever follows them, in silence. Readers of gzip
    // do not agree on that: it is refused.
    if (decoder.bytesWritten !== given || !isAtEnd) throw new Error('there is more after the end of the stream')
  } finally {
    decoder.destroy()
    // Nobody waits for that: whoever gives the input may be waiting for a network.
    pieces.return?.().catch(() => {
      // Nothing of it is read any more.
    })
  }
}

/** That something happened, also where it did before anybody waited for it. */
class News {
  #isThere = false
  #tell = (): void => {}

  arrive(): void {
    this.#isThere = true
    this.#tell()
  }

  async come(): Promise<void> {
    if (!this.#isThere) await new Promise<void>((resolve) => (this.#tell = resolve))
    this.#isThere = false
  }
}

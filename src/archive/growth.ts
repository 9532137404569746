import { MAX_BURST, MAX_GROWTH } from '../limits.ts'

/** Compressed data that grows as neither an index nor the control data of a package does. */
export class GrowthError extends Error {
  constructor() {
    super('it grows beyond all measure')
  }
}

/** Sees to it that what was compressed does not grow beyond all measure. */
export class Growth {
  #compressed = 0
  #plain = 0

  /** Counts what goes in. */
  async *compressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#compressed += chunk.length
      yield chunk
    }
  }

  /** @throws GrowthError */
  async *plain(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#plain += chunk.length
      if (this.#plain > MAX_BURST && this.#plain > this.#compressed * MAX_GROWTH) throw new GrowthError()
      yield chunk
    }
  }
}

/**
 * Looks for many texts at once, in one pass over the bytes that mostly leaps: with some hundred forms of a job's
 * secrets and hundreds of megabytes of evidence, one search for each would take minutes (Wu and Manber, "A Fast
 * Algorithm for Multi-Pattern Searching", 1994, with blocks of two bytes).
 */
export class Needles {
  /** Bytes of the longest. */
  readonly longest: number
  readonly #shortest: number
  /** By two bytes: how far the window may move on when it ends in them; 0 where a needle may be. */
  readonly #leaps: Uint8Array
  /** By the two bytes at the end of its first `#shortest` bytes. */
  readonly #byEnd = new Map<number, Uint8Array[]>()

  /** @param needles each of two bytes or more */
  constructor(needles: readonly Uint8Array[]) {
    const lengths = needles.map(({ length }) => length)
    this.longest = Math.max(0, ...lengths)
    this.#shortest = Math.min(...lengths, 0xff)
    if (this.#shortest < 2) throw new Error('a needle has at least two bytes')
    this.#leaps = new Uint8Array(0x10000).fill(this.#shortest - 1)
    for (const needle of needles) {
      for (let end = 1; end < this.#shortest; end++) {
        const pair = pairAt(needle, end)
        this.#leaps[pair] = Math.min(this.#leaps[pair] ?? 0, this.#shortest - 1 - end)
      }
      const last = pairAt(needle, this.#shortest - 1)
      this.#byEnd.set(last, [...(this.#byEnd.get(last) ?? []), needle])
    }
  }

  /** Whether one of them is in the bytes. */
  isIn(bytes: Uint8Array): boolean {
    const leaps = this.#leaps
    for (let end = this.#shortest - 1; end < bytes.length; ) {
      const pair = pairAt(bytes, end)
      const leap = leaps[pair] ?? 0
      if (leap === 0 && this.#startsAt(bytes, end - this.#shortest + 1, pair)) return true
      end += leap === 0 ? 1 : leap
    }
    return false
  }

  #startsAt(bytes: Uint8Array, start: number, pair: number): boolean {
    return (this.#byEnd.get(pair) ?? []).some(
      (needle) => start + needle.length <= bytes.length && needle.every((byte, index) => bytes[start + index] === byte),
    )
  }
}

function pairAt(bytes: Uint8Array, end: number): number {
  return ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0)
}

/** Numbers that follow from a seed alone (mulberry32): a run that found something can be run again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but without, 1. */
  number(): number {
    return this.next() / 2 ** 32
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from 0 up to, but without, `limit`; 0 for a limit of 0. */
  below(limit: number): number {
    return Math.floor(this.number() * limit)
  }

  /** A whole number from `low` to `high`, both among them. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  chance(probability: number): boolean {
    return this.number() < probability
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('there is nothing to pick from')
    return item
  }

  /** One of the items, those of more weight more often. */
  weighted<T extends { readonly weight?: number }>(items: readonly T[]): T {
    const total = items.reduce((sum, { weight = 1 }) => sum + weight, 0)
    let left = this.number() * total
    for (const item of items) {
      left -= item.weight ?? 1
      if (left < 0) return item
    }
    return this.pick(items)
  }

  /** A generator of its own, so that what one part draws changes nothing for the others. */
  fork(): Random {
    return new Random(this.next())
  }
}

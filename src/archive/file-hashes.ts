import { getRandomValues } from 'node:crypto'
import type { Sha256 } from './identity.ts'

/** Words of 32 bits that a SHA-256 has. */
const WORDS = 8
/** Hex digits of one word. */
const DIGITS = 8

/** By character: the value of a hex digit in either case, 255 for everything else. */
const DIGIT = new Uint8Array(256).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  DIGIT[digit.charCodeAt(0)] = value
  DIGIT[digit.toUpperCase().charCodeAt(0)] = value
}

/** A SHA-256 in eight words, written over by whoever reads the next one. */
export type HashWords = Uint32Array

export function hashWords(): HashWords {
  return new Uint32Array(WORDS)
}

/**
 * Reads a SHA-256 as an index writes it: 64 hex digits.
 *
 * @returns false where other characters stand there; `into` is then of no use
 */
export function readHash(bytes: Uint8Array, position: number, into: HashWords): boolean {
  // One digit that is none sets high bits.
  let others = 0
  for (let word = 0; word < WORDS; word++) {
    let value = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const nibble = DIGIT[bytes[position++] ?? 0] ?? 255
      others |= nibble
      value = (value << 4) | (nibble & 15)
    }
    into[word] = value
  }
  return others < 16
}

/**
 * A set of SHA-256 hashes of which there may be many: of every file that an index lists. It takes some 50 bytes for
 * each, a third of what a set of strings does.
 *
 * Those who write an index choose its hashes, and could choose such that fall on one place of a table; so where a
 * hash falls depends on numbers that each process draws for itself. Nothing else does.
 */
export class FileHashes {
  /** One after another, in the order in which they were added. */
  #hashes = new Uint32Array(SMALLEST * WORDS)
  /** What each of them was mixed to: places are found again without mixing. */
  #mixed = new Uint32Array(SMALLEST)
  /** By place: the number of a hash, counted from 1; 0 where none is. Twice as many places as hashes, at least. */
  #places = new Int32Array(SMALLEST * 2)
  #size = 0

  get size(): number {
    return this.#size
  }

  add(hash: HashWords): void {
    const mixed = mix(hash)
    const place = this.#place(hash, mixed)
    if (this.#places[place] !== 0) return
    if (this.#size === this.#mixed.length) {
      this.#grow()
      this.#put(hash, mixed, this.#place(hash, mixed))
    } else {
      this.#put(hash, mixed, place)
    }
  }

  has(hash: HashWords): boolean {
    return this.#places[this.#place(hash, mix(hash))] !== 0
  }

  /** Those that none of the others has. */
  without(others: readonly FileHashes[]): FileHashes {
    const rest = new FileHashes()
    for (let number = 0; number < this.#size; number++) {
      const hash = this.#at(number)
      if (!others.some((other) => other.has(hash))) rest.add(hash)
    }
    return rest
  }

  addAll(other: FileHashes): void {
    for (let number = 0; number < other.#size; number++) this.add(other.#at(number))
  }

  /** All of them, sorted. */
  toSorted(): Sha256[] {
    return Array.from({ length: this.#size }, (_, number) => hexOf(this.#at(number))).sort()
  }

  #at(number: number): HashWords {
    return this.#hashes.subarray(number * WORDS, (number + 1) * WORDS)
  }

  /** Where a hash is, or would be: the first place from its own on that is free or its. */
  #place(hash: HashWords, mixed: number): number {
    const last = this.#places.length - 1
    for (let place = mixed & last; ; place = (place + 1) & last) {
      const number = this.#places[place] ?? 0
      if (number === 0) return place
      if (this.#mixed[number - 1] === mixed && this.#isAt(number - 1, hash)) return place
    }
  }

  #isAt(number: number, hash: HashWords): boolean {
    const start = number * WORDS
    for (let word = 0; word < WORDS; word++) if (this.#hashes[start + word] !== hash[word]) return false
    return true
  }

  #put(hash: HashWords, mixed: number, place: number): void {
    this.#hashes.set(hash, this.#size * WORDS)
    this.#mixed[this.#size] = mixed
    this.#size += 1
    this.#places[place] = this.#size
  }

  #grow(): void {
    const [hashes, mixed] = [this.#hashes, this.#mixed]
    this.#hashes = new Uint32Array(hashes.length * 4)
    this.#hashes.set(hashes)
    this.#mixed = new Uint32Array(mixed.length * 4)
    this.#mixed.set(mixed)
    this.#places = new Int32Array(this.#places.length * 4)
    const last = this.#places.length - 1
    for (let number = 0; number < this.#size; number++) {
      let place = (mixed[number] ?? 0) & last
      while (this.#places[place] !== 0) place = (place + 1) & last
      this.#places[place] = number + 1
    }
  }
}

/** Hashes that a new set has room for. */
const SMALLEST = 1024

/** A SHA-256 in its usual form. */
function hexOf(hash: HashWords): Sha256 {
  let text = ''
  for (const word of hash) text += word.toString(16).padStart(DIGITS, '0')
  return text as Sha256
}

const [FIRST = 0, ...FACTORS] = getRandomValues(new Uint32Array(1 + WORDS)).map((number, index) =>
  index === 0 ? number : number | 1,
)

/** A number of 32 bits that nobody outside of this process can foretell. */
function mix(hash: HashWords): number {
  let mixed = FIRST
  for (let word = 0; word < WORDS; word++) {
    mixed = Math.imul(mixed ^ (hash[word] ?? 0), FACTORS[word] ?? 1)
    mixed ^= mixed >>> 15
  }
  return mixed >>> 0
}

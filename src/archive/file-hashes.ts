import { getRandomValues } from 'node:crypto'
import type { Sha256 } from './identity.ts'

/** Words of 32 bits that a SHA-256 has. */
const WORDS = 8
/** Hex digits of one word. */
const DIGITS = 8

/** By character: the value of a lower-case hex digit, 255 for everything else. */
const DIGIT = new Uint8Array(256).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) DIGIT[digit.charCodeAt(0)] = value

/** A SHA-256 in eight words, written over by whoever reads the next one. */
export type HashWords = Uint32Array

export function hashWords(): HashWords {
  return new Uint32Array(WORDS)
}

/**
 * Reads a SHA-256 as an index writes it: 64 lower-case hex digits.
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
 * A set of SHA-256 hashes of which there may be many: of every file that an index lists. It takes some 64 bytes for
 * each, half of what a set of strings does.
 *
 * Those who write an index choose its hashes, and could choose such that fall on one place of a table; so where a
 * hash falls depends on numbers that each process draws for itself. Nothing else does.
 */
export class FileHashes {
  #table = new Uint32Array(1024 * WORDS)
  #size = 0
  /** A hash of zeros is how a free place looks. */
  #hasZero = false

  get size(): number {
    return this.#size + (this.#hasZero ? 1 : 0)
  }

  add(hash: HashWords): void {
    if (isZero(hash)) {
      this.#hasZero = true
      return
    }
    if (this.#size * 2 * WORDS >= this.#table.length) this.#grow()
    if (put(this.#table, hash, 0)) this.#size += 1
  }

  has(hash: HashWords): boolean {
    if (isZero(hash)) return this.#hasZero
    return isThere(this.#table, place(this.#table, hash, 0))
  }

  /** Those that none of the others has. */
  without(others: readonly FileHashes[]): FileHashes {
    const rest = new FileHashes()
    for (const hash of this.#each()) {
      if (!others.some((other) => other.has(hash))) rest.add(hash)
    }
    return rest
  }

  addAll(other: FileHashes): void {
    for (const hash of other.#each()) this.add(hash)
  }

  /** All of them, sorted. */
  toSorted(): Sha256[] {
    return [...this.#each()].map(hexOf).sort()
  }

  /** Views into the table, each good until the next one. */
  *#each(): Generator<HashWords> {
    if (this.#hasZero) yield hashWords()
    for (let start = 0; start < this.#table.length; start += WORDS) {
      if (isThere(this.#table, start)) yield this.#table.subarray(start, start + WORDS)
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#table.length * 2)
    for (let start = 0; start < this.#table.length; start += WORDS) {
      if (isThere(this.#table, start)) put(larger, this.#table, start)
    }
    this.#table = larger
  }
}

/** A SHA-256 in its usual form. */
export function hexOf(hash: HashWords): Sha256 {
  let text = ''
  for (const word of hash) text += word.toString(16).padStart(DIGITS, '0')
  return text as Sha256
}

const [FIRST = 0, ...FACTORS] = getRandomValues(new Uint32Array(1 + WORDS))

/** Where a hash is, or would be: the first place from its own on that is free or its. */
function place(table: Uint32Array, hashes: Uint32Array, start: number): number {
  const places = table.length / WORDS
  let mixed = FIRST
  for (let word = 0; word < WORDS; word++) {
    mixed = Math.imul(mixed ^ (hashes[start + word] ?? 0), (FACTORS[word] ?? 0) | 1)
    mixed ^= mixed >>> 15
  }
  let at = (mixed & (places - 1)) * WORDS
  while (isThere(table, at) && !isSame(table, at, hashes, start)) at = (at + WORDS) % table.length
  return at
}

/** Whether it was not there before. */
function put(table: Uint32Array, hashes: Uint32Array, start: number): boolean {
  const at = place(table, hashes, start)
  if (isThere(table, at)) return false
  for (let word = 0; word < WORDS; word++) table[at + word] = hashes[start + word] ?? 0
  return true
}

function isThere(table: Uint32Array, at: number): boolean {
  for (let word = 0; word < WORDS; word++) if (table[at + word] !== 0) return true
  return false
}

function isSame(table: Uint32Array, at: number, hashes: Uint32Array, start: number): boolean {
  for (let word = 0; word < WORDS; word++) if (table[at + word] !== hashes[start + word]) return false
  return true
}

function isZero(hash: HashWords): boolean {
  return !isThere(hash, 0)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FileHashes, hashWords, readHash } from '../../src/archive/file-hashes.ts'

const anyHash = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
  // Such as somebody chooses who wants them to fall on one place.
  fc.integer({ min: 0, max: 30 }).map((number) => number.toString(16).padStart(64, '0')),
  fc.integer({ min: 0, max: 30 }).map((number) => number.toString(16).padEnd(64, '0')),
)

function setOf(hashes: readonly string[]): FileHashes {
  const set = new FileHashes()
  const words = hashWords()
  for (const hash of hashes) {
    if (!readHash(Buffer.from(hash), 0, words)) throw new Error('the test itself is wrong')
    set.add(words)
  }
  return set
}

describe('a set of hashes', () => {
  it('holds what was added, each once, as any set does', () => {
    fc.assert(
      fc.property(fc.array(anyHash, { maxLength: 60 }), fc.array(anyHash, { maxLength: 20 }), (added, others) => {
        const [set, model] = [setOf(added), new Set(added)]
        expect(set.size).toBe(model.size)
        expect(set.toSorted()).toEqual([...model].sort())
        const words = hashWords()
        for (const hash of [...added, ...others]) {
          readHash(Buffer.from(hash), 0, words)
          expect(set.has(words)).toBe(model.has(hash))
        }
      }),
    )
  })

  it('gives those that no other set has', () => {
    const many = fc.array(anyHash, { maxLength: 40 })
    fc.assert(
      fc.property(many, many, many, (own, one, other) => {
        const rest = setOf(own).without([setOf(one), setOf(other)])
        expect(rest.toSorted()).toEqual([...new Set(own)].filter((hash) => ![...one, ...other].includes(hash)).sort())
      }),
    )
  })

  it('grows to as many as a large index lists, and takes a hash of zeros for one', () => {
    const hashes = Array.from({ length: 70_000 }, (_, index) => (index * 7).toString(16).padStart(64, 'ab'))
    const set = setOf([...hashes, '0'.repeat(64)])
    expect(set.size).toBe(70_001)
    const copy = new FileHashes()
    copy.addAll(set)
    expect(copy.without([set]).size).toBe(0)
    expect(copy.size).toBe(70_001)
  })
})

describe('a hash in an index', () => {
  it('is 64 hex digits, in either case, and nothing else', () => {
    const good = 'a1'.repeat(32)
    const words = hashWords()
    expect(readHash(Buffer.from(`xx${good}`), 2, words)).toBe(true)
    const upper = hashWords()
    expect(readHash(Buffer.from(good.toUpperCase()), 0, upper)).toBe(true)
    expect(upper).toEqual(words)
    for (const position of [0, 7, 8, 31, 63]) {
      for (const other of ['G', 'g', '/', ':', ' ', '\n', '\xff']) {
        const bad = good.slice(0, position) + other + good.slice(position + 1)
        expect(readHash(Buffer.from(bad, 'latin1'), 0, words)).toBe(false)
      }
    }
    expect(readHash(Buffer.from(good.slice(1)), 0, words)).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { formatShard, parseShard, partOf, shardOfName, shards } from '../../src/parts/shard.ts'
import { maybeQualifiedUse, use, versionText } from '../packages/arbitrary.ts'

/** Also several versions of one name. */
const arbitraryUse = fc.oneof(
  maybeQualifiedUse,
  fc.tuple(fc.constantFrom('hello', 'libc6', 'zlib1g'), versionText).map(([name, version]) => use(name, version)),
)

const shard = fc
  .integer({ min: 1, max: 1000 })
  .chain((of) => fc.record({ index: fc.integer({ min: 1, max: of }), of: fc.constant(of) }))

describe('--shard', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(shard, (one) => {
        expect(parseShard(formatShard(one))).toEqual(one)
      }),
    )
    expect(parseShard('2/4')).toEqual({ index: 2, of: 4 })
  })

  it.each([
    '0/4',
    '5/4',
    '1/0',
    '1/1001',
    '1/10000',
    '01/4',
    '1/04',
    '-1/4',
    '1.0/4',
    '1',
    '1/',
    '/4',
    '',
    '1/4 ',
    ' 1/4',
    '1/4\n',
    '1 / 4',
    '1/4/4',
    '١/٤',
  ])('%j is refused, with what to write', (text) => {
    expect(() => parseShard(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(/is no part: write 2\/4/) }),
    )
  })

  it('of any kind is a part or a foreseen mistake', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => `${a}/${b}`),
        ),
        (text) => {
          try {
            const { index, of } = parseShard(text)
            expect(index >= 1 && index <= of && of <= 1000).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(DebproofError)
          }
        },
      ),
    )
  })
})

describe('the parts', () => {
  it('hold each package once, in the order in which they were given', () => {
    fc.assert(
      fc.property(fc.array(arbitraryUse), fc.integer({ min: 1, max: 12 }), (uses, of) => {
        const parts = shards(of).map((one) => partOf(uses, one))
        expect(parts.flat()).toHaveLength(uses.length)
        expect(new Set(parts.flat())).toEqual(new Set(uses))
        for (const part of parts) expect(part).toEqual(uses.filter((use) => part.includes(use)))
      }),
    )
  })

  it('are the same for every machine, whatever the order of its lists', () => {
    const order = fc
      .array(arbitraryUse)
      .chain((uses) => fc.tuple(fc.constant(uses), fc.shuffledSubarray(uses, { minLength: uses.length })))
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 12 }), ([uses, other], of) => {
        for (const one of shards(of)) expect(new Set(partOf(other, one))).toEqual(new Set(partOf(uses, one)))
      }),
    )
  })

  it('have all versions of a name together: they are judged against each other', () => {
    fc.assert(
      fc.property(fc.array(arbitraryUse), fc.integer({ min: 1, max: 12 }), (uses, of) => {
        const names = shards(of).map((one) => new Set(partOf(uses, one).map(({ name }) => name)))
        const all = names.flatMap((part) => [...part])
        expect(new Set(all).size).toBe(all.length)
      }),
    )
  })

  it('do not change by a version of this program: machines of a year ago came to the same', () => {
    expect(['hello', 'libc6', 'zlib1g', 'adduser', 'src'].map((name) => shardOfName(name, 7))).toEqual([4, 1, 6, 5, 5])
  })

  it('are about equal in size', () => {
    const uses = Array.from({ length: 2000 }, (_, index) => ({ name: `package-${index}` }))
    for (const of of [2, 4, 8]) {
      for (const one of shards(of)) {
        expect(Math.abs(partOf(uses, one).length - 2000 / of)).toBeLessThan(100)
      }
    }
  })
})

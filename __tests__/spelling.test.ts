import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closest } from '../src/spelling.ts'

const COMMANDS = ['verify', 'inspect', 'packages', 'init']

describe('the word that was probably meant', () => {
  it.each([
    ['verfy', 'verify'],
    ['veriyf', 'verify'],
    ['VERIFY', 'verify'],
    ['package', 'packages'],
    ['nit', 'init'],
    ['verify', 'verify'],
  ])('for %s is %s', (word, meant) => {
    expect(closest(word, COMMANDS)).toBe(meant)
  })

  it.each(['', 'x', 'rebuild', 'help', 'vexxxx', 'verify-everything'])('for %j is none', (word) => {
    expect(closest(word, COMMANDS)).toBeUndefined()
  })

  it('is the nearest one, and the first of those that are equally near', () => {
    expect(closest('suits', ['suit', 'suites'])).toBe('suit')
    expect(closest('suites', ['suit', 'suites'])).toBe('suites')
  })

  it('is always one of the candidates', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 5 }), (word, candidates) => {
        const found = closest(word, candidates)
        if (found !== undefined) expect(candidates).toContain(found)
        if (word !== '' && candidates.includes(word)) expect(found?.toLowerCase()).toBe(word.toLowerCase())
      }),
    )
  })

  it('is found at once however long the words are', () => {
    const start = performance.now()
    closest(
      'a'.repeat(1_000_000),
      Array.from({ length: 100 }, () => 'b'.repeat(100_000)),
    )
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

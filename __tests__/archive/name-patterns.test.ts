import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NamePatterns } from '../../src/archive/name-patterns.ts'
import { nameOf } from '../judge/given.ts'

const anyPattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 8 })
const anyName = fc
  .string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 10 })
  .map((text) => `a${text}`)

it('a pattern allows the names that a regular expression of it allows', () => {
  fc.assert(
    fc.property(anyPattern, anyName, (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
      expect(new NamePatterns([pattern]).allow(nameOf(name))).toBe(expression.test(name))
    }),
    { numRuns: 2000 },
  )
})

it('any of several patterns is enough, and none allows nothing', () => {
  const patterns = new NamePatterns(['vendor-*', 'tool'])
  const allowed = ['vendor-x', 'tool', 'tools', 'xvendor-x'].map((name) => patterns.allow(nameOf(name)))
  expect(allowed).toEqual([true, true, false, false])
  expect(new NamePatterns([]).allow(nameOf('a'))).toBe(false)
})

it('a pattern of many asterisks takes no longer than it is', () => {
  const started = process.cpuUsage()
  expect(new NamePatterns([`${'a*'.repeat(1000)}b`]).allow(nameOf('a'.repeat(200)))).toBe(false)
  expect(process.cpuUsage(started).user).toBeLessThan(500_000)
})

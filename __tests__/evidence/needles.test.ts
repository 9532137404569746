import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Needles } from '../../src/evidence/needles.ts'

describe('many needles at once', () => {
  const few = fc.uint8Array({ max: 3, maxLength: 60 })
  const needle = fc.uint8Array({ max: 3, minLength: 2, maxLength: 9 })

  it('are found where a search for each finds one, and nowhere else', () => {
    fc.assert(
      fc.property(few, fc.array(needle, { minLength: 1, maxLength: 6 }), (bytes, needles) => {
        const expected = needles.some((one) => Buffer.from(bytes).includes(Buffer.from(one)))
        expect(new Needles(needles).isIn(bytes)).toBe(expected)
      }),
    )
  })

  it('are found at the very end and beyond what leaps over', () => {
    const long = Buffer.from('x'.repeat(300))
    const needles = new Needles([long, Buffer.from('needle of some length')])
    expect(needles.isIn(Buffer.concat([Buffer.alloc(1000), long]))).toBe(true)
    expect(needles.isIn(Buffer.concat([Buffer.alloc(1000), long.subarray(1)]))).toBe(false)
    expect(needles.isIn(Buffer.from(`${'-'.repeat(999)}needle of some length`))).toBe(true)
  })
})

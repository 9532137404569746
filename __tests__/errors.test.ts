import { describe, expect, it } from 'vitest'
import { DebproofError, describeError, type ErrorCode, isDebproofError, systemErrorCode } from '../src/errors.ts'
import { EXIT, exitCodeOf, exitCodeOfError } from '../src/exit-code.ts'
import { MAX_MESSAGE } from '../src/limits.ts'

describe('the description of an error', () => {
  it('is its message with those of its causes, none of them twice', () => {
    const cause = new Error('ECONNREFUSED', { cause: 'the cable' })
    expect(describeError(new DebproofError('FETCH', 'It failed', { cause }))).toBe('It failed: ECONNREFUSED: the cable')
    expect(describeError(new Error('It failed: ECONNREFUSED', { cause: new Error('ECONNREFUSED') }))).toBe(
      'It failed: ECONNREFUSED',
    )
  })

  it('is no longer than a log can bear, whatever it quotes', () => {
    const long = 'x'.repeat(MAX_MESSAGE)
    expect(new DebproofError('POLICY', long).message).toBe(long)
    const cut = new DebproofError('POLICY', `The policy has ${long}, which is wrong.`).message
    expect(cut).toHaveLength(MAX_MESSAGE)
    expect(cut).toMatch(/^The policy has x+…x+, which is wrong\.$/)
    expect(describeError(new Error('short', { cause: new Error(long) }))).toHaveLength(MAX_MESSAGE)
    expect(describeError(new DebproofError('POLICY', 'short', { cause: new Error(long) })).slice(0, 9)).toBe(
      'short: xx',
    )
  })

  it('has something to say of anything that is thrown', () => {
    expect(describeError(new TypeError(''))).toBe('TypeError')
    expect(describeError('text')).toBe('text')
    expect(describeError(null)).toBe('null')
    expect(describeError(7)).toBe('7')
  })

  it('ends, however many causes there are', () => {
    let error = new Error('0')
    for (let depth = 1; depth < 100; depth++) error = new Error(`${depth}-`, { cause: error })
    expect(describeError(error)).toBe('99-: 98-: 97-: 96-: 95-: 94-: 93-: 92-')
    const circular = new Error('round')
    circular.cause = circular
    expect(describeError(circular)).toBe('round')
  })

  it('names a refusal where every address of a host refused', () => {
    const refused = new AggregateError([new Error('connect ECONNREFUSED ::1:9'), new Error('connect ECONNREFUSED')])
    expect(describeError(refused)).toBe('connect ECONNREFUSED ::1:9')
  })
})

describe('a foreseen failure', () => {
  it('is known by its code', () => {
    const error = new DebproofError('POLICY', 'x')
    expect(isDebproofError(error)).toBe(true)
    expect(isDebproofError(error, 'KEY', 'POLICY')).toBe(true)
    expect(isDebproofError(error, 'KEY')).toBe(false)
    expect(isDebproofError(new Error('x'))).toBe(false)
    expect(isDebproofError({ code: 'POLICY' })).toBe(false)
  })

  it("is no error of the system's, whatever its code", () => {
    expect(systemErrorCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT')
    for (const other of [
      new DebproofError('FETCH', 'x'),
      new Error('x'),
      Object.assign(new Error('x'), { code: 1 }),
      'ENOENT',
    ]) {
      expect(systemErrorCode(other)).toBeUndefined()
    }
  })

  it.each<[ErrorCode, number]>([
    ['USAGE', 2],
    ['POLICY', 2],
    ['PACKAGE_LIST', 2],
    ['KEY', 2],
    ['OUTPUT', 2],
    ['FETCH', 3],
    ['NOT_FOUND', 3],
    ['OFFLINE', 3],
    ['RELEASE_UNTRUSTED', 3],
    ['INDEX_MISMATCH', 3],
  ])('of the code %s ends a command with %d', (code, exit) => {
    expect(exitCodeOfError(code)).toBe(exit)
  })
})

describe('the exit codes', () => {
  it('are those that pipelines are written against', () => {
    expect(EXIT).toEqual({ pass: 0, fail: 1, usage: 2, undecided: 3 })
    expect(['pass', 'fail', 'undecided'].map((verdict) => exitCodeOf(verdict as 'pass'))).toEqual([0, 1, 3])
  })
})

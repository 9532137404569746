import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyExceptions } from '../../src/judge/exceptions.ts'
import { FAILING, type JudgedPackage, PASSING } from '../../src/judge/verdict.ts'
import type { PolicyException } from '../../src/policy/policy.ts'
import { judged, use } from './given.ts'

const AT = new Date('2027-03-01T12:00:00Z')

function exception(more: Partial<PolicyException> = {}): PolicyException {
  return { package: 'hello', reason: 'issue 123', ...more }
}

function apply(item: JudgedPackage, ...exceptions: PolicyException[]) {
  const { packages, exceptions: uses } = applyExceptions([item], exceptions, AT)
  return { verdict: packages[0]?.verdict, reason: packages[0]?.reason, uses }
}

const failing = judged('mismatch', { use: use({ version: '2:1.2' }), architecture: 'amd64', archive: 'debian' })

describe('an exception', () => {
  it('excuses what it names, and the reason keeps what it excuses', () => {
    const { verdict, reason, uses } = apply(failing, exception())
    expect(verdict).toBe('excepted')
    expect(reason).toContain('issue 123')
    expect(reason).toContain('otherwise mismatch: A reason.')
    expect(uses).toEqual([{ exception: exception(), status: 'used', packages: 1 }])
  })

  it.each<[string, Partial<PolicyException>]>([
    ['another name', { package: 'hell' }],
    ['another version', { version: '2:1.2-1' }],
    ['the version without its epoch', { version: '1.2' }],
    ['another architecture', { architecture: 'arm64' }],
    ['another archive', { archive: 'tails' }],
    ['no archive, while one lists the package', { archive: 'none' }],
  ])('for %s excuses nothing', (_, more) => {
    expect(apply(failing, exception(more))).toMatchObject({
      verdict: 'mismatch',
      uses: [{ status: 'unused', packages: 0 }],
    })
  })

  it('matches name in any case, version, architecture and archive together', () => {
    const narrow = exception({ package: 'Hello', version: '2:1.2', architecture: 'amd64', archive: 'debian' })
    expect(apply(failing, narrow).verdict).toBe('excepted')
  })

  it('for `archive: none` excuses what is unlisted and never what is undecided', () => {
    const none = exception({ archive: 'none' })
    expect(apply(judged('unlisted'), none).verdict).toBe('excepted')
    expect(apply(judged('undecided'), none).verdict).toBe('undecided')
    for (const verdict of FAILING)
      if (verdict !== 'unlisted') expect(apply(judged(verdict), none).verdict).toBe(verdict)
  })

  it('for an archive excuses nothing that no archive lists', () => {
    expect(apply(judged('unlisted'), exception({ archive: 'debian' })).verdict).toBe('unlisted')
  })

  it('for the architecture source excuses a source package that no archive lists', () => {
    const source = judged('unlisted', { use: use({ kind: 'source' }), architecture: 'source' })
    expect(apply(source, exception({ architecture: 'source', archive: 'none' })).verdict).toBe('excepted')
  })

  it('leaves alone what passes, and is then unused', () => {
    for (const verdict of PASSING) {
      expect(apply(judged(verdict), exception())).toMatchObject({ verdict, uses: [{ status: 'unused' }] })
    }
  })

  it.each([
    ['2027-02-28T23:59:59Z', 'used'],
    ['2027-03-01T00:00:00Z', 'used'],
    ['2027-03-01T23:59:59.999Z', 'used'],
    ['2027-03-02T00:00:00Z', 'expired'],
    // Still the first of March there, but no longer in UTC.
    ['2027-03-01T23:00:00-08:00', 'expired'],
  ] as const)('until 2027-03-01 is at %s %s', (at, status) => {
    const { packages, exceptions } = applyExceptions([failing], [exception({ until: '2027-03-01' })], new Date(at))
    expect(exceptions[0]?.status).toBe(status)
    expect(packages[0]?.verdict).toBe(status === 'used' ? 'excepted' : 'mismatch')
  })

  it('that is expired lets a later one excuse', () => {
    const expired = exception({ until: '2026-01-01' })
    const valid = exception({ reason: 'still so' })
    const { verdict, reason, uses } = apply(failing, expired, valid)
    expect([verdict, reason]).toEqual(['excepted', expect.stringContaining('still so')])
    expect(uses.map(({ status }) => status)).toEqual(['expired', 'used'])
  })

  it('that matches first counts, and one that is not needed is told', () => {
    const { reason, uses } = apply(failing, exception({ reason: 'first' }), exception({ reason: 'second' }))
    expect(reason).toContain('first')
    expect(uses.map(({ status, packages }) => [status, packages])).toEqual([
      ['used', 1],
      ['unused', 0],
    ])
  })

  it('counts every package that it excuses', () => {
    const both = ['amd64', 'i386'].map((architecture) => judged('unproven', { architecture }))
    expect(applyExceptions(both, [exception()], AT).exceptions).toMatchObject([{ status: 'used', packages: 2 }])
  })
})

describe('exceptions', () => {
  it('change no verdict of a package that none of them names', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...FAILING, 'undecided' as const), (name, verdict) => {
        if (name.toLowerCase() === 'hello') return
        expect(apply(judged(verdict), exception({ package: name })).verdict).toBe(verdict)
      }),
    )
  })
})

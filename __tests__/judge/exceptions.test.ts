import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyExceptions } from '../../src/judge/exceptions.ts'
import { FAILING, type JudgedPackage, PASSING } from '../../src/judge/verdict.ts'
import { defined } from '../../src/policy/defined.ts'
import type { Excusable, PolicyException } from '../../src/policy/policy.ts'
import { judged, sha, use } from './given.ts'

const AT = new Date('2027-03-01T12:00:00Z')

function exception(more: Partial<PolicyException> = {}): PolicyException {
  return { package: 'hello', reason: 'issue 123', ...more }
}

function apply(item: JudgedPackage, ...exceptions: PolicyException[]) {
  const { packages, exceptions: uses } = applyExceptions([item], exceptions, AT)
  const [first] = packages
  return { verdict: first?.verdict, reason: first?.reason, excepted: first?.excepted, uses }
}

const failing = judged('unproven', { use: use({ version: '2:1.2' }), architecture: 'amd64', archive: 'debian' })

describe('an exception', () => {
  it('excuses what it names, and the reason keeps what it excuses', () => {
    const { verdict, reason, excepted, uses } = apply(failing, exception({ until: '2027-03-01' }))
    expect(verdict).toBe('excepted')
    expect(reason).toContain('issue 123')
    expect(reason).toContain('otherwise unproven: A reason.')
    expect(excepted).toEqual({ verdict: 'unproven', reason: 'issue 123', until: '2027-03-01' })
    expect(uses).toEqual([
      { exception: exception({ until: '2027-03-01' }), status: 'used', packages: 1, unexcused: [] },
    ])
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
      verdict: 'unproven',
      uses: [{ status: 'unused', packages: 0, unexcused: [] }],
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
      expect(apply(judged(verdict), exception()).excepted).toBeUndefined()
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
    expect(packages[0]?.verdict).toBe(status === 'used' ? 'excepted' : 'unproven')
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

const GRAVE = ['mismatch', 'forbidden', 'undecided'] as const

describe('an exception that says no verdict', () => {
  it.each(['unproven', 'unlisted'] as const)('excuses %s', (verdict) => {
    expect(apply(judged(verdict), exception())).toMatchObject({ verdict: 'excepted', excepted: { verdict } })
  })

  it.each(GRAVE)('excuses no %s, whatever else it names, and that is told', (verdict) => {
    const item = { ...failing, verdict, sha256: sha('a') }
    const narrow = exception({ version: '2:1.2', sha256: sha('a'), architecture: 'amd64', archive: 'debian' })
    expect(apply(item, narrow)).toMatchObject({ verdict, uses: [{ status: 'unused', unexcused: [verdict] }] })
  })
})

describe('an exception with `verdict`', () => {
  it.each([...FAILING, 'undecided'] as const)('excuses that one and no other: %s', (verdict) => {
    for (const other of [...FAILING, 'undecided'] as Excusable[]) {
      const said = apply({ ...failing, verdict: other }, exception({ verdict: verdict as Excusable, version: '2:1.2' }))
      expect(said.verdict).toBe(other === verdict ? 'excepted' : other)
      expect(said.uses[0]?.unexcused).toEqual(other === verdict ? [] : [other])
    }
  })

  it('lets another one excuse what it does not, and is then not told of', () => {
    const both = [exception({ verdict: 'mismatch', version: '2:1.2' }), exception()]
    const { verdict, uses } = apply(failing, ...both)
    expect([verdict, uses.map(({ unexcused }) => unexcused)]).toEqual(['excepted', [[], []]])
  })
})

describe('an exception with `sha256`', () => {
  const narrow = exception({ sha256: sha('a'), verdict: 'mismatch' })
  const changed = { ...failing, verdict: 'mismatch' as const, sha256: sha('a'), expected: [sha('b')] }

  it('excuses the file that was used, and not the one that was expected', () => {
    expect(apply(changed, narrow).verdict).toBe('excepted')
    expect(apply({ ...changed, sha256: sha('b'), expected: [sha('a')] }, narrow).verdict).toBe('mismatch')
    const { sha256: _, ...unknown } = changed
    expect(apply(unknown, narrow).verdict).toBe('mismatch')
  })

  it('excuses nothing where another file that is not proven may have been used', () => {
    expect(apply({ ...changed, mayBeFrom: ['debian'] }, narrow).verdict).toBe('mismatch')
  })
})

describe('an exception with `archive`', () => {
  const compiled = { ...judged('unlisted', { use: use({ version: '2:1.2' }) }) }

  it('none excuses no package under whose name an archive lists what nobody vouches for: that may call itself so', () => {
    expect(apply(compiled, exception({ archive: 'none' })).verdict).toBe('excepted')
    expect(apply({ ...compiled, mayBeFrom: ['debian'] }, exception({ archive: 'none' })).verdict).toBe('unlisted')
  })

  it('excuses what came from there, and nothing that may have come from another one', () => {
    const own = exception({ archive: 'debian' })
    expect(apply({ ...failing, mayBeFrom: ['debian'] }, own).verdict).toBe('excepted')
    expect(apply({ ...failing, mayBeFrom: ['debian', 'nightly'] }, own).verdict).toBe('unproven')
    expect(apply({ ...failing, mayBeFrom: ['debian', 'nightly'] }, exception()).verdict).toBe('excepted')
  })
})

describe('exceptions', () => {
  it('turn into a pass nothing that they do not say', () => {
    const anyException = fc
      .record({
        verdict: fc.constantFrom(undefined, ...FAILING, 'undecided' as const),
        version: fc.constantFrom(undefined, '2:1.2', '1.0'),
        archive: fc.constantFrom(undefined, 'debian', 'none'),
        sha256: fc.constantFrom(undefined, sha('a'), sha('b')),
      })
      .map((some) => exception(defined(some) as Partial<PolicyException>))
    const verdicts = fc.constantFrom(...FAILING, 'undecided' as const)
    fc.assert(
      fc.property(fc.array(anyException, { maxLength: 4 }), verdicts, fc.boolean(), (exceptions, verdict, isOpen) => {
        const item = { ...failing, verdict, sha256: sha('a'), ...(isOpen ? { mayBeFrom: ['tails'] } : {}) }
        const { verdict: now, excepted } = apply(item, ...exceptions)
        if (now !== 'excepted') {
          expect(now).toBe(verdict)
          return
        }
        expect(excepted?.verdict).toBe(verdict)
        const grave = GRAVE.some((one) => one === verdict)
        expect(
          exceptions.some(
            (one) =>
              (one.verdict === verdict || (one.verdict === undefined && !grave)) &&
              (one.sha256 === undefined || (one.sha256 === sha('a') && !isOpen)) &&
              (one.archive === undefined || !isOpen) &&
              (one.version === undefined || one.version === '2:1.2'),
          ),
        ).toBe(true)
      }),
    )
  })

  it('change no verdict of a package that none of them names', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...FAILING, 'undecided' as const), (name, verdict) => {
        if (name.toLowerCase() === 'hello') return
        expect(apply(judged(verdict), exception({ package: name })).verdict).toBe(verdict)
      }),
    )
  })
})

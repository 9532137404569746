import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate, Proof } from '../../src/judge/candidate.ts'
import { judge } from '../../src/judge/judge.ts'
import { selfVouched } from '../../src/judge/self-vouched.ts'
import { anyCase, candidate, evidence, given, PROOFS, REBUILDS, sha, use } from './given.ts'

const A = sha('a')
const B = sha('b')

const OWN_KEYS = new Map([
  ['vendor', ['V']],
  ['debian', []],
  ['tails', ['T', 'U']],
])

function signedBy(...signers: readonly string[]): Proof {
  return {
    outcome: 'identical',
    upstream: 'the upstream',
    archive: 'debian',
    evidence: [{ ...evidence('e'), signers }],
  }
}

function of(candidates: readonly Candidate[], more: Parameters<typeof given>[1] = {}): string[] | undefined {
  const { selfVouched: archives } = judge(given(candidates, { ownKeys: OWN_KEYS, ...more }))
  return archives === undefined ? undefined : [...archives]
}

const vendors = (proof: Proof, sha256 = A, more: Partial<Candidate> = {}): Candidate =>
  candidate(sha256, { archive: 'vendor', proof, ...more })

describe('a package rests on the word of its own archive alone', () => {
  it('where a key of that archive alone vouches for it', () => {
    expect(of([vendors(signedBy('V'))])).toEqual(['vendor'])
    expect(of([candidate(A, { archive: 'tails', proof: signedBy('U') })])).toEqual(['tails'])
  })

  it('not where a key vouches that is somebody else’s, be it beside its own', () => {
    expect(of([vendors(signedBy('D'))])).toBeUndefined()
    expect(of([vendors(signedBy('D', 'V'))])).toBeUndefined()
    expect(of([candidate(A, { proof: signedBy('D') })])).toBeUndefined()
  })

  it('not where the archive is another one than the key’s', () => {
    expect(of([candidate(A, { archive: 'tails', proof: signedBy('V') })])).toBeUndefined()
  })

  it('though a copy of that archive lists the same bytes, and not where somebody else signed them', () => {
    expect(of([vendors(signedBy('V')), candidate(A, { archive: 'tails', proof: signedBy('V') })])).toEqual(['vendor'])
    expect(of([vendors(signedBy('V')), candidate(A, { proof: signedBy('D') })])).toBeUndefined()
  })

  it('where it may have been a file for which nobody else vouches, whoever vouches for another file', () => {
    expect(of([candidate(B, { proof: signedBy('D') }), vendors(signedBy('V'))])).toEqual(['vendor'])
    expect(of([candidate(B, { proof: signedBy('D') })], { others: [vendors(signedBy('V'))] })).toEqual(['vendor'])
    const known = { use: use({ hash: B }) }
    expect(of([candidate(B, { proof: signedBy('D') }), vendors(signedBy('V'))], known)).toBeUndefined()
    expect(of([vendors(signedBy('V'), B)], known)).toEqual(['vendor'])
  })

  it('where no archive lists its bytes any more, and a store of what that archive signed does', () => {
    expect(of([], { use: use({ hash: A }), direct: signedBy('V') })).toEqual(['vendor'])
    expect(of([], { use: use({ hash: A }), direct: signedBy('D') })).toBeUndefined()
  })

  it('not where rebuilders got the same', () => {
    const rebuilt = { require: 'reproduced', proof: PROOFS.unproven, rebuilds: REBUILDS.enough(A) } as const
    expect(of([candidate(A, { archive: 'vendor', ...rebuilt })])).toBeUndefined()
  })

  it('only where it passes at all', () => {
    expect(of([vendors(signedBy('V')), candidate(B, { proof: PROOFS.mismatch })])).toBeUndefined()
  })

  it('never without a key of its own, and always where every key is (property)', () => {
    const keys = fc.uniqueArray(fc.constantFrom('V', 'T', 'D'), { minLength: 1 })
    fc.assert(
      fc.property(anyCase, keys, fc.boolean(), (any, signers, isOwn) => {
        const proof = signedBy(...signers)
        const sign = <T extends { readonly proof: Proof }>(file: T): T =>
          file.proof.outcome === 'identical' ? { ...file, proof } : file
        const candidates = any.candidates.map(sign)
        const direct = any.direct?.outcome === 'identical' ? { direct: proof } : {}
        const ownKeys = new Map(['debian', 'tails', 'nightly'].map((name) => [name, isOwn ? signers : []]))
        const found = selfVouched({ ...any, ...direct, candidates, ownKeys })
        if (!isOwn) expect(found).toEqual([])
        const { verdict } = judge({ ...any, ...direct, candidates, ownKeys })
        if (isOwn && verdict === 'identical') expect(found.length).toBeGreaterThan(0)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../src/judge/candidate.ts'
import { judge } from '../../src/judge/judge.ts'
import { candidate, evidence, given, PROOFS, REBUILDS, sha, use } from './given.ts'

const A = sha('a')
const B = sha('b')

function verdictOf(candidates: readonly Candidate[], more: Parameters<typeof given>[1] = {}): string {
  return judge(given(candidates, more)).verdict
}

describe('a file that one archive lists', () => {
  it.each([
    ['identical', 'identical'],
    ['mismatch', 'mismatch'],
    ['unproven', 'unproven'],
    ['undecided', 'undecided'],
  ] as const)('whose proof is %s is %s', (outcome, verdict) => {
    expect(verdictOf([candidate(A, { proof: PROOFS[outcome] })])).toBe(verdict)
  })

  it('is forbidden where nothing may come from the archive, whatever an upstream says', () => {
    for (const proof of Object.values(PROOFS)) {
      expect(verdictOf([candidate(A, { require: 'absent', proof })])).toBe('forbidden')
    }
  })

  it('of the project itself is proven by being identical to what an upstream signed', () => {
    expect(verdictOf([candidate(A, { require: 'reproduced' })])).toBe('identical')
    const { verdict, reason } = judge(given([candidate(A, { require: 'reproduced', proof: PROOFS.unproven })]))
    expect([verdict, reason]).toEqual([
      'unproven',
      'The policy names no rebuilders, and no upstream of the policy signed these bytes.',
    ])
  })

  it.each([
    ['enough', 'reproduced'],
    ['conflict', 'mismatch'],
    ['unknown', 'undecided'],
    ['insufficient', 'unproven'],
  ] as const)('on which the word of the rebuilders is %s is %s', (outcome, verdict) => {
    const file = { require: 'reproduced', proof: PROOFS.unproven, rebuilds: REBUILDS[outcome](A) } as const
    const judgement = judge(given([candidate(A, file)]))
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.evidence).toContainEqual(evidence('c'))
    expect(judgement.reason).toContain('alpha')
  })

  it('stays a mismatch where the upstream signed other bytes, however many rebuilders got these', () => {
    const file = { require: 'reproduced', proof: PROOFS.mismatch, rebuilds: REBUILDS.enough(A) } as const
    expect(verdictOf([candidate(A, file)])).toBe('mismatch')
  })

  it('is reproduced where an upstream could not be read, and undecided where too few rebuilders got it then', () => {
    const file = { require: 'reproduced', proof: PROOFS.undecided } as const
    expect(verdictOf([candidate(A, { ...file, rebuilds: REBUILDS.enough(A) })])).toBe('reproduced')
    expect(verdictOf([candidate(A, { ...file, rebuilds: REBUILDS.insufficient(A) })])).toBe('undecided')
  })

  it('is no less checked in the pool when it was reproduced', () => {
    const file = { require: 'reproduced', proof: PROOFS.unproven, rebuilds: REBUILDS.enough(A) } as const
    expect(verdictOf([candidate(A, { ...file, pool: { outcome: 'unread', why: 'HTTP 500.' } })])).toBe('undecided')
    expect(verdictOf([candidate(A, { ...file, pool: { outcome: 'different', why: 'Other.' } })])).toBe('mismatch')
  })

  it('cannot be reproduced when it is a source package, and the reason says so', () => {
    const { verdict, reason } = judge(
      given([candidate(A, { require: 'reproduced', architecture: 'source', proof: PROOFS.unproven })]),
    )
    expect([verdict, reason]).toEqual(['unproven', expect.stringContaining('A source package is not built')])
  })

  it('is a mismatch when the pool serves other bytes, undecided when the pool cannot be read', () => {
    const different = judge(given([candidate(A, { pool: { outcome: 'different', why: 'Other bytes.' } })]))
    expect([different.verdict, different.reason]).toEqual(['mismatch', 'Other bytes.'])
    const unread = judge(given([candidate(A, { pool: { outcome: 'unread', why: 'HTTP 500.' } })]))
    expect([unread.verdict, unread.reason]).toEqual(['undecided', 'HTTP 500.'])
    expect(verdictOf([candidate(A, { pool: { outcome: 'same' } })])).toBe('identical')
  })

  it('keeps the graver verdict when the pool cannot be read', () => {
    const pool = { outcome: 'unread', why: 'HTTP 500.' } as const
    expect(verdictOf([candidate(A, { pool, proof: PROOFS.mismatch })])).toBe('mismatch')
    expect(verdictOf([candidate(A, { pool, proof: PROOFS.unproven })])).toBe('unproven')
  })

  it('names both hashes, and what differs, in a mismatch', () => {
    const file = candidate(A, { proof: { ...PROOFS.mismatch, difference: 'x.tar.gz is other' } })
    const { reason, sha256, expected } = judge(given([file]))
    expect({ sha256, expected }).toEqual({ sha256: A, expected: [sha('f')] })
    expect(reason).toContain(A)
    expect(reason).toContain(sha('f'))
    expect(reason).toContain('x.tar.gz is other')
  })

  it('rests on the listing and on the proof', () => {
    const { evidence: files } = judge(given([candidate(A)]))
    expect(files).toEqual([evidence('1'), evidence('e')])
  })

  it('tells how its hash is known', () => {
    expect(judge(given([candidate(A, { listedIn: 'apt-lists' })]))).toMatchObject({ hashFrom: 'apt-lists', sha256: A })
    expect(judge(given([candidate(A)]))).toMatchObject({
      hashFrom: 'archive',
      archive: 'debian',
      architecture: 'amd64',
    })
    expect(judge(given([candidate(A)], { use: use({ hash: A, from: 'list' }) })).hashFrom).toBe('list')
  })
})

describe('the same bytes in several archives', () => {
  it('are identical when one archive proves them', () => {
    const forbidden = candidate(A, { archive: 'nightly', require: 'absent' })
    const unproven = candidate(A, { archive: 'tails', require: 'reproduced', proof: PROOFS.unproven })
    expect(judge(given([forbidden, unproven, candidate(A)]))).toMatchObject({ verdict: 'identical', archive: 'debian' })
  })

  it('are forbidden when only an archive that must be absent lists them beside one that cannot be read', () => {
    expect(verdictOf([candidate(A, { require: 'absent' })], { unread: ['debian bookworm'] })).toBe('forbidden')
  })
})

describe('the same bytes, reproduced for one archive', () => {
  const own = { archive: 'own', require: 'reproduced', proof: PROOFS.unproven } as const

  it('are a mismatch when rebuilders of another archive, or an upstream, have other bytes', () => {
    const good = candidate(A, { ...own, rebuilds: REBUILDS.enough(A) })
    const bad = candidate(A, { ...own, archive: 'other', rebuilds: REBUILDS.conflict(A) })
    expect(verdictOf([good, bad])).toBe('mismatch')
    expect(verdictOf([good, candidate(A, { proof: PROOFS.mismatch })])).toBe('mismatch')
    expect(verdictOf([bad, candidate(A)])).toBe('identical')
  })

  it('are reproduced when too few did so for another', () => {
    const good = candidate(A, { ...own, rebuilds: REBUILDS.enough(A) })
    const few = candidate(A, { ...own, archive: 'other', rebuilds: REBUILDS.insufficient(A) })
    expect(verdictOf([good, few])).toBe('reproduced')
  })
})

describe('two contents under one name and version, when nobody knows which one the build used', () => {
  it('are dated by the older of the states that were signed', () => {
    const signed = (date: string): Candidate['proof'] => ({
      ...PROOFS.identical,
      evidence: [{ ...evidence('e'), date: new Date(date) }],
    })
    const files = [
      candidate(A, { proof: signed('2026-05-02T00:00:00Z') }),
      candidate(B, { proof: signed('2026-04-01T00:00:00Z') }),
    ]
    for (const order of [files, files.toReversed()]) {
      expect(judge(given(order)).vouchedAt).toEqual(new Date('2026-04-01T00:00:00Z'))
    }
  })

  it('may be another than was found where that one is not proven, and not where it is', () => {
    const bad = candidate(A, { proof: PROOFS.mismatch })
    const other = (proof: Candidate['proof']): Candidate => candidate(B, { proof })
    for (const open of [PROOFS.mismatch, PROOFS.unproven, PROOFS.undecided]) {
      expect(judge(given([bad, other(open)])).mayBeFrom).toEqual(['debian'])
      expect(judge(given([bad], { others: [other(open)] })).mayBeFrom).toEqual(['debian'])
      expect(judge(given([bad, other(open)], { use: use({ hash: A }) })).mayBeFrom).toBeUndefined()
    }
    expect(judge(given([bad, other(PROOFS.identical)])).mayBeFrom).toBeUndefined()
    expect(judge(given([bad])).mayBeFrom).toBeUndefined()
  })

  it('are judged by the worse one', () => {
    const bad = candidate(B, { archive: 'tails', proof: PROOFS.mismatch })
    const { verdict, sha256, reason, evidence: files } = judge(given([candidate(A), bad]))
    expect([verdict, sha256]).toEqual(['mismatch', B])
    expect(reason).toContain(`Ambiguous: ${A} is listed`)
    expect(files).toContainEqual(evidence('e'))
    expect(files).toContainEqual(evidence('d'))
  })

  it('are identical when each one is', () => {
    expect(verdictOf([candidate(A), candidate(B)])).toBe('identical')
  })

  it('are undecided when one is', () => {
    expect(verdictOf([candidate(A), candidate(B, { proof: PROOFS.undecided })])).toBe('undecided')
  })

  it('are forbidden when one is in an archive that must be absent alone', () => {
    expect(verdictOf([candidate(A), candidate(B, { archive: 'nightly', require: 'absent' })])).toBe('forbidden')
  })
})

describe('a file whose hash is known', () => {
  const known = use({ hash: A })

  it('is judged alone, whatever else is listed under its name and version', () => {
    const other = candidate(B, { proof: PROOFS.mismatch })
    expect(verdictOf([other, candidate(A)], { use: known })).toBe('identical')
    expect(verdictOf([candidate(B), candidate(A, { proof: PROOFS.mismatch })], { use: known })).toBe('mismatch')
  })

  it('is identical when no archive lists it and an upstream signed it, and the reason says so', () => {
    const { verdict, reason } = judge(given([candidate(B)], { use: known, direct: PROOFS.identical }))
    expect(verdict).toBe('identical')
    expect(reason).toContain(`The archives list other bytes (${B})`)
  })

  it('is a mismatch when no archive lists it and an upstream signed other bytes', () => {
    const found = judge(given([], { use: known, direct: PROOFS.mismatch, unread: ['debian bookworm'] }))
    expect(found).toMatchObject({ verdict: 'mismatch', sha256: A, hashFrom: 'deb' })
  })

  it('is unlisted when archives list other bytes only, and upstreams list nothing', () => {
    const { verdict, reason } = judge(given([candidate(B)], { use: known, direct: PROOFS.unproven }))
    expect(verdict).toBe('unlisted')
    expect(reason).toContain(B)
  })

  it.each([
    ['enough', 'reproduced'],
    ['conflict', 'mismatch'],
    ['unknown', 'undecided'],
    ['insufficient', 'unlisted'],
  ] as const)('is asked of the rebuilders when no archive lists it: %s is %s', (outcome, verdict) => {
    const direct = { direct: PROOFS.unproven, directRebuilds: new Map([['own', REBUILDS[outcome](A)]]) }
    expect(judge(given([], { use: use({ hash: A }), ...direct })).verdict).toBe(verdict)
  })

  it('is unlisted when the rebuilders of one archive got it and too few of another', () => {
    const directRebuilds = new Map([
      ['own', REBUILDS.enough(A)],
      ['other', REBUILDS.insufficient(A)],
    ])
    expect(judge(given([], { use: use({ hash: A }), direct: PROOFS.unproven, directRebuilds })).verdict).toBe(
      'unlisted',
    )
  })

  it('is a mismatch when the rebuilders of one archive got it and one of another archive got other bytes', () => {
    const directRebuilds = new Map([
      ['own', REBUILDS.enough(A)],
      ['other', REBUILDS.conflict(A)],
    ])
    expect(judge(given([], { use: use({ hash: A }), direct: PROOFS.unproven, directRebuilds })).verdict).toBe(
      'mismatch',
    )
  })

  it('is undecided when an upstream could not be read', () => {
    const { verdict, reason } = judge(given([], { use: known, direct: PROOFS.undecided }))
    expect([verdict, reason]).toEqual(['undecided', expect.stringContaining('The upstream could not be read.')])
  })
})

describe('a package that no archive lists', () => {
  it('is unlisted when every archive was read, with the versions that are listed', () => {
    const { verdict, reason, archive } = judge(given([], { otherVersions: ['0.9', '1.1'] }))
    expect([verdict, archive]).toEqual(['unlisted', undefined])
    expect(reason).toContain('Listed versions: 0.9, 1.1.')
  })

  it('is undecided when an archive could not be read, and the reason names it', () => {
    const { verdict, reason } = judge(given([], { unread: ['debian bookworm'] }))
    expect([verdict, reason]).toEqual(['undecided', expect.stringContaining('debian bookworm')])
  })

  it('has a short reason however much could not be read', () => {
    const unread = Array.from({ length: 900 }, (_, index) => `archive-${index}`)
    expect(judge(given([], { unread })).reason).toContain('and 895 more')
  })

  it('that is a source package is of the architecture source', () => {
    expect(judge(given([], { use: use({ kind: 'source' }) })).architecture).toBe('source')
  })
})

describe('a name of which an archive has a stanza that not everybody reads alike', () => {
  const unclear = ['debian: made Packages has a stanza of hello, its number 7, that not everybody reads alike. Why.']

  it('is undecided where what was used is known by name and version, and the reason names the stanza and a way out', () => {
    const { verdict, reason, vouchedBy } = judge(given([candidate(A)], { unclear }))
    expect([verdict, vouchedBy]).toEqual(['undecided', undefined])
    expect(reason).toBe(
      `Another file may be listed under this name: ${unclear[0]} Give the .debs or a list with hashes, or have that ` +
        'stanza written anew.',
    )
    expect(judge(given([candidate(A)])).verdict).toBe('identical')
  })

  it('is what it is where the hash is known, and undecided where nobody else lists these bytes', () => {
    expect(judge(given([candidate(A)], { unclear, use: use({ hash: A }) })).verdict).toBe('identical')
    expect(judge(given([], { unclear, use: use({ hash: A }), direct: PROOFS.identical })).verdict).toBe('identical')
    const { verdict, reason } = judge(given([candidate(B)], { unclear, use: use({ hash: A }) }))
    expect([verdict, reason]).toEqual(['undecided', expect.stringContaining(unclear[0] ?? '')])
  })

  it('is undecided where nothing else is listed, and stays what speaks against it', () => {
    expect(judge(given([], { unclear })).verdict).toBe('undecided')
    expect(judge(given([candidate(A, { proof: PROOFS.mismatch })], { unclear })).verdict).toBe('mismatch')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSha256 } from '../../src/archive/identity.ts'
import type { BuildRecord } from '../../src/judge/builds.ts'
import { type PartyWord, type RebuildClaim, type Rebuilds, weighRebuilds } from '../../src/judge/rebuilds.ts'
import { evidence, recordOf, sha } from './given.ts'

const OURS = sha('a')
const OTHER = sha('b')

let builds = 0

/** Of a build of its own, unless said otherwise. */
function claim(
  sha256 = OURS,
  source: RebuildClaim['source'] = { outcome: 'unnamed' },
  record: BuildRecord = recordOf(`build ${builds++}`),
): RebuildClaim {
  return { sha256, hasVersion: false, source, record, evidence: [evidence('1')] }
}

function word(party: string, given: Partial<PartyWord> = {}): PartyWord {
  return { party, claims: [], unusable: [], unreachable: [], ...given }
}

function weigh(parties: readonly PartyWord[], threshold = 2, sourceRequired = false): ReturnType<typeof weighRebuilds> {
  return weighRebuilds(OURS, { threshold, sourceRequired, parties, hasEpoch: false })
}

const anySource = fc.constantFrom<RebuildClaim['source'][]>(
  { outcome: 'same' },
  { outcome: 'different', why: 'it was built from another source' },
  { outcome: 'unnamed' },
  { outcome: 'unread', isInput: true, why: 'Sources could not be read' },
  { outcome: 'unread', isInput: false, why: 'Sources could not be read' },
)
const anyClaim = fc.record({
  sha256: fc.constantFrom(OURS, OURS, OTHER),
  hasVersion: fc.boolean(),
  source: anySource,
  evidence: fc.constant([evidence('1')]),
})
const anyWord = fc.record({
  claims: fc.array(anyClaim, { maxLength: 4 }),
  unusable: fc.array(fc.constant('https://x.example/a: BAD signature'), { maxLength: 2 }),
  unreachable: fc.array(fc.constant('https://x.example/b: timed out'), { maxLength: 2 }),
})
const anyRebuilds: fc.Arbitrary<Rebuilds> = fc
  .record({
    threshold: fc.integer({ min: 1, max: 4 }),
    sourceRequired: fc.boolean(),
    hasEpoch: fc.boolean(),
    words: fc.array(anyWord, { maxLength: 5 }),
  })
  .map(({ words, ...more }) => ({
    ...more,
    parties: words.map(({ claims, ...said }, index) => ({
      party: `party${index}`,
      ...said,
      claims: claims.map((each) => ({ ...each, record: recordOf(`build ${index}`) })),
    })),
  }))

/** The rule, written once more and in another way. */
function vouches({ claims }: PartyWord, { sourceRequired }: Rebuilds): boolean {
  return claims.some(
    ({ sha256, source }) =>
      sha256 === OURS &&
      (source.outcome === 'same' ||
        (source.outcome === 'unnamed' && !sourceRequired) ||
        (source.outcome === 'unread' && !source.isInput && !sourceRequired)),
  )
}

describe('what rebuilders say of a file', () => {
  it('is enough only when as many different parties as the threshold got exactly these bytes, and none got others', () => {
    fc.assert(
      fc.property(anyRebuilds, (rebuilds) => {
        const agree = rebuilds.parties.filter((party) => vouches(party, rebuilds)).length
        const disagree = rebuilds.parties.some(({ claims }) => claims.some(({ sha256 }) => sha256 !== OURS))
        expect(weighRebuilds(OURS, rebuilds).outcome === 'enough').toBe(agree >= rebuilds.threshold && !disagree)
      }),
      { numRuns: 2000 },
    )
  })

  it('is a conflict as soon as one party got other bytes, whatever the threshold', () => {
    fc.assert(
      fc.property(anyRebuilds, (rebuilds) => {
        const liar = word('liar', { claims: [claim(OTHER)] })
        expect(weighRebuilds(OURS, { ...rebuilds, parties: [...rebuilds.parties, liar] }).outcome).toBe('conflict')
      }),
    )
  })

  it('does not change when a party says the same once more', () => {
    fc.assert(
      fc.property(anyRebuilds, (rebuilds) => {
        const twice = rebuilds.parties.map((party) => ({ ...party, claims: [...party.claims, ...party.claims] }))
        expect(weighRebuilds(OURS, { ...rebuilds, parties: twice }).outcome).toBe(weighRebuilds(OURS, rebuilds).outcome)
      }),
    )
  })

  it('does not depend on the order in which parties are named', () => {
    fc.assert(
      fc.property(anyRebuilds, (rebuilds) => {
        const turned = weighRebuilds(OURS, { ...rebuilds, parties: [...rebuilds.parties].reverse() })
        expect(turned.outcome).toBe(weighRebuilds(OURS, rebuilds).outcome)
      }),
    )
  })

  it('never becomes enough because somebody could not be read', () => {
    fc.assert(
      fc.property(anyRebuilds, (rebuilds) => {
        const silent = rebuilds.parties.map((party) => ({ ...party, unreachable: ['timed out'] }))
        const after = weighRebuilds(OURS, { ...rebuilds, parties: silent }).outcome
        const before = weighRebuilds(OURS, rebuilds).outcome
        expect(after === 'enough').toBe(before === 'enough')
      }),
    )
  })

  it('is unknown only where those who could not be read might have sufficed', () => {
    const parties = [word('alpha', { claims: [claim()] }), word('beta', { unreachable: ['timed out'] }), word('gamma')]
    expect(weigh(parties, 2).outcome).toBe('unknown')
    expect(weigh(parties, 3).outcome).toBe('insufficient')
  })

  it('names the parties, the hashes and what is missing', () => {
    const { reason } = weigh(
      [
        word('alpha', { claims: [claim()] }),
        word('beta', { unusable: ['https://beta.example/x: BAD signature.'] }),
        word('gamma', { unreachable: ['https://gamma.example/ timed out.'] }),
        word('delta'),
      ],
      3,
    )
    expect(reason).toBe(
      `Only alpha vouches for ${OURS}; 3 needed of alpha, beta, delta, gamma. ` +
        'beta: does not count: https://beta.example/x: BAD signature. ' +
        'gamma: could not be read: https://gamma.example/ timed out. delta: has no statement on it.',
    )
    expect(weigh([word('alpha', { claims: [claim()] }), word('beta', { claims: [claim(OTHER)] })]).reason).toBe(
      `The bytes are ${OURS}, but rebuilding gave others: beta got ${OTHER}; alpha got these.`,
    )
    expect(weigh([word('alpha', { claims: [claim()] }), word('beta', { claims: [claim()] })]).reason).toBe(
      'Reproduced by alpha, beta (2 needed).',
    )
  })
})

describe('a build whose record several signed', () => {
  const shared = claim(OURS, { outcome: 'unnamed' }, recordOf('link'))
  const worker = word('worker', { claims: [shared] })
  const daemon = word('daemon', { claims: [shared] })

  it('counts once, and the reason says who signed with whom', () => {
    expect(weigh([worker, daemon])).toMatchObject({
      outcome: 'insufficient',
      reason:
        `Only daemon vouches for ${OURS}; 2 needed of daemon, worker. ` +
        'worker: signed the record of the same build as daemon, and one build counts once.',
    })
    expect(weigh([worker, daemon, word('alpha', { claims: [claim()] })])).toMatchObject({
      outcome: 'enough',
      reason:
        'Reproduced by alpha, daemon (2 needed). worker signed the record of the same build as daemon, and one build ' +
        'counts once.',
    })
  })

  it('leaves unknown whether one of them built another, where that could not be read', () => {
    expect(weigh([{ ...worker, unreachable: ['timed out'] }, daemon]).outcome).toBe('unknown')
  })

  it('does not hide that one of them got other bytes', () => {
    expect(weigh([worker, { ...daemon, claims: [shared, claim(OTHER)] }]).outcome).toBe('conflict')
  })

  it('does not count by a claim that does not count: on another source it is another matter', () => {
    const why = 'it was built from another source'
    const other = claim(OURS, { outcome: 'different', why }, recordOf('another link'))
    expect(weigh([worker, { ...daemon, claims: [shared, other] }]).outcome).toBe('insufficient')
  })

  it('of a thousand parties is told in a few words', () => {
    const parties = Array.from({ length: 1000 }, (_, index) => word(`party${index}`, { claims: [shared] }))
    const { outcome, reason } = weigh(parties, 1)
    expect(outcome).toBe('enough')
    expect(reason.length).toBeLessThan(1000)
    expect(reason).toContain('So did 996 more.')
  })
})

describe('a party that contradicts itself', () => {
  it('in thousands of ways is quoted with a few of them', () => {
    const claims = Array.from({ length: 5000 }, (_, index) => {
      const sha256 = parseSha256(index.toString(16).padStart(64, '0'))
      return claim(sha256)
    })
    const { outcome, reason } = weigh([word('alpha', { claims })])
    expect(outcome).toBe('conflict')
    expect(reason.length).toBeLessThan(500)
    expect(reason).toContain('(and 4997 more)')
  })
})

describe('what a party says and does not sign', () => {
  it('is told, and counts neither way', () => {
    const { outcome, reason } = weigh([
      word('alpha', { claims: [claim()] }),
      word('beta', { notes: ['it calls it BAD, unsigned'] }),
    ])
    expect(outcome).toBe('insufficient')
    expect(reason).toContain('beta: has no statement on it; it calls it BAD, unsigned.')
  })
})

describe('the source that a statement names', () => {
  const alpha = word('alpha', { claims: [claim()] })

  it('never counts where it is another one than the archive serves', () => {
    const why = 'it was built from another source: x.dsc is 1, but the archive serves 2'
    const beta = word('beta', { claims: [claim(OURS, { outcome: 'different', why })] })
    const { outcome, reason } = weigh([alpha, beta])
    expect(outcome).toBe('insufficient')
    expect(reason).toContain(`beta: ${why}.`)
  })

  it('must be named where the policy requires it', () => {
    const beta = word('beta', { claims: [claim(OURS, { outcome: 'same' })] })
    expect(weigh([alpha, beta]).outcome).toBe('enough')
    const { outcome, reason } = weigh([alpha, beta], 2, true)
    expect(outcome).toBe('insufficient')
    expect(reason).toContain('alpha: its statement does not name the source that it was built from.')
    expect(weigh([alpha, beta], 1, true).outcome).toBe('enough')
  })

  it('leaves it open where the archive could not be asked for it', () => {
    const unread = { outcome: 'unread', why: 'Sources could not be read' } as const
    const beta = word('beta', { claims: [claim(OURS, { ...unread, isInput: true })] })
    expect(weigh([alpha, beta]).outcome).toBe('unknown')
    const product = word('beta', { claims: [claim(OURS, { ...unread, isInput: false })] })
    expect(weigh([alpha, product]).outcome).toBe('enough')
    expect(weigh([alpha, product], 1, true).outcome).toBe('unknown')
  })
})

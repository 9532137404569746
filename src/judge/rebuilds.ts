import type { Evidence } from '../archive/evidence.ts'
import type { Sha256 } from '../archive/identity.ts'
import { type Builders, type BuildRecord, countBuilders, type Follower } from './builds.ts'

/** Whether a statement names the source that the archive serves, where it names one. */
export type SourceFinding =
  /** It names the very `.dsc` that the archive's `Sources` lists. */
  | { readonly outcome: 'same' }
  /** It was made from another `.dsc` than the archive serves. */
  | { readonly outcome: 'different'; readonly why: string }
  /** It names none that says anything here. */
  | { readonly outcome: 'unnamed'; readonly why?: string }
  /** It names one, and what the archive serves could not be read. `isInput`: as what it was built from. */
  | { readonly outcome: 'unread'; readonly isInput: boolean; readonly why: string }

/** A party's signed word: it built the package, and this came out. */
export interface RebuildClaim {
  readonly sha256: Sha256
  /** Whether it states the version with its epoch; a file name alone has none. */
  readonly hasVersion: boolean
  readonly source: SourceFinding
  /** Of which build it is. */
  readonly record: BuildRecord
  readonly evidence: readonly Evidence[]
}

/** What one party was brought to say of one package, over all its keys, services and statements. */
export interface PartyWord {
  /** As the policy names it. */
  readonly party: string
  /** Where it was asked. */
  readonly places?: readonly string[]
  /** The policy's word that it built what the sums list that it signs together with others. */
  readonly cosigned?: boolean
  readonly claims: readonly RebuildClaim[]
  /** Documents that were found and do not count, each with the reason. */
  readonly unusable: readonly string[]
  /** What could not be read, each with the reason. */
  readonly unreachable: readonly string[]
  /** What it says and does not sign, for people: it counts neither way. */
  readonly notes?: readonly string[]
}

/** What the rebuilders of an archive say of one package, and how many of them must agree. */
export interface Rebuilds {
  readonly threshold: number
  /** Whether a statement counts only where it names the source that the archive serves. */
  readonly sourceRequired: boolean
  /** Each party once. */
  readonly parties: readonly PartyWord[]
  /** Whether the package's version has an epoch, which file names leave out. */
  readonly hasEpoch: boolean
}

export interface RebuildFinding {
  /** `conflict`: a party vouches for other bytes. `unknown`: those not read might suffice. */
  readonly outcome: 'conflict' | 'enough' | 'unknown' | 'insufficient'
  readonly reason: string
  /** Of a conflict: the hashes that rebuilders got instead, sorted, so many as a reason quotes. */
  readonly others: readonly Sha256[]
  readonly evidence: readonly Evidence[]
}

/** Documents, failures, hashes and fellow signers of one party that a reason quotes. */
const SHOWN = 3

/**
 * Weighs what rebuilders say of exactly these bytes. Pure.
 *
 * Parties are counted, not statements: one that vouches twice, with two keys or in two places, counts once. So does
 * one build, whoever signs its record (`countBuilders`). A party
 * that vouches for other bytes under the name, version and architecture makes a conflict, however many agree: one of
 * them is wrong, or the package is not reproducible, and people must look. A party that could not be read neither
 * agrees nor disagrees.
 */
export function weighRebuilds(
  used: Sha256,
  { threshold, sourceRequired, parties, hasEpoch }: Rebuilds,
): RebuildFinding {
  const disagree = parties.filter(({ claims }) => claims.some(({ sha256 }) => sha256 !== used))
  const evidenceFor = (sha256?: Sha256): Evidence[] =>
    parties.flatMap(({ claims }) =>
      claims.filter((claim) => sha256 === undefined || claim.sha256 === sha256).flatMap(({ evidence }) => evidence),
    )
  const counts = ({ source }: RebuildClaim): boolean =>
    source.outcome === 'same' ||
    (!sourceRequired && (source.outcome === 'unnamed' || (source.outcome === 'unread' && !source.isInput)))
  const vouching = ({ claims }: PartyWord): RebuildClaim[] =>
    claims.filter((claim) => claim.sha256 === used && counts(claim))
  const agree = parties.filter((party) => vouching(party).length > 0)
  if (disagree.length > 0) {
    const different = disagree.flatMap(({ claims }) => claims.map(({ sha256 }) => sha256))
    const said = disagree.map(({ party, claims }) => {
      const others = [...new Set(claims.map(({ sha256 }) => sha256))].filter((sha256) => sha256 !== used).sort()
      const more = others.length > SHOWN ? ` (and ${others.length - SHOWN} more)` : ''
      return `${party} got ${others.slice(0, SHOWN).join(' and ')}${more}`
    })
    const agreeing = agree.length === 0 ? 'no rebuilder got these' : `${names(agree)} got these`
    return {
      outcome: 'conflict',
      reason: `The bytes are ${used}, but rebuilding gave others: ${said.join('; ')}; ${agreeing}.`,
      others: [...new Set(different)]
        .filter((sha256) => sha256 !== used)
        .sort()
        .slice(0, SHOWN),
      evidence: evidenceFor(),
    }
  }
  const evidence = evidenceFor(used)
  const builders = countBuilders(
    agree.map((word) => {
      const records = vouching(word).map(({ record }) => record)
      return { party: word.party, cosigned: word.cosigned === true, records }
    }),
  )
  const { counted, followers } = builders
  if (counted.length >= threshold) {
    const saysEpoch = agree.some(({ claims }) => claims.some((claim) => claim.sha256 === used && claim.hasVersion))
    const epoch = hasEpoch && !saysEpoch ? ' None of them states the epoch of the version.' : ''
    return {
      outcome: 'enough',
      reason: `Reproduced by ${counted.join(', ')} (${threshold} needed).${together(builders)}${epoch}`,
      others: [],
      evidence,
    }
  }
  const others = parties.filter(({ party }) => !counted.includes(party))
  const open = others.filter(
    ({ claims, unreachable }) => unreachable.length > 0 || claims.some(({ source }) => source.outcome === 'unread'),
  )
  const some = counted.length === 0 ? 'No rebuilder vouches' : `Only ${counted.join(', ')} vouch`
  const missing = `${some}${counted.length === 1 ? 'es' : ''} for ${used}; ${threshold} needed of ${names(parties)}.`
  const why = others.map((party) => {
    const follower = followers.find((each) => each.party === party.party)
    return `${party.party}: ${follower === undefined ? silence(party, sourceRequired) : alike(follower)}.`
  })
  return {
    outcome: counted.length + open.length >= threshold ? 'unknown' : 'insufficient',
    reason: [`${missing}${onTrust(builders)}`, ...why].join(' '),
    others: [],
    evidence,
  }
}

/** Who was not counted beside the others, and who was since the policy says so. */
function together(builders: Builders): string {
  const { followers } = builders
  const said = followers.slice(0, SHOWN).map((follower) => ` ${follower.party} ${alike(follower)}.`)
  const more = followers.length > SHOWN ? ` So did ${followers.length - SHOWN} more.` : ''
  return `${onTrust(builders)}${said.join('')}${more}`
}

function onTrust({ cosigned }: Builders): string {
  if (cosigned.length === 0) return ''
  const who = cosigned.join(', ')
  return ` That ${who} signed sums of a build of ${cosigned.length === 1 ? 'its' : 'their'} own is the policy's word (cosigned: true).`
}

/** Why a party that vouches is not counted. */
function alike({ others, isSums }: Follower): string {
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : ''
  const who = `${others.slice(0, SHOWN).join(', ')}${more}`
  return isSums
    ? `signed the same sums as ${who}, which count once; where each of them built what it signed, write ` +
        '`cosigned: true` under each of these parties'
    : `signed the record of the same build as ${who}, and one build counts once`
}

/** Why a party does not count. */
function silence(
  { claims, unusable, unreachable, notes = [], places = [] }: PartyWord,
  sourceRequired: boolean,
): string {
  const sources = claims.map(({ source }) => {
    if (source.outcome === 'unnamed') {
      return sourceRequired
        ? (source.why ?? 'its statement does not name the source that it was built from')
        : undefined
    }
    return source.outcome === 'same' ? undefined : source.why
  })
  const reasons = [
    ...unreachable.map((why) => `could not be read: ${why}`),
    ...sources.filter((why) => why !== undefined),
    ...unusable.map((why) => `does not count: ${why}`),
  ].map((why) => why.replace(/\.$/, ''))
  if (reasons.length === 0) {
    const asked = places.length === 0 ? '' : ` at ${places.slice(0, SHOWN).join(' and ')}`
    return [`has no statement on it${asked}`, ...notes.slice(0, 1)].join('; ')
  }
  const more = reasons.length > SHOWN ? ` (and ${reasons.length - SHOWN} more)` : ''
  return `${reasons.slice(0, SHOWN).join('; ')}${more}`
}

function names(parties: readonly PartyWord[]): string {
  return parties
    .map(({ party }) => party)
    .sort()
    .join(', ')
}

import fc from 'fast-check'
import type { Evidence } from '../../src/archive/evidence.ts'
import {
  type Architecture,
  type PackageName,
  parseArchitecture,
  parsePackageName,
  parseSha256,
  parseVersion,
  type Sha256,
  type Version,
} from '../../src/archive/identity.ts'
import type { BuildRecord } from '../../src/judge/builds.ts'
import type { Candidate, PoolCheck, Proof } from '../../src/judge/candidate.ts'
import type { Case } from '../../src/judge/case.ts'
import type { Rebuilds } from '../../src/judge/rebuilds.ts'
import type { JudgedPackage } from '../../src/judge/verdict.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'

function sound<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test itself is wrong')
  return value
}

/** A SHA-256 that is easy to tell apart: one hex digit, repeated. */
export function sha(digit: string): Sha256 {
  return sound(parseSha256(digit.repeat(64)))
}

export function nameOf(text: string): PackageName {
  return sound(parsePackageName(text))
}

export function versionOf(text: string): Version {
  return sound(parseVersion(text))
}

export function architectureOf(text: string): Architecture {
  return sound(parseArchitecture(text))
}

export function evidence(digit: string, url = `http://ftp.debian.org/debian/dists/${digit}`): Evidence {
  return { sha256: sha(digit), kind: 'packages', url, size: 1, date: new Date('2026-05-01T00:00:00Z'), signers: [] }
}

export interface UseOptions {
  readonly name?: string
  readonly version?: string
  readonly architecture?: string
  readonly kind?: PackageUse['kind']
  readonly hash?: Sha256
  readonly from?: 'deb' | 'list'
}

/** `hello 1.0`, a binary package whose architecture and hash no list states unless said otherwise. */
export function use({
  name = 'hello',
  version = '1.0',
  architecture,
  kind = 'binary',
  hash,
  from = 'deb',
}: UseOptions = {}): PackageUse {
  return {
    kind,
    name: nameOf(name),
    version: versionOf(version),
    ...(architecture === undefined ? {} : { architecture: architectureOf(architecture) }),
    ...(hash === undefined ? {} : { hash: { sha256: hash, from } }),
  }
}

export const PROOFS = {
  identical: { outcome: 'identical', upstream: 'the upstream', archive: 'debian', evidence: [evidence('e')] },
  mismatch: { outcome: 'mismatch', upstream: 'the upstream', signed: [sha('f')], evidence: [evidence('d')] },
  unproven: { outcome: 'unproven' },
  undecided: { outcome: 'undecided', why: 'The upstream could not be read.' },
} as const satisfies Record<Proof['outcome'], Proof>

/** The record of a build. */
export function recordOf(name: string, kind: BuildRecord['kind'] = 'build'): BuildRecord {
  return { names: [name], kind }
}

const vouching = (party: string, sha256: Sha256): Rebuilds['parties'][number] => ({
  party,
  claims: [
    { sha256, hasVersion: false, source: { outcome: 'unnamed' }, record: recordOf(party), evidence: [evidence('c')] },
  ],
  unusable: [],
  unreachable: [],
})

/** What two rebuilders, of whom two must agree, say of a file. */
export const REBUILDS = {
  enough: (sha256) => rebuilds([vouching('alpha', sha256), vouching('beta', sha256)]),
  conflict: (sha256) => rebuilds([vouching('alpha', sha256), vouching('beta', sha('8'))]),
  unknown: (sha256) =>
    rebuilds([vouching('alpha', sha256), { party: 'beta', claims: [], unusable: [], unreachable: ['timed out'] }]),
  insufficient: (sha256) => rebuilds([vouching('alpha', sha256)]),
} as const satisfies Record<string, (sha256: Sha256) => Rebuilds>

function rebuilds(parties: Rebuilds['parties']): Rebuilds {
  return { threshold: 2, sourceRequired: false, parties, hasEpoch: false }
}

/** A file of the archive `debian`, identical to its upstream's unless said otherwise. */
export function candidate(sha256: Sha256, given: Partial<Candidate> = {}): Candidate {
  return {
    sha256,
    version: '1.0',
    architecture: 'amd64',
    archive: 'debian',
    require: 'identical',
    mayDeliver: true,
    listedIn: 'archive',
    evidence: [evidence('1')],
    proof: PROOFS.identical,
    ...given,
  }
}

export function given(candidates: readonly Candidate[], more: Partial<Case> = {}): Case {
  return {
    use: use(),
    candidates,
    others: [],
    hashRequired: false,
    unread: [],
    unclear: [],
    otherVersions: [],
    ...more,
  }
}

export function judged(verdict: JudgedPackage['verdict'], more: Partial<JudgedPackage> = {}): JudgedPackage {
  return { use: use(), verdict, reason: 'A reason.', evidence: [], ...more }
}

const anyHash = fc.constantFrom(sha('a'), sha('b'), sha('c'))
const anyProof: fc.Arbitrary<Proof> = fc.constantFrom(...Object.values(PROOFS))
const anyPool: fc.Arbitrary<PoolCheck | undefined> = fc.constantFrom<(PoolCheck | undefined)[]>(
  undefined,
  { outcome: 'same' },
  { outcome: 'different', why: 'The pool serves other bytes.' },
  { outcome: 'unread', why: 'The pool could not be read.' },
)

export const anyCandidate: fc.Arbitrary<Candidate> = fc
  .record({
    sha256: anyHash,
    archive: fc.constantFrom('debian', 'tails', 'nightly'),
    require: fc.constantFrom<Candidate['require'][]>('identical', 'reproduced', 'absent'),
    listedIn: fc.constantFrom<Candidate['listedIn'][]>('archive', 'apt-lists'),
    proof: anyProof,
    pool: anyPool,
    said: fc.constantFrom(undefined, ...Object.values(REBUILDS)),
  })
  .map(({ sha256, pool, said, ...more }) =>
    candidate(sha256, {
      ...more,
      ...(pool === undefined ? {} : { pool }),
      ...(said === undefined || more.require !== 'reproduced' ? {} : { rebuilds: said(sha256) }),
    }),
  )

/** Any case; a proof of the bytes by themselves is there only where they are known, as verify makes it. */
export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    candidates: fc.array(anyCandidate, { maxLength: 6 }),
    hash: fc.option(anyHash, { nil: undefined }),
    from: fc.constantFrom<('deb' | 'list')[]>('deb', 'list'),
    direct: fc.option(anyProof, { nil: undefined }),
    said: fc.array(fc.constantFrom(...Object.values(REBUILDS)), { maxLength: 2 }),
    unread: fc.array(fc.constantFrom('debian bookworm', 'tails stable'), { maxLength: 2 }),
    unclear: fc.array(fc.constant('made Packages has a stanza of hello that is open.'), { maxLength: 1 }),
    others: fc.array(anyCandidate, { maxLength: 3 }),
    hashRequired: fc.boolean(),
  })
  .map(({ candidates, hash, from, direct, said, unread, unclear, others, hashRequired }) => {
    const isDirect = hash !== undefined && direct !== undefined && !candidates.some(({ sha256 }) => sha256 === hash)
    return given(candidates, {
      use: use({ ...(hash === undefined ? {} : { hash, from }) }),
      others: hash === undefined ? others : [],
      hashRequired,
      unread,
      unclear,
      ...(isDirect ? { direct, directRebuilds: new Map(said.map((make, index) => [`own${index}`, make(hash)])) } : {}),
    })
  })

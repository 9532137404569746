import type { Evidence } from '../archive/evidence.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { Candidate, HashFrom, Proof } from './candidate.ts'
import { type RebuildFinding, type Rebuilds, weighRebuilds } from './rebuilds.ts'
import { type JudgedPackage, PASSING, type Verdict } from './verdict.ts'
import { type Vouched, vouched, vouchedForAll } from './vouched-at.ts'

/** Everything that is known about one package. */
export interface Case {
  readonly use: PackageUse
  /** What the archives of the policy list under its name, version and architecture. */
  readonly candidates: readonly Candidate[]
  /**
   * Other files that an archive lists under the name and that apt would prefer: its index may say another version of
   * one of them than the .deb itself, which is what a list of installed packages shows.
   */
  readonly rivals?: readonly Candidate[]
  /**
   * Where the hash is known from the file or the list and no archive lists it: what upstreams say of these bytes.
   */
  readonly direct?: Proof
  /** And what the rebuilders of each archive say of them that lists the name: all of them must have got these. */
  readonly directRebuilds?: readonly Rebuilds[]
  /** Archives, or parts of them, that could not be read: it might be listed there. */
  readonly unread: readonly string[]
  /** Other versions that archives list under the name, for the message. */
  readonly otherVersions: readonly string[]
}

interface Finding extends Vouched {
  readonly verdict: Verdict
  readonly reason: string
  readonly sha256?: Sha256
  /** For a mismatch: what is vouched for instead. */
  readonly expected?: readonly Sha256[]
  readonly candidate?: Candidate
  readonly evidence: readonly Evidence[]
}

/** When the build may have used several files, the worst of them decides. */
const WORST_FIRST: readonly Verdict[] = [
  'mismatch',
  'forbidden',
  'unlisted',
  'unproven',
  'undecided',
  'reproduced',
  'identical',
]

/**
 * Judges one package. Pure: no clock, no I/O, no environment.
 *
 * Identity is the hash, never name and version. Where the hash of what the build used is known, that file alone is
 * judged. Where it is not, the build may have used any file that an archive lists, and each must pass.
 */
export function judge(given: Case): JudgedPackage {
  const known = given.use.hash
  const finding = known === undefined ? judgeEveryFile(given) : judgeKnownFile(given, known.sha256)
  const { candidate, sha256, expected } = finding
  const hashFrom: HashFrom | undefined = known?.from ?? candidate?.listedIn
  const architecture = given.use.kind === 'source' ? 'source' : (given.use.architecture ?? candidate?.architecture)
  return {
    use: given.use,
    verdict: finding.verdict,
    reason: finding.reason,
    evidence: finding.evidence,
    ...(candidate === undefined ? {} : { archive: candidate.archive }),
    ...(finding.verdict === 'identical' ? vouchedForAll([finding]) : {}),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(expected === undefined || expected.length === 0 ? {} : { expected }),
    ...(hashFrom === undefined || sha256 === undefined ? {} : { hashFrom }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(known === undefined && mayBeAnother(given, finding) ? { mayBeAnother: true } : {}),
  }
}

/** Whether another file, which is not proven, may have been used in place of the one that was found. */
function mayBeAnother({ candidates, rivals = [] }: Case, { verdict, sha256 }: Finding): boolean {
  if (PASSING.has(verdict)) return false
  const files = new Map<Sha256, Candidate[]>()
  for (const file of [...candidates, ...rivals]) {
    const same = files.get(file.sha256)
    if (same === undefined) files.set(file.sha256, [file])
    else same.push(file)
  }
  return [...files].some(([hash, same]) => hash !== sha256 && !PASSING.has(judgeFile(same).verdict))
}

function judgeEveryFile(given: Case): Finding {
  const hashes = [...new Set(given.candidates.map(({ sha256 }) => sha256))].sort()
  if (hashes.length === 0) return judgeUnlisted(given)
  const findings = hashes.map((sha256) => judgeFile(given.candidates.filter((file) => file.sha256 === sha256)))
  const [worst] = [...findings].sort(bySeverity)
  if (worst === undefined) return judgeUnlisted(given)
  const rival = given.rivals?.find((file) => !PASSING.has(judgeInArchive(file).verdict))
  if (PASSING.has(worst.verdict) && rival !== undefined) return outdone(worst, rival)
  if (hashes.length === 1) return worst
  const further = hashes.filter((sha256) => sha256 !== worst.sha256).join(', ')
  return {
    ...worst,
    reason: `${worst.reason} Ambiguous: ${further} is listed under the same name and version too.`,
    evidence: findings.flatMap(({ evidence }) => evidence),
    ...(worst.verdict === 'identical' ? vouchedForAll(findings) : {}),
  }
}

function outdone(finding: Finding, { archive, version, architecture, sha256 }: Candidate): Finding {
  const other = [version, architecture].filter((part) => part !== undefined).join(' ')
  return {
    ...finding,
    verdict: 'undecided',
    reason:
      `The archive ${archive} also lists ${other} under this name (${sha256}), which is not proven: whichever of ` +
      'the two was used may call itself by this version. Give the .debs, or a list with hashes.',
  }
}

function judgeKnownFile(given: Case, sha256: Sha256): Finding {
  const files = given.candidates.filter((file) => file.sha256 === sha256)
  if (files.length > 0) return judgeFile(files)
  const { direct } = given
  const listed = [...new Set(given.candidates.map((file) => file.sha256))].sort().join(', ')
  const notServed = listed === '' ? 'No archive of the policy lists it' : `The archives list other bytes (${listed})`
  switch (direct?.outcome) {
    case 'identical':
      return {
        verdict: 'identical',
        reason: `${notServed}, but ${direct.upstream} signed exactly these bytes.`,
        sha256,
        evidence: direct.evidence,
        ...vouched(direct),
      }
    case 'mismatch':
      return {
        verdict: 'mismatch',
        reason: `${mismatchReason(sha256, direct)} ${notServed}.`,
        sha256,
        expected: others(direct.signed, sha256),
        evidence: direct.evidence,
      }
  }
  const rebuilt = (given.directRebuilds ?? []).map((rebuilds) => weighRebuilds(sha256, rebuilds))
  const [first] = rebuilt
  const open =
    rebuilt.find(({ outcome }) => outcome === 'conflict') ?? rebuilt.find(({ outcome }) => outcome !== 'enough')
  // Too few statements on a file that no archive lists are no news: it is unlisted.
  const word = open?.outcome === 'insufficient' ? undefined : (open ?? first)
  if (word !== undefined) {
    const verdict = VERDICT_OF_REBUILDS[word.outcome]
    return { verdict, reason: `${notServed}. ${word.reason}`, sha256, expected: word.others, evidence: word.evidence }
  }
  if (direct?.outcome === 'undecided') {
    return { verdict: 'undecided', reason: `${notServed}. ${direct.why}`, sha256, evidence: [] }
  }
  const unlisted = judgeUnlisted(given)
  return { ...unlisted, reason: `${unlisted.reason}${hintOf(direct)}`, sha256 }
}

function hintOf(proof: Proof | undefined): string {
  return proof?.outcome === 'unproven' && proof.hint !== undefined ? ` ${proof.hint}` : ''
}

const VERDICT_OF_REBUILDS = {
  conflict: 'mismatch',
  enough: 'reproduced',
  unknown: 'undecided',
  insufficient: 'unproven',
} as const satisfies Record<RebuildFinding['outcome'], Verdict>

/**
 * One file, in every archive that lists it: one archive whose requirement it meets is enough. But what some rebuilders
 * got does not outweigh that others of another archive got, or an upstream signed, other bytes.
 */
function judgeFile(files: readonly Candidate[]): Finding {
  const findings = files.map(judgeInArchive)
  const [best] = [...findings].sort((a, b) => bySeverity(b, a))
  if (best === undefined) throw new Error('a file is judged in at least one archive')
  const mismatch = findings.find(({ verdict }) => verdict === 'mismatch')
  return best.verdict === 'reproduced' && mismatch !== undefined ? mismatch : best
}

function judgeInArchive(file: Candidate): Finding {
  const { proof, pool, sha256, evidence: listing } = file
  const found = (
    verdict: Verdict,
    reason: string,
    evidence: readonly Evidence[] = [],
    expected: readonly Sha256[] = [],
  ): Finding => ({ verdict, reason, sha256, expected, candidate: file, evidence: [...listing, ...evidence] })
  if (file.require === 'absent') {
    return found('forbidden', `The archive ${file.archive} lists it, and nothing may come from there.`)
  }
  if (pool?.outcome === 'different') return found('mismatch', pool.why)
  switch (proof.outcome) {
    case 'mismatch':
      return found('mismatch', mismatchReason(sha256, proof), proof.evidence, others(proof.signed, sha256))
    case 'identical':
      if (pool?.outcome === 'unread') return found('undecided', pool.why, proof.evidence)
      return {
        ...found('identical', `${proof.upstream} signed exactly these bytes.`, proof.evidence),
        ...vouched(proof),
      }
  }
  const rebuilt = file.rebuilds === undefined ? undefined : weighRebuilds(sha256, file.rebuilds)
  if (rebuilt?.outcome === 'conflict') return found('mismatch', rebuilt.reason, rebuilt.evidence, rebuilt.others)
  if (rebuilt?.outcome === 'enough') {
    if (pool?.outcome === 'unread') return found('undecided', pool.why, rebuilt.evidence)
    const unread = proof.outcome === 'undecided' ? ` No upstream was seen to sign other bytes, but: ${proof.why}` : ''
    return found('reproduced', `${rebuilt.reason}${unread}`, rebuilt.evidence)
  }
  const reasons = [proof.outcome === 'undecided' ? proof.why : undefined, rebuilt?.reason ?? unvouched(file)].filter(
    (reason) => reason !== undefined,
  )
  const isOpen = proof.outcome === 'undecided' || rebuilt?.outcome === 'unknown'
  return found(isOpen ? 'undecided' : 'unproven', reasons.join(' '), rebuilt?.evidence)
}

/** What is to be said of a file that no rebuilder was asked about. */
function unvouched({ require, proof, architecture }: Candidate): string | undefined {
  if (proof.outcome === 'undecided') return undefined
  if (require === 'identical') return `No upstream of the policy lists it.${hintOf(proof)}`
  const signed = 'no upstream of the policy signed these bytes'
  if (architecture === 'source') return `A source package is not built, so nobody can reproduce it, and ${signed}.`
  return `The policy names no rebuilders, and ${signed}.`
}

function judgeUnlisted({ use, candidates, unread, otherVersions }: Case): Finding {
  const versions = otherVersions.length === 0 ? '' : ` Listed versions: ${shorten(otherVersions)}.`
  if (unread.length > 0) {
    return {
      verdict: 'undecided',
      reason: `No archive that could be read lists it; not read: ${shorten(unread)}.${versions}`,
      evidence: [],
    }
  }
  const other = [...new Set(candidates.map(({ sha256 }) => sha256))].sort()
  const reason =
    use.hash !== undefined && other.length > 0
      ? `No archive of the policy lists these bytes; under this name and version they list ${other.join(', ')}.`
      : `No archive of the policy lists it.${versions}`
  return { verdict: 'unlisted', reason, evidence: candidates.flatMap(({ evidence }) => evidence) }
}

function mismatchReason(used: Sha256, proof: Proof & { outcome: 'mismatch' }): string {
  const difference = proof.difference === undefined ? '' : ` (${proof.difference})`
  return `The bytes are ${used}, but ${proof.upstream} signed ${proof.signed.join(' and ')}${difference}.`
}

/** Of a source package the .dsc may be the same, and another of its files not. */
function others(hashes: readonly Sha256[], used: Sha256): Sha256[] {
  return hashes.filter((hash) => hash !== used)
}

function bySeverity(a: Finding, b: Finding): number {
  return WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict)
}

function shorten(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(', ')
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}

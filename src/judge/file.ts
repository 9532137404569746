import type { Evidence } from '../archive/evidence.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { Candidate, Proof } from './candidate.ts'
import { bySeverity, type Finding } from './finding.ts'
import { weighRebuilds } from './rebuilds.ts'
import type { Verdict } from './verdict.ts'
import { vouched } from './vouched-at.ts'

/** The files that are listed, sorted by hash, each with all that list it. */
export function bySha256(candidates: readonly Candidate[]): [Sha256, Candidate[]][] {
  const groups = new Map<Sha256, Candidate[]>()
  for (const candidate of candidates) {
    const group = groups.get(candidate.sha256)
    if (group === undefined) groups.set(candidate.sha256, [candidate])
    else group.push(candidate)
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * One file, in every archive that lists it: one archive whose requirement it meets is enough. But what some rebuilders
 * got does not outweigh that others of another archive got, or an upstream signed, other bytes.
 */
export function judgeFile(files: readonly Candidate[]): Finding {
  return bestOf(files.map(judgeInArchive))
}

/**
 * One file whatever is required of the archives that list it: whether anybody vouches for it. From an archive that
 * must be absent nothing may come, but that it lists a file too which somebody vouches for harms nobody.
 */
export function judgeBytes(files: readonly Candidate[]): Finding {
  return bestOf(files.map(judgeProof))
}

function bestOf(findings: readonly Finding[]): Finding {
  const [best] = [...findings].sort((a, b) => bySeverity(b, a))
  if (best === undefined) throw new Error('a file is judged in at least one archive')
  const mismatch = findings.find(({ verdict }) => verdict === 'mismatch')
  return best.verdict === 'reproduced' && mismatch !== undefined ? mismatch : best
}

function judgeInArchive(file: Candidate): Finding {
  if (file.require !== 'absent') return judgeProof(file)
  const reason = `The archive ${file.archive} lists it, and nothing may come from there.`
  return { verdict: 'forbidden', reason, sha256: file.sha256, candidate: file, evidence: file.evidence }
}

function judgeProof(file: Candidate): Finding {
  const { proof, pool, sha256, evidence: listing } = file
  const found = (
    verdict: Verdict,
    reason: string,
    evidence: readonly Evidence[] = [],
    expected: readonly Sha256[] = [],
  ): Finding => ({ verdict, reason, sha256, expected, candidate: file, evidence: [...listing, ...evidence] })
  if (pool?.outcome === 'different') return found('mismatch', pool.why)
  switch (proof.outcome) {
    case 'mismatch':
      return found('mismatch', mismatchReason(sha256, proof), proof.evidence, otherHashes(proof.signed, sha256))
    case 'identical':
      if (pool?.outcome === 'unread') return found('undecided', pool.why, proof.evidence)
      return {
        ...found('identical', `${proof.upstream} signed exactly these bytes.`, proof.evidence),
        vouchedBy: [proof.archive],
        ...vouched(proof),
      }
  }
  const rebuilt = file.rebuilds === undefined ? undefined : weighRebuilds(sha256, file.rebuilds)
  if (rebuilt?.outcome === 'conflict') return found('mismatch', rebuilt.reason, rebuilt.evidence, rebuilt.others)
  if (rebuilt?.outcome === 'enough') {
    if (pool?.outcome === 'unread') return found('undecided', pool.why, rebuilt.evidence)
    const unread = proof.outcome === 'undecided' ? ` No upstream was seen to sign other bytes, but: ${proof.why}` : ''
    return { ...found('reproduced', `${rebuilt.reason}${unread}`, rebuilt.evidence), vouchedBy: [file.archive] }
  }
  const reasons = [proof.outcome === 'undecided' ? proof.why : undefined, rebuilt?.reason ?? unvouched(file)].filter(
    (reason) => reason !== undefined,
  )
  const isOpen = proof.outcome === 'undecided' || rebuilt?.outcome === 'unknown'
  return found(isOpen ? 'undecided' : 'unproven', reasons.join(' '), rebuilt?.evidence)
}

/** What is to be said of a file that no rebuilder was asked about. */
function unvouched({ archive, require, mayDeliver, proof, architecture }: Candidate): string | undefined {
  if (!mayDeliver) return `The policy does not let the archive ${archive} deliver packages of this name.`
  if (proof.outcome === 'undecided') return undefined
  if (require === 'identical') return `No upstream of the policy lists it.${hintOf(proof)}`
  const signed = 'no upstream of the policy signed these bytes'
  if (architecture === 'source') return `A source package is not built, so nobody can reproduce it, and ${signed}.`
  return `The policy names no rebuilders, and ${signed}.`
}

export function mismatchReason(used: Sha256, proof: Proof & { outcome: 'mismatch' }): string {
  const difference = proof.difference === undefined ? '' : ` (${proof.difference})`
  return `The bytes are ${used}, but ${proof.upstream} signed ${proof.signed.join(' and ')}${difference}.`
}

/** Of a source package the .dsc may be the same, and another of its files not. */
export function otherHashes(hashes: readonly Sha256[], used: Sha256): Sha256[] {
  return hashes.filter((hash) => hash !== used)
}

export function hintOf(proof: Proof | undefined): string {
  return proof?.outcome === 'unproven' && proof.hint !== undefined ? ` ${proof.hint}` : ''
}

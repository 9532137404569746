import type { Sha256 } from '../archive/identity.ts'
import type { HashFrom } from './candidate.ts'
import type { Case } from './case.ts'
import { bySha256, hintOf, judgeBytes, judgeFile, mismatchReason, otherHashes } from './file.ts'
import { bySeverity, type Finding } from './finding.ts'
import { type RebuildFinding, type Rebuilds, weighRebuilds } from './rebuilds.ts'
import { judgeName } from './same-name.ts'
import { selfVouched } from './self-vouched.ts'
import { type JudgedPackage, PASSING, type Verdict } from './verdict.ts'
import { vouched, vouchedForAll } from './vouched-at.ts'

/**
 * Judges one package. Pure: no clock, no I/O, no environment.
 *
 * Identity is the hash, never name and version. Where the hash of what the build used is known, that file alone is
 * judged. Where it is not, the build may have used any file that an archive lists under the name: those of the used
 * version must pass, and for every other one somebody must vouch.
 */
export function judge(given: Case): JudgedPackage {
  const known = given.use.hash
  const finding = known === undefined ? judgeEveryFile(given) : judgeKnownFile(given, known.sha256)
  const { candidate, sha256, expected, vouchedBy } = finding
  const hashFrom: HashFrom | undefined = known?.from ?? candidate?.listedIn
  const architecture = given.use.kind === 'source' ? 'source' : (given.use.architecture ?? candidate?.architecture)
  const elsewhere = mayBeFrom(given, finding)
  const ownWord = PASSING.has(finding.verdict) ? selfVouched(given) : []
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
    ...(vouchedBy === undefined ? {} : { vouchedBy }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(ownWord.length === 0 ? {} : { selfVouched: ownWord }),
    ...(known !== undefined || elsewhere.length === 0 ? {} : { mayBeFrom: elsewhere }),
  }
}

/** Who lists another file, which is not proven, that may have been used in place of the one that was found. */
function mayBeFrom({ candidates, others }: Case, { verdict, sha256 }: Pick<Finding, 'verdict' | 'sha256'>): string[] {
  if (PASSING.has(verdict)) return []
  const unproven = bySha256([...candidates, ...others]).filter(
    ([hash, same]) => hash !== sha256 && !PASSING.has(judgeBytes(same).verdict),
  )
  return [...new Set(unproven.flatMap(([, same]) => same.map(({ archive }) => archive)))].sort()
}

function judgeEveryFile(given: Case): Finding {
  const files = bySha256(given.candidates)
  const findings = files.map(([, listed]) => judgeFile(listed))
  const [worst] = [...findings].sort(bySeverity)
  if (worst === undefined) return judgeUnlisted(given)
  if (PASSING.has(worst.verdict)) {
    const named = judgeName(worst, [...given.candidates, ...given.others])
    return passOnlyByHash(given, passOnlyIfClear(given, named))
  }
  if (files.length === 1) return worst
  const further = files.flatMap(([sha256]) => (sha256 === worst.sha256 ? [] : [sha256]))
  return {
    ...worst,
    reason: `${worst.reason} Ambiguous: ${shorten(further)} is listed under the same name and version too.`,
    evidence: findings.flatMap(({ evidence }) => evidence),
  }
}

/** Whichever file an unclear stanza lists, it may be the one that was used. */
function passOnlyIfClear({ unclear }: Case, finding: Finding): Finding {
  const [first] = unclear
  if (first === undefined || !PASSING.has(finding.verdict)) return finding
  const { vouchedBy: _, vouchedAt: __, ...undecided } = finding
  const more = unclear.length === 1 ? '' : ` ${unclear.length - 1} more indexes have such stanzas.`
  const reason =
    `Another file may be listed under this name: ${first}${more} Give the .debs or a list with hashes, or have that ` +
    'stanza written anew.'
  return { ...undecided, verdict: 'undecided', reason }
}

function passOnlyByHash({ hashRequired }: Case, finding: Finding): Finding {
  if (!hashRequired || !PASSING.has(finding.verdict)) return finding
  const { vouchedBy: _, vouchedAt: __, ...undecided } = finding
  const reason =
    'No list states its SHA-256, and the policy asks for one (hashes: required): give the .deb, or a list with hashes. ' +
    `By name and version alone: ${finding.reason}`
  return { ...undecided, verdict: 'undecided', reason }
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
        vouchedBy: [direct.archive],
        evidence: direct.evidence,
        ...vouched(direct),
      }
    case 'mismatch':
      return {
        verdict: 'mismatch',
        reason: `${mismatchReason(sha256, direct)} ${notServed}.`,
        sha256,
        expected: otherHashes(direct.signed, sha256),
        evidence: direct.evidence,
      }
  }
  const said = given.directRebuilds ?? new Map<string, Rebuilds>()
  const rebuilt = [...said.values()].map((rebuilds) => weighRebuilds(sha256, rebuilds))
  const [first] = rebuilt
  const open =
    rebuilt.find(({ outcome }) => outcome === 'conflict') ?? rebuilt.find(({ outcome }) => outcome !== 'enough')
  // Too few statements on a file that no archive lists are no news: it is unlisted.
  const word = open?.outcome === 'insufficient' ? undefined : (open ?? first)
  if (word !== undefined) {
    const verdict = VERDICT_OF_REBUILDS[word.outcome]
    return {
      verdict,
      reason: `${notServed}. ${word.reason}`,
      sha256,
      expected: word.others,
      ...(verdict === 'reproduced' ? { vouchedBy: [...said.keys()] } : {}),
      evidence: word.evidence,
    }
  }
  if (direct?.outcome === 'undecided') {
    return { verdict: 'undecided', reason: `${notServed}. ${direct.why}`, sha256, evidence: [] }
  }
  const unlisted = judgeUnlisted(given)
  return { ...unlisted, reason: `${unlisted.reason}${hintOf(direct)}`, sha256 }
}

const VERDICT_OF_REBUILDS = {
  conflict: 'mismatch',
  enough: 'reproduced',
  unknown: 'undecided',
  insufficient: 'unproven',
} as const satisfies Record<RebuildFinding['outcome'], Verdict>

function judgeUnlisted(given: Case): Finding {
  const { use, candidates, otherVersions } = given
  const unread = [...given.unread, ...given.unclear]
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
  const elsewhere = use.hash === undefined ? mayBeFrom(given, { verdict: 'unlisted' }) : []
  const lie =
    elsewhere.length === 0
      ? ''
      : ` Nobody vouches for what ${shorten(elsewhere)} lists under this name, which may call itself by this version.`
  return { verdict: 'unlisted', reason: `${reason}${lie}`, evidence: candidates.flatMap(({ evidence }) => evidence) }
}

function shorten(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(', ')
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}

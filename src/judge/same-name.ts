import type { Sha256 } from '../archive/identity.ts'
import type { Candidate } from './candidate.ts'
import { bySha256, judgeBytes } from './file.ts'
import { bySeverity, type Finding } from './finding.ts'
import { PASSING } from './verdict.ts'
import { vouchedForAll } from './vouched-at.ts'

/** One file that the archives of the policy list under a name, and what anybody says of it. */
interface NamedBytes {
  readonly sha256: Sha256
  readonly files: readonly Candidate[]
  readonly finding: Finding
  /** The archives on whose word it is good, in the order of the policy. */
  readonly vouchers: readonly string[]
}

/**
 * Judges a package of which only name and version are known and whose own listings are good. An index says what it
 * likes of a .deb, and the .deb calls itself what it likes; so every file that any archive lists under the name could
 * be the one that was used. Each must be vouched for, whatever its version, suite and archive are. Pure.
 *
 * @param own what was found of the files under the used version: the worst of it, which passes
 * @param files every file under the name
 */
export function judgeName(own: Finding, files: readonly Candidate[]): Finding {
  const all = bytesOf(files)
  const unproven = all.filter(({ finding }) => !PASSING.has(finding.verdict))
  const [first] = unproven
  if (first !== undefined) return openBy(own, first, unproven.length)
  const vouchedBy = whoVouches(all)
  // What was used may be any of them, so no more is claimed of it than of each.
  const [worst = own] = all.map(({ finding }) => finding).sort(bySeverity)
  if (all.length === 1) return { ...own, vouchedBy }
  const evidence = all.flatMap(({ finding }) => finding.evidence)
  const at = vouchedForAll(all.map(({ finding }) => finding))
  if (vouchedBy.length === 1 && worst.verdict === own.verdict) return { ...own, ...at, vouchedBy, evidence }
  return {
    ...own,
    ...at,
    verdict: worst.verdict,
    reason:
      `The archives list ${all.length} files under this name (${all.slice(0, SHOWN).map(describe).join('; ')}` +
      `${all.length > SHOWN ? '; and more' : ''}), and which of them was used is open; each is vouched for.`,
    vouchedBy,
    evidence,
  }
}

/** Files that a reason names. */
const SHOWN = 4

function bytesOf(candidates: readonly Candidate[]): NamedBytes[] {
  return bySha256(candidates).map(([sha256, files]) => ({
    sha256,
    files,
    finding: judgeBytes(files),
    vouchers: [...new Set(files.flatMap((file) => judgeBytes([file]).vouchedBy ?? []))],
  }))
}

/** One archive where it vouches for each of the files, otherwise all whose word some file rests on. */
function whoVouches(all: readonly NamedBytes[]): string[] {
  const everyone = [...new Set(all.flatMap(({ vouchers }) => vouchers))]
  const single = everyone.find((archive) => all.every(({ vouchers }) => vouchers.includes(archive)))
  return single === undefined ? everyone.sort() : [single]
}

function openBy(own: Finding, { sha256, files, finding }: NamedBytes, count: number): Finding {
  const [file] = files
  const where = [...new Set(files.map(({ archive }) => archive))].join(' and ')
  const more = count > 1 ? ` ${count - 1} more such files are listed.` : ''
  const { vouchedBy: _, vouchedAt: __, ...undecided } = own
  return {
    ...undecided,
    verdict: 'undecided',
    reason:
      `${where} also lists ${file === undefined ? '' : `${file.version} ${file.architecture}`} under this name ` +
      `(${sha256}), and nobody vouches for that file: ${finding.reason}${more} Whichever of them was used may call ` +
      'itself by this version. Give the .debs or a list with hashes, or have that file proven or taken away.',
    evidence: [...own.evidence, ...finding.evidence],
  }
}

function describe({ sha256, files: [file], vouchers }: NamedBytes): string {
  const what = file === undefined ? sha256 : `${file.version} ${file.architecture}, ${sha256}`
  return `${what}: ${vouchers.join(' and ')}`
}

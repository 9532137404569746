import type { Report, ReportedPackage } from './report-schema.ts'
import { onOwnWord } from './self-vouched.ts'
import { unprovenSentence } from './unproven-text.ts'
import { openVouchers } from './vouchers.ts'

type Verdict = ReportedPackage['verdict']

/** Verdicts that need attention, the gravest first. */
export const ATTENTION: readonly Verdict[] = ['mismatch', 'forbidden', 'unlisted', 'unproven', 'undecided']

/** What a release manager does next, for each verdict that needs attention. */
export const ADVICE: Readonly<Record<string, string>> = {
  mismatch:
    'Do not release. Somebody changed this file after its upstream signed it, or built it again under the same ' +
    'version: get both files, compare them (diffoscope), and find out who wrote the one that was served.',
  forbidden: 'Find out how a package of this archive came into the build; a release must contain nothing from it.',
  unlisted:
    'Name the archive that it came from in the policy, or among the apt sources of a system. A version that was superseded since needs an archive, or apt ' +
    'lists, that still have it; a package that is made during the build needs an exception with `archive: none`.',
  unproven:
    'A package of somebody else: name the upstream that first distributed this version; one that its live archive has ' +
    'dropped needs an archive that still has it. A package of your own: the reason says which rebuilders did not get ' +
    'it, and why; `debproof rebuild` makes what is missing.',
  undecided:
    'Read the reasons. What was refused (a signature, a hash, a date) may have been tampered with: find out who wrote ' +
    'it. What could not be reached: run again when it can be.',
}

/** The verdict in one line: what a person reads first. */
export function headline({ predicate }: Report): string {
  const { verdict, counts, archives, shard } = predicate
  const of = countOf(counts.total)
  // What the policy excepts is not proven, and is never counted as if it were.
  const proven = `${countOf(counts.identical + counts.reproduced)} proven`
  const excepted = counts.excepted === 0 ? '' : `, ${counts.excepted} excepted by the policy`
  // What one part proves must not pass for the verdict on the release.
  const part = shard === undefined ? '' : `, part ${shard.index} of ${shard.of}`
  switch (verdict) {
    case 'pass':
      if (counts.total === 0) return `PASS${part}: there is no package in it.`
      return `PASS${part}: ${proven}${howProven(predicate)}${excepted}.${openWords(predicate)}`
    case 'fail': {
      const failed = listCounts(counts, ATTENTION)
      const refused = refusedFiles(predicate)
      if (refused === '') return `FAIL${part}: of ${of}, ${failed}${excepted}.`
      return `FAIL${part}: ${refused}${failed === '' ? '' : `; of ${of}, ${failed}`}${excepted}.`
    }
    case 'undecided': {
      if (counts.undecided > 0)
        return `UNDECIDED${part}: of ${of}, ${listCounts(counts, ATTENTION)}${excepted}; none failed.`
      const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name)
      if (unread.length > 0) {
        return `UNDECIDED${part}: ${proven}${excepted}, but ${unread.join(', ')} could not be read and may have served other bytes.`
      }
      if (counts.total === 0) return 'UNDECIDED: there was no package to judge.'
      const refused = refusedFiles(predicate)
      if (refused !== '')
        return `UNDECIDED${part}: ${proven}${excepted}, but ${refused}, and not all who might was read.`
      return `UNDECIDED${part}: ${proven}${excepted}, but the build's apt saw archives that the policy does not name.`
    }
  }
}

/** Of how many packages it is open which archive delivered them, and thus who vouches for them. */
function openWords({ packages, archives }: Report['predicate']): string {
  const open = [...openVouchers(packages, archives)].map(([names, count]) => `${count} from ${names}`)
  if (open.length === 0) return ''
  return ` Which archive delivered some of them is open: ${open.slice(0, 3).join(', ')}${open.length > 3 ? ' and others' : ''}.`
}

/** What archives list and nobody vouches for, where the policy refuses that. */
function refusedFiles({ archives }: Report['predicate']): string {
  return archives
    .filter(({ unproven }) => unproven?.action === 'fail' && unproven.count > 0)
    .map(unprovenSentence)
    .join('; ')
}

/** The packages that need attention, the gravest first, else in the report's order. */
export function packagesToLookAt({ predicate }: Report): ReportedPackage[] {
  return ATTENTION.flatMap((verdict) => predicate.packages.filter((item) => item.verdict === verdict))
}

/** `name version architecture`, as people write it. */
export function nameOf({ name, version, architecture }: ReportedPackage): string {
  return [name, version, architecture].filter((part) => part !== null).join(' ')
}

/** What could not be read, as `archive: what (reason)`. */
export function unreadParts({ predicate }: Report): string[] {
  return predicate.archives.flatMap(({ name, unread }) =>
    unread.map(({ what, reason }) => `${name} ${what}: ${reason}`),
  )
}

/** What an archive does not have of what the policy names. */
export function archiveNotes({ predicate }: Report): string[] {
  return predicate.archives.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`))
}

function countOf(packages: number): string {
  return `${packages === 0 ? 'no' : packages} package${packages === 1 ? '' : 's'}`
}

function howProven(predicate: Report['predicate']): string {
  const listed = listCounts(predicate.counts, ['identical', 'reproduced'])
  return listed === '' ? '' : ` (${listed}${onOwnWord(predicate)})`
}

function listCounts(counts: Report['predicate']['counts'], verdicts: readonly Verdict[]): string {
  return verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ')
}

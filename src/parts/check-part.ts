import { isDeepStrictEqual } from 'node:util'
import { DebproofError } from '../errors.ts'
import { combineVerdicts, countVerdicts } from '../judge/combine.ts'
import { MAX_SHARDS } from '../limits.ts'
import type { Report } from '../report/report-schema.ts'
import { countSelfVouched } from '../report/self-vouched.ts'
import { surroundingsOf } from '../report/surroundings.ts'
import { remainingTrust } from '../report/trust.ts'
import { TOOL } from '../tool.ts'
import { formatShard, shardOfName } from './shard.ts'

type Predicate = Report['predicate']

/** The signed report of one part, and the folder that it was read from: for errors. */
export interface Part {
  readonly folder: string
  readonly report: Report
  readonly shard: NonNullable<Predicate['shard']>
}

/**
 * Holds one report to what it must be as a part: of this program, of its own packages, and true to itself.
 * @throws DebproofError USAGE, naming the folder
 */
export function checkPart(folder: string, report: Report): Part {
  const refused = (problem: string, advice: string): DebproofError =>
    new DebproofError('USAGE', `The report in ${folder} ${problem}: ${advice}.`)
  const again = 'make it again with `debproof verify --shard`'
  const { shard, tool, counts, verdict, packages, archives, trust } = report.predicate
  if (shard === undefined) throw refused('is not that of a part', 'leave it out, or make it with --shard')
  if (shard.index > shard.of || shard.of > MAX_SHARDS) throw refused(`says that it is ${formatShard(shard)}`, again)
  if (tool.name !== TOOL.name || tool.version !== TOOL.version) {
    throw refused(
      `was made by ${tool.name} ${tool.version}, and this is ${TOOL.version}`,
      'make and merge all parts with one version',
    )
  }
  const foreign = packages.find(({ name }) => shardOfName(name, shard.of) !== shard.index)
  if (foreign !== undefined) throw refused(`judges ${foreign.name}, which is not in part ${formatShard(shard)}`, again)
  if (!isDeepStrictEqual(counts, countVerdicts(packages))) throw refused('counts its packages wrongly', again)
  const own = combineVerdicts(packages, surroundingsOf(report.predicate))
  if (verdict !== own) throw refused(`says ${verdict} where its packages say ${own}`, again)
  if (!isDeepStrictEqual(archives, countSelfVouched(archives, packages))) {
    throw refused('counts wrongly what rests on the word of its own archive', again)
  }
  if (!isDeepStrictEqual(trust, remainingTrust(report.predicate))) {
    throw refused('says other things of what has to be trusted than its packages do', again)
  }
  return { folder, report, shard }
}

/**
 * The parts in their order, where they are all parts of one verification and none is missing.
 * @throws DebproofError USAGE, naming the folders
 */
export function checkParts(parts: readonly Part[]): Part[] {
  const [first] = parts
  if (first === undefined) throw new DebproofError('USAGE', 'There is no part to merge.')
  for (const part of parts.slice(1)) refuseForeign(first, part)
  const byIndex = new Map<number, Part>()
  for (const part of parts) {
    const other = byIndex.get(part.shard.index)
    if (other !== undefined) {
      const both = `${other.folder} and ${part.folder}`
      throw new DebproofError('USAGE', `${both} are both part ${formatShard(part.shard)}: leave out one of them.`)
    }
    byIndex.set(part.shard.index, part)
  }
  const { of, total } = first.shard
  const ordered = Array.from({ length: of }, (_, index) => byIndex.get(index + 1))
  const missing = ordered.flatMap((part, index) => (part === undefined ? [index + 1] : []))
  if (missing.length > 0) {
    const named = missing.length === 1 ? `part ${missing[0]} is` : `parts ${shorten(missing)} are`
    throw new DebproofError('USAGE', `Of ${of} parts ${named} missing: name the folder of every part.`)
  }
  const found = parts.reduce((sum, { report }) => sum + report.predicate.packages.length, 0)
  if (found !== total) {
    throw new DebproofError(
      'USAGE',
      `The parts have ${found} packages together and say that there are ${total}: make all of them again.`,
    )
  }
  return ordered.filter((part) => part !== undefined)
}

/** What must be the same in all parts, each with how it is called and how it is mended. */
const COMMON: readonly (readonly [what: string, advice: string, of: (part: Part) => unknown])[] = [
  ['number of parts', 'give every part the same N in --shard i/N', ({ shard }) => shard.of],
  ['policy', 'verify every part with the same policy file', ({ report }) => report.predicate.policy],
  ['rule for hashes', 'give every part the same --require-hashes', ({ report }) => report.predicate.hashes],
  ['release', 'give every part the same --release', ({ report }) => report.predicate.release],
  [
    'clock',
    'give every part the same --at; without it each machine takes its own present time',
    ({ report: { predicate } }) => [predicate.at, predicate.clock],
  ],
  [
    'day for public keys',
    'the last day of one passed between them, so make all parts again',
    ({ report }) => report.predicate.keysDay,
  ],
  ['package lists', 'give every part all package lists', ({ report }) => report.predicate.lists],
  ['number of packages in all', 'give every part all package lists', ({ shard }) => shard.total],
  ['subjects', 'give every part the same --image', ({ report }) => report.subject],
  [
    'archives',
    'give every part the same variables that the policy puts into places and keys',
    ({ report }) =>
      report.predicate.archives.map(({ unread, notes, unproven, selfVouched, ...fixed }) => [fixed, selfVouched?.keys]),
  ],
  [
    'exceptions',
    'verify every part with the same policy file',
    ({ report }) => report.predicate.exceptions.map(({ status, packages, unexcused, ...fixed }) => fixed),
  ],
]

function refuseForeign(first: Part, part: Part): void {
  for (const [what, advice, of] of COMMON) {
    if (isDeepStrictEqual(of(first), of(part))) continue
    throw new DebproofError(
      'USAGE',
      `The report in ${part.folder} has not the same ${what} as that in ${first.folder}: ${advice}.`,
    )
  }
}

function shorten(numbers: readonly number[]): string {
  return numbers.length > 10 ? `${numbers.slice(0, 10).join(', ')} and ${numbers.length - 10} more` : numbers.join(', ')
}

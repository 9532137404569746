import { isDeepStrictEqual } from 'node:util'
import { DebproofError } from '../errors.ts'
import { combineVerdicts, countVerdicts } from '../judge/combine.ts'
import { MAX_PLAN_SPREAD, MAX_SHARDS } from '../limits.ts'
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
  readonly shard: NonNullable<Predicate['shard']> & { readonly plan: string }
}

/**
 * Holds one report to what it must be as a part: of this program, of its own packages, and true to itself.
 * @throws DebproofError USAGE, naming the folder
 */
export function checkPart(folder: string, report: Report): Part {
  const refused = (problem: string, advice: string): DebproofError =>
    new DebproofError('USAGE', `The report in ${folder} ${problem}: ${advice}.`)
  const again = 'make it again with `debproof verify --shard`'
  const { shard, run, tool, counts, verdict, packages, archives, trust } = report.predicate
  if (shard === undefined) throw refused('is not that of a part', 'leave it out, or make it with --shard')
  if (shard.index > shard.of || shard.of > MAX_SHARDS) throw refused(`says that it is ${formatShard(shard)}`, again)
  if (shard.plan === undefined) {
    throw refused('is of no plan', `${again} and --plan-id: with the id of \`debproof plan\`, the same for all parts`)
  }
  if (run === undefined) throw refused('does not say how it was made', again)
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
  return { folder, report, shard: { ...shard, plan: shard.plan } }
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

/** What is said of each part's own packages, or by whoever judged them, and may differ. Everything else may not. */
function commonOf({ report: { predicate, ...statement }, shard }: Part): Map<string, unknown> {
  const { verdict, counts, packages, evidence, upstreams, otherArchives, trust, bundle, unsigned, ...given } = predicate
  const { run, archives, exceptions, clock, at, ...others } = given
  const { index, ...planned } = shard
  const fixed = {
    ...statement,
    ...planned,
    ...others,
    clock: [at, clock],
    ...Object.fromEntries(Object.entries(run ?? {}).map(([name, value]) => [`run.${name}`, value])),
    archives: archives.map(({ unread, notes, unproven, selfVouched, ...one }) => [one, selfVouched?.keys]),
    exceptions: exceptions.map(({ status, packages: excused, unexcused, ...one }) => one),
  }
  return new Map(Object.entries(fixed).filter(([name]) => name !== 'shard'))
}

/** What they are called in which parts may not differ, and how that is mended. */
const DIFFERENCES: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  of: ['number of parts', 'give every part the same N in --shard i/N'],
  plan: ['plan', 'one is of an earlier run: merge parts that were made with one --plan-id, or make all of them again'],
  policy: ['policy', 'verify every part with the same policy file'],
  'run.system': ['source of its policy', 'make every part with --system, or none'],
  'run.offline': ['use of the network', 'make every part with --offline, or none'],
  'run.deep': ['depth', 'make every part with --deep, or none'],
  'run.variables': ['variables of the policy', 'set the same environment variables for every part'],
  'run.files': ['keys', 'give every part the same files that the policy names'],
  hashes: ['rule for hashes', 'give every part the same --require-hashes'],
  release: ['release', 'give every part the same --release'],
  clock: ['clock', 'give every part the same --at; without it each machine takes its own present time'],
  keysDay: ['day for public keys', 'the last day of one passed between them, so make all parts again'],
  lists: ['package lists', 'give every part all package lists'],
  total: ['number of packages in all', 'give every part all package lists'],
  subject: ['subjects', 'give every part the same --image'],
  archives: ['archives', 'give every part the same variables that the policy puts into places and keys'],
  exceptions: ['exceptions', 'verify every part with the same policy file'],
}

/** Told in the order of the table: what makes the others differ comes first. */
function refuseForeign(first: Part, part: Part): void {
  const [one, other] = [commonOf(first), commonOf(part)]
  for (const name of new Set([...Object.keys(DIFFERENCES), ...one.keys(), ...other.keys()])) {
    if (isDeepStrictEqual(one.get(name), other.get(name))) continue
    const [what, advice] = DIFFERENCES[name] ?? [`\`${name}\``, 'make all parts again, in one and the same way']
    throw new DebproofError(
      'USAGE',
      `The report in ${part.folder} has not the same ${what} as that in ${first.folder}: ${advice}.`,
    )
  }
}

/**
 * Parts of one plan were judged within a time: what was signed about a package may have been withdrawn since.
 * @throws DebproofError USAGE
 */
export function refuseApart(signed: readonly { readonly folder: string; readonly at: Date }[]): void {
  const [first, ...others] = signed.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const last = others.at(-1)
  if (first === undefined || last === undefined || last.at.getTime() - first.at.getTime() <= MAX_PLAN_SPREAD) return
  throw new DebproofError(
    'USAGE',
    `The report in ${first.folder} was signed on ${first.at.toISOString()} and that in ${last.folder} on ` +
      `${last.at.toISOString()}: parts are merged that were made within ${MAX_PLAN_SPREAD / 86_400_000} days. Make all of ` +
      'them again.',
  )
}

function shorten(numbers: readonly number[]): string {
  return numbers.length > 10 ? `${numbers.slice(0, 10).join(', ')} and ${numbers.length - 10} more` : numbers.join(', ')
}

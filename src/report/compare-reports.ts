import { isDeepStrictEqual } from 'node:util'
import type { Report, ReportedPackage } from './report-schema.ts'

type Predicate = Report['predicate']

/** What another version of the program may word otherwise; everything else must be the same. */
const WORDING = ['reason'] as const

/** Parts of the report beside its packages, and what they are called. */
const PARTS: readonly (readonly [part: keyof Predicate, name: string])[] = [
  ['verdict', 'verdict'],
  ['release', 'release'],
  ['at', 'clock'],
  ['policy', 'policy'],
  ['lists', 'package lists'],
  ['counts', 'counts'],
  ['archives', 'archives'],
  ['upstreams', 'upstreams'],
  ['exceptions', 'exceptions'],
  ['evidence', 'evidence'],
  ['shard', 'part'],
  ['trust', 'trust'],
]

/** The parts that hold sentences of the program. */
const WORDED: readonly (keyof Predicate)[] = ['archives', 'upstreams', 'exceptions', 'trust']

/**
 * How a report differs from the one that its evidence gives, each difference in a sentence.
 *
 * @param version of the program that derived it: sentences of another one may be worded otherwise
 */
export function compareReports(stated: Report, derived: Report, version: string): string[] {
  const sameTool = stated.predicate.tool.version === version
  const differences = comparePackages(stated.predicate.packages, derived.predicate.packages, sameTool)
  for (const [part, name] of PARTS) {
    if (!sameTool && WORDED.includes(part)) continue
    if (!isDeepStrictEqual(stated.predicate[part], derived.predicate[part])) {
      differences.push(
        `The report says other things of its ${name} than the evidence gives${shown(stated.predicate[part], derived.predicate[part])}.`,
      )
    }
  }
  if (!isDeepStrictEqual(stated.subject, derived.subject)) {
    differences.push('The report names other subjects than the images and package lists of the evidence.')
  }
  return differences
}

function comparePackages(
  stated: readonly ReportedPackage[],
  derived: readonly ReportedPackage[],
  sameTool: boolean,
): string[] {
  const found = new Map(derived.map((item) => [nameOf(item), item]))
  const differences: string[] = []
  const seen = new Set<string>()
  for (const item of stated) {
    const name = nameOf(item)
    const other = found.get(name)
    if (seen.has(name)) differences.push(`${name} is in the report twice.`)
    seen.add(name)
    if (other === undefined) {
      differences.push(`${name} is in the report, and not among the packages that the evidence gives.`)
    } else if (item.verdict !== other.verdict) {
      differences.push(`${name} is ${item.verdict} in the report; the evidence gives ${other.verdict}: ${other.reason}`)
    } else if (!isDeepStrictEqual(withoutWording(item, sameTool), withoutWording(other, sameTool))) {
      differences.push(`${name} is ${item.verdict}, but not for what the report says: ${other.reason}`)
    }
  }
  for (const name of found.keys()) if (!seen.has(name)) differences.push(`${name} is missing in the report.`)
  return differences
}

/** All that tells one package of a report from another. */
function nameOf({ name, version, architecture, kind, sha256 }: ReportedPackage): string {
  return `${name} ${version} ${kind === 'source' ? 'source' : (architecture ?? '-')} (${sha256 ?? 'no hash'})`
}

function withoutWording(item: ReportedPackage, sameTool: boolean): Partial<ReportedPackage> {
  if (sameTool) return item
  return Object.fromEntries(Object.entries(item).filter(([key]) => !WORDING.some((word) => word === key)))
}

function shown(stated: unknown, derived: unknown): string {
  return typeof stated === 'string' && typeof derived === 'string' ? `: ${stated} instead of ${derived}` : ''
}

import { isDeepStrictEqual } from 'node:util'
import type { Report, ReportedPackage } from './report-schema.ts'

type Predicate = Report['predicate']

/** Parts of the report beside its packages, and what they are called. */
const PARTS: readonly (readonly [part: keyof Predicate, name: string])[] = [
  ['verdict', 'verdict'],
  ['release', 'release'],
  ['at', 'clock'],
  ['clock', 'source of the clock'],
  ['keysDay', 'day for public keys'],
  ['policy', 'policy'],
  ['run', 'options, variables and files'],
  ['lists', 'package lists'],
  ['counts', 'counts'],
  ['archives', 'archives'],
  ['hashes', 'rule for hashes'],
  ['otherArchives', 'other archives that the build saw'],
  ['upstreams', 'upstreams'],
  ['exceptions', 'exceptions'],
  ['evidence', 'evidence'],
  ['shard', 'part'],
  ['trust', 'trust'],
]

/**
 * How a report differs from the one that its evidence gives, each difference in a sentence.
 *
 * @param isSameTool whether the same version of the program made both: another one may word its sentences otherwise,
 *   and nothing else
 */
export function compareReports(stated: Report, derived: Report, isSameTool: boolean): string[] {
  const [left, right] = isSameTool ? [stated, derived] : [withoutSentences(stated), withoutSentences(derived)]
  const differences = comparePackages(left.predicate.packages, right.predicate.packages)
  for (const [part, name] of PARTS) {
    if (!isDeepStrictEqual(left.predicate[part], right.predicate[part])) {
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

/** By name; a package may be there twice, such as from two lists of which only one says its architecture. */
function comparePackages(stated: readonly ReportedPackage[], derived: readonly ReportedPackage[]): string[] {
  const [left, right] = [grouped(stated), grouped(derived)]
  const differences: string[] = []
  for (const [name, items] of left) {
    const others = right.get(name) ?? []
    for (const [index, item] of items.entries()) {
      const other = others[index]
      if (other === undefined) {
        differences.push(`${name} is in the report, and not among the packages that the evidence gives.`)
      } else if (item.verdict !== other.verdict) {
        differences.push(
          `${name} is ${item.verdict} in the report; the evidence gives ${other.verdict}: ${other.reason}`,
        )
      } else if (!isDeepStrictEqual(item, other)) {
        differences.push(`${name} is ${item.verdict}, but not for what the report says: ${other.reason}`)
      }
    }
  }
  for (const [name, items] of right) {
    if (items.length > (left.get(name)?.length ?? 0)) differences.push(`${name} is missing in the report.`)
  }
  return differences
}

function grouped(packages: readonly ReportedPackage[]): Map<string, ReportedPackage[]> {
  const groups = new Map<string, ReportedPackage[]>()
  for (const item of packages) {
    const group = groups.get(nameOf(item))
    if (group === undefined) groups.set(nameOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** All of a report but what the program says in its own words. */
function withoutSentences(report: Report): Report {
  const { predicate } = report
  const unworded = <T extends { reason: string }>(item: T): T => ({ ...item, reason: '' })
  return {
    ...report,
    predicate: {
      ...predicate,
      // Versions of the program may differ in whether they state it apart from the reason.
      packages: predicate.packages.map(({ expected: _, ...item }) => unworded(item)),
      archives: predicate.archives.map((archive) => ({ ...archive, unread: archive.unread.map(unworded), notes: [] })),
      ...(predicate.upstreams === undefined
        ? {}
        : { upstreams: predicate.upstreams.map((one) => ({ ...one, unread: one.unread.map(unworded), notes: [] })) }),
      trust: predicate.trust.map((one) => ({ ...one, trusts: '' })),
    },
  }
}

/** All that tells one package of a report from another. */
function nameOf({ name, version, architecture, kind, sha256 }: ReportedPackage): string {
  return `${name} ${version} ${kind === 'source' ? 'source' : (architecture ?? '-')} (${sha256 ?? 'no hash'})`
}

function shown(stated: unknown, derived: unknown): string {
  return typeof stated === 'string' && typeof derived === 'string' ? `: ${stated} instead of ${derived}` : ''
}

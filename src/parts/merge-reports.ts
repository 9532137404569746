import { DebproofError } from '../errors.ts'
import { combineVerdicts, countVerdicts } from '../judge/combine.ts'
import type { Report } from '../report/report-schema.ts'
import { countSelfVouched } from '../report/self-vouched.ts'
import { byIdentity, joinSigners } from '../report/statement.ts'
import { surroundingsOf } from '../report/surroundings.ts'
import { remainingTrust } from '../report/trust.ts'
import type { Part } from './check-part.ts'

type Predicate = Report['predicate']
type Bundle = NonNullable<Predicate['bundle']>
type ReportedEvidence = Predicate['evidence'][string]
type Unproven = NonNullable<Predicate['archives'][number]['unproven']>
type Upstreams = NonNullable<Predicate['upstreams']>

/**
 * The report that one run over all packages would have made, but for its evidence bundle. Pure.
 *
 * @param parts all parts of one verification, in their order: what checkParts gives
 * @param bundle the evidence of all parts; null where there is none
 * @throws DebproofError USAGE where the parts contradict each other about a file of evidence
 */
export function mergeReports(parts: readonly Part[], bundle: Bundle | null): Report {
  const predicates = parts.map(({ report }) => report.predicate)
  // One that has all items, whose order is then kept.
  const model = parts.find(({ report }) => report.predicate.upstreams !== undefined) ?? parts[0]
  if (model === undefined) throw new Error('there is at least one part')
  // How the parts were written says nothing of how the whole will be.
  const { shard: _, unsigned: __, otherArchives: ___, ...whole } = model.report.predicate
  const rest = { ...whole, ...mergeOthers(predicates) }
  const packages = predicates.flatMap((part) => part.packages).sort(byIdentity)
  const read = rest.archives.map((archive, index) => ({
    ...archive,
    ...mergeUnproven(predicates.map((part) => part.archives[index]?.unproven)),
    unread: union(predicates.map((part) => part.archives[index]?.unread ?? [])),
    notes: union(predicates.map((part) => part.archives[index]?.notes ?? [])),
  }))
  const archives = countSelfVouched(read, packages)
  const upstreams = predicates.map((part) => part.upstreams ?? [])
  return {
    ...model.report,
    predicate: {
      ...rest,
      verdict: combineVerdicts(packages, surroundingsOf({ ...rest, archives })),
      counts: countVerdicts(packages),
      archives,
      ...(rest.upstreams === undefined ? {} : { upstreams: mergeUpstreams(upstreams) }),
      exceptions: rest.exceptions.map((exception, index) => mergeException(exception, index, predicates)),
      packages,
      evidence: mergeEvidenceNames(parts),
      bundle,
      trust: remainingTrust({ ...rest, packages, archives }),
    },
  }
}

/**
 * Each part compares the whole archive, and comes to the same unless the archive or its upstream changed in between:
 * then the one that found most counts.
 */
function mergeUnproven(found: readonly (Unproven | undefined)[]): { unproven?: Unproven } {
  const [most] = found.filter((one) => one !== undefined).sort((a, b) => b.count - a.count || b.listed - a.listed)
  return most === undefined ? {} : { unproven: most }
}

/** What any part found among apt's lists that no archive of the policy reads: what to make of it says the policy. */
function mergeOthers(predicates: readonly Predicate[]): Pick<Predicate, 'otherArchives'> {
  const all = predicates.flatMap(({ otherArchives }) => otherArchives ?? [])
  const [first] = all
  if (first === undefined) return {}
  const found = all.flatMap((one) => one.found)
  const folders = [...new Set(found.map(({ folder }) => folder))]
  return {
    otherArchives: {
      ...first,
      found: folders.map((folder) => {
        const own = found.filter((one) => one.folder === folder)
        return { folder, files: [...new Set(own.flatMap(({ files }) => files))].sort() }
      }),
    },
  }
}

/** Used where any part used it. Whether it is expired is a matter of the clock, which is the same. */
function mergeException(
  exception: Predicate['exceptions'][number],
  index: number,
  predicates: readonly Predicate[],
): Predicate['exceptions'][number] {
  const packages = predicates.reduce((sum, part) => sum + (part.exceptions[index]?.packages ?? 0), 0)
  const status = exception.status === 'expired' ? 'expired' : packages > 0 ? 'used' : 'unused'
  const { unexcused: _, ...others } = exception
  const unexcused = [...new Set(predicates.flatMap((part) => part.exceptions[index]?.unexcused ?? []))].sort()
  return { ...others, status, packages, ...(unexcused.length === 0 ? {} : { unexcused }) }
}

/** Each part asks the upstreams until its own packages are proven: all of them together asked what one run asks. */
function mergeUpstreams(parts: readonly Upstreams[]): Upstreams {
  const names = [...new Set(parts.flat().map(({ name }) => name))].sort()
  return names.map((name) => {
    const own = parts.flat().filter((upstream) => upstream.name === name)
    return { name, unread: union(own.map(({ unread }) => unread)), notes: union(own.map(({ notes }) => notes)) }
  })
}

/**
 * What is said of a file that several packages rest on is said by the last of them, as in one run; its signers and
 * parties are all that anybody found.
 */
function mergeEvidenceNames(parts: readonly Part[]): Predicate['evidence'] {
  const found = new Map<string, { last: string; evidence: ReportedEvidence }>()
  for (const { folder, report } of parts) {
    const { packages, evidence } = report.predicate
    const lasts = new Map(packages.flatMap((item) => item.evidence.map((name) => [name, item.name] as const)))
    for (const [name, file] of Object.entries(evidence)) {
      const last = lasts.get(name) ?? ''
      const other = found.get(name)
      if (other !== undefined && other.evidence.size !== file.size) {
        throw new DebproofError('USAGE', `The report in ${folder} says another size of ${name} than other parts do.`)
      }
      if (other === undefined) found.set(name, { last, evidence: file })
      else if (last < other.last) found.set(name, { last: other.last, evidence: joined(file, other.evidence) })
      else found.set(name, { last, evidence: joined(other.evidence, file) })
    }
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, { evidence }]) => [name, evidence]))
}

function joined(one: ReportedEvidence, other: ReportedEvidence): ReportedEvidence {
  return { ...other, ...joinSigners(one, other) }
}

/** All items of several lists, each once, in the order in which they first occur. */
function union<T>(lists: readonly (readonly T[])[]): T[] {
  return [...new Map(lists.flat().map((item) => [JSON.stringify(item), item])).values()]
}

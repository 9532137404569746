import type { Report, ReportedPackage } from './report-schema.ts'

type Predicate = Report['predicate']
type ReportedArchive = Predicate['archives'][number]

/** The archives with how many of the packages rest on the own word of each: counted anew, whatever they said. */
export function countSelfVouched(
  archives: readonly ReportedArchive[],
  packages: readonly ReportedPackage[],
): ReportedArchive[] {
  const counts = new Map<string, number>()
  for (const name of packages.flatMap((item) => item.selfVouched ?? [])) counts.set(name, (counts.get(name) ?? 0) + 1)
  return archives.map((archive) => {
    const { name, selfVouched } = archive
    if (selfVouched === undefined) return archive
    return { ...archive, selfVouched: { ...selfVouched, packages: counts.get(name) ?? 0 } }
  })
}

/**
 * What a reader has to believe of each archive that vouches for itself. Keys are told by their fingerprints: what a key
 * calls its owner is the word of whoever made it.
 */
export function selfVouchedTrust(archives: readonly ReportedArchive[]): Predicate['trust'] {
  return archives.flatMap(({ name, selfVouched }) => {
    if (selfVouched === undefined || selfVouched.packages === 0) return []
    const keys = `key${selfVouched.keys.length === 1 ? '' : 's'} ${selfVouched.keys.join(', ')}`
    return [
      {
        packages: selfVouched.packages,
        of: `on the word of the archive ${name} alone`,
        trusts:
          `That ${name} is the first to distribute these packages, and that whoever holds its ${keys} made them as they ` +
          'should be: nobody else vouches for them.',
      },
    ]
  })
}

/** The part of the verdict in one line that says so; empty where somebody else vouches for every package. */
export function onOwnWord({ packages, archives }: Predicate): string {
  const count = packages.filter(({ selfVouched = [] }) => selfVouched.length > 0).length
  if (count === 0) return ''
  const names = archives.filter(({ selfVouched }) => (selfVouched?.packages ?? 0) > 0).map(({ name }) => name)
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''
  return `; ${count} of them on the word of their own archive alone: ${names.slice(0, MAX_NAMED).join(', ')}${more}`
}

/** Archives that the line names. */
const MAX_NAMED = 5

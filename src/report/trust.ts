import type { HashFrom } from '../judge/candidate.ts'
import type { VerdictOfPackage } from '../judge/combine.ts'
import type { Report } from './report-schema.ts'

type Trust = Report['predicate']['trust'][number]

/** An index may say one name and version, and its .deb another: a list of installed packages shows the .deb's. */
const TRUTHFUL =
  'And that no other .deb of the archive calls itself by this name and version against what its index says. ' +
  'Give the .debs, or a list with hashes, to be certain.'

/**
 * What a reader of the report still has to believe, for each class of packages; classes without packages are left out.
 *
 * @param unread the names of the archives that could not be read, or not whole
 */
export function remainingTrust(packages: readonly VerdictOfPackage[], unread: readonly string[]): Trust[] {
  const trust: Trust[] = []
  const add = (count: number, of: string, trusts: string): void => {
    if (count > 0) trust.push({ packages: count, of, trusts })
  }
  const identical = packages.filter(({ verdict }) => verdict === 'identical')
  add(
    identical.length,
    'identical',
    'That the upstream signed only what it meant to distribute, and that its keys were in its hands alone.',
  )
  const reproduced = packages.filter(({ verdict }) => verdict === 'reproduced')
  add(
    reproduced.length,
    'reproduced',
    'That those rebuilders who got these bytes did not work or fall together, and that the source is what the project ' +
      'meant: a rebuild proves what a source makes, not what the source is.',
  )
  for (const [verdict, proven] of [
    ['identical', identical],
    ['reproduced', reproduced],
  ] as const) {
    const from = (source: HashFrom): number => proven.filter(({ hashFrom }) => hashFrom === source).length
    add(
      from('archive'),
      `${verdict}, known by the archive`,
      `That the archive showed the build the same index as it shows now. ${TRUTHFUL}`,
    )
    add(
      from('apt-lists'),
      `${verdict}, known by the apt lists`,
      `That the apt lists are those of the build. ${TRUTHFUL}`,
    )
    add(from('list'), `${verdict}, known by the package list`, 'That the package list states what the build used.')
    add(from('deb'), `${verdict}, known by the .deb`, 'That the .debs that were hashed are those that the build used.')
  }
  add(packages.filter(({ verdict }) => verdict === 'excepted').length, 'excepted', "The policy's exceptions.")
  if (unread.length > 0) {
    add(
      packages.filter(({ hashFrom }) => hashFrom === 'archive' || hashFrom === 'apt-lists').length,
      'known by the archives',
      `That ${unread.join(', ')}, which could not be read, listed no other bytes under the same name and version.`,
    )
  }
  return trust
}

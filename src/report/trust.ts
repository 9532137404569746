import type { HashFrom } from '../judge/candidate.ts'
import { clockTrust } from './clock.ts'
import type { Report } from './report-schema.ts'
import { selfVouchedTrust } from './self-vouched.ts'
import { differentVouchers, openVouchers } from './vouchers.ts'

type Trust = Report['predicate']['trust'][number]

/** What of a report says what still has to be trusted. */
export type TrustBasis = Pick<Report['predicate'], 'archives' | 'at' | 'clock' | 'otherArchives' | 'packages'>

/** What a reader of the report still has to believe, for each class of packages; classes without packages are left out. */
export function remainingTrust(basis: TrustBasis): Trust[] {
  const { packages, archives, otherArchives } = basis
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
  for (const [verdict, own] of [
    ['identical', identical],
    ['reproduced', reproduced],
  ] as const) {
    const from = (source: HashFrom): number => own.filter(({ hashFrom }) => hashFrom === source).length
    add(
      from('archive'),
      `${verdict}, known by the archive`,
      `That the archive showed the build the same index as it shows now. ${truthOf(archives)}`,
    )
    add(
      from('apt-lists'),
      `${verdict}, known by the apt lists`,
      `That the apt lists are those of the build. ${truthOf(archives)}`,
    )
    add(from('list'), `${verdict}, known by the package list`, 'That the package list states what the build used.')
    add(from('deb'), `${verdict}, known by the .deb`, 'That the .debs that were hashed are those that the build used.')
  }
  add(packages.filter(({ verdict }) => verdict === 'excepted').length, 'excepted', "The policy's exceptions.")
  for (const [vouchers, count] of openVouchers(packages, archives)) {
    add(
      count,
      `vouched for by ${vouchers}`,
      'That each of these archives means well: each lists files under these names and vouches for its own, and a list ' +
        'of names and versions does not say which of them delivered what was used.',
    )
  }
  const listed = packages.filter(({ hashFrom }) => hashFrom === 'archive' || hashFrom === 'apt-lists').length
  const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name)
  if (unread.length > 0) {
    const which = `That ${unread.join(', ')}, which could not be read,`
    add(listed, 'known by the archives', `${which} listed no other bytes under the same name and version.`)
  }
  if (otherArchives !== undefined) {
    add(
      listed,
      "known by the archives, while the build's apt saw others",
      "That nothing was installed from the archives among apt's lists that the policy does not name.",
    )
  }
  return [...trust, ...clockTrust(basis), ...selfVouchedTrust(archives)]
}

/**
 * What must be true of the .debs that the archives list, where the used ones are known by name and version: a .deb may
 * call itself what it likes, and a list of installed packages shows what it calls itself.
 */
function truthOf(archives: TrustBasis['archives']): string {
  const unproven = archives.flatMap(({ name, unproven: files }) =>
    files === undefined || files.count === 0 ? [] : [`${files.count} of ${name}`],
  )
  const own = archives.filter(({ selfVouched }) => selfVouched !== undefined).map(({ name }) => name)
  const vouchers = differentVouchers(archives)
  const whose =
    vouchers.length < 2
      ? ''
      : ` A .deb that one of ${vouchers.join(', ')} vouches for may call itself by a name of another's: each of them is ` +
        'trusted for all of these packages, under whatever names it lists its own.'
  if (unproven.length + own.length === 0) {
    const worth = whose === '' ? ', so that a list of names and versions is as good here as one with hashes;' : ','
    return `Somebody vouches for every .deb that the archives list${worth} but for what the archive showed the build.${whose}`
  }
  const others = [
    ...(unproven.length === 0 ? [] : [`none of the .debs that nobody vouches for (${unproven.join(', ')})`]),
    ...(own.length === 0 ? [] : [`none of those for which the own keys of ${own.join(', ')} alone vouch`]),
  ]
  return (
    `And that ${others.join(', and ')} was installed and calls itself by one of these names and versions. Give the .debs, ` +
    `or a list with hashes, to be certain.${whose}`
  )
}

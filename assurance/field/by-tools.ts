import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { aptlyIn } from '../honest/projects.ts'
import { includeDebs, publishWithReprepro } from '../honest/reprepro.ts'
import type { Workplace } from '../honest/workplace.ts'
import { dateWords } from './dates-in-words.ts'
import { buildDebs, USED } from './debs.ts'
import type { FieldArchive, Published } from './field-archive.ts'
import { ftparchive, type Shape, VENDOR } from './ftparchive.ts'
import { keyringOf, signRelease } from './signing.ts'

const APT = 'apt-ftparchive, gpg'

function byFtparchive(name: string, shape: Shape): FieldArchive {
  return { name, by: APT, make: async (workplace, folder) => await ftparchive(workplace, folder, shape) }
}

function byReprepro(
  name: string,
  more: readonly string[],
  asked: Partial<Published> & { readonly suite: string },
): FieldArchive {
  return {
    name,
    by: 'reprepro',
    make: async (workplace, folder) => {
      await publishWithReprepro(workplace, folder, VENDOR, { suite: 'jammy', more })
      await includeDebs(workplace, folder, 'jammy', await buildDebs(workplace, path.join(folder, 'built')))
      if (!existsSync(path.join(folder, 'dists', asked.suite))) {
        cpSync(path.join(folder, 'dists/jammy'), path.join(folder, 'dists', asked.suite), { recursive: true })
      }
      return { folder, components: ['main'], keyring: await keyringOf(workplace, folder, VENDOR), ...asked }
    },
  }
}

function byAptly(
  name: string,
  options: readonly string[],
  asked: { suite: string; prefix?: string; path?: string },
): FieldArchive {
  return {
    name,
    by: 'aptly',
    make: async (workplace, folder) => {
      const aptly = await aptlyIn(workplace, folder)
      await aptly('repo', 'create', 'vendor')
      await aptly('repo', 'add', 'vendor', ...(await buildDebs(workplace, path.join(folder, 'built'))))
      const own = [`-gpg-key=${await workplace.key(VENDOR)}`, '-architectures=amd64', ...options]
      const { prefix = '', suite, path: published = suite } = asked
      await aptly('publish', 'repo', ...own, 'vendor', ...(prefix === '' ? [] : [prefix]))
      const archive = path.join(folder, 'aptly/public', prefix)
      if (published !== suite)
        cpSync(path.join(archive, 'dists', published), path.join(archive, 'dists', suite), { recursive: true })
      return { folder: archive, suite, components: ['main'], keyring: await keyringOf(workplace, folder, VENDOR) }
    },
  }
}

/** dpkg-scanpackages in a folder of .debs, and a release file as the Open Build Service writes it. */
async function obs(workplace: Workplace, folder: string, dated: (date: Date) => string): Promise<Published> {
  const place = path.join(folder, 'Debian_12')
  await buildDebs(workplace, path.join(place, 'amd64'))
  const index = await workplace.run('dpkg-scanpackages', ['--multiversion', '.'], place)
  writeFileSync(path.join(place, 'Packages'), index, 'latin1')
  await workplace.run('gzip', ['--no-name', '--keep', 'Packages'], place)
  const listed = await workplace.run('apt-ftparchive', ['-o', 'APT::FTPArchive::SHA512=no', 'release', '.'], place)
  const rows = listed.slice(listed.indexOf('MD5Sum:'))
  const fields = [
    ...['Archive: Debian_12', 'Codename: Debian_12', 'Origin: obs://build.example.org/home:vendor/Debian_12'],
    ...['Label: home:vendor', 'Architectures: amd64', `Date: ${dated(new Date(Date.now() - 3_600_000))}`],
    'Description: home:vendor (Debian_12)',
  ]
  const signing = { signers: [await workplace.key(VENDOR)], form: 'both' } as const
  await signRelease(workplace, place, `${fields.join('\n')}\n${rows}`, signing)
  return { folder: place, suite: './', keyring: await keyringOf(workplace, folder, VENDOR) }
}

function byObs(name: string, dated: (date: Date) => string): FieldArchive {
  return { name, by: 'dpkg-scanpackages, gpg', make: async (workplace, folder) => await obs(workplace, folder, dated) }
}

export const BY_TOOLS: readonly FieldArchive[] = [
  byReprepro('as it comes', [], { suite: 'jammy' }),
  byReprepro('asked by its Suite', ['Suite: stable'], { suite: 'stable' }),
  byReprepro('with an end of its validity', ['ValidFor: 10d'], { suite: 'jammy' }),
  byReprepro('indexes as .xz alone', ['DebIndices: Packages Release .xz'], { suite: 'jammy' }),
  byReprepro('under the path any, with release-name', [], { suite: 'any', releaseName: 'jammy' }),
  byReprepro('under a dated path, with release-name', ['Suite: stable'], {
    suite: '2026/11/30',
    releaseName: 'stable',
  }),
  byAptly('as it comes', ['-distribution=jammy'], { suite: 'jammy' }),
  byAptly('by hash', ['-distribution=jammy', '-acquire-by-hash'], { suite: 'jammy' }),
  byAptly('below a prefix, with a label of its own', ['-distribution=jammy', '-label=Vendor'], {
    suite: 'jammy',
    prefix: 'deb',
  }),
  byAptly('a Suite of its own, asked by it', ['-distribution=jammy', '-suite=stable'], {
    suite: 'stable',
    path: 'jammy',
  }),
  byFtparchive('as it comes', {}),
  byFtparchive('InRelease alone', { form: 'InRelease' }),
  byFtparchive('Release.gpg alone', { form: 'Release.gpg' }),
  byFtparchive('indexes as .xz alone', { forms: ['xz', 'not plain'] }),
  byFtparchive('indexes as .gz alone', { forms: ['gz', 'not plain'] }),
  byFtparchive('indexes as .bz2 alone', { forms: ['bz2', 'not plain'] }),
  byFtparchive('indexes as .zst alone', { forms: ['zst', 'not plain'] }),
  byFtparchive('indexes uncompressed', { forms: [] }),
  byFtparchive('by hash', { byHash: true, release: { 'Acquire-By-Hash': 'yes' } }),
  byFtparchive('an index for all', { allIndex: true }),
  byFtparchive('two components', { components: ['main', 'extra'] }),
  byFtparchive('Valid-Until', { release: { ValidTime: '864000' } }),
  byFtparchive('SHA256 alone', {
    options: ['-o', 'APT::FTPArchive::MD5=no', '-o', 'APT::FTPArchive::SHA1=no', '-o', 'APT::FTPArchive::SHA512=no'],
  }),
  byFtparchive('flat', { suite: './' }),
  byFtparchive('flat, below a folder', { suite: 'deb/amd64/', form: 'InRelease' }),
  byFtparchive('flat, with a name that a policy expects', {
    suite: './',
    release: { Codename: 'jammy' },
    releaseName: 'jammy',
  }),
  byObs('flat, as the Open Build Service has it', (date) => dateWords(date).rfc1123),
  byObs('flat, as the Open Build Service has it, date of asctime', (date) => dateWords(date).asctime),
  {
    name: 'flat, several versions',
    by: 'dpkg-scanpackages, gpg',
    make: async (workplace, folder) => {
      mkdirSync(folder, { recursive: true })
      const older = USED.map((one) => ({ ...one, version: one.version.replace(/\d+$/, '0') }))
      await buildDebs(workplace, folder, [...older, ...USED])
      writeFileSync(
        path.join(folder, 'Packages'),
        await workplace.run('dpkg-scanpackages', ['--multiversion', '.'], folder),
        'latin1',
      )
      await workplace.signFolder(folder, {}, VENDOR)
      return { folder, suite: './', keyring: await keyringOf(workplace, folder, VENDOR) }
    },
  },
]

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseVersion } from '../../src/archive/identity.ts'
import { compareVersions } from '../../src/archive/version-order.ts'
import { type ArchivePolicy, fileUrl, type HonestArchive, type Made, made } from './honest-archive.ts'
import { dpkgQuery, type RealSuite, type Stanza, sample, stanzasOf } from './real-suite.ts'
import { includeDebs, publishWithReprepro } from './reprepro.ts'
import { upstreamOf } from './snapshots.ts'
import type { Workplace } from './workplace.ts'

/** What a project imports: real .debs of a stable suite, and those that its security suite has newer. */
export interface Imported {
  readonly base: RealSuite
  readonly security: RealSuite
  readonly debs: ReadonlyMap<Stanza, string>
  /** Of each name what is newest. */
  readonly newest: readonly Stanza[]
}

const PROJECT = 'A project'

/** Some hundred small .debs, each of which is downloaded once. */
export async function importDebs(workplace: Workplace): Promise<Imported> {
  const [base, security] = await Promise.all([
    workplace.suites.read({ name: 'bookworm' }),
    workplace.suites.read({ archive: 'debian-security', name: 'bookworm-security' }),
  ])
  const small = ({ size }: Stanza): boolean => size < 40_000
  const fixed = sample(stanzasOf(security).filter(small), 60)
  const names = new Set(fixed.map(({ name }) => name))
  const first = stanzasOf(base).filter((one) => small(one) && names.has(one.name))
  const others = sample(
    stanzasOf(base).filter((one) => small(one) && !names.has(one.name)),
    300,
  )
  const debs = await workplace.debs([...others, ...first, ...fixed])
  const newest = new Map<string, Stanza>()
  for (const stanza of debs.keys()) {
    const key = `${stanza.name}:${stanza.architecture}`
    const other = newest.get(key)
    if (other === undefined || isNewer(stanza, other)) newest.set(key, stanza)
  }
  return { base, security, debs, newest: [...newest.values()] }
}

function isNewer(stanza: Stanza, other: Stanza): boolean {
  const [one, two] = [parseVersion(stanza.version), parseVersion(other.version)]
  return one !== undefined && two !== undefined && compareVersions(one, two) > 0
}

/** Archives that the field's tools made of real .debs, a few hundred each. */
export const PROJECTS: readonly HonestArchive[] = [
  {
    name: 'reprepro update, filtered',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      const ofBase = [...imported.debs.keys()].filter((stanza) => inSuite(imported.base, stanza))
      // reprepro keeps the newest of each, which the index lists last.
      const used = [...new Map(ofBase.map((stanza) => [stanza.name, stanza])).values()]
      writeFileSync(path.join(folder, 'filter'), used.map(({ name }) => `${name} install\n`).join(''))
      await publishWithReprepro(workplace, folder, PROJECT, { suite: 'project', updateFrom: workplace.urls.debian })
      return await madeOf(workplace, folder, used, imported, { suites: ['project'] })
    },
  },
  {
    name: 'reprepro includedeb, the newest of each',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      await publishWithReprepro(workplace, folder, PROJECT, { suite: 'project' })
      await includeDebs(workplace, folder, 'project', [...imported.debs.values()])
      return await madeOf(workplace, folder, imported.newest, imported, { suites: ['project'] })
    },
  },
  {
    name: 'aptly repo, several versions kept',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      const aptly = await aptlyIn(workplace, folder)
      await aptly('repo', 'create', 'project')
      await aptly('repo', 'add', 'project', ...imported.debs.values())
      await aptly(
        'publish',
        'repo',
        `-gpg-key=${await workplace.key(PROJECT)}`,
        '-architectures=amd64',
        '-distribution=project',
        'project',
      )
      return await madeOf(workplace, folder, imported.newest, imported, {
        url: fileUrl(folder, 'aptly/public'),
        suites: ['project'],
      })
    },
  },
  {
    name: 'aptly mirrors, filtered, merged with all their versions',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      const aptly = await aptlyIn(workplace, folder)
      const names = [...new Set(imported.newest.map(({ name }) => name))]
      const filter = `-filter=${names.map((name) => `Name (= ${name})`).join(' | ')}`
      const { urls } = workplace
      for (const [mirror, url, suite] of [
        ['base', `${urls.debian}/`, 'bookworm'],
        ['security', `${urls.security}/`, 'bookworm-security'],
      ] as const) {
        await aptly(
          'mirror',
          'create',
          '-ignore-signatures',
          '-force-components',
          '-architectures=amd64',
          filter,
          mirror,
          url,
          suite,
          'main',
        )
        await aptly('mirror', 'update', '-ignore-signatures', mirror)
        await aptly('snapshot', 'create', mirror, 'from', 'mirror', mirror)
      }
      await aptly('snapshot', 'merge', '-no-remove', 'project', 'base', 'security')
      await aptly(
        'publish',
        'snapshot',
        `-gpg-key=${await workplace.key(PROJECT)}`,
        '-architectures=amd64',
        '-distribution=project',
        'project',
      )
      return await madeOf(workplace, folder, imported.newest, imported, {
        url: fileUrl(folder, 'aptly/public'),
        suites: ['project'],
      })
    },
  },
  {
    name: 'a flat archive by dpkg-scanpackages, several versions kept',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      copyAll([...imported.debs.values()], folder)
      writeFileSync(
        path.join(folder, 'Packages'),
        await workplace.run('dpkg-scanpackages', ['--multiversion', '.'], folder),
        'latin1',
      )
      await workplace.signFolder(folder, {}, PROJECT)
      return await madeOf(workplace, folder, imported.newest, imported, { suites: ['./'], components: undefined })
    },
  },
  {
    name: 'a pool by apt-ftparchive packages',
    make: async (workplace, folder) => {
      const imported = await importDebs(workplace)
      copyAll([...imported.debs.values()], path.join(folder, 'pool'))
      const text = await workplace.run('apt-ftparchive', ['packages', 'pool'], folder)
      await workplace.publish(folder, 'project', [{ path: 'main/binary-amd64/Packages', text }], PROJECT)
      return await madeOf(workplace, folder, imported.newest, imported, { suites: ['project'] })
    },
  },
]

export function copyAll(files: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)))
}

async function madeOf(
  workplace: Workplace,
  folder: string,
  used: readonly Stanza[],
  { base, security }: Imported,
  more: Readonly<Record<string, unknown>>,
): Promise<Made> {
  const project: ArchivePolicy = {
    require: 'identical',
    url: fileUrl(folder),
    components: ['main'],
    architectures: ['amd64'],
    'signed-by': await workplace.certificate(PROJECT, folder),
    upstream: [upstreamOf(workplace, base), upstreamOf(workplace, security)],
    ...more,
  }
  return made(folder, dpkgQuery(used), { project }, new Date())
}

/** aptly with a configuration, and so everything, of its own. */
export async function aptlyIn(workplace: Workplace, folder: string): Promise<(...args: string[]) => Promise<string>> {
  const configuration = path.join(folder, 'aptly.conf')
  writeFileSync(configuration, JSON.stringify({ rootDir: path.join(folder, 'aptly'), gpgProvider: 'gpg' }))
  return (...args) => workplace.run('aptly', [`-config=${configuration}`, ...args], folder)
}

function inSuite(suite: RealSuite, { sha256 }: Stanza): boolean {
  return suite.indexes.some(({ text }) => text.includes(sha256))
}

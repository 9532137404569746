import path from 'node:path'
import { type ArchivePolicy, clockOf, fileUrl, type HonestArchive, type Made, made } from './honest-archive.ts'
import {
  buildManifest,
  dpkgQuery,
  type Index,
  indexText,
  type RealSuite,
  readStanzas,
  type Stanza,
  sample,
  sourcesOf,
  stanzasOf,
  type Wanted,
} from './real-suite.ts'
import type { Workplace } from './workplace.ts'

const COMPONENTS = ['main', 'contrib', 'non-free-firmware']
const security = (name: string): Wanted => ({ archive: 'debian-security', name, components: COMPONENTS })
const suite = (name: string): Wanted => ({ name, components: COMPONENTS })

/** Whole suites, signed again by a project: what is served is a copy of every index. */
export const SNAPSHOTS: readonly HonestArchive[] = [
  whole('bookworm', [suite('bookworm')], 3000),
  whole('bookworm-updates', [suite('bookworm-updates')], 500),
  whole('bookworm-security', [security('bookworm-security')], 2000),
  whole('trixie', [suite('trixie')], 3000),
  whole('trixie-updates', [suite('trixie-updates')], 500),
  whole('trixie-security', [security('trixie-security')], 2000),
  whole('sid', [suite('sid')], 5000),
  whole('bookworm, its updates, backports and security', [
    ...['bookworm', 'bookworm-updates', 'bookworm-backports'].map(suite),
    security('bookworm-security'),
  ]),
  whole('trixie for amd64, i386 and arm64', [{ name: 'trixie', architectures: ['amd64', 'i386', 'arm64'] }]),
  whole('bookworm with the installer', [{ name: 'bookworm', components: ['main', 'main/debian-installer'] }]),
  {
    name: 'bookworm-security with an index of its own for all',
    make: async (workplace, folder) => {
      const real = await workplace.suites.read(security('bookworm-security'))
      return await snapshot(workplace, folder, [real], ofArchitectureAll, sample(stanzasOf(real), 1500))
    },
  },
  {
    name: 'bookworm and security in one suite, several versions kept',
    make: async (workplace, folder) => {
      const [base, updates] = await Promise.all([
        workplace.suites.read({ name: 'bookworm' }),
        workplace.suites.read({ archive: 'debian-security', name: 'bookworm-security' }),
      ])
      const all = stanzasOf(base, updates)
      await workplace.publish(
        folder,
        'project',
        [{ path: 'main/binary-amd64/Packages', text: indexText(all) }],
        'A project',
      )
      const used = [...sample(stanzasOf(updates), 800), ...sample(stanzasOf(base), 800)]
      return made(
        folder,
        dpkgQuery(newestOnly(used)),
        {
          project: {
            require: 'identical',
            url: fileUrl(folder),
            suites: ['project'],
            components: ['main'],
            architectures: ['amd64'],
            'signed-by': await workplace.certificate('A project', folder),
            upstream: [upstreamOf(workplace, base), upstreamOf(workplace, updates)],
          },
        },
        new Date(),
      )
    },
  },
  {
    name: 'bookworm-security with its sources, by a build manifest',
    make: async (workplace, folder) => {
      const real = await workplace.suites.read({ ...security('bookworm-security'), sources: true })
      const used = sample(stanzasOf(real), 1500)
      const sources = sample(sourcesOf(real), 500)
      const archives = await snapshotArchives(workplace, folder, [real], ({ indexes }) => indexes)
      return made(folder, buildManifest(used, sources), archives, clockOf([real.date]), 'build-manifest')
    },
  },
  partial('a part of bookworm: what was used', [suite('bookworm')]),
  partial('parts of bookworm, updates and security, two origins', [
    suite('bookworm'),
    suite('bookworm-updates'),
    security('bookworm-security'),
  ]),
  partial('parts of trixie and security, two origins', [suite('trixie'), security('trixie-security')]),
]

function whole(name: string, wanted: readonly Wanted[], count = 3000): HonestArchive {
  return {
    name: `all of ${name}`,
    make: async (workplace, folder) => {
      const reals = await Promise.all(wanted.map((one) => workplace.suites.read(one)))
      const used = sample(
        reals.flatMap((real) => sample(withoutInstaller(real), count)),
        count,
      )
      return await snapshot(workplace, folder, reals, ({ indexes }) => indexes, used)
    },
  }
}

function partial(name: string, wanted: readonly Wanted[]): HonestArchive {
  return {
    name,
    make: async (workplace, folder) => {
      const reals = await Promise.all(wanted.map((one) => workplace.suites.read(one)))
      const used = reals.flatMap((real) => sample(stanzasOf(real), 1500))
      const kept = new Set(used.map(({ text }) => text))
      const keep = ({ indexes }: RealSuite): Index[] =>
        indexes.map((index) => ({
          path: index.path,
          text: indexText(readStanzas(index.text).filter(({ text }) => kept.has(text))),
        }))
      return await snapshot(workplace, folder, reals, keep, newestOnly(used))
    },
  }
}

/** Each origin's suites in a snapshot of its own, signed at the time of the suite by the project. */
async function snapshot(
  workplace: Workplace,
  folder: string,
  reals: readonly RealSuite[],
  keep: (real: RealSuite) => readonly Index[],
  used: readonly Stanza[],
): Promise<Made> {
  const archives = await snapshotArchives(workplace, folder, reals, keep)
  return made(folder, dpkgQuery(used), archives, clockOf(reals.map(({ date }) => date)))
}

async function snapshotArchives(
  workplace: Workplace,
  folder: string,
  reals: readonly RealSuite[],
  keep: (real: RealSuite) => readonly Index[],
): Promise<Record<string, ArchivePolicy>> {
  const certificate = await workplace.certificate('A project', folder)
  const origins = new Set(reals.map(({ archive }) => archive))
  const archives = await Promise.all(
    [...origins].map(async (origin) => {
      const own = reals.filter(({ archive }) => archive === origin)
      const place = path.join(folder, origin)
      for (const real of own) await workplace.publish(place, real.name, keep(real), 'A project', real.date)
      const policy = {
        require: 'identical',
        url: fileUrl(place),
        suites: own.map(({ name }) => name),
        components: own[0]?.components ?? [],
        architectures: architecturesOf(own),
        'signed-by': certificate,
        upstream: [{ url: fileUrl(workplace.suites.folderOf(origin)), 'signed-by': 'debian' }],
      } as const
      return [origin, policy] as const
    }),
  )
  return Object.fromEntries(archives)
}

/** How a policy names a suite as Debian signed it. */
export function upstreamOf(workplace: Workplace, { archive, name, components }: RealSuite): Record<string, unknown> {
  return { url: fileUrl(workplace.suites.folderOf(archive)), suites: [name], components, 'signed-by': 'debian' }
}

function architecturesOf(suites: readonly RealSuite[]): string[] {
  const paths = suites.flatMap(({ indexes }) => indexes.map(({ path: index }) => /binary-([^/]+)/.exec(index)?.[1]))
  return [...new Set(paths.filter((architecture) => architecture !== undefined))]
}

/** An installed system has none of the installer's packages. */
function withoutInstaller(real: RealSuite): Stanza[] {
  return stanzasOf({ indexes: real.indexes.filter(({ path: index }) => !index.includes('debian-installer')) })
}

/** As an archive lists that has `binary-all`: there what all architectures share, and elsewhere the rest alone. */
function ofArchitectureAll({ indexes }: RealSuite): Index[] {
  return indexes.flatMap((index) => {
    const stanzas = readStanzas(index.text)
    const where = (isForAll: boolean): string =>
      indexText(stanzas.filter(({ architecture }) => (architecture === 'all') === isForAll))
    return [
      { path: index.path, text: where(false) },
      { path: index.path.replace(/binary-[^/]+/, 'binary-all'), text: where(true) },
    ]
  })
}

/** Of each name the last one that is given: a system has one version installed. */
function newestOnly(stanzas: readonly Stanza[]): Stanza[] {
  return [...new Map(stanzas.map((stanza) => [`${stanza.name}:${stanza.architecture}`, stanza])).values()]
}

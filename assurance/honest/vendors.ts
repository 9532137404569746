import path from 'node:path'
import { type ArchivePolicy, clockOf, fileUrl, type HonestArchive, made } from './honest-archive.ts'
import { importDebs } from './projects.ts'
import { dpkgQuery, type Stanza, sample, stanzasOf } from './real-suite.ts'
import { type Built, type Renamed, repack } from './repacked.ts'
import { includeDebs, publishWithReprepro } from './reprepro.ts'
import { upstreamOf } from './snapshots.ts'
import type { Workplace } from './workplace.ts'

const underOwnNames: Renamed = ({ name, version }) => ({ name: `vendor-${name}`, version: `${version}+vendor1` })
const underDebiansNames: Renamed = ({ name, version }) => ({ name, version: `${version}+vendor1` })

/** Debian beside archives that nobody but their vendor vouches for, or from which nothing may come. */
export const VENDORS: readonly HonestArchive[] = [
  {
    name: 'Debian and two vendors, their own upstreams',
    make: async (workplace, folder) => {
      const one = await vendor(workplace, path.join(folder, 'one'), 'One vendor', underOwnNames)
      const other = await vendor(workplace, path.join(folder, 'other'), 'Another vendor', ({ name, version }) => ({
        name: `another-${name}`,
        version,
      }))
      return await beside(workplace, folder, { one: one.policy, other: other.policy }, [...one.built, ...other.built])
    },
  },
  {
    name: 'Debian and a vendor that shares names with it',
    make: async (workplace, folder) => {
      const { policy, built } = await vendor(workplace, folder, 'One vendor', underDebiansNames)
      // Half of the shared names are used as the vendor has them, half as Debian has.
      return await beside(workplace, folder, { vendor: policy }, built.slice(built.length / 2))
    },
  },
  {
    name: 'Debian and a vendor with names in the policy',
    make: async (workplace, folder) => {
      const { policy, built } = await vendor(workplace, folder, 'One vendor', underOwnNames)
      return await beside(workplace, folder, { vendor: { ...policy, names: ['vendor-*'] } }, built)
    },
  },
  {
    name: 'Debian and a vendor with names in the policy that has others too',
    undecidedFor: 'the vendor has these names, which the policy does not let it deliver',
    make: async (workplace, folder) => {
      const { policy, built } = await vendor(workplace, folder, 'One vendor', (stanza) =>
        stanza.name.length % 2 === 0 ? underOwnNames(stanza) : underDebiansNames(stanza),
      )
      const own = built.filter(({ stanza }) => stanza.name.startsWith('vendor-'))
      return await beside(workplace, folder, { vendor: { ...policy, names: ['vendor-*'] } }, own)
    },
  },
  {
    name: 'Debian and nightly builds that must be absent, under other names',
    make: async (workplace, folder) => await withNightly(workplace, folder, underOwnNames),
  },
  {
    name: 'Debian and nightly builds that must be absent, under names of Debian',
    undecidedFor: 'the nightly archive has files under these names, and nobody vouches for them',
    make: async (workplace, folder) => await withNightly(workplace, folder, underDebiansNames),
  },
]

async function withNightly(workplace: Workplace, folder: string, renamed: Renamed) {
  const { policy, certificate } = await vendor(workplace, folder, 'Nightly builds', renamed)
  const { upstream: _, ...served } = policy
  const nightly = { ...served, require: 'absent', url: fileUrl(folder), 'signed-by': certificate } as const
  return await beside(workplace, folder, { nightly }, [])
}

/** Thirty real packages, built anew, in an archive that reprepro keeps and that is its own upstream. */
async function vendor(
  workplace: Workplace,
  folder: string,
  key: string,
  renamed: Renamed,
): Promise<{ readonly policy: ArchivePolicy; readonly built: readonly Built[]; readonly certificate: string }> {
  const { base, debs } = await importDebs(workplace)
  const inBase = new Set(stanzasOf(base).map(({ sha256 }) => sha256))
  const chosen = [...debs].filter(([{ sha256 }]) => inBase.has(sha256)).slice(0, 30)
  await publishWithReprepro(workplace, folder, key, { suite: 'stable' })
  const built = await repack(workplace, folder, chosen, renamed)
  await includeDebs(
    workplace,
    folder,
    'stable',
    built.map(({ file }) => file),
  )
  const certificate = path.join(folder, await workplace.certificate(key, folder))
  const policy = {
    require: 'identical',
    suites: ['stable'],
    components: ['main'],
    architectures: ['amd64'],
    upstream: [{ url: fileUrl(folder), 'signed-by': certificate }],
  } as const
  return { policy, built, certificate }
}

/** Debian's own archive is used beside the others; of each name one file. */
async function beside(
  workplace: Workplace,
  folder: string,
  others: Readonly<Record<string, ArchivePolicy>>,
  built: readonly Built[],
) {
  const { base, newest } = await importDebs(workplace)
  const own = built.map(({ stanza }) => stanza)
  const names = new Set(own.map(({ name }) => name))
  const inBase = new Set(stanzasOf(base).map(({ sha256 }) => sha256))
  const imported = newest.filter(({ sha256 }) => inBase.has(sha256))
  const fromDebian = [
    ...new Map([...imported, ...sample(stanzasOf(base), 1000)].map((one) => [keyOf(one), one])).values(),
  ]
  const used = [...fromDebian.filter(({ name }) => !names.has(name)), ...own]
  const { suites, components, ...upstream } = upstreamOf(workplace, base)
  const debian = { require: 'identical', suites, components, architectures: ['amd64'], upstream: [upstream] } as const
  return made(folder, dpkgQuery(used), { debian, ...others }, clockOf([new Date()]))
}

function keyOf({ name, architecture }: Stanza): string {
  return `${name}:${architecture}`
}

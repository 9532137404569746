import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import type { Scene, Site } from './adversary-site.ts'
import { INDEX, indexOf, type Listed, listing, type RealDeb } from './lying-archive.ts'

/** The .debs that sites are made of, by the file that each installs. */
export const MADE = {
  /** hello 1.0-1 as its upstream distributes it. */
  good: {},
  /** What the adversary wants to have installed: it calls itself hello 1.0-1 too. */
  evil: {},
  newer: { version: '1.0-2' },
  older: { version: '0.9-1' },
  tool: { name: 'tool' },
  forAll: { name: 'docs', architecture: 'all' },
  /** What the project builds, and a rebuilder too. */
  own: { name: 'own' },
  /** What a vendor distributes, with a key of its own. */
  vendors: { version: '2.0-1' },
} as const

export type Debs = Readonly<Record<keyof typeof MADE, RealDeb>>

/** How the adversary gets the file installed, and the same site with nothing to hide. */
export interface Way {
  readonly title: string
  readonly attack: (debs: Debs) => Scene
  readonly honest: (debs: Debs) => Scene
  /** How debproof must see it. */
  readonly seen: /** The package does not pass, and the reason names the file. */
    | 'same name'
    /** `archives[].unproven` names the file, and `unproven-files: fail` fails for it. */
    | 'other name'
    /** The index is refused. */
    | 'index'
    /** The build's apt saw an archive that the policy does not name. */
    | 'other archive'
}

const upstreamOf = ({ good, newer, older, tool, forAll }: Debs): RealDeb[] => [good, newer, older, tool, forAll]

export const aptInstalls =
  (words: readonly string[] = ['hello'], configuration: Parameters<Site['apt']>[1] = {}): Scene['build'] =>
  (site) =>
    site.apt(words, configuration)

/** A snapshot with one suite, of which the build installs. */
export function snapshot(debs: Debs, listed: readonly Listed[], build = aptInstalls()): Scene {
  return {
    archives: { snapshot: { role: 'snapshot', suites: { made: { listed } } } },
    upstream: upstreamOf(debs),
    build,
  }
}

/** The same with another archive, which the project serves too. */
function beside(
  debs: Debs,
  role: 'custom' | 'nightly' | 'unnamed',
  listed: readonly Listed[],
  words: readonly string[] = ['hello'],
): Scene {
  const { archives, ...scene } = snapshot(debs, [{ deb: debs.good }], aptInstalls(words))
  return { ...scene, archives: { ...archives, [role]: { role, suites: { made: { listed } } } }, rebuilt: [debs.own] }
}

const PIN = 'Package: hello\nPin: version 0.9-1\nPin-Priority: 1001\n'

export const WAYS: readonly Way[] = [
  {
    title: 'the index lists it with a higher version',
    attack: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.newer }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it with a lower version, which a pin prefers',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, aptInstalls(['hello'], { preferences: PIN }))
    },
    honest: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.older }]
      return snapshot(debs, listed, aptInstalls(['hello'], { preferences: PIN }))
    },
    seen: 'same name',
  },
  {
    title: 'the index lists it with a lower version, which the builder asks for',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, aptInstalls(['hello=0.9-1']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.older }], aptInstalls(['hello=0.9-1'])),
    seen: 'same name',
  },
  {
    title: 'the index lists it last with a lower version, and debootstrap takes the last stanza of a name',
    attack: (debs) => {
      const listed = [{ deb: debs.good }, { deb: debs.evil, as: { Version: '0.9-1' } }]
      return snapshot(debs, listed, (site) => site.debootstrap('hello'))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.older }], (site) => site.debootstrap('hello')),
    seen: 'same name',
  },
  {
    title: 'the index lists it with the same version for all architectures',
    attack: (debs) => snapshot(debs, [{ deb: debs.evil, as: { Architecture: 'all' } }, { deb: debs.good }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.forAll }, { deb: debs.good }], aptInstalls(['docs', 'hello'])),
    seen: 'same name',
  },
  {
    title: 'a suite lists it that calls itself NotAutomatic, and the builder asks for that suite',
    attack: (debs) => backports(debs, { deb: debs.evil, as: { Version: '1.1-1~bpo1' } }),
    honest: (debs) => backports(debs, { deb: debs.newer }),
    seen: 'same name',
  },
  {
    title: "the project's custom archive lists it under the name",
    attack: (debs) => beside(debs, 'custom', [{ deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own']),
    seen: 'same name',
  },
  {
    title: 'an archive lists it from which nothing may come',
    attack: (debs) => beside(debs, 'nightly', [{ deb: debs.evil, as: { Version: '1.0-2' } }]),
    honest: (debs) => beside(debs, 'nightly', [{ deb: debs.own }]),
    seen: 'same name',
  },
  {
    title: 'the custom archive lists it under another name, which the builder installs too',
    attack: (debs) => beside(debs, 'custom', [{ deb: debs.evil, as: { Package: 'meta' } }], ['hello', 'meta']),
    honest: (debs) => beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own']),
    seen: 'other name',
  },
  {
    title: 'the snapshot lists it under another name that provides the asked one, in the place of the package',
    attack: (debs) => {
      const virtual = { deb: debs.evil, as: { Package: 'hello-virtual', Provides: 'greeter' } }
      return snapshot(debs, [{ deb: debs.good }, virtual], aptInstalls(['hello', 'greeter']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.tool }], aptInstalls(['hello', 'tool'])),
    seen: 'other name',
  },
  {
    title: 'a stanza states two files, of which apt takes the second',
    attack: (debs) => snapshotOf(debs, twoFiles(debs)),
    honest: (debs) => snapshotOf(debs, listing({ deb: debs.good })),
    seen: 'index',
  },
  {
    title: 'a stanza of another name has a second Package field, which apt goes by',
    attack: (debs) => {
      const hidden = listing({ deb: debs.evil, as: { Version: '1.0-2' } })
      return snapshotOf(debs, `${listing({ deb: debs.good })}\nPackage: filler\nSection: misc\n${hidden}`)
    },
    honest: (debs) => snapshotOf(debs, `${listing({ deb: debs.good })}\n${listing({ deb: debs.tool })}`),
    seen: 'index',
  },
  {
    title: 'the release file lists two compressed forms alone, which differ, and debootstrap reads the smaller one',
    attack: (debs) => twoForms(debs, [{ deb: debs.evil }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }], (site) => site.debootstrap('hello')),
    seen: 'index',
  },
  {
    title: "only the build's own apt had the archive",
    attack: (debs) => seenByApt(beside(debs, 'unnamed', [{ deb: debs.evil, as: { Version: '1.0-2' } }])),
    honest: (debs) => seenByApt(beside(debs, 'custom', [{ deb: debs.own }], ['hello', 'own'])),
    seen: 'other archive',
  },
  {
    title: 'the index lists it with a version that sorts alike',
    attack: (debs) => {
      const listed = [{ deb: debs.evil, as: { Version: '1.0-01' } }, { deb: debs.good }]
      return snapshot(debs, listed, aptInstalls(['hello=1.0-01']))
    },
    honest: (debs) => snapshot(debs, [{ deb: debs.good, as: { Version: '0:1.0-1' } }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it with an epoch of zero',
    attack: (debs) => snapshot(debs, [{ deb: debs.evil, as: { Version: '0:1.0-1' } }, { deb: debs.good }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good, as: { Version: '0:1.0-1' } }]),
    seen: 'same name',
  },
  {
    title: 'the index lists it under the name in capital letters',
    attack: (debs) =>
      snapshot(debs, [{ deb: debs.good }, { deb: debs.evil, as: { Package: 'HELLO', Version: '1.0-2' } }]),
    honest: (debs) => snapshot(debs, [{ deb: debs.good }, { deb: debs.newer, as: { Package: 'HELLO' } }]),
    seen: 'same name',
  },
]

function backports(debs: Debs, lie: Listed): Scene {
  const { archives, ...scene } = snapshot(debs, [], aptInstalls(['-t', 'later', 'hello']))
  const fields = { NotAutomatic: 'yes', ButAutomaticUpgrades: 'yes' }
  const suites = { made: { listed: [{ deb: debs.good }] }, later: { listed: [lie], fields } }
  return { ...scene, archives: { ...archives, snapshot: { role: 'snapshot', suites } } }
}

/** A snapshot with an index as it is written here. */
function snapshotOf(debs: Debs, index: string, build = aptInstalls()): Scene {
  const plain = Buffer.from(`${index}\n`)
  const files = { [INDEX]: plain, [`${INDEX}.gz`]: gzipSync(plain) }
  const { archives, ...scene } = snapshot(debs, [], build)
  const suites = { made: { listed: [debs.good, debs.evil, debs.tool].map((deb) => ({ deb })), files } }
  return { ...scene, archives: { ...archives, snapshot: { role: 'snapshot', suites } } }
}

function twoFiles({ good, evil }: Debs): string {
  const fields = ['Filename', 'Size', 'SHA256']
  const file = listing({ deb: evil })
    .split('\n')
    .filter((line) => fields.some((field) => line.startsWith(`${field}:`)))
  return `${listing({ deb: good })}${file.join('\n')}\n`
}

function twoForms(debs: Debs, hidden: readonly Listed[]): Scene {
  const { archives, ...scene } = snapshot(debs, [], (site) => site.debootstrap('hello'))
  // Larger, so that debootstrap takes the other one.
  const shown = gzipSync(indexOf([{ deb: debs.good }, { deb: debs.tool }]), { level: 0 })
  const files = { [INDEX]: undefined, [`${INDEX}.gz`]: shown, [`${INDEX}.xz`]: xz(indexOf(hidden)) }
  const listed = [debs.good, debs.evil, debs.tool].map((deb) => ({ deb }))
  return { ...scene, archives: { ...archives, snapshot: { role: 'snapshot', suites: { made: { listed, files } } } } }
}

function xz(content: Buffer): Buffer {
  return execFileSync('xz', ['--compress', '--stdout'], { input: content })
}

/** The policy goes by what the build's apt kept. */
function seenByApt({ archives, ...scene }: Scene): Scene {
  const policy = ['apt-lists: root/var/lib/apt/lists']
  return {
    ...scene,
    archives: Object.fromEntries(Object.entries(archives).map(([name, archive]) => [name, { ...archive, policy }])),
  }
}

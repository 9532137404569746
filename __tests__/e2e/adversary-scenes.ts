import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import type { Scene, Site } from './adversary-site.ts'
import { INDEX, indexOf, type Listed, type LyingSuite, listing, type RealDeb } from './lying-archive.ts'

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
export function beside(
  debs: Debs,
  role: 'custom' | 'nightly' | 'unnamed',
  listed: readonly Listed[],
  words: readonly string[] = ['hello'],
): Scene {
  const { archives, ...scene } = snapshot(debs, [{ deb: debs.good }], aptInstalls(words))
  return { ...scene, archives: { ...archives, [role]: { role, suites: { made: { listed } } } }, rebuilt: [debs.own] }
}

/** A second suite that calls itself NotAutomatic, from which the builder asks for the package. */
export function backports(debs: Debs, lie: Listed): Scene {
  const { archives, ...scene } = snapshot(debs, [], aptInstalls(['-t', 'later', 'hello']))
  const fields = { NotAutomatic: 'yes', ButAutomaticUpgrades: 'yes' }
  const suites = { made: { listed: [{ deb: debs.good }] }, later: { listed: [lie], fields } }
  return { ...scene, archives: { ...archives, snapshot: { role: 'snapshot', suites } } }
}

/** A snapshot with an index as it is written here. */
export function snapshotOf(debs: Debs, index: string, build = aptInstalls()): Scene {
  const plain = Buffer.from(`${index}\n`)
  return withFiles(debs, { files: { [INDEX]: plain, [`${INDEX}.gz`]: gzipSync(plain) } }, build)
}

/** A stanza that names the genuine file, and then the adversary's. */
export function twoFiles({ good, evil }: Debs): string {
  const fields = ['Filename', 'Size', 'SHA256']
  const file = listing({ deb: evil })
    .split('\n')
    .filter((line) => fields.some((field) => line.startsWith(`${field}:`)))
  return `${listing({ deb: good })}${file.join('\n')}\n`
}

/** @param plain what the release file says that both decompress to, if it does */
export function twoForms(debs: Debs, hidden: readonly Listed[], plain?: Buffer): Scene {
  const shown = plain ?? indexOf([{ deb: debs.good }, { deb: debs.tool }])
  // Larger, so that debootstrap takes the other one.
  const gz = gzipSync(shown, { level: 0 })
  const files = { [INDEX]: plain, [`${INDEX}.gz`]: gz, [`${INDEX}.xz`]: xz(indexOf(hidden)) }
  return withFiles(debs, { files }, (site) => site.debootstrap('hello'))
}

/** A snapshot with an index for all architectures beside the usual one. */
export function forAllArchitectures(debs: Debs, lie: Listed): Scene {
  const [plain, all] = [indexOf([{ deb: debs.good }]), indexOf([lie])]
  const files = { [INDEX]: plain, [`${INDEX}.gz`]: undefined, 'main/binary-all/Packages': all }
  return withFiles(debs, { files, fields: { Architectures: 'amd64 all' } }, aptInstalls())
}

/** A snapshot that has i386 too, and a build whose apt knows these architectures. */
export function foreign(debs: Debs, lie: Listed, architectures: string[]): Scene {
  const [plain, other] = [indexOf([{ deb: debs.good }]), indexOf([lie])]
  const files = { [INDEX]: plain, [`${INDEX}.gz`]: undefined, 'main/binary-i386/Packages': other }
  const fields = { Architectures: 'amd64 i386' }
  return withFiles(debs, { files, fields }, aptInstalls(['hello'], { architectures }))
}

/** A snapshot with indexes of its own, whose pool has all that they may name. */
function withFiles(debs: Debs, suite: Omit<LyingSuite, 'listed'>, build: Scene['build']): Scene {
  const { archives, ...scene } = snapshot(debs, [], build)
  const listed = [debs.good, debs.evil, debs.tool, debs.newer, debs.forAll].map((deb) => ({ deb }))
  return { ...scene, archives: { ...archives, snapshot: { role: 'snapshot', suites: { made: { ...suite, listed } } } } }
}

function xz(content: Buffer): Buffer {
  return execFileSync('xz', ['--compress', '--stdout'], { input: content })
}

/** The policy goes by what the build's apt kept. */
export function seenByApt({ archives, ...scene }: Scene): Scene {
  const policy = ['apt-lists: root/var/lib/apt/lists']
  return {
    ...scene,
    archives: Object.fromEntries(Object.entries(archives).map(([name, archive]) => [name, { ...archive, policy }])),
  }
}

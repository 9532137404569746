import path from 'node:path'
import { sha256Of } from '../../src/archive/hash.ts'
import { splitClearsigned } from '../../src/archive/signed-text.ts'
import { type ArchiveName, Mirror } from '../differential/mirror.ts'
import { succeed } from '../differential/tools.ts'

/** A package as an index lists it. */
export interface Stanza {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly file: string
  readonly size: number
  readonly sha256: string
  readonly text: string
}

/** One index of a suite. */
export interface Index {
  /** Below the suite's folder, such as `main/binary-amd64/Packages`. */
  readonly path: string
  readonly text: string
}

/** The mirror has no such suite, or serves no form of an index with the hash that is signed. */
export class MirrorLacks extends Error {}

/** A suite as Debian signed it, as far as it was asked for; its files are on this disk, laid out as an archive. */
export interface RealSuite {
  readonly archive: ArchiveName
  readonly name: string
  readonly components: readonly string[]
  readonly date: Date
  readonly indexes: readonly Index[]
}

export interface Wanted {
  readonly archive?: ArchiveName
  readonly name: string
  readonly components?: readonly string[]
  readonly architectures?: readonly string[]
  readonly sources?: boolean
}

/** The suites of this machine's mirror; each file is downloaded once, into the scratch folder. */
export class RealSuites {
  readonly mirror: Mirror
  readonly #unpacked = new Map<string, Promise<string>>()

  constructor(scratch: string) {
    this.mirror = new Mirror(scratch)
  }

  /** The folder that holds the archive as Debian signed it. */
  folderOf(archive: ArchiveName): string {
    return path.join(this.mirror.folder, archive)
  }

  /** @throws {MirrorLacks} */
  async read({
    archive = 'debian',
    name,
    components = ['main'],
    architectures = ['amd64'],
    sources = false,
  }: Wanted): Promise<RealSuite> {
    const bytes = await this.mirror.file({ archive, name }, 'InRelease')
    if (bytes === undefined) throw new MirrorLacks(`The mirror has no suite ${name}.`)
    const release = Buffer.from(splitClearsigned(bytes, `${name}/InRelease`).text).toString('latin1')
    const date = new Date(/^Date: (.*)$/m.exec(release)?.[1] ?? '')
    const paths = components.flatMap((component) => [
      ...architectures.map((architecture) => `${component}/binary-${architecture}/Packages`),
      ...(sources ? [`${component}/source/Sources`] : []),
    ])
    const indexes = await Promise.all(
      paths.map(async (index) => ({ path: index, text: await this.#index({ archive, name }, release, index) })),
    )
    return { archive, name, components, date, indexes }
  }

  async #index(suite: { archive: ArchiveName; name: string }, release: string, index: string): Promise<string> {
    const packed = `${index}.xz`
    const sha256 = release
      .split('\n')
      .map((line) => /^ ([0-9a-f]{64}) +\d+ (\S+)$/.exec(line))
      .find((found) => found?.[2] === packed)?.[1]
    if (sha256 === undefined) throw new Error(`${suite.name} lists no ${packed}.`)
    for (const file of [path.posix.join(path.posix.dirname(index), 'by-hash/SHA256', sha256), packed]) {
      const bytes = await this.mirror.file(suite, file)
      if (bytes === undefined || sha256Of(bytes) !== sha256) continue
      const unpacked = this.#unpacked.get(sha256) ?? succeed(['xz', '--decompress', '--stdout'], [], bytes)
      this.#unpacked.set(sha256, unpacked)
      return await unpacked
    }
    throw new MirrorLacks(`The mirror serves no ${packed} of ${suite.name} with the hash that is signed.`)
  }
}

/** The packages of `Packages` indexes, in their order. */
export function stanzasOf(...suites: readonly { readonly indexes: readonly Index[] }[]): Stanza[] {
  return suites.flatMap(({ indexes }) =>
    indexes.filter(({ path: index }) => index.endsWith('/Packages')).flatMap(({ text }) => readStanzas(text)),
  )
}

/** The source packages, which have neither an architecture nor a file of their own here. */
export function sourcesOf({ indexes }: { readonly indexes: readonly Index[] }): Stanza[] {
  return indexes.filter(({ path: index }) => index.endsWith('/Sources')).flatMap(({ text }) => readStanzas(text))
}

export function readStanzas(text: string): Stanza[] {
  return text
    .split(/\n\n+/)
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => {
      const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'm').exec(stanza)?.[1] ?? ''
      return {
        name: field('Package'),
        version: field('Version'),
        architecture: field('Architecture'),
        file: field('Filename'),
        size: Number(field('Size')),
        sha256: field('SHA256'),
        text: stanza.trim(),
      }
    })
}

export function indexText(stanzas: readonly Stanza[]): string {
  return stanzas.map(({ text }) => `${text}\n\n`).join('')
}

/** About so many stanzas, evenly over all of them, of each name and architecture one. */
export function sample(stanzas: readonly Stanza[], count: number): Stanza[] {
  const chosen = new Map<string, Stanza>()
  const step = Math.max(1, stanzas.length / count)
  for (let place = 0; place < stanzas.length; place += step) {
    const stanza = stanzas[Math.floor(place)]
    if (stanza !== undefined) chosen.set(`${stanza.name}:${stanza.architecture}`, stanza)
  }
  return [...chosen.values()]
}

/** As `dpkg-query -W` prints them on an amd64 system. */
export function dpkgQuery(stanzas: readonly Stanza[]): string {
  return stanzas
    .map(({ name, version, architecture, text }) => {
      const isQualified = /^Multi-Arch: same$/m.test(text) || !['all', 'amd64'].includes(architecture)
      return `${name}${isQualified ? `:${architecture}` : ''}\t${version}\n`
    })
    .join('')
}

/** As Tails' builder writes it. */
export function buildManifest(binaries: readonly Stanza[], sources: readonly Stanza[]): string {
  const version = (text: string): string => `    version: '${text}'\n`
  const binary = binaries.map(
    (one) => `  - arch: ${one.architecture}\n    package: ${one.name}\n${version(one.version)}`,
  )
  const source = sources.map((one) => `  - package: ${one.name}\n${version(one.version)}`)
  return `---\npackages:\n  binary:\n${binary.join('')}  source:\n${source.join('')}`
}

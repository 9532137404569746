import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Gnupg } from './gnupg.ts'
import { type LyingSuite, type RealDeb, writeSuite } from './lying-archive.ts'
import { PrivateRoot } from './private-root.ts'
import { debproof, type Finished, type Report, readReport, succeed } from './running.ts'

/** An archive of a site. The project serves and signs it, if not the vendor. */
export interface SiteArchive {
  /** By codename. */
  readonly suites: Readonly<Record<string, LyingSuite>>
  /** What the policy asks of it; `unnamed`: the policy does not know it, and only the build's apt has it. */
  readonly role: 'snapshot' | 'custom' | 'nightly' | 'vendor' | 'unnamed'
  /** Lines of the policy under it. */
  readonly policy?: readonly string[]
}

/** A build, and all that it was served from. */
export interface Scene {
  readonly archives: Readonly<Record<string, SiteArchive>>
  /** Genuine .debs, which the upstream lists in each of its suites. */
  readonly upstream: readonly RealDeb[]
  /** Those that a rebuilder got too. */
  readonly rebuilt?: readonly RealDeb[]
  /** Lines of the policy. */
  readonly policy?: readonly string[]
  readonly build: (site: Site) => Promise<void>
}

/** Whose keys sign what. */
export type SiteKeys = Readonly<Record<'project' | 'upstream' | 'vendor' | 'alpha', string>>

/** What debproof found. */
export interface Found extends Finished {
  readonly output: string
  readonly report: Report
}

/** A site on the disk: `upstream/`, an archive of each name, `root/`, and the policy beside them. */
export class Site {
  readonly folder: string
  readonly root: PrivateRoot
  readonly #scene: Scene
  readonly #gnupg: Gnupg
  readonly #keys: SiteKeys

  constructor(folder: string, scene: Scene, gnupg: Gnupg, keys: SiteKeys) {
    this.folder = folder
    this.root = new PrivateRoot(path.join(folder, 'root'))
    this.#scene = scene
    this.#gnupg = gnupg
    this.#keys = keys
  }

  /** Writes all archives and has the build done. */
  async make(): Promise<void> {
    const { archives, upstream, rebuilt = [], build } = this.#scene
    await mkdir(this.folder, { recursive: true })
    for (const [name, key] of Object.entries(this.#keys)) await this.#gnupg.exportPublic(key, this.#keyring(name))
    for (const [name, { suites, role }] of Object.entries(archives)) {
      const key = role === 'vendor' ? this.#keys.vendor : this.#keys.project
      for (const [suite, content] of Object.entries(suites)) {
        await writeSuite(path.join(this.folder, name), suite, content, this.#gnupg, key)
        const genuine = { listed: upstream.map((deb) => ({ deb })) }
        if (role === 'snapshot') {
          await writeSuite(path.join(this.folder, 'upstream'), suite, genuine, this.#gnupg, this.#keys.upstream)
        }
      }
    }
    const sums = rebuilt.map(({ name, version, architecture, sha256 }) => {
      return `${sha256}  ${name}_${version}_${architecture}.deb\n`
    })
    await mkdir(path.join(this.folder, 'alpha'))
    const file = path.join(this.folder, 'alpha/SHA256SUMS')
    await writeFile(file, sums.join(''))
    await this.#gnupg.detachSign(this.#keys.alpha, file, `${file}.asc`)
    await build(this)
  }

  /** Has apt install from all archives. */
  async apt(words: readonly string[], configuration: Parameters<PrivateRoot['configure']>[1] = {}): Promise<void> {
    const sources = Object.entries(this.#scene.archives).flatMap(([name, { suites, role }]) => {
      const keyring = this.#keyring(role === 'vendor' ? 'vendor' : 'project')
      return Object.keys(suites).map((suite) => ({ url: `file:${path.join(this.folder, name)}`, suite, keyring }))
    })
    await this.root.configure(sources, configuration)
    await this.root.install(...words)
  }

  /** Has debootstrap find and download these from the snapshot, and dpkg install them. */
  async debootstrap(...names: readonly string[]): Promise<void> {
    const keyring = path.join(this.folder, 'project.gpg')
    await succeed('gpg', ['--batch', '--yes', '--output', keyring, '--dearmor', this.#keyring('project')])
    const script = path.join(this.folder, 'script')
    await writeFile(script, debootstrapScript(names))
    const target = this.root.folder
    const archive = `file://${path.join(this.folder, 'snapshot')}`
    const options = ['--foreign', '--arch=amd64', '--no-merged-usr', `--keyring=${keyring}`, '--components=main']
    await succeed('debootstrap', [...options, 'made', target, archive, script], { timeout: 60_000 })
    for (const name of ['info', 'updates']) await mkdir(path.join(target, 'var/lib/dpkg', name), { recursive: true })
    await writeFile(path.join(target, 'var/lib/dpkg/status'), '', { flag: 'a' })
    const debs = (await readFile(path.join(target, 'debootstrap/debpaths'), 'utf8')).match(/\S+\.deb$/gm) ?? []
    const files = debs.map((deb) => path.join(target, deb))
    await succeed('dpkg', [`--root=${target}`, '--force-unsafe-io', '--install', ...files])
  }

  /** Verifies dpkg's list of what is installed. */
  async verify(...policy: readonly string[]): Promise<Found> {
    await writeFile(path.join(this.folder, 'build.packages'), await this.root.list())
    await writeFile(path.join(this.folder, 'debproof.yml'), this.#policy(policy))
    const output = path.join(this.folder, 'report')
    const args = ['verify', '--policy', path.join(this.folder, 'debproof.yml'), '--output', output, '--unsigned']
    const finished = await debproof(args)
    if (finished.code === 2) throw new Error(finished.stderr)
    return { ...finished, output, report: await readReport(output) }
  }

  /** @param more lines under each archive of the project's from which something may come */
  #policy(more: readonly string[]): string {
    const { archives, policy = [] } = this.#scene
    const lines = Object.entries(archives).flatMap(([name, archive]) => {
      if (archive.role === 'unnamed') return []
      const own = archive.role === 'vendor' || archive.role === 'nightly' ? [] : more
      return [`  ${name}:`, ...[...this.#asked(name, archive), ...own].map((line) => `    ${line}`)]
    })
    const packages = ['packages:', '  - { path: build.packages, format: dpkg-query }']
    return `${['version: 1', ...packages, ...policy, 'archives:', ...lines].join('\n')}\n`
  }

  #asked(name: string, { suites, role, policy = [] }: SiteArchive): readonly string[] {
    const area = [`suites: [${Object.keys(suites).join(', ')}]`, 'components: [main]', 'architectures: [amd64]']
    const served = [`url: "file:${name}"`, 'signed-by: project.asc']
    switch (role) {
      case 'snapshot':
        return ['require: identical', ...served, ...area, ...policy, ...voucher('upstream', 'upstream')]
      case 'custom': {
        const parties = '{ alpha: { sha256sums: "file:alpha/SHA256SUMS", signed-by: alpha.asc } }'
        return [
          'require: reproduced',
          ...served,
          ...area,
          ...policy,
          `rebuilders: { threshold: 1, parties: ${parties} }`,
        ]
      }
      case 'nightly':
        return ['require: absent', ...served, ...area, ...policy]
      default:
        return ['require: identical', ...area, ...policy, ...voucher(name, 'vendor')]
    }
  }

  #keyring(name: string): string {
    return path.join(this.folder, `${name}.asc`)
  }
}

function voucher(folder: string, key: string): readonly string[] {
  return ['upstream:', `  - { url: "file:${folder}", signed-by: ${key}.asc }`]
}

/** Downloads and installs nothing but what it is told: Debian's own scripts want all that Debian calls required. */
function debootstrapScript(names: readonly string[]): string {
  return [
    'mirror_style release',
    'download_style apt',
    'finddebs_style from-indices',
    'variants -',
    `work_out_debs () { required="${names.join(' ')}"; base=""; }`,
    'first_stage_install () { :; }',
    'second_stage_install () { :; }',
    '',
  ].join('\n')
}

import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BuildSources } from './build-sources.ts'
import { type Ending, runChild } from './child.ts'
import { DEBOOTSNAP, SBUILD, SBUILD_CONFIG } from './stand-ins.ts'
import type { Tools } from './tools.ts'

/** What one build is given. */
export interface BuildOrder {
  /** The .buildinfo to repeat, without a signature around it. */
  readonly buildinfo: string
  readonly buildinfoName: string
  /** Lies in the folder `input`. */
  readonly dsc: string
  /** Milliseconds. */
  readonly timeout: number
  readonly log: string
  readonly signal?: AbortSignal
}

/** Variables that tools which download go by, whatever else the environment has. */
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ftp_proxy']

/**
 * The folder that rebuilds happen in: the stand-ins, the apt sources, the chroots. It is open to all, since the tools
 * work as users of a namespace of their own.
 */
export class Workshop {
  readonly folder: string
  readonly #tools: Tools
  readonly #environment: Readonly<Record<string, string | undefined>>
  #orders = 0

  private constructor(folder: string, tools: Tools, environment: Readonly<Record<string, string | undefined>>) {
    this.folder = folder
    this.#tools = tools
    this.#environment = environment
  }

  static async open(tools: Tools, environment: Readonly<Record<string, string | undefined>>): Promise<Workshop> {
    const parent = environment['TMPDIR'] ?? tmpdir()
    const folder = await realpath(await mkdtemp(path.join(parent, 'debproof-rebuild-')))
    await chmod(folder, 0o755)
    const workshop = new Workshop(folder, tools, environment)
    for (const name of ['bin', 'keyrings', 'chroots', 'tmp']) await mkdir(path.join(folder, name), { mode: 0o755 })
    await writeFile(path.join(folder, 'bin/debootsnap'), DEBOOTSNAP, { mode: 0o755 })
    await writeFile(path.join(folder, 'bin/sbuild'), SBUILD, { mode: 0o755 })
    await writeFile(path.join(folder, 'sbuild.conf'), SBUILD_CONFIG)
    return workshop
  }

  /** Where the keyrings of the apt sources are put. */
  get keyrings(): string {
    return path.join(this.folder, 'keyrings')
  }

  /** @param sources whose keyrings are named below `keyrings` */
  async setSources({ text, keyrings }: BuildSources): Promise<void> {
    for (const [name, content] of keyrings) await writeFile(path.join(this.keyrings, name), content)
    await writeFile(path.join(this.folder, 'build.sources'), text)
  }

  /** A new folder for the files of one source package. */
  async newInput(): Promise<string> {
    this.#orders += 1
    const folder = path.join(this.folder, `input-${this.#orders}`)
    await mkdir(folder, { mode: 0o755 })
    return folder
  }

  /** Has debrebuild do its work. What it made is in the folder that is returned. */
  async build(order: BuildOrder): Promise<{ ending: Ending; output: string }> {
    const input = path.dirname(order.dsc)
    this.#orders += 1
    const output = path.join(this.folder, `output-${this.#orders}`)
    await mkdir(output, { mode: 0o755 })
    const buildinfo = path.join(input, order.buildinfoName)
    await writeFile(buildinfo, order.buildinfo, 'latin1')
    const ending = await runChild('debrebuild', [`--buildresult=${output}`, '--builder=sbuild+unshare', buildinfo], {
      cwd: input,
      env: this.#childEnvironment(order.dsc),
      timeout: order.timeout,
      log: order.log,
      ...(order.signal === undefined ? {} : { signal: order.signal }),
    })
    return { ending, output }
  }

  /** For a tool that only looks at files. */
  toolEnvironment(): Record<string, string> {
    const { PATH, HOME } = this.#environment
    return { PATH: PATH ?? '', HOME: HOME ?? '/', LC_ALL: 'C.UTF-8', TMPDIR: path.join(this.folder, 'tmp') }
  }

  /** Takes everything away; never what something mounted there. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const child = spawn('rm', ['-rf', '--one-file-system', this.folder], { stdio: 'ignore' })
      child.on('error', () => resolve())
      child.on('close', () => resolve())
    })
  }

  /** Nothing of the caller's environment but what the tools need: CFLAGS or LANG would change what is built. */
  #childEnvironment(dsc: string): Record<string, string> {
    const proxies = PROXY_VARIABLES.flatMap((name) => {
      const value = this.#environment[name]
      return value === undefined ? [] : [[name, value]]
    })
    return {
      ...Object.fromEntries(proxies),
      PATH: `${path.join(this.folder, 'bin')}:${this.#environment['PATH'] ?? ''}`,
      HOME: this.#environment['HOME'] ?? '/',
      LC_ALL: 'C.UTF-8',
      TMPDIR: path.join(this.folder, 'tmp'),
      // sbuild asks the host for its domain name to make an address, and stops where there is none.
      DEBEMAIL: this.#environment['DEBEMAIL'] ?? 'debproof@localhost.localdomain',
      SBUILD_CONFIG: path.join(this.folder, 'sbuild.conf'),
      DEBPROOF_SBUILD: this.#tools.sbuild,
      DEBPROOF_DSC: dsc,
      DEBPROOF_BUILD_SOURCES: path.join(this.folder, 'build.sources'),
      DEBPROOF_CHROOT_CACHE: path.join(this.folder, 'chroots'),
    }
  }
}

import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cleanEnvironment, run, succeed } from './running.ts'

/** A `deb` line of sources.list(5). */
export interface Source {
  readonly url: string
  readonly suite: string
  readonly keyring: string
}

/**
 * A system in a folder: this machine's own apt and dpkg install into it, with their own configuration, lists and
 * database there. Nothing of the machine's is read or changed, and its packages have no scripts, so it needs no chroot.
 */
export class PrivateRoot {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Where apt keeps what archives showed it. */
  get lists(): string {
    return path.join(this.folder, 'var/lib/apt/lists')
  }

  /** @param preferences of apt_preferences(5) */
  async configure(sources: readonly Source[], { preferences = '', architectures = ['amd64'] } = {}): Promise<void> {
    for (const name of ['etc/apt/apt.conf.d', 'etc/apt/preferences.d', 'var/lib/dpkg/info', 'var/lib/dpkg/updates']) {
      await mkdir(path.join(this.folder, name), { recursive: true })
    }
    for (const name of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial', 'var/log/apt']) {
      await mkdir(path.join(this.folder, name), { recursive: true })
    }
    await writeFile(path.join(this.folder, 'var/lib/dpkg/status'), '', { flag: 'a' })
    const lines = sources.map(({ url, suite, keyring }) => `deb [signed-by=${keyring}] ${url} ${suite} main\n`)
    await writeFile(path.join(this.folder, 'etc/apt/sources.list'), lines.join(''))
    await writeFile(path.join(this.folder, 'etc/apt/preferences'), preferences)
    const foreign = architectures.filter((architecture) => architecture !== 'amd64').map((name) => `${name}\n`)
    await writeFile(path.join(this.folder, 'var/lib/dpkg/arch'), ['amd64\n', ...foreign].join(''))
    const options = [
      `Dir "${this.folder}/";`,
      `Dir::State::status "${this.folder}/var/lib/dpkg/status";`,
      'Dir::Bin::dpkg "/usr/bin/dpkg";',
      'Dir::Bin::methods "/usr/lib/apt/methods/";',
      `DPkg::Options { "--root=${this.folder}"; "--force-unsafe-io"; };`,
      'APT::Architecture "amd64";',
      `APT::Architectures { ${architectures.map((name) => `"${name}";`).join(' ')} };`,
      'APT::Sandbox::User "root";',
      'APT::Install-Recommends "false";',
      'Acquire::Languages "none";',
      'Acquire::GzipIndexes "false";',
    ]
    await writeFile(this.#configuration, `${options.join('\n')}\n`)
  }

  /** Updates, then installs what these words ask for: `hello`, `hello=1.0-1`, `-t`. */
  async install(...words: readonly string[]): Promise<void> {
    await this.apt('update', '--error-on=any')
    await this.apt('install', ...words)
  }

  async apt(...words: readonly string[]): Promise<string> {
    const env = { ...cleanEnvironment(), APT_CONFIG: this.#configuration, DEBIAN_FRONTEND: 'noninteractive' }
    return await succeed('apt-get', ['--yes', '--quiet', ...words], { env, timeout: 60_000 })
  }

  /** What is installed, as builds publish it. */
  async list(): Promise<string> {
    return await succeed('dpkg-query', ['--root', this.folder, '--show'])
  }

  async has(file: string): Promise<boolean> {
    return await stat(path.join(this.folder, file)).then(
      () => true,
      () => false,
    )
  }

  /** dpkg finds nothing amiss. */
  async isSound(): Promise<boolean> {
    return (await run('dpkg', ['--root', this.folder, '--audit'])).stdout === ''
  }

  get #configuration(): string {
    return path.join(this.folder, 'etc/apt/apt.conf')
  }
}

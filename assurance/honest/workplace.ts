import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fetchIfThere, mirrorOfThisMachine, sha256Of, type Mirror as Urls } from '../../__tests__/e2e/mirror.ts'
import { forEach, run, succeed } from '../differential/tools.ts'
import { type Index, RealSuites, type Stanza } from './real-suite.ts'

/** Keys count from then on. */
const KEYS_MADE = '20200101T000000'

/** Where the archives are made: a scratch folder, the mirror, and the keys of those who make them. */
export class Workplace {
  readonly suites: RealSuites
  readonly scratch: string
  readonly urls: Urls
  readonly #home: string

  readonly #cli: string

  /** @param cli by which evidence stores are kept */
  constructor(scratch: string, cli: string) {
    this.#cli = cli
    this.scratch = scratch
    this.suites = new RealSuites(scratch)
    this.urls = mirrorOfThisMachine()
    this.#home = path.join(scratch, 'gnupg')
  }

  /** An empty folder of this name. */
  folder(name: string): string {
    const folder = path.join(this.scratch, 'made', name.replaceAll(/[^a-z0-9]+/gi, '-'))
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    return folder
  }

  /** Runs a program that must succeed, with these keys and in a folder. */
  async run(program: string, args: readonly string[], folder: string): Promise<string> {
    return await succeed(['env', '--chdir', folder, `GNUPGHOME=${this.#home}`, program], args)
  }

  async debproof(args: readonly string[], folder: string): Promise<string> {
    return await this.run(process.execPath, [this.#cli, ...args], folder)
  }

  /** The fingerprint of a key of this name; it is made where there is none. */
  async key(name: string): Promise<string> {
    if (!existsSync(this.#home)) mkdirSync(this.#home, { recursive: true, mode: 0o700 })
    const list = ['--batch', '--with-colons', '--list-keys', `=${name}`]
    const fingerprintIn = (text: string): string | undefined => /^fpr:+([0-9A-F]{40}):/m.exec(text)?.[1]
    const known = fingerprintIn((await run(['gpg', '--homedir', this.#home], list)).stdout.toString())
    if (known !== undefined) return known
    await this.#gpg(['--faked-system-time', KEYS_MADE, '--quick-generate-key', name, 'rsa2048', 'sign', 'never'])
    return fingerprintIn(await succeed(['gpg', '--homedir', this.#home], list)) ?? ''
  }

  /** Writes the public key of this name into a folder, and returns the name of the file. */
  async certificate(name: string, folder: string): Promise<string> {
    const file = `${name.replaceAll(' ', '-')}.asc`
    writeFileSync(path.join(folder, file), await this.#gpg(['--armor', '--export', await this.key(name)]))
    return file
  }

  /** Signs a text as an InRelease is signed, at a given time. */
  async clearsign(name: string, file: string, output: string, at = new Date()): Promise<void> {
    const when = at.toISOString().replaceAll(/[-:]|\.\d+Z/g, '')
    const signing = ['--local-user', await this.key(name), '--yes', '--output', output, '--clearsign', file]
    await this.#gpg(['--faked-system-time', when, ...signing])
  }

  async #gpg(args: readonly string[]): Promise<string> {
    const unlock = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '']
    return await succeed(['gpg', '--homedir', this.#home], [...unlock, ...args])
  }

  /** Writes indexes below `folder/dists/SUITE`, plain and compressed, and has apt-ftparchive list them; signs that. */
  async publish(
    folder: string,
    suite: string,
    indexes: readonly Index[],
    key: string,
    date = new Date(),
  ): Promise<void> {
    const place = path.join(folder, 'dists', suite)
    for (const { path: index, text } of indexes) {
      const file = path.join(place, index)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text, 'latin1')
      await succeed(['xz', '--keep', '-0', '--force', file], [])
    }
    const architectures = new Set(indexes.map(({ path: index }) => /binary-([^/]+)/.exec(index)?.[1] ?? 'amd64'))
    const components = new Set(indexes.map(({ path: index }) => index.replace(/\/(?:binary-|source\/).*/, '')))
    await this.signFolder(
      place,
      { Codename: suite, Architectures: [...architectures].join(' '), Components: [...components].join(' ') },
      key,
      date,
    )
  }

  /** Has apt-ftparchive write the release file of a folder, and signs it. */
  async signFolder(
    place: string,
    fields: Readonly<Record<string, string>>,
    key: string,
    date = new Date(),
  ): Promise<void> {
    const stated = { Origin: key, ...fields }
    const options = Object.entries(stated).flatMap(([name, value]) => [
      '-o',
      `APT::FTPArchive::Release::${name}=${value}`,
    ])
    const listed = await succeed(['apt-ftparchive'], [...options, 'release', place])
    const release = path.join(place, 'Release')
    writeFileSync(release, listed.replace(/^Date: .*$/m, `Date: ${date.toUTCString()}`), 'latin1')
    await this.clearsign(key, release, path.join(place, 'InRelease'), date)
  }

  /** Downloads .debs into `scratch/debs`, each once, and returns their paths; what the mirror lacks is left out. */
  async debs(stanzas: readonly Stanza[]): Promise<Map<Stanza, string>> {
    const folder = path.join(this.scratch, 'debs')
    mkdirSync(folder, { recursive: true })
    const files = new Map<Stanza, string>()
    await forEach(stanzas, 8, async (stanza) => {
      const file = path.join(folder, path.basename(stanza.file))
      const bases = [this.urls.debian, this.urls.security]
      for (const base of existsSync(file) ? [] : bases) {
        const bytes = await fetchIfThere(`${base}/${stanza.file}`)
        if (bytes === undefined || sha256Of(bytes) !== stanza.sha256) continue
        writeFileSync(file, bytes)
        break
      }
      if (existsSync(file)) files.set(stanza, file)
    })
    return files
  }

  /** Ends the agent that holds the keys. */
  async close(): Promise<void> {
    await run(['gpgconf', '--homedir', this.#home], ['--kill', 'all'])
  }
}

import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cleanEnvironment, type Finished, run, succeed, whenOver } from './running.ts'

/** GnuPG with a home of its own; its agent ends with the tests of the file that made it. */
export class Gnupg {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>

  readonly #clock: readonly string[]

  /**
   * @param folder a scratch folder; its path must be short, for the agent's socket is below it
   * @param at what it takes for the present, in keys and signatures
   */
  constructor(folder: string, name = 'gnupg', at?: Date) {
    this.#clock = at === undefined ? [] : ['--faked-system-time', String(at.getTime() / 1000)]
    this.home = path.join(folder, name)
    mkdirSync(this.home, { mode: 0o700 })
    this.env = { ...cleanEnvironment(), GNUPGHOME: this.home }
    whenOver(() => run('gpgconf', ['--kill', 'all'], { env: this.env }))
  }

  /** Makes a key that signs, and returns its fingerprint. */
  async makeKey(user: string, passphrase = ''): Promise<string> {
    await this.#gpg(passphrase, ['--quick-generate-key', user, 'ed25519', 'sign', 'never'])
    const listing = await succeed('gpg', ['--batch', '--with-colons', '--list-keys', user], { env: this.env })
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1]
    if (fingerprint === undefined) throw new Error(`gpg made no key for ${user}`)
    return fingerprint
  }

  async exportPublic(key: string, file: string): Promise<void> {
    await writeFile(file, await this.#gpg('', ['--armor', '--export', key]))
  }

  async exportSecret(key: string, file: string, passphrase = ''): Promise<void> {
    await writeFile(file, await this.#gpg(passphrase, ['--armor', '--export-secret-keys', key]), { mode: 0o600 })
  }

  /** Writes the signed message that an InRelease is. */
  async clearsign(key: string, file: string, output: string): Promise<void> {
    await this.#gpg('', ['--local-user', key, '--yes', '--output', output, '--clearsign', file])
  }

  async detachSign(key: string, file: string, output: string): Promise<void> {
    await this.#gpg('', ['--local-user', key, '--yes', '--armor', '--output', output, '--detach-sign', file])
  }

  async #gpg(passphrase: string, args: readonly string[]): Promise<string> {
    const unlock = [...this.#clock, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', passphrase]
    return await succeed('gpg', [...unlock, ...args], { env: this.env })
  }
}

/** What `gpg --verify` says with this certificate alone in its keyring. */
export async function gpgVerify(
  folder: string,
  certificate: string,
  signature: string,
  file: string,
): Promise<Finished> {
  const gnupg = new Gnupg(folder, `verify-${path.basename(certificate)}-${process.hrtime.bigint()}`)
  await succeed('gpg', ['--batch', '--quiet', '--import', certificate], { env: gnupg.env })
  return await run('gpg', ['--batch', '--status-fd', '1', '--verify', signature, file], { env: gnupg.env })
}

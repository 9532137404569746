import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { succeed } from '../differential/tools.ts'

/** A folder of gpg's own, with its clock where it is put. */
export class Gpg {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** What gpg prints, one character for each byte. @param clock such as `2025-01-01 00:00:00`, in UTC */
  async run(clock: string, args: readonly string[], input = ''): Promise<string> {
    const quiet = ['--batch', '--no-tty', '--quiet', '--yes', '--passphrase', '']
    const environment = ['env', 'TZ=UTC', `GNUPGHOME=${this.#folder}`, 'faketime', '-f', `@${clock}`, 'gpg'] as const
    try {
      return await succeed(environment, [...quiet, ...args], input)
    } finally {
      // Its agent would keep the clock.
      await succeed(['env', `GNUPGHOME=${this.#folder}`, 'gpgconf'], ['--kill', 'all'])
    }
  }

  /** Makes an RSA key that signs, and returns its fingerprint. */
  async make(name: string, clock: string, ends = 'never', options: readonly string[] = []): Promise<string> {
    await this.run(clock, [...options, '--quick-gen-key', `${name} <${name}@example.org>`, 'rsa3072', 'sign', ends])
    const listing = await this.run(clock, ['--with-colons', '--list-keys', name])
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1]
    if (fingerprint === undefined) throw new Error(`gpg made no key ${name}`)
    return fingerprint
  }

  async export(key: string): Promise<Buffer> {
    return Buffer.from(await this.run('2030-01-01 00:00:00', ['--export', key]), 'latin1')
  }

  async clearsign(key: string, clock: string, text: string, digest = 'SHA512'): Promise<Buffer> {
    const signed = await this.run(clock, ['--digest-algo', digest, '-u', key, '--clearsign'], text)
    return Buffer.from(signed, 'latin1')
  }

  /** The certificate with its revocation. `no reason` is the one that gpg makes beside each key. */
  async revoked(key: string, clock: string, reason: 'no reason' | 'superseded'): Promise<Buffer> {
    const copy = new Gpg(`${this.#folder}.revoked`)
    cpSync(this.#folder, copy.#folder, { recursive: true, filter: (file) => !path.basename(file).startsWith('S.') })
    if (reason === 'no reason') {
      const made = readFileSync(path.join(copy.#folder, 'openpgp-revocs.d', `${key}.rev`), 'latin1')
      await copy.run(clock, ['--import'], made.replace(/^:-----BEGIN/m, '-----BEGIN'))
    } else {
      const answers = ['revkey', 'y', '2', '', 'y', 'save', ''].join('\n')
      await copy.run(clock, ['--command-fd', '0', '--pinentry-mode', 'loopback', '--edit-key', key], answers)
    }
    return await copy.export(key)
  }
}

/** The text of a flat archive's release file, which lists an empty index. */
export function releaseTextAt(date: string): string {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  const written = new Date(`${date.replace(' ', 'T')}Z`).toUTCString().replace('GMT', 'UTC')
  return `Suite: made\nCodename: made\nDate: ${written}\nSHA256:\n ${empty} 0 Packages\n`
}

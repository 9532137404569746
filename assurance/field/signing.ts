import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from '../honest/workplace.ts'

const UNLOCK = ['--batch', '--quiet', '--yes', '--pinentry-mode', 'loopback', '--passphrase', '']

/** Runs gpg with the keys of the workplace. */
export async function gpg(workplace: Workplace, folder: string, ...args: readonly string[]): Promise<string> {
  return await workplace.run('gpg', [...UNLOCK, ...args], folder)
}

export interface Signing {
  /** Fingerprints of who signs. */
  readonly signers: readonly string[]
  readonly form: 'InRelease' | 'Release.gpg' | 'both'
  /** What becomes of the InRelease as gpg wrote it. */
  readonly written?: (text: string) => string
}

/** Signs a release file in a folder, and leaves there what the form has. */
export async function signRelease(workplace: Workplace, place: string, text: string, signing: Signing): Promise<void> {
  const { signers, form, written = (same) => same } = signing
  const users = signers.flatMap((signer) => ['--local-user', signer])
  const file = path.join(place, 'Release')
  writeFileSync(file, text, 'latin1')
  if (form !== 'Release.gpg') {
    const signed = path.join(place, 'InRelease')
    await gpg(workplace, place, ...users, '--output', signed, '--clearsign', file)
    writeFileSync(signed, written(readFileSync(signed, 'latin1')), 'latin1')
  }
  if (form !== 'InRelease') {
    await gpg(workplace, place, ...users, '--armor', '--output', `${file}.gpg`, '--detach-sign', file)
  }
}

/** Writes the public keys of these names into one file, and returns its path. */
export async function keyringOf(workplace: Workplace, folder: string, ...names: readonly string[]): Promise<string> {
  const file = path.join(folder, 'keyring.gpg')
  const fingerprints = await Promise.all(names.map((name) => workplace.key(name)))
  writeFileSync(file, await gpg(workplace, folder, '--export', ...fingerprints), 'latin1')
  return file
}

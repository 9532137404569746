import { readFile } from 'node:fs/promises'
import { DebproofError } from '../errors.ts'
import type { Terminal } from './command.ts'

/** An armored private key as it was given, and where: for errors. */
export interface SigningInput {
  readonly armored: string
  readonly source: string
  readonly passphrase?: string
}

/**
 * The key of `--signing-key`, else that in DEBPROOF_SIGNING_KEY; undefined where neither is given.
 * @throws DebproofError KEY
 */
export async function readSigningInput(
  file: string | undefined,
  environment: Terminal['environment'],
): Promise<SigningInput | undefined> {
  const passphrase = environment['DEBPROOF_SIGNING_PASSPHRASE']
  const unlock = passphrase === undefined ? {} : { passphrase }
  if (file !== undefined) {
    try {
      return { armored: await readFile(file, 'utf8'), source: file, ...unlock }
    } catch (error) {
      throw new DebproofError('KEY', `The signing key ${file} cannot be read`, { cause: error })
    }
  }
  const armored = environment['DEBPROOF_SIGNING_KEY']
  return armored === undefined || armored === '' ? undefined : { armored, source: 'DEBPROOF_SIGNING_KEY', ...unlock }
}

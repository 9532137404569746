import { stat } from 'node:fs/promises'
import { DebproofError } from '../errors.ts'
import { MAX_KEYRING } from '../limits.ts'
import { readFileUpTo } from '../read-file-up-to.ts'

/** An armored private key as it was given, and where: for errors. */
export interface SigningInput {
  readonly armored: string
  readonly source: string
  readonly passphrase?: string
}

const ARMOR = '-----BEGIN PGP'

/**
 * The key of `--signing-key`, else that in DEBPROOF_SIGNING_KEY; undefined where neither is given. The variable holds
 * the key's text, or the name of a file with it, as a variable of GitLab's type "file" does.
 *
 * @throws DebproofError KEY
 */
export async function readSigningInput(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SigningInput | undefined> {
  const passphrase = environment['DEBPROOF_SIGNING_PASSPHRASE']
  const unlock = passphrase === undefined ? {} : { passphrase }
  if (file !== undefined)
    return { armored: await readKeyFile(file, `The signing key ${file}`), source: file, ...unlock }
  const given = environment['DEBPROOF_SIGNING_KEY']
  if (given === undefined || given.trim() === '') return undefined
  const source = 'DEBPROOF_SIGNING_KEY'
  if (given.includes(ARMOR)) return { armored: given, source, ...unlock }
  // Neither is the value shown: it may be a key that was cut or wrapped.
  if (
    given.includes('\n') ||
    !(await stat(given)
      .then((found) => found.isFile())
      .catch(() => false))
  ) {
    throw new DebproofError(
      'KEY',
      `${source} is neither an armored private key (${ARMOR} PRIVATE KEY BLOCK-----) nor the name of a file with one.`,
    )
  }
  return { armored: await readKeyFile(given, `The file that ${source} names`), source, ...unlock }
}

async function readKeyFile(file: string, what: string): Promise<string> {
  try {
    const bytes = await readFileUpTo(file, MAX_KEYRING)
    if (bytes === undefined) throw new Error(`it is larger than ${MAX_KEYRING} bytes`)
    return bytes.toString('utf8')
  } catch (error) {
    throw new DebproofError('KEY', `${what} cannot be read`, { cause: error })
  }
}

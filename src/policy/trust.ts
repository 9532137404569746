import path from 'node:path'
import { parseFingerprint } from '../archive/identity.ts'
import { Keyring, readCertificates, type TrustedFingerprint } from '../archive/keyring.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { closest } from '../spelling.ts'
import { type PolicyFiles, SHIPPED_FILE } from './policy-files.ts'
import { SHIPPED, shippedKeyrings } from './shipped-keys.ts'

/** Reads each keyring once, however many archives name it. */
export class TrustAnchors {
  readonly #folder: string
  readonly #files: PolicyFiles
  readonly #read = new Map<string, ReturnType<typeof readCertificates>>()

  /** @param folder what file names are relative to */
  constructor(folder: string, files: PolicyFiles) {
    this.#folder = folder
    this.#files = files
  }

  /**
   * Makes the keyring that `signed-by` describes: keyring files or names of shipped keyrings, and fingerprints that
   * restrict them, as `Signed-By` in sources.list(5).
   *
   * @throws DebproofError KEY
   */
  async keyring(signedBy: string | readonly string[], where: string): Promise<Keyring> {
    const words = [signedBy].flat().flatMap((item) => item.split(/[\s,]+/).filter((word) => word !== ''))
    const only: TrustedFingerprint[] = []
    const files: string[] = []
    for (const word of words) {
      const exact = word.endsWith('!')
      const fingerprint = parseFingerprint(exact ? word.slice(0, -1) : word)
      if (fingerprint !== undefined) only.push({ fingerprint, exact })
      else files.push(word)
    }
    if (files.length === 0) {
      throw new DebproofError(
        'KEY',
        `${where}: signed-by names no keyring; name the file that holds the key beside its fingerprint.`,
      )
    }
    const certificates = (await Promise.all(files.map((file) => this.certificates(file, where)))).flat()
    const keyring = new Keyring(certificates, only)
    for (const { fingerprint } of only) {
      const known = certificates.some((certificate) =>
        certificate.getKeys().some((key) => key.getFingerprint().toUpperCase() === fingerprint),
      )
      if (!known) throw new DebproofError('KEY', `${where}: no keyring of signed-by holds the key ${fingerprint}.`)
    }
    return keyring
  }

  /** The certificates of one keyring file, or of a shipped keyring. */
  async certificates(name: string, where: string): ReturnType<typeof readCertificates> {
    const shipped = Object.hasOwn(SHIPPED, name) ? SHIPPED[name] : undefined
    const file = shipped === undefined ? path.resolve(this.#folder, name) : `${SHIPPED_FILE}${shipped}`
    let reading = this.#read.get(file)
    if (reading === undefined) {
      reading =
        shipped === undefined ? readKeyringFile(this.#files, file, name, where) : readShipped(this.#files, file, name)
      this.#read.set(file, reading)
    }
    return await reading
  }
}

/** Parsed once in a process, whoever asks; read here, so that a run keeps it among its inputs. */
async function readShipped(files: PolicyFiles, file: string, name: string): ReturnType<typeof readCertificates> {
  await files.read(file)
  return [...((await shippedKeyrings()).get(name)?.certificates ?? [])]
}

async function readKeyringFile(
  files: PolicyFiles,
  file: string,
  name: string,
  where: string,
): ReturnType<typeof readCertificates> {
  let bytes: Uint8Array
  try {
    bytes = await files.read(file)
  } catch (error) {
    const suggestion = name.includes('/') || name.includes('.') ? undefined : closest(name, Object.keys(SHIPPED))
    const advice = suggestion === undefined ? '' : ` Did you mean the shipped keyring ${suggestion}?`
    const problem = systemErrorCode(error) === 'ENOENT' ? 'does not exist' : 'cannot be read'
    throw new DebproofError('KEY', `${where}: the keyring ${file} ${problem}.${advice}`, { cause: error })
  }
  return await readCertificates(bytes, file)
}

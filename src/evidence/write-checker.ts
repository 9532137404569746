import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { PACKAGE_ROOT } from '../package-root.ts'
import { CHECKER, partName } from '../report/earlier-report.ts'

/**
 * Puts the script beside a report that checks it and its evidence with gpgv, sha256sum, xz, gzip, base64 and awk, so that
 * nobody has to trust this program. An earlier one is replaced, whole or not at all.
 *
 * @param folder an output folder, which is there
 * @throws DebproofError OUTPUT
 */
export async function writeChecker(folder: string): Promise<void> {
  const script = await readFile(new URL(`recheck/${CHECKER}`, PACKAGE_ROOT))
  const temporary = path.join(folder, partName(CHECKER))
  try {
    await writeFile(temporary, script, { mode: 0o755, flag: 'wx' })
    await rename(temporary, path.join(folder, CHECKER))
  } catch (error) {
    await rm(temporary, { force: true })
    throw new DebproofError('OUTPUT', `${CHECKER} cannot be written to ${folder}; name another with --output`, {
      cause: error,
    })
  }
}

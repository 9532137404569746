import { lstat } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError, type ErrorCode, systemErrorCode } from '../errors.ts'

/**
 * Refuses a file of a store that is reached through a symbolic link: whoever may add files to a store must not make
 * anybody read, write or remove what lies elsewhere. The store's own folder may be one: whoever names it chose that.
 *
 * @param folder the store's
 * @param file a path below it, which need not exist
 * @throws DebproofError of the code
 */
export async function refuseLinks(folder: string, file: string, code: ErrorCode): Promise<void> {
  let place = folder
  for (const name of path.relative(folder, file).split(path.sep)) {
    place = path.join(place, name)
    try {
      if (!(await lstat(place)).isSymbolicLink()) continue
    } catch (error) {
      // Whoever opens it says why.
      if (systemErrorCode(error) === undefined) throw error
      return
    }
    throw new DebproofError(
      code,
      `${place} is a symbolic link, and none is followed within a store: put in its place what it points at, or take it away.`,
    )
  }
}

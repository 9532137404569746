import { DebproofError } from '../errors.ts'
import { findFiles } from '../find-files.ts'
import { MAX_LIST } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { ANYWHERE, type Places } from '../places.ts'
import type { ListSource } from '../policy/policy.ts'
import { listError } from './list-entry.ts'
import { type PackageList, parsePackageList, readPackageList } from './read-list.ts'

/**
 * Reads every package list of a build: files, folders, globs, and http(s) URLs.
 *
 * @param folder what relative paths are relative to
 * @param places where files may lie
 * @throws DebproofError PACKAGE_LIST, also for a glob that matches nothing
 */
export async function readPackageLists(
  sources: readonly ListSource[],
  folder: string,
  downloads: Downloads,
  places: Places = ANYWHERE,
): Promise<PackageList[]> {
  const lists: PackageList[] = []
  for (const { path: source, format } of sources) {
    if (/^https?:\/\//i.test(source)) {
      lists.push(await downloadList(source, format, downloads))
    } else {
      for (const file of await filesOf(source, folder, places)) lists.push(await readPackageList(file, format, places))
    }
  }
  if (lists.length === 0) {
    throw new DebproofError('PACKAGE_LIST', 'No package list was named: use --packages, or `packages:` in the policy.')
  }
  return lists
}

async function downloadList(source: string, format: string, downloads: Downloads): Promise<PackageList> {
  if (!URL.canParse(source)) throw new DebproofError('PACKAGE_LIST', `${source} is not a URL.`)
  const url = new URL(source)
  try {
    return parsePackageList(Buffer.from(await downloads.bytes(url, MAX_LIST)), url.pathname, format)
  } catch (error) {
    if (!(error instanceof DebproofError) || error.code === 'PACKAGE_LIST') throw error
    throw new DebproofError('PACKAGE_LIST', `The package list ${source} could not be fetched`, { cause: error })
  }
}

async function filesOf(source: string, folder: string, places: Places): Promise<string[]> {
  const found = await findFiles(source, folder, places).catch((error: unknown) => {
    throw listError(source, undefined, 'no list can be looked for here', error)
  })
  if (found.length > 0) return found
  throw new DebproofError('PACKAGE_LIST', `No file matches ${source} in ${folder}: was the build's list written there?`)
}

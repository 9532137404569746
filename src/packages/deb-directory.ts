import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { parseArchitecture, parsePackageName, parseSha256, parseVersion, type Sha256 } from '../archive/identity.ts'
import { MAX_DEBS, MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES } from '../limits.ts'
import { ANYWHERE, type Places } from '../places.ts'
import { type DebFile, readBuffer, readDebFile } from './deb-file.ts'
import { listError, quote } from './list-entry.ts'
import type { PackageListContent } from './list-format.ts'
import { refuseUnnamedDebs } from './unnamed-debs.ts'

/** The name of this format, which is not one of a file. */
export const DEB_DIRECTORY = 'deb-directory'

/** Reading the next file while one is hashed is all there is to gain within one thread. */
const PARALLEL = 2

/** What one .deb of a directory calls itself. */
export interface DebIdentity {
  /** Relative to the directory. */
  readonly path: string
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/**
 * Every .deb (and .udeb) below a directory, in the order of their relative paths. What a symbolic link leads to
 * counts only inside the directory: a link to a .deb or a directory outside is an error, not a package. So is a file
 * that is a .deb by its content alone, such as a .ddeb, unless these bytes are there as a .deb too: dpkg would install
 * it. All other files, source packages among them, are none of this list's.
 *
 * @param places where its files may lie
 * @returns the packages with the hash of each file, and a hash over all: the SHA-256 of the lines
 *   `<sha256>  <relative path>` in that order, as sha256sum(1) writes them
 * @throws DebproofError PACKAGE_LIST
 */
export async function readDebDirectory(
  path: string,
  places: Places = ANYWHERE,
): Promise<{ content: PackageListContent; sha256: Sha256; bytes: Uint8Array; debs: DebIdentity[] }> {
  const { paths, others } = await findDebs(path)
  if (paths.length === 0) throw listError(path, undefined, 'there is no .deb in this directory')
  const debs = await readAll(path, paths, places)
  await refuseUnnamedDebs(path, others, new Set(debs.map(({ deb }) => deb.sha256)))
  const bytes = Buffer.from(debs.map(({ relative, deb }) => `${deb.sha256}  ${relative}\n`).join(''))
  const sha256 = parseSha256(createHash('sha256').update(bytes).digest('hex'))
  if (sha256 === undefined) throw new Error('node:crypto gave no SHA-256')
  const packages = debs.map(({ deb: { name, version, architecture, sha256 } }) => {
    return { kind: 'binary', name, version, architecture, hash: { sha256, from: 'deb' } } as const
  })
  const identities = debs.map(({ relative, deb: { name, version, architecture } }) => {
    return { path: relative, name, version, architecture }
  })
  return { content: { packages }, sha256, bytes, debs: identities }
}

/**
 * The same packages from what was kept of a directory.
 *
 * @param bytes the lines that its hash is of
 * @throws DebproofError PACKAGE_LIST where the two do not fit
 */
export function contentOfDebs(path: string, bytes: Uint8Array, debs: readonly DebIdentity[]): PackageListContent {
  const lines = Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1)
  if (lines.length !== debs.length) throw listError(path, undefined, 'what was kept of this directory does not fit')
  const packages = debs.map((deb, index) => {
    const line = lines[index] ?? ''
    const sha256 = parseSha256(line.slice(0, 64))
    const name = parsePackageName(deb.name)
    const version = parseVersion(deb.version)
    const architecture = parseArchitecture(deb.architecture)
    const fits = line.slice(64) === `  ${deb.path}`
    if (!fits || sha256 === undefined || name === undefined || version === undefined || architecture === undefined) {
      throw listError(path, index + 1, 'what was kept of this .deb does not fit')
    }
    return { kind: 'binary', name, version, architecture, hash: { sha256, from: 'deb' } } as const
  })
  return { packages }
}

async function readAll(
  root: string,
  paths: readonly string[],
  places: Places,
): Promise<{ relative: string; deb: DebFile }[]> {
  const debs = new Map<string, DebFile>()
  const waiting = paths.values()
  let failed = false
  const work = async (): Promise<void> => {
    const buffer = readBuffer()
    for (const relative of waiting) {
      if (failed) return
      try {
        debs.set(relative, await readDebFile(join(root, relative), buffer, places))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  // Both are waited for, so that nothing reads on after an error was reported.
  const results = await Promise.allSettled(Array.from({ length: PARALLEL }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return paths.flatMap((relative) => {
    const deb = debs.get(relative)
    return deb === undefined ? [] : [{ relative, deb }]
  })
}

/**
 * The relative paths of all .debs, and those of all other files, with `/` between their parts, sorted by code units.
 */
async function findDebs(root: string): Promise<{ readonly paths: string[]; readonly others: string[] }> {
  const found: string[] = []
  const others: string[] = []
  const realRoot = await realpath(root)
  let seen = 0
  const visit = async (directory: string, depth: number): Promise<void> => {
    if (depth > MAX_FOLDER_DEPTH) throw listError(root, undefined, `directories may be ${MAX_FOLDER_DEPTH} deep`)
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const relative = directory === '' ? entry.name : `${directory}/${entry.name}`
      seen += 1
      if (seen > MAX_FOLDER_ENTRIES)
        throw listError(root, undefined, `a directory may have ${MAX_FOLDER_ENTRIES} entries`)
      if (entry.isDirectory()) await visit(relative, depth + 1)
      else if (await isDeb(root, realRoot, relative, entry)) found.push(relative)
      else if (entry.isFile()) others.push(relative)
      if (found.length > MAX_DEBS) throw listError(root, undefined, `a directory may have ${MAX_DEBS} .debs`)
    }
  }
  await visit('', 0)
  return { paths: found.sort(), others: others.sort() }
}

async function isDeb(root: string, realRoot: string, relative: string, entry: Dirent): Promise<boolean> {
  const named = /\.u?deb$/.test(entry.name)
  const regular = entry.isSymbolicLink() ? await leadsToFile(root, realRoot, relative, named) : entry.isFile()
  if (!named) return false
  // A line feed in a name would make two lines of one in the hash over all.
  if (/[\p{Cc}\ufffd]/u.test(relative)) throw listError(root, undefined, `the name ${quote(relative)} cannot be used`)
  if (!regular) throw listError(join(root, relative), undefined, 'this is not a file')
  return true
}

async function leadsToFile(root: string, realRoot: string, relative: string, named: boolean): Promise<boolean> {
  const link = join(root, relative)
  try {
    const target = await realpath(link)
    const status = await stat(target)
    const outside = !target.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep) && target !== realRoot
    if (outside && (named || status.isDirectory())) {
      throw listError(link, undefined, 'this symbolic link leads out of the directory: copy what it points to')
    }
    return status.isFile()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

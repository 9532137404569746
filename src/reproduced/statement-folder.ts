import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { MAX_FOLDER_DEPTH, MAX_STATEMENT_FILES, MAX_STATEMENT_FOLDER_ENTRIES } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import type { StatementFormat } from '../policy/policy.ts'

/**
 * The files below a folder that may hold statements, sorted by their paths. Of a file that is there under several
 * names, through symbolic links, one is given. A link to a folder is not followed: what lies below is looked into
 * where it lies, so there is no going round in circles. A link that leads elsewhere, to a folder or a wanted file, is
 * an error: what is behind it would be missing without a word.
 *
 * @param base a `file:` URL
 * @param wanted by the name of a file, without folders
 * @param entered by the name of a folder: whether to look for files in it
 * @throws DebproofError FETCH also where the folder does not exist, which is not the same as an empty one; TOO_LARGE
 */
export async function listStatementFiles(
  base: URL,
  wanted: (name: string) => boolean,
  entered: (folder: string) => boolean = () => true,
): Promise<URL[]> {
  try {
    const root = await realpath(fileURLToPath(base))
    return await list(root, fileURLToPath(base), wanted, entered)
  } catch (error) {
    if (error instanceof DebproofError) throw error
    const code = systemErrorCode(error)
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR'
    throw new DebproofError(
      'FETCH',
      isAbsent ? `The folder ${base.href} does not exist.` : `The folder ${base.href} could not be read`,
      { cause: isAbsent ? undefined : error },
    )
  }
}

/**
 * The same, where a run may be recorded.
 * @param format tells apart what is looked for in one folder
 */
export async function recordedStatementFiles(
  downloads: Downloads,
  base: URL,
  format: StatementFormat,
  wanted: (name: string) => boolean,
  entered?: (folder: string) => boolean,
): Promise<URL[]> {
  const names = await downloads.names(new URL(`#${format}`, base), async () =>
    (await listStatementFiles(base, wanted, entered)).map(({ href }) => href),
  )
  return names.map((href) => new URL(href))
}

async function list(
  root: string,
  written: string,
  wanted: (name: string) => boolean,
  entered: (folder: string) => boolean,
): Promise<URL[]> {
  /** By real path, the path below the folder that the file is given by. */
  const files = new Map<string, string>()
  const links: string[] = []
  let seen = 0
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > MAX_FOLDER_DEPTH) throw tooLarge(written, `has folders more than ${MAX_FOLDER_DEPTH} deep`)
    for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
      const below = path.join(folder, entry.name)
      seen += 1
      if (seen > MAX_STATEMENT_FOLDER_ENTRIES) {
        throw tooLarge(written, `has more than ${MAX_STATEMENT_FOLDER_ENTRIES} entries`)
      }
      if (entry.isDirectory()) {
        if (entered(entry.name)) await visit(below, depth + 1)
      } else if (entry.isSymbolicLink()) {
        links.push(below)
      } else if (entry.isFile() && wanted(entry.name)) {
        files.set(path.join(root, below), below)
      }
      if (files.size + links.length > MAX_STATEMENT_FILES) {
        throw tooLarge(written, `has more than ${MAX_STATEMENT_FILES} files that may be statements`)
      }
    }
  }
  await visit('', 0)
  for (const link of links.sort()) {
    const target = await targetOf(path.join(root, link))
    if (target === undefined || (target.isFile && !wanted(path.basename(link)))) continue
    const below = path.relative(root, target.path)
    if (below === '..' || below.startsWith(`..${path.sep}`) || path.isAbsolute(below)) {
      const name = pathToFileURL(path.join(written, link)).href
      throw new DebproofError('FETCH', `${name} is a symbolic link out of its folder: copy what it points to.`)
    }
    const isEntered = below.split(path.sep).slice(0, -1).every(entered)
    if (target.isFile && isEntered && !files.has(target.path)) files.set(target.path, link)
  }
  return [...files.values()].sort().map((below) => pathToFileURL(path.join(written, below)))
}

/** The file or folder that a link leads to in the end, if it leads to one. */
async function targetOf(link: string): Promise<{ readonly path: string; readonly isFile: boolean } | undefined> {
  try {
    const target = await realpath(link)
    const status = await stat(target)
    return status.isFile() || status.isDirectory() ? { path: target, isFile: status.isFile() } : undefined
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function tooLarge(folder: string, problem: string): DebproofError {
  return new DebproofError('TOO_LARGE', `The folder ${pathToFileURL(folder).href} ${problem}.`)
}

import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { MAX_LINKS } from '../limits.ts'

/**
 * Where a file of the system under `root` is, with symbolic links followed as inside a chroot: an absolute
 * link must not lead to the host's file, which could be another keyring. It need not exist.
 *
 * @throws DebproofError POLICY
 */
export function pathInSystem(root: string, path: string): string {
  const todo = path.split('/')
  let inside = '/'
  let links = 0
  for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
    const next = posix.join(inside, part)
    const target = linkTarget(join(root, next))
    if (target === undefined) {
      inside = next
      continue
    }
    links += 1
    if (links > MAX_LINKS) throw new DebproofError('POLICY', `${join(root, path)} has too many symbolic links`)
    if (target.startsWith('/')) inside = '/'
    todo.unshift(...target.split('/'))
  }
  return join(root, inside)
}

/** What is at a path of the system under `root`; undefined where there is nothing. */
export function statInSystem(root: string, path: string): Stats | undefined {
  return attempt(join(root, path), () => statSync(pathInSystem(root, path), { throwIfNoEntry: false }))
}

/**
 * A regular file's text; undefined where there is none (apt too skips what is no regular file).
 *
 * @param limit bytes that it may have
 * @throws DebproofError POLICY
 */
export function readSystemFile(root: string, file: string, limit: number): string | undefined {
  const found = statInSystem(root, file)
  if (!found?.isFile()) return undefined
  const shown = join(root, file)
  if (found.size > limit) throw new DebproofError('POLICY', `${shown} is larger than ${limit} bytes`)
  return attempt(shown, () => readFileSync(pathInSystem(root, file), 'utf8'))
}

/** The files of a `.d` directory that apt reads, sorted: sources.list(5), and `:`, which apt takes too. */
export function filesOf(root: string, directory: string, extensions: readonly string[]): string[] {
  if (!statInSystem(root, directory)?.isDirectory()) return []
  const name = new RegExp(`^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*\\.(?:${extensions.join('|')})$`)
  return attempt(join(root, directory), () => readdirSync(pathInSystem(root, directory)))
    .filter((entry) => name.test(entry))
    .sort()
    .map((entry) => posix.join(directory, entry))
}

function linkTarget(path: string): string | undefined {
  return attempt(path, () =>
    lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined,
  )
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new DebproofError('POLICY', `${path} cannot be read: check its permissions, or the root directory given`, {
      cause: error,
    })
  }
}

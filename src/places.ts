import { type FileHandle, readlink, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemErrorCode } from './errors.ts'

/** A file that a policy names lies where it may not be read. Its message is for people, as a part of a sentence. */
export class ElsewhereError extends Error {}

/** Opens a file to be read; undefined for what is no file. */
export type Opening<T extends FileHandle | undefined> = (file: string | URL) => Promise<T>

/**
 * Where the files may lie that a policy names: keyrings, package lists, apt's lists, stores, and whatever `file:` URLs
 * lead to. Every one of them is opened through this, wherever it is read.
 */
export interface Places {
  /** Opens a file, after links are resolved. @throws Error for one that lies elsewhere, and as `opening` does */
  open<T extends FileHandle | undefined>(file: string | URL, opening: Opening<T>): Promise<T>
  /** The same for a folder that is to be listed, or before a look at a file. @throws Error */
  check(place: string | URL): Promise<void>
  /** The same for a file that the user named: what lies elsewhere is his own, unless a link in here leads there. */
  openNamed<T extends FileHandle | undefined>(file: string | URL, opening: Opening<T>): Promise<T>
  readonly isConfined: boolean
}

/** No limit: nobody but the user wrote the policy. */
export const ANYWHERE: Places = {
  open: async (file, opening) => await opening(file),
  openNamed: async (file, opening) => await opening(file),
  check: async () => {},
  isConfined: false,
}

/** Where a system keeps keyrings, apt its lists and dpkg its status; never logins, as /etc/apt/auth.conf does. */
const OF_THE_SYSTEM = [
  '/usr/share/keyrings',
  '/etc/apt/keyrings',
  '/etc/apt/trusted.gpg',
  '/etc/apt/trusted.gpg.d',
  '/var/lib/apt/lists',
  '/var/lib/dpkg/status',
]

/**
 * Files below a workspace alone, after all links of their path are resolved: for a policy that strangers wrote. What
 * the system keeps for all to read may be named too, and what the user allows. Below `.git` nothing is read, for a
 * checkout leaves its token there.
 *
 * @param workspace the folder of the checkout
 * @param allowed more folders
 */
export function placesBelow(workspace: string, allowed: readonly string[]): Places {
  const roots = [workspace, ...allowed, ...OF_THE_SYSTEM].map((root) => path.resolve(root))

  const refuseElsewhere = async (real: string): Promise<void> => {
    let isHidden = false
    for (const root of roots) {
      const below = path.relative(await realpath(root).catch(() => root), real)
      if (isOutside(below)) continue
      if (!below.split(path.sep).some((part) => part.toLowerCase() === '.git')) return
      isHidden = true
    }
    throw new ElsewhereError(
      isHidden
        ? 'it lies below .git, where a checkout leaves its token'
        : `it lies outside of ${workspace}, and in a pipeline for a pull or merge request a policy reads nothing else: ` +
            'copy it there, or allow its folder with --allow-path',
    )
  }

  const realPathOf = async (place: string | URL): Promise<string> => {
    const written = path.resolve(typeof place === 'string' ? place : fileURLToPath(place))
    const real = await realPathUpTo(written)
    await refuseElsewhere(real)
    // What is not there is told by whoever opens it, once it is known that it would lie here.
    return await realpath(written).catch(() => written)
  }

  const open: Places['open'] = async (file, opening) => {
    const real = await realPathOf(file)
    const handle = await opening(real)
    if (handle === undefined) return handle
    try {
      // A folder on the way may have become a link meanwhile.
      await refuseElsewhere(await placeOf(handle, real))
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  return {
    open,
    openNamed: async (file, opening) => {
      const written = path.resolve(typeof file === 'string' ? file : fileURLToPath(file))
      const workspaces = [path.resolve(workspace), await realpath(workspace).catch(() => workspace)]
      const isHere = workspaces.some((root) => !isOutside(path.relative(root, written)))
      return await (isHere ? open(file, opening) : opening(file))
    },
    check: async (place) => {
      await realPathOf(place)
    },
    isConfined: true,
  }
}

function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
}

/** Of what is not there, the real path that it would have: whether something exists elsewhere is nobody's business. */
async function realPathUpTo(place: string): Promise<string> {
  try {
    return await realpath(place)
  } catch (error) {
    const code = systemErrorCode(error)
    const parent = path.dirname(place)
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || parent === place) throw error
    return path.join(await realPathUpTo(parent), path.basename(place))
  }
}

/** Where lies what was opened: the kernel knows it (proc(5), /proc/PID/fd); elsewhere it must still be what lies there. */
async function placeOf(handle: FileHandle, opened: string): Promise<string> {
  const known = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined)
  if (known?.startsWith('/') === true) return known
  const [own, now] = [await handle.stat(), await stat(opened)]
  if (own.dev !== now.dev || own.ino !== now.ino) throw new Error('it became another file while it was opened')
  return await realpath(opened)
}

import { type FileHandle, statfs } from 'node:fs/promises'

/** Types of file systems that the kernel makes up (linux/magic.h): proc, sysfs, devpts, securityfs, debugfs, cgroup. */
const MADE_UP = new Set([0x9fa0, 0x62656572, 0x1cd1, 0x73636673, 0x64626720, 0x27e0eb, 0x63677270])

/** That of pipes without a name (linux/magic.h). */
const PIPES = 0x50495045

/**
 * Refuses a file in which the kernel tells of processes and devices, such as `/proc/self/environ` with all secrets of
 * a job: a policy, which a pull request may bring, or a symbolic link beside it could name one, and what is read is
 * kept as evidence.
 *
 * @throws Error
 */
export async function refuseKernelFile(file: string | URL | FileHandle): Promise<void> {
  // By now something else may lie under the name of a file that was opened.
  const place = typeof file === 'object' && 'fd' in file ? `/proc/self/fd/${file.fd}` : file
  // What cannot be asked about cannot be read either, and whoever opens it says why.
  const found = await fileSystemOf(place)
  if (found !== undefined && MADE_UP.has(found.type)) {
    throw new Error('it is no file on a disk: the kernel makes it up')
  }
}

/** Whether an open pipe has no name in any file system: whoever started this program holds its other end. */
export async function isNamelessPipe(handle: FileHandle): Promise<boolean> {
  return (await fileSystemOf(`/proc/self/fd/${handle.fd}`))?.type === PIPES
}

/** Undefined where it cannot be asked. */
async function fileSystemOf(place: string | URL): Promise<{ readonly type: number } | undefined> {
  // Under its permission model Node 20 rejects a promise that nobody has.
  const isForbidden = typeof place === 'string' && process.permission?.has('fs.read', place) === false
  return isForbidden ? undefined : await statfs(place).catch(() => undefined)
}

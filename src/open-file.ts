import type { Stats } from 'node:fs'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { isNamelessPipe, refuseKernelFile } from './kernel-file.ts'

/**
 * Opens a file to be read. What lay under the name when somebody looked at it may be another thing by now: what was
 * opened is looked at itself. A pipe is not waited for, as it would be beyond every time limit.
 *
 * @returns undefined for what is no file
 * @throws as node:fs does, and for what the kernel makes up
 */
export async function openFile(file: string | URL): Promise<FileHandle | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if ((await handle.stat()).isFile()) {
      await refuseKernelFile(handle)
      return handle
    }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return undefined
}

/**
 * Opens what a user names to be read: a file, or the pipe that a shell hands over (`/dev/stdin`, `<(…)`). A device may
 * have no end, and a pipe with a name may have nobody who writes to it.
 *
 * @param options `blockDevice`: a disc is also taken, which has an end
 * @throws as node:fs does; Error for what is of another kind, or made up by the kernel
 */
export async function openInput(file: string | URL, { blockDevice = false } = {}): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    await refuseKernelFile(handle)
    const found = await handle.stat()
    // A folder is refused when it is read, in words of the system that everybody knows.
    if (found.isFile() || found.isDirectory() || (blockDevice && found.isBlockDevice())) return handle
    if (!found.isFIFO() || !(await isNamelessPipe(handle))) {
      throw new Error(`it is ${kindOf(found)}: name a file, or write it to one first`)
    }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  // Now it may be waited for: there is, or was, somebody who writes.
  return await open(file)
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'a pipe with a name'
  return found.isSocket() ? 'a socket' : 'a device'
}

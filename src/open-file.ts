import { constants, type FileHandle, open } from 'node:fs/promises'
import { refuseKernelFile } from './kernel-file.ts'

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

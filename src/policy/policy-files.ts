import { open, readFile } from 'node:fs/promises'
import { refuseKernelFile } from '../kernel-file.ts'
import { PACKAGE_ROOT } from '../package-root.ts'

/** How the policy, and the files that it names, are read: whoever keeps evidence sees them all. */
export interface PolicyFiles {
  /**
   * @param file a path, or SHIPPED_FILE and a path in this package
   * @throws as node:fs does
   */
  read(file: string): Promise<Uint8Array>
}

/** What comes with the program is known by its place in the package, wherever that is installed. */
export const SHIPPED_FILE = 'shipped:'

export const filesOnDisk: PolicyFiles = {
  read: async (file) => {
    if (file.startsWith(SHIPPED_FILE)) return await readFile(new URL(file.slice(SHIPPED_FILE.length), PACKAGE_ROOT))
    await refuseKernelFile(file)
    const handle = await open(file)
    try {
      await refuseKernelFile(handle)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  },
}

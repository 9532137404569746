import { refuseKernelFile } from '../kernel-file.ts'
import { MAX_KEYRING } from '../limits.ts'
import { PACKAGE_ROOT } from '../package-root.ts'
import { ANYWHERE, type Places } from '../places.ts'
import { readFileUpTo } from '../read-file-up-to.ts'

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

export const filesOnDisk: PolicyFiles = filesWithin(ANYWHERE)

/** @param policy the policy itself, which the user named */
export function filesWithin(places: Places, policy?: string): PolicyFiles {
  return {
    read: async (file) => {
      if (file.startsWith(SHIPPED_FILE)) return await readSmall(new URL(file.slice(SHIPPED_FILE.length), PACKAGE_ROOT))
      const opened = file === policy ? places.openNamed : places.open
      return await readSmall(file, async (named, opening) =>
        opened(named, async (place) => {
          await refuseKernelFile(place)
          return await opening(place)
        }),
      )
    },
  }
}

/** Of all that a policy names, a keyring may be the largest. Whoever parses the others has narrower limits. */
async function readSmall(file: string | URL, opened: Places['open'] = ANYWHERE.open): Promise<Uint8Array> {
  const bytes = await readFileUpTo(file, MAX_KEYRING, opened)
  if (bytes === undefined) throw new Error(`it is larger than ${MAX_KEYRING} bytes`)
  return bytes
}

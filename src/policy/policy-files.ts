import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
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
      return await readSmall(file, file === policy ? places.openNamed : places.open)
    },
  }
}

/** The same files, and the SHA-256 of each that is read under its path. */
export function hashedFiles(files: PolicyFiles): { readonly files: PolicyFiles; readonly read: Map<string, Sha256> } {
  const read = new Map<string, Sha256>()
  const hashed: PolicyFiles = {
    read: async (file) => {
      const bytes = await files.read(file)
      read.set(file, sha256Of(bytes))
      return bytes
    },
  }
  return { files: hashed, read }
}

/**
 * The files that a policy names, called so that no place on a machine shows: relative to the policy where they are
 * below it, else by the last part of their names. Sorted, each once.
 *
 * @param read paths, or SHIPPED_FILE and a path, each with the SHA-256 of the bytes
 * @param folder what the policy's relative names are relative to
 */
export function namedFiles(
  read: Iterable<readonly [file: string, sha256: string]>,
  folder: string,
): { name: string; sha256: string }[] {
  const named = new Map<string, { name: string; sha256: string }>()
  for (const [file, sha256] of read) {
    const name = nameOf(file, folder)
    named.set(`${name}\n${sha256}`, { name, sha256 })
  }
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file)
}

function nameOf(file: string, folder: string): string {
  if (file.startsWith(SHIPPED_FILE)) return file
  const relative = path.relative(folder, file)
  return relative.split(path.sep)[0] === '..' || path.isAbsolute(relative) ? path.basename(file) : relative
}

/** Of all that a policy names, a keyring may be the largest. Whoever parses the others has narrower limits. */
async function readSmall(file: string | URL, opened: Places['open'] = ANYWHERE.open): Promise<Uint8Array> {
  const bytes = await readFileUpTo(file, MAX_KEYRING, opened)
  if (bytes === undefined) throw new Error(`it is larger than ${MAX_KEYRING} bytes`)
  return bytes
}

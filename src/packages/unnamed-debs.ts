import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha256 } from '../archive/identity.ts'
import { openFile } from '../open-file.ts'
import { readBuffer, readDebFile } from './deb-file.ts'
import { listError } from './list-entry.ts'

/**
 * Refuses a folder in which a .deb is not called one: dpkg installs it all the same, and who gives the folder believes
 * it to be in the list. Where its bytes are there under a name of a .deb too, as in a store of contents with links into
 * it, nothing is missing.
 *
 * @param others the files of the folder that are not called .deb, relative to it
 * @param listed the hashes of those that are
 * @throws DebproofError PACKAGE_LIST that names the file
 */
export async function refuseUnnamedDebs(
  root: string,
  others: readonly string[],
  listed: ReadonlySet<Sha256>,
): Promise<void> {
  const buffer = readBuffer()
  for (const relative of others) {
    const path = join(root, relative)
    if (!(await startsAsDeb(path)) || listed.has((await readDebFile(path, buffer)).sha256)) continue
    throw listError(path, undefined, 'this is a .deb, and its name does not end in .deb: rename it, or move it away')
  }
}

/** deb(5): an ar archive whose first member is debian-binary. */
const START = '!<arch>\ndebian-binary'

async function startsAsDeb(path: string): Promise<boolean> {
  // The lock of apt's cache is not open to all, and empty.
  if ((await stat(path)).size < START.length) return false
  const file = await openFile(path)
  if (file === undefined) return false
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START.length), 0, START.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === START
  } finally {
    await file.close()
  }
}

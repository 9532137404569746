import { appendFile, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { succeed } from './running.ts'

/**
 * Changes a .deb as somebody with access to a server could: unpacked, one of its files changed, built again in its
 * place under the same name and version. Returns the changed file's path in the package.
 */
export async function rebuildChanged(deb: string, scratch: string): Promise<string> {
  const folder = await mkdtemp(path.join(scratch, 'unpacked-'))
  try {
    await succeed('dpkg-deb', ['-R', deb, folder])
    const file = await firstFile(folder)
    await appendFile(path.join(folder, file), '\n# This line is not of the package.\n')
    await succeed('dpkg-deb', ['--root-owner-group', '-b', folder, deb])
    return file
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The first file that a package installs. */
async function firstFile(folder: string): Promise<string> {
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.startsWith('DEBIAN') && (await lstat(path.join(folder, name))).isFile()) return name
  }
  throw new Error(`the package unpacked in ${folder} installs no file`)
}

import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { systemErrorCode } from './errors.ts'

/**
 * Makes a folder and those above it. Not Node's `recursive`: that tries for ever where a file system refuses a new
 * folder with ENOENT although its parent is there, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    const parent = path.dirname(path.resolve(folder))
    if (code !== 'ENOENT' || parent === path.resolve(folder)) throw error
    await makeFolder(parent)
    await mkdir(folder)
  }
}

import { stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * The files and folders that a path or a glob names, sorted. A path that exists is taken as it is, whatever
 * characters it holds; one that is no glob is returned without a look at the disk.
 */
export async function findFiles(pattern: string, folder: string): Promise<string[]> {
  const file = path.resolve(folder, pattern)
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(pattern) || (await exists(file))) return [file]
  const options = { cwd: folder, absolute: true, dot: true, onlyFiles: false, expandDirectories: false }
  return (await glob(pattern, options)).map((name) => path.normalize(name)).sort()
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  )
}

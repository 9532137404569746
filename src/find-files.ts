import { type Dirent, readdir } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { ANYWHERE, type Places } from './places.ts'

/**
 * The files and folders that a path or a glob names, sorted. A path that exists is taken as it is, whatever
 * characters it holds; one that is no glob is returned without a look at the disk.
 *
 * @param places where folders may lie that are looked into; others are to a glob as if they were empty
 * @throws Error for a glob that begins elsewhere
 */
export async function findFiles(pattern: string, folder: string, places: Places = ANYWHERE): Promise<string[]> {
  const file = path.resolve(folder, pattern)
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(pattern)) return [file]
  const parts = pattern.split('/')
  const fixed = parts
    .slice(
      0,
      parts.findIndex((part) => isDynamicPattern(part)),
    )
    .join('/')
  await places.check(path.resolve(folder, pattern.startsWith('/') ? `/${fixed}` : fixed))
  if (await exists(file)) return [file]
  const options = { cwd: folder, absolute: true, dot: true, onlyFiles: false, expandDirectories: false }
  // The library calls one of the forms that its type asks for.
  if (places.isConfined) Reflect.set(options, 'fs', { readdir: readingWithin(places) })
  return (await glob(pattern, options)).map((name) => path.normalize(name)).sort()
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  )
}

type ReadDirectory = (
  folder: string,
  options: { readonly withFileTypes: true },
  done: (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void,
) => void

/** As `fs.readdir`, of folders in their places. */
function readingWithin(places: Places): ReadDirectory {
  return (folder, options, done) => {
    places.check(folder).then(
      () => readdir(folder, options, done),
      () => done(null, []),
    )
  }
}

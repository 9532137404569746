import { createReadStream } from 'node:fs'
import { chmod, copyFile, link, lstat, opendir, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { MAX_CACHE_DEPTH, MAX_CACHE_FILES, MAX_INDEX, MAX_SAVED_CACHE } from '../limits.ts'
import { makeFolder } from '../make-folder.ts'
import { digestOf } from './tape.ts'

/** The name of a file of content. */
export const SHA256_NAME = /^[0-9a-f]{64}$/

/** Where, in the folder of a cache, the content with this hash is. */
export function contentPath(folder: string, sha256: string): string {
  return path.join(folder, 'sha256', sha256.slice(0, 2), sha256)
}

/**
 * Moves into the cache what lies anywhere below a folder that somebody else filled: regular files whose name is the
 * SHA-256 of their bytes, and nothing else. Links are not followed.
 *
 * @returns how many files were taken
 */
export async function adoptContent(from: string, cache: string): Promise<number> {
  let taken = 0
  let size = 0
  for await (const file of filesBelow(from)) {
    const sha256 = path.basename(file)
    const bytes = SHA256_NAME.test(sha256) ? await sizeOfWhole(file) : undefined
    if (bytes === undefined) continue
    // Hashing is what takes time: no more is looked at than one entry may hold.
    size += bytes
    if (size > MAX_SAVED_CACHE) break
    if (!(await isItsOwnHash(file, sha256))) continue
    const place = contentPath(cache, sha256)
    await makeFolder(path.dirname(place))
    // Another disk takes a copy; a place that cannot be written keeps nothing.
    await rename(file, place).catch(async () => await copyFile(file, place))
    await chmod(place, 0o644)
    taken += 1
  }
  return taken
}

/**
 * Gathers content of the cache in another folder, side by side, as links where that is possible.
 *
 * @returns the hashes of what is there now, in the order in which they were given: no more than may be saved
 */
export async function gatherContent(cache: string, hashes: readonly string[], into: string): Promise<string[]> {
  await makeFolder(into)
  const gathered: string[] = []
  let size = 0
  for (const sha256 of hashes) {
    const file = contentPath(cache, sha256)
    const bytes = SHA256_NAME.test(sha256) ? await sizeOf(file) : undefined
    if (bytes === undefined || size + bytes > MAX_SAVED_CACHE) continue
    const place = path.join(into, sha256)
    await link(file, place).catch(async () => await copyFile(file, place))
    size += bytes
    gathered.push(sha256)
  }
  return gathered
}

async function* filesBelow(folder: string, depth = 0, seen = { files: 0 }): AsyncGenerator<string> {
  if (depth > MAX_CACHE_DEPTH) return
  const entries = await opendir(folder).catch(() => undefined)
  if (entries === undefined) return
  for await (const entry of entries) {
    seen.files += 1
    if (seen.files > MAX_CACHE_FILES) return
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(file, depth + 1, seen)
    else if (entry.isFile()) yield file
  }
}

/** The size of a plain file that an index may have, none of which is a hole: a few bytes could stand for gigabytes. */
async function sizeOfWhole(file: string): Promise<number | undefined> {
  const found = await lstat(file).catch(() => undefined)
  if (found?.isFile() !== true || found.size > MAX_INDEX || found.blocks * 512 < found.size) return undefined
  return found.size
}

async function isItsOwnHash(file: string, sha256: string): Promise<boolean> {
  const digest = await digestOf(createReadStream(file)).catch(() => undefined)
  return digest?.sha256 === sha256
}

async function sizeOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
}

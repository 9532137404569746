import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseSha256 } from '../../src/archive/identity.ts'
import { systemErrorCode } from '../../src/errors.ts'
import { formatSighting, parseSighting, type Sighting, sightingName } from '../../src/store/sighting.ts'
import { objectPath, parseSightingName, suiteFolder, suiteOfFolder } from '../../src/store/store-layout.ts'
import { sha256Hex } from './signed-archive.ts'

/** Reads a sighting of a store by its file. */
export function sightingOf(file: string): Sighting {
  const name = parseSightingName(path.basename(file))
  const suite = suiteOfFolder(path.basename(path.dirname(file)))
  if (name === undefined || suite === undefined) throw new Error(`${file} is no sighting`)
  return parseSighting(readFileSync(file, 'utf8'), file, name, suite)
}

/** Writes a sighting into a store as anybody can: it is what its name says. Returns the file. */
export function addSighting(store: string, sighting: Sighting): string {
  return addFile(path.join(suiteFolder(store, sighting.suite), sightingName(sighting)), formatSighting(sighting))
}

/** Writes an object into a store, under its hash unless it is said to be another. */
export function addObject(store: string, content: string | Uint8Array, name = sha256Hex(content)): string {
  const sha256 = parseSha256(name)
  if (sha256 === undefined) throw new Error(`${name} is no SHA-256`)
  return addFile(objectPath(store, sha256), content)
}

/** Writes a file and the folders above it. What is there already stays as it is. */
export function addFile(file: string, content: string | Uint8Array): string {
  unlessThere(() => {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content, { flag: 'wx' })
  })
  return file
}

/** Does what adds something, unless something else is in its place. */
export function unlessThere(add: () => void): void {
  try {
    add()
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENOENT'].includes(systemErrorCode(error) ?? '')) throw error
  }
}

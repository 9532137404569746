import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import {
  objectPath,
  objectsFolder,
  parseSightingName,
  type SightingName,
  sightingsFolder,
  suiteOfFolder,
} from './store-layout.ts'

/** All that a store holds, and what lies there that is not its own. */
export interface StoreListing {
  readonly objects: readonly { readonly sha256: Sha256; readonly size: number }[]
  readonly sightings: readonly { readonly suite: string; readonly name: SightingName }[]
  /** Paths. */
  readonly foreign: readonly string[]
}

/** @throws as node:fs does */
export async function listStore(folder: string): Promise<StoreListing> {
  const foreign: string[] = []
  const objects: { sha256: Sha256; size: number }[] = []
  for (const [parent, name] of await grandchildren(objectsFolder(folder), foreign)) {
    const sha256 = parseSha256(name)
    const file = path.join(objectsFolder(folder), parent, name)
    if (sha256 === undefined || objectPath(folder, sha256) !== file) foreign.push(file)
    else objects.push({ sha256, size: (await stat(file)).size })
  }
  const sightings: { suite: string; name: SightingName }[] = []
  for (const [parent, file] of await grandchildren(sightingsFolder(folder), foreign)) {
    const suite = suiteOfFolder(parent)
    const name = parseSightingName(file)
    if (suite === undefined || name === undefined) foreign.push(path.join(sightingsFolder(folder), parent, file))
    else sightings.push({ suite, name })
  }
  return { objects, sightings, foreign }
}

async function grandchildren(folder: string, foreign: string[]): Promise<[parent: string, name: string][]> {
  const found: [string, string][] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) foreign.push(path.join(folder, entry.name))
    else for (const name of (await readdir(path.join(folder, entry.name))).sort()) found.push([entry.name, name])
  }
  return found
}

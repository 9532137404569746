import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import { systemErrorCode } from '../errors.ts'
import {
  incomingFolder,
  isIncoming,
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
  /** Paths, of whatever kind: another name, or no file where one belongs. */
  readonly foreign: readonly string[]
}

/** Follows no symbolic link. @throws as node:fs does */
export async function listStore(folder: string): Promise<StoreListing> {
  const foreign: string[] = []
  const objects: { sha256: Sha256; size: number }[] = []
  for (const { name, file, size } of await grandchildren(objectsFolder(folder), foreign)) {
    const sha256 = parseSha256(name)
    if (sha256 === undefined || objectPath(folder, sha256) !== file) foreign.push(file)
    else objects.push({ sha256, size })
  }
  const sightings: { suite: string; name: SightingName }[] = []
  for (const { parent, name: written, file } of await grandchildren(sightingsFolder(folder), foreign)) {
    const suite = suiteOfFolder(parent)
    const name = parseSightingName(written)
    if (suite === undefined || name === undefined) foreign.push(file)
    else sightings.push({ suite, name })
  }
  const incoming = incomingFolder(folder)
  const status = await lstat(incoming).catch(ifThere)
  if (status?.isDirectory() === false) foreign.push(incoming)
  for (const { name, file, size } of status?.isDirectory() === true ? await filesOf(incoming) : []) {
    if (size === undefined || !isIncoming(name)) foreign.push(file)
  }
  return { objects, sightings, foreign }
}

interface Grandchild {
  readonly parent: string
  readonly name: string
  readonly file: string
  readonly size: number
}

async function grandchildren(folder: string, foreign: string[]): Promise<Grandchild[]> {
  const found: Grandchild[] = []
  if (!(await lstat(folder)).isDirectory()) {
    foreign.push(folder)
    return found
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    if (!entry.isDirectory()) {
      foreign.push(place)
      continue
    }
    for (const { name, file, size } of await filesOf(place)) {
      if (size === undefined) foreign.push(file)
      else found.push({ parent: entry.name, name, file, size })
    }
  }
  return found
}

/** What is in a folder, sorted; the size of what is a plain file. One that is not there, or was removed, holds nothing. */
async function filesOf(
  folder: string,
): Promise<{ readonly name: string; readonly file: string; readonly size: number | undefined }[]> {
  const found: { name: string; file: string; size: number | undefined }[] = []
  for (const name of (await readdir(folder).catch(ifThere)) ?? []) {
    const file = path.join(folder, name)
    const status = await lstat(file).catch(ifThere)
    if (status !== undefined) found.push({ name, file, size: status.isFile() ? status.size : undefined })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Others may write, and clear `incoming/`, at the same time. */
function ifThere(error: unknown): undefined {
  if (systemErrorCode(error) !== 'ENOENT') throw error
}

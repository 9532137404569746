import { randomBytes } from 'node:crypto'
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Sha256 } from '../archive/identity.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { bringToDisk, NEW_LASTING_FILE } from '../lasting-file.ts'
import { ABANDONED_AFTER } from '../limits.ts'
import { makeFolder } from '../make-folder.ts'
import { refuseLinks } from './plain-path.ts'
import { formatSighting, type Sighting, sightingName } from './sighting.ts'
import { incomingFolder, isIncoming, objectPath, objectsFolder, sightingsFolder, suiteFolder } from './store-layout.ts'

/**
 * Adds to a store of evidence, and never changes or removes what is there. A file is written aside, brought to the
 * disk, and then put in its place under its final name: whoever is killed leaves whole files and files in
 * `incoming/`, which nobody reads. Any number of processes may write at once. Nothing is written, nor removed, through a
 * symbolic link within the store.
 */
export class StoreWriter {
  readonly folder: string
  /** Folders whose own names are known to be on the disk. */
  readonly #lasting = new Set<string>()

  private constructor(folder: string) {
    this.folder = folder
  }

  /** @throws DebproofError OUTPUT */
  static async open(folder: string): Promise<StoreWriter> {
    const writer = new StoreWriter(folder)
    await writing(folder, async () => {
      await makeFolder(folder)
      await refuseForeignFolder(folder)
      for (const own of [objectsFolder(folder), sightingsFolder(folder), incomingFolder(folder)]) {
        await writer.#makeLasting(own)
      }
      await removeAbandoned(folder)
    })
    return writer
  }

  /** @throws DebproofError OUTPUT */
  async receive(): Promise<IncomingFile> {
    return await writing(this.folder, async () => {
      const file = path.join(incomingFolder(this.folder), `${process.pid}-${randomBytes(8).toString('hex')}.part`)
      await refuseLinks(this.folder, file, 'OUTPUT')
      return new IncomingFile(this.folder, file, await open(file, NEW_LASTING_FILE), async (from, to) => {
        await this.#makeLasting(path.dirname(to))
        await refuseLinks(this.folder, from, 'OUTPUT')
        await rename(from, to)
        await syncFolder(path.dirname(to))
      })
    })
  }

  /** Puts an object of bytes at hand that is not there yet. */
  async put(bytes: Uint8Array, sha256: Sha256): Promise<void> {
    const incoming = await this.receive()
    await incoming.whole(async () => await incoming.write(bytes))
    await incoming.place(objectPath(this.folder, sha256))
  }

  /**
   * Whether there is an object of this name, or something else in its place; if so, it is made to last, for the process
   * that put it there may not have come so far.
   */
  async has(sha256: Sha256): Promise<boolean> {
    const file = objectPath(this.folder, sha256)
    return await writing(this.folder, async () => {
      try {
        await lstat(file)
      } catch (error) {
        if (systemErrorCode(error) === 'ENOENT') return false
        throw error
      }
      await this.#makeLasting(path.dirname(file))
      await syncFolder(path.dirname(file))
      return true
    })
  }

  /** @returns the file. Everything that the sighting names must be in the store. */
  async putSighting(sighting: Sighting): Promise<string> {
    const file = path.join(suiteFolder(this.folder, sighting.suite), sightingName(sighting))
    const incoming = await this.receive()
    await incoming.whole(async () => await incoming.write(Buffer.from(formatSighting(sighting))))
    await incoming.place(file)
    return file
  }

  async #makeLasting(folder: string): Promise<void> {
    await refuseLinks(this.folder, folder, 'OUTPUT')
    if (this.#lasting.has(folder)) return
    await makeFolder(folder)
    await syncFolder(path.dirname(folder))
    this.#lasting.add(folder)
  }
}

/** A file on its way into the store. */
export class IncomingFile {
  readonly #store: string
  readonly #file: string
  readonly #handle: FileHandle
  readonly #move: (from: string, to: string) => Promise<void>
  size = 0

  constructor(store: string, file: string, handle: FileHandle, move: (from: string, to: string) => Promise<void>) {
    this.#store = store
    this.#file = file
    this.#handle = handle
    this.#move = move
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writing(this.#store, async () => {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten
      }
    })
    this.size += bytes.length
  }

  /** Passes chunks on and keeps them. */
  async *keep(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      await this.write(chunk)
      yield chunk
    }
  }

  /** Runs what writes all of it, and brings it to the disk; what fails half way leaves nothing. */
  async whole<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write()
      await writing(this.#store, async () => await bringToDisk(this.#handle))
      return result
    } catch (error) {
      await rm(this.#file, { force: true })
      throw error
    } finally {
      await this.#handle.close()
    }
  }

  /** Only after `whole`. */
  async place(target: string): Promise<void> {
    await writing(this.#store, async () => await this.#move(this.#file, target))
  }
}

const OWN_NAMES = ['objects', 'sightings', 'incoming']

async function refuseForeignFolder(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  if (names.length === 0 || names.some((name) => OWN_NAMES.includes(name))) return
  throw new DebproofError('OUTPUT', `${folder} is not empty and is no store of evidence; name another with --store.`)
}

/**
 * What a killed process left; one that still writes has touched its file lately. Folders, links and files of other names
 * are not debproof's: `record --verify` names them.
 */
async function removeAbandoned(folder: string): Promise<void> {
  const incoming = incomingFolder(folder)
  for (const name of (await readdir(incoming)).filter(isIncoming)) {
    const file = path.join(incoming, name)
    await refuseLinks(folder, incoming, 'OUTPUT')
    const status = await lstat(file).catch(() => undefined)
    if (status?.isFile() === true && status.mtimeMs < Date.now() - ABANDONED_AFTER) await rm(file, { force: true })
  }
}

/** A new name in a folder lasts when the folder itself was written (fsync(2)); some file systems do not offer that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await bringToDisk(handle)
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(systemErrorCode(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}

async function writing<T>(folder: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new DebproofError('OUTPUT', `The store ${folder} cannot be written`, { cause: error })
  }
}

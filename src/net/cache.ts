import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { isDebproofError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import { openFile } from '../open-file.ts'
import { contentPath, SHA256_NAME } from './cache-content.ts'
import { limited } from './limited.ts'
import { digestOf, type Read } from './tape.ts'

/** What is asked for: bytes known by their hash, or what a URL names for ever. Anything else is not kept. */
export interface CacheRequest {
  readonly url: URL
  /** Bytes after which it ends with an error. */
  readonly limit: number
  readonly sha256?: string
  readonly immutable?: boolean
}

/**
 * Where the cache is unless somebody says otherwise (XDG Base Directory Specification); undefined for a user who has
 * no home, as a container may run under any number.
 */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const base = environment['XDG_CACHE_HOME']
  // The specification has relative paths ignored.
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'debproof')
  try {
    // Where HOME is empty it would be the working folder.
    const home = homedir()
    return path.isAbsolute(home) ? path.join(home, '.cache', 'debproof') : undefined
  } catch {
    return undefined
  }
}

/**
 * A folder of downloads that never change: `sha256/` holds bytes under their hash, `url/` says under the hash of a URL
 * which bytes it gave. Several processes may use it at once, and any of its files may be deleted at any time.
 *
 * Nothing is believed for being in it: bytes are hashed before they are used, and whoever reads them judges them as if
 * they had just come. It never makes a run fail: what is damaged is fetched again, and where it cannot be written
 * nothing is kept.
 */
export class Cache {
  readonly #folder: string
  readonly #used = new Set<string>()

  constructor(folder: string) {
    this.#folder = path.resolve(folder)
  }

  /** The SHA-256 of all content that was read from it or kept in it since it was opened, sorted. */
  get used(): readonly string[] {
    return [...this.#used].sort()
  }

  /**
   * Hands the bytes at hand to `read`, or else those of `fetch`, which are then kept once `read` took them whole.
   * What a URL gave and `read` refuses is fetched once more, and replaced by what it then takes.
   *
   * @throws whatever `fetch` and `read` throw
   */
  async stream<T>(request: CacheRequest, read: Read<T>, fetch: (read: Read<T>) => Promise<T>): Promise<T> {
    const { url, limit, immutable = false } = request
    if (request.sha256 === undefined && !immutable) return await fetch(read)
    const sha256 = request.sha256 ?? (await this.#named(url))
    const kept = sha256 === undefined ? undefined : await this.#openWhole(sha256)
    if (kept === undefined) return await this.#keeping(request, read, fetch)
    let refusal: unknown
    try {
      return await read(limited(kept.createReadStream({ start: 0, autoClose: false }), limit, url))
    } catch (error) {
      // What fits a signed hash and is refused will not get better.
      if (!isDebproofError(error) || request.sha256 !== undefined) throw error
      refusal = error
    } finally {
      await kept.close()
    }
    let isAnswered = false
    const fetchAgain = async (keeping: Read<T>): Promise<T> =>
      await fetch((chunks) => {
        isAnswered = true
        return keeping(chunks)
      })
    try {
      return await this.#keeping(request, read, fetchAgain)
    } catch (error) {
      throw isAnswered ? error : refusal
    }
  }

  /** Drops what a URL gave. */
  async forget(url: URL): Promise<void> {
    await rm(this.#name(url), { force: true }).catch(() => {})
  }

  async #keeping<T>(request: CacheRequest, read: Read<T>, fetch: (read: Read<T>) => Promise<T>): Promise<T> {
    let copy: Copy | undefined
    try {
      const result = await fetch(async (chunks) => {
        await copy?.discard()
        copy = await this.#copy()
        return await read(copy.tee(chunks))
      })
      await this.#keep(copy, request)
      return result
    } finally {
      await copy?.discard()
    }
  }

  async #keep(copy: Copy | undefined, { url, sha256, immutable }: CacheRequest): Promise<void> {
    const found = await copy?.finish()
    if (copy === undefined || found === undefined || (sha256 !== undefined && found !== sha256)) return
    await makeFolder(path.dirname(this.#content(found)))
      .then(() => copy.moveTo(this.#content(found)))
      .then(() => this.#used.add(found))
      .then(() => (immutable === true && sha256 === undefined ? this.#setName(url, found) : undefined))
      .catch(() => {})
  }

  async #setName(url: URL, sha256: string): Promise<void> {
    const file = this.#name(url)
    await makeFolder(path.dirname(file))
    const temporary = this.#temporary()
    await writeFile(temporary, `${sha256}\n${url.href}\n`, { flag: 'wx' })
    await rename(temporary, file)
  }

  /** What the URL gave, by its hash. */
  async #named(url: URL): Promise<string | undefined> {
    const file = this.#name(url)
    const text = (await isFile(file)) ? await readFile(file, 'utf8').catch(() => '') : ''
    const [sha256 = '', href] = text.split('\n')
    return href === url.href && SHA256_NAME.test(sha256) ? sha256 : undefined
  }

  /** The bytes, if they are there and have their hash; they are removed where they have another. */
  async #openWhole(sha256: string): Promise<FileHandle | undefined> {
    if (!SHA256_NAME.test(sha256)) return undefined
    const file = this.#content(sha256)
    // Before it is opened: to open a device may do something.
    const handle = (await isFile(file)) ? await openFile(file).catch(() => undefined) : undefined
    if (handle === undefined) return undefined
    const found = await digestOf(handle.createReadStream({ start: 0, autoClose: false })).catch(() => undefined)
    if (found?.sha256 === sha256) {
      this.#used.add(sha256)
      // Whoever clears a cache goes by when a file was last used.
      const now = new Date()
      await utimes(file, now, now).catch(() => {})
      return handle
    }
    await handle.close()
    await rm(file, { force: true }).catch(() => {})
    return undefined
  }

  async #copy(): Promise<Copy> {
    const temporary = this.#temporary()
    const handle = await makeFolder(path.dirname(temporary))
      .then(() => open(temporary, 'wx'))
      .catch(() => undefined)
    return new Copy(temporary, handle)
  }

  #content(sha256: string): string {
    return contentPath(this.#folder, sha256)
  }

  #name(url: URL): string {
    const key = createHash('sha256').update(url.href).digest('hex')
    return path.join(this.#folder, 'url', key.slice(0, 2), key)
  }

  #temporary(): string {
    return path.join(this.#folder, 'new', randomBytes(16).toString('hex'))
  }
}

/** A copy of bytes that somebody reads, written on the way; from the first trouble on it is not written any more. */
class Copy {
  readonly #file: string
  readonly #hash = createHash('sha256')
  #handle: FileHandle | undefined
  #whole = false

  constructor(file: string, handle: FileHandle | undefined) {
    this.#file = file
    this.#handle = handle
  }

  async *tee(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk)
      await this.#handle?.writeFile(chunk).catch(() => this.discard())
      yield chunk
    }
    this.#whole = true
  }

  /** The hash of all that was written; undefined where that is not all. */
  async finish(): Promise<string | undefined> {
    const handle = this.#handle
    if (handle === undefined || !this.#whole) return undefined
    try {
      await handle.close()
      return this.#hash.digest('hex')
    } catch {
      return undefined
    }
  }

  async moveTo(file: string): Promise<void> {
    await rename(this.#file, file)
    this.#handle = undefined
  }

  async discard(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    if (handle === undefined) return
    await handle.close().catch(() => {})
    await rm(this.#file, { force: true }).catch(() => {})
  }
}

async function isFile(file: string): Promise<boolean> {
  return await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}

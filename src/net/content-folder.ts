import { createHash, type Hash, randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'

/** A folder with files under the SHA-256 of their bytes: a file is there whole or not at all. */
export class ContentFolder {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** @throws DebproofError OUTPUT */
  static async open(folder: string): Promise<ContentFolder> {
    return await writing(folder, async () => {
      await makeFolder(folder)
      return new ContentFolder(folder)
    })
  }

  pathOf(sha256: string): string {
    return path.join(this.folder, sha256)
  }

  /** @throws DebproofError OUTPUT */
  async add(bytes: Uint8Array): Promise<{ readonly sha256: string; readonly size: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return await writing(this.folder, async () => {
      const temporary = this.#temporary()
      await writeFile(temporary, bytes)
      await rename(temporary, this.pathOf(sha256))
      return { sha256, size: bytes.length }
    })
  }

  /** Gives a file that was added another place on the same disk, whole or not at all. @throws DebproofError OUTPUT */
  async moveOut(sha256: string, file: string): Promise<void> {
    await writing(this.folder, async () => await rename(this.pathOf(sha256), file))
  }

  /** @throws DebproofError OUTPUT */
  async read(sha256: string): Promise<Uint8Array> {
    return await writing(this.folder, async () => await readFile(this.pathOf(sha256)))
  }

  /** @throws DebproofError OUTPUT */
  async spool(): Promise<Spool> {
    return await writing(this.folder, async () => {
      const temporary = this.#temporary()
      return new Spool(this, temporary, await open(temporary, 'wx'))
    })
  }

  /** Bytes of a file that is there. */
  async sizeOf(sha256: string): Promise<number> {
    return (await stat(this.pathOf(sha256))).size
  }

  #temporary(): string {
    return path.join(this.folder, `.${randomBytes(8).toString('hex')}.part`)
  }
}

/** A file that is written while its bytes are read by somebody else. */
export class Spool {
  readonly #folder: ContentFolder
  readonly #temporary: string
  readonly #file: FileHandle
  readonly #hash: Hash = createHash('sha256')
  #size = 0
  #ended = false
  #brokeOff = false

  constructor(folder: ContentFolder, temporary: string, file: FileHandle) {
    this.#folder = folder
    this.#temporary = temporary
    this.#file = file
  }

  /** Whether where the bytes come from failed, rather than who read them. */
  get brokeOff(): boolean {
    return this.#brokeOff
  }

  async *tee(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const source = chunks[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await this.#next(source)
        if (next.done === true) break
        await writing(this.#folder.folder, async () => await this.#file.writeFile(next.value))
        this.#hash.update(next.value)
        this.#size += next.value.length
        yield next.value
      }
      this.#ended = true
    } finally {
      if (!this.#ended) await source.return?.()
    }
  }

  async #next(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await source.next()
    } catch (error) {
      this.#brokeOff = true
      throw error
    }
  }

  /** Keeps what was read, `complete` where that was all. @throws DebproofError OUTPUT */
  async keep(): Promise<{ readonly sha256: string; readonly size: number; readonly complete: boolean }> {
    return await writing(this.#folder.folder, async () => {
      await this.#file.close()
      const sha256 = this.#hash.digest('hex')
      await rename(this.#temporary, this.#folder.pathOf(sha256))
      return { sha256, size: this.#size, complete: this.#ended }
    })
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {})
    await rm(this.#temporary, { force: true })
  }
}

async function writing<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof DebproofError) throw error
    throw new DebproofError('OUTPUT', `The folder ${folder} cannot be written`, { cause: error })
  }
}

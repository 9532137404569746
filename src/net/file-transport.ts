import { type FileHandle, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { refuseKernelFile } from '../kernel-file.ts'
import { openFile } from '../open-file.ts'
import { ElsewhereError, type Places } from '../places.ts'
import type { Answer, Transport } from './transport.ts'

const CHUNK = 1024 * 1024

/** Reads `file:` URLs. */
export class FileTransport implements Transport {
  readonly #places: Places

  constructor(places: Places) {
    this.#places = places
  }

  async open(url: URL, signal: AbortSignal): Promise<Answer> {
    try {
      const file = fileURLToPath(url)
      const handle = await this.#places.open(file, openIfFile)
      if (handle === undefined) throw new DebproofError('NOT_FOUND', `${url.href} is not a file.`)
      const stream = handle.createReadStream({ highWaterMark: CHUNK, signal })
      return { url, chunks: explained(stream, url) }
    } catch (error) {
      throw explain(error, url)
    }
  }

  async close(): Promise<void> {
    // Each file is closed with its stream.
  }
}

/** Undefined for what is no file, which is looked at before it is opened: to open a device may do something. */
async function openIfFile(file: string | URL): Promise<FileHandle | undefined> {
  if (!(await stat(file)).isFile()) return undefined
  await refuseKernelFile(file)
  return await openFile(file)
}

async function* explained(chunks: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw explain(error, url)
  }
}

function explain(error: unknown, url: URL): DebproofError {
  if (error instanceof DebproofError) return error
  // In a report the message alone is seen, without its cause.
  if (error instanceof ElsewhereError)
    return new DebproofError('FETCH', `${url.href} could not be read: ${error.message}.`)
  const code = systemErrorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DebproofError('NOT_FOUND', `${url.href} does not exist.`)
  return new DebproofError('FETCH', `${url.href} could not be read`, { cause: error })
}

import { createHash } from 'node:crypto'

/** How one file is fetched. */
export interface StreamOptions {
  /** Milliseconds of one try. */
  readonly timeout?: number
  /** Which look at this URL it is within a run: 2 for what was torn at the first, since the server was being updated. */
  readonly look?: 1 | 2
  /** What a signed file says that the bytes hash to: wherever such bytes are at hand, nothing is fetched. */
  readonly sha256?: string
  /** What this URL names never changes, as in a snapshot service. */
  readonly immutable?: boolean
  /** What it gave last may serve again, but only where the network is forbidden. */
  readonly keptForOffline?: boolean
}

/** Of a whole file. */
export interface Digest {
  readonly sha256: string
  readonly size: number
}

/** One look at one URL: whoever takes it within a run sees the same. */
export interface Look {
  readonly url: URL
  /** Bytes after which it ends with an error. */
  readonly limit: number
  readonly look: 1 | 2
}

/** Takes the bytes of a file, from their start again where a download broke off. */
export type Read<T> = (chunks: AsyncIterable<Uint8Array>) => Promise<T>

/**
 * Stands between a run and its downloads. One that records keeps everything that was read, bytes and failures alike,
 * and takes each look once; one that plays back gives the same again and fetches nothing.
 */
export interface Tape {
  /** @throws what the download or the reader threw, when it was recorded */
  stream<T>(look: Look, read: Read<T>, fetch: (read: Read<T>) => Promise<T>): Promise<T>
  digest(look: Look, fetch: (read: Read<Digest>) => Promise<Digest>): Promise<Digest>
  /** The names of what a folder holds. */
  names(folder: URL, list: () => Promise<readonly string[]>): Promise<readonly string[]>
}

export const digestOf: Read<Digest> = async (chunks) => {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: hash.digest('hex'), size }
}

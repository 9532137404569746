import { setTimeout as sleep } from 'node:timers/promises'
import { DebproofError, isDebproofError } from '../errors.ts'
import { CONNECTIONS_PER_HOST, DOWNLOAD_TIMEOUT, DOWNLOAD_TRIES, MAX_RETRY_AFTER, RETRY_DELAY } from '../limits.ts'
import { FileTransport } from './file-transport.ts'
import { HttpTransport, ServerBusyError } from './http-transport.ts'
import { Patience } from './patience.ts'
import { Slots } from './slots.ts'
import type { Transport } from './transport.ts'

export interface DownloadsOptions {
  /** Names the tool and its version to servers. */
  readonly userAgent: string
  /** Refuse everything that needs the network. */
  readonly offline?: boolean
  /** Called before each download with its URL. */
  readonly onDownload?: (url: URL) => void
  /** Milliseconds; for tests. */
  readonly idleTimeout?: number
  readonly downloadTimeout?: number
  readonly retryDelay?: number
}

/**
 * The one way in which bytes come into the program: with a size limit, a time limit, a few tries, and so many at
 * once from one server. Bytes are transport; whoever reads them checks them against a signed hash.
 */
export class Downloads {
  readonly #options: DownloadsOptions
  readonly #transports: ReadonlyMap<string, Transport>
  readonly #slots: Slots
  readonly #patience: Patience | undefined

  constructor(options: DownloadsOptions)
  constructor(options: DownloadsOptions, shared: Downloads, patience: Patience)
  constructor(options: DownloadsOptions, shared?: Downloads, patience?: Patience) {
    this.#options = options
    this.#patience = patience
    if (shared !== undefined) {
      this.#slots = shared.#slots
      this.#transports = shared.#transports
      return
    }
    this.#slots = new Slots(CONNECTIONS_PER_HOST)
    const http = new HttpTransport(options)
    this.#transports = new Map<string, Transport>([
      ['http:', http],
      ['https:', http],
      ['file:', new FileTransport()],
    ])
  }

  /**
   * The same downloads for one place that is asked again and again, such as a rebuilder: no longer once it has failed
   * too often in a row, or has taken far too long in all. Another place on the same server is not concerned: whoever
   * runs one must not silence the other.
   */
  forPlace(place: URL): Downloads {
    return new Downloads(this.#options, this, new Patience(place))
  }

  /**
   * Fetches `url` and hands its bytes to `read`, which is called again from the start when the download breaks off.
   * Ends with an error after `limit` bytes, or `timeout` milliseconds of one try.
   *
   * @throws DebproofError NOT_FOUND, FETCH, TOO_LARGE, OFFLINE, and whatever `read` throws
   */
  async stream<T>(
    url: URL,
    limit: number,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    timeout = DOWNLOAD_TIMEOUT,
  ): Promise<T> {
    const transport = this.#transports.get(url.protocol)
    if (transport === undefined) {
      throw new DebproofError('FETCH', `${url.href}: only http, https and file URLs can be read.`)
    }
    if (this.#options.offline === true && url.protocol !== 'file:') {
      throw new DebproofError('OFFLINE', `${url.href} was not fetched: --offline forbids the network.`)
    }
    return await this.#slots.run(url.host, async () => {
      this.#patience?.check(url)
      const started = performance.now()
      const isHere = (error: unknown): boolean => !(error instanceof ServerBusyError || error instanceof TimeoutError)
      try {
        const result = await this.#tries(transport, url, limit, read, this.#options.downloadTimeout ?? timeout)
        this.#patience?.count(performance.now() - started, true)
        return result
      } catch (error) {
        this.#patience?.count(performance.now() - started, isHere(error))
        throw error
      }
    })
  }

  async #tries<T>(
    transport: Transport,
    url: URL,
    limit: number,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    timeout: number,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(transport, url, limit, read, timeout)
      } catch (error) {
        if (!(error instanceof ServerBusyError) || attempt >= DOWNLOAD_TRIES) throw error
        const asked = error.retryAfter
        if (asked !== undefined && asked > MAX_RETRY_AFTER) throw error
        const delay = (this.#options.retryDelay ?? RETRY_DELAY) * 2 ** (attempt - 1)
        await sleep(asked === undefined ? delay : Math.max(asked * 1000, delay))
      }
    }
  }

  /** Fetches a small file whole. */
  async bytes(url: URL, limit: number, timeout?: number): Promise<Uint8Array> {
    const join = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk)
      return Buffer.concat(parts)
    }
    return await this.stream(url, limit, join, timeout)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()))
  }

  async #once<T>(
    transport: Transport,
    url: URL,
    limit: number,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    timeout: number,
  ): Promise<T> {
    const signal = AbortSignal.timeout(timeout)
    this.#options.onDownload?.(url)
    try {
      const answer = await transport.open(url, signal)
      return await read(limited(answer.chunks, limit, url))
    } catch (error) {
      if (signal.aborted && isDebproofError(error, 'FETCH')) {
        throw new TimeoutError(`${url.href} took longer than ${timeout / 1000} s.`, error)
      }
      throw error
    }
  }
}

/** A download that took longer than it may in all. */
class TimeoutError extends DebproofError {
  constructor(message: string, cause: unknown) {
    super('FETCH', message, { cause })
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limit: number, url: URL): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new DebproofError('TOO_LARGE', `${url.href} is larger than ${limit} bytes.`)
    yield chunk
  }
}

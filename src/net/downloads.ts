import type { LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import {
  CONNECTIONS_PER_HOST,
  DOWNLOAD_TIMEOUT,
  MAX_SERVICE_FAILURES,
  SERVICE_PATIENCE,
  SERVICE_PATIENCE_PER_DOWNLOAD,
} from '../limits.ts'
import { ANYWHERE, type Places } from '../places.ts'
import type { Cache } from './cache.ts'
import { FileTransport } from './file-transport.ts'
import { HttpTransport, ServerBusyError } from './http-transport.ts'
import { limited } from './limited.ts'
import { delayBefore, MIRROR_RETRIES, Pace, type RetryRules, SERVICE_RETRIES } from './pace.ts'
import { Patience } from './patience.ts'
import { Slots } from './slots.ts'
import { type Digest, digestOf, type Read, type StreamOptions, type Tape } from './tape.ts'
import type { Transport } from './transport.ts'

export interface DownloadsOptions {
  /** Names the tool and its version to servers. */
  readonly userAgent: string
  /** Refuse everything that needs the network. */
  readonly offline?: boolean
  /** Called before each download with its URL. */
  readonly onDownload?: (url: URL) => void
  /** Called with what a server says of the time, which is a hint and no more. */
  readonly onTime?: (url: URL, said: Date) => void
  /** Where `file:` URLs may lead; anywhere unless this says otherwise. */
  readonly places?: Places
  /** Keeps what is read, or plays back what an earlier run kept. */
  readonly tape?: Tape
  /** Keeps what never changes from one run to the next. */
  readonly cache?: Cache
  /** Milliseconds between the starts of two requests to a service that is asked gently. */
  readonly requestInterval?: number
  /** For tests: milliseconds, and how names are looked up. */
  readonly lookup?: LookupFunction
  readonly idleTimeout?: number
  readonly downloadTimeout?: number
  readonly retryDelay?: number
}

/** Why a service is waited for. */
export interface Wait {
  readonly milliseconds: number
  /** Such as `HTTP 429`. */
  readonly why: string
}

/** How one place is asked. */
interface Manner {
  readonly retries: RetryRules
  readonly patience?: Patience
  readonly pace?: Pace
  readonly onWait?: (wait: Wait) => void
}

/**
 * The one way in which bytes come into the program: with a size limit, a time limit, a few tries, and so many at
 * once from one server. Bytes are transport; whoever reads them checks them against a signed hash.
 */
export class Downloads {
  readonly #options: DownloadsOptions
  readonly #transports: ReadonlyMap<string, Transport>
  readonly #slots: Slots
  /** By origin: a service has one pace and tries one patience, whoever asks it. */
  readonly #services: Map<string, { readonly pace: Pace; readonly patience: Patience }>
  readonly #manner: Manner

  constructor(options: DownloadsOptions)
  constructor(options: DownloadsOptions, shared: Downloads, manner: Manner)
  constructor(options: DownloadsOptions, shared?: Downloads, manner: Manner = { retries: MIRROR_RETRIES }) {
    this.#options = options
    this.#manner = manner
    if (shared !== undefined) {
      this.#slots = shared.#slots
      this.#transports = shared.#transports
      this.#services = shared.#services
      return
    }
    this.#services = new Map()
    this.#slots = new Slots(CONNECTIONS_PER_HOST)
    const http = new HttpTransport(options)
    this.#transports = new Map<string, Transport>([
      ['http:', http],
      ['https:', http],
      ['file:', new FileTransport(options.places ?? ANYWHERE)],
    ])
  }

  /**
   * The same downloads for one place that is asked again and again, such as a rebuilder: no longer once it has failed
   * too often in a row, or has taken far too long in all. Another place on the same server is not concerned: whoever
   * runs one must not silence the other.
   */
  forPlace(place: URL): Downloads {
    return new Downloads(this.#options, this, { retries: MIRROR_RETRIES, patience: new Patience(place) })
  }

  /**
   * The same downloads for a service of which there is one, such as a snapshot service: one request at a time, some
   * time between them, and many tries with growing waits, for it turns away who asks too often.
   *
   * @param onWait told before each wait between two tries
   */
  paced(service: URL, onWait: (wait: Wait) => void): Downloads {
    let known = this.#services.get(service.origin)
    if (known === undefined) {
      const patience = new Patience(service, {
        failures: MAX_SERVICE_FAILURES,
        total: SERVICE_PATIENCE,
        perDownload: SERVICE_PATIENCE_PER_DOWNLOAD,
      })
      known = { pace: new Pace(this.#options.requestInterval), patience }
      this.#services.set(service.origin, known)
    }
    return new Downloads(this.#options, this, { retries: SERVICE_RETRIES, ...known, onWait })
  }

  /** Milliseconds that a request to a service takes at least which is asked gently. */
  get interval(): number {
    return this.#manner.pace?.interval ?? 0
  }

  /** Drops what an immutable URL once gave, for the next run: it proved to be wrong or incomplete. */
  async forget(url: URL): Promise<void> {
    await this.#options.cache?.forget(url)
  }

  /**
   * Fetches `url` and hands its bytes to `read`, which is called again from the start when the download breaks off.
   * Ends with an error after `limit` bytes, or the `timeout` of one try.
   *
   * @throws DebproofError NOT_FOUND, FETCH, TOO_LARGE, OFFLINE, and whatever `read` throws
   */
  async stream<T>(url: URL, limit: number, read: Read<T>, options: StreamOptions = {}): Promise<T> {
    const { tape } = this.#options
    if (tape === undefined) return await this.#fetch(url, limit, read, options)
    return await tape.stream({ url, limit, look: options.look ?? 1 }, read, (tapped) =>
      this.#fetch(url, limit, tapped, options),
    )
  }

  /**
   * Hashes a file that is too large to be kept.
   * @throws DebproofError as `stream`
   */
  async digest(url: URL, limit: number, look: 1 | 2 = 1): Promise<Digest> {
    const fetch = (read: Read<Digest>): Promise<Digest> => this.#fetch(url, limit, read, {})
    const { tape } = this.#options
    return tape === undefined ? await fetch(digestOf) : await tape.digest({ url, limit, look }, fetch)
  }

  /**
   * What `list` says that a folder holds.
   * @param folder a `file:` URL, and behind a `#` what is looked for there
   * @throws whatever `list` throws
   */
  async names(folder: URL, list: () => Promise<readonly string[]>): Promise<readonly string[]> {
    const { tape } = this.#options
    const listed = async (): Promise<readonly string[]> => {
      await this.#checkPlace(folder)
      return await list()
    }
    return tape === undefined ? await listed() : await tape.names(folder, listed)
  }

  async #checkPlace(folder: URL): Promise<void> {
    const place = new URL(folder)
    place.hash = ''
    try {
      await this.#options.places?.check(place)
    } catch (error) {
      throw new DebproofError('FETCH', `${place.href} could not be read: ${describeError(error)}.`)
    }
  }

  async #fetch<T>(url: URL, limit: number, read: Read<T>, options: StreamOptions): Promise<T> {
    const { cache } = this.#options
    if (cache === undefined || url.protocol === 'file:') return await this.#download(url, limit, read, options)
    const { keptForOffline = false } = options
    if (keptForOffline && this.#options.offline !== true) await cache.forget(url)
    const request = { url, limit, ...options, immutable: options.immutable === true || keptForOffline }
    return await cache.stream(request, read, (kept) => this.#download(url, limit, kept, options))
  }

  async #download<T>(
    url: URL,
    limit: number,
    read: Read<T>,
    { timeout = DOWNLOAD_TIMEOUT }: StreamOptions,
  ): Promise<T> {
    const transport = this.#transports.get(url.protocol)
    if (transport === undefined) {
      throw new DebproofError('FETCH', `${url.href}: only http, https and file URLs can be read.`)
    }
    if (this.#options.offline === true && url.protocol !== 'file:') {
      throw new DebproofError('OFFLINE', `${url.href} was not fetched: --offline forbids the network.`)
    }
    const { patience, pace } = this.#manner
    const download = async (): Promise<T> => {
      patience?.check(url)
      const started = performance.now()
      const isHere = (error: unknown): boolean => !(error instanceof ServerBusyError || error instanceof TimeoutError)
      try {
        const result = await this.#tries(transport, url, limit, read, this.#options.downloadTimeout ?? timeout)
        patience?.count(performance.now() - started, true)
        return result
      } catch (error) {
        // A service that gave no answer at all, through all the tries and minutes, is away.
        const isAway = pace !== undefined && error instanceof ServerBusyError && error.status === undefined
        patience?.count(performance.now() - started, isHere(error), isAway)
        throw error
      }
    }
    return await (pace === undefined ? this.#slots.run(url.host, download) : pace.run(download))
  }

  async #tries<T>(transport: Transport, url: URL, limit: number, read: Read<T>, timeout: number): Promise<T> {
    const { retries, onWait } = this.#manner
    const rules = { ...retries, delay: this.#options.retryDelay ?? retries.delay }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(transport, url, limit, read, timeout)
      } catch (error) {
        if (!(error instanceof ServerBusyError)) throw error
        const milliseconds = delayBefore(attempt, error.retryAfter, rules)
        if (milliseconds === undefined) throw error
        onWait?.({ milliseconds, why: error.status === undefined ? 'connection lost' : `HTTP ${error.status}` })
        await sleep(milliseconds)
      }
    }
  }

  /** Fetches a small file whole. */
  async bytes(url: URL, limit: number, options?: StreamOptions): Promise<Uint8Array> {
    const join = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk)
      return Buffer.concat(parts)
    }
    return await this.stream(url, limit, join, options)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()))
  }

  async #once<T>(transport: Transport, url: URL, limit: number, read: Read<T>, timeout: number): Promise<T> {
    const signal = AbortSignal.timeout(timeout)
    this.#options.onDownload?.(url)
    try {
      const answer = await transport.open(url, signal, this.#manner.pace?.turn)
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

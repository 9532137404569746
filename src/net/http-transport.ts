import type { Dispatcher } from 'undici'
import { DebproofError, describeError } from '../errors.ts'
import { CONNECT_TIMEOUT, CONNECTIONS_PER_HOST, IDLE_TIMEOUT, MAX_REDIRECTS } from '../limits.ts'
import { redirectTarget } from './redirect.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { Answer, Transport } from './transport.ts'

export interface HttpOptions {
  readonly userAgent: string
  /** Milliseconds; for tests of slow servers. */
  readonly connectTimeout?: number
  readonly idleTimeout?: number
}

/** A server's answer that may be another one soon. */
export class ServerBusyError extends DebproofError {
  /** Seconds that the server asks to wait (RFC 9110, 10.2.3), where it says so. */
  readonly retryAfter: number | undefined
  /** The HTTP status; undefined where there was no answer, or not all of it. */
  readonly status: number | undefined

  constructor(message: string, retryAfter?: number, status?: number) {
    super('FETCH', message)
    this.retryAfter = retryAfter
    this.status = status
  }
}

/** A server's answer that it will not give this: no trouble of the network's, and no other one soon (HTTP 4xx). */
export class RequestRefusedError extends DebproofError {
  /** The HTTP status. */
  readonly status: number

  constructor(message: string, status: number) {
    super('FETCH', message)
    this.status = status
  }
}

/**
 * Downloads over http and https, by undici. Redirects are followed by hand (`redirectTarget`), a few at most. What comes is not trusted for having come over https, nor distrusted for http.
 */
export class HttpTransport implements Transport {
  readonly #options: HttpOptions
  #client: Promise<{ undici: typeof import('undici'); dispatcher: Dispatcher }> | undefined

  constructor(options: HttpOptions) {
    this.#options = options
  }

  async open(url: URL, signal: AbortSignal, turn?: () => Promise<void>): Promise<Answer> {
    let current = url
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#request(current, signal, turn)
      const { statusCode, headers, body } = response
      if (statusCode === 200) {
        const encoding = headers['content-encoding']
        if (encoding !== undefined && encoding !== 'identity') {
          abandon(body)
          throw new DebproofError('FETCH', `${current.href} came with Content-Encoding ${String(encoding)}, unasked.`)
        }
        return { url: current, chunks: explained(body, current) }
      }
      abandon(body)
      if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
        current = redirectTarget(current, headers['location'])
      } else if (statusCode === 404) {
        throw new DebproofError('NOT_FOUND', `${current.href} does not exist (HTTP 404).`)
      } else if (statusCode === 429 || statusCode >= 500) {
        const message = `${current.href} is not served at the moment (HTTP ${statusCode}).`
        const seconds = parseRetryAfter(headers['retry-after'], headers['date'], Date.now())
        throw new ServerBusyError(message, seconds, statusCode)
      } else {
        throw new RequestRefusedError(`${current.href} was refused (HTTP ${statusCode}).`, statusCode)
      }
    }
    throw new DebproofError('FETCH', `${url.href} redirects more than ${MAX_REDIRECTS} times.`)
  }

  async close(): Promise<void> {
    await (await this.#client)?.dispatcher.destroy()
  }

  async #request(
    url: URL,
    signal: AbortSignal,
    turn: (() => Promise<void>) | undefined,
  ): Promise<Dispatcher.ResponseData> {
    this.#client ??= connect(this.#options)
    const { undici, dispatcher } = await this.#client
    await turn?.()
    try {
      return await undici.request(url, {
        dispatcher,
        signal,
        headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity' },
      })
    } catch (error) {
      throw new ServerBusyError(`${url.href} could not be fetched: ${describeError(error)}.`)
    }
  }
}

/** Loaded with the first request: a run on local files needs none of it. */
async function connect(options: HttpOptions): Promise<{ undici: typeof import('undici'); dispatcher: Dispatcher }> {
  const undici = await import('undici')
  const idle = options.idleTimeout ?? IDLE_TIMEOUT
  const dispatcher = new undici.EnvHttpProxyAgent({
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: options.connectTimeout ?? CONNECT_TIMEOUT },
    headersTimeout: idle,
    bodyTimeout: idle,
  })
  return { undici, dispatcher }
}

async function* explained(body: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw new ServerBusyError(`${url.href} broke off: ${describeError(error)}.`)
  }
}

/** Ends a body that nobody wants; an error in it is nobody's concern either. */
function abandon(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {})
  body.destroy()
}

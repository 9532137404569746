import type { Dispatcher } from 'undici'
import { DebproofError, describeError } from '../errors.ts'
import { CONNECTIONS_PER_HOST, IDLE_TIMEOUT, MAX_REDIRECTS } from '../limits.ts'
import { type AddressKind, hostKind } from './address-kind.ts'
import { Connections, type ConnectionsOptions } from './connections.ts'
import { redirectTarget } from './redirect.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { Answer, Transport } from './transport.ts'

export interface HttpOptions extends ConnectionsOptions {
  readonly userAgent: string
  /** Milliseconds; for tests of slow servers. */
  readonly idleTimeout?: number
  /** Told what an answer says of the time, with the time for which caches kept it (RFC 9110, 6.6.1; RFC 9111, 5.1). */
  readonly onTime?: (url: URL, said: Date) => void
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

/** Who named the server that is asked: once a public server led the way, nobody inside is asked any more. */
type Led = 'by the policy' | 'by a public server'

interface Client {
  readonly undici: typeof import('undici')
  readonly dispatchers: Readonly<Record<Led, Dispatcher>>
}

/**
 * Downloads over http and https, by undici. Redirects are followed by hand (`redirectTarget`), a few at most, and from
 * public servers to public ones alone. What comes is not trusted for having come over https, nor distrusted for http.
 */
export class HttpTransport implements Transport {
  readonly #options: HttpOptions
  readonly #connections: Connections
  #client: Promise<Client> | undefined

  constructor(options: HttpOptions) {
    this.#options = options
    this.#connections = new Connections(options)
  }

  async open(url: URL, signal: AbortSignal, turn?: () => Promise<void>): Promise<Answer> {
    let current = url
    let led: Led = 'by the policy'
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#request(current, led, signal, turn)
      const { statusCode, headers, body } = response
      if (statusCode === 200) {
        const encoding = headers['content-encoding']
        if (encoding !== undefined && encoding !== 'identity') {
          abandon(body)
          throw new DebproofError('FETCH', `${current.href} came with Content-Encoding ${String(encoding)}, unasked.`)
        }
        this.#tellTime(url, headers)
        return { url: current, chunks: explained(body, current) }
      }
      abandon(body)
      if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
        const inside = led === 'by the policy' && this.#connections.isInside(current)
        if (!inside) led = 'by a public server'
        current = redirectTarget(current, headers['location'], inside)
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

  #tellTime(url: URL, { date, age }: Dispatcher.ResponseData['headers']): void {
    const said = Date.parse(String(date))
    const kept = /^\d{1,9}$/.test(String(age)) ? Number(age) * 1000 : 0
    if (!Number.isNaN(said)) this.#options.onTime?.(url, new Date(said + kept))
  }

  async close(): Promise<void> {
    const client = await this.#client
    await Promise.all(Object.values(client?.dispatchers ?? {}).map((dispatcher) => dispatcher.destroy()))
  }

  async #request(
    url: URL,
    led: Led,
    signal: AbortSignal,
    turn: (() => Promise<void>) | undefined,
  ): Promise<Dispatcher.ResponseData> {
    if (hostKind(url) === 'metadata') {
      throw new DebproofError('FETCH', `${url.href} is not asked: that is where a cloud keeps its machine's keys.`)
    }
    this.#client ??= connect(this.#options, this.#connections)
    const { undici, dispatchers } = await this.#client
    await turn?.()
    try {
      return await undici.request(url, {
        dispatcher: dispatchers[led],
        signal,
        headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity' },
      })
    } catch (error) {
      if (error instanceof DebproofError) throw error
      throw new ServerBusyError(`${url.href} could not be fetched: ${describeError(error)}.`)
    }
  }
}

/** Loaded with the first request: a run on local files needs none of it. */
async function connect(options: HttpOptions, connections: Connections): Promise<Client> {
  const undici = await import('undici')
  const idle = options.idleTimeout ?? IDLE_TIMEOUT
  const dispatcher = (allowed: readonly AddressKind[]): Dispatcher =>
    new undici.EnvHttpProxyAgent({
      connections: CONNECTIONS_PER_HOST,
      connect: connections.connector(undici.buildConnector, allowed),
      headersTimeout: idle,
      bodyTimeout: idle,
    })
  return {
    undici,
    dispatchers: { 'by the policy': dispatcher(['public', 'inside']), 'by a public server': dispatcher(['public']) },
  }
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

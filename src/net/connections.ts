import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { buildConnector } from 'undici'
import { DebproofError } from '../errors.ts'
import { CONNECT_TIMEOUT } from '../limits.ts'
import { type AddressKind, addressKind, hostKind } from './address-kind.ts'

export interface ConnectionsOptions {
  /** Milliseconds; for tests of slow servers. */
  readonly connectTimeout?: number
  /** Looks names up, as dns.lookup does with `all`; for tests of names that lead inside. */
  readonly lookup?: LookupFunction
}

/**
 * Opens connections, sees where names lead at the very moment they are connected to, and remembers for each origin
 * whether it is inside. Nobody is connected to where a cloud keeps its machine's keys; and who was led by a public
 * server, not inside either. A proxy connects by itself: then only the form of a URL is known here.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #inside = new Set<string>()
  readonly #public = new Set<string>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** Whether this server is inside: by the form of its address, or since that is where its name always led. */
  isInside(url: URL): boolean {
    return hostKind(url) === 'inside' || (this.#inside.has(url.origin) && !this.#public.has(url.origin))
  }

  /** @param allowed the kinds of addresses that are connected to */
  connector(build: typeof buildConnector, allowed: readonly AddressKind[]): buildConnector.connector {
    const connect = build({
      timeout: this.#options.connectTimeout ?? CONNECT_TIMEOUT,
      lookup: guarded(this.#options.lookup ?? lookup, allowed),
    })
    return (options, callback) => {
      try {
        // An address is not looked up.
        if (isIP(options.hostname) !== 0) permit(options.hostname, options.hostname, allowed)
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null)
        return
      }
      connect(options, (...result) => {
        if (result[0] === null) {
          this.#remember(new URL(`${options.protocol}//${options.host ?? options.hostname}`), result[1].remoteAddress)
        }
        callback(...result)
      })
    }
  }

  #remember({ origin }: URL, address: string | undefined): void {
    if (address !== undefined && addressKind(address) !== 'public') this.#inside.add(origin)
    else this.#public.add(origin)
  }
}

function guarded(look: LookupFunction, allowed: readonly AddressKind[]): LookupFunction {
  return (hostname, options, callback) => {
    look(hostname, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : (found ?? [])
      try {
        if (error !== null) throw error
        for (const { address } of addresses) permit(hostname, address, allowed)
      } catch (refusal) {
        callback(refusal instanceof Error ? refusal : new Error(String(refusal)), [])
        return
      }
      const [first] = addresses
      if (options.all === true || first === undefined) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** @throws DebproofError FETCH */
function permit(hostname: string, address: string, allowed: readonly AddressKind[]): void {
  const kind = addressKind(address)
  if (allowed.includes(kind)) return
  const what = hostname === address ? address : `${hostname}, which is ${address},`
  throw new DebproofError(
    'FETCH',
    kind === 'metadata'
      ? `${what} is not connected to: that is where a cloud keeps its machine's keys.`
      : `${what} is not connected to: a public server must not lead to an address inside.`,
  )
}

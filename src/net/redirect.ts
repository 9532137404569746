import { DebproofError } from '../errors.ts'
import { hostKind } from './address-kind.ts'

/**
 * Where a redirect leads: to http and https only, never from https down to http, and never from a public server to an
 * address inside. What is read is kept as evidence, and a mirror must not have it read what it cannot reach itself.
 * What a name stands for is looked at when it is connected to (`Connections`).
 *
 * @param inside whether the server that redirects is inside itself
 * @throws DebproofError FETCH
 */
export function redirectTarget(from: URL, location: string | string[] | undefined, inside: boolean): URL {
  const refuse = (why: string): DebproofError =>
    new DebproofError('FETCH', `${from.href} redirects to ${JSON.stringify(location ?? '')}: ${why}.`)
  if (typeof location !== 'string' || !/^[\x21-\x7e]+$/.test(location)) throw refuse('that is not a URL')
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (target === undefined) throw refuse('that is not a URL')
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw refuse('only http and https are followed')
  if (from.protocol === 'https:' && target.protocol === 'http:') throw refuse('https must not fall back to http')
  if (!inside && (hostKind(target) ?? 'public') !== 'public') {
    throw refuse('a public server must not lead to an address inside')
  }
  return target
}

import { BlockList, isIP } from 'node:net'
import { DebproofError } from '../errors.ts'

/** Addresses that mean something else on each machine, or in each network (RFC 6890): services of a cloud among them. */
const INTERNAL = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  INTERNAL.addSubnet(network, prefix)
  INTERNAL.addSubnet(`::ffff:${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv6')
}

/**
 * Where a redirect leads: to http and https only, never from https down to http, and never from a public name to an
 * address inside. What is read is kept as evidence, and a mirror must not have it read what it cannot reach itself.
 * (A name that stands for such an address is not looked up here.)
 *
 * @throws DebproofError FETCH
 */
export function redirectTarget(from: URL, location: string | string[] | undefined): URL {
  const refuse = (why: string): DebproofError =>
    new DebproofError('FETCH', `${from.href} redirects to ${JSON.stringify(location ?? '')}: ${why}.`)
  if (typeof location !== 'string' || !/^[\x21-\x7e]+$/.test(location)) throw refuse('that is not a URL')
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (target === undefined) throw refuse('that is not a URL')
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw refuse('only http and https are followed')
  if (from.protocol === 'https:' && target.protocol === 'http:') throw refuse('https must not fall back to http')
  if (isInternal(target) && !isInternal(from)) throw refuse('a public server must not lead to an address inside')
  return target
}

/** The URL parser has written every form of an address, such as `0x7f.1`, in the usual one. */
function isInternal({ hostname }: URL): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  const address = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  const version = isIP(address)
  return version !== 0 && INTERNAL.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

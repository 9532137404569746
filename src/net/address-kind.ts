import { BlockList, isIP } from 'node:net'

/**
 * What an address means: `public` ones the same everywhere; `inside` ones something else on each machine and in each
 * network (RFC 6890); `metadata` ones are where a cloud tells its machine who it is, and which keys it has.
 */
export type AddressKind = 'public' | 'inside' | 'metadata'

/** IPv4 networks; each also stands for its forms in IPv6: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
const INSIDE_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
]
const INSIDE_6 = ['::/127', 'fc00::/7', 'fec0::/10', 'ff00::/8']

/** All of link-local, where most clouds have it, and where Alibaba's, Azure's, Oracle's and Amazon's are besides. */
const METADATA_4 = ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']
const METADATA_6 = ['fe80::/10', 'fd00:ec2::254/128', 'fd00:42::42/128', 'fd20:ce::254/128']

const INSIDE = blockList(INSIDE_4, INSIDE_6)
const METADATA = blockList(METADATA_4, METADATA_6)

/** @param address of IPv4 or IPv6, without brackets; an IPv6 one may end in a zone */
export function addressKind(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '')
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (METADATA.check(plain, family)) return 'metadata'
  return INSIDE.check(plain, family) ? 'inside' : 'public'
}

/**
 * The same of a URL's host, by its form alone; undefined for a name that must be looked up. The URL parser has written
 * every form of an address, such as `0x7f.1`, in the usual one.
 */
export function hostKind({ hostname }: URL): AddressKind | undefined {
  const host = hostname.replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return 'inside'
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 ? undefined : addressKind(address)
}

function blockList(networks4: readonly string[], networks6: readonly string[]): BlockList {
  const list = new BlockList()
  for (const [network = '', prefix] of networks4.map((written) => written.split('/'))) {
    list.addSubnet(network, Number(prefix))
    const hex = network.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
    const groups = `${hex.slice(0, 2).join('')}:${hex.slice(2).join('')}`
    list.addSubnet(`::ffff:${groups}`, 96 + Number(prefix), 'ipv6')
    list.addSubnet(`64:ff9b::${groups}`, 96 + Number(prefix), 'ipv6')
    list.addSubnet(`2002:${groups}::`, 16 + Number(prefix), 'ipv6')
  }
  for (const [network = '', prefix] of networks6.map((written) => written.split('/'))) {
    list.addSubnet(network, Number(prefix), 'ipv6')
  }
  return list
}

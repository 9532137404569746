import type { PublicKey } from 'openpgp'
import { type OpenPGP, openPGPOfCertificates } from './openpgp-config.ts'

type Packet = ReturnType<PublicKey['toPacketList']>[number]

/** The primary key, a user ID or a subkey, and the signatures behind it (RFC 9580, 10.1). */
interface Component {
  readonly head: Packet
  readonly signatures: Map<string, Packet>
}

/**
 * Makes one certificate of all that have the same primary key, as `gpg --import` does, whichever order they stand in: all
 * user IDs and subkeys, and all signatures, whoever made them. Which of these count is found out where a key is judged:
 * a renewal does not take away what was signed before it, and a revocation in one of them counts.
 *
 * gpgv and sqv do not: gpgv takes the first certificate of a key that it meets.
 */
export function mergeCertificates(certificates: readonly PublicKey[]): PublicKey[] {
  const [first] = certificates
  if (first === undefined) return []
  const openpgp = openPGPOfCertificates()
  const groups = new Map<string, PublicKey[]>()
  for (const certificate of certificates) {
    // The whole key, and not its fingerprint: SHA-1 makes those of version 4.
    const key = identityOf(openpgp, certificate.keyPacket)
    groups.set(key, [...(groups.get(key) ?? []), certificate])
  }
  return [...groups.values()].flatMap((group) => {
    const [only] = group
    return group.length === 1 && only !== undefined ? [only] : [mergeGroup(openpgp, group)]
  })
}

function mergeGroup(openpgp: OpenPGP, group: readonly PublicKey[]): PublicKey {
  const components = new Map<string, Component>()
  for (const certificate of newestFirst(openpgp, group)) {
    let component: Component | undefined
    for (const packet of certificate.toPacketList()) {
      const identity = identityOf(openpgp, packet)
      if (packet instanceof openpgp.SignaturePacket) {
        component?.signatures.set(identity, packet)
      } else {
        component = components.get(identity) ?? { head: packet, signatures: new Map() }
        components.set(identity, component)
      }
    }
  }
  const packets = new openpgp.PacketList<Packet>()
  for (const { head, signatures } of components.values()) packets.push(head, ...signatures.values())
  return new openpgp.PublicKey(packets)
}

/** What the result looks like, such as which name is the first, must not depend on the order of files. */
function newestFirst(openpgp: OpenPGP, group: readonly PublicKey[]): PublicKey[] {
  const sorted = group.map((certificate) => {
    const times = [...certificate.toPacketList()]
      .filter((packet) => packet instanceof openpgp.SignaturePacket)
      .filter(({ issuerKeyID }) => issuerKeyID.equals(certificate.getKeyID()))
      .map(({ created }) => created?.getTime() ?? 0)
    return { certificate, latest: Math.max(0, ...times), bytes: hex(certificate.write()) }
  })
  sorted.sort((a, b) => b.latest - a.latest || (a.bytes < b.bytes ? -1 : 1))
  return sorted.map(({ certificate }) => certificate)
}

/** Its bytes, with its kind in front. */
function identityOf(openpgp: OpenPGP, packet: Packet): string {
  const alone = new openpgp.PacketList<Packet>()
  alone.push(packet)
  return hex(alone.write())
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

import type { PublicKey, SignaturePacket } from 'openpgp'
import { DebproofError } from '../errors.ts'
import type { SigningKey } from './keyring.ts'
import { type OpenPGP, strictConfig } from './openpgp-config.ts'

/** The signature over the text, and the key's validity when it was made, by the self-signatures of then. */
export async function verifyAsMessage(
  openpgp: OpenPGP,
  text: Uint8Array,
  packet: SignaturePacket,
  { certificate }: SigningKey,
  at: Date,
): Promise<void> {
  const list = new openpgp.PacketList<SignaturePacket>()
  list.push(packet)
  const { signatures } = await openpgp.verify({
    message: await openpgp.createMessage({ binary: text }),
    signature: new openpgp.Signature(list),
    verificationKeys: [certificate],
    date: at,
    format: 'binary',
    config: strictConfig(openpgp),
  })
  const [result] = signatures
  // An empty list of results is how the library answers for packets that it skips.
  if (result === undefined) throw new DebproofError('RELEASE_UNTRUSTED', 'it was not recognised')
  await result.verified
}

/** The signature over the text, by a key that existed when it was made; the caller judges the key. */
export async function verifyByKeyAlone(
  openpgp: OpenPGP,
  text: Uint8Array,
  packet: SignaturePacket,
  { key }: SigningKey,
  at: Date,
): Promise<void> {
  if (packet.created === null || packet.created < key.getCreationTime()) {
    throw new DebproofError('RELEASE_UNTRUSTED', 'the signature is older than the key')
  }
  const [literal] = (await openpgp.createMessage({ binary: text })).packets
  if (literal === undefined) throw new Error('a message has a literal packet')
  const config = { ...openpgp.config, ...strictConfig(openpgp) }
  await packet.verify(key.keyPacket, packet.signatureType ?? openpgp.enums.signature.binary, literal, at, true, config)
}

/** `at`, or when the certificate's holder last renewed something in it, if that was later. */
export function lastRenewal(openpgp: OpenPGP, certificate: PublicKey, at: Date): Date {
  const own = certificate.getKeyID()
  const times = [...certificate.toPacketList()]
    .filter((packet) => packet instanceof openpgp.SignaturePacket)
    .filter(({ issuerKeyID }) => issuerKeyID.equals(own))
    .map(({ created }) => created?.getTime() ?? 0)
  return new Date(Math.max(at.getTime(), ...times))
}

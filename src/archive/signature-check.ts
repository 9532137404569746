import type { SignaturePacket } from 'openpgp'
import { DebproofError } from '../errors.ts'
import type { SigningKey } from './keyring.ts'
import { type OpenPGP, strictConfig } from './openpgp-config.ts'

/** The signature over the text, by a key that existed when it was made; the caller judges the key. */
export async function verifyByKeyAlone(
  openpgp: OpenPGP,
  text: Uint8Array,
  packet: SignaturePacket,
  { key }: SigningKey,
  at: Date,
): Promise<void> {
  const [literal] = (await openpgp.createMessage({ binary: text })).packets
  if (literal === undefined) throw new Error('a message has a literal packet')
  const config = { ...openpgp.config, ...strictConfig(openpgp) }
  await packet.verify(key.keyPacket, packet.signatureType ?? openpgp.enums.signature.binary, literal, at, true, config)
  // Last, for a signature that does not fit the text is told as that.
  if (packet.created === null || packet.created < key.getCreationTime()) {
    throw new DebproofError('RELEASE_UNTRUSTED', 'the signature is older than the key')
  }
}

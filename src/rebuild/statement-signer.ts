import type { PrivateKey } from 'openpgp'
import { loadOpenPGP } from '../archive/openpgp-config.ts'
import { DebproofError } from '../errors.ts'
import { forgetPrivateHalf, readPrivateKey } from '../report/sign.ts'

/** An OpenPGP signature as in-toto 0.9 keeps it (securesystemslib, gpg signature format). */
export interface LinkSignature {
  /** The fingerprint of the key that signed, in lower case. */
  readonly keyid: string
  /** The packet from its version to the end of the hashed subpackets (RFC 9580, 5.2.3), in hex. */
  readonly other_headers: string
  readonly signature: string
}

/** Signs what a rebuilder states. */
export interface StatementSigner {
  /** Of the primary key, in upper case: what a policy pins. */
  readonly fingerprint: string
  /** Frames a text as `gpg --clearsign` does (RFC 9580, 7). */
  clearsign(text: string): Promise<string>
  /** Undefined for a key whose kind in-toto 0.9 does not know: neither RSA nor Ed25519 in its first OpenPGP form. */
  signLink(bytes: Uint8Array): Promise<LinkSignature | undefined>
  /** Overwrites the private half in memory; nothing can be signed any more. */
  forget(): void
}

/**
 * Reads an armored private key and unlocks it.
 *
 * @param source names where it came from, for errors; never the key itself
 * @throws DebproofError KEY
 */
export async function readStatementSigner(
  armored: string,
  passphrase: string | undefined,
  source: string,
): Promise<StatementSigner> {
  const key = await readPrivateKey(armored, passphrase, source)
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    clearsign: (text) => clearsign(key, text),
    signLink: (bytes) => signLink(key, bytes, source),
    forget: () => forgetPrivateHalf(key),
  }
}

/** The library ends lines with CR LF, which is right for the hash and wrong for a file that apt's tools read. */
async function clearsign(key: PrivateKey, text: string): Promise<string> {
  const openpgp = await loadOpenPGP()
  const signed = await openpgp.sign({
    message: await openpgp.createCleartextMessage({ text: text.replace(/\n$/, '') }),
    signingKeys: key,
    config: { nonDeterministicSignaturesViaNotation: false, preferredHashAlgorithm: openpgp.enums.hash.sha256 },
  })
  return signed.replaceAll('\r\n', '\n')
}

/**
 * in-toto 0.9 takes SHA-256 alone, which the library would not choose for Ed25519, so the packet is made by hand. The
 * library's types do not know the form of what it signs, nor the last two arguments.
 */
async function signLink(key: PrivateKey, bytes: Uint8Array, source: string): Promise<LinkSignature | undefined> {
  const openpgp = await loadOpenPGP()
  const { rsaEncryptSign, rsaSign, eddsaLegacy } = openpgp.enums.publicKey
  const { keyPacket } = await key.getSigningKey()
  const { algorithm } = keyPacket
  const isRsa = algorithm === rsaEncryptSign || algorithm === rsaSign
  if (keyPacket.version !== 4 || (!isRsa && algorithm !== eddsaLegacy)) return undefined
  const packet = new openpgp.SignaturePacket()
  packet.signatureType = openpgp.enums.signature.binary
  packet.hashAlgorithm = openpgp.enums.hash.sha256
  packet.publicKeyAlgorithm = algorithm
  const data = { text: null, getBytes: () => bytes }
  await Reflect.apply(packet.sign, packet, [
    keyPacket,
    data,
    new Date(),
    true,
    { nonDeterministicSignaturesViaNotation: false },
  ])
  const { signatureData } = packet
  if (signatureData === null) throw new DebproofError('KEY', `The signing key from ${source} made no signature.`)
  const integers = readIntegers(packet.write().subarray(signatureData.length))
  const [modulus = 0] = isRsa ? [(keyPacket.getAlgorithmInfo().bits ?? 0) / 8] : []
  return {
    keyid: keyPacket.getFingerprint(),
    other_headers: Buffer.from(signatureData).toString('hex'),
    signature: integers.map((integer) => integer.toString('hex').padStart(2 * (isRsa ? modulus : 32), '0')).join(''),
  }
}

/** What follows the hashed part: unhashed subpackets, two bytes of the digest, then integers (RFC 9580, 5.2.3). */
function readIntegers(rest: Uint8Array): Buffer[] {
  const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength)
  const integers: Buffer[] = []
  for (let offset = 2 + bytes.readUInt16BE(0) + 2; offset < bytes.length; ) {
    const length = Math.ceil(bytes.readUInt16BE(offset) / 8)
    integers.push(bytes.subarray(offset + 2, offset + 2 + length))
    offset += 2 + length
  }
  return integers
}

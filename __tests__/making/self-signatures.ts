import { enums, type PrivateKey, type PublicKey, readKey, SignaturePacket, type Subkey } from 'openpgp'
import { DAY } from './signed-archive.ts'

/** What an owner says of a key, as gpg writes it. */
export interface Said {
  readonly date: Date
  /** When the key ends; never where it is left out. */
  readonly until?: Date
  /** SHA-512 unless said otherwise. */
  readonly hash?: enums.hash
  /** For certifying and signing unless said otherwise. */
  readonly flags?: number
  /** Who signs it: somebody else writes the owner's key ID all the same. */
  readonly by?: PrivateKey
}

/** The certificate with these self-signatures on its first user ID, and no other. */
export async function selfSigned(key: PrivateKey, ...said: readonly Said[]): Promise<PublicKey> {
  const certificate = await readKey({ binaryKey: key.toPublic().write() })
  const [user] = certificate.users
  if (user === undefined) throw new Error('the key has no user ID')
  const data = { userID: user.userID, key: certificate.keyPacket }
  user.selfCertifications = await Promise.all(
    said.map((each) => signed(key, enums.signature.certGeneric, data, certificate, each)),
  )
  return certificate
}

/** The same of its first subkey. */
export async function boundSubkey(key: PrivateKey, ...said: readonly Said[]): Promise<PublicKey> {
  const certificate = await readKey({ binaryKey: key.toPublic().write() })
  const [subkey] = certificate.subkeys
  if (subkey === undefined) throw new Error('the key has no subkey')
  const [before] = subkey.bindingSignatures
  const data = { key: certificate.keyPacket, bind: subkey.keyPacket }
  subkey.bindingSignatures = await Promise.all(
    said.map((each) =>
      signed(key, enums.signature.subkeyBinding, data, subkey, { flags: enums.keyFlags.signData, ...each }, before),
    ),
  )
  return certificate
}

async function signed(
  owner: PrivateKey,
  type: enums.signature,
  data: object,
  about: PublicKey | Subkey,
  { date, until, hash = enums.hash.sha512, flags = enums.keyFlags.certifyKeys | enums.keyFlags.signData, by }: Said,
  before?: SignaturePacket,
): Promise<SignaturePacket> {
  const packet = new SignaturePacket()
  packet.signatureType = type
  packet.publicKeyAlgorithm = owner.keyPacket.algorithm
  packet.hashAlgorithm = hash
  packet.keyFlags = new Uint8Array([flags])
  packet.embeddedSignature = before?.embeddedSignature ?? null
  if (until !== undefined) {
    packet.keyExpirationTime = (until.getTime() - about.getCreationTime().getTime()) / 1000
    packet.keyNeverExpires = false
  }
  const secret = (by ?? owner).keyPacket
  if (!('privateParams' in secret)) throw new Error('only a private key can sign')
  // It takes the ID of whoever signs; the owner's is what readers go by.
  const signer = Object.create(secret, {
    getKeyID: { value: () => owner.getKeyID() },
    getFingerprintBytes: { value: () => Buffer.from(owner.getFingerprint(), 'hex') },
  })
  const sign: (...args: unknown[]) => Promise<void> = packet.sign.bind(packet) as never
  await sign(signer, data, date, false, { nonDeterministicSignaturesViaNotation: false })
  return packet
}

/** These parts of a certificate in one, in this order, as a keyring file that was concatenated. */
export function concatenated(...certificates: readonly PublicKey[]): Buffer {
  return Buffer.concat(certificates.map((certificate) => certificate.toPublic().write()))
}

export const YEAR = 365 * DAY

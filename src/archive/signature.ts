import type { SignaturePacket } from 'openpgp'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_SIGNATURES } from '../limits.ts'
import type { Fingerprint } from './identity.ts'
import type { Keyring, SigningKey } from './keyring.ts'
import { loadOpenPGP, type OpenPGP, strictConfig } from './openpgp-config.ts'
import { lastRenewal, verifyAsMessage, verifyByKeyAlone } from './signature-check.ts'
import { checkSignaturePackets } from './signature-packets.ts'
import type { SignedText } from './signed-text.ts'

/** A trusted key that signed, and when. */
export interface Signer {
  readonly primaryFingerprint: Fingerprint
  readonly fingerprint: Fingerprint
  /** The first user ID of the certificate, for people. */
  readonly name: string
  readonly signedAt: Date
  /** When the key ends, or the certificate that it belongs to; absent where neither does. */
  readonly expires?: Date
}

export interface SignatureRules {
  /** Whether a signature may be younger than the clock: it is then judged at the time that it states. */
  readonly mayBeYounger: boolean
  /**
   * Whether a signature needs no self-signature from before it: whoever renews a key has not taken back what it
   * signed, and gpg keeps the latest self-signature alone.
   */
  readonly mayBeRenewed: boolean
}

/** For what is served now. */
export const PRESENT: SignatureRules = { mayBeYounger: false, mayBeRenewed: false }

/** For what was kept: an old suite is signed anew when a later release comes out, its contents unchanged. */
export const PAST: SignatureRules = { mayBeYounger: true, mayBeRenewed: false }

/** For a rebuilder's statement: that an old package was rebuilt may be said any time later. */
export const STATEMENT: SignatureRules = { mayBeYounger: true, mayBeRenewed: true }

/** What came of one signature. */
type Judgement =
  | { readonly outcome: 'counted'; readonly signer: Signer }
  | { readonly outcome: 'not counted'; readonly why: string }

/**
 * Verifies the signatures over a release file with the clock at `at`.
 *
 * The rule is the strictest of apt's three (2.6 with gpgv, 3 with gpgv, 3 with sqv): a signature of a trusted key
 * that does not fit the text refuses the file, whatever stands beside it (gpgv); one that is expired, too weak or
 * by an unknown key is not counted; one must count, and one in the first block (sqv reads that block alone).
 *
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED
 */
export async function verifySignatures(
  { text, blocks }: SignedText,
  keyring: Keyring,
  at: Date,
  { mayBeYounger, mayBeRenewed }: SignatureRules = PRESENT,
): Promise<Signer[]> {
  const openpgp = await loadOpenPGP()
  const signers: Signer[] = []
  const refusals: string[] = []
  for (const [index, block] of blocks.entries()) {
    const packets = await readSignaturePackets(openpgp, block)
    const counted = signers.length
    for (const packet of packets) {
      const clock = mayBeYounger && packet.created !== null && packet.created > at ? packet.created : at
      const judgement = await judgeSignature(openpgp, text, packet, keyring, clock, mayBeRenewed)
      if (judgement.outcome === 'counted') signers.push(judgement.signer)
      else refusals.push(judgement.why)
    }
    if (index === 0 && signers.length === counted) {
      const first = blocks.length > 1 ? 'The first signature block has no' : 'There is no'
      throw new DebproofError(
        'RELEASE_UNTRUSTED',
        `${first} valid signature by a trusted key: ${refusals.join('; ') || 'it holds no signature'}.`,
      )
    }
  }
  return signers
}

/** RFC 9580, 9.5, without SHA-3. For any other, gpgv and sqv refuse the file, whichever key it is and whatever stands beside. */
const KNOWN_DIGESTS: ReadonlySet<number> = new Set([1, 2, 3, 8, 9, 10, 11])

/** Signature packets and nothing else: the library drops what it does not know without a word. */
async function readSignaturePackets(openpgp: OpenPGP, block: Uint8Array): Promise<SignaturePacket[]> {
  checkSignaturePackets(block)
  let packets: SignaturePacket[]
  try {
    const signature = await openpgp.readSignature({ binarySignature: block, config: strictConfig(openpgp) })
    packets = [...signature.packets]
  } catch (error) {
    throw new DebproofError('RELEASE_MALFORMED', `A signature cannot be read (${describeError(error)}).`, {
      cause: error,
    })
  }
  if (packets.length > MAX_SIGNATURES) {
    throw new DebproofError('RELEASE_MALFORMED', `There are more than ${MAX_SIGNATURES} signatures.`)
  }
  for (const packet of packets) {
    // RFC 9580, 5.2.1: 0 is a signature over a binary document, 1 over text; others certify keys.
    if (!(packet instanceof openpgp.SignaturePacket) || (packet.signatureType !== 0 && packet.signatureType !== 1)) {
      throw new DebproofError('RELEASE_MALFORMED', 'A signature is of a kind that does not sign documents.')
    }
    if (packet.hashAlgorithm === null || !KNOWN_DIGESTS.has(packet.hashAlgorithm)) {
      throw new DebproofError('RELEASE_MALFORMED', 'A signature is over a digest that gpgv does not know.')
    }
  }
  return packets
}

async function judgeSignature(
  openpgp: OpenPGP,
  text: Uint8Array,
  packet: SignaturePacket,
  keyring: Keyring,
  at: Date,
  mayBeRenewed: boolean,
): Promise<Judgement> {
  const config = strictConfig(openpgp)
  const full = { ...openpgp.config, ...config }
  const keyId = packet.issuerKeyID.toHex()
  const keys = keyring.withKeyId(keyId)
  const [key] = keys
  if (key === undefined) return { outcome: 'not counted', why: `key ${keyId.toUpperCase()} is not in the keyring` }
  if (keys.length > 1) return { outcome: 'not counted', why: `the key ID ${keyId.toUpperCase()} is ambiguous` }
  // The library meets a curve that it was built without before it looks at what is refused.
  const { curve } = key.key.getAlgorithmInfo()
  if ([...full.rejectCurves].some((refused) => String(refused) === curve))
    return notCounted(key, `its curve ${curve ?? ''} is not accepted`)

  try {
    if (mayBeRenewed) await verifyByKeyAlone(openpgp, text, packet, key, at)
    else await verifyAsMessage(openpgp, text, packet, key, at)
  } catch (error) {
    if (isBadSignature(error)) {
      throw new DebproofError(
        'RELEASE_UNTRUSTED',
        `BAD signature by the trusted key ${key.primaryFingerprint}: the file was changed after it was signed.`,
        { cause: error },
      )
    }
    return notCounted(key, describeError(error))
  }
  const issuer = packet.issuerFingerprint
  if (
    issuer !== null &&
    issuer !== undefined &&
    Buffer.from(issuer).toString('hex').toUpperCase() !== key.fingerprint
  ) {
    return notCounted(key, 'the signature names another fingerprint')
  }
  try {
    // The library checks keys at the time that the signature claims; an expired or revoked key could back-date it.
    const clock = mayBeRenewed ? lastRenewal(openpgp, key.certificate, at) : at
    await key.certificate.verifyPrimaryKey(clock, undefined, full)
    const binding = 'mainKey' in key.key ? await key.key.verify(clock, full) : undefined
    if (mayBeRenewed) await key.certificate.getSigningKey(key.key.getKeyID(), clock, undefined, full)
    // A weak digest is no reason to trust and none to overlook a revocation, which the library then would.
    const anyDigest = { ...full, rejectHashAlgorithms: new Set<never>() }
    const isRevoked =
      (await key.certificate.isRevoked(undefined, undefined, clock, anyDigest)) ||
      ('mainKey' in key.key &&
        binding !== undefined &&
        (await key.key.isRevoked(binding, key.certificate.keyPacket, clock, anyDigest)))
    if (isRevoked) return notCounted(key, 'it is revoked')
  } catch (error) {
    return notCounted(key, describeError(error))
  }
  if (!keyring.allows(key)) return notCounted(key, 'signed-by does not name it')
  return {
    outcome: 'counted',
    signer: {
      primaryFingerprint: key.primaryFingerprint,
      fingerprint: key.fingerprint,
      name: key.certificate.getUserIDs()[0] ?? '',
      signedAt: packet.created ?? at,
      ...(await keyExpiry(openpgp, key, at)),
    },
  }
}

/** When the key ends by the self-signatures of `at`, or the certificate that it belongs to. */
async function keyExpiry(
  openpgp: OpenPGP,
  { key, certificate }: SigningKey,
  at: Date,
): Promise<Pick<Signer, 'expires'>> {
  const full = { ...openpgp.config, ...strictConfig(openpgp) }
  const ends = [await certificate.getExpirationTime(undefined, full)]
  if ('mainKey' in key) ends.push(await key.getExpirationTime(at, full))
  const times = ends.flatMap((end) => (end instanceof Date ? [end.getTime()] : []))
  return times.length === 0 ? {} : { expires: new Date(Math.min(...times)) }
}

function notCounted(key: SigningKey, why: string): Judgement {
  return { outcome: 'not counted', why: `key ${key.primaryFingerprint}: ${why}` }
}

/** The ways in which openpgp.js says that text, signature and key do not belong together. */
function isBadSignature(error: unknown): boolean {
  const message = describeError(error)
  return (
    message.includes('Signed digest did not match') ||
    message.includes('Signature verification failed') ||
    // The digest covers the algorithm: for gpgv this is a bad signature like any other.
    message.includes('does not match issuer key algorithm')
  )
}

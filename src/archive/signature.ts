import type { Config, SignaturePacket } from 'openpgp'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_SIGNATURES } from '../limits.ts'
import type { Fingerprint } from './identity.ts'
import { checkKeyAt, checkNotRevoked, keyEnd } from './key-validity.ts'
import type { Keyring, SigningKey } from './keyring.ts'
import { loadOpenPGP, type OpenPGP, strictConfig } from './openpgp-config.ts'
import { verifyByKeyAlone } from './signature-check.ts'
import { type RawSignature, signaturePackets } from './signature-packets.ts'
import type { SignedText } from './signed-text.ts'
import { refusalOfVersion3 } from './version-3.ts'

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
  /** Whether the key may have expired between the signature and the clock; revoked it must not be. */
  readonly mayHaveExpired?: boolean
}

/** For what is served now. */
export const PRESENT: SignatureRules = { mayBeYounger: false }

/** For what was kept: an old suite is signed anew when a later release comes out, its contents unchanged. */
export const PAST: SignatureRules = { mayBeYounger: true }

/** For a rebuilder's statement: that an old package was rebuilt may be said any time later. */
export const STATEMENT: SignatureRules = { mayBeYounger: true }

/** What came of one signature. */
type Judgement =
  | { readonly outcome: 'counted'; readonly signer: Signer }
  | { readonly outcome: 'not counted'; readonly why: string }

/**
 * Verifies the signatures over a release file with the clock at `at`.
 *
 * The rule is the strictest of apt's three (2.6 with gpgv, 3 with gpgv, 3 with sqv): a signature of a trusted key
 * that does not fit the text refuses the file, whatever stands beside it (gpgv); one that is expired, too weak or
 * by an unknown key is not counted; one must count, and one in the first block (sqv reads that block alone). Two things
 * are taken that sqv refuses, and docs/apt-parity.md says why: a signature from before its key was renewed, and one
 * beside another of version 3.
 *
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED
 */
export async function verifySignatures(
  { text, blocks }: SignedText,
  keyring: Keyring,
  at: Date,
  { mayBeYounger, mayHaveExpired = false }: SignatureRules = PRESENT,
): Promise<Signer[]> {
  const openpgp = await loadOpenPGP()
  const signers: Signer[] = []
  const refusals: string[] = []
  let isBehindUnread = false
  for (const [index, block] of blocks.entries()) {
    const counted = signers.length
    for (const raw of readBlock(block)) {
      const judgement = await judgePacket(openpgp, text, raw, keyring, at, { mayBeYounger, mayHaveExpired })
      if (judgement.outcome === 'not counted') refusals.push(judgement.why)
      else if (isBehindUnread) refusals.push(`key ${judgement.signer.primaryFingerprint}: ${BEHIND_UNKNOWN}`)
      else signers.push(judgement.signer)
      isBehindUnread ||= raw.version !== 3 && raw.version !== 4
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

/** So does the gpgv of apt 2.6 with every version but 3 and 4. */
const BEHIND_UNKNOWN = 'it stands behind a signature of a version that gpgv does not know, and there gpgv stops reading'

/** RFC 9580, 9.5, without SHA-3. For any other, gpgv and sqv refuse the file, whichever key it is and whatever stands beside. */
const KNOWN_DIGESTS: ReadonlySet<number> = new Set([1, 2, 3, 8, 9, 10, 11])

/** The signatures of a block, all of which are over documents. */
function readBlock(block: Uint8Array): RawSignature[] {
  const signatures = signaturePackets(block)
  if (signatures.length === 0) throw new DebproofError('RELEASE_MALFORMED', 'A signature block is empty.')
  if (signatures.length > MAX_SIGNATURES) {
    throw new DebproofError('RELEASE_MALFORMED', `There are more than ${MAX_SIGNATURES} signatures.`)
  }
  for (const { type, digest } of signatures) {
    // RFC 9580, 5.2.1: 0 is a signature over a binary document, 1 over text; others certify keys.
    if (type !== undefined && type !== 0 && type !== 1) {
      throw new DebproofError('RELEASE_MALFORMED', 'A signature is of a kind that does not sign documents.')
    }
    if (digest !== undefined && !KNOWN_DIGESTS.has(digest)) {
      throw new DebproofError('RELEASE_MALFORMED', 'A signature is over a digest that gpgv does not know.')
    }
  }
  return signatures
}

/** What cannot count, whoever made it, is told as what it is: it does not spoil what stands beside it. */
async function judgePacket(
  openpgp: OpenPGP,
  text: Uint8Array,
  raw: RawSignature,
  keyring: Keyring,
  at: Date,
  { mayBeYounger, mayHaveExpired = false }: SignatureRules,
): Promise<Judgement> {
  if (raw.version === 3) return { outcome: 'not counted', why: refusalOfVersion3(text, raw, keyring) }
  if (raw.type === undefined) {
    return { outcome: 'not counted', why: `a signature is of version ${raw.version}, which nobody here knows` }
  }
  const packet = await readPacket(openpgp, raw)
  if (packet === undefined) {
    return { outcome: 'not counted', why: `a signature is of the algorithm ${raw.body[2]}, which nobody here knows` }
  }
  const clock = mayBeYounger && packet.created !== null && packet.created > at ? packet.created : at
  return await judgeSignature(openpgp, text, packet, keyring, clock, mayHaveExpired)
}

/** Undefined for an algorithm that the library does not know: it then drops the packet without a word. */
async function readPacket(openpgp: OpenPGP, { packet }: RawSignature): Promise<SignaturePacket | undefined> {
  try {
    const signature = await openpgp.readSignature({ binarySignature: packet, config: strictConfig(openpgp) })
    const [first] = signature.packets
    return first instanceof openpgp.SignaturePacket ? first : undefined
  } catch (error) {
    throw new DebproofError('RELEASE_MALFORMED', `A signature cannot be read (${describeError(error)}).`, {
      cause: error,
    })
  }
}

async function judgeSignature(
  openpgp: OpenPGP,
  text: Uint8Array,
  packet: SignaturePacket,
  keyring: Keyring,
  at: Date,
  mayHaveExpired: boolean,
): Promise<Judgement> {
  const config: Config = { ...openpgp.config, ...strictConfig(openpgp, at) }
  const keyId = packet.issuerKeyID.toHex()
  const keys = keyring.withKeyId(keyId)
  const [key] = keys
  if (keyId === '') return { outcome: 'not counted', why: 'a signature does not say whose it is' }
  if (key === undefined) return { outcome: 'not counted', why: `key ${keyId.toUpperCase()} is not in the keyring` }
  if (keys.length > 1) return { outcome: 'not counted', why: `the key ID ${keyId.toUpperCase()} is ambiguous` }
  // The library meets a curve that it was built without before it looks at what is refused.
  const { curve } = key.key.getAlgorithmInfo()
  if ([...config.rejectCurves].some((refused) => String(refused) === curve))
    return notCounted(key, `its curve ${curve ?? ''} is not accepted`)

  try {
    await verifyByKeyAlone(openpgp, text, packet, key, at)
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
    // At the time that the signature claims, and at the clock: an expired or revoked key could back-date it.
    await checkKeyAt(openpgp, key, packet.created ?? at, config)
    if (!mayHaveExpired) await checkKeyAt(openpgp, key, at, config)
    await checkNotRevoked(openpgp, key, at, config)
  } catch (error) {
    return notCounted(key, describeError(error))
  }
  if (!keyring.allows(key)) return notCounted(key, 'signed-by does not name it')
  const expires = await keyEnd(openpgp, key, at, config)
  return {
    outcome: 'counted',
    signer: {
      primaryFingerprint: key.primaryFingerprint,
      fingerprint: key.fingerprint,
      name: key.certificate.getUserIDs()[0] ?? '',
      signedAt: packet.created ?? at,
      ...(expires === undefined ? {} : { expires }),
    },
  }
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

import type { Keyring } from '../archive/keyring.ts'
import { loadOpenPGP, strictConfig } from '../archive/openpgp-config.ts'
import { type SignatureRules, type Signer, STATEMENT, verifySignatures } from '../archive/signature.ts'
import { signatureBlocks } from '../archive/signed-text.ts'
import { isDebproofError } from '../errors.ts'
import { MAX_FUTURE_SECONDS } from '../limits.ts'

export interface ReportSigner extends Signer {
  /** Whether the key was good when it signed, and has expired by the clock. */
  readonly hasExpired: boolean
}

/** Whoever renews a key has not taken back the reports that it signed. */
const NOW: SignatureRules = { mayBeYounger: false, mayBeRenewed: true }

/**
 * Who signed a report. It is kept for years, so what a key signed before it expired stays good, as for gpgv; a key that
 * was revoked or given up signs nothing, whenever that was, and neither does a signature that has itself expired.
 *
 * @param signature detached and armored
 * @param now the clock
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, TOO_LARGE
 */
export async function reportSigners(
  text: Uint8Array,
  signature: Uint8Array,
  keyring: Keyring,
  now: Date,
): Promise<ReportSigner[]> {
  // The clock of the machine that signed may be a little ahead of this one's.
  const clock = new Date(now.getTime() + MAX_FUTURE_SECONDS * 1000)
  const blocks = signatureBlocks(signature, 'report.json.asc')
  try {
    const signers = await verifySignatures({ text, blocks }, keyring, clock, NOW)
    return signers.map((signer) => ({ ...signer, hasExpired: false }))
  } catch (error) {
    if (!isDebproofError(error, 'RELEASE_UNTRUSTED')) throw error
    const earlier = await signedInTime(text, blocks, keyring, clock).catch(() => [])
    if (earlier.length === 0) throw error
    return earlier
  }
}

/** Those whose keys were good when they signed, have expired since, and were not revoked. */
async function signedInTime(
  text: Uint8Array,
  blocks: readonly Uint8Array[],
  keyring: Keyring,
  clock: Date,
): Promise<ReportSigner[]> {
  const over = await expiredSignatures(blocks, clock)
  // Each is judged at the time that it states, or at the key's last renewal or revocation.
  const signers = await verifySignatures({ text, blocks }, keyring, new Date(0), STATEMENT)
  return signers
    .filter(({ signedAt, expires }) => signedAt <= clock && expires !== undefined && expires <= clock)
    .filter(({ signedAt }) => !over.has(signedAt.getTime()))
    .map((signer) => ({ ...signer, hasExpired: true }))
}

/** When those were made that are over. */
async function expiredSignatures(blocks: readonly Uint8Array[], clock: Date): Promise<Set<number>> {
  const openpgp = await loadOpenPGP()
  const times = new Set<number>()
  for (const binarySignature of blocks) {
    const { packets } = await openpgp.readSignature({ binarySignature, config: strictConfig(openpgp) })
    for (const packet of packets) {
      const end = packet.getExpirationTime()
      if (packet.created !== null && end instanceof Date && end <= clock) times.add(packet.created.getTime())
    }
  }
  return times
}

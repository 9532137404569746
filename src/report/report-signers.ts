import type { Keyring } from '../archive/keyring.ts'
import { type SignatureRules, type Signer, verifySignatures } from '../archive/signature.ts'
import { signatureBlocks } from '../archive/signed-text.ts'
import { MAX_FUTURE_SECONDS } from '../limits.ts'

export interface ReportSigner extends Signer {
  /** Whether the key was good when it signed, and has expired by the clock. */
  readonly hasExpired: boolean
}

const KEPT: SignatureRules = { mayBeYounger: false, mayHaveExpired: true }

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
  const signers = await verifySignatures({ text, blocks }, keyring, clock, KEPT)
  return signers.map((signer) => ({ ...signer, hasExpired: signer.expires !== undefined && signer.expires <= clock }))
}

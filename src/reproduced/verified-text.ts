import { primaryFingerprints } from '../archive/evidence.ts'
import type { Keyring } from '../archive/keyring.ts'
import { STATEMENT, verifySignatures } from '../archive/signature.ts'
import { type SignedText, splitClearsigned } from '../archive/signed-text.ts'
import { DebproofError, isDebproofError } from '../errors.ts'

/** What a party signed with OpenPGP, made only by verifying the signature. */
export interface VerifiedText {
  /** Latin-1, one character for each byte: two texts that differ stay different. */
  readonly text: string
  /** The fingerprints of the primary keys that signed, sorted. */
  readonly signers: readonly string[]
  /** What the first signature that counts says of its time. */
  readonly signedAt: Date
}

/** RFC 9580, 7: how a text begins that has its signature around it. */
const CLEARSIGNED = '-----BEGIN PGP SIGNED MESSAGE-----'

/** Whether a file claims to be, or to hold, a text with its signature around it. */
export function isClearsigned(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(CLEARSIGNED, 0, 'latin1')
}

/**
 * Splits a statement that has its signature around it. What people publish by hand may have blank lines after the
 * signature, as release files must not.
 *
 * @throws DebproofError STATEMENT, RELEASE_MALFORMED, TOO_LARGE
 */
export function splitClearsignedStatement(bytes: Uint8Array, what: string): SignedText {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // An editor's byte order mark cannot be seen, so the reason has to say where to look.
  if (text.indexOf(CLEARSIGNED, 0, 'latin1') > 0) {
    throw new DebproofError(
      'STATEMENT',
      `${what} has something before ${CLEARSIGNED}, such as a byte order mark or a blank line: take it away.`,
    )
  }
  return splitClearsigned(withoutBlankEnd(bytes), what)
}

/** Without the blanks and line ends after the last line, such as the one that ends a signature. */
export function withoutBlankEnd(bytes: Uint8Array): Uint8Array {
  const last = bytes.findLastIndex((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a)
  return bytes.subarray(0, last + 1)
}

/**
 * Verifies a statement with the rules for release files, but for its age: that an old package was rebuilt may be
 * said any time later. A signature that is younger than `at` is judged at its own time.
 *
 * @param split takes text and signatures apart
 * @param what names the statement in errors
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export async function verifyText(
  split: () => SignedText,
  keyring: Keyring,
  at: Date,
  what: string,
): Promise<VerifiedText> {
  try {
    const signed = split()
    const signers = await verifySignatures(signed, keyring, at, STATEMENT)
    const [first] = signers
    if (first === undefined) throw new DebproofError('STATEMENT', `${what} is signed by no key of its party's.`)
    const text = Buffer.from(signed.text.buffer, signed.text.byteOffset, signed.text.byteLength).toString('latin1')
    return { text, signers: primaryFingerprints(signers), signedAt: first.signedAt }
  } catch (error) {
    if (!isDebproofError(error, 'RELEASE_MALFORMED', 'RELEASE_UNTRUSTED')) throw error
    const message = error.message.includes(what) ? error.message : `${what}: ${error.message}`
    throw new DebproofError('STATEMENT', message, { cause: error.cause })
  }
}

import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { parseReleaseFields } from '../archive/release-fields.ts'
import type { SignedText } from '../archive/signed-text.ts'

/** What of a release file must not change from one to the next (apt's Acquire::AllowReleaseInfoChange). */
export interface ReleaseIdentity {
  readonly origin: string | undefined
  readonly label: string | undefined
  readonly codename: string | undefined
}

/**
 * What a release file says of its suite, as one value: the SHA-256 of its text without what a signer may leave out
 * or add. `InRelease` and `Release` have the same, and so have two files of which one has a signature more.
 */
export function releaseState({ text }: SignedText): Sha256 {
  const lines = latin1(text).replaceAll('\r\n', '\n').replaceAll(BLANKS_AT_END, '')
  return sha256Of(Buffer.from(lines.replace(NEWLINES_AT_END, ''), 'latin1'))
}

/** @param signed of which the signatures were verified */
export function releaseIdentity({ text }: SignedText): ReleaseIdentity {
  const fields = parseReleaseFields(text)
  return { origin: fields.get('origin'), label: fields.get('label'), codename: fields.get('codename') }
}

/** Tells identities apart in the names of sightings. */
export function identityDigest({ origin, label, codename }: ReleaseIdentity): string {
  return sha256Of(JSON.stringify([origin ?? null, label ?? null, codename ?? null])).slice(0, 16)
}

// Looked for where a run begins: one that ends elsewhere would be gone through again from each of its characters.
const BLANKS_AT_END = /(?<![ \t])[ \t]+$/gm
const NEWLINES_AT_END = /(?<!\n)\n+$/

function latin1(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1')
}

import type { Sha256 } from './identity.ts'
import type { Signer } from './signature.ts'

/** What a file that a verdict rests on is. */
export type EvidenceKind =
  | 'release'
  | 'release-signature'
  | 'packages'
  | 'sources'
  | 'buildinfo'
  | 'in-toto-link'
  | 'in-toto-layout'
  | 'rebuilderd-link'
  | 'sha256sums'
  | 'sha256sums-signature'
  | 'dsse'

/** A file that a verdict rests on, as it was read: its hash is of the bytes on the wire or on the disk. */
export interface Evidence {
  readonly sha256: Sha256
  readonly kind: EvidenceKind
  readonly url: string
  readonly size: number
  /**
   * The release file's own date; for an index, that of the release file that lists it; for a rebuilder's statement,
   * when it was signed. Absent where nothing that is signed says it.
   */
  readonly date?: Date
  /**
   * Who signed it; for an index, who signed the release file that lists it: fingerprints of OpenPGP primary keys,
   * or of other public keys.
   */
  readonly signers: readonly string[]
  /** The rebuilders whose statement it is, by their names in the policy. */
  readonly parties?: readonly string[]
}

/** The fingerprints of the primary keys, each once, sorted. */
export function primaryFingerprints(signers: readonly Signer[]): string[] {
  return [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort()
}

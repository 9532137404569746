import type { Sha256 } from './identity.ts'
import type { Signer } from './signature.ts'

/** A file that a verdict rests on, as it was read: its hash is of the bytes on the wire or on the disk. */
export interface Evidence {
  readonly sha256: Sha256
  readonly kind: 'release' | 'release-signature' | 'packages' | 'sources'
  readonly url: string
  readonly size: number
  /** The release file's own date; for an index, that of the release file that lists it. */
  readonly date: Date
  /** Who signed it; for an index, who signed the release file that lists it. */
  readonly signers: readonly Signer[]
}

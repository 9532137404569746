import type { Architecture, PackageName, Sha256, Version } from '../archive/identity.ts'

/** A package that a build used, as far as one package list knows it. */
export interface PackageUse {
  readonly kind: 'binary' | 'source'
  readonly name: PackageName
  readonly version: Version
  /**
   * Absent where the list does not say: the package is then of the build's own architecture or `all`.
   * Never present for a source package.
   */
  readonly architecture?: Architecture
  /** The hash of the .deb (for a source package, of its .dsc), where it is known from the file or the list. */
  readonly hash?: { readonly sha256: Sha256; readonly from: 'deb' | 'list' }
}

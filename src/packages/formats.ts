import { aptHook } from './apt-hook.ts'
import { buildManifest } from './build-manifest.ts'
import { DEB_DIRECTORY } from './deb-directory.ts'
import { dpkgQuery } from './dpkg-query.ts'
import { dpkgStatus } from './dpkg-status.ts'
import type { ListFormat } from './list-format.ts'
import { nameVersion } from './name-version.ts'
import { printUris } from './print-uris.ts'
import { sha256sums } from './sha256sums.ts'

/** The formats of files, in the order in which they are detected. */
export const LIST_FORMATS: readonly ListFormat[] = [
  aptHook,
  sha256sums,
  buildManifest,
  dpkgStatus,
  printUris,
  dpkgQuery,
  nameVersion,
]

/** Every name that a list's format may be given as. */
export const FORMAT_NAMES: readonly string[] = [...LIST_FORMATS.map((format) => format.name), DEB_DIRECTORY]

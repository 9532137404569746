import type { Version } from '../archive/identity.ts'
import type { BinaryEntry } from '../archive/index-entry.ts'

/** A version as file names have it (Debian Policy 5.6.12): without its epoch. */
export function versionInFileName(version: Version): string {
  return version.slice(version.indexOf(':') + 1)
}

/** What a build calls the file of a binary package: `name_version_architecture.deb`. */
export function debFileName({ name, version, architecture }: BinaryEntry): string {
  return `${name}_${versionInFileName(version)}_${architecture}.deb`
}

/** Whether a file of a build is a package, also of the installer's (.udeb) or of debug symbols elsewhere (.ddeb). */
export function isBinaryPackage(fileName: string): boolean {
  return /^[a-z0-9][A-Za-z0-9+.~_-]*\.(?:deb|udeb|ddeb)$/.test(fileName)
}

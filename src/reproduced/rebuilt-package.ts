import type { Architecture } from '../archive/identity.ts'
import type { BinaryEntry } from '../archive/index-entry.ts'
import { sourceOf } from '../archive/index-entry.ts'
import type { PackageUse } from '../packages/package-use.ts'
import type { RebuiltPackage } from './statement.ts'

/**
 * What a build calls the .deb that an index lists. Never the index's own `Filename`: whoever writes the index could
 * point it at a sibling, or at an older version, that rebuilders do vouch for.
 */
export function rebuiltPackageOf(entry: BinaryEntry): RebuiltPackage {
  const { name, version, architecture, file } = entry
  const suffix = file.path.endsWith('.udeb') ? 'udeb' : 'deb'
  return { name, version, architecture, source: sourceOf(entry), fileName: fileName(entry, suffix) }
}

/** The same for a package that no archive lists; what it was built from is then a guess. */
export function rebuiltPackageOfUse({ name, version }: PackageUse, architecture: Architecture): RebuiltPackage {
  const identity = { name, version, architecture }
  return { ...identity, source: { name, version }, fileName: fileName(identity, 'deb') }
}

/** dpkg-deb(1): the version in a file name has no epoch. */
function fileName(
  { name, version, architecture }: Omit<RebuiltPackage, 'source' | 'fileName'>,
  suffix: string,
): string {
  return `${name}_${version.replace(/^\d+:/, '')}_${architecture}.${suffix}`
}

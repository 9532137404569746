import { type PackageName, parsePackageName, parseVersion, type Version } from './identity.ts'

/** A source package, as what was built from it refers to it. */
export interface SourceName {
  readonly name: PackageName
  readonly version: Version
}

/**
 * Reads a `Source` field, `name` or `name (version)` (Debian Policy 5.6.1); undefined for anything else.
 *
 * @param version of what was built, which is the source's where none is written
 */
export function parseSourceName(text: string, version: Version): SourceName | undefined {
  const [, writtenName = '', writtenVersion] = /^([^\s()]+)(?:[ \t]+\(([^\s()]+)\))?$/.exec(text) ?? []
  const name = parsePackageName(writtenName)
  const own = writtenVersion === undefined ? version : parseVersion(writtenVersion)
  return name === undefined || own === undefined ? undefined : { name, version: own }
}

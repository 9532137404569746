import type { Sha256 } from '../archive/identity.ts'
import {
  type Architecture,
  type PackageName,
  parsePackageName,
  parseVersion,
  type Version,
} from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'

/** What somebody asked to have rebuilt: a name, and what narrows it. */
export interface Wish {
  /** As it was asked for, for messages. */
  readonly text: string
  readonly name: PackageName
  /** Of the source package or of the binary package. */
  readonly version?: Version
  /** Written `src:NAME`: the source package of this name, where a binary package of another source has it too. */
  readonly sourceOnly: boolean
  /** Known where a report asks: the very file that the build used. */
  readonly architecture?: Architecture
  readonly sha256?: Sha256
  /** The name of an archive in the policy. */
  readonly archive?: string
}

/**
 * Reads `NAME`, `NAME=VERSION` or `src:NAME=VERSION`, as `apt-get source` and `dpkg-query` write them.
 * @throws DebproofError USAGE
 */
export function parseWish(text: string): Wish {
  const [, prefix, writtenName = '', writtenVersion] = /^(src:)?([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  const name = parsePackageName(writtenName)
  if (name === undefined) throw new DebproofError('USAGE', `rebuild: ${JSON.stringify(text)} is no package name.`)
  const version = writtenVersion === undefined ? undefined : parseVersion(writtenVersion)
  if (writtenVersion !== undefined && version === undefined) {
    throw new DebproofError('USAGE', `rebuild: ${JSON.stringify(text)} has no version after the =.`)
  }
  return { text, name, sourceOnly: prefix !== undefined, ...(version === undefined ? {} : { version }) }
}

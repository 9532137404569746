import { DebproofError } from '../errors.ts'
import { MAX_BUILDINFO, MAX_BUILDINFO_FILES } from '../limits.ts'
import { checksumRows } from './checksum-rows.ts'
import { parseStanza } from './deb822.ts'
import { detached } from './detached-string.ts'
import {
  type Architecture,
  parseArchitecture,
  parseSha256,
  parseVersion,
  type Sha256,
  type Version,
} from './identity.ts'
import { isPathBelow } from './path-below.ts'
import { parseSourceName, type SourceName } from './source-name.ts'

/** What a build says of itself: what came out, and of which source. */
export interface Buildinfo {
  /** Its version is the source's own: of a binNMU, the one without `+bN`. */
  readonly source: SourceName
  /** Of the build, with epoch and `+bN`; a .deb may still have a version of its own. */
  readonly version: Version
  /** The architecture of the machine that built, not of what was built. */
  readonly buildArchitecture: Architecture
  /** What came out, by file name: the .debs, and the .dsc where the source package was made along with them. */
  readonly files: ReadonlyMap<string, { readonly size: number; readonly sha256: Sha256 }>
}

/**
 * Reads a `.buildinfo` (deb-buildinfo(5), format 1.0): one paragraph, without the signature around it. What is
 * returned does not hold the text in memory.
 *
 * @param text never more than what a signature covers, where there is one
 * @param what names it in errors, such as its URL
 * @throws DebproofError STATEMENT, TOO_LARGE
 */
export function parseBuildinfo(text: string, what: string): Buildinfo {
  if (text.length > MAX_BUILDINFO)
    throw new DebproofError('TOO_LARGE', `${what} is larger than ${MAX_BUILDINFO} bytes.`)
  const malformed = (problem: string): DebproofError => new DebproofError('STATEMENT', `${what} ${problem}.`)
  let stanza: ReturnType<typeof parseStanza>
  try {
    stanza = parseStanza(text)
  } catch (error) {
    throw new DebproofError('STATEMENT', `${what} is no .buildinfo`, { cause: error })
  }
  const format = stanza.get('format')
  if (format === undefined || !/^1\.\d+$/.test(format)) throw malformed('is no .buildinfo of format 1')
  const version = parseVersion(detached(stanza.get('version') ?? ''))
  if (version === undefined) throw malformed('has no valid Version')
  const source = parseSourceName(detached(stanza.get('source') ?? ''), version)
  if (source === undefined) throw malformed('has no valid Source')
  const buildArchitecture = parseArchitecture(detached(stanza.get('build-architecture') ?? ''))
  if (buildArchitecture === undefined) throw malformed('has no valid Build-Architecture')
  const files = new Map<string, { size: number; sha256: Sha256 }>()
  for (const [name, hash, size] of checksumRows(stanza, 'checksums-sha256', malformed)) {
    if (files.size >= MAX_BUILDINFO_FILES) {
      throw new DebproofError('TOO_LARGE', `${what} lists more than ${MAX_BUILDINFO_FILES} files.`)
    }
    const sha256 = parseSha256(detached(hash))
    if (sha256 === undefined) throw malformed(`has a SHA-256 that is none: ${JSON.stringify(hash.slice(0, 80))}`)
    if (name.includes('/') || !isPathBelow(name))
      throw malformed(`lists ${JSON.stringify(name)}, which is not a file name`)
    if (files.has(name)) throw malformed(`lists ${name} twice`)
    files.set(detached(name), { size, sha256 })
  }
  if (files.size === 0) throw malformed('lists no file with a SHA-256')
  return { source, version, buildArchitecture, files }
}

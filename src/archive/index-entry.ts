import { DebproofError } from '../errors.ts'
import { MAX_NAME } from '../limits.ts'
import { checksumRows, parseSize } from './checksum-rows.ts'
import { parseStanza, type Repeats, type Stanza } from './deb822.ts'
import {
  type Architecture,
  type PackageName,
  parseArchitecture,
  parsePackageName,
  parseSha256,
  parseVersion,
  type Sha256,
  type Version,
} from './identity.ts'
import { isPathBelow } from './path-below.ts'
import { parseSourceName, type SourceName } from './source-name.ts'

/** A file in an archive's pool, as an index describes it. */
export interface PoolFile {
  /** Relative to the archive's base URL. */
  readonly path: string
  readonly size: number
  readonly sha256: Sha256
}

/** A .deb that a `Packages` index lists. */
export interface BinaryEntry {
  readonly kind: 'binary'
  readonly name: PackageName
  readonly version: Version
  readonly architecture: Architecture
  readonly file: PoolFile
  /** The source package that it was built from, where its name or version is another (Debian Policy 5.6.1). */
  readonly source?: SourceName
}

/** The source package that a .deb was built from. */
export function sourceOf({ source, name, version }: BinaryEntry): SourceName {
  return source ?? { name, version }
}

/** A source package that a `Sources` index lists. */
export interface SourceEntry {
  readonly kind: 'source'
  readonly name: PackageName
  readonly version: Version
  /** The .dsc, whose hash stands for the package. */
  readonly file: PoolFile
  /** Every file of the package, the .dsc among them, sorted by path. */
  readonly files: readonly PoolFile[]
}

export type IndexEntry = BinaryEntry | SourceEntry

/** What is read of a stanza here. */
const READ: ReadonlySet<string> = new Set([
  ...['package', 'version', 'architecture', 'source', 'filename', 'size', 'sha256', 'directory', 'files'],
  ...['checksums-sha1', 'checksums-sha256', 'checksums-sha512'],
])

/**
 * Readers differ in which of two fields counts, so that one that is read here may only say the same again. Nobody's
 * choice of any other changes which file the stanza is about: many archives have `Depends` or `Description` twice.
 */
export const mayRepeat: Repeats = (field, first, again) => field !== 'package' && (!READ.has(field) || first === again)

/**
 * Reads a stanza of a `Packages` index (Debian's repository format, "Packages" Indices).
 * @throws DebproofError INDEX_MALFORMED when what identifies the package is missing or wrong
 */
export function parseBinaryEntry(text: string): BinaryEntry {
  const stanza = parseStanza(text, mayRepeat)
  const architecture = parseArchitecture(required(stanza, 'architecture'))
  if (architecture === undefined) throw malformed(stanza, 'has no valid Architecture')
  const binary = parseNameAndVersion(stanza)
  const source = parseForeignSource(stanza, binary)
  return {
    kind: 'binary',
    ...binary,
    ...(source === undefined ? {} : { source }),
    architecture,
    file: {
      // Flat archives write `./name.deb`, and some a slash twice, which all readers and servers take for one.
      path: checkedPath(
        stanza,
        required(stanza, 'filename')
          .replace(/^\.\//, '')
          .replace(/(?<=[^:/])\/{2,}/g, '/'),
      ),
      size: checkedSize(stanza, required(stanza, 'size')),
      sha256: checkedSha256(stanza, required(stanza, 'sha256')),
    },
  }
}

/**
 * Reads a stanza of a `Sources` index (Debian's repository format, "Sources" Indices; Debian Policy 5.6.21, 5.6.24).
 * @throws DebproofError INDEX_MALFORMED, also when two entries for one file disagree
 */
export function parseSourceEntry(text: string): SourceEntry {
  const stanza = parseStanza(text, mayRepeat)
  // apt-ftparchive writes `pool/.` for what lies in pool itself.
  const directory = (stanza.get('directory') ?? '.').replace(/^\.\//, '').replace(/(?<=.)(?:\/\.?)+$/, '')
  const prefix = directory === '.' || directory === '' ? '' : `${directory}/`
  const sizes = new Map<string, number>()
  const files: PoolFile[] = []
  for (const [name, hash, size] of rows(stanza, 'checksums-sha256')) {
    if (name.includes('/')) throw malformed(stanza, `lists ${JSON.stringify(name)}, which is not a file name`)
    if (sizes.has(name)) throw malformed(stanza, `lists ${name} twice`)
    sizes.set(name, size)
    files.push({ path: checkedPath(stanza, prefix + name), size, sha256: checkedSha256(stanza, ownText(hash)) })
  }
  for (const section of ['files', 'checksums-sha1', 'checksums-sha512']) {
    for (const [name, , size] of rows(stanza, section)) {
      const known = sizes.get(name)
      if (known === undefined) throw malformed(stanza, `lists ${name} without a SHA-256`)
      if (known !== size) throw malformed(stanza, `gives ${name} two sizes`)
    }
  }
  const descriptions = files.filter(({ path }) => path.endsWith('.dsc'))
  const [file] = descriptions
  if (file === undefined || descriptions.length > 1) throw malformed(stanza, 'does not list exactly one .dsc')
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { kind: 'source', ...parseNameAndVersion(stanza), file, files }
}

function parseNameAndVersion(stanza: Stanza): { name: PackageName; version: Version } {
  const name = parsePackageName(required(stanza, 'package'))
  if (name === undefined) throw malformed(stanza, 'has a Package field that is no package name')
  const version = parseVersion(required(stanza, 'version'))
  if (version === undefined) throw malformed(stanza, 'has a Version field that is no version')
  return { name, version }
}

function rows(stanza: Stanza, field: string): ReturnType<typeof checksumRows> {
  return checksumRows(stanza, field, (problem) => malformed(stanza, problem))
}

/** Undefined where it says nothing that the package does not say itself; no proof of identity rests on it. */
function parseForeignSource(stanza: Stanza, binary: SourceName): SourceName | undefined {
  const written = stanza.get('source')
  return written === undefined || written === binary.name
    ? undefined
    : parseSourceName(ownText(written), binary.version)
}

function required(stanza: Stanza, field: string): string {
  const value = stanza.get(field)
  if (value === undefined || value === '') throw malformed(stanza, `has no ${field} field`)
  return ownText(value)
}

/**
 * The same text in memory of its own. V8 makes a part of a string a reference into the whole, and each entry that
 * is kept would keep its whole stanza, four times its size. Joining and cutting makes it copy.
 */
function ownText(text: string): string {
  return ` ${text}`.slice(1)
}

function checkedPath(stanza: Stanza, path: string): string {
  if (!isPathBelow(path)) throw malformed(stanza, `has a path that leaves the archive: ${JSON.stringify(path)}`)
  return path
}

function checkedSize(stanza: Stanza, text: string): number {
  return parseSize(text, (problem) => malformed(stanza, problem))
}

function checkedSha256(stanza: Stanza, text: string): Sha256 {
  // In upper case it names the same file, also to those who compare letters and then take none.
  const sha256 = parseSha256(text.toLowerCase())
  if (sha256 === undefined) throw malformed(stanza, `has a SHA-256 that is none: ${JSON.stringify(text.slice(0, 80))}`)
  return sha256
}

function malformed(stanza: Stanza, problem: string): DebproofError {
  const name = (stanza.get('package') ?? 'without a name').slice(0, MAX_NAME)
  const version = (stanza.get('version') ?? '').slice(0, MAX_NAME)
  return new DebproofError('INDEX_MALFORMED', `The stanza of ${name} ${version} ${problem}.`)
}

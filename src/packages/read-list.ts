import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseSha256, type Sha256 } from '../archive/identity.ts'
import { isDebproofError, systemErrorCode } from '../errors.ts'
import { MAX_LIST } from '../limits.ts'
import { openInput } from '../open-file.ts'
import { ANYWHERE, type Places } from '../places.ts'
import { contentOfDebs, DEB_DIRECTORY, type DebIdentity, readDebDirectory } from './deb-directory.ts'
import { FORMAT_NAMES, LIST_FORMATS } from './formats.ts'
import { firstEntryLine, ListError, listError, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import { hintForUnread } from './unread-formats.ts'

/** A package list that was read, and how. */
export interface PackageList {
  /** The last part of the path, for reports. */
  readonly name: string
  readonly path: string
  /** One of FORMAT_NAMES. */
  readonly format: string
  /** Of the file's bytes; of a directory see readDebDirectory. */
  readonly sha256: Sha256
  readonly content: PackageListContent
  /** What `sha256` is of: the file's bytes, or the lines of readDebDirectory. */
  readonly bytes: Uint8Array
  /** Of a directory: what its .debs call themselves. */
  readonly debs?: readonly DebIdentity[]
}

/** Characters that a format is detected by. */
const START = 64 * 1024

/**
 * Reads a package list.
 *
 * @param path of a file, a pipe, or a directory with .debs
 * @param format one of FORMAT_NAMES, or `auto` to detect it
 * @param places where it may lie
 * @throws DebproofError PACKAGE_LIST that names the file, where possible the line, and says what to do
 */
export async function readPackageList(path: string, format: string, places: Places = ANYWHERE): Promise<PackageList> {
  if (format !== 'auto' && !FORMAT_NAMES.includes(format)) throw unknownFormat(path, format)
  const list = { name: basename(path), path }
  try {
    const bytes = await readBytes(path, places)
    if (bytes === 'directory') {
      if (format !== 'auto' && format !== DEB_DIRECTORY) {
        throw listError(path, undefined, `this is a directory, which only the format ${DEB_DIRECTORY} reads`)
      }
      return { ...list, format: DEB_DIRECTORY, ...(await readDebDirectory(path, places)) }
    }
    if (format === DEB_DIRECTORY) throw listError(path, undefined, 'this is a file, not a directory of .debs')
    return parsePackageList(bytes, path, format)
  } catch (error) {
    if (isDebproofError(error)) throw error
    if (systemErrorCode(error) === 'ENOENT') throw listError(path, undefined, 'there is no such package list', error)
    throw listError(path, undefined, 'this package list cannot be read', error)
  }
}

/**
 * Reads a package list that is at hand, such as one that was downloaded.
 *
 * @param path what to call it: its last part is the list's name
 * @throws DebproofError PACKAGE_LIST
 */
export function parsePackageList(bytes: Buffer, path: string, format: string): PackageList {
  if (format !== 'auto' && !FORMAT_NAMES.includes(format)) throw unknownFormat(path, format)
  const text = plainText(bytes, path)
  const reader = findFormat(text, path, format)
  const content = readAs(reader, text, path)
  if (content.packages.length === 0) throw listError(path, undefined, `there is no package in this ${reader.name} list`)
  return { name: basename(path), path, format: reader.name, sha256: sha256(bytes), content, bytes }
}

/**
 * A file that somebody says is a list may be any file that this job can read: of one that does not look like the list
 * no line is quoted.
 */
function readAs(reader: ListFormat, text: string, path: string): PackageListContent {
  try {
    return reader.read(text, path)
  } catch (error) {
    if (!(error instanceof ListError) || reader.detect(text.slice(0, START), path)) throw error
    // What is said of the whole file quotes nothing.
    if (error.line === undefined && !error.message.includes('"')) throw error
    const problem = `this is not what a ${reader.name} list has here, and the file, of ${text.length} bytes, does not look like one`
    throw listError(path, error.line, `${problem}: see which format it has`)
  }
}

/** What was kept of a package list that was read before. */
export interface KeptList {
  readonly path: string
  /** One of FORMAT_NAMES. */
  readonly format: string
  readonly bytes: Uint8Array
  readonly debs?: readonly DebIdentity[]
}

/**
 * Reads a list again from what was kept of it. Of a directory the hashes are known by its lines; what each .deb calls
 * itself is taken as it was kept.
 *
 * @throws DebproofError PACKAGE_LIST
 */
export function readKeptList({ path, format, bytes, debs }: KeptList): PackageList {
  if (format !== DEB_DIRECTORY) return parsePackageList(Buffer.from(bytes), path, format)
  const content = contentOfDebs(path, bytes, debs ?? [])
  return { name: basename(path), path, format, sha256: sha256(bytes), content, bytes, debs: debs ?? [] }
}

async function readBytes(path: string, places: Places): Promise<Buffer | 'directory'> {
  const file = await places.open(path, async (place) => await openInput(place))
  try {
    return (await file.stat()).isDirectory() ? 'directory' : await readLimited(file, path)
  } finally {
    await file.close()
  }
}

async function readLimited(file: FileHandle, path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let size = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(1024 * 1024), 0, 1024 * 1024, null)
    if (bytesRead === 0) return Buffer.concat(chunks, size)
    chunks.push(buffer.subarray(0, bytesRead))
    size += bytesRead
    if (size > MAX_LIST) throw listError(path, undefined, `a package list may have ${MAX_LIST} bytes`)
  }
}

function sha256(bytes: Uint8Array): Sha256 {
  const hash = parseSha256(createHash('sha256').update(bytes).digest('hex'))
  if (hash === undefined) throw new Error('node:crypto gave no SHA-256')
  return hash
}

/** What is often passed by mistake, by its first bytes. */
const BINARY_STARTS: readonly (readonly [start: string, advice: string])[] = [
  ['\x1f\x8b', 'this is compressed: pass it decompressed (gunzip)'],
  ['\xfd7zXZ\0', 'this is compressed: pass it decompressed (unxz)'],
  ['\x28\xb5\x2f\xfd', 'this is compressed: pass it decompressed (unzstd)'],
  ['BZh', 'this is compressed: pass it decompressed (bunzip2)'],
  ['!<arch>\n', 'this is a .deb: pass the directory that it is in'],
  ['\xef\xbb\xbf', 'this starts with a byte order mark, which no package list has: remove it'],
]

/**
 * One character per byte: all that is taken from a list is ASCII, and descriptions, which are not, may be in any
 * encoding.
 */
function plainText(bytes: Buffer, path: string): string {
  if (bytes.length === 0) throw listError(path, undefined, 'this package list is empty')
  const text = bytes.toString('latin1')
  const advice = BINARY_STARTS.find(([start]) => text.startsWith(start))?.[1]
  if (advice !== undefined) throw listError(path, undefined, advice)
  const control = text.search(CONTROL_CHARACTER)
  if (control === -1) return text
  if (text.charAt(control) === '\0') throw listError(path, undefined, 'this is a binary file, not a package list')
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < control; at = text.indexOf('\n', at + 1)) line += 1
  const problem =
    text.charAt(control) === '\r' ? 'has Windows line ends' : `has the control character ${quote(text.charAt(control))}`
  throw listError(path, line, problem)
}

/** All but the tab and the line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is there to refuse them
const CONTROL_CHARACTER = /[\0-\x08\x0b-\x1f\x7f]/

function findFormat(text: string, path: string, format: string): ListFormat {
  const start = text.slice(0, START)
  const found = LIST_FORMATS.find((one) => (format === 'auto' ? one.detect(start, path) : one.name === format))
  if (found !== undefined) return found
  if (firstEntryLine(text) === undefined) {
    throw listError(path, undefined, 'there is no package in this list, only comments and blank lines')
  }
  const advice =
    hintForUnread(start, path) ??
    `its format is not recognised: name it, as ${quote(`${path}:FORMAT`)} or with "format:" in the policy, ` +
      `where FORMAT is one of ${FORMAT_NAMES.join(', ')}`
  throw listError(path, undefined, advice)
}

function unknownFormat(path: string, format: string): Error {
  const asked = format.toLowerCase()
  const close = FORMAT_NAMES.find((name) => name.split('-').some((part) => asked.includes(part)))
  const guess = close === undefined ? '' : `, did you mean ${close}?`
  const problem = `${quote(format)} is not a format of package lists${guess}: there are auto, ${FORMAT_NAMES.join(', ')}`
  return listError(path, undefined, problem)
}

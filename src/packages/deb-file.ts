import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { parseStanza } from '../archive/deb822.ts'
import {
  type Architecture,
  type PackageName,
  parseArchitecture,
  parsePackageName,
  parseSha256,
  parseVersion,
  type Sha256,
  type Version,
} from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'
import { openFile } from '../open-file.ts'
import { ANYWHERE, type Places } from '../places.ts'
import { readControlFile } from './control-tar.ts'
import { type ControlMember, DebMembers } from './deb-members.ts'
import { quote, showPath } from './list-entry.ts'

/** What a .deb says of itself, and the hash of its bytes. */
export interface DebFile {
  readonly name: PackageName
  readonly version: Version
  readonly architecture: Architecture
  /** Of the whole file. */
  readonly sha256: Sha256
  /** Bytes of the whole file. */
  readonly size: number
}

/** A new buffer for readDebFile. 1 MiB halves the time that Node's streams of 64 kB need. */
export function readBuffer(): Buffer {
  return Buffer.allocUnsafe(1024 * 1024)
}

/**
 * Reads a .deb in one pass: the control data comes from the very bytes that are hashed.
 *
 * @param buffer to read into; to be shared by reads that follow one another, never by reads at the same time
 * @param places where it may lie
 * @throws DebproofError PACKAGE_LIST that names the file when it cannot be read or is not a sound .deb
 */
export async function readDebFile(
  path: string,
  buffer: Buffer = readBuffer(),
  places: Places = ANYWHERE,
): Promise<DebFile> {
  try {
    const file = await places.open(path, openFile)
    if (file === undefined) throw new DebproofError('PACKAGE_LIST', 'this is not a file')
    const { control, sha256, size } = await scan(file, buffer).finally(() => file.close())
    return { ...identity(await readControlFile(control)), sha256, size }
  } catch (error) {
    const [problem, cause] =
      error instanceof DebproofError ? [error.message.replace(/\.$/, ''), error.cause] : ['cannot be read', error]
    throw new DebproofError('PACKAGE_LIST', `${showPath(path)}: ${problem}.`, { cause })
  }
}

async function scan(
  file: FileHandle,
  buffer: Buffer,
): Promise<{ control: ControlMember; sha256: Sha256; size: number }> {
  const hash = createHash('sha256')
  const members = new DebMembers()
  let size = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    members.push(chunk)
    size += bytesRead
  }
  const sha256 = parseSha256(hash.digest('hex'))
  if (sha256 === undefined) throw new Error('node:crypto gave no SHA-256')
  return { control: members.finish(), sha256, size }
}

/** deb-control(5): the three fields that every binary package has. */
function identity(control: string): Pick<DebFile, 'name' | 'version' | 'architecture'> {
  const stanza = controlStanza(control)
  const name = parsePackageName(stanza.get('package') ?? '')
  const version = parseVersion(stanza.get('version') ?? '')
  const architecture = parseArchitecture(stanza.get('architecture') ?? '')
  if (name === undefined || version === undefined || architecture === undefined) {
    const wrong = name === undefined ? 'Package' : version === undefined ? 'Version' : 'Architecture'
    const value = stanza.get(wrong.toLowerCase())
    throw new DebproofError(
      'PACKAGE_LIST',
      value === undefined
        ? `its control file has no ${wrong}`
        : `its control file has a wrong ${wrong}: ${quote(value)}`,
    )
  }
  return { name, version, architecture }
}

function controlStanza(control: string): ReadonlyMap<string, string> {
  let end = control.length
  while (control.endsWith('\n', end)) end -= 1
  try {
    return parseStanza(control.slice(0, end))
  } catch (error) {
    throw new DebproofError('PACKAGE_LIST', 'its control file breaks the rules of deb822(5)', { cause: error })
  }
}

import { decompress } from '../archive/decompress.ts'
import { DebproofError } from '../errors.ts'
import { MAX_CONTROL_FILE, MAX_CONTROL_TAR } from '../limits.ts'
import type { ControlMember } from './deb-members.ts'

const BLOCK = 512

/**
 * The text of the file `control` in the control member of a .deb, one character per byte. There must be exactly
 * one such file, so that no two readers can take different ones.
 *
 * Source: deb(5); tar(5), ustar and GNU.
 * @throws DebproofError PACKAGE_LIST, without the file's name, or COMPRESSION
 */
export async function readControlFile(member: ControlMember): Promise<string> {
  const tar = await decompressed(member)
  let control: string | undefined
  for (let at = 0; at < tar.length; ) {
    const header = tar.subarray(at, at + BLOCK)
    // The end is marked by blocks of zeros, and tar looks at nothing behind the first.
    if (header.every((byte) => byte === 0)) break
    if (header.length < BLOCK) throw broken('is cut short')
    const { path, type, size } = readHeader(header)
    const body = tar.subarray(at + BLOCK, at + BLOCK + size)
    if (body.length < size) throw broken('is cut short')
    if (type === 'x' || type === 'g') refuseRenaming(body)
    if (path === 'control' && type !== 'x' && type !== 'g') {
      if (type !== '0' || control !== undefined) throw broken('has more than one control file, or one that is no file')
      if (size > MAX_CONTROL_FILE) throw broken(`has a control file of more than ${MAX_CONTROL_FILE} bytes`)
      control = Buffer.from(body).toString('latin1')
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  if (control === undefined) throw broken('has no control file')
  return control
}

async function decompressed(member: ControlMember): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of decompress(member.compression, once(member.bytes))) {
    size += chunk.length
    if (size > MAX_CONTROL_TAR) throw broken(`decompresses to more than ${MAX_CONTROL_TAR} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

interface TarHeader {
  /** Without the `./` in front. */
  readonly path: string
  /** One of the known types; an old-style regular file is `0` too. */
  readonly type: string
  /** Bytes of the body that follows. */
  readonly size: number
}

function readHeader(header: Uint8Array): TarHeader {
  const text = Buffer.from(header).toString('latin1')
  if (octal(text.slice(148, 156)) !== checksum(header)) throw broken('has a tar header with a wrong checksum')
  const size = octal(text.slice(124, 136))
  const type = text.charAt(156) === '\0' ? '0' : text.charAt(156)
  // Regular, links, device nodes, directory, pipe, pax headers, and GNU's long link target. Whatever else could
  // give an entry another name or size than its header is refused; no control member needs it.
  if (!'0123456xgK'.includes(type)) throw broken('has a tar entry of a type that no control member needs')
  if ('123456'.includes(type) && size !== 0) throw broken('has a tar entry with a body where none belongs')
  const prefix = text.slice(257, 263) === 'ustar\0' ? upToNul(text.slice(345, 500)) : ''
  const name = upToNul(text.slice(0, 100))
  const path = (prefix === '' ? name : `${prefix}/${name}`).replace(/^(?:\.?\/+)+/, '')
  return { path, type, size }
}

function upToNul(field: string): string {
  const nul = field.indexOf('\0')
  return nul === -1 ? field : field.slice(0, nul)
}

function octal(field: string): number {
  const digits = /^ *([0-7]{1,12})[ \0]*$/.exec(field)?.[1]
  if (digits === undefined) throw broken('has a tar header that is not one')
  return Number.parseInt(digits, 8)
}

/** The sum of all bytes, those of the checksum itself counted as blanks. */
function checksum(header: Uint8Array): number {
  let sum = 8 * 0x20
  for (const byte of header) sum += byte
  for (const byte of header.subarray(148, 156)) sum -= byte
  return sum
}

/** A pax header may give the next entry another path or size; times and owners do no harm. */
function refuseRenaming(body: Uint8Array): void {
  if (/ (?:path|size|GNU\.sparse\.[a-z]+|SCHILY\.realsize)=/.test(Buffer.from(body).toString('latin1'))) {
    throw broken('has a pax header that renames or resizes an entry')
  }
}

function broken(problem: string): DebproofError {
  return new DebproofError('PACKAGE_LIST', `its control member ${problem}`)
}

import type { Compression } from '../archive/decompress.ts'
import { DebproofError } from '../errors.ts'
import { MAX_CONTROL_MEMBER } from '../limits.ts'
import { quote } from './list-entry.ts'

/** The member of a .deb that holds its control file, still compressed. */
export interface ControlMember {
  readonly compression: Compression
  readonly bytes: Uint8Array
}

const MAGIC = '!<arch>\n'
const HEADER_SIZE = 60

const CONTROL_MEMBERS: ReadonlyMap<string, Compression> = new Map([
  ['control.tar', 'plain'],
  ['control.tar.gz', 'gz'],
  ['control.tar.xz', 'xz'],
  ['control.tar.zst', 'zst'],
])

/** What deb(5) wants next. `anything` is what comes after the data: only members that are to be ignored. */
type Expected = 'debian-binary' | 'control.tar' | 'data.tar' | 'nothing more'

/**
 * Follows the ar container of one .deb while its bytes stream by, and keeps the control member. Strict where dpkg
 * is: `debian-binary`, `control.tar`, `data.tar` in this order; members whose name starts with `_` are passed over.
 *
 * Source: deb(5), deb-format version 2.0; dpkg's lib/dpkg/ar.c.
 */
export class DebMembers {
  #expected: Expected = 'debian-binary'
  #control: ControlMember | undefined
  /** The bytes being collected, and what to do once they are complete. */
  #target: Buffer = Buffer.alloc(MAGIC.length)
  #filled = 0
  #complete: (bytes: Buffer) => void = (bytes) => this.#readMagic(bytes)
  /** Bytes of a member that nobody wants, still to come. */
  #toSkip = 0
  /** After a member of odd size: one byte of padding, which the last member may lack. */
  #toPad = 0

  /** @throws DebproofError PACKAGE_LIST, without the file's name, when the bytes so far cannot be a .deb */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const rest = chunk.length - at
      if (this.#toSkip > 0) {
        const skipped = Math.min(rest, this.#toSkip)
        this.#toSkip -= skipped
        at += skipped
      } else if (this.#filled < this.#target.length) {
        const taken = Math.min(rest, this.#target.length - this.#filled)
        this.#target.set(chunk.subarray(at, at + taken), this.#filled)
        this.#filled += taken
        at += taken
        if (this.#filled === this.#target.length) this.#complete(this.#target)
      } else {
        this.#collect(HEADER_SIZE, (bytes) => this.#readHeader(bytes))
        at += this.#toPad
        this.#toPad = 0
      }
    }
  }

  /**
   * To be called after the last byte.
   *
   * @throws DebproofError PACKAGE_LIST, without the file's name, when the .deb is cut short
   */
  finish(): ControlMember {
    const betweenMembers = this.#toSkip === 0 && (this.#filled === this.#target.length || this.#filled === 0)
    if (this.#control === undefined || this.#expected !== 'nothing more' || !betweenMembers)
      throw broken('is cut short')
    return this.#control
  }

  #collect(size: number, complete: (bytes: Buffer) => void): void {
    this.#target = Buffer.alloc(size)
    this.#filled = 0
    this.#complete = complete
    if (size === 0) complete(this.#target)
  }

  #readMagic(bytes: Buffer): void {
    if (bytes.toString('latin1') !== MAGIC) throw broken('is not a .deb: it does not start as an ar archive')
  }

  #readHeader(bytes: Buffer): void {
    const header = bytes.toString('latin1')
    // Name 16, time 12, owner 6, group 6, mode 8, size 10, end 2; dpkg drops the slash that GNU ar adds.
    const name = /^([A-Za-z0-9_.+-]{1,16})\/? *$/.exec(header.slice(0, 16))?.[1]
    const sizeText = /^(\d{1,10}) *$/.exec(header.slice(48, 58))?.[1]
    if (name === undefined || sizeText === undefined || header.slice(58) !== '`\n') {
      throw broken('has a broken ar header')
    }
    const size = Number(sizeText)
    this.#toPad = size % 2
    if (name.startsWith('_') && this.#expected !== 'debian-binary') {
      this.#toSkip = size
    } else {
      this.#startMember(name, size)
    }
  }

  #startMember(name: string, size: number): void {
    const compression = CONTROL_MEMBERS.get(name)
    if (this.#expected === 'debian-binary' && name === 'debian-binary' && size === 4) {
      this.#expected = 'control.tar'
      this.#collect(size, (bytes) => {
        if (bytes.toString('latin1') !== '2.0\n') throw broken('is not of the format 2.0')
      })
    } else if (this.#expected === 'control.tar' && compression !== undefined) {
      if (size > MAX_CONTROL_MEMBER) throw broken(`has more than ${MAX_CONTROL_MEMBER} bytes in ${name}`)
      this.#expected = 'data.tar'
      this.#collect(size, (bytes) => {
        this.#control = { compression, bytes }
      })
    } else if (this.#expected === 'data.tar' && /^data\.tar(?:\.(?:gz|xz|zst|bz2|lzma))?$/.test(name)) {
      this.#expected = 'nothing more'
      this.#toSkip = size
    } else {
      throw broken(`has the member ${quote(name)} where ${this.#expected} belongs`)
    }
  }
}

function broken(problem: string): DebproofError {
  return new DebproofError('PACKAGE_LIST', problem)
}

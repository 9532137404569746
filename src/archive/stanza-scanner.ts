import { DebproofError } from '../errors.ts'
import { MAX_STANZA } from '../limits.ts'
import { parseStanza, type Stanza } from './deb822.ts'
import { type HashWords, hashWords, readHash } from './file-hashes.ts'
import { parsePackageName } from './identity.ts'
import { mayRepeat } from './index-entry.ts'
import {
  BLANK_LINE,
  isSwallowed,
  joinsTheNext,
  NEWLINE,
  PACKAGE_FIELD,
  searchFields,
  startsWithPackage,
} from './stanza-fields.ts'
import { certainName } from './unclear-stanza.ts'

const HASH_FIELD = Buffer.from('SHA256: ')
const HASH_DIGITS = 64
const HASH_LINE = Buffer.from('\nSHA256: ')

/** The names that are looked for, with a table that rules out almost every other name by its bytes alone. */
export class WantedNames {
  readonly #names: ReadonlySet<string>
  readonly #table = new Uint8Array(1 << 18)

  /** @param names package names in lower case */
  constructor(names: Iterable<string>) {
    this.#names = new Set(names)
    for (const name of this.#names) {
      let hash = 0
      for (let index = 0; index < name.length; index++) hash = step(hash, name.charCodeAt(index))
      this.#table[hash & TABLE_MASK] = 1
    }
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase())
  }

  /** Whether a name with this `hashName` value may be wanted. */
  mayHave(hash: number): boolean {
    return this.#table[hash & TABLE_MASK] === 1
  }
}

const TABLE_MASK = (1 << 18) - 1

/** Folds case: bit 0x20 tells upper from lower case letters and is set in every other byte of a name. */
function step(hash: number, byte: number): number {
  return Math.imul(hash ^ (byte | 0x20), 0x01000193)
}

export interface ScanOptions {
  readonly wanted: WantedNames
  /**
   * Called with each stanza (latin1, without the blank line) whose Package field is wanted, and with its number in the
   * index, counted from 1.
   */
  readonly onStanza: (text: string, number: number) => void
  /**
   * Refuse an index in which any stanza has a second Package field, whatever the first one says: apt takes the
   * last, so a stanza could be hidden from a reader of first lines. Needed for what a project serves; an upstream
   * only gains by what is found.
   */
  readonly refuseHidden: boolean
  /** Takes the file of every stanza, wanted or not; for `Packages`, whose stanzas have one each. */
  readonly files?: FileTaker
}

/** Gets to know every file that an index lists. */
export interface FileTaker {
  /**
   * @param hash undefined where the stanza does not state its file's SHA-256 once and in the usual form, so that apt
   *   and another reader may take it differently; good until the next call
   * @param bytes where the stanza is, from `start` to `end`; good until the next call
   */
  take(hash: HashWords | undefined, bytes: Buffer, start: number, end: number): void
}

/**
 * Finds the wanted stanzas of an index while it streams past, holding one stanza and one chunk at a time.
 *
 * Archives write `Package: name` as a stanza's first line, and then a stanza that is not wanted costs a search for
 * its end and a hash of its name. A stanza that begins otherwise is parsed whole.
 *
 * Rules: stanzas are separated by empty lines (deb822(5)); no CR or NUL byte anywhere.
 */
export class StanzaScanner {
  readonly #options: ScanOptions
  /** The stanza that the last chunk ended in; the rest of a chunk is scanned where it is. */
  #held = Buffer.allocUnsafe(0)
  /** Bytes of it that are in use. */
  #used = 0
  readonly #hash = hashWords()
  readonly #other = hashWords()
  /** How many stanzas there were. */
  #count = 0

  constructor(options: ScanOptions) {
    this.#options = options
  }

  /**
   * @param chunk may be written over afterwards: what is needed of it is copied
   * @throws DebproofError INDEX_MALFORMED
   */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (bytes.indexOf(0x00) !== -1 || bytes.indexOf(0x0d) !== -1) {
      throw new DebproofError('INDEX_MALFORMED', 'The index contains a NUL or a carriage return.')
    }
    const scanned = this.#used === 0 ? 0 : this.#completeHeld(bytes)
    this.#hold(bytes.subarray(scanned + this.#scan(bytes.subarray(scanned), 0)))
    if (this.#used > MAX_STANZA) throw tooLarge()
  }

  /** Takes what follows the last empty line as the last stanza: a final newline may be missing. */
  end(): void {
    this.push(BLANK_LINE)
  }

  /** Adds to what is held up to the first empty line of the next bytes, and returns how many were taken. */
  #completeHeld(bytes: Buffer): number {
    const end = bytes.indexOf(BLANK_LINE)
    const taken = end === -1 ? bytes.length : end + BLANK_LINE.length
    const searched = this.#used
    this.#hold(bytes.subarray(0, taken))
    const held = this.#held.subarray(0, this.#used)
    // What was held has no empty line, but its last byte and the first that was added may be one.
    const consumed = this.#scan(held, searched - 1)
    if (consumed > 0) this.#held.copyWithin(0, consumed, this.#used)
    this.#used -= consumed
    return taken
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#used + bytes.length
    if (this.#held.length < needed) {
      const larger = Buffer.allocUnsafe(needed * 2)
      this.#held.copy(larger, 0, 0, this.#used)
      this.#held = larger
    }
    this.#held.set(bytes, this.#used)
    this.#used = needed
  }

  /**
   * Handles every complete stanza of the bytes and returns where the incomplete one starts.
   *
   * @param searched how far the bytes are known to hold no empty line: a stanza that arrives byte by byte is
   *   searched once
   */
  #scan(bytes: Buffer, searched: number): number {
    const { refuseHidden, files } = this.#options
    /** Where those begin and end that have their Package field first. */
    const usual: number[] = []
    let start = 0
    for (;;) {
      while (bytes[start] === NEWLINE) start++
      const end = bytes.indexOf(BLANK_LINE, Math.max(start, searched))
      if (end === -1) break
      if (refuseHidden && joinsTheNext(bytes, start, end)) throw joined(bytes.toString('latin1', start, start + 80))
      if (this.#stanza(bytes, start, end) && files !== undefined) {
        if (refuseHidden) usual.push(start, end)
        else files.take(this.#readLastHash(bytes, start, end), bytes, start, end)
      }
      start = end + BLANK_LINE.length
    }
    if (refuseHidden) {
      const fields = searchFields(bytes.subarray(0, start))
      if (files !== undefined) this.#takeFiles(files, bytes, usual, fields)
    }
    return start
  }

  /** Whether it is a usual one, with its Package field first and on one line; any other was parsed whole. */
  #stanza(bytes: Buffer, start: number, end: number): boolean {
    const { wanted, onStanza, refuseHidden } = this.#options
    // With its last line end, as when a chunk ends behind it: what is refused must not depend on the chunks.
    if (end + 1 - start > MAX_STANZA) throw tooLarge()
    this.#count += 1
    if (startsWithPackage(bytes, start)) {
      let position = start + PACKAGE_FIELD.length
      let hash = 0
      let byte = bytes[position] ?? NEWLINE
      while (byte > 0x20) {
        hash = step(hash, byte)
        byte = bytes[++position] ?? NEWLINE
      }
      if (byte === NEWLINE && bytes[position + 1] !== 0x20 && bytes[position + 1] !== 0x09) {
        // apt finds `name:amd64` when a package is asked for with its architecture.
        if (refuseHidden && !isName(bytes, start + PACKAGE_FIELD.length, position)) {
          throw noName(bytes.toString('latin1', start + PACKAGE_FIELD.length, position))
        }
        if (!wanted.mayHave(hash)) return true
        if (!wanted.has(bytes.toString('latin1', start + PACKAGE_FIELD.length, position))) return true
        onStanza(bytes.toString('latin1', start, end), this.#count)
        return true
      }
    }
    this.#unusual(bytes, start, end)
    return false
  }

  #unusual(bytes: Buffer, start: number, end: number): void {
    const { wanted, onStanza, refuseHidden, files } = this.#options
    const text = bytes.toString('latin1', start, end)
    const stanza = parseUnusual(text)
    const name = stanza.get('package')
    if (name === undefined) throw new DebproofError('INDEX_MALFORMED', 'A stanza of the index has no Package field.')
    // apt strips white space of every kind, so that what is no name here is one for apt.
    if (refuseHidden && parsePackageName(name) === undefined) {
      throw noName(name)
    }
    if (wanted.has(name)) onStanza(text, this.#count)
    const stated = Buffer.from(stanza.get('sha256') ?? '', 'latin1')
    const isHash = stated.length === HASH_DIGITS && readHash(stated, 0, this.#hash)
    files?.take(isHash ? this.#hash : undefined, bytes, start, end)
  }

  /**
   * Where an archive is under test: a stanza in which anything else may be taken for its SHA-256 has none.
   *
   * @param usual beginnings and ends of stanzas, in order
   * @param fields where lines begin that may be SHA256 fields, in order
   */
  #takeFiles(files: FileTaker, bytes: Buffer, usual: readonly number[], fields: readonly number[]): void {
    let next = 0
    for (let index = 0; index < usual.length; index += 2) {
      const [start = 0, end = 0] = [usual[index], usual[index + 1]]
      while ((fields[next] ?? end) < start) next += 1
      const first = next
      while ((fields[next] ?? end) < end) next += 1
      const isSeen = next > first && !fields.slice(first, next).some((field) => isSwallowed(bytes, start, field))
      const isHash = isSeen && this.#readSameHash(bytes, fields, first, next)
      files.take(isHash ? this.#hash : undefined, bytes, start, end)
    }
  }

  /** Whether each of these fields is written as usual and says the same. */
  #readSameHash(bytes: Buffer, fields: readonly number[], first: number, next: number): boolean {
    for (let index = first; index < next; index++) {
      if (!this.#readHashField(bytes, fields[index] ?? 0)) return false
      if (index > first && this.#hash.some((word, at) => word !== this.#other[at])) return false
      if (index + 1 < next) this.#other.set(this.#hash)
    }
    return true
  }

  /** Where nothing is hidden: what stands last counts, as for apt, and archives write it on the last line. */
  #readLastHash(bytes: Buffer, start: number, end: number): HashWords | undefined {
    const last = end - HASH_FIELD.length - HASH_DIGITS
    if (bytes[last - 1] === NEWLINE && last > start && this.#readHashField(bytes, last)) return this.#hash
    const found = bytes.subarray(start, end).lastIndexOf(HASH_LINE)
    return found !== -1 && this.#readHashField(bytes, start + found + 1) ? this.#hash : undefined
  }

  /** Whether it is written as all archives write it, on one line. */
  #readHashField(bytes: Buffer, start: number): boolean {
    for (let index = 0; index < HASH_FIELD.length; index++) {
      if (bytes[start + index] !== HASH_FIELD[index]) return false
    }
    const digits = start + HASH_FIELD.length
    const after = digits + HASH_DIGITS
    const isFolded = bytes[after + 1] === 0x20 || bytes[after + 1] === 0x09
    return readHash(bytes, digits, this.#hash) && bytes[after] === NEWLINE && !isFolded
  }
}

/**
 * The fields of a stanza that does not begin with its Package field; its name alone where not everybody reads the rest
 * alike, which concerns nobody but that package.
 *
 * @throws DebproofError INDEX_MALFORMED where it may be about another package to some reader
 */
function parseUnusual(text: string): Stanza {
  try {
    return parseStanza(text, mayRepeat)
  } catch (error) {
    const name = certainName(text)
    if (name === undefined) throw error
    return new Map([['package', name]])
  }
}

function joined(text: string): DebproofError {
  const line = JSON.stringify(text.split('\n')[0])
  const problem = `A stanza of the index (${line}) ends with a line without a colon, by which apt joins it to the next.`
  return new DebproofError('INDEX_MALFORMED', problem)
}

/** The bytes that a package name may have, see `parsePackageName`. */
const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[a-z0-9+._-]/i.test(String.fromCharCode(byte)) ? 1 : 0,
)

function isName(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position++) if (NAME_BYTES[bytes[position] ?? 0] !== 1) return false
  return true
}

function noName(written: string): DebproofError {
  const name = JSON.stringify(written.slice(0, 80))
  return new DebproofError('INDEX_MALFORMED', `A stanza of the index has a Package field that is no name: ${name}.`)
}

function tooLarge(): DebproofError {
  return new DebproofError('INDEX_MALFORMED', `A stanza is larger than ${MAX_STANZA} bytes.`)
}

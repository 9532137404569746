import { DebproofError } from '../errors.ts'
import { MAX_INDEX_FILES, MAX_NAMED_FILES } from '../limits.ts'
import { parseStanza } from './deb822.ts'
import { FileHashes, type HashWords } from './file-hashes.ts'
import { parsePackageName } from './identity.ts'
import { type BinaryEntry, parseBinaryEntry } from './index-entry.ts'
import type { NamePatterns } from './name-patterns.ts'
import type { FileTaker } from './stanza-scanner.ts'
import type { IndexKind } from './suite-layout.ts'

/** The files that one `Packages` index lists, whatever their names. */
export interface ListedFiles {
  readonly hashes: FileHashes
  /** Of these, the ones that are listed under a name that the archive may deliver: all, where it may deliver any. */
  readonly mayBeDelivered: FileHashes
  /**
   * Stanzas that do not state the SHA-256 of their file in the usual form, or state two. apt may read a hash there that
   * another reader does not, so each of them is a file that nobody is known to vouch for.
   */
  readonly unhashed: number
}

/** A file of an index that was looked for by its hash, or that has none. */
export type NamedFile =
  | { readonly kind: 'entry'; readonly entry: BinaryEntry }
  /** What the stanza says for itself, as far as it can be read. */
  | { readonly kind: 'unreadable'; readonly name: string; readonly version: string; readonly architecture: string }

/** What was found of the files of an index, whatever their names. */
export interface FilesFound {
  /** Where they were asked for: all files that it lists. */
  readonly files?: ListedFiles
  /** Where some files were asked for: these, and those that state no hash. */
  readonly named?: readonly NamedFile[]
}

/** Who takes the files of an index, and what comes of it; `files` and `names` as an IndexRequest has them. */
export function filesTaker({
  kind,
  files,
  names,
}: {
  readonly kind: IndexKind
  readonly files?: 'hashes' | FileHashes
  readonly names?: NamePatterns
}): { readonly taker?: FileTaker; readonly facts: () => FilesFound } {
  // A list of source packages says what was fetched under each name; nothing is installed that could say otherwise.
  if (kind === 'Sources' || files === undefined) return { facts: () => ({}) }
  if (files === 'hashes') {
    const taker = new HashCollector(names)
    return { taker, facts: () => ({ files: taker.finish() }) }
  }
  const taker = new FileNamer(files)
  return { taker, facts: () => ({ named: taker.files }) }
}

/** Collects the hashes of all files of an index. */
export class HashCollector implements FileTaker {
  readonly #names: NamePatterns | undefined
  readonly #hashes = new FileHashes()
  readonly #deliverable: FileHashes
  #unhashed = 0

  /** @param names what the archive may deliver; absent: anything */
  constructor(names?: NamePatterns) {
    this.#names = names
    this.#deliverable = names === undefined ? this.#hashes : new FileHashes()
  }

  take(hash: HashWords | undefined, bytes: Buffer, start: number, end: number): void {
    if (hash === undefined) this.#unhashed += 1
    else this.#hashes.add(hash)
    if (this.#unhashed + this.#hashes.size > MAX_INDEX_FILES) {
      throw new DebproofError('INDEX_MALFORMED', `The index lists more than ${MAX_INDEX_FILES} files.`)
    }
    if (hash === undefined || this.#names === undefined) return
    const name = parsePackageName(fieldOf(bytes.toString('latin1', start, end), 'package'))
    if (name !== undefined && this.#names.allow(name)) this.#deliverable.add(hash)
  }

  finish(): ListedFiles {
    return { hashes: this.#hashes, mayBeDelivered: this.#deliverable, unhashed: this.#unhashed }
  }
}

/** Reads the stanzas of some files, known by their hashes, and of those that state none; the first so many. */
export class FileNamer implements FileTaker {
  readonly files: NamedFile[] = []
  readonly #wanted: FileHashes

  constructor(wanted: FileHashes) {
    this.#wanted = wanted
  }

  take(hash: HashWords | undefined, bytes: Buffer, start: number, end: number): void {
    if (this.files.length >= MAX_NAMED_FILES) return
    if (hash !== undefined && !this.#wanted.has(hash)) return
    const text = bytes.toString('latin1', start, end)
    this.files.push(hash === undefined ? unreadable(text) : named(text))
  }
}

function named(text: string): NamedFile {
  try {
    return { kind: 'entry', entry: parseBinaryEntry(text) }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return unreadable(text)
  }
}

/** Characters of a value that cannot be relied on. */
const SHOWN = 80

function unreadable(text: string): NamedFile {
  const value = (name: string): string => fieldOf(text, name).slice(0, SHOWN)
  return { kind: 'unreadable', name: value('package'), version: value('version'), architecture: value('architecture') }
}

/** A field of a stanza; of one that cannot be parsed, whatever stands on the first line that looks like it. */
function fieldOf(text: string, field: string): string {
  try {
    return parseStanza(text).get(field) ?? ''
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return (new RegExp(`^${field}:(.*)`, 'im').exec(text)?.[1] ?? '').trim()
  }
}

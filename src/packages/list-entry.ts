import { parseArchitecture, parsePackageName, parseSha256, parseVersion } from '../archive/identity.ts'
import { DebproofError } from '../errors.ts'
import { MAX_LIST_LINES } from '../limits.ts'
import type { PackageUse } from './package-use.ts'

/** What one entry of a list says, as it is written there. */
export interface WrittenEntry {
  readonly kind: PackageUse['kind']
  readonly name: string
  readonly version: string
  readonly architecture?: string | undefined
  readonly sha256?: string | undefined
}

/**
 * Turns what a list says into a package, by the grammar of Debian Policy 5.6.7, 5.6.8 and 5.6.12.
 *
 * @param line of the entry, counted from 1
 * @throws DebproofError PACKAGE_LIST that names file and line
 */
export function packageUse(written: WrittenEntry, file: string, line: number): PackageUse {
  const name = parsePackageName(written.name)
  if (name === undefined) throw listError(file, line, `${quote(written.name)} is not a package name`)
  const version = parseVersion(written.version)
  if (version === undefined) {
    throw listError(file, line, `${quote(written.version)}, the version of ${name}, is not a Debian version`)
  }
  const use = { kind: written.kind, name, version }
  if (written.architecture === undefined) return withHash(use, written.sha256, file, line)
  const architecture = parseArchitecture(written.architecture)
  if (architecture === undefined) {
    throw listError(file, line, `${quote(written.architecture)}, the architecture of ${name}, is not one of Debian's`)
  }
  return withHash({ ...use, architecture }, written.sha256, file, line)
}

function withHash(use: PackageUse, written: string | undefined, file: string, line: number): PackageUse {
  if (written === undefined) return use
  const sha256 = parseSha256(written)
  if (sha256 === undefined) throw listError(file, line, `${quote(written)} is not a SHA-256`)
  return { ...use, hash: { sha256, from: 'list' } }
}

/** Splits `libc6:amd64`, as dpkg and apt write it, at its colon. */
export function splitQualifiedName(text: string): { name: string; architecture?: string } {
  const colon = text.indexOf(':')
  return colon === -1 ? { name: text } : { name: text.slice(0, colon), architecture: text.slice(colon + 1) }
}

/**
 * The lines of a list with their numbers, counted from 1, without the blank ones and those that start with `#`.
 *
 * @throws DebproofError PACKAGE_LIST when the list has too many lines
 */
export function* entryLines(text: string, file: string): Generator<readonly [line: string, number: number]> {
  let number = 0
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    number += 1
    if (number > MAX_LIST_LINES) throw listError(file, number, `a package list may have ${MAX_LIST_LINES} lines`)
    const line = text.slice(start, end)
    if (!line.startsWith('#') && line.trim() !== '') yield [line, number]
    start = end + 1
  }
}

/** The first line that is neither blank nor a comment, by which most formats are told apart. */
export function firstEntryLine(text: string): string | undefined {
  for (const [line] of entryLines(text, '')) return line
  return undefined
}

/** A mistake in a package list, and the line that it is in, where it is in one. */
export class ListError extends DebproofError {
  readonly line: number | undefined

  constructor(message: string, line: number | undefined, options: { cause?: unknown }) {
    super('PACKAGE_LIST', message, options)
    this.line = line
  }
}

/** A PACKAGE_LIST error about a line of a list or, without `line`, about all of it. */
export function listError(file: string, line: number | undefined, problem: string, cause?: unknown): ListError {
  const place = line === undefined ? showPath(file) : `${showPath(file)}:${line}`
  return new ListError(`${place}: ${problem}.`, line, cause === undefined ? {} : { cause })
}

/** Text from outside for a message: quoted, cut, and with nothing in it that a terminal or a CI log would obey. */
export function quote(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return `"${cut.replaceAll(/[^\x20-\x7e…]|["\\]/g, escaped)}"`
}

/** A path for a message, quoted where it holds what a terminal or a CI log would obey. */
export function showPath(path: string): string {
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(path) ? quote(path) : path
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

import { DebproofError } from '../errors.ts'

export const NEWLINE = 0x0a
/** What lies between two stanzas (deb822(5)). */
export const BLANK_LINE = Buffer.from('\n\n')
/** As archives write it, on a stanza's first line. */
export const PACKAGE_FIELD = Buffer.from('Package: ')

/**
 * What may be a Package or SHA256 field within a stanza, in any case: apt takes any white space before the colon, a
 * line end included.
 */
const FIELD = /.\n(?:package|sha256)(?=[\s:])/gi
/** A line that begins like a field and has no colon. */
const COLONLESS = /\n[^ \t\n:][^:\n]*(?=\n)/g
const COLON = 0x3a
/** Longer strings are allocated apart by the engine, which is slower than searching them. */
const SEARCH_PIECE = 16 * 1024

export function startsWithPackage(bytes: Buffer, start: number): boolean {
  for (let index = 0; index < PACKAGE_FIELD.length; index++) {
    if (bytes[start + index] !== PACKAGE_FIELD[index]) return false
  }
  return true
}

/** Where lines begin, in order, of which apt or another reader may make something else than stands there. */
export interface SearchedFields {
  /** Those that may be SHA256 fields; not the first line of a stanza. */
  readonly hashes: readonly number[]
  /** Those without a colon: for apt the next field is the end of their name. */
  readonly colonless: readonly number[]
}

/**
 * Looks into all stanzas for the fields that decide what they are about.
 *
 * Every stanza that does not begin with its Package field was parsed, which finds a field that is there twice; in the
 * others a second one is refused here. In all of them a line without a colon is refused that has no colon behind it:
 * apt joins the stanza to the next one, and takes that for what the next one says last.
 *
 * @param stanzas whole ones, up to and with the empty line behind the last
 * @throws DebproofError INDEX_MALFORMED
 */
export function searchFields(stanzas: Buffer): SearchedFields {
  const hashes: number[] = []
  const colonless: number[] = []
  for (let start = 0; start < stanzas.length; ) {
    const end = endOfPiece(stanzas, start)
    // What stands before a line is looked at with it.
    const from = Math.max(0, start - 2)
    const piece = stanzas.toString('latin1', from, end)
    for (const { index } of piece.matchAll(FIELD)) {
      const line = from + index + 2
      if (((stanzas[line] ?? 0) | 0x20) === LETTER_S) hashes.push(line)
      else if (!beginsOtherwise(stanzas, line)) throw hiddenPackage(piece.slice(index + 2, index + 80))
    }
    for (const { index } of piece.matchAll(COLONLESS)) {
      const line = from + index + 1
      if (line < start) continue
      if (joinsTheNext(stanzas, line)) throw joined(piece.slice(index + 1, index + 80))
      colonless.push(line)
    }
    start = end
  }
  return { hashes, colonless }
}

/** Behind the last line that ends within a piece, or behind the first where that is longer. */
function endOfPiece(stanzas: Buffer, start: number): number {
  if (stanzas.length - start <= SEARCH_PIECE) return stanzas.length
  const within = stanzas.lastIndexOf(NEWLINE, start + SEARCH_PIECE - 1) + 1
  if (within > start) return within
  const next = stanzas.indexOf(NEWLINE, start + SEARCH_PIECE)
  return next === -1 ? stanzas.length : next + 1
}

/** Whether there is no colon between a line and the end of its stanza. */
function joinsTheNext(stanzas: Buffer, line: number): boolean {
  const end = stanzas.indexOf(BLANK_LINE, line)
  const colon = stanzas.indexOf(COLON, line)
  return colon === -1 || (end !== -1 && colon > end)
}

function joined(text: string): DebproofError {
  const line = JSON.stringify(text.split('\n')[0])
  const problem = `A stanza of the index ends with a line without a colon, by which apt joins it to the next: ${line}.`
  return new DebproofError('INDEX_MALFORMED', problem)
}

const LETTER_S = 0x73

function hiddenPackage(text: string): DebproofError {
  const line = JSON.stringify(text.split('\n')[0])
  return new DebproofError('INDEX_MALFORMED', `A stanza of the index has a second Package field: ${line}.`)
}

/** Whether the stanza around `position` begins with another field than Package. */
function beginsOtherwise(stanzas: Buffer, position: number): boolean {
  const before = stanzas.lastIndexOf(BLANK_LINE, position)
  let start = before === -1 ? 0 : before + BLANK_LINE.length
  while (stanzas[start] === NEWLINE) start++
  return !startsWithPackage(stanzas, start)
}

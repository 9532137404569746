import { DebproofError } from '../errors.ts'

export const NEWLINE = 0x0a
/** What lies between two stanzas (deb822(5)). */
export const BLANK_LINE = Buffer.from('\n\n')
/** As archives write it, on a stanza's first line. */
export const PACKAGE_FIELD = Buffer.from('Package: ')

/**
 * What may be a Package or SHA256 field within a stanza, in any case: apt takes any white space before the colon, a
 * line end included. Ten bytes long at most.
 */
const FIELD = /.\n(?:package|sha256)(?=[\s:])/gi
const FIELD_LENGTH = 10
/** Longer strings are allocated apart by the engine, which is slower than searching them. */
const SEARCH_PIECE = 16 * 1024

export function startsWithPackage(bytes: Buffer, start: number): boolean {
  for (let index = 0; index < PACKAGE_FIELD.length; index++) {
    if (bytes[start + index] !== PACKAGE_FIELD[index]) return false
  }
  return true
}

/**
 * Looks into all stanzas for the fields that decide what they are about.
 *
 * Every stanza that does not begin with its Package field was parsed, which finds a field that is there twice; in the
 * others a second one is refused here.
 *
 * @returns where lines begin that may be SHA256 fields, in order; not the first line of a stanza
 */
export function searchFields(stanzas: Buffer): number[] {
  const hashes: number[] = []
  for (let start = 0; start < stanzas.length; start += SEARCH_PIECE) {
    const piece = stanzas.toString('latin1', start, Math.min(start + SEARCH_PIECE + FIELD_LENGTH, stanzas.length))
    for (const { index } of piece.matchAll(FIELD)) {
      // The next piece begins there and finds it too.
      if (index >= SEARCH_PIECE) continue
      const line = start + index + 2
      if (((stanzas[line] ?? 0) | 0x20) === LETTER_S) hashes.push(line)
      else if (!beginsOtherwise(stanzas, line)) throw hiddenPackage(piece.slice(index + 2, index + 80))
    }
  }
  return hashes
}

const LETTER_S = 0x73
const COLON = 0x3a

/**
 * Whether a stanza ends with a line without a colon, and with none behind it: apt takes everything up to the next colon
 * for the name of a field, an empty line too, and so joins the stanza to the one behind it.
 *
 * @param end where its empty line begins
 */
export function joinsTheNext(bytes: Buffer, start: number, end: number): boolean {
  const colon = bytes.lastIndexOf(COLON, end - 1)
  for (let line = bytes.indexOf(NEWLINE, Math.max(colon, start)); line < end && line !== -1; ) {
    if (!isBlank(bytes[line + 1])) return true
    line = bytes.indexOf(NEWLINE, line + 1)
  }
  return colon < start
}

/** Whether the line before a field has no colon, so that apt takes the field's name for the end of another. */
export function isSwallowed(bytes: Buffer, start: number, field: number): boolean {
  let line = field
  // Lines that go on belong to the one before them.
  do line = bytes.lastIndexOf(NEWLINE, line - 2) + 1
  while (line > start && isBlank(bytes[line]))
  return line > start && bytes.indexOf(COLON, line) > field
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}

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

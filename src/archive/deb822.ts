import { DebproofError } from '../errors.ts'

/** The fields of one stanza: names in lower case (deb822(5): they are case-insensitive), values trimmed. */
export type Stanza = ReadonlyMap<string, string>

/** Whether a stanza may have a field a second time, by its name and what it says the first and the second time. */
export type Repeats = (field: string, first: string, again: string) => boolean

const NEVER: Repeats = () => false

/**
 * Parses one stanza, strictly. What apt reads in another way than people do is refused: a field given twice (the
 * last would win), a line without a colon (it swallows the next field), a blank before the colon, a line of
 * blanks only (a continuation, not a separator), a comment. Values of several lines keep their line ends and lose
 * the blanks around each line.
 *
 * Source: deb822(5), Debian Policy 5.1; apt's pkgTagSection::Scan for what it tolerates.
 *
 * @param text the stanza without the blank lines around it; a final newline may be there
 * @param mayRepeat of a field that may be there again, what it says first is taken
 * @throws DebproofError INDEX_MALFORMED that quotes the line
 */
export function parseStanza(text: string, mayRepeat: Repeats = NEVER): Stanza {
  const fields = new Map<string, string>()
  const length = text.endsWith('\n') ? text.length - 1 : text.length
  for (let start = 0; start < length; ) {
    let end = endOfLine(text, start, length)
    if (isBlank(text.charCodeAt(start))) throw malformed('starts with a continuation line', text, start, end)
    const colon = text.indexOf(':', start)
    if (colon === -1 || colon >= end) throw malformed('has a line without a colon', text, start, end)
    const name = fieldName(text.slice(start, colon))
    if (name === undefined) throw malformed('has a line that is not a field', text, start, end)
    const [lineEnd, first] = [end, fields.get(name)]
    while (end < length && isBlank(text.charCodeAt(end + 1))) {
      const next = end + 1
      end = endOfLine(text, next, length)
      if (trimmed(text, next, end) === '') throw malformed('has a line of blanks only', text, next, end)
    }
    const value = end === lineEnd ? trimmed(text, colon + 1, end) : unfold(text.slice(colon + 1, end))
    if (first === undefined) fields.set(name, value)
    else if (!mayRepeat(name, first, value))
      throw malformed(`has the field ${text.slice(start, Math.min(colon, start + 80))} twice`, text, start, lineEnd)
    start = end + 1
  }
  return fields
}

/** deb822(5): printable ASCII but colon and blank; not starting with `#` or `-`. */
const FIELD_NAME = /^[!"$-,.-9;-~][!-9;-~]*$/

/** Field names repeat in every stanza, and looking up one that was seen is quicker than checking it again. */
const FIELD_NAMES = new Map<string, string>()

/** The field's name in lower case; undefined for what is none. */
function fieldName(written: string): string | undefined {
  const known = FIELD_NAMES.get(written)
  if (known !== undefined) return known
  if (!FIELD_NAME.test(written)) return undefined
  const lower = written.toLowerCase()
  if (FIELD_NAMES.size < 1000) FIELD_NAMES.set(written, lower)
  return lower
}

function endOfLine(text: string, start: number, length: number): number {
  const newline = text.indexOf('\n', start)
  return newline === -1 ? length : newline
}

function unfold(value: string): string {
  return value
    .split('\n')
    .map((line, index) => trimBlanks(index === 0 ? line : line.slice(1)))
    .join('\n')
}

/**
 * Without the spaces and tabs around it, which are all that deb822(5) calls blank: a no-break space is part of a
 * value. Not a regular expression: one that ends in `$` takes quadratic time on a line of blanks.
 */
export function trimBlanks(text: string): string {
  return trimmed(text, 0, text.length)
}

/** Without the spaces and tabs at its end. */
export function trimBlanksAtEnd(text: string): string {
  return text.slice(0, endOfText(text, 0, text.length))
}

/** A part of a text without the blanks around it. */
function trimmed(text: string, from: number, to: number): string {
  let start = from
  while (start < to && isBlank(text.charCodeAt(start))) start++
  return text.slice(start, endOfText(text, start, to))
}

function endOfText(text: string, start: number, to: number): number {
  let end = to
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return end
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function malformed(problem: string, text: string, start: number, end: number): DebproofError {
  const line = JSON.stringify(text.slice(start, Math.min(end, start + 80)))
  return new DebproofError('INDEX_MALFORMED', `The stanza ${problem}: ${line}.`)
}

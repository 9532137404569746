import { DebproofError } from '../errors.ts'
import { type Stanza, trimBlanks, trimBlanksAtEnd } from './deb822.ts'

/**
 * The fields of a release file, as apt reads them where every other reader reads the same or nothing (debootstrap,
 * python-debian): with CRLF line ends throughout, one empty line before the first field, blanks before a colon,
 * comments, and a field that is there twice and says the same. Of two that differ apt takes the last, which is taken here
 * for Date and Valid-Until alone, since nobody else reads them.
 *
 * Refused is what readers take for different things: a line of blanks or a second stanza, a line without a colon, which
 * swallows the next field for apt, and line ends of both kinds.
 *
 * Sources: deb822(5); apt's pkgTagSection::Scan; docs/apt-parity.md says what was measured.
 *
 * @param text what is signed
 * @throws DebproofError RELEASE_MALFORMED that quotes the line
 */
export function parseReleaseFields(text: Uint8Array): Stanza {
  const fields = new Map<string, string>()
  for (const { name, written, values } of linesOf(text)) {
    const value = values.join('\n')
    const other = fields.get(name)
    if (other !== undefined && other !== value && !LAST_COUNTS.has(name)) throw malformed('a field twice', written)
    fields.set(name, value)
  }
  return fields
}

const LAST_COUNTS: ReadonlySet<string> = new Set(['date', 'valid-until'])

/** What debootstrap, which reads line by line, looks for. */
const READ_BY_LINE: ReadonlySet<string> = new Set([
  ...['suite', 'codename', 'components', 'acquire-by-hash', 'md5sum', 'sha1', 'sha256', 'sha512'],
])

/** deb822(5): printable ASCII but colon and blank; not starting with `#` or `-`. */
const FIELD_NAME = /^[!"$-,.-9;-~][!-9;-~]*$/

interface WrittenField {
  /** In lower case. */
  readonly name: string
  /** The line that it begins with. */
  readonly written: string
  readonly values: readonly string[]
}

function* linesOf(text: Uint8Array): Generator<WrittenField> {
  const lines = textLines(text)
  for (let next = 0; next < lines.length; ) {
    const written = lines[next] ?? ''
    if (isContinued(written)) throw malformed('a continuation line without a field', written)
    if (written.startsWith('#')) {
      next = afterComment(lines, next)
      continue
    }
    const { name, value } = fieldOf(written)
    const values = [value]
    for (next++; isContinued(lines[next] ?? ''); next++) values.push(trimBlanks(lines[next] ?? ''))
    yield { name, written, values }
  }
}

/** The lines up to the empty ones at the end, which separate nothing; with none of them empty. */
function textLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const lines = withoutReturns(text.split('\n'))
  while (lines.at(-1) === '') lines.pop()
  // Of two empty lines the second ends the first stanza for apt.
  if (lines.length > 1 && trimBlanks(lines[0] ?? '') === '') lines.shift()
  if (lines.some((line) => trimBlanks(line) === '')) {
    throw new DebproofError('RELEASE_MALFORMED', 'The release file has more than one stanza.')
  }
  return lines
}

/** Whoever does not know CRLF finds nothing in a file of such lines, and only a part in one of both kinds. */
function withoutReturns(lines: string[]): string[] {
  if (!lines.some((line) => line.includes('\r'))) return lines
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length
  return lines.map((line, index) => {
    if (index >= last) return line
    // The text of an InRelease ends without a line end.
    const whole = line.endsWith('\r') ? line.slice(0, -1) : index === lines.length - 1 ? line : `${line}\r`
    if (whole.includes('\r')) throw malformed('line ends of more than one kind', line)
    return whole
  })
}

/**
 * Where a comment is passed over. apt knows none in a release file: with a colon it is a field that nobody asks for, and
 * without one it takes the next field with it. That is refused where others read that field.
 *
 * @returns the index of the line after it, and after what it takes with it
 */
function afterComment(lines: readonly string[], first: number): number {
  const comment = lines[first] ?? ''
  let next = first
  while ((lines[next] ?? '').startsWith('#') && !(lines[next] ?? '').includes(':')) next++
  const end = lines[next]
  if (end === undefined || isContinued(end)) throw malformed('a comment that apt takes for part of a field', comment)
  const isTaken = !end.startsWith('#')
  if (isTaken && READ_BY_LINE.has(fieldOf(end).name)) {
    throw malformed(
      `a comment without a colon before ${JSON.stringify(end.slice(0, 80))}, which apt does not read`,
      comment,
    )
  }
  next++
  if (!isContinued(lines[next] ?? '')) return next
  // For apt they are part of the comment; others read them as part of the field before it.
  if (!isTaken) throw malformed('a comment that is continued', comment)
  while (isContinued(lines[next] ?? '')) next++
  return next
}

function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) throw malformed('a line without a colon', line)
  const name = trimBlanksAtEnd(line.slice(0, colon))
  if (!FIELD_NAME.test(name)) throw malformed('a line that is not a field', line)
  return { name: name.toLowerCase(), value: trimBlanks(line.slice(colon + 1)) }
}

function isContinued(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t')
}

function malformed(problem: string, line: string): DebproofError {
  return new DebproofError(
    'RELEASE_MALFORMED',
    `The release file has ${problem}: ${JSON.stringify(line.slice(0, 80))}.`,
  )
}

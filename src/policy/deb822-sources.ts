import { DebproofError } from '../errors.ts'

/** A value of the file, and where it stands. */
export interface Field {
  readonly value: string
  /** `file:line`. */
  readonly location: string
}

/** A stanza, or a line of the other style, as written: nothing is checked or multiplied out. */
export interface SourceEntry {
  readonly location: string
  readonly types: readonly string[]
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** By the names of deb822 style, in lower case. */
  readonly options: ReadonlyMap<string, Field>
}

/**
 * The stanzas of a `.sources` file (sources.list(5), deb822 style): `Field: value`, continuation lines start with
 * a blank, `#` in the first column is a comment.
 *
 * @throws DebproofError POLICY
 */
export function* readDeb822Sources(text: string, file: string): Generator<SourceEntry> {
  let fields = new Map<string, Field>()
  let last = ''
  for (const [index, written] of [...text.split('\n'), ''].entries()) {
    const location = `${file}:${index + 1}`
    const line = written.replace(/\r$/, '')
    if (line.startsWith('#')) continue
    if (line === '') {
      const [first] = fields.values()
      if (first !== undefined) yield stanzaEntry(fields, first.location)
      fields = new Map()
      continue
    }
    refuseForeignBlanks(line, location)
    if (/^[ \t]/.test(line)) {
      if (fields.size === 0 && line.trim() === '') continue
      const field = fields.get(last) ?? refuse(location, 'continues no field: remove the blanks before it')
      fields.set(last, { ...field, value: `${field.value}\n${line.trim()}` })
      continue
    }
    const [, name, value] = /^([^\s:]+):(.*)$/s.exec(line) ?? []
    if (name === undefined || value === undefined) return refuse(location, 'is no "Field: value" line')
    last = name.toLowerCase()
    if (fields.has(last)) {
      refuse(location, `has the field "${name}" twice in one stanza: separate stanzas with an empty line`)
    }
    fields.set(last, { value: value.trim(), location })
  }
}

function stanzaEntry(fields: ReadonlyMap<string, Field>, location: string): SourceEntry {
  const words = (name: string): string[] => wordsOf(fields.get(name))
  return {
    location,
    types: words('types'),
    uris: words('uris'),
    suites: words('suites'),
    components: words('components'),
    options: fields,
  }
}

export function wordsOf(field: Field | undefined): string[] {
  return field?.value.match(/\S+/g) ?? []
}

/** What JavaScript takes for a blank and apt does not would split words in other places than apt does. */
export function refuseForeignBlanks(line: string, location: string): void {
  if (/[^\S \t\v\f\r]/.test(line)) refuse(location, 'has a Unicode blank such as U+00A0: use plain blanks')
}

/** What is quoted from the file must bring no escape sequences to the terminal and no passwords to a log. */
export function refuse(location: string, problem: string): never {
  const message = problem.replaceAll(/\/\/[^/@]*@/g, '//…@').replaceAll(/\p{Cc}/gu, '?')
  throw new DebproofError('POLICY', `${location} ${message.length > 400 ? `${message.slice(0, 400)}…` : message}`)
}

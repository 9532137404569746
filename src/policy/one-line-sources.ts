import { type Field, refuse, refuseForeignBlanks, type SourceEntry } from './deb822-sources.ts'

/**
 * The lines of a `.list` file (sources.list(5), one-line style): `deb [option=value …] uri suite [component …]`.
 *
 * @throws DebproofError POLICY
 */
export function* readOneLineSources(text: string, file: string): Generator<SourceEntry> {
  for (const [index, written] of text.split('\n').entries()) {
    const location = `${file}:${index + 1}`
    const uncommented = withoutComment(written)
    refuseForeignBlanks(uncommented, location)
    const line = uncommented.trim()
    if (line === '') continue
    const [, type = '', bracket, rest = ''] = /^(\S+)(?:\s+\[([^\]]*)\](?=\s|$))?(.*)$/s.exec(line) ?? []
    if (bracket === undefined && rest.trimStart().startsWith('[')) {
      refuse(location, 'has an option list that is not closed by "]" and a blank')
    }
    const options = readOptions(bracket ?? '', location)
    const words = splitQuotedWords(rest, location)
    yield {
      location,
      types: [type],
      uris: words.slice(0, 1),
      suites: words.slice(1, 2),
      components: words.slice(2),
      options,
    }
  }
}

/** A `#` starts a comment, except inside of brackets. */
function withoutComment(line: string): string {
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '#') return line.slice(0, at)
    if (line[at] !== '[') continue
    at = line.indexOf(']', at)
    if (at < 0) break
  }
  return line
}

/** The deb822 names of the options that matter here. apt ignores what it does not know, and so do we the rest. */
const OPTION_FIELDS: ReadonlyMap<string, string> = new Map([
  ['arch', 'architectures'],
  ['arch+', 'architectures-add'],
  ['arch-', 'architectures-remove'],
  ['signed-by', 'signed-by'],
  ['trusted', 'trusted'],
  ['snapshot', 'snapshot'],
  ['include', 'include'],
  ['exclude', 'exclude'],
  ['inrelease-path', 'inrelease-path'],
  ['target', 'targets'],
  ['target-', 'targets-remove'],
  ['Packages', 'packages'],
  ['Sources', 'sources'],
])

function readOptions(text: string, location: string): Map<string, Field> {
  const options = new Map<string, Field>()
  for (const option of splitQuotedWords(text, location)) {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(option) ?? []
    if (name === undefined || value === undefined) {
      return refuse(location, `has the option "${option}": write name=value`)
    }
    const field = OPTION_FIELDS.get(name)
    if (field === undefined) continue
    if (options.has(field)) refuse(location, `has the option "${name}" twice: join its values with commas`)
    options.set(field, { value: field.startsWith('architectures') ? value.replaceAll(',', ' ') : value, location })
  }
  return options
}

/** Words as apt's ParseQuoteWord splits them: blanks inside "…" and […] belong to the word, %20 stands for a blank. */
function splitQuotedWords(text: string, location: string): string[] {
  const words: string[] = []
  for (let at = 0; at < text.length; ) {
    const start = at
    for (; at < text.length && !/\s/.test(text[at] ?? ''); at++) {
      const close = text[at] === '"' ? '"' : text[at] === '[' ? ']' : undefined
      if (close !== undefined) at = text.indexOf(close, at + 1)
      if (at < 0) return refuse(location, `has no closing ${close}`)
    }
    if (at > start) words.push(unquoted(text.slice(start, at), location))
    else at++
  }
  return words
}

function unquoted(word: string, location: string): string {
  const plain = word
    .replaceAll('"', '')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /\p{Cc}/u.test(plain) ? refuse(location, `has a control character in "${word}"`) : plain
}

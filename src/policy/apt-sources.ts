/**
 * The apt sources of a system, as sources.list(5) describes them and apt 2.6 was seen to read them. Where apt
 * guesses or lets a later value silently win (a field twice, an option twice, an unreadable yes/no), this
 * reader refuses: debproof must not trust another archive or key than the one the reader of the file sees.
 */
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Architecture, type Fingerprint, parseArchitecture, parseFingerprint } from '../archive/identity.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'

/** One archive's suite as apt sees it. A line or stanza with several types, URIs and suites gives one for each. */
export interface AptSource {
  readonly type: 'deb' | 'deb-src'
  /** Ends with `/`. The scheme is as written: `http`, `file`, `cdrom`, `mirror+https`, `tor+http`, … */
  readonly uri: string
  /** A suite or codename; with a `/` at its end it is a path below the URI, and there are no components. */
  readonly suite: string
  readonly components: readonly string[]
  /** Absent: every architecture of the system. */
  readonly architectures?: readonly Architecture[]
  /** Absent: every key of `globalKeyringFiles`. */
  readonly signedBy?: SignedBy
  /** Whether apt believes the archive whatever its signature (`yes`) or never (`no`). */
  readonly trusted?: boolean
  /** As written: `yes`, `no`, or the name of a snapshot. */
  readonly snapshot?: string
  /** `file:line`, for messages. */
  readonly location: string
}

/** The keys that may sign for one source. */
export interface SignedBy {
  /** Absolute paths inside the system: open them with `pathInSystem`. None, and nothing embedded: `globalKeyringFiles`. */
  readonly files: readonly string[]
  /** Only these keys of the keyrings count; `exact` (written `!`) excludes their subkeys. None: all count. */
  readonly fingerprints: readonly { readonly fingerprint: Fingerprint; readonly exact: boolean }[]
  /** An armored public key block. */
  readonly embedded?: string
}

export interface SystemArchitectures {
  readonly native: Architecture
  readonly foreign: readonly Architecture[]
}

const MAX_FILE_BYTES = 1024 * 1024
const MAX_STATUS_BYTES = 256 * 1024 * 1024
const MAX_SOURCES = 1000
const MAX_LINKS = 40

/** An option's value, and where it stands. */
interface Value {
  readonly value: string
  readonly location: string
}

/** A line or stanza before it is multiplied out: option names are those of deb822, in lower case. */
interface Entry {
  readonly location: string
  readonly types: readonly AptSource['type'][]
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
  readonly options: ReadonlyMap<string, Value>
}

/**
 * Reads /etc/apt/sources.list and /etc/apt/sources.list.d of the system under `root`, in apt's order.
 * Throws a DebproofError POLICY that names file and line where apt would refuse a source, where two sources
 * contradict each other, and past the limits (1 MiB a file, 1000 sources).
 */
export function readAptSources(root: string): AptSource[] {
  const architectures = once(() => systemArchitectures(root))
  const sources: AptSource[] = []
  const files = ['/etc/apt/sources.list', ...filesOf(root, '/etc/apt/sources.list.d', ['list', 'sources'])]
  for (const file of files) {
    const text = readSystemFile(root, file, MAX_FILE_BYTES)
    if (text === undefined) continue
    const shown = join(root, file)
    if (text.includes('\0')) refuse(shown, 'has a NUL byte: it is no list of apt sources')
    for (const entry of file.endsWith('.sources') ? readDeb822(text, shown) : readOneLineStyle(text, shown)) {
      addSources(sources, entry, architectures)
    }
  }
  refuseContradictions(sources)
  return sources
}

/**
 * The keyrings that apt trusts for sources without Signed-By (apt-secure(8)): /etc/apt/trusted.gpg and
 * /etc/apt/trusted.gpg.d/*.{gpg,asc}. Absolute paths inside the system: open them with `pathInSystem`.
 */
export function globalKeyringFiles(root: string): string[] {
  const files = ['/etc/apt/trusted.gpg', ...filesOf(root, '/etc/apt/trusted.gpg.d', ['gpg', 'asc'])]
  return files.filter((file) => statSync(pathInSystem(root, file), { throwIfNoEntry: false })?.isFile())
}

/**
 * dpkg's own architecture, and those added with `dpkg --add-architecture` (dpkg(1)): from /var/lib/dpkg/arch,
 * which has the native one first, or from the entry of dpkg in /var/lib/dpkg/status.
 * Throws a DebproofError POLICY when neither says.
 */
export function systemArchitectures(root: string): SystemArchitectures {
  const list = readSystemFile(root, '/var/lib/dpkg/arch', MAX_FILE_BYTES)
  const names =
    list
      ?.split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '') ?? []
  if (names.length === 0) {
    const status = readSystemFile(root, '/var/lib/dpkg/status', MAX_STATUS_BYTES) ?? ''
    const stanza = /^Package: dpkg\n(?:.+\n)*?Architecture: *(\S+)$/m.exec(status)
    if (stanza?.[1] !== undefined) names.push(stanza[1])
  }
  const [native, ...foreign] = names.map(
    (name) => parseArchitecture(name) ?? refuse(join(root, '/var/lib/dpkg/arch'), `names no architecture: "${name}"`),
  )
  if (native === undefined) {
    return refuse(
      join(root, '/var/lib/dpkg'),
      'does not say the architecture of the system: is this the root of a Debian system?',
    )
  }
  return { native, foreign: foreign.filter((architecture) => architecture !== native) }
}

/**
 * Where a file of the system under `root` is, with symbolic links followed as inside a chroot: an absolute
 * link must not lead to the host's file, which could be another keyring. It need not exist.
 */
export function pathInSystem(root: string, path: string): string {
  let todo = path.split('/')
  let inside = '/'
  for (let links = 0; todo.length > 0; ) {
    const [part = '', ...rest] = todo
    todo = rest
    const next = posix.join(inside, part)
    const target = attempt(join(root, path), () => {
      const isLink = lstatSync(join(root, next), { throwIfNoEntry: false })?.isSymbolicLink()
      return isLink ? readlinkSync(join(root, next)) : undefined
    })
    if (target === undefined) {
      inside = next
      continue
    }
    if (++links > MAX_LINKS) refuse(join(root, path), 'has too many symbolic links')
    if (target.startsWith('/')) inside = '/'
    todo = [...target.split('/'), ...todo]
  }
  return join(root, inside)
}

/** The files of a `.d` directory that apt reads, sorted: sources.list(5), and `:`, which apt takes too. */
function filesOf(root: string, directory: string, extensions: readonly string[]): string[] {
  const path = pathInSystem(root, directory)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return []
  const name = new RegExp(`^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*\\.(?:${extensions.join('|')})$`)
  return attempt(path, () => readdirSync(path))
    .filter((entry) => name.test(entry))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((entry) => posix.join(directory, entry))
}

/** A regular file's text; undefined where there is none (apt too skips what is no regular file). */
function readSystemFile(root: string, file: string, limit: number): string | undefined {
  const shown = join(root, file)
  return attempt(shown, () => {
    const path = pathInSystem(root, file)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
    const descriptor = openSync(path, 'r')
    try {
      if (fstatSync(descriptor).size > limit) refuse(shown, `is larger than ${limit} bytes`)
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  })
}

/** One-line style: `deb [option=value …] uri suite [component …]`. */
function* readOneLineStyle(text: string, file: string): Generator<Entry> {
  for (const [index, full] of text.split('\n').entries()) {
    const location = `${file}:${index + 1}`
    const line = withoutComment(full).trim()
    if (line === '') continue
    refuseForeignBlanks(line, location)
    const [, type = '', bracket, rest = ''] = /^(\S+)(?:\s+\[([^\]]*)\](?=\s|$))?(.*)$/s.exec(line) ?? []
    if (bracket === undefined && rest.trimStart().startsWith('[')) {
      refuse(location, 'has an option list that is not closed by "]" and a blank')
    }
    const options = readLineOptions(bracket ?? '', location)
    const [uri, suite, ...components] = splitQuotedWords(rest, location)
    const [uris, suites] = [uri, suite].map((word) => (word === undefined ? [] : [word]))
    yield { location, types: readTypes([type], location), uris: uris ?? [], suites: suites ?? [], components, options }
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
const LINE_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['arch', 'architectures'],
  ['arch+', 'architectures-add'],
  ['arch-', 'architectures-remove'],
  ['signed-by', 'signed-by'],
  ['trusted', 'trusted'],
  ['snapshot', 'snapshot'],
])

function readLineOptions(text: string, location: string): Map<string, Value> {
  const options = new Map<string, Value>()
  for (const option of splitQuotedWords(text, location)) {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(option) ?? []
    if (name === undefined || value === undefined)
      return refuse(location, `has the option "${option}": write name=value`)
    const field = LINE_OPTIONS.get(name)
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
    if (at > start) words.push(text.slice(start, at))
    else at++
  }
  return words.map((word) => {
    const plain = word
      .replaceAll('"', '')
      .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return /\p{Cc}/u.test(plain) ? refuse(location, `has a control character in "${word}"`) : plain
  })
}

/** What JavaScript takes for a blank and apt does not would split words in other places than apt does. */
function refuseForeignBlanks(line: string, location: string): void {
  if (/[^\S \t\v\f\r]/.test(line)) refuse(location, 'has a Unicode blank such as U+00A0: use plain blanks')
}

/** deb822 style: stanzas of `Field: value`, continuation lines start with a blank, `#` in the first column is a comment. */
function* readDeb822(text: string, file: string): Generator<Entry> {
  let fields = new Map<string, Value>()
  let last = ''
  for (const [index, full] of [...text.split('\n'), ''].entries()) {
    const location = `${file}:${index + 1}`
    const line = full.replace(/\r$/, '')
    if (line.startsWith('#')) continue
    if (line === '') {
      if (fields.size > 0) yield* stanzaEntry(fields)
      fields = new Map()
      continue
    }
    refuseForeignBlanks(line, location)
    const previous = fields.get(last)
    if (/^[ \t]/.test(line)) {
      if (fields.size === 0 && line.trim() === '') continue
      if (previous === undefined || fields.size === 0)
        return refuse(location, 'continues no field: remove the blanks before it')
      fields.set(last, { value: `${previous.value}\n${line.trim()}`, location: previous.location })
      continue
    }
    const [, name, value] = /^([^\s:]+):(.*)$/s.exec(line) ?? []
    if (name === undefined || value === undefined) return refuse(location, 'is no "Field: value" line')
    last = name.toLowerCase()
    if (fields.has(last))
      refuse(location, `has the field "${name}" twice in one stanza: separate stanzas with an empty line`)
    fields.set(last, { value: value.trim(), location })
  }
}

function* stanzaEntry(fields: ReadonlyMap<string, Value>): Generator<Entry> {
  const [first] = fields.values()
  const location = first?.location ?? ''
  const words = (name: string) => splitWords(fields.get(name)?.value)
  const types = readTypes(words('types'), location)
  if (readBoolean(fields.get('enabled')) === false) return
  yield {
    location,
    types,
    uris: words('uris'),
    suites: words('suites'),
    components: words('components'),
    options: fields,
  }
}

function readTypes(words: readonly string[], location: string): AptSource['type'][] {
  if (words.length === 0) refuse(location, 'has no type')
  return words.map((word) =>
    word === 'deb' || word === 'deb-src' ? word : refuse(location, `has the type "${word}": apt knows deb and deb-src`),
  )
}

/** Multiplies an entry out, with the checks that apt makes. */
function addSources(sources: AptSource[], entry: Entry, architectures: () => SystemArchitectures): void {
  const { location, options } = entry
  const components = [...new Set(entry.components)]
  if (entry.uris.length === 0) refuse(location, 'has no URI')
  if (entry.suites.length === 0) refuse(location, 'has no suite')
  const trusted = readBoolean(options.get('trusted'))
  const signedBy = readSignedBy(options.get('signed-by'))
  const snapshot = options.get('snapshot')?.value
  const chosen = readArchitectures(options, architectures)
  const rest = {
    ...(chosen && { architectures: chosen }),
    ...(signedBy && { signedBy }),
    ...(trusted !== undefined && { trusted }),
    ...(snapshot && { snapshot }),
    location,
  }
  const substitute = (text: string) => {
    const result = text.includes('$(ARCH)') ? text.replaceAll('$(ARCH)', architectures().native) : text
    return result.includes('$(')
      ? refuse(location, `has a variable in "${text}" that apt does not know there: write it out`)
      : result
  }
  for (const type of entry.types) {
    for (const written of entry.uris) {
      if (!/^[a-z][a-z0-9.+-]*:./i.test(written)) refuse(location, `has "${written}" where a URI belongs`)
      const uri = substitute(written).replace(/\/?$/, '/')
      for (const suite of entry.suites) {
        const exact = suite.endsWith('/')
        if (exact && components.length > 0)
          refuse(location, `has components after the exact path "${suite}": remove them`)
        if (!exact && components.length === 0) refuse(location, `has no component for the suite "${suite}"`)
        if (!exact && suite.includes('$(')) refuse(location, `has a variable in the suite "${suite}": write it out`)
        if (sources.length >= MAX_SOURCES) refuse(location, `is one source too many: the limit is ${MAX_SOURCES}`)
        sources.push({
          type,
          uri,
          suite: exact ? substitute(suite) : suite,
          components,
          ...rest,
        })
      }
    }
  }
}

/** The words that apt's StringToBool knows. */
function readBoolean(option: Value | undefined): boolean | undefined {
  if (option === undefined || option.value === '') return undefined
  if (/^(?:yes|true|with|on|enable|1)$/i.test(option.value)) return true
  if (/^(?:no|false|without|off|disable|0)$/i.test(option.value)) return false
  return refuse(option.location, `has "${option.value}" where yes or no belongs`)
}

function readArchitectures(options: Entry['options'], system: () => SystemArchitectures): Architecture[] | undefined {
  const read = (name: string): Architecture[] | undefined => {
    const option = options.get(name)
    return (
      option &&
      splitWords(option.value).map(
        (word) => parseArchitecture(word) ?? refuse(option.location, `has "${word}" where an architecture belongs`),
      )
    )
  }
  const set = read('architectures')
  const add = read('architectures-add')
  const remove = new Set(read('architectures-remove'))
  if (set === undefined && add === undefined && remove.size === 0) return undefined
  const base = set ?? [system().native, ...system().foreign]
  return [...new Set([...base, ...(add ?? [])])].filter((architecture) => !remove.has(architecture))
}

/** Paths and fingerprints, separated by blanks or commas, or one armored key with ` .` for its empty line. */
function readSignedBy(option: Value | undefined): SignedBy | undefined {
  if (option === undefined || option.value.trim() === '') return undefined
  const { location } = option
  const value = option.value.trim()
  if (value.startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
    const lines = value.split('\n').map((line) => (line === '.' ? '' : line))
    if (!value.endsWith('\n-----END PGP PUBLIC KEY BLOCK-----')) {
      refuse(location, 'has a key that does not end with its "-----END PGP PUBLIC KEY BLOCK-----" line')
    }
    return { files: [], fingerprints: [], embedded: `${lines.join('\n')}\n` }
  }
  const files: string[] = []
  const fingerprints: { fingerprint: Fingerprint; exact: boolean }[] = []
  for (const word of splitWords(value.replaceAll(',', ' '))) {
    const digits = /^([0-9A-F]+)!?$/i.exec(word)?.[1]
    const fingerprint = digits === undefined ? undefined : parseFingerprint(digits)
    if (word.startsWith('/')) files.push(posix.normalize(word))
    else if (fingerprint !== undefined) fingerprints.push({ fingerprint, exact: word.endsWith('!') })
    else refuse(location, `has "${word}" in Signed-By: give absolute paths of keyrings or whole fingerprints`)
  }
  return files.length + fingerprints.length > 0 ? { files, fingerprints } : undefined
}

/**
 * apt keeps one Signed-By and one Trusted for each place and suite, whatever the type, and refuses the sources
 * when they differ (apt 2.6 lets one without Signed-By come before one with it: here that is refused too).
 */
function refuseContradictions(sources: readonly AptSource[]): void {
  const seen = new Map<string, AptSource>()
  for (const source of sources) {
    const key = `${placeOf(source.uri)}\n${source.suite}`
    const first = seen.get(key) ?? source
    seen.set(key, first)
    const where = `${source.uri} ${source.suite}`
    const differ = (option: string) =>
      refuse(source.location, `sets another ${option} for ${where} than ${first.location}: make them the same`)
    if (first.trusted !== source.trusted) differ('Trusted')
    if (comparable(first.signedBy) !== comparable(source.signedBy)) differ('Signed-By')
  }
}

/** A URI without scheme and login, both of which apt leaves out when it compares: host and path, or a path. */
function placeOf(uri: string): string {
  const [, authority = '', path = ''] = /^[^:]*:(?:\/\/([^/]*))?(.*)$/s.exec(uri) ?? []
  return authority.replace(/^.*@/s, '').toLowerCase() + path
}

function comparable(signedBy: SignedBy | undefined): string {
  const { files = [], fingerprints = [], embedded = '' } = signedBy ?? {}
  const keys = fingerprints.map(({ fingerprint, exact }) => `${fingerprint}${exact ? '!' : ''}`)
  return [...new Set([...files, ...keys])].sort().join('\n') + embedded
}

function splitWords(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== '') ?? []
}

function hidePassword(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//…@')
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof DebproofError || systemErrorCode(error) === undefined) throw error
    throw new DebproofError('POLICY', `${path} cannot be read: check its permissions, or the root directory given`, {
      cause: error,
    })
  }
}

/** What is quoted from the file must bring no escape sequences to the terminal and no passwords to a log. */
function refuse(location: string, problem: string): never {
  const message = hidePassword(problem).replaceAll(/\p{Cc}/gu, '?')
  throw new DebproofError('POLICY', `${location} ${message.length > 400 ? `${message.slice(0, 400)}…` : message}`)
}

/**
 * The apt sources of a system, as sources.list(5) describes them and apt 2.6 was seen to read them. Where apt
 * guesses or lets a later value silently win (a field twice, an option twice, an unreadable yes/no), this
 * reader refuses: debproof must not trust another archive or key than the one the reader of the file sees.
 */
import { join } from 'node:path'
import { ARCH_ALL, type Architecture, parseArchitecture, parseFingerprint } from '../archive/identity.ts'
import type { TrustedFingerprint } from '../archive/keyring.ts'
import { isPathSuite } from '../archive/suite-layout.ts'
import { MAX_SOURCES, MAX_SOURCES_FILE } from '../limits.ts'
import { type Field, readDeb822Sources, refuse, type SourceEntry, wordsOf } from './deb822-sources.ts'
import { readOneLineSources } from './one-line-sources.ts'
import { isNo, narrowingOption } from './source-options.ts'
import { type SystemArchitectures, systemArchitectures } from './system-architectures.ts'
import { filesOf, readSystemFile, statInSystem } from './system-files.ts'

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
  /** Whether `all` is taken away from them (`arch-=all`): apt then reads no `binary-all` index. */
  readonly withoutAll?: true
  /** Absent: every key of `globalKeyringFiles`. */
  readonly signedBy?: SignedBy
  /** Whether apt believes the archive whatever its signature (`yes`) or never (`no`). */
  readonly trusted?: boolean
  /** The option by which apt takes less of it, or reads it elsewhere: see `narrowingOption`. */
  readonly narrowedBy?: string
  /** `file:line`, for messages. */
  readonly location: string
}

/** The keys that may sign for one source. */
export interface SignedBy {
  /** Absolute paths inside the system: open them with `pathInSystem`. None, and nothing embedded: `globalKeyringFiles`. */
  readonly files: readonly string[]
  /** Only these keys of the keyrings count. None: all count. */
  readonly fingerprints: readonly TrustedFingerprint[]
  /** An armored public key block. */
  readonly embedded?: string
}

/**
 * Reads /etc/apt/sources.list and /etc/apt/sources.list.d of the system under `root`, in apt's order.
 *
 * @throws DebproofError POLICY that names file and line where apt would refuse a source, where two sources
 * contradict each other, and past the limits (1 MiB a file, 1000 sources)
 */
export function readAptSources(root: string): AptSource[] {
  let known: SystemArchitectures | undefined
  const system = (): SystemArchitectures => {
    known ??= systemArchitectures(root)
    return known
  }
  const sources: AptSource[] = []
  for (const file of ['/etc/apt/sources.list', ...filesOf(root, '/etc/apt/sources.list.d', ['list', 'sources'])]) {
    const text = readSystemFile(root, file, MAX_SOURCES_FILE) ?? ''
    const shown = join(root, file)
    if (text.includes('\0')) refuse(shown, 'has a NUL byte: it is no list of apt sources')
    const read = file.endsWith('.sources') ? readDeb822Sources : readOneLineSources
    for (const entry of read(text, shown)) {
      for (const source of multiply(entry, system)) {
        if (sources.length >= MAX_SOURCES) refuse(entry.location, `is one source too many: the limit is ${MAX_SOURCES}`)
        sources.push(source)
      }
    }
  }
  refuseContradictions(sources)
  return sources
}

/**
 * The keyrings that apt trusts for sources without Signed-By (apt-secure(8)): /etc/apt/trusted.gpg and
 * /etc/apt/trusted.gpg.d/*.{gpg,asc}. Absolute paths inside the system: open them with `pathInSystem`.
 *
 * @throws DebproofError POLICY
 */
export function globalKeyringFiles(root: string): string[] {
  const files = ['/etc/apt/trusted.gpg', ...filesOf(root, '/etc/apt/trusted.gpg.d', ['gpg', 'asc'])]
  return files.filter((file) => statInSystem(root, file)?.isFile())
}

/** Makes the sources of an entry, with the checks that apt makes. */
function* multiply(entry: SourceEntry, system: () => SystemArchitectures): Generator<AptSource> {
  const { location, options } = entry
  const types = readTypes(entry)
  if (readBoolean(options.get('enabled')) === false) return
  const components = [...new Set(entry.components)]
  if (entry.uris.length === 0) refuse(location, 'has no URI')
  if (entry.suites.length === 0) refuse(location, 'has no suite')
  const architectures = readArchitectures(options, system)
  const signedBy = readSignedBy(options.get('signed-by'))
  const trusted = readBoolean(options.get('trusted'))
  const substitute = (text: string): string => {
    const result = text.replaceAll('$(ARCH)', () => system().native)
    if (result.includes('$('))
      refuse(location, `has a variable in "${text}" that apt does not know there: write it out`)
    return result
  }
  const uris = entry.uris.map((uri) => {
    if (!/^[a-z][a-z0-9.+-]*:./i.test(uri)) refuse(location, `has "${uri}" where a URI belongs`)
    return substitute(uri).replace(/\/?$/, '/')
  })
  const suites = entry.suites.map((suite) => {
    if (isPathSuite(suite)) {
      if (components.length > 0) refuse(location, `has components after the exact path "${suite}": remove them`)
      return substitute(suite)
    }
    if (components.length === 0) refuse(location, `has no component for the suite "${suite}"`)
    if (suite.includes('$(')) refuse(location, `has a variable in the suite "${suite}": write it out`)
    return suite
  })
  if (options.has('include') && options.has('exclude')) refuse(location, 'has both Include and Exclude: apt takes one')
  for (const type of types) {
    const narrowedBy = narrowingOption(options, type)
    for (const uri of uris) {
      for (const suite of suites) {
        yield {
          type,
          uri,
          suite,
          components,
          ...architectures,
          ...(signedBy && { signedBy }),
          ...(trusted !== undefined && { trusted }),
          ...(narrowedBy !== undefined && { narrowedBy }),
          location,
        }
      }
    }
  }
}

function readTypes({ types, location }: SourceEntry): AptSource['type'][] {
  if (types.length === 0) refuse(location, 'has no type')
  return types.map((type) =>
    type === 'deb' || type === 'deb-src' ? type : refuse(location, `has the type "${type}": apt knows deb and deb-src`),
  )
}

/** The words that apt's StringToBool knows. */
function readBoolean(field: Field | undefined): boolean | undefined {
  if (field === undefined || field.value === '') return undefined
  if (/^(?:yes|true|with|on|enable|1)$/i.test(field.value)) return true
  if (isNo(field.value)) return false
  return refuse(field.location, `has "${field.value}" where yes or no belongs`)
}

function readArchitectures(
  options: SourceEntry['options'],
  system: () => SystemArchitectures,
): Pick<AptSource, 'architectures' | 'withoutAll'> {
  const read = (name: string): Architecture[] | undefined => {
    const field = options.get(name)
    return (
      field &&
      wordsOf(field).map(
        (word) => parseArchitecture(word) ?? refuse(field.location, `has "${word}" where an architecture belongs`),
      )
    )
  }
  const set = read('architectures')
  const add = read('architectures-add')
  const remove = new Set(read('architectures-remove'))
  if (set === undefined && add === undefined && remove.size === 0) return {}
  const base = set ?? [system().native, ...system().foreign]
  const architectures = [...new Set([...base, ...(add ?? [])])].filter((architecture) => !remove.has(architecture))
  return { architectures, ...(remove.has(ARCH_ALL) ? { withoutAll: true } : {}) }
}

/** Paths and fingerprints, separated by blanks or commas, or one armored key with ` .` for its empty line. */
function readSignedBy(field: Field | undefined): SignedBy | undefined {
  if (field === undefined) return undefined
  const value = field.value.trim()
  if (value.startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
    if (!value.endsWith('\n-----END PGP PUBLIC KEY BLOCK-----')) {
      refuse(field.location, 'has a key that does not end with its "-----END PGP PUBLIC KEY BLOCK-----" line')
    }
    return { files: [], fingerprints: [], embedded: `${value.replaceAll(/^\.$/gm, '')}\n` }
  }
  const files: string[] = []
  const fingerprints: TrustedFingerprint[] = []
  for (const word of value.match(/[^\s,]+/g) ?? []) {
    const digits = /^([0-9A-F]+)!?$/i.exec(word)?.[1]
    const fingerprint = digits === undefined ? undefined : parseFingerprint(digits)
    if (word.startsWith('/')) files.push(word)
    else if (fingerprint !== undefined) fingerprints.push({ fingerprint, exact: word.endsWith('!') })
    else refuse(field.location, `has "${word}" in Signed-By: give absolute paths of keyrings or whole fingerprints`)
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
    const differ = (option: string): never =>
      refuse(
        source.location,
        `sets another ${option} for ${source.uri} ${source.suite} than ${first.location}: make them the same`,
      )
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

import { parseStanza, type Stanza } from '../archive/deb822.ts'
import { isDebproofError } from '../errors.ts'
import { firstEntryLine, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/**
 * dpkg's status file (`/var/lib/dpkg/status`): deb822 stanzas, of which those count whose files are on the disk: a
 * package that was unpacked and not configured is in the image all the same (dpkg(1), "Package states"). A removed
 * package keeps its stanza there.
 */
export const dpkgStatus: ListFormat = {
  name: 'dpkg-status',
  madeBy: "dpkg's own /var/lib/dpkg/status, taken from the image or the chroot",
  detect: (start) => /^Package: ?\S/i.test(firstEntryLine(start) ?? ''),
  read,
}

/** dpkg(1): what is wanted, whether it must be reinstalled, and how far it is. */
const STATUS =
  /^(?:unknown|install|hold|deinstall|purge) (?:ok|reinstreq) (not-installed|config-files|half-installed|unpacked|half-configured|triggers-awaited|triggers-pending|installed)$/

const WITHOUT_FILES: ReadonlySet<string> = new Set(['not-installed', 'config-files'])

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  for (const [stanza, line] of stanzas(text, file)) {
    const field = (name: string): string => {
      const value = stanza.get(name.toLowerCase())
      if (value === undefined) throw listError(file, line, `the stanza has no ${name}`)
      return value
    }
    const name = field('Package')
    if (!stanza.has('status')) {
      throw listError(file, line, `${quote(name)} has no Status: this is an archive's index or not dpkg's status file`)
    }
    const state = STATUS.exec(field('Status'))?.[1]
    if (state === undefined) {
      throw listError(file, line, `${quote(field('Status'))}, the Status of ${quote(name)}, is not one of dpkg's`)
    }
    if (WITHOUT_FILES.has(state)) continue
    // A file of its own (Ubuntu's amd64v3): the .deb of this version without a variant is another.
    const architecture = stanza.get('architecture-variant') ?? field('Architecture')
    const written = { name, version: field('Version'), architecture }
    packages.push(packageUse({ kind: 'binary', ...written }, file, line))
  }
  return { packages }
}

/** Each stanza with the number of its first line. Stanzas are separated by empty lines only (deb822(5)). */
function* stanzas(text: string, file: string): Generator<readonly [stanza: Stanza, line: number]> {
  let line = 1
  for (let start = 0; start < text.length; ) {
    if (text.startsWith('\n', start)) {
      start += 1
      line += 1
      continue
    }
    const blank = text.indexOf('\n\n', start)
    const end = blank === -1 ? text.length : blank
    yield [parseAt(text.slice(start, end), file, line), line]
    for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) line += 1
    start = end
  }
}

/** dpkg writes a blank, or the line's end, after each colon: `libc6:amd64=2.36-9` would be a field of another's list. */
const NO_FIELD_OF_DPKG = /^[^\s:]+:(?![ \n]|$).*/m

function parseAt(text: string, file: string, line: number): Stanza {
  const alien = NO_FIELD_OF_DPKG.exec(text)
  if (alien !== null) {
    const at = line + text.slice(0, alien.index).split('\n').length - 1
    throw listError(file, at, `${quote(alien[0])} is no field as dpkg writes it`)
  }
  try {
    return parseStanza(text)
  } catch (error) {
    if (!isDebproofError(error)) throw error
    throw listError(file, line, 'the stanza that starts here breaks the rules of deb822(5)', error)
  }
}

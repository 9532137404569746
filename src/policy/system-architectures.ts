import { join } from 'node:path'
import { type Architecture, parseArchitecture } from '../archive/identity.ts'
import { MAX_SOURCES_FILE, MAX_STATUS_FILE } from '../limits.ts'
import { refuse } from './deb822-sources.ts'
import { readSystemFile } from './system-files.ts'

export interface SystemArchitectures {
  readonly native: Architecture
  readonly foreign: readonly Architecture[]
}

const ARCH_FILE = '/var/lib/dpkg/arch'
const STATUS_FILE = '/var/lib/dpkg/status'

/**
 * dpkg's own architecture, and those added with `dpkg --add-architecture` (dpkg(1)): from /var/lib/dpkg/arch,
 * which has the native one first, or from the entry of dpkg in /var/lib/dpkg/status.
 *
 * @throws DebproofError POLICY when neither says
 */
export function systemArchitectures(root: string): SystemArchitectures {
  const listed = readListed(root)
  const [native, ...foreign] = listed.length > 0 ? listed : readOwn(root)
  if (native === undefined) {
    return refuse(
      join(root, '/var/lib/dpkg'),
      'does not say the architecture of the system: is this the root of a Debian system?',
    )
  }
  return { native, foreign: foreign.filter((architecture) => architecture !== native) }
}

function readListed(root: string): Architecture[] {
  const lines = readSystemFile(root, ARCH_FILE, MAX_SOURCES_FILE)?.split('\n') ?? []
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((name) => checked(name, join(root, ARCH_FILE)))
}

function readOwn(root: string): Architecture[] {
  const status = readSystemFile(root, STATUS_FILE, MAX_STATUS_FILE) ?? ''
  const start = `\n${status}`.indexOf('\nPackage: dpkg\n')
  const stanza = start === -1 ? '' : status.slice(start).split('\n\n', 1)[0]
  const name = /^Architecture: *(\S+)$/m.exec(stanza ?? '')?.[1]
  return name === undefined ? [] : [checked(name, join(root, STATUS_FILE))]
}

function checked(name: string, location: string): Architecture {
  return parseArchitecture(name) ?? refuse(location, `names no architecture: "${name}"`)
}

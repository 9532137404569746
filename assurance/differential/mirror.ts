import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sha256Of } from '../../src/archive/hash.ts'
import type { ReleaseEntry } from '../../src/archive/release.ts'
import { succeed } from './tools.ts'

/** An archive of Debian's. */
export type ArchiveName = 'debian' | 'debian-security'

export interface Suite {
  readonly archive: ArchiveName
  readonly name: string
}

const SUITES = [
  ...['sid', 'experimental'],
  ...['forky', 'trixie', 'bookworm', 'bullseye'].flatMap((codename) => [
    codename,
    ...['updates', 'backports', 'backports-sloppy', 'proposed-updates'].map((part) => `${codename}-${part}`),
  ]),
  ...['testing', 'stable', 'oldstable', 'oldoldstable'],
]
const SECURITY_SUITES = ['forky', 'trixie', 'bookworm', 'bullseye', 'testing', 'stable', 'oldstable', 'oldoldstable']

/** Every suite that a mirror of Debian may have; names that move stand for the same suites, with other wording. */
export const ALL_SUITES: readonly Suite[] = [
  ...SUITES.map((name) => ({ archive: 'debian', name }) as const),
  ...SECURITY_SUITES.map((name) => ({ archive: 'debian-security', name: `${name}-security` }) as const),
]

/**
 * The mirror of this machine's apt sources, as far as it was asked for: what was downloaded is kept in the scratch
 * folder, laid out as an archive, and a second run needs no network.
 */
export class Mirror {
  /** Holds `debian/` and `debian-security/`. */
  readonly folder: string
  #bases: Promise<Readonly<Record<ArchiveName, string | undefined>>> | undefined
  downloaded = 0

  constructor(scratch: string) {
    this.folder = path.join(scratch, 'mirror')
  }

  /** A file below `dists/SUITE/`; undefined where the mirror has none. */
  async file({ archive, name }: Suite, file: string): Promise<Buffer | undefined> {
    const kept = this.#kept({ archive, name }, file)
    if (existsSync(kept)) return readFileSync(kept)
    if (existsSync(`${kept}.absent`)) return undefined
    this.#bases ??= findBases()
    const base = (await this.#bases)[archive]
    if (base === undefined) throw new Error(`The apt sources of this machine name no archive for ${name}.`)
    const bytes = await fetchIfThere(`${base}dists/${name}/${file}`)
    mkdirSync(path.dirname(kept), { recursive: true })
    if (bytes === undefined) {
      writeFileSync(`${kept}.absent`, '')
      return undefined
    }
    this.downloaded += bytes.length
    writeFileSync(`${kept}.part`, bytes)
    renameSync(`${kept}.part`, kept)
    return bytes
  }

  /**
   * A file that a release file lists, as a path on this disk: by hash where the named one is of another state. Undefined
   * where the mirror serves no file with the signed hash.
   */
  async listed(suite: Suite, entry: ReleaseEntry): Promise<string | undefined> {
    const byHash = path.posix.join(path.posix.dirname(entry.path), 'by-hash/SHA256', entry.sha256)
    for (const file of [byHash, entry.path]) {
      const bytes = await this.file(suite, file)
      if (bytes !== undefined && sha256Of(bytes) === entry.sha256) return this.#kept(suite, file)
    }
    return undefined
  }

  #kept({ archive, name }: Suite, file: string): string {
    return path.join(this.folder, archive, 'dists', name, file)
  }
}

async function findBases(): Promise<Readonly<Record<ArchiveName, string | undefined>>> {
  const printed = await succeed(['apt-get'], ['indextargets', '--format', '$(ORIGIN) $(RELEASE) $(REPO_URI)'])
  const targets = printed.split('\n').map((line) => line.split(' '))
  const baseOf = (pattern: RegExp): string | undefined =>
    targets.find(([origin, suite = '']) => origin === 'Debian' && pattern.test(suite))?.[2]
  return {
    debian: baseOf(/^(?:[a-z]+|[a-z]+-(?:updates|backports))$/),
    'debian-security': baseOf(/^[a-z]+-security$/),
  }
}

async function fetchIfThere(url: string): Promise<Buffer | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(300_000) })
      if (response.status === 404) return undefined
      if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
      return Buffer.from(await response.arrayBuffer())
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

import path from 'node:path'
import { Keyring, readCertificates } from '../archive/keyring.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_KEYRING } from '../limits.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import { type AptSource, globalKeyringFiles, readAptSources } from './apt-sources.ts'
import { ArchiveNames } from './archive-names.ts'
import { type ArchiveWithoutOwnKeys, withOwnKeys } from './own-keys.ts'
import type { ClockSource, Policy } from './policy.ts'
import { systemArchitectures } from './system-architectures.ts'
import { pathInSystem } from './system-files.ts'
import { recordOfArchive, SYSTEM_RULES, systemHash } from './system-record.ts'

export interface SystemPolicyOptions {
  /** The system's root folder: `/`, or that of a chroot. */
  readonly root: string
  /** Read what apt kept in /var/lib/apt/lists instead of asking the servers. */
  readonly fromLists: boolean
  readonly warn: (message: string) => void
  /** The clock. */
  readonly at: Date
  /** Where the clock comes from: it was given, unless this says otherwise. */
  readonly clock?: ClockSource
}

/** Where dpkg keeps what is installed, and apt what it fetched. */
export function statusFile(root: string): string {
  return path.join(root, 'var/lib/dpkg/status')
}

/**
 * Makes a policy of a system's own apt sources: every package must be what one of them signed. Each source is its
 * own upstream.
 *
 * @throws DebproofError POLICY, also where the system has no source
 */
export async function systemPolicy({
  root,
  fromLists,
  warn,
  at,
  clock = { from: 'option' },
}: SystemPolicyOptions): Promise<Policy> {
  const sources = usableSources(root, warn)
  const { native, foreign } = systemArchitectures(root)
  const names = new ArchiveNames()
  const found: ArchiveWithoutOwnKeys[] = []
  for (const group of groupSources(sources)) {
    const [first] = group
    if (first === undefined) continue
    const area: ArchiveArea = {
      base: new URL(first.uri),
      suites: [...new Set(group.map(({ suite }) => suite))],
      components: first.components,
      architectures: first.architectures ?? [native, ...foreign],
    }
    const upstream = { kind: 'live' as const, area, keyring: await keyringOf(first, root, warn) }
    found.push({
      name: names.of(area.base),
      require: 'identical',
      served: upstream,
      servedByUpstream: true,
      unprovenFiles: 'report',
      upstreams: [upstream],
      ...(fromLists ? { aptLists: path.join(root, 'var/lib/apt/lists') } : {}),
    })
  }
  const archives = await withOwnKeys(found)
  return { sha256: systemHash(archives.map(recordOfArchive)), at, clock, archives, ...SYSTEM_RULES }
}

/** Binary sources that can be asked. What cannot is named, and its packages will be in no archive. */
function usableSources(root: string, warn: (message: string) => void): AptSource[] {
  const all = readAptSources(root).filter(({ type }) => type === 'deb')
  const usable = all.filter((source) => whyLeftOut(source) === undefined)
  for (const source of all) {
    const why = whyLeftOut(source)
    if (why !== undefined) warn(`${source.location}: this source is left out: ${why}.`)
  }
  if (usable.length === 0) {
    throw new DebproofError(
      'POLICY',
      `The system at ${root} has no apt source to verify against; write a policy instead (debproof init).`,
    )
  }
  return usable
}

/** Why nothing is read of a source; undefined where it is. */
export function whyLeftOut(source: AptSource): string | undefined {
  if (!isReadable(source)) return 'only http, https and file URLs without a login are read'
  if (source.withoutAll === true) return 'it takes the architecture all away, which is read with every other here'
  if (source.narrowedBy !== undefined) {
    return `with ${source.narrowedBy} apt takes less of it, or reads it elsewhere, and it would be read whole here`
  }
  // sources.list(5): what it has is never authenticated for apt, whoever signed it.
  return source.trusted === false ? 'it says trusted=no, so apt believes nothing of it' : undefined
}

/** Whether a source's archive can be asked: a login would stand in the report and in the log. */
function isReadable({ uri }: AptSource): boolean {
  if (!/^(?:https?|file):/.test(uri) || !URL.canParse(uri)) return false
  const { username, password } = new URL(uri)
  return username === '' && password === ''
}

/** Sources that differ in their suite only are one archive. */
export function groupSources(sources: readonly AptSource[]): AptSource[][] {
  const groups = new Map<string, AptSource[]>()
  for (const source of sources) {
    const key = JSON.stringify([
      source.uri,
      source.components,
      source.architectures ?? [],
      source.signedBy ?? {},
      source.trusted === false,
      source.narrowedBy ?? '',
    ])
    groups.set(key, [...(groups.get(key) ?? []), source])
  }
  return [...groups.values()]
}

/**
 * The keys that apt would take. A keyring that is missing or broken leaves the source without keys, as apt leaves
 * it: nothing of it can be proven, and the reasons say so.
 */
export async function keyringOf(source: AptSource, root: string, warn: (message: string) => void): Promise<Keyring> {
  const { signedBy } = source
  const certificates = []
  const own = signedBy?.files ?? []
  const files = own.length > 0 || signedBy?.embedded !== undefined ? own : globalKeyringFiles(root)
  for (const file of files) {
    try {
      const bytes = await readFileUpTo(pathInSystem(root, file), MAX_KEYRING)
      if (bytes === undefined) throw new DebproofError('KEY', `${file} is larger than ${MAX_KEYRING} bytes.`)
      certificates.push(...(await readCertificates(bytes, file)))
    } catch (error) {
      if (error instanceof Error && !isDebproofError(error, 'KEY') && !('code' in error)) throw error
      warn(`${source.location}: the keyring ${file} cannot be read and is left out.`)
    }
  }
  if (signedBy?.embedded !== undefined) {
    certificates.push(...(await readCertificates(Buffer.from(signedBy.embedded), `in ${source.location}`)))
  }
  return new Keyring(certificates, signedBy?.fingerprints ?? [])
}

import { chownSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sha256Of } from '../../src/archive/hash.ts'
import type { Sha256 } from '../../src/archive/identity.ts'
import { readStanzas, runApt } from './apt-command.ts'
import { configOptions, type UpdateRequest } from './request.ts'

/** An index that apt would read of its sources. */
export interface AptTarget {
  readonly kind: 'Packages' | 'Sources'
  /** The URL of the release file's folder. */
  readonly directory: string
  /** As sources.list names it. */
  readonly suite: string
  /** Its path in the release file. */
  readonly index: string
}

/** What apt made of one update into an empty folder. */
export interface AptVerdict {
  readonly targets: readonly AptTarget[]
  /** The release files that apt keeps and believes, by folder: the SHA-256 of the file as it was served. */
  readonly releases: ReadonlyMap<string, Sha256>
  /** The indexes that apt keeps and believes: URLs. */
  readonly indexes: ReadonlySet<string>
  /** How the names of a release's files in `lists/` begin, by folder. */
  readonly prefixes: ReadonlyMap<string, string>
  /** The first error or warning. */
  readonly said: string
}

/**
 * Repeats an update into a folder of its own: without earlier data to fall back to, what is in `lists/` afterwards is
 * what apt accepted, and nothing else. It must also be `Trusted: yes`: apt keeps unsigned data where that was allowed.
 */
export async function coldUpdate(
  request: UpdateRequest,
  folder: string,
  extra: readonly string[],
): Promise<AptVerdict> {
  const lists = path.join(folder, 'lists')
  mkdirSync(path.join(lists, 'partial'), { recursive: true })
  giveToApt(path.join(lists, 'partial'))
  const own = [
    ...extra,
    '-o',
    `Dir::State::Lists=${lists}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
    '-o',
    'pkgCacheFile::Generate=true',
  ]
  const get = request.command.replace(/[^/]*$/, 'apt-get')
  const options = [...configOptions(request.args), ...own]
  // Without what the test adds beside options, such as --no-download: what the sources offer is asked.
  const { stdout, stderr } = await runApt(request, get, ['update', ...options])
  const all = await runApt(request, get, ['indextargets', ...options, '--no-release-info'])
  const kept = await runApt(request, get, ['indextargets', ...options])
  const believed = new Map(readStanzas(kept.stdout).map((fields) => [fields.get('uri') ?? '', fields.get('trusted')]))
  const stanzas = readStanzas(all.stdout).filter((fields) =>
    /^(?:Packages|Sources)$/.test(fields.get('identifier') ?? ''),
  )
  const targets: AptTarget[] = []
  const releases = new Map<string, Sha256>()
  const prefixes = new Map<string, string>()
  const indexes = new Set<string>()
  for (const fields of stanzas) {
    const directory = normalUrl(fields.get('base-uri') ?? '')
    const index = fields.get('metakey') ?? ''
    const kind = fields.get('identifier') === 'Sources' ? 'Sources' : 'Packages'
    targets.push({ kind, directory, suite: fields.get('release') ?? '', index })
    const trust = believed.get(fields.get('uri') ?? '')
    const file = fields.get('filename') ?? ''
    const prefix = listsPrefix(file, index)
    const release = prefix === undefined ? undefined : releaseBehind(prefix)
    // Where a test forces one compression, apt-get indextargets does not see a list that apt keeps in another.
    const isKept = trust === undefined && release !== undefined && globSync(`${file}{,.*}`).length > 0
    if (trust === 'yes' || isKept) indexes.add(directory + index)
    if (prefix === undefined) continue
    prefixes.set(directory, path.basename(prefix))
    if (release !== undefined && trust !== 'no') releases.set(directory, release)
  }
  const said = /^(?:E|W|Err).*$/m.exec(`${stderr}\n${stdout}`)?.[0] ?? ''
  return { targets, releases, indexes, prefixes, said: said.slice(0, 400) }
}

/** The release files that the test's own `lists/` have after its own update, which may be older ones. */
export function warmReleases(lists: string, prefixes: ReadonlyMap<string, string>): ReadonlyMap<string, Sha256> {
  return new Map(
    [...prefixes].flatMap(([directory, prefix]): [string, Sha256][] => {
      const release = releaseBehind(path.join(lists, prefix))
      return release === undefined ? [] : [[directory, release]]
    }),
  )
}

/** A URL as both sides write it. */
export function normalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text).href : text
  return url.replaceAll(/(?<!:)\/(?:\.?\/)+/g, '/').replace(/^file:\/*/, 'file:///')
}

function listsPrefix(file: string, index: string): string | undefined {
  const flat = index.replaceAll('/', '_')
  return file.endsWith(flat) ? file.slice(0, -flat.length) : undefined
}

/** Only what is signed: apt keeps a Release without Release.gpg where unsigned archives were allowed. */
function releaseBehind(prefix: string): Sha256 | undefined {
  if (existsSync(`${prefix}InRelease`)) return sha256Of(readFileSync(`${prefix}InRelease`))
  return existsSync(`${prefix}Release.gpg`) && existsSync(`${prefix}Release`)
    ? sha256Of(readFileSync(`${prefix}Release`))
    : undefined
}

function giveToApt(folder: string): void {
  const entry = /^_apt:[^:]*:(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[1]
  if (process.getuid?.() === 0 && entry !== undefined) chownSync(folder, Number(entry), 0)
}

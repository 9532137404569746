import path from 'node:path'
import { type Architecture, parseArchitecture } from '../archive/identity.ts'
import { NamePatterns } from '../archive/name-patterns.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'
import { DebproofError } from '../errors.ts'
import { DEFAULT_WINDOW } from '../limits.ts'
import { defined } from './defined.ts'
import type { ServedArchive, Upstream } from './policy.ts'
import type { PolicyFiles } from './policy-files.ts'
import type { RawArchive, RawUpstream } from './policy-schema.ts'
import { folderUrl } from './policy-url.ts'
import { parseReferenceTime, type ReferenceTime } from './reference-time.ts'
import type { TrustAnchors } from './trust.ts'
import { originsIn, substitute, type Variables } from './variables.ts'

/** What names in a policy are resolved with. */
export interface Resolving {
  readonly folder: string
  readonly variables: Variables
  readonly anchors: TrustAnchors
  readonly files: PolicyFiles
  /** Those of the build: of the first archive that names any. */
  readonly architectures: readonly string[]
  /** The clock. */
  readonly at: Date
}

/** What is read of an archive. */
type RawArea = Pick<RawUpstream, 'suites' | 'release-name' | 'components' | 'architectures'>

/** What is read by URL. */
type RawServed = RawArea &
  Pick<RawUpstream, 'signed-by' | 'max-age'> & {
    readonly url: string
  }

export async function resolveServed(raw: RawServed, where: string, resolving: Resolving): Promise<ServedArchive> {
  const { variables, anchors, folder } = resolving
  const fill = (text: string): string => substitute(text, variables, where)
  const maxAge = raw['max-age']
  return {
    area: { base: folderUrl(fill(raw.url), `${where}.url`, folder), ...resolveArea(raw, where, resolving, fill) },
    keyring: await anchors.keyring([raw['signed-by']].flat().map(fill), where),
    ...(maxAge === undefined ? {} : { maxAge: parseSpan(maxAge) }),
  }
}

/**
 * An upstream inherits suites, components and architectures from its archive, and not what the archive's own release file
 * says of itself.
 */
export async function resolveUpstream(
  archive: RawArchive,
  entry: RawUpstream,
  where: string,
  resolving: Resolving,
): Promise<Upstream> {
  const { suites, components, architectures } = archive
  const raw = { ...defined({ suites, components, architectures }), ...defined(entry) }
  const kind = kindOf(raw, where)
  if (kind === 'url' && raw.url !== undefined) {
    return { kind: 'live', ...(await resolveServed({ ...raw, url: raw.url }, where, resolving)), ...namesOf(archive) }
  }
  return { ...(await resolvePast(raw, where, resolving)), ...namesOf(archive) }
}

/** The packages that an archive may deliver are also those that its upstreams vouch for. */
export function namesOf({ names }: Pick<RawArchive, 'names'>): { names?: NamePatterns } {
  return names === undefined ? {} : { names: new NamePatterns(names) }
}

/** Which keys belong to which kind of upstream, beside those that all have. */
const KEYS_OF_KIND = {
  url: ['max-age'],
  snapshots: ['archive', 'at', 'window'],
  store: ['at', 'window', 'memory'],
} as const

function kindOf(raw: RawUpstream, where: string): keyof typeof KEYS_OF_KIND {
  const kinds = (['url', 'snapshots', 'store'] as const).filter((key) => raw[key] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    throw new DebproofError('POLICY', `${where} must have one of url, snapshots and store, and only one.`)
  }
  const own: readonly string[] = KEYS_OF_KIND[kind]
  for (const key of ['archive', 'at', 'window', 'memory', 'max-age'] as const) {
    if (raw[key] !== undefined && !own.includes(key)) {
      throw new DebproofError('POLICY', `${where}.${key} does not belong to an upstream with ${kind}; leave it out.`)
    }
  }
  return kind
}

async function resolvePast(raw: RawUpstream, where: string, resolving: Resolving): Promise<Upstream> {
  const { variables, anchors, folder } = resolving
  const fill = (text: string): string => substitute(text, variables, where)
  const origins = raw.at === undefined ? [] : originsIn(raw.at)
  const past = {
    area: resolveArea(raw, where, resolving, fill),
    keyring: await anchors.keyring([raw['signed-by']].flat().map(fill), where),
    at: raw.at === undefined ? resolving.at : referenceTime(raw.at, variables, `${where}.at`).instant,
    ...(origins.length === 0 ? {} : { atOrigins: origins }),
    window: raw.window === undefined ? DEFAULT_WINDOW : parseSpan(raw.window),
  }
  if (raw.store !== undefined) {
    return { kind: 'store', folder: path.resolve(folder, fill(raw.store)), memory: raw.memory ?? true, ...past }
  }
  if (raw.archive === undefined) {
    throw new DebproofError(
      'POLICY',
      `${where}.archive is missing: what the snapshot service calls it, such as debian.`,
    )
  }
  const services = [raw.snapshots ?? []].flat().map((url) => folderUrl(fill(url), `${where}.snapshots`, folder))
  return { kind: 'snapshots', services, archive: raw.archive, ...past }
}

/** @throws DebproofError POLICY */
export function referenceTime(text: string, variables: Variables, where: string): ReferenceTime {
  const filled = substitute(text, variables, where)
  const time = parseReferenceTime(filled)
  if (time !== undefined) return time
  throw new DebproofError(
    'POLICY',
    `${where}: ${JSON.stringify(filled)} is no point in time: write a date (2021-03-31), a serial (2021033101), or a ` +
      'timestamp (20210331T150000Z).',
  )
}

/** Milliseconds of `14d` or `36h`. */
function parseSpan(text: string): number {
  const hours = Number.parseInt(text, 10) * (text.endsWith('d') ? 24 : 1)
  return hours * 3_600_000
}

function resolveArea(
  raw: RawArea,
  where: string,
  resolving: Resolving,
  fill: (text: string) => string,
): Omit<ArchiveArea, 'base'> {
  const suites = (raw.suites ?? []).map(fill)
  for (const suite of suites) {
    if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split('/').includes('..')) {
      throw new DebproofError('POLICY', `${where}.suites: ${JSON.stringify(suite)} is no suite.`)
    }
  }
  const components = (raw.components ?? ['main']).map(fill)
  const named = raw.architectures ?? resolving.architectures
  const architectures = named.map((text) => checkedArchitecture(fill(text), where))
  if (architectures.length === 0) {
    throw new DebproofError(
      'POLICY',
      `${where.replace(/\.upstream\.\d+$/, '')}.architectures is missing: name the build's own first.`,
    )
  }
  return { suites, ...releaseNameOf(raw, suites, where, fill), components, architectures }
}

/** One name for several suites would let a server show one of them in the place of another. */
function releaseNameOf(
  { 'release-name': written }: RawArea,
  suites: readonly string[],
  where: string,
  fill: (text: string) => string,
): Pick<ArchiveArea, 'releaseName'> {
  if (written === undefined) return {}
  if (suites.length === 1) return { releaseName: fill(written) }
  const each = /\.upstream\.\d+$/.test(where) ? 'an upstream' : 'an archive'
  throw new DebproofError(
    'POLICY',
    `${where}.release-name is what the release file of one suite says, and there are ${suites.length}: write ${each} ` +
      'for each suite, for under one name one of them could be served in the place of another.',
  )
}

function checkedArchitecture(text: string, where: string): Architecture {
  const architecture = parseArchitecture(text)
  if (architecture === undefined || text === 'x86-64' || text === 'aarch64') {
    throw new DebproofError('POLICY', `${where}.architectures: ${text} is no Debian architecture, such as amd64.`)
  }
  return architecture
}

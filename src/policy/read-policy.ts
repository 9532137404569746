import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { type Architecture, parseArchitecture, parseVersion } from '../archive/identity.ts'
import type { ArchiveArea } from '../archive/suite-layout.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { parsePolicy } from './parse-policy.ts'
import type { ArchivePolicy, ListSource, Policy, PolicyException, Upstream } from './policy.ts'
import type { RawArchive, RawPolicy, RawUpstream } from './policy-schema.ts'
import { folderUrl } from './policy-url.ts'
import { resolveRebuilders } from './resolve-rebuilders.ts'
import { TrustAnchors } from './trust.ts'
import { substitute, type Variables } from './variables.ts'

/** Where values come from that only the run knows. */
export interface PolicyContext {
  readonly release?: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A policy file that was parsed; its names are resolved when the package lists were read. */
export interface PolicyFile {
  /** The package lists that it names, with paths or globs relative to `folder`. */
  readonly lists: readonly ListSource[]
  readonly folder: string
  /**
   * @param references the snapshots that the package lists name
   * @throws DebproofError POLICY, KEY
   */
  resolve(references: Readonly<Record<string, string>>): Promise<Policy>
}

/** @throws DebproofError POLICY */
export async function readPolicy(file: string, context: PolicyContext): Promise<PolicyFile> {
  const text = await readPolicyText(file)
  const raw = parsePolicy(text, file)
  const environment = Object.fromEntries((raw.env ?? []).map((name) => [name, context.environment[name]]))
  const variables = { ...(context.release === undefined ? {} : { release: context.release }), environment }
  const folder = path.dirname(path.resolve(file))
  return {
    lists: (raw.packages ?? []).map((list, index) => ({
      ...list,
      path: substitute(list.path, { ...variables, references: {} }, `${file}: packages.${index}.path`),
    })),
    folder,
    resolve: (references) =>
      resolvePolicy(raw, file, { folder, sha256: sha256Of(text), variables: { ...variables, references } }),
  }
}

async function readPolicyText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') {
      throw new DebproofError('POLICY', `The policy ${file} cannot be read`, { cause: error })
    }
    throw new DebproofError(
      'POLICY',
      `There is no policy ${file}. Write one with \`debproof init\`, name another with --policy, or use --system.`,
    )
  }
}

/** What names in a policy are resolved with. */
export interface Resolving {
  readonly folder: string
  readonly variables: Variables
  readonly anchors: TrustAnchors
  /** Those of the build: of the first archive that names any. */
  readonly architectures: readonly string[]
}

async function resolvePolicy(
  raw: RawPolicy,
  file: string,
  { folder, sha256, variables }: { folder: string; sha256: ReturnType<typeof sha256Of>; variables: Variables },
): Promise<Policy> {
  const architectures = Object.values(raw.archives).find((archive) => archive.architectures)?.architectures ?? []
  const resolving = { folder, variables, anchors: new TrustAnchors(folder), architectures }
  const archives: ArchivePolicy[] = []
  for (const [name, archive] of Object.entries(raw.archives)) {
    archives.push(await resolveArchive(name, archive, `${file}: archives.${name}`, resolving))
  }
  refuseContradictions(archives, file)
  return { sha256, archives, exceptions: resolveExceptions(raw, archives, file) }
}

async function resolveArchive(
  name: string,
  raw: RawArchive,
  where: string,
  resolving: Resolving,
): Promise<ArchivePolicy> {
  if (name === 'none') throw new DebproofError('POLICY', `${where}: \`none\` means no archive; choose another name.`)
  const upstreams: Upstream[] = []
  for (const [index, entry] of (raw.upstream ?? []).entries()) {
    upstreams.push(await resolveUpstream({ ...raw, ...defined(entry) }, `${where}.upstream.${index}`, resolving))
  }
  if (raw.require === 'identical' && upstreams.length === 0) {
    throw new DebproofError('POLICY', `${where}: \`require: identical\` needs an upstream to be identical to.`)
  }
  if (raw.require === 'reproduced' && raw.url === undefined) {
    throw new DebproofError('POLICY', `${where}.url is missing: what is reproduced is what the project itself serves.`)
  }
  const [first] = upstreams
  let served: Upstream
  if (raw.url === undefined) {
    if (first === undefined) throw new DebproofError('POLICY', `${where}.url is missing.`)
    if (raw['signed-by'] !== undefined) {
      throw new DebproofError('POLICY', `${where}: signed-by belongs to url, which is missing; put it under upstream.`)
    }
    served = first
  } else {
    const signedBy = raw['signed-by']
    if (signedBy === undefined) throw new DebproofError('POLICY', `${where}.signed-by is missing.`)
    served = await resolveUpstream({ ...raw, url: raw.url, 'signed-by': signedBy }, where, resolving)
  }
  if (raw.rebuilders !== undefined && raw.require !== 'reproduced') {
    throw new DebproofError('POLICY', `${where}.rebuilders is for \`require: reproduced\`; leave it out.`)
  }
  const lists = raw['apt-lists']
  return {
    name,
    require: raw.require,
    served,
    servedByUpstream: raw.url === undefined,
    upstreams,
    ...(raw.rebuilders === undefined
      ? {}
      : { rebuilders: await resolveRebuilders(raw.rebuilders, `${where}.rebuilders`, resolving) }),
    ...(lists === undefined
      ? {}
      : {
          aptLists: path.resolve(resolving.folder, substitute(lists, resolving.variables, `${where}.apt-lists`)),
        }),
  }
}

/** An upstream inherits suites, components and architectures from its archive. */
async function resolveUpstream(raw: RawUpstream, where: string, resolving: Resolving): Promise<Upstream> {
  const { variables, anchors } = resolving
  const fill = (text: string): string => substitute(text, variables, where)
  const signedBy = [raw['signed-by']].flat().map(fill)
  return { area: resolveArea(raw, where, resolving, fill), keyring: await anchors.keyring(signedBy, where) }
}

function resolveArea(
  raw: RawUpstream,
  where: string,
  resolving: Resolving,
  fill: (text: string) => string,
): ArchiveArea {
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
    throw new DebproofError('POLICY', `${where}.architectures is missing: the build's own comes first.`)
  }
  return { base: folderUrl(fill(raw.url), `${where}.url`, resolving.folder), suites, components, architectures }
}

function checkedArchitecture(text: string, where: string): Architecture {
  const architecture = parseArchitecture(text)
  if (architecture === undefined || text === 'x86-64' || text === 'aarch64') {
    throw new DebproofError('POLICY', `${where}.architectures: ${text} is no Debian architecture, such as amd64.`)
  }
  return architecture
}

/** apt refuses two sources of one archive with different Signed-By (sources.list(5)). */
function refuseContradictions(archives: readonly ArchivePolicy[], file: string): void {
  const seen = new Map<string, { name: string; keys: string }>()
  for (const { name, served, servedByUpstream } of archives) {
    if (servedByUpstream) continue
    const keys = [
      ...served.keyring.certificates.map((certificate) => certificate.getFingerprint()),
      ...served.keyring.only.map(({ fingerprint, exact }) => `${fingerprint}${exact ? '!' : ''}`),
    ].sort()
    for (const suite of served.area.suites) {
      const source = `${served.area.base.href} ${suite}`
      const other = seen.get(source)
      if (other !== undefined && other.keys !== keys.join()) {
        throw new DebproofError(
          'POLICY',
          `${file}: the archives ${other.name} and ${name} read the same suite (${source}) with different signed-by.`,
        )
      }
      seen.set(source, { name, keys: keys.join() })
    }
  }
}

function resolveExceptions(raw: RawPolicy, archives: readonly ArchivePolicy[], file: string): PolicyException[] {
  return (raw.exceptions ?? []).map((exception, index) => {
    const { archive } = exception
    if (archive !== undefined && archive !== 'none' && !archives.some(({ name }) => name === archive)) {
      throw new DebproofError('POLICY', `${file}: exceptions.${index}.archive: there is no archive ${archive}.`)
    }
    const { version: written, ...matcher } = defined(exception)
    if (written === undefined) return matcher
    const version = parseVersion(written)
    if (version !== undefined) return { ...matcher, version }
    throw new DebproofError('POLICY', `${file}: exceptions.${index}.version: ${JSON.stringify(written)} is no version.`)
  })
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

/** Without the keys that are there but undefined, so that they do not hide inherited ones. */
function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>
}

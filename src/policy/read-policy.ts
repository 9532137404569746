import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { parseSha256, parseVersion } from '../archive/identity.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { defined } from './defined.ts'
import { keysUnderTest } from './keys-under-test.ts'
import { type ArchiveWithoutOwnKeys, withOwnKeys } from './own-keys.ts'
import { parsePolicy } from './parse-policy.ts'
import type {
  ArchivePolicy,
  ClockSource,
  ListSource,
  OtherArchives,
  Policy,
  PolicyException,
  ServedArchive,
  Upstream,
} from './policy.ts'
import type { PolicyFiles } from './policy-files.ts'
import type { RawArchive, RawPolicy } from './policy-schema.ts'
import { clockOf } from './reference-time.ts'
import { resolveRebuilders } from './resolve-rebuilders.ts'
import { namesOf, type Resolving, referenceTime, resolveServed, resolveUpstream } from './resolve-upstream.ts'
import { TrustAnchors } from './trust.ts'
import { HARMLESS, originsIn, substitute, type Variables } from './variables.ts'

/** Where values come from that only the run knows. */
export interface PolicyContext {
  readonly release?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The clock, where the user gave one; it outweighs the policy's own. */
  readonly at?: Date
  /** The clock where nobody gives one. */
  readonly now: Date
  readonly files: PolicyFiles
  /** What relative names are relative to, where that is not the policy's own folder. */
  readonly folder?: string
}

/** A policy file that was parsed; its names are resolved when the package lists were read. */
export interface PolicyFile {
  /** The package lists that it names, with paths or globs relative to `folder`. */
  readonly lists: readonly ListSource[]
  readonly folder: string
  /** What the environment variables are that the policy names, of those that are set. */
  readonly environment: Readonly<Record<string, string>>
  /**
   * @param references the snapshots that the package lists name
   * @throws DebproofError POLICY, KEY
   */
  resolve(references: Readonly<Record<string, string>>): Promise<Policy>
}

/** @throws DebproofError POLICY */
export async function readPolicy(file: string, context: PolicyContext): Promise<PolicyFile> {
  const text = await readPolicyText(file, context.files)
  const raw = parsePolicy(text, file)
  const environment = Object.fromEntries((raw.env ?? []).map((name) => [name, context.environment[name]]))
  const variables = { ...(context.release === undefined ? {} : { release: context.release }), environment }
  const folder = context.folder ?? path.dirname(path.resolve(file))
  return {
    lists: (raw.packages ?? []).map((list, index) => ({
      ...list,
      path: substitute(list.path, { ...variables, references: {} }, `${file}: packages.${index}.path`),
    })),
    folder,
    environment: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) =>
        // Of what is named and not used, nothing is kept; and what may not be used is refused by whoever substitutes it.
        value === undefined || !HARMLESS.test(value) || !text.includes(`\${${name}}`) ? [] : [[name, value]],
      ),
    ),
    resolve: (references) =>
      resolvePolicy(raw, file, { ...context, folder, sha256: sha256Of(text), variables: { ...variables, references } }),
  }
}

async function readPolicyText(file: string, files: PolicyFiles): Promise<string> {
  try {
    return Buffer.from(await files.read(file)).toString('utf8')
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

async function resolvePolicy(
  raw: RawPolicy,
  file: string,
  context: PolicyContext & {
    readonly folder: string
    readonly sha256: ReturnType<typeof sha256Of>
    readonly variables: Variables
  },
): Promise<Policy> {
  const { folder, sha256, variables, files } = context
  const architectures = Object.values(raw.archives).find((archive) => archive.architectures)?.architectures ?? []
  const own = raw.at === undefined ? undefined : clockOf(referenceTime(raw.at, variables, `${file}: at`))
  const at = context.at ?? own ?? context.now
  const clock = context.at === undefined ? clockSource(raw) : { from: 'option' as const }
  const resolving = { folder, variables, files, anchors: new TrustAnchors(folder, files), architectures, at }
  const resolved: { readonly archive: ArchiveWithoutOwnKeys; readonly raw: RawArchive; readonly where: string }[] = []
  for (const [name, written] of Object.entries(raw.archives)) {
    const where = `${file}: archives.${name}`
    resolved.push({ archive: await resolveArchive(name, written, where, resolving), raw: written, where })
  }
  const whole: ArchiveWithoutOwnKeys[] = []
  for (const {
    archive,
    raw: { rebuilders },
    where,
  } of resolved) {
    if (rebuilders === undefined) whole.push(archive)
    else {
      // Only when all archives are known is known who signs for the project.
      const underTest = keysUnderTest(
        archive,
        resolved.map((each) => each.archive),
      )
      const parties = await resolveRebuilders(rebuilders, `${where}.rebuilders`, resolving, underTest)
      whole.push({ ...archive, rebuilders: parties })
    }
  }
  const archives = await withOwnKeys(whole)
  refuseContradictions(archives, file)
  const exceptions = resolveExceptions(raw, archives, file)
  return {
    sha256,
    at,
    clock,
    ...(own === undefined ? {} : { statedAt: own }),
    archives,
    exceptions,
    hashesRequired: raw.hashes === 'required',
    otherArchives: otherArchives(raw['other-archives']),
  }
}

function otherArchives(raw: RawPolicy['other-archives'] = 'fail'): OtherArchives {
  if (typeof raw === 'string') return { action: raw }
  return { action: 'ignore', reason: raw.ignore }
}

/** Where the clock comes from, unless one is given. */
function clockSource({ at }: RawPolicy): ClockSource {
  if (at === undefined) return { from: 'now' }
  const origins = originsIn(at)
  return origins.length === 0 ? { from: 'policy' } : { from: 'list', origins }
}

/** All but who must have rebuilt its packages. */
async function resolveArchive(
  name: string,
  raw: RawArchive,
  where: string,
  resolving: Resolving,
): Promise<ArchiveWithoutOwnKeys> {
  if (name === 'none') throw new DebproofError('POLICY', `${where}: \`none\` means no archive; choose another name.`)
  const upstreams: Upstream[] = []
  for (const [index, entry] of (raw.upstream ?? []).entries()) {
    upstreams.push(await resolveUpstream(raw, entry, `${where}.upstream.${index}`, resolving))
  }
  if (raw.require === 'identical' && upstreams.length === 0) {
    throw new DebproofError('POLICY', `${where}: \`require: identical\` needs an upstream to be identical to.`)
  }
  if (raw.require === 'reproduced' && raw.url === undefined) {
    throw new DebproofError('POLICY', `${where}.url is missing: what is reproduced is what the project itself serves.`)
  }
  const [first] = upstreams
  let served: ServedArchive
  if (raw.url === undefined) {
    if (first === undefined) throw new DebproofError('POLICY', `${where}.url is missing.`)
    if (raw['signed-by'] !== undefined) {
      throw new DebproofError('POLICY', `${where}: signed-by belongs to url, which is missing; put it under upstream.`)
    }
    for (const key of ['max-age', 'release-name'] as const) {
      if (raw[key] === undefined) continue
      throw new DebproofError('POLICY', `${where}: ${key} belongs to url, which is missing; put it under upstream.`)
    }
    if (first.kind !== 'live') {
      throw new DebproofError(
        'POLICY',
        `${where}.url is missing: without it the build used the first upstream itself, which is then named by a url.`,
      )
    }
    served = first
  } else {
    const signedBy = raw['signed-by']
    if (signedBy === undefined) throw new DebproofError('POLICY', `${where}.signed-by is missing.`)
    const named = { ...defined(raw), url: raw.url, 'signed-by': signedBy }
    served = { ...(await resolveServed(named, where, resolving)), ...namesOf(raw) }
  }
  if (raw.rebuilders !== undefined && raw.require !== 'reproduced') {
    throw new DebproofError('POLICY', `${where}.rebuilders is for \`require: reproduced\`; leave it out.`)
  }
  const lists = raw['apt-lists']
  return {
    name,
    require: raw.require,
    served,
    unprovenFiles: raw['unproven-files'] ?? 'report',
    servedByUpstream: raw.url === undefined,
    upstreams,
    ...(lists === undefined
      ? {}
      : {
          aptLists: path.resolve(resolving.folder, substitute(lists, resolving.variables, `${where}.apt-lists`)),
        }),
  }
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
    const { version: written, sha256: hash, ...others } = defined(exception)
    const sha256 = hash === undefined ? undefined : parseSha256(hash)
    const matcher = { ...others, ...(sha256 === undefined ? {} : { sha256 }) }
    if (written === undefined) return matcher
    const version = parseVersion(written)
    if (version !== undefined) return { ...matcher, version }
    throw new DebproofError('POLICY', `${file}: exceptions.${index}.version: ${JSON.stringify(written)} is no version.`)
  })
}

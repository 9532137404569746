import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import { Downloads } from '../net/downloads.ts'
import type { Places } from '../places.ts'
import type { Policy } from '../policy/policy.ts'
import { USER_AGENT } from '../tool.ts'
import { type BuildContext, buildPackage } from './build-package.ts'
import { policySources, readBuildSources } from './build-sources.ts'
import { Indexes } from './indexes.ts'
import { type BuildinfoFile, readBuildinfoFile, sourceNamedIn } from './original-build.ts'
import { type PreparedTarget, prepareTarget } from './prepare.ts'
import { Publication } from './publication.ts'
import type { PackageResult } from './result.ts'
import { readStatementSigner, type StatementSigner } from './statement-signer.ts'
import { selectTargets, type Target } from './target.ts'
import { findTools, type Tools } from './tools.ts'
import type { Wish } from './wish.ts'
import { Workshop } from './workshop.ts'

/** Everything that `rebuild` takes. */
export interface RebuildOptions {
  readonly policy: Policy
  readonly wishes: readonly Wish[]
  readonly at: Date
  /** Where `file:` URLs of the policy may lead. */
  readonly places?: Places
  readonly output: string
  /** Instead of those in the archive's pool; for one package only, which they name where no wish does. */
  readonly buildinfos: readonly string[]
  /** A folder for a copy of what was built, the same or not. */
  readonly debs?: string
  /** apt sources of the build dependencies, instead of the policy's archives. */
  readonly buildSources?: string
  /** Milliseconds for one build. */
  readonly timeout: number
  /** Absent where nothing is to be signed. */
  readonly signing?: { readonly armored: string; readonly passphrase?: string; readonly source: string }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborted when the run is no longer wanted. */
  readonly signal: AbortSignal
}

/** Who watches a run. */
export interface RebuildWatcher {
  readonly progress: (step: string) => void
  readonly download?: (url: URL) => void
}

export interface RebuildResult {
  readonly packages: readonly PackageResult[]
  /** Of the key that signed. */
  readonly fingerprint?: string
}

/** What would be rebuilt. @throws DebproofError */
export async function listTargets(
  { policy, wishes, at, places }: Pick<RebuildOptions, 'policy' | 'wishes' | 'at' | 'places'>,
  watcher: RebuildWatcher,
): Promise<Target[]> {
  const downloads = newDownloads(watcher, places)
  try {
    watcher.progress('Reading the archives')
    return await selectTargets(wishes, policy, new Indexes(downloads, at))
  } finally {
    await downloads.close()
  }
}

/**
 * One whole run of `rebuild`. What goes wrong with one package is in its result, and the others are built.
 *
 * @param find finds the tools on a search path
 * @throws DebproofError where nothing can be built: tools, keys, policy, names that mean nothing
 */
export async function rebuild(
  options: RebuildOptions,
  watcher: RebuildWatcher,
  find: (searchPath: string) => Promise<Tools> = findTools,
): Promise<RebuildResult> {
  const { policy, wishes, at, environment, signal, timeout } = options
  const signer = await readSigner(options)
  const tools = await find(environment['PATH'] ?? '')
  const given = await Promise.all(options.buildinfos.map(readBuildinfoFile))
  const publication = await Publication.prepare(options.output)
  const downloads = newDownloads(watcher, options.places)
  const workshop = await Workshop.open(tools, environment)
  try {
    const own = options.buildSources
    await workshop.setSources(
      own === undefined ? policySources(policy, workshop.keyrings) : await readBuildSources(own),
    )
    watcher.progress('Reading the archives')
    const indexes = new Indexes(downloads, at)
    const targets = await selectTargets(wishes.length > 0 ? wishes : given.map(wishOf), policy, indexes)
    refuseForOthers(given, targets)
    const { progress } = watcher
    const context = { downloads, workshop, tools, publication, signer, timeout, signal, progress, debs: options.debs }
    const packages: PackageResult[] = []
    for (const target of targets) {
      if (signal.aborted) break
      packages.push(await rebuildTarget(target, indexes, given, context))
    }
    return { packages, ...(signer === undefined ? {} : { fingerprint: signer.fingerprint }) }
  } finally {
    signer?.forget()
    await workshop.close()
    await downloads.close()
  }
}

async function rebuildTarget(
  target: Target,
  indexes: Indexes,
  given: readonly BuildinfoFile[],
  context: BuildContext,
): Promise<PackageResult> {
  const { source, archive } = target
  try {
    context.progress(`Looking for how ${source.name} ${source.version} was built`)
    const prepared: PreparedTarget = await prepareTarget(target, indexes, context.downloads, given)
    return await buildPackage(prepared, context)
  } catch (error) {
    // Nobody else's package could be written either.
    if (!isDebproofError(error) || error.code === 'OUTPUT') throw error
    return {
      source: source.name,
      version: source.version,
      archive: archive.name,
      outcome: 'undone',
      problem: describeError(error),
      notes: [],
      builds: [],
      statements: [],
    }
  }
}

async function readSigner({ signing }: RebuildOptions): Promise<StatementSigner | undefined> {
  if (signing === undefined) return undefined
  return await readStatementSigner(signing.armored, signing.passphrase, signing.source)
}

function wishOf(file: BuildinfoFile): Wish {
  const { name, version } = sourceNamedIn(file)
  return { text: `src:${name}=${version}`, name, version, sourceOnly: true }
}

function refuseForOthers(given: readonly BuildinfoFile[], targets: readonly Target[]): void {
  if (given.length === 0 || targets.length === 1) return
  throw new DebproofError(
    'USAGE',
    `rebuild: --buildinfo belongs to one source package, but ${targets.length} are asked for.`,
  )
}

function newDownloads({ download }: RebuildWatcher, places: Places | undefined): Downloads {
  return new Downloads({
    userAgent: USER_AGENT,
    ...(places === undefined ? {} : { places }),
    ...(download === undefined ? {} : { onDownload: download }),
  })
}

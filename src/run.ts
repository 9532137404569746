import { rmSync } from 'node:fs'
import path from 'node:path'
import { Digester } from './archive/hash.ts'
import type { Sha256 } from './archive/identity.ts'
import { type DeriveInputs, deriveReport } from './derive.ts'
import { DebproofError } from './errors.ts'
import { BUNDLE_FOLDER, removeBundle } from './evidence/bundle-folder.ts'
import { BundleWriter } from './evidence/bundle-writer.ts'
import { refuseSecrets } from './evidence/secrets.ts'
import { writeChecker } from './evidence/write-checker.ts'
import { findFiles } from './find-files.ts'
import { uninterrupted, whenInterrupted } from './interruption.ts'
import { Cache } from './net/cache.ts'
import { Downloads } from './net/downloads.ts'
import { openInput } from './open-file.ts'
import { readPackageLists } from './packages/find-lists.ts'
import type { PackageList } from './packages/read-list.ts'
import { mergeReferences } from './packages/references.ts'
import type { PlannedShard } from './parts/shard.ts'
import { ANYWHERE, type Places } from './places.ts'
import type { ListSource, Policy } from './policy/policy.ts'
import { filesWithin, hashedFiles, namedFiles, type PolicyFiles } from './policy/policy-files.ts'
import { lastDaysOf, publicKeysDay } from './policy/public-keys-clock.ts'
import { readPolicy } from './policy/read-policy.ts'
import { statusFile, systemPolicy } from './policy/system-policy.ts'
import { OutputFolder } from './report/output-folder.ts'
import { reportFiles } from './report/report-files.ts'
import type { Report } from './report/report-schema.ts'
import { readReportKey, type Unsigned } from './report/sign.ts'
import { asWritten } from './report/statement.ts'
import { USER_AGENT } from './tool.ts'

/** Everything that `verify` takes, from the command line or a CI. */
export interface RunOptions {
  /** The policy file; not read with `system`. */
  readonly policy: string
  /** Package lists instead of the policy's, relative to the working folder. */
  readonly packages: readonly ListSource[]
  readonly release?: string
  /** The clock, where the user gave one. */
  readonly at?: Date
  /** The real time: the clock where neither the user nor the policy gives one, and for the last days of public keys. */
  readonly now: Date
  /** Files or globs: their digests become the report's subjects. */
  readonly images: readonly string[]
  readonly output: string
  /** Verify the packages installed below `root` against its own apt sources. */
  readonly system: boolean
  readonly root: string
  readonly offline: boolean
  readonly deep: boolean
  /** Also where the policy does not ask for it: packages of which no list states the hash are undecided. */
  readonly hashesRequired: boolean
  /** Which part of the packages is verified; all where it is absent. */
  readonly shard?: PlannedShard
  /** What is kept of what was read; nothing of the files that are only hashed, unless `all`. */
  readonly evidence: 'none' | 'needed' | 'all'
  /** A folder for what never changes, shared by runs; absent: none. */
  readonly cache?: string
  /** Absent only together with `unsigned`. */
  readonly signing?: { readonly armored: string; readonly passphrase?: string; readonly source: string }
  /** Said explicitly: write a report without signature; in a pull request's pipeline only where there is no key. */
  readonly unsigned?: Unsigned
  /** How a missing key is to be given, where that is not by the options of the command line. */
  readonly keyAdvice?: string
  /** Where the files may lie that the policy names; anywhere unless this says otherwise. */
  readonly places?: Places
  /** Texts that neither the report nor its evidence may hold, beside those of the signing key. */
  readonly secrets?: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Who watches a run. */
export interface RunWatcher {
  readonly progress: (step: string) => void
  readonly warn: (message: string) => void
  readonly download?: (url: URL) => void
}

export interface RunResult {
  readonly report: Report
  readonly summary: string
  readonly reportPath: string
  readonly summaryPath: string
  /** The SHA-256 of all content of the cache that the run used. */
  readonly cached: readonly string[]
  /** The fingerprint of the key that signed the report; undefined for an unsigned one. */
  readonly signedBy?: string
}

/**
 * One whole run of `verify`: what the command line and the GitHub Action both call.
 *
 * @throws DebproofError when the inputs are wrong; what archives do is in the report
 */
export async function run(options: RunOptions, watcher: RunWatcher): Promise<RunResult> {
  // First of all: beside a run that failed, whatever failed, there is no verdict of an earlier one.
  const output = await OutputFolder.prepare(options.output)
  try {
    return await runInto(output, options, watcher)
  } finally {
    output.release()
  }
}

async function runInto(output: OutputFolder, options: RunOptions, watcher: RunWatcher): Promise<RunResult> {
  await removeBundle(options.output)
  const key = await readReportKey(options.signing, options.unsigned, options.keyAdvice)
  const bundle =
    options.evidence === 'none'
      ? undefined
      : await BundleWriter.open(path.join(options.output, BUNDLE_FOLDER), options.evidence)
  const places = options.system ? ANYWHERE : (options.places ?? ANYWHERE)
  const cache = options.cache === undefined ? undefined : new Cache(options.cache)
  // From here on it is this run's own.
  const settled = whenInterrupted(() => {
    if (output.isOwn) rmSync(path.join(options.output, BUNDLE_FOLDER), { recursive: true, force: true })
  })
  const downloads = new Downloads({
    userAgent: USER_AGENT,
    offline: options.offline,
    places,
    ...(cache === undefined ? {} : { cache }),
    ...(bundle === undefined ? {} : { tape: bundle.tape }),
    ...(watcher.download === undefined ? {} : { onDownload: watcher.download }),
  })
  try {
    watcher.progress('Reading the policy and the package lists')
    const onDisk = filesWithin(places, options.policy)
    const { files, read } = hashedFiles(bundle?.recorded(onDisk, options.policy) ?? onDisk)
    const { policy, lists, environment, folder } = await readInputs({ ...options, places }, files, downloads, watcher)
    read.delete(options.policy)
    const { release, shard, deep, hashesRequired, offline, system } = options
    const images = await digestImages(options.images)
    const keysDay = publicKeysDay(lastDaysOf(policy), policy.at, options.now)
    const inputs: DeriveInputs = {
      policy,
      lists,
      images,
      run: { system, offline, deep, variables: environment, files: namedFiles(read, folder) },
      hashesRequired,
      ...(release === undefined ? {} : { release }),
      ...(shard === undefined ? {} : { shard }),
      ...(keysDay === undefined ? {} : { keysDay }),
    }
    const derived = await deriveReport(inputs, downloads, watcher.progress)
    const run = {
      folder,
      release: release ?? null,
      at: derived.predicate.at,
      clock: options.at === undefined ? ('now' as const) : ('option' as const),
      ...(keysDay === undefined ? {} : { keysDay }),
      environment,
      offline,
      deep,
      hashesRequired,
      shard: shard ?? null,
    }
    const kept = await bundle?.finish({ run, system, policy, lists, images, evidence: derived.predicate.evidence })
    const report = asWritten(derived, kept ?? null, key === undefined ? options.unsigned : undefined)
    const written = await reportFiles(report, key)
    await refuseSecrets(options.output, written.report, [...(options.secrets ?? []), ...(key?.secrets ?? [])])
    await uninterrupted(async () => {
      if (bundle !== undefined) await writeChecker(options.output)
      await output.write(written)
      settled()
    })
    return {
      report,
      summary: written.summary,
      reportPath: output.reportPath,
      summaryPath: output.summaryPath,
      cached: cache?.used ?? [],
      ...(key === undefined ? {} : { signedBy: key.fingerprint }),
    }
  } catch (error) {
    // Evidence without a report would look like that of the next one.
    if (output.isOwn) await removeBundle(options.output).catch(() => {})
    throw error
  } finally {
    key?.forget()
    settled()
    await downloads.close()
  }
}

interface Inputs {
  readonly policy: Policy
  readonly lists: PackageList[]
  /** What the policy's own variables stand for. */
  readonly environment: Readonly<Record<string, string>>
  /** What the policy's relative names are relative to. */
  readonly folder: string
}

async function readInputs(
  options: RunOptions & { readonly places: Places },
  files: PolicyFiles,
  downloads: Downloads,
  { warn }: RunWatcher,
): Promise<Inputs> {
  const { system, root, packages } = options
  const folder = process.cwd()
  if (system) {
    const at = options.at ?? options.now
    const clock = { from: options.at === undefined ? ('now' as const) : ('option' as const) }
    const policy = await systemPolicy({ root, fromLists: options.offline, warn, at, clock })
    const sources = packages.length > 0 ? packages : [{ path: statusFile(path.resolve(root)), format: 'dpkg-status' }]
    return { policy, lists: await readPackageLists(sources, folder, downloads), environment: {}, folder }
  }
  const file = await readPolicy(options.policy, { ...options, files })
  const lists =
    packages.length > 0
      ? await readPackageLists(packages, folder, downloads)
      : await readPackageLists(file.lists, file.folder, downloads, options.places)
  const policy = await file.resolve(mergeReferences(lists))
  return { policy, lists, environment: file.environment, folder: file.folder }
}

async function digestImages(patterns: readonly string[]): Promise<{ name: string; sha256: Sha256 }[]> {
  const images = []
  for (const pattern of patterns) {
    const files = await findFiles(pattern, process.cwd())
    if (files.length === 0) throw new DebproofError('USAGE', `No image matches ${pattern}.`)
    for (const file of files) images.push(await digestImage(file))
  }
  return images
}

async function digestImage(file: string): Promise<{ name: string; sha256: Sha256 }> {
  const digester = new Digester()
  try {
    // A stick or a disc may be the image itself.
    const handle = await openInput(file, { blockDevice: true })
    for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) digester.update(chunk)
  } catch (error) {
    throw new DebproofError('USAGE', `The image ${file} cannot be read`, { cause: error })
  }
  return { name: path.basename(file), sha256: digester.finish().sha256 }
}

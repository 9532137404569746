import { createReadStream } from 'node:fs'
import path from 'node:path'
import { Digester } from './archive/hash.ts'
import type { Sha256 } from './archive/identity.ts'
import { DebproofError } from './errors.ts'
import { findFiles } from './find-files.ts'
import { Downloads } from './net/downloads.ts'
import { readPackageLists } from './packages/find-lists.ts'
import { mergePackageUses } from './packages/merge.ts'
import type { PackageList } from './packages/read-list.ts'
import { mergeReferences } from './packages/references.ts'
import type { ListSource, Policy } from './policy/policy.ts'
import { readPolicy } from './policy/read-policy.ts'
import { statusFile, systemPolicy } from './policy/system-policy.ts'
import { OutputFolder } from './report/output-folder.ts'
import type { Report } from './report/report-schema.ts'
import { readSigningKey, type SigningKey } from './report/sign.ts'
import { makeReport, serializeReport } from './report/statement.ts'
import { reportSummary } from './report/summary.ts'
import { USER_AGENT } from './tool.ts'
import { verify } from './verify.ts'

/** Everything that `verify` takes, from the command line or a CI. */
export interface RunOptions {
  /** The policy file; not read with `system`. */
  readonly policy: string
  /** Package lists instead of the policy's, relative to the working folder. */
  readonly packages: readonly ListSource[]
  readonly release?: string
  readonly at: Date
  /** Files or globs: their digests become the report's subjects. */
  readonly images: readonly string[]
  readonly output: string
  /** Verify the packages installed below `root` against its own apt sources. */
  readonly system: boolean
  readonly root: string
  readonly offline: boolean
  readonly deep: boolean
  /** Absent only together with `unsigned`. */
  readonly signing?: { readonly armored: string; readonly passphrase?: string; readonly source: string }
  /** Said explicitly: write a report without signature. */
  readonly unsigned: boolean
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
  /** The fingerprint of the key that signed the report; undefined for an unsigned one. */
  readonly signedBy?: string
}

/**
 * One whole run of `verify`: what the command line and the GitHub Action both call.
 *
 * @throws DebproofError when the inputs are wrong; what archives do is in the report
 */
export async function run(options: RunOptions, watcher: RunWatcher): Promise<RunResult> {
  const key = await signingKey(options)
  const output = await OutputFolder.prepare(options.output)
  const downloads = new Downloads({
    userAgent: USER_AGENT,
    offline: options.offline,
    ...(watcher.download === undefined ? {} : { onDownload: watcher.download }),
  })
  try {
    watcher.progress('Reading the policy and the package lists')
    const { policy, lists } = await readInputs(options, downloads, watcher)
    const images = await digestImages(options.images)
    const result = await verify({
      uses: mergePackageUses(lists),
      policy,
      at: options.at,
      downloads,
      deep: options.deep,
      progress: watcher.progress,
    })
    const report = makeReport(result, {
      ...(options.release === undefined ? {} : { release: options.release }),
      at: options.at,
      policy: policy.sha256,
      lists,
      images,
    })
    const bytes = serializeReport(report)
    const summary = reportSummary(report)
    await output.write({ report: bytes, summary, ...(key === undefined ? {} : { signature: await key.sign(bytes) }) })
    return {
      report,
      summary,
      reportPath: output.reportPath,
      summaryPath: output.summaryPath,
      ...(key === undefined ? {} : { signedBy: key.fingerprint }),
    }
  } finally {
    await downloads.close()
  }
}

async function signingKey({ signing, unsigned }: RunOptions): Promise<SigningKey | undefined> {
  if (signing === undefined) {
    if (unsigned) return undefined
    throw new DebproofError(
      'KEY',
      'There is no key to sign the report with: give --signing-key FILE or DEBPROOF_SIGNING_KEY, or say --unsigned.',
    )
  }
  if (unsigned) throw new DebproofError('USAGE', '--unsigned contradicts the signing key that was given.')
  return await readSigningKey(signing.armored, signing.passphrase, signing.source)
}

async function readInputs(
  options: RunOptions,
  downloads: Downloads,
  { warn }: RunWatcher,
): Promise<{ policy: Policy; lists: PackageList[] }> {
  const { system, root, packages } = options
  const folder = process.cwd()
  if (system) {
    const policy = await systemPolicy({ root, fromLists: options.offline, warn })
    const sources = packages.length > 0 ? packages : [{ path: statusFile(path.resolve(root)), format: 'dpkg-status' }]
    return { policy, lists: await readPackageLists(sources, folder, downloads) }
  }
  const file = await readPolicy(options.policy, options)
  const lists =
    packages.length > 0
      ? await readPackageLists(packages, folder, downloads)
      : await readPackageLists(file.lists, file.folder, downloads)
  return { policy: await file.resolve(mergeReferences(lists)), lists }
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
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) digester.update(chunk)
  } catch (error) {
    throw new DebproofError('USAGE', `The image ${file} cannot be read`, { cause: error })
  }
  return { name: path.basename(file), sha256: digester.finish().sha256 }
}

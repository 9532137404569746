import { cp, readdir } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import type { Downloads } from '../net/downloads.ts'
import type { Ending } from './child.ts'
import { type ComparedDeb, compareBuild } from './compare.ts'
import { explainDifference } from './explain-difference.ts'
import { isBinaryPackage } from './file-name.ts'
import { tailOfLog } from './log-tail.ts'
import { architectureOf, buildName, type OriginalBuild } from './original-build.ts'
import type { PreparedTarget } from './prepare.ts'
import { type BuildResult, outcomeOf, type PackageResult, worstOf } from './result.ts'
import { fetchPoolFile, fetchSourceFiles } from './source-files.ts'
import { placesOf, type StatementContext, stateAll, stateBuild } from './state.ts'
import type { Tools } from './tools.ts'
import type { Workshop } from './workshop.ts'

/** What every build of a run shares. */
export interface BuildContext extends StatementContext {
  readonly downloads: Downloads
  readonly workshop: Workshop
  readonly tools: Tools
  /** Where to put what was built, the same or not; undefined where nobody wants it. */
  readonly debs: string | undefined
  /** Milliseconds for one build. */
  readonly timeout: number
  readonly signal: AbortSignal
  readonly progress: (step: string) => void
}

/** Builds a source package as often as it was built for the archive, compares, and states what came out the same. */
export async function buildPackage(prepared: PreparedTarget, context: BuildContext): Promise<PackageResult> {
  const { target, indexed, builds } = prepared
  const { source, archive } = target
  const dsc = await fetchSourceFiles(
    context.downloads,
    archive.served.area.base,
    indexed.entry,
    await context.workshop.newInput(),
  )
  await context.publication.withdraw(builds.map(buildName), placesOf(prepared, builds))
  const results: BuildResult[] = []
  for (const build of builds) results.push(await repeatBuild(prepared, build, dsc, context))
  const outcome = worstOf(results.map((result) => result.outcome))
  const { statements, notes } = await stateAll(prepared, results, context)
  return {
    source: source.name,
    version: source.version,
    archive: archive.name,
    outcome,
    notes: [...signatureNotes(builds), ...notes],
    builds: results,
    statements,
  }
}

function signatureNotes(builds: readonly OriginalBuild[]): string[] {
  return builds
    .filter(({ wasSigned }) => wasSigned)
    .map(({ fileName }) => `${fileName} is signed; that proves nothing here, and the signature was not looked at.`)
}

async function repeatBuild(
  prepared: PreparedTarget,
  original: OriginalBuild,
  dsc: string,
  context: BuildContext,
): Promise<BuildResult> {
  const { publication, workshop } = context
  const architecture = architectureOf(original)
  const { source, version } = original.buildinfo
  const name = buildName(original)
  const log = await publication.newLog(name)
  context.progress(`Rebuilding ${source.name} ${version} (${architecture}), log in ${log}`)
  const { ending, output } = await workshop.build({
    buildinfo: original.text,
    // Not where debrebuild would look for the new one.
    buildinfoName: `original-${original.fileName}`,
    dsc,
    timeout: context.timeout,
    log,
    signal: context.signal,
  })
  const comparison = await compareBuild(original, output)
  const outcome = outcomeOf(comparison.debs)
  if (context.debs !== undefined) await copyPackages(output, context.debs)
  const different = await keepDifferent(prepared, comparison.debs, output, name, context)
  const stated = await stateBuild(prepared, original, comparison, `${name}.buildinfo`, context)
  return {
    buildinfo: original.fileName,
    architecture,
    outcome,
    debs: comparison.debs,
    additional: comparison.additional,
    notes: [...(await endingNotes(ending, outcome, log, context.timeout)), ...stated.notes],
    log: path.relative(publication.folder, log),
    statements: stated.statements,
    different,
  }
}

async function copyPackages(output: string, target: string): Promise<void> {
  try {
    await makeFolder(target)
    for (const entry of await readdir(output, { withFileTypes: true })) {
      if (!entry.isFile() || !isBinaryPackage(entry.name)) continue
      await cp(path.join(output, entry.name), path.join(target, entry.name))
    }
  } catch (error) {
    throw new DebproofError('OUTPUT', `The packages cannot be put into ${target}`, { cause: error })
  }
}

/** debrebuild's own judgement is told where it is another than that of the hashes. */
async function endingNotes(
  ending: Ending,
  outcome: BuildResult['outcome'],
  log: string,
  timeout: number,
): Promise<string[]> {
  const how = describeEnding(ending, timeout)
  if (outcome === 'undone')
    return [how ?? 'debrebuild ended well, but not every .deb is there.', ...(await tailOfLog(log))]
  if (outcome === 'same' && how !== undefined) return [`${how} Yet every .deb has the bytes of the archive's.`]
  if (outcome === 'different' && how === undefined) return ['debrebuild found no difference, but the hashes differ.']
  return []
}

function describeEnding(ending: Ending, timeout: number): string | undefined {
  switch (ending.kind) {
    case 'exit':
      return ending.code === 0 ? undefined : `debrebuild ended with exit code ${ending.code}.`
    case 'signal':
      return `debrebuild was ended by ${ending.signal}.`
    case 'timeout':
      return `It was given up after ${timeout / 60_000} minutes; --timeout gives it more.`
    case 'interrupted':
      return 'It was interrupted.'
    case 'absent':
      return 'debrebuild could not be started.'
  }
}

/** Puts what came out different beside what the archive has, with diffoscope's word where that is installed. */
async function keepDifferent(
  { target }: PreparedTarget,
  debs: readonly ComparedDeb[],
  output: string,
  name: string,
  { publication, downloads, tools, workshop, signal }: BuildContext,
): Promise<string[]> {
  const different = debs.filter(({ outcome }) => outcome === 'different')
  if (different.length === 0) return []
  const folder = await publication.newDifferent(name)
  const kept: string[] = []
  for (const { expected } of different) {
    const rebuilt = path.join(folder, expected.fileName)
    await cp(path.join(output, expected.fileName), rebuilt)
    kept.push(rebuilt)
    if (tools.diffoscope === undefined || expected.entry === undefined || signal.aborted) continue
    const original = path.join(workshop.folder, 'tmp', expected.fileName)
    try {
      await fetchPoolFile(downloads, target.archive.served.area.base, expected.entry.file, original)
    } catch (error) {
      // What differs is known; only the explanation is missing.
      if (!isDebproofError(error)) throw error
      kept.push(`no diffoscope output: ${describeError(error)}`)
      continue
    }
    const env = workshop.toolEnvironment()
    const text = await explainDifference(tools.diffoscope, original, rebuilt, {
      env,
      log: `${rebuilt}.diffoscope.log`,
      signal,
    })
    if (text !== undefined) kept.push(text)
  }
  return kept.map((file) => (path.isAbsolute(file) ? path.relative(publication.folder, file) : file))
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compareWithEvidence } from '../../src/recheck.ts'
import type { Report, ReportedPackage } from '../../src/report/report-schema.ts'
import { type RunOptions, type RunResult, run } from '../../src/run.ts'
import { archiveFiles, type MadeArchive, type MadeDeb, projectKey, upstreamKey, writeFiles } from './archive-folder.ts'
import { AT, keyringFile } from './signed-archive.ts'

/** A folder with all that a verification needs: keys, archives, a policy, a package list. */
export interface Site {
  readonly folder: string
  readonly put: (files: Readonly<Record<string, string | Uint8Array>>) => void
  /** Writes an archive into a folder below. */
  readonly archive: (name: string, archive: MadeArchive) => Promise<void>
}

const made: string[] = []

/** For `afterEach`. */
export function removeSites(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A folder with the keys of the project and the upstream, and nothing else. */
export async function newSite(): Promise<Site> {
  const folder = mkdtempSync(path.join(tmpdir(), 'debproof-site-'))
  made.push(folder)
  const put: Site['put'] = (files) => writeFiles(folder, files)
  put({
    'keys/project.gpg': keyringFile([await projectKey()]),
    'keys/upstream.asc': (await upstreamKey()).toPublic().armor(),
  })
  return {
    folder,
    put,
    archive: async (name, archive) => writeFiles(path.join(folder, name), await archiveFiles(archive)),
  }
}

/** One archive of a policy: a snapshot that the project signs, of an upstream, both beside the policy unless said otherwise. */
export function archivePolicy({
  name = 'debian',
  require = 'identical',
  url = 'file:snapshot',
  upstream = 'file:upstream' as string | null,
  suite = 'made',
  more = '',
} = {}): string {
  return [
    `  ${name}:`,
    `    require: ${require}`,
    `    url: "${url}"`,
    `    suites: ["${suite}"]`,
    '    components: [main]',
    '    architectures: [amd64]',
    '    signed-by: keys/project.gpg',
    ...(upstream === null
      ? []
      : ['    upstream:', `      - url: "${upstream}"`, '        signed-by: keys/upstream.asc']),
    ...(more === '' ? [] : [`    ${more}`]),
    '',
  ].join('\n')
}

export function policyText(archives: readonly string[] = [archivePolicy()], more = ''): string {
  return `version: 1\npackages:\n  - path: build.packages\narchives:\n${archives.join('')}${more}`
}

/** A list as dpkg-query -W writes it. */
export function listText(debs: readonly MadeDeb[]): string {
  return debs.map(({ name, version }) => `${name}\t${version}\n`).join('')
}

/** A site whose snapshot serves `served`, whose upstream distributed `distributed`, and whose build used `used`. */
export async function snapshotSite(
  served: readonly MadeDeb[],
  distributed: readonly MadeDeb[] = served,
  used: readonly MadeDeb[] = served,
): Promise<Site> {
  const site = await newSite()
  await site.archive('snapshot', { key: await projectKey(), debs: served })
  await site.archive('upstream', { key: await upstreamKey(), debs: distributed })
  site.put({ 'debproof.yml': policyText(), 'build.packages': listText(used) })
  return site
}

export interface SiteRun extends RunResult {
  readonly predicate: Report['predicate']
  readonly warnings: readonly string[]
  /** The package of this name, of which there must be one. */
  readonly of: (name: string) => ReportedPackage
}

/**
 * Runs `verify` at the clock of the tests, without a signing key unless one is given.
 *
 * @param clock `policy`: the one that the policy gives
 */
export async function runSite(
  { folder }: Site,
  options: Partial<RunOptions> = {},
  clock: 'given' | 'policy' = 'given',
): Promise<SiteRun> {
  const warnings: string[] = []
  const result = await run(
    {
      policy: path.join(folder, 'debproof.yml'),
      packages: [],
      ...(clock === 'given' ? { at: AT } : {}),
      now: AT,
      evidence: 'needed',
      images: [],
      output: path.join(folder, 'report'),
      system: false,
      root: '/',
      offline: false,
      deep: false,
      ...(options.signing === undefined ? { unsigned: 'requested' as const } : {}),
      environment: {},
      ...options,
    },
    { progress: () => {}, warn: (message) => warnings.push(message) },
  )
  // Whatever it says: its evidence alone, and no server, must give the same again.
  if (result.report.predicate.bundle !== null) {
    const { problems } = await compareWithEvidence(result.report, path.dirname(result.reportPath), () => {})
    if (problems.length > 0) throw new Error(`the report does not follow from its evidence: ${problems.join('\n')}`)
  }
  const { predicate } = result.report
  const of = (name: string): ReportedPackage => {
    const [item, ...others] = predicate.packages.filter((one) => one.name === name)
    if (item === undefined || others.length > 0) throw new Error(`${name} is not in the report once`)
    return item
  }
  return { ...result, predicate, warnings, of }
}

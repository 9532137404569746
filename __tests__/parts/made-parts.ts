import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mergeCommand } from '../../src/commands/merge.ts'
import { shards } from '../../src/parts/shard.ts'
import type { Report } from '../../src/report/report-schema.ts'
import { readSigningKey } from '../../src/report/sign.ts'
import { serializeReport } from '../../src/report/statement.ts'
import type { RunOptions } from '../../src/run.ts'
import { type CliResult, call } from '../commands/cli.ts'
import { deb, type MadeDeb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { newRebuilder } from '../making/rebuilder.ts'
import { newKey, once } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, runSite, type Site } from '../making/site.ts'

/** Signs the parts, and the whole. */
export const partKey = once(() => newKey({ name: 'Machine' }))
export const wholeKey = once(() => newKey({ name: 'Whole' }))

/** What all parts of one plan carry. */
export const PLAN = 'made-plan'

const alpha = once(() => newRebuilder('Alpha'))
const beta = once(() => newRebuilder('Beta'))

const HELLO = deb('hello')
const CHANGED = deb('hello', { content: 'changed by somebody' })
const PLAIN = ['adduser', 'libc6', 'zlib1g', 'apt', 'bash', 'coreutils'].map((name) => deb(name))
/** Two versions of one name, and one that an archive lists and the upstream never signed. */
const VERSIONS = [deb('many', { version: '1.0-1' }), deb('many', { version: '2.0-1' })]
const BACKDOOR = deb('backdoor')
const HISTORIC = deb('historic')
const OWN = ['own-a', 'own-b', 'own-c'].map((name) => deb(name))
const ELSEWHERE = deb('elsewhere')
const FORBIDDEN = deb('nightly-tool')
const EXCEPTED = ['missing', 'dropped'].map((name) => deb(name))

/** Everything that a build may have used, with something of every verdict. */
export const USED: readonly MadeDeb[] = [
  ...[HELLO, ...PLAIN, ...VERSIONS, BACKDOOR, HISTORIC, ...OWN, ELSEWHERE, FORBIDDEN, ...EXCEPTED],
]
/** Those of them that pass: nothing fails in a build that used these alone. */
export const FINE: readonly MadeDeb[] = [...PLAIN, ...VERSIONS, HISTORIC, ...EXCEPTED]

/**
 * A site with a snapshot of an upstream and of its history, an archive of its own that two rebuilders rebuilt in part,
 * one from which nothing may come, one that cannot be read if that is asked for, exceptions, and a source package.
 */
export async function mixedSite({ unread = false } = {}): Promise<Site> {
  const site = await newSite()
  const source = { name: 'hello', version: '1.0-1', files: { 'hello_1.0-1.dsc': 'Format: 3.0\n' } }
  const [upstream, project] = [await upstreamKey(), await projectKey()]
  const served = [CHANGED, ...PLAIN, ...VERSIONS, BACKDOOR, HISTORIC]
  await site.archive('snapshot', { key: project, debs: served, sources: [source] })
  await site.archive('upstream', { key: upstream, debs: [HELLO, ...PLAIN, ...VERSIONS], sources: [source] })
  await site.archive('history', { key: upstream, debs: [HISTORIC, ELSEWHERE] })
  await site.archive('own', { key: project, debs: [...OWN, ELSEWHERE] })
  await site.archive('nightly', { key: project, debs: [FORBIDDEN] })
  const parties =
    'alpha: { buildinfo: "file:alpha/", signed-by: keys/alpha.asc }, beta: { sha256sums: "file:beta/", signed-by: keys/beta.asc }'
  const rebuilders = `rebuilders: { threshold: 2, parties: { ${parties} } }`
  const archives = [
    `${archivePolicy()}      - url: "file:history"\n        signed-by: keys/upstream.asc\n`,
    archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more: rebuilders }),
    archivePolicy({ name: 'nightly', require: 'absent', url: 'file:nightly', upstream: null }),
    ...(unread ? [archivePolicy({ name: 'away', require: 'reproduced', url: 'file:away', upstream: null })] : []),
  ]
  const exceptions = [...EXCEPTED.map(({ name }) => name), 'unneeded', 'old', HELLO.name].map((name) => {
    const until = name === 'old' ? '2026-01-01' : '2026-06-02'
    return `  - {package: ${name}, reason: "issue 1", until: ${until}}\n`
  })
  site.put({
    'debproof.yml': policyText(archives, `exceptions:\n${exceptions.join('')}`),
    'keys/alpha.asc': (await alpha()).certificate,
    'keys/beta.asc': (await beta()).certificate,
    'keys/machine.asc': (await partKey()).toPublic().armor(),
    'keys/whole-secret.asc': (await wholeKey()).armor(),
    'keys/whole.asc': (await wholeKey()).toPublic().armor(),
    'live.iso': 'an image',
    'alpha/.keep': '',
    'beta/.keep': '',
    ...below('alpha', await (await alpha()).buildinfo('own-a', OWN.slice(0, 2))),
    ...below('beta', await (await beta()).sums(OWN.slice(0, 1))),
  })
  useDebs(site, USED)
  return site
}

/** Writes the package list: of these, and of the source package unless that is left out. */
export function useDebs(site: Site, used: readonly MadeDeb[], { source = true } = {}): void {
  const lines = used.map(({ name, version }) => `  - arch: amd64\n    package: ${name}\n    version: ${version}\n`)
  const manifest = [
    ...(lines.length > 0 ? ['  binary:\n', ...lines] : []),
    ...(source ? ['  source:\n  - package: hello\n    version: 1.0-1\n'] : []),
  ]
  site.put({ 'build.packages': `packages:\n${manifest.join('')}` })
}

/** The output folders of all parts, in their order. */
export async function runParts(site: Site, of: number, options: Partial<RunOptions> = {}): Promise<string[]> {
  return await Promise.all(shards(of).map(({ index }) => runPart(site, index, of, options)))
}

export async function runPart(
  site: Site,
  index: number,
  of: number,
  options: Partial<RunOptions> = {},
): Promise<string> {
  const output = path.join(site.folder, `parts-of-${of}/${index}`)
  rmSync(output, { recursive: true, force: true })
  const signing = { armored: (await partKey()).armor(), source: 'a test' }
  await runSite(site, { shard: { index, of, plan: PLAN }, signing, output, ...options })
  return output
}

/** The same, of everything that was used: run once, and copied for each test that spoils them. */
export async function copyParts(site: Site, of: number): Promise<string[]> {
  const kept = path.join(site.folder, `kept-of-${of}`)
  const parts = path.join(site.folder, `parts-of-${of}`)
  if (!existsSync(kept)) {
    useDebs(site, USED)
    await runParts(site, of)
    cpSync(parts, kept, { recursive: true })
  }
  rmSync(parts, { recursive: true, force: true })
  cpSync(kept, parts, { recursive: true })
  return shards(of).map(({ index }) => path.join(parts, String(index)))
}

/** Merges them, by the key of the machines, into `merged`. */
export async function mergeParts(
  site: Site,
  folders: readonly string[],
  words: readonly string[] = [],
): Promise<CliResult & { readonly output: string }> {
  const output = path.join(site.folder, 'merged')
  const keys = ['--signed-by', path.join(site.folder, 'keys/machine.asc')]
  const secret = ['--signing-key', path.join(site.folder, 'keys/whole-secret.asc')]
  const result = await call(mergeCommand, [...folders, ...keys, ...secret, '--output', output, '--quiet', ...words])
  return { ...result, output }
}

export function readReport(folder: string): Report {
  return JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'))
}

/** Changes the report of a part, and signs it again with the machines' key, as a machine with a fault in it would. */
export async function rewrite(folder: string, change: (report: Report) => void, key = partKey): Promise<void> {
  const report = readReport(folder)
  change(report)
  const bytes = serializeReport(report)
  writeFileSync(path.join(folder, 'report.json'), bytes)
  const signing = await readSigningKey((await key()).armor(), undefined, 'a test')
  writeFileSync(path.join(folder, 'report.json.asc'), await signing.sign(bytes))
}

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}

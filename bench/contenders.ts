import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Contender } from './measure.ts'
import { ARCHITECTURE, CACHE, files, indexFile, type Part, type SetUp } from './sets.ts'
import { save } from './setup.ts'

const ROOT = path.join(import.meta.dirname, '..')

/** The bundle that is measured: `dist/cli.js`, or another build of it. */
export const CLI = process.env['DEBPROOF_BENCH_CLI'] ?? path.join(ROOT, 'dist/cli.js')

interface Source {
  readonly archive: string
  readonly suite: string
  readonly components: readonly string[]
  readonly kinds: readonly Part['kind'][]
}

export interface Variant {
  /** The bundle, where it is not the one of this run. */
  readonly cli?: string
  /** Where a snapshot of what is read is served, which is then compared with it; else the build used the upstream. */
  readonly snapshot?: string
}

/** The whole command line, cold: from the start of Node to the signed report. */
export function debproof(
  name: string,
  parts: readonly Part[],
  base: string,
  setUp: SetUp,
  list: string,
  { cli = CLI, snapshot }: Variant = {},
): Contender {
  const policy = files.policy(snapshot === undefined ? name : `${name}-snapshot`)
  save(policy, policyText(sourcesOf(parts), base, setUp, snapshot))
  return {
    command: process.execPath,
    args: [
      ...[cli, 'verify', '--quiet', '--policy', policy, '--packages', list, '--at', setUp.at],
      ...['--signing-key', files.secretKey, '--output', path.join(CACHE, 'report')],
    ],
  }
}

/** `apt-get update` without anything there, and then the same packages looked up. */
export function apt(name: string, parts: readonly Part[], base: string, setUp: SetUp, names: string): Contender {
  const root = path.join(CACHE, 'apt', name)
  const configuration = path.join(root, 'apt.conf')
  const kept = ['lists', 'cache'].map((folder) => path.join(root, folder))
  save(
    path.join(root, 'sources.list'),
    sourcesOf(parts)
      .flatMap((source) => aptLines(source, base, setUp))
      .join(''),
  )
  save(configuration, aptConfiguration(root))
  for (const folder of ['empty', 'preferences.d', 'trusted.d']) mkdirSync(path.join(root, folder), { recursive: true })
  writeFileSync(path.join(root, 'status'), '')
  return {
    command: '/bin/sh',
    args: ['-c', `apt-get --quiet --quiet update && xargs -a ${names} apt-cache show`],
    env: { APT_CONFIG: configuration },
    before: () => {
      for (const folder of kept) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(path.join(folder, 'partial'), { recursive: true })
        mkdirSync(path.join(folder, 'archives/partial'), { recursive: true })
      }
    },
  }
}

/** What decoding alone costs a C program; the small indexes that are offered as .xz only are left out. */
export function gzip(parts: readonly Part[]): Contender {
  const big = parts.map((item) => indexFile(item, '.gz')).filter((file) => existsSync(file))
  return { command: 'gzip', args: ['-dc', ...big] }
}

function sourcesOf(parts: readonly Part[]): Source[] {
  const sources = new Map<string, { components: Set<string>; kinds: Set<Part['kind']> }>()
  for (const { archive, suite, component, kind } of parts) {
    const key = `${archive} ${suite}`
    const source = sources.get(key) ?? { components: new Set(), kinds: new Set() }
    source.components.add(component)
    source.kinds.add(kind)
    sources.set(key, source)
  }
  return [...sources].map(([key, { components, kinds }]) => {
    const [archive = '', suite = ''] = key.split(' ')
    return { archive, suite, components: [...components], kinds: [...kinds] }
  })
}

function policyText(
  sources: readonly Source[],
  base: string,
  { signedAnew }: SetUp,
  snapshot: string | undefined,
): string {
  const keyring = (suite: string): string => (signedAnew.includes(suite) ? files.publicKey : 'debian')
  const archives = sources.flatMap(({ archive, suite, components }) => [
    `  ${suite}:\n    require: identical\n    suites: [${suite}]\n    components: [${components.join(', ')}]\n`,
    ...(snapshot === undefined ? [] : [`    url: ${snapshot}${archive}/\n    signed-by: ${keyring(suite)}\n`]),
    `    architectures: [${ARCHITECTURE}]\n    upstream:\n      - url: ${base}${archive}/\n`,
    `        signed-by: ${keyring(suite)}\n`,
  ])
  return `version: 1\narchives:\n${archives.join('')}`
}

function aptLines({ archive, suite, components, kinds }: Source, base: string, { signedAnew }: SetUp): string[] {
  const key = signedAnew.includes(suite) ? files.publicKey : path.join(ROOT, 'keyrings/debian.asc')
  return kinds.map(
    (kind) =>
      `${kind === 'Packages' ? 'deb' : 'deb-src'} [arch=${ARCHITECTURE} signed-by=${key}] ` +
      `${base}${archive} ${suite} ${components.join(' ')}\n`,
  )
}

/** A root of its own, and nothing downloaded that debproof does not read: no translations, no AppStream data. */
function aptConfiguration(root: string): string {
  return `Dir::Etc::sourcelist "${root}/sources.list";
Dir::Etc::sourceparts "${root}/empty";
Dir::Etc::parts "${root}/empty";
Dir::Etc::main "${root}/empty/none";
Dir::Etc::preferences "${root}/empty/none";
Dir::Etc::preferencesparts "${root}/preferences.d";
Dir::Etc::trustedparts "${root}/trusted.d";
Dir::State::lists "${root}/lists";
Dir::State::status "${root}/status";
Dir::Cache "${root}/cache";
Acquire::Languages "none";
APT::Architecture "${ARCHITECTURE}";
APT::Architectures { "${ARCHITECTURE}"; };
APT::Sandbox::User "root";
`
}

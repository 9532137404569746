import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { runApt } from './apt-command.ts'
import { configOptions, type UpdateRequest } from './request.ts'

/** The parts of a test's configuration that matter here. */
export interface Settings {
  readonly sourceList: string
  readonly sourceParts: string
  readonly trusted: string
  readonly trustedParts: string
  /** Where the test's own apt keeps what it fetched. */
  readonly lists: string
  /** The native one first. */
  readonly architectures: readonly string[]
  /** What the test sets that makes apt stricter or laxer than it is by default: names only. */
  readonly changed: readonly string[]
  /** Why nothing that apt says in this test can be compared; undefined where it can. */
  readonly incomparable?: string
  /** Arguments that put it back to apt's defaults, and leave out what debproof does not read, such as translations. */
  readonly defaults: readonly string[]
}

/** apt.conf(5), and apt's own defaults. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['Acquire::AllowInsecureRepositories', 'false'],
  ['Acquire::AllowWeakRepositories', 'false'],
  ['Acquire::AllowDowngradeToInsecureRepositories', 'false'],
  ['Acquire::Check-Valid-Until', 'true'],
  ['Acquire::Check-Date', 'true'],
  ['Acquire::Max-FutureTime', '10'],
  ['Acquire::Min-ValidTime', '0'],
  ['Acquire::Max-ValidTime', '0'],
  ['APT::Hashes::MD5::Untrusted', 'true'],
  ['APT::Hashes::MD5::Weak', 'false'],
  ['APT::Hashes::SHA1::Untrusted', 'true'],
  ['APT::Hashes::SHA1::Weak', 'false'],
  ['APT::Hashes::SHA256::Untrusted', 'false'],
  ['APT::Hashes::SHA256::Weak', 'false'],
  ['APT::Hashes::SHA512::Untrusted', 'false'],
  ['APT::Hashes::SHA512::Weak', 'false'],
  ['Acquire::AllowUnsizedPackages', 'false'],
  ['Acquire::http::Proxy', 'DIRECT'],
  ['Acquire::https::Proxy', 'DIRECT'],
])

const hostArchitecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()

/** The test framework sets it for every test. */
const FRAMEWORK = new Set(['Acquire::Max-FutureTime'])

export async function readSettings(request: UpdateRequest): Promise<Settings> {
  const options = configOptions(request.args)
  const config = request.command.replace(/[^/]*$/, 'apt-config')
  const dump = await runApt(request, config, ['dump', ...options, '--format', '%F\t%v%n'])
  const values = dump.stdout.split('\n').map((line): [string, string] => {
    const tab = line.indexOf('\t')
    return [line.slice(0, tab), line.slice(tab + 1)]
  })
  const named = new Map(values.map(([name, value]) => [name.toLowerCase(), value]))
  const pathOf = (name: string): string => directoryOf(named, name.toLowerCase(), request.cwd).replace(/\/+$/, '')
  const ownDefaults = values.flatMap(([name]): [string, string][] =>
    /^Acquire::(?:Min|Max)-ValidTime::[^:]+$/i.test(name) ? [[name, '0']] : [],
  )
  const indexes = values.flatMap(([name]): [string, string][] => {
    const target = /^(Acquire::IndexTargets::deb(?:-src)?::[^:]+)::MetaKey$/i.exec(name)?.[1]
    return target === undefined || /::(?:Packages|Sources)$/.test(target)
      ? []
      : [[`${target}::DefaultEnabled`, 'false']]
  })
  const native = named.get('apt::architecture') || hostArchitecture
  const incomparable = whyIncomparable(named, request.folder)
  const listed = values.filter(([name, value]) => /^APT::Architectures::/i.test(name) && value !== '')
  return {
    sourceList: pathOf('Dir::Etc::SourceList'),
    sourceParts: pathOf('Dir::Etc::SourceParts'),
    trusted: pathOf('Dir::Etc::Trusted'),
    trustedParts: pathOf('Dir::Etc::TrustedParts'),
    lists: pathOf('Dir::State::Lists'),
    architectures: [...new Set([native, ...listed.map(([, value]) => value)])],
    ...(incomparable === undefined ? {} : { incomparable }),
    changed: [...DEFAULTS, ...ownDefaults].flatMap(([name, usual]) => {
      const set = named.get(name.toLowerCase())
      const same = set === undefined || set === '' || truth(set) === truth(usual)
      return same || FRAMEWORK.has(name) ? [] : [name]
    }),
    defaults: [...DEFAULTS, ...ownDefaults, ...indexes, ['Acquire::Languages', 'none']].flatMap(([name, value]) => [
      '-o',
      `${name}=${value}`,
    ]),
  }
}

/** Some tests put a program of their own in the place of what checks signatures, or have apt read other indexes. */
function whyIncomparable(named: ReadonlyMap<string, string>, folder: string): string | undefined {
  const verifier = named.get('apt::key::gpgvcommand') ?? ''
  if (verifier.startsWith(`${folder}/`)) return "the test has a script in the place of apt's verifier"
  const hasVariants = [...named].some(
    ([name, value]) => /^apt::architecture-variants(?:::|$)/.test(name) && value !== '',
  )
  return hasVariants ? 'apt reads the indexes of variants of an architecture, which debproof does not know' : undefined
}

function truth(value: string): string {
  if (/^(?:yes|true|with|on|enable|1)$/i.test(value)) return 'true'
  return /^(?:no|false|without|off|disable|0)$/i.test(value) ? 'false' : value
}

/** As apt's FindFile: a path that is not absolute is below that of the item around it. */
function directoryOf(named: ReadonlyMap<string, string>, name: string, cwd: string): string {
  const value = named.get(name) ?? ''
  if (value.startsWith('/')) return value
  if (value.startsWith('./') || value.startsWith('../')) return path.resolve(cwd, value)
  const parent = /^(.*)::/.exec(name)?.[1]
  return parent === undefined ? value : path.join(directoryOf(named, parent, cwd), value)
}

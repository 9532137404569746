import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { BinaryEntry } from '../../src/archive/index-entry.ts'
import { parsePackageList } from '../../src/packages/read-list.ts'
import type { Comparison } from './comparison.ts'
import type { Mirror, Suite } from './mirror.ts'
import { succeed } from './tools.ts'

/** apt reads command lines of some 2 MB at most. */
const PACKAGES_AT_ONCE = 4000

/** A package as debproof reads it, and its version as the index has it, which is what apt knows it by. */
export interface AptEntry {
  readonly entry: BinaryEntry
  readonly written: string
}

/**
 * What apt itself reads of a suite, from the files on this disk: its record of each candidate (`dumpavail`), and where
 * it would download each package from (`--print-uris`), which debproof's own reader of such lists reads.
 */
export async function compareWithApt(
  comparison: Comparison,
  mirror: Mirror,
  suite: Suite,
  components: readonly string[],
  entries: readonly AptEntry[],
  { scratch, keyring }: { readonly scratch: string; readonly keyring: string },
): Promise<void> {
  const root = path.join(scratch, 'apt')
  rmSync(root, { recursive: true, force: true })
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'empty']) {
    mkdirSync(path.join(root, folder), { recursive: true })
  }
  const base = `file:${path.join(mirror.folder, suite.archive)}`
  const line = `deb [arch=amd64 signed-by=${keyring}] ${base} ${suite.name} ${components.join(' ')}\n`
  writeFileSync(path.join(root, 'sources.list'), line)
  const options = Object.entries({
    'Dir::State': path.join(root, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(root, 'cache'),
    'Dir::Etc::sourcelist': path.join(root, 'sources.list'),
    'Dir::Etc::sourceparts': path.join(root, 'empty'),
    'Dir::Etc::preferencesparts': path.join(root, 'empty'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::ForceHash': 'SHA256',
    'APT::Update::Post-Invoke-Success::': 'true',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await succeed(['apt-get'], [...options, '--error-on=any', 'update'])
  comparison.count('suites')

  const ours = new Map(entries.map(({ entry }) => [`${entry.name} ${entry.version} ${entry.architecture}`, entry]))
  const records = (await succeed(['apt-cache'], [...options, 'dumpavail'])).split('\n\n').filter((text) => text !== '')
  comparison.count('records of dumpavail', records.length)
  for (const record of records) {
    const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'm').exec(record)?.[1] ?? `no ${name}`
    const key = [field('Package'), field('Version').replace(/^0+:/, ''), field('Architecture')].join(' ')
    const entry = ours.get(key)
    const theirs = ['Filename', 'Size', 'SHA256'].map(field).join(' ')
    const made = entry === undefined ? 'not listed' : fileOf(entry)
    comparison.same(`${suite.name}, dumpavail, ${key}`, made, theirs)
  }

  const found = new Set<string>()
  for (let start = 0; start < entries.length; start += PACKAGES_AT_ONCE) {
    const asked = entries.slice(start, start + PACKAGES_AT_ONCE)
    const names = asked.map(({ entry, written }) => `${entry.name}=${written}`)
    const printed = await succeed(['apt-get'], [...options, '-qq', '--print-uris', 'download', ...names])
    const uses = parsePackageList(Buffer.from(printed, 'latin1'), 'uris', 'print-uris').content.packages
    const lines = printed.split('\n').filter((uri) => uri.startsWith("'"))
    comparison.count('URIs of apt-get download', uses.length)
    for (const [index, use] of uses.entries()) {
      const key = `${use.name} ${use.version} ${use.architecture ?? ''}`
      found.add(key)
      const entry = ours.get(key)
      const [uri = '', , size = ''] = (lines[index] ?? '').split(' ')
      const file = decodeURIComponent(uri.slice(1, -1)).slice(base.length + 1)
      const theirs = `${file} ${size} ${use.hash?.sha256 ?? 'no hash'}`
      comparison.same(`${suite.name}, --print-uris, ${key}`, entry === undefined ? 'not listed' : fileOf(entry), theirs)
    }
  }
  for (const key of ours.keys()) {
    if (!found.has(key)) comparison.differ(`${suite.name}: apt has no URI of ${key}`)
  }
  rmSync(root, { recursive: true })
}

function fileOf({ file }: BinaryEntry): string {
  return `${file.path} ${file.size} ${file.sha256}`
}

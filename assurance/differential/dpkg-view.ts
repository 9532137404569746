import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BinaryEntry, sourceOf } from '../../src/archive/index-entry.ts'
import type { PackageUse } from '../../src/packages/package-use.ts'
import { parsePackageList } from '../../src/packages/read-list.ts'
import { Random } from '../random.ts'
import type { Comparison } from './comparison.ts'
import { succeed } from './tools.ts'

/** What only an index may say: dpkg refuses a status file with it. */
const ARCHIVE_FIELDS = /^(?:Filename|Size|MD5sum|SHA1|SHA256|SHA512): .*\n/gim

const WANTS = ['install', 'hold', 'deinstall', 'purge'] as const
const STATES = ['installed', 'installed', 'unpacked', 'half-configured', 'half-installed', 'config-files'] as const

/**
 * The packages of an index as if dpkg had installed them, some only half or no longer: dpkg's own reading of their
 * `Source` fields, of its status file and of its list, against debproof's.
 *
 * @param plain the index, decompressed
 */
export async function compareWithDpkg(
  comparisons: { readonly sources: Comparison; readonly lists: Comparison },
  name: string,
  entries: readonly BinaryEntry[],
  plain: string,
  scratch: string,
): Promise<void> {
  const ours = entries.map((entry) => {
    const source = sourceOf(entry)
    return [entry.name, entry.version, entry.architecture, source.name, source.version].join('\t')
  })
  const theirs: string[] = []
  for (const folder of installations(plain, scratch)) {
    const format = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version']
    theirs.push(...(await show(folder, format)))
    await compareLists(comparisons.lists, name, folder)
    rmSync(folder, { recursive: true })
  }
  comparisons.sources.count('packages', theirs.length)
  comparisons.sources.sameLines(name, ours.sort(), theirs.sort())
}

/** The two lists that dpkg gives, its status file and `dpkg-query -W`, as debproof reads them and as dpkg does. */
export async function compareLists(comparison: Comparison, name: string, folder: string): Promise<void> {
  const shown = await show(folder, ['Package', 'Version', 'Architecture', 'db:Status-Status', 'Multi-Arch'])
  const native = (await succeed(['dpkg'], ['--print-architecture'])).trim()
  const rows = shown.map((line) => line.split('\t'))

  const onDisk = rows.filter(([, , , state]) => state !== 'config-files' && state !== 'not-installed')
  const status = path.join(folder, 'status')
  const read = (bytes: Buffer, file: string, format: string): readonly PackageUse[] =>
    parsePackageList(bytes, file, format).content.packages
  const fromStatus = read(readFileSync(status), status, 'dpkg-status')
  comparison.count('packages of status files', onDisk.length)
  comparison.sameLines(
    `${name}, status file`,
    fromStatus.map((use) => [use.name, use.version, use.architecture ?? ''].join('\t')).sort(),
    onDisk.map((row) => row.slice(0, 3).join('\t')).sort(),
  )

  const printed = await succeed(['dpkg-query'], [`--admindir=${folder}`, '--show'])
  const fromQuery = read(Buffer.from(printed, 'latin1'), 'packages', 'dpkg-query')
  comparison.count('packages of dpkg-query -W', fromQuery.length)
  comparison.sameLines(
    `${name}, dpkg-query -W`,
    fromQuery.map((use) => [use.name, use.version, use.architecture ?? 'native or all'].join('\t')),
    rows.map(([pkg = '', version = '', architecture = '', , multiArch]) => {
      const isPlain = (architecture === native || architecture === 'all') && multiArch !== 'same'
      return [pkg, version, isPlain ? 'native or all' : architecture].join('\t')
    }),
  )
}

async function show(folder: string, fields: readonly string[]): Promise<string[]> {
  const format = `${fields.map((field) => `\${${field}}`).join('\\t')}\\n`
  const printed = await succeed(['dpkg-query'], [`--admindir=${folder}`, '--show', `--showformat=${format}`])
  return printed.split('\n').slice(0, -1)
}

/** dpkg has one version of a package; an index that lists more of one makes more installations. */
function* installations(plain: string, scratch: string): Generator<string> {
  const stanzas = readFileSync(plain, 'latin1')
    .split(/\n\n+/)
    .filter((stanza) => stanza.trim() !== '')
  const random = new Random(stanzas.length)
  const seen = new Map<string, number>()
  const status: string[][] = []
  for (const stanza of stanzas) {
    const name = /^Package: *(.*)$/m.exec(stanza)?.[1] ?? ''
    const rank = seen.get(name) ?? 0
    seen.set(name, rank + 1)
    const state = `Status: ${random.pick(WANTS)} ok ${random.pick(STATES)}\n`
    status[rank] ??= []
    status[rank].push(state + `${stanza}\n`.replaceAll(ARCHIVE_FIELDS, ''))
  }
  for (const [rank, text] of status.entries()) {
    const folder = path.join(scratch, `installation-${rank}`)
    for (const part of ['info', 'updates', 'triggers']) mkdirSync(path.join(folder, part), { recursive: true })
    writeFileSync(path.join(folder, 'status'), `${text.join('\n')}`, 'latin1')
    writeFileSync(path.join(folder, 'available'), '')
    yield folder
  }
}

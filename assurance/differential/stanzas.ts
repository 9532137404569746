import path from 'node:path'
import { type IndexEntry, sourceOf } from '../../src/archive/index-entry.ts'
import { versionInFileName } from '../../src/rebuild/file-name.ts'
import { rebuiltPackageOf } from '../../src/reproduced/rebuilt-package.ts'
import { Random } from '../random.ts'
import type { Comparison } from './comparison.ts'
import type { Index } from './indexes.ts'
import { readPlain } from './read-whole.ts'
import { run } from './tools.ts'

/** The fields of a stanza as grep-dctrl prints them. */
export type PrintedStanza = ReadonlyMap<string, string>

const FIELDS = {
  Packages: ['Package', 'Version', 'Architecture', 'Size', 'SHA256', 'Filename', 'Source'],
  Sources: ['Package', 'Version', 'Directory', 'Checksums-Sha256'],
}

const EPOCH_ZERO = /^0+:/

/** What grep-dctrl prints of every stanza of an index. @param plain the index, decompressed */
export async function printedStanzas({ kind }: Index, plain: string): Promise<PrintedStanza[]> {
  const { code, stdout, stderr } = await run(['grep-dctrl'], ['--show-field', FIELDS[kind].join(','), '', plain])
  // As grep does, it ends with 1 where there is nothing.
  if (code !== 0 && (code !== 1 || stderr !== '')) throw new Error(`grep-dctrl: exit code ${code}\n${stderr}`)
  return stdout
    .toString('latin1')
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map(
      (stanza) =>
        new Map(
          stanza.split(/\n(?![ \t])/).map((field) => {
            const colon = field.indexOf(':')
            return [field.slice(0, colon), field.slice(colon + 1).trim()]
          }),
        ),
    )
}

/** All fields that debproof takes of each stanza, in the order of the index, against what grep-dctrl prints. */
export function compareStanzas(
  comparison: Comparison,
  { name, kind }: Index,
  entries: readonly IndexEntry[],
  printed: readonly PrintedStanza[],
): void {
  comparison.count('stanzas', printed.length)
  comparison.count(
    'fields',
    printed.reduce((sum, stanza) => sum + stanza.size, 0),
  )
  const hasZero = (stanza: PrintedStanza): boolean =>
    EPOCH_ZERO.test(stanza.get('Version') ?? '') || stanza.get('Source')?.includes('(0:') === true
  const zeros = printed.filter(hasZero).length
  if (zeros > 0) comparison.explain('an epoch of zero, which debproof leaves out as dpkg does', zeros)
  comparison.sameLines(name, entries.map(ourLine), printed.map(kind === 'Packages' ? packageLine : sourceLine))
}

/** How many stanzas an index has for a reader that knows nothing of them: grep. @param plain the index, decompressed */
export async function countStanzas(
  comparison: Comparison,
  { name }: Index,
  entries: readonly IndexEntry[],
  plain: string,
): Promise<void> {
  const { stdout } = await run(['grep'], ['--text', '--count', '--ignore-case', '^package:', plain])
  comparison.count('indexes')
  comparison.same(`${name}, stanzas`, String(entries.length), stdout.toString().trim())
}

/** A twentieth of the names: their stanzas and no others, whatever stands between them. */
export async function compareSelection(
  comparison: Comparison,
  index: Index,
  all: readonly IndexEntry[],
  plain: string,
): Promise<void> {
  const random = new Random(all.length)
  const names = new Set(all.map((entry) => entry.name).filter(() => random.below(20) === 0))
  const expected = all.filter((entry) => names.has(entry.name))
  const entries = await readPlain(index, plain, names)
  comparison.count('names looked for', names.size)
  comparison.count('stanzas found', entries.length)
  comparison.sameLines(`${index.name}, some names`, entries.map(ourLine), expected.map(ourLine))
}

/**
 * The names that debproof makes of name, version and architecture against those that archives give the files:
 * `Filename` of a .deb or .udeb, and of a source package its .dsc.
 */
export function compareFileNames(comparison: Comparison, index: Index, entries: readonly IndexEntry[]): void {
  for (const entry of entries) {
    const listed = path.posix.basename(entry.file.path)
    comparison.count(`.${listed.split('.').at(-1) ?? ''} names`)
    const made =
      entry.kind === 'binary'
        ? rebuiltPackageOf(entry).fileName
        : `${entry.name}_${versionInFileName(entry.version)}.dsc`
    comparison.same(`${index.name}, ${entry.name} ${entry.version}`, made, listed)
  }
}

function ourLine(entry: IndexEntry): string {
  if (entry.kind === 'source') {
    const files = entry.files.map(({ path: file, size, sha256 }) => `${file} ${size} ${sha256}`)
    return [entry.name, entry.version, entry.file.path, ...files].join('\t')
  }
  const { name, version, architecture, file } = entry
  const source = sourceOf(entry)
  return [name, version, architecture, file.size, file.sha256, file.path, source.name, source.version].join('\t')
}

function packageLine(stanza: PrintedStanza): string {
  const values = FIELDS.Packages.slice(0, 6).map((field) => {
    const value = stanza.get(field) ?? `no ${field}`
    return field === 'Version' ? value.replace(EPOCH_ZERO, '') : value
  })
  const [name = '', version = ''] = values
  const [source = '', inParentheses] = (stanza.get('Source') ?? name).split(/[ ()]+/)
  return [...values, source, inParentheses?.replace(EPOCH_ZERO, '') || version].join('\t')
}

function sourceLine(stanza: PrintedStanza): string {
  const rows = (stanza.get('Checksums-Sha256') ?? '').split('\n').map((row) => row.trim().split(' '))
  const directory = stanza.get('Directory') ?? 'no Directory'
  const files = rows.map(([sha256 = '', size = '', file = '']) => ({ file: `${directory}/${file}`, size, sha256 }))
  files.sort((a, b) => (a.file < b.file ? -1 : 1))
  const dsc = files.find(({ file }) => file.endsWith('.dsc'))?.file ?? 'no .dsc'
  const values = [
    stanza.get('Package') ?? 'no Package',
    (stanza.get('Version') ?? 'no Version').replace(EPOCH_ZERO, ''),
    dsc,
  ]
  return [...values, ...files.map(({ file, size, sha256 }) => `${file} ${size} ${sha256}`)].join('\t')
}

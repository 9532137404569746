import { createReadStream } from 'node:fs'
import type { BinaryEntry, IndexEntry, SourceEntry } from '../../src/archive/index-entry.ts'
import { scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import type { Index, IndexForm } from './indexes.ts'

/** What debproof reads of an index about these names, as it reads it in a verification, hidden fields refused. */
export async function readWhole(
  index: Index,
  form: IndexForm,
  names: Iterable<string>,
): Promise<readonly IndexEntry[]> {
  const { entries } = await scanIndex(
    createReadStream(form.file, { highWaterMark: 64 * 1024 }),
    form.compression,
    { file: form.entry, plain: index.plain },
    { kind: index.kind, wanted: new WantedNames(names), refuseHidden: true },
    index.name,
  )
  return entries
}

/** The same of an index that a tool has decompressed. */
export async function readPlain(index: Index, file: string, names: Iterable<string>): Promise<readonly IndexEntry[]> {
  const { entries } = await scanIndex(
    createReadStream(file, { highWaterMark: 64 * 1024 }),
    'plain',
    { plain: index.plain },
    { kind: index.kind, wanted: new WantedNames(names), refuseHidden: true },
    index.name,
  )
  return entries
}

export function binaries(entries: readonly IndexEntry[]): BinaryEntry[] {
  return entries.filter((entry) => entry.kind === 'binary')
}

export function sources(entries: readonly IndexEntry[]): SourceEntry[] {
  return entries.filter((entry) => entry.kind === 'source')
}

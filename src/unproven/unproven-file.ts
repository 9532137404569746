import type { LocatedFile } from '../archive/archive-reader.ts'

/** A .deb as an index lists it. */
export interface UnprovenFile {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** Null where the index does not state it once and in the usual form. */
  readonly sha256: string | null
  /** Such as `bookworm main/binary-amd64/Packages`. */
  readonly index: string
}

/** Each file once, also where several indexes list it, such as one for all architectures; sorted by name. */
export function sortedFiles(located: readonly LocatedFile[]): UnprovenFile[] {
  const files = new Map<string, UnprovenFile>()
  for (const file of located.map(fileOf)) {
    const key = JSON.stringify([file.sha256, file.name, file.version, file.architecture])
    if (!files.has(key)) files.set(key, file)
  }
  return [...files.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function fileOf({ file, index }: LocatedFile): UnprovenFile {
  if (file.kind === 'unreadable') {
    const { name, version, architecture } = file
    return { name, version, architecture, sha256: null, index }
  }
  const { name, version, architecture, file: pool } = file.entry
  return { name, version, architecture, sha256: pool.sha256, index }
}

function sortKey({ name, version, architecture, sha256, index }: UnprovenFile): string {
  return [name, version, architecture, sha256 ?? '', index].join(' ')
}

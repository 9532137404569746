import { listError, quote } from './list-entry.ts'

/** What a file name says of the package in it. */
export type NamedFile =
  | { readonly kind: 'binary'; readonly name: string; readonly version: string; readonly architecture: string }
  | { readonly kind: 'source'; readonly name: string; readonly version: string }
  /** A file of the source package `name`, which its .dsc names and hashes: the .dsc stands for it (dsc(5)). */
  | { readonly kind: 'source-file'; readonly name: string }

const SOURCE_FILE = /^([^_]+)_[^_]+\.(?:tar\.(?:gz|xz|bz2|lzma|zst)|diff\.gz)(?:\.asc|\.sig)?$/

/**
 * Reads `name_version_architecture.deb` (or `.udeb`) and `name_version.dsc`. apt's names keep the epoch, as
 * `git_1%3a2.39.5-1_amd64.deb` (its `QuoteString`); those in a pool, and every .dsc, lack it.
 *
 * @throws DebproofError PACKAGE_LIST that names file and line
 */
export function readFileName(fileName: string, file: string, line: number): NamedFile {
  const source = SOURCE_FILE.exec(fileName)?.[1]
  if (source !== undefined) return { kind: 'source-file', name: unescapePercent(source) }
  const dsc = /^([^_]+)_([^_]+)\.dsc$/.exec(fileName)
  if (dsc !== null) {
    const [name = '', version = ''] = dsc.slice(1).map(unescapePercent)
    return { kind: 'source', name, version }
  }
  const parts = /^([^_]+)_([^_]+)_([^_]+)\.u?deb$/.exec(fileName)
  if (parts === null) throw listError(file, line, `${quote(fileName)} is not the file name of a package`)
  const [name = '', version = '', architecture = ''] = parts.slice(1).map(unescapePercent)
  return { kind: 'binary', name, version, architecture }
}

/** apt escapes as in URLs, also the `_` that separates the parts. */
function unescapePercent(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** The name that apt gives a .deb in its cache. Whatever would be lost in it is escaped. */
export function debFileName(name: string, version: string, architecture: string): string {
  return `${escapeSeparators(name)}_${escapeSeparators(version)}_${architecture}.deb`
}

/** The name of a source package's .dsc, with the epoch, which neither apt nor a pool keep there. */
export function dscFileName(name: string, version: string): string {
  return `${escapeSeparators(name)}_${escapeSeparators(version)}.dsc`
}

function escapeSeparators(text: string): string {
  return text.replaceAll('_', '%5f').replaceAll(':', '%3a')
}

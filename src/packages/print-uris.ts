import { entryLines, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/**
 * `apt-get --print-uris` (apt-get(8)): `'URL' file size [hash]`. Name, version and architecture come from the file
 * name, in which apt keeps the epoch (`git_1%3a2.39.5-1_amd64.deb`); the URL of the pool does not have it.
 *
 * apt prints MD5 unless told otherwise, and for some archives nothing: only SHA-256 is taken as a hash. What apt
 * says besides (`Reading package lists...`) is passed over. It does not print what is already in its cache.
 */
export const printUris: ListFormat = {
  name: 'print-uris',
  madeBy: 'apt-get --print-uris (with -o Acquire::ForceHash=SHA256 the list carries hashes)',
  detect: (start) => /^'[a-z][a-z0-9+.-]*:[^'\s]*' \S+ \d+ ?/im.test(start),
  read,
}

/** The files of a source package that its .dsc names and hashes: the .dsc stands for them (dsc(5)). */
const OTHER_SOURCE_FILE = /\.(?:tar\.(?:gz|xz|bz2|lzma|zst)|diff\.gz)(?:\.asc|\.sig)?$/

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  for (const [line, number] of entryLines(text, file)) {
    if (!line.startsWith("'")) continue
    const [, name, hash] = /^'[^'\s]+' (\S+) \d+(?: (\S*))?$/.exec(line) ?? []
    if (name === undefined) throw listError(file, number, `expected 'URL' file size hash, not ${quote(line)}`)
    if (OTHER_SOURCE_FILE.test(name)) continue
    const sha256 = /^SHA256:(.*)$/i.exec(hash ?? '')?.[1]
    packages.push(name.endsWith('.dsc') ? sourceUse(name, sha256, file, number) : binaryUse(name, sha256, file, number))
  }
  return { packages }
}

function binaryUse(fileName: string, sha256: string | undefined, file: string, line: number): PackageUse {
  const parts = /^([^_]+)_([^_]+)_([^_]+)\.u?deb$/.exec(fileName)
  if (parts === null) throw listError(file, line, `${quote(fileName)} is not the file name of a package`)
  const [name = '', version = '', architecture = ''] = parts.slice(1).map(unescapePercent)
  return packageUse({ kind: 'binary', name, version, architecture, sha256 }, file, line)
}

/**
 * No .dsc carries the epoch in its name, so the version may lack it. A wrong version must not pass for a right one:
 * such an entry is taken only with its hash, which says by itself which source package it is.
 */
function sourceUse(fileName: string, sha256: string | undefined, file: string, line: number): PackageUse {
  const parts = /^([^_]+)_([^_]+)\.dsc$/.exec(fileName)
  if (parts === null) throw listError(file, line, `${quote(fileName)} is not the file name of a source package`)
  if (sha256 === undefined) {
    throw listError(
      file,
      line,
      `${quote(fileName)} does not say the epoch of its version, and there is no SHA-256 to know it by: ` +
        'print the list with -o Acquire::ForceHash=SHA256',
    )
  }
  const [name = '', version = ''] = parts.slice(1)
  return packageUse({ kind: 'source', name, version, sha256 }, file, line)
}

/** apt escapes as in URLs (`QuoteString`), also the `_` that separates the parts. */
function unescapePercent(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

import { entryLines, firstEntryLine, listError, packageUse, quote, splitQualifiedName } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/**
 * `name[:arch]=version`, as apt-get(8) takes it on its command line, one to a line; or `name==version`, as SONiC
 * pins its packages. Split at the first `=`, which no version can hold (Debian Policy 5.6.12).
 */
export const nameVersion: ListFormat = {
  name: 'name-version',
  madeBy: "lists of name=version or name==version: apt's command line, pins, SONiC's versions-deb-*",
  detect(start, fileName) {
    // SONiC's versions-mirror holds the time stamps of its mirrors in the same shape.
    if (/(?:^|\/)versions-mirror[^/]*$/.test(fileName)) return false
    return /^\s*[a-z0-9][a-z0-9+._-]*(?::[a-z0-9-]+)?==?\d/i.test(firstEntryLine(start) ?? '')
  },
  read,
}

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  for (const [line, number] of entryLines(text, file)) {
    const parts = /^([^=\s]+)==?([^=\s]+)$/.exec(line.trim())
    if (parts === null) throw listError(file, number, `expected name=version, not ${quote(line)}`)
    const [, qualifiedName = '', version = ''] = parts
    packages.push(packageUse({ kind: 'binary', ...splitQualifiedName(qualifiedName), version }, file, number))
  }
  return { packages }
}

import { debFileName, dscFileName, readFileName } from './deb-file-name.ts'
import { entryLines, firstEntryLine, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'
import { SourceFiles } from './source-files.ts'

/**
 * The SHA-256 sums of .debs, as sha256sum(1) writes them: `debproof packages --format sha256sums`, repro-get's
 * `SHA256SUMS-*`, or a plain `sha256sum *.deb`. Folders before the file name do not count.
 *
 * Name, version and architecture are what the file name says. apt's names keep the epoch, those of a pool lack it,
 * and a version without one may be either. That does no harm, for every entry has its hash, and the hash is what is
 * judged: an archive's file is found by it under the version with any epoch (`ListingTable`), and a file that is
 * listed with another hash is not this one.
 */
export const sha256sums: ListFormat = {
  name: 'sha256sums',
  madeBy: 'sha256sum *.deb, debproof packages --format sha256sums, SHA256SUMS of repro-get',
  detect: (start) => /^[0-9a-f]{64} [ *]\S/.test(firstEntryLine(start) ?? ''),
  read,
}

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  const sourceFiles = new SourceFiles(file)
  for (const [line, number] of entryLines(text, file)) {
    const [, sha256, path = ''] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? []
    if (sha256 === undefined) {
      throw listError(file, number, `expected SHA-256, two blanks and the name of a .deb, not ${quote(line)}`)
    }
    const named = readFileName(path.slice(path.lastIndexOf('/') + 1), file, number)
    if (named.kind === 'source-file') {
      sourceFiles.add(named.name, number)
      continue
    }
    if (named.kind === 'source') sourceFiles.standFor(named.name)
    packages.push(packageUse({ ...named, sha256 }, file, number))
  }
  sourceFiles.refuseLeftOver()
  return { packages }
}

/**
 * Writes such a list, sorted by file name: under the names that apt gives its downloads, so that `sha256sum -c` checks
 * them in a folder of these, and so that no epoch is lost.
 *
 * @returns the packages whose hash is not known, where there are any
 */
export function writeSha256sums(
  uses: readonly PackageUse[],
): { readonly text: string } | { readonly unknown: readonly PackageUse[] } {
  const lines: { readonly name: string; readonly line: string }[] = []
  const unknown: PackageUse[] = []
  for (const use of uses) {
    const name = fileNameOf(use)
    if (use.hash === undefined || name === undefined) unknown.push(use)
    else lines.push({ name, line: `${use.hash.sha256}  ${name}\n` })
  }
  if (unknown.length > 0) return { unknown }
  // Hashes differ where names do not: two files that call themselves by one version were used.
  lines.sort((a, b) => (a.name === b.name ? before(a.line, b.line) : before(a.name, b.name)))
  return { text: lines.map(({ line }) => line).join('') }
}

function fileNameOf({ kind, name, version, architecture }: PackageUse): string | undefined {
  if (kind === 'source') return dscFileName(name, version)
  return architecture === undefined ? undefined : debFileName(name, version, architecture)
}

function before(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

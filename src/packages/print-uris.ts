import { AptChatter, saysPartIsAtHand } from './apt-chatter.ts'
import { readFileName } from './deb-file-name.ts'
import { entryLines, firstEntryLine, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'
import { SourceFiles } from './source-files.ts'

/**
 * `apt-get --print-uris` (apt-get(8)): `'URL' file size [hash]`. Name, version and architecture come from the file
 * name, in which apt keeps the epoch (`git_1%3a2.39.5-1_amd64.deb`); the URL of the pool does not have it.
 *
 * apt prints MD5 unless told otherwise, and for some archives nothing: only SHA-256 is taken as a hash. What apt says
 * besides, in English, is passed over, and nothing else. apt does not print what is in its cache already: where it
 * says that there is some, the list is refused.
 */
export const printUris: ListFormat = {
  name: 'print-uris',
  madeBy: 'apt-get --print-uris (with -o Acquire::ForceHash=SHA256 the list carries hashes)',
  detect: (start) =>
    /^'[a-z][a-z0-9+.-]*:[^'\s]*' \S+ \d+ ?/im.test(start) || firstEntryLine(start) === 'Reading package lists...',
  read,
}

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  const chatter = new AptChatter()
  const sourceFiles = new SourceFiles(file)
  let partAtHand: number | undefined
  let local = false
  for (const [line, number] of entryLines(text, file)) {
    if (!line.startsWith("'")) {
      if (!chatter.passes(line)) throw notOfApt(line, text, file, number)
      if (saysPartIsAtHand(line)) partAtHand ??= number
      continue
    }
    const [, name, hash] = /^'[^'\s]+' (\S+) \d+(?: (\S*))?$/.exec(line) ?? []
    if (name === undefined) throw listError(file, number, `expected 'URL' file size hash, not ${quote(line)}`)
    // Of an archive on this machine nothing needs to be got, and all is printed.
    local ||= /^'(?:file|copy|cdrom):/i.test(line)
    const named = readFileName(name, file, number)
    if (named.kind === 'source-file') {
      sourceFiles.add(named.name, number)
      continue
    }
    const sha256 = /^SHA256:(.*)$/i.exec(hash ?? '')?.[1]
    if (named.kind === 'source') {
      // No .dsc carries the epoch in its name, and a wrong version must not pass for a right one.
      if (sha256 === undefined) throw withoutEpoch(name, file, number)
      sourceFiles.standFor(named.name)
    }
    packages.push(packageUse({ ...named, sha256 }, file, number))
  }
  sourceFiles.refuseLeftOver()
  if (partAtHand !== undefined && !local) {
    const problem =
      'apt had some of these files in its cache already, and does not print them: run "apt-get clean" before'
    throw listError(file, partAtHand, problem)
  }
  return { packages }
}

function notOfApt(line: string, text: string, file: string, number: number): Error {
  const failure = /^E: .*$/m.exec(text)?.[0]
  if (failure !== undefined) {
    return listError(file, number, `apt failed, and its list may lack packages: ${quote(failure)}`)
  }
  return listError(
    file,
    number,
    `${quote(line)} is nothing that apt prints in English beside its URLs: a list has one format; print it with ` +
      'LC_ALL=C apt-get -qq --print-uris',
  )
}

function withoutEpoch(fileName: string, file: string, line: number): Error {
  return listError(
    file,
    line,
    `${quote(fileName)} does not say the epoch of its version, and there is no SHA-256 to know it by: ` +
      'print the list with -o Acquire::ForceHash=SHA256',
  )
}

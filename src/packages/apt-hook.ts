import { entryLines, firstEntryLine, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/**
 * What `hooks/apt-hook` writes while apt installs: `apt-hook/1 SHA256 NAME VERSION ARCHITECTURE FILE`, for each .deb
 * that apt handed to dpkg, with the hash of that very file. Every line says what it is, so that the lists of several
 * builders can be joined. A list whose last line does not end is refused: its writer was stopped.
 */
export const aptHook: ListFormat = {
  name: 'apt-hook',
  madeBy: "debproof's hook for apt (hooks/apt-hook): every .deb that apt handed to dpkg, with its hash",
  detect: (start) => (firstEntryLine(start) ?? '').startsWith('apt-hook/'),
  read,
}

const LINE = /^apt-hook\/1 ([0-9a-f]{64}) (\S+) (\S+) (\S+) \S.*$/

function read(text: string, file: string): PackageListContent {
  const packages: PackageUse[] = []
  let last = 0
  for (const [line, number] of entryLines(text, file)) {
    const [, sha256, name = '', version = '', architecture] = LINE.exec(line) ?? []
    if (sha256 === undefined) {
      throw listError(file, number, `expected apt-hook/1 SHA256 NAME VERSION ARCHITECTURE FILE, not ${quote(line)}`)
    }
    packages.push(packageUse({ kind: 'binary', name, version, architecture, sha256 }, file, number))
    last = number
  }
  if (last > 0 && !text.endsWith('\n')) throw listError(file, last, 'the last line is cut off: the hook was stopped')
  return { packages }
}

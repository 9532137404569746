import { basename } from 'node:path'
import { entryLines, firstEntryLine, listError, packageUse, quote, splitQualifiedName } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import type { PackageUse } from './package-use.ts'

/**
 * `dpkg-query -W` (dpkg-query(1), the default `--showformat`): `name[:arch]<TAB>version`. dpkg writes the
 * architecture only for Multi-Arch: same and for foreign packages: without it, it is the native one or `all`.
 *
 * Such a list also names packages that are removed but not purged, and nothing in it tells them apart.
 */
export const dpkgQuery: ListFormat = {
  name: 'dpkg-query',
  madeBy: 'dpkg-query -W: .packages of Tails and live-build, chroot.packages.*, .manifest of Ubuntu images',
  detect(start, fileName) {
    for (const [line] of entryLines(start, fileName)) {
      // Ubuntu's snaps may come first, so they do not decide.
      if (!SNAP.test(line)) return /^[a-z0-9][a-z0-9+._-]*(?::[a-z0-9-]+)?\t\d/i.test(line)
    }
    return firstEntryLine(start) !== undefined && isUbuntuManifest(fileName)
  },
  read,
}

/**
 * How Ubuntu's image builder marks a snap in the manifest, which is no Debian package:
 * `snap:name<TAB>channel<TAB>revision`. With two columns it is one: Debian has a package of the name snap.
 */
const SNAP = /^snap:[^\t]*\t[^\t]*\t[^\t]*$/

function isUbuntuManifest(file: string): boolean {
  return basename(file).endsWith('.manifest')
}

function read(text: string, file: string): PackageListContent {
  const snapsAllowed = isUbuntuManifest(file)
  const packages: PackageUse[] = []
  for (const [line, number] of entryLines(text, file)) {
    if (SNAP.test(line)) {
      if (snapsAllowed) continue
      throw listError(file, number, 'a snap is not a Debian package (snaps are left out of files named .manifest only)')
    }
    const [qualifiedName = '', version = '', ...more] = line.split('\t')
    if (more.length > 0) {
      throw listError(
        file,
        number,
        'has more than the two columns name and version: write the list with "dpkg-query -W" and no --showformat',
      )
    }
    if (version === '') {
      throw listError(file, number, `${quote(qualifiedName)} has no version: expected name[:arch], a tab, version`)
    }
    packages.push(packageUse({ kind: 'binary', ...splitQualifiedName(qualifiedName), version }, file, number))
  }
  return { packages }
}

import { firstEntryLine, listError, packageUse, quote } from './list-entry.ts'
import type { ListFormat, PackageListContent } from './list-format.ts'
import { readManifestLines, type WrittenManifest } from './manifest-lines.ts'
import { readAnyYaml } from './manifest-yaml.ts'

/**
 * The `.build-manifest` of a Tails release: the snapshot of each origin, and every package that the build
 * downloaded. Every value is text: `version: 2:1.2` is not a number in base 60, as YAML 1.1 has it.
 *
 * Source: Tails' `auto/scripts/generate-build-manifest`.
 */
export const buildManifest: ListFormat = {
  name: 'build-manifest',
  madeBy: "Tails' .build-manifest",
  detect: (start) =>
    /^(?:---\s*|origin_references:\s*|packages:\s*)$/.test(firstEntryLine(start) ?? '') &&
    /^packages:[ \t]*$/m.test(start),
  read,
}

function read(text: string, file: string): PackageListContent {
  // Tails' own way of writing is read 30 times faster than all of YAML, which is left for manifests of others.
  const manifest = readManifestLines(text) ?? readAnyYaml(text, file)
  return {
    packages: manifest.entries.map((entry) => packageUse(entry, file, entry.line)),
    references: references(manifest, file),
  }
}

/** Both parts end up in URLs and messages, hence the narrow grammar. */
function references(manifest: WrittenManifest, file: string): Record<string, string> {
  const result: Record<string, string> = {}
  for (const { origin, reference, line } of manifest.references) {
    if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(origin))
      throw listError(file, line, `${quote(origin)} is not an origin's name`)
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(reference)) {
      throw listError(file, line, `${quote(reference)}, the reference of ${origin}, is not the name of a snapshot`)
    }
    if (Object.hasOwn(result, origin)) throw listError(file, line, `the origin ${origin} is there twice`)
    result[origin] = reference
  }
  return result
}

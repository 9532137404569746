import { gzipSync } from 'node:zlib'
import { block, clearsigned, releaseText, row, sha256Hex, signature } from './signed-archive.ts'

/** A stanza of a `Packages` index, ending in a newline. */
export function binaryStanza(name: string, version = '1', content = `${name} ${version}`): string {
  return (
    `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nFilename: pool/${name}_${version}_amd64.deb\n` +
    `Size: ${content.length}\nSHA256: ${sha256Hex(content)}\n`
  )
}

/** A stanza of a `Sources` index, ending in a newline. */
export function sourceStanza(name: string, version = '1'): string {
  return (
    `Package: ${name}\nVersion: ${version}\nDirectory: pool\n` +
    `Checksums-Sha256:\n ${sha256Hex(name)} 1 ${name}_${version}.dsc\n`
  )
}

/** The text of an index. */
export function indexText(...stanzas: readonly string[]): string {
  return stanzas.join('\n')
}

type Signer = Parameters<typeof signature>[1]

export interface SuiteOptions {
  /** Indexes by their path in the release file, with what they hold; `.gz` is compressed here. */
  readonly indexes: Readonly<Record<string, string | Uint8Array>>
  readonly fields?: Readonly<Record<string, string | undefined>>
  /** Rows of files that are listed and not served, as Debian's archive lists its indexes as they are uncompressed. */
  readonly listed?: readonly string[]
}

/** The release text that lists these indexes. */
export function suiteText({ indexes, fields, listed = [] }: SuiteOptions): string {
  const rows = Object.entries(indexes).map(([path, content]) => row(path, indexBytes(path, content)))
  return releaseText({ SHA256: `\n${[...rows, ...listed].join('\n')}`, ...fields })
}

/** The files of a suite below `dists/made/`, signed. */
export async function suiteFiles(signer: Signer, options: SuiteOptions): Promise<Record<string, string | Uint8Array>> {
  const text = suiteText(options)
  const files: Record<string, string | Uint8Array> = {
    InRelease: clearsigned(text, block(await signature(text, signer))),
  }
  for (const [path, content] of Object.entries(options.indexes)) files[path] = indexBytes(path, content)
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`dists/made/${path}`, content]))
}

function indexBytes(path: string, content: string | Uint8Array): Uint8Array {
  if (typeof content !== 'string') return content
  return path.endsWith('.gz') ? gzipSync(content) : Buffer.from(content, 'latin1')
}

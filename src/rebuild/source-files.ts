import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseStanza } from '../archive/deb822.ts'
import { Digester, sha256Of } from '../archive/hash.ts'
import { type PackageName, parsePackageName } from '../archive/identity.ts'
import type { IndexEntry, PoolFile, SourceEntry } from '../archive/index-entry.ts'
import { urlBelow } from '../archive/path-below.ts'
import { splitClearsigned } from '../archive/signed-text.ts'
import type { SourceName } from '../archive/source-name.ts'
import { DebproofError } from '../errors.ts'
import { MAX_DSC, MAX_PACKAGE_FILE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'

/**
 * The entry of a source package in the signed index.
 * @throws DebproofError NOT_FOUND; INDEX_MISMATCH where two suites have two contents under one name and version
 */
export function sourceEntryOf(
  { name, version }: SourceName,
  entries: readonly IndexEntry[],
  archive: string,
): SourceEntry {
  const found = entries.flatMap((entry) =>
    entry.kind === 'source' && entry.name === name && entry.version === version ? [entry] : [],
  )
  const [first] = found
  if (first === undefined) {
    throw new DebproofError(
      'NOT_FOUND',
      `The archive ${archive} lists no source package ${name} ${version}: what is not there cannot be built.`,
    )
  }
  if (found.some(({ file }) => file.sha256 !== first.file.sha256)) {
    throw new DebproofError('INDEX_MISMATCH', `The archive ${archive} has two source packages ${name} ${version}.`)
  }
  return first
}

/** A `.dsc` that is what the signed index says. */
export interface SourceDescription {
  /** The names that it says it builds (Debian Policy 5.6.19): to look them up, not to believe them. */
  readonly binaries: readonly PackageName[]
}

/**
 * Downloads a `.dsc` and reads which binary packages it builds. Its own signature, if it has one, is not looked at:
 * the archive's index says which bytes these are.
 *
 * @throws DebproofError INDEX_MISMATCH, INDEX_MALFORMED, NOT_FOUND, FETCH, TOO_LARGE
 */
export async function readSourceDescription(
  downloads: Downloads,
  base: URL,
  { file }: SourceEntry,
): Promise<SourceDescription> {
  const url = urlBelow(base, file.path)
  const bytes = await downloads.bytes(url, MAX_DSC)
  if (bytes.length !== file.size || sha256Of(bytes) !== file.sha256) throw differs(url)
  const isSigned = Buffer.from(bytes.subarray(0, 16)).toString('latin1').startsWith('-----BEGIN PGP')
  const text = isSigned ? splitClearsigned(bytes, url.href).text : bytes
  const stanza = parseStanza(Buffer.from(text).toString('latin1').trimEnd())
  const names = (stanza.get('binary') ?? '').split(/[\s,]+/).filter((name) => name !== '')
  return {
    binaries: names.map((written) => {
      const name = parsePackageName(written)
      if (name !== undefined) return name
      throw new DebproofError('INDEX_MALFORMED', `${url.href} builds ${JSON.stringify(written)}, which is no name.`)
    }),
  }
}

/**
 * Downloads every file of a source package into a folder, each hashed as it comes and held against the signed index.
 *
 * @returns the path of the .dsc
 * @throws DebproofError INDEX_MISMATCH, NOT_FOUND, FETCH, TOO_LARGE
 */
export async function fetchSourceFiles(
  downloads: Downloads,
  base: URL,
  { file, files }: SourceEntry,
  folder: string,
): Promise<string> {
  for (const item of files)
    await fetchPoolFile(downloads, base, item, path.join(folder, path.posix.basename(item.path)))
  return path.join(folder, path.posix.basename(file.path))
}

/** Downloads one file of the pool, which must be what the index says. @throws DebproofError as above */
export async function fetchPoolFile(downloads: Downloads, base: URL, file: PoolFile, target: string): Promise<void> {
  const url = urlBelow(base, file.path)
  if (file.size > MAX_PACKAGE_FILE) {
    throw new DebproofError('TOO_LARGE', `${url.href} is larger than ${MAX_PACKAGE_FILE} bytes.`)
  }
  const found = await downloads.stream(url, file.size, async (chunks) => {
    const digester = new Digester()
    await pipeline(Readable.from(digested(chunks, digester)), createWriteStream(target))
    return digester.finish()
  })
  if (found.size !== file.size || found.sha256 !== file.sha256) throw differs(url)
}

async function* digested(chunks: AsyncIterable<Uint8Array>, digester: Digester): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    digester.update(chunk)
    yield chunk
  }
}

function differs(url: URL): DebproofError {
  return new DebproofError(
    'INDEX_MISMATCH',
    `${url.href} is not what the archive's signed index says; nothing is built from it.`,
  )
}

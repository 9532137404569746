import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PrivateKey } from 'openpgp'
import { debBytes } from '../packages/deb-bytes.ts'
import {
  block,
  clearsigned,
  newKey,
  once,
  releaseDate,
  releaseText,
  row,
  sha256Hex,
  signature,
} from './signed-archive.ts'

/** Keys that every test of a worker may sign with: who copies and builds, and who distributed first. */
export const projectKey = once(() => newKey({ name: 'Project' }))
export const upstreamKey = once(() => newKey({ name: 'Upstream' }))

export interface MadeDeb {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly bytes: Buffer
  readonly sha256: string
}

/** A small sound .deb; another `content` makes other bytes under the same name, version and architecture. */
export function deb(name: string, { version = '1.0-1', architecture = 'amd64', content = 'x' } = {}): MadeDeb {
  const bytes = debBytes(
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: Made <made@example.org>\nDescription: ${content}\n`,
  )
  return { name, version, architecture, bytes, sha256: sha256Hex(bytes) }
}

export interface MadeSource {
  readonly name: string
  readonly version: string
  /** By file name. */
  readonly files: Readonly<Record<string, string>>
}

export interface MadeArchive {
  readonly key: PrivateKey
  readonly debs: readonly MadeDeb[]
  readonly sources?: readonly MadeSource[]
  /** Without dists/ and pool/: the indexes and the .debs beside the release file. */
  readonly flat?: boolean
  /** Of the release file, which is signed two minutes later; else it is a day old, and signed an hour ago. */
  readonly date?: Date
  /** Fields of the release file beside its own. */
  readonly fields?: Readonly<Record<string, string>>
}

/** Every file of a really signed archive by its path: suite and codename `made`, component main. */
export async function archiveFiles(archive: MadeArchive): Promise<Record<string, Buffer>> {
  const { debs, sources = [], flat = false } = archive
  const files: Record<string, Buffer> = {}
  const indexes: Record<string, Buffer> = {}
  const packages = debs.map((item) => {
    const file = `${flat ? '.' : 'pool/main'}/${item.name}_${item.version.replace(':', '%3a')}_${item.architecture}.deb`
    files[file.replace(/^\.\//, '')] = item.bytes
    return binaryStanza(item, file)
  })
  indexes[flat ? 'Packages' : 'main/binary-amd64/Packages'] = Buffer.from(packages.join('\n'))
  if (sources.length > 0) {
    const directory = flat ? '.' : 'pool/main/source'
    for (const [name, content] of sources.flatMap((source) => Object.entries(source.files))) {
      files[path.posix.join(directory, name)] = Buffer.from(content)
    }
    const stanzas = sources.map((source) => sourceStanza(source, directory))
    indexes[flat ? 'Sources' : 'main/source/Sources'] = Buffer.from(stanzas.join('\n'))
  }
  for (const [name, content] of Object.entries(indexes)) indexes[`${name}.gz`] = gzipSync(content)
  const below = flat ? '' : 'dists/made/'
  for (const [name, content] of Object.entries(indexes)) files[below + name] = content
  const rows = Object.entries(indexes).map(([name, content]) => row(name, content))
  const { date } = archive
  const dated = date === undefined ? {} : { Date: releaseDate(date) }
  const text = releaseText({ SHA256: `\n${rows.join('\n')}`, ...dated, ...archive.fields })
  const signedAt = date === undefined ? {} : { date: new Date(date.getTime() + 120_000) }
  const signed = clearsigned(text, block(await signature(text, archive.key, signedAt)))
  files[`${below}InRelease`] = Buffer.from(signed, 'latin1')
  return files
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

function binaryStanza({ name, version, architecture, bytes, sha256 }: MadeDeb, file: string): string {
  return `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: ${file}\nSize: ${bytes.length}\nSHA256: ${sha256}\nDescription: made\n`
}

function sourceStanza({ name, version, files }: MadeSource, directory: string): string {
  const rows = Object.entries(files).map(([file, content]) => `\n ${sha256Hex(content)} ${content.length} ${file}`)
  return `Package: ${name}\nVersion: ${version}\nDirectory: ${directory}\nChecksums-Sha256:${rows.join('')}\n`
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Gnupg } from './gnupg.ts'
import { sha256Of } from './mirror.ts'
import { succeed } from './running.ts'

/** A .deb that dpkg-deb made. */
export interface RealDeb {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly file: string
  readonly sha256: string
  readonly size: number
  /** Absolute, of the one file that it installs, and that no other .deb here does. */
  readonly installs: string
}

/** What an index says of a .deb instead of what the .deb says of itself. */
export interface Listed {
  readonly deb: RealDeb
  readonly as?: Readonly<Record<string, string>>
}

export interface LyingSuite {
  readonly listed: readonly Listed[]
  /** Fields of the release file beside its own, or instead of them. */
  readonly fields?: Readonly<Record<string, string>>
  /** Other files below the suite by their path there, which the release file lists too; undefined takes one away. */
  readonly files?: Readonly<Record<string, Buffer | undefined>>
}

/** Makes a .deb that calls itself by this name and version; `content` is the name of the file that it installs. */
export async function makeDeb(
  scratch: string,
  content: string,
  { name = 'hello', version = '1.0-1', architecture = 'amd64', fields = {} as Readonly<Record<string, string>> } = {},
): Promise<RealDeb> {
  const folder = path.join(scratch, 'debs', content)
  const installs = `/usr/share/made/${content}`
  await mkdir(path.join(folder, 'DEBIAN'), { recursive: true })
  await mkdir(path.dirname(path.join(folder, installs)), { recursive: true })
  await writeFile(path.join(folder, installs), `${content}\n`)
  const control = {
    Package: name,
    Version: version,
    Architecture: architecture,
    Maintainer: 'Made <made@example.org>',
    ...fields,
    Description: 'made for a test',
  }
  await writeFile(path.join(folder, 'DEBIAN/control'), stanza(control))
  const file = `${folder}.deb`
  await succeed('dpkg-deb', ['--root-owner-group', '-Znone', '--build', folder, file])
  const bytes = await readFile(file)
  return { name, version, architecture, file, sha256: sha256Of(bytes), size: bytes.length, installs }
}

/** A stanza as an index has it, under the fields of the .deb or others. */
export function listing({ deb, as = {} }: Listed): string {
  return stanza({
    Package: deb.name,
    Version: deb.version,
    Architecture: deb.architecture,
    Maintainer: 'Made <made@example.org>',
    Filename: poolPath(deb),
    Size: String(deb.size),
    SHA256: deb.sha256,
    Priority: 'required',
    Description: 'made for a test',
    ...as,
  })
}

export function indexOf(listed: readonly Listed[]): Buffer {
  return Buffer.from(listed.map((each) => `${listing(each)}\n`).join(''))
}

export const INDEX = 'main/binary-amd64/Packages'

/** Writes a suite into an archive's folder, with its pool, and signs it with gpg. */
export async function writeSuite(
  archive: string,
  codename: string,
  { listed, fields = {}, files: others = {} }: LyingSuite,
  gnupg: Gnupg,
  key: string,
): Promise<void> {
  for (const { deb } of listed) await addToPool(archive, deb)
  const plain = indexOf(listed)
  const files = { [INDEX]: plain, [`${INDEX}.gz`]: gzipSync(plain), ...others }
  const folder = path.join(archive, 'dists', codename)
  const rows: string[] = []
  await rm(folder, { recursive: true, force: true })
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes === undefined) continue
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), bytes)
    rows.push(` ${sha256Of(bytes)} ${bytes.length} ${name}`)
  }
  const release = {
    Suite: codename,
    Codename: codename,
    Date: new Date(Date.now() - 60_000).toUTCString(),
    Architectures: 'amd64',
    Components: 'main',
    ...fields,
    SHA256: `\n${rows.join('\n')}`,
    // debootstrap does not see the last line of a signed text.
    Description: 'made for a test',
  }
  await writeFile(path.join(folder, 'Release'), stanza(release))
  await gnupg.clearsign(key, path.join(folder, 'Release'), path.join(folder, 'InRelease'))
}

export async function addToPool(archive: string, deb: RealDeb): Promise<void> {
  const file = path.join(archive, poolPath(deb))
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, await readFile(deb.file))
}

/** A pool whose paths say nothing of what lies there. */
function poolPath({ sha256 }: RealDeb): string {
  return `pool/${sha256.slice(0, 16)}.deb`
}

function stanza(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}:${value.startsWith('\n') ? '' : ' '}${value}\n`)
    .join('')
}

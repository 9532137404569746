import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Policy } from '../../src/policy/policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { Indexes } from '../../src/rebuild/indexes.ts'
import { projectKey, writeFiles } from '../making/archive-folder.ts'
import { downloads } from '../making/loopback-server.ts'
import { suiteFiles } from '../making/served-archive.ts'
import { AT, keyringFile, sha256Hex } from '../making/signed-archive.ts'

/** A binary package of the made archive; its bytes are its content. */
export interface MadeBinary {
  readonly name: string
  readonly version?: string
  readonly architecture?: string
  /** The Source field, where there is one. */
  readonly source?: string
  readonly content?: string
}

export interface MadeSourcePackage {
  readonly name: string
  readonly version?: string
  /** The Binary field of the .dsc. */
  readonly binaries: readonly string[]
}

export interface MadeProject {
  readonly folder: string
  /** The folder of the archive. */
  readonly archive: string
  readonly policyFile: string
}

const made: string[] = []

/** For `afterEach` or `afterAll`. */
export function removeProjects(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'debproof-rebuild-test-'))
  made.push(folder)
  return folder
}

export function contentOf({ name, version = '1.0', architecture = 'amd64', content }: MadeBinary): string {
  return content ?? `${name} ${version} ${architecture}`
}

export function fileOf({ name, version = '1.0', architecture = 'amd64' }: MadeBinary): string {
  return `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`
}

export function dscOf({ name, version = '1.0', binaries }: MadeSourcePackage): string {
  return `Format: 3.0 (native)\nSource: ${name}\nBinary: ${binaries.join(', ')}\nVersion: ${version}\n`
}

/** A .buildinfo that a sound build of these packages would write. */
export function buildinfoText(
  source: string,
  version: string,
  binaries: readonly MadeBinary[],
  fields: Readonly<Record<string, string | undefined>> = {},
): string {
  const rows = binaries.map((item) => `\n ${sha256Hex(contentOf(item))} ${contentOf(item).length} ${fileOf(item)}`)
  const all: Record<string, string | undefined> = {
    Format: '1.0',
    Source: source,
    Binary: binaries.map(({ name }) => name).join(' '),
    Architecture: [...new Set(binaries.map(({ architecture = 'amd64' }) => architecture))].sort().join(' '),
    Version: version,
    'Checksums-Sha256': rows.join(''),
    'Build-Architecture': 'amd64',
    'Build-Date': 'Sun, 22 Nov 2026 10:00:00 +0000',
    'Build-Path': `/build/${source}-AbCdEf/${source}-1.0`,
    'Installed-Build-Depends': '\n base-files (= 12.4),\n gcc (= 4:12.2.0-3),\n libc6 (= 2.36-9)',
    Environment: '\n DEB_BUILD_OPTIONS="parallel=2"\n LC_ALL="C.UTF-8"\n SOURCE_DATE_EPOCH="1795255200"',
    ...fields,
  }
  return Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value.startsWith('\n') ? '' : ' '}${value}\n`]))
    .join('')
}

/** The archive `project` of these packages, signed, in a folder; with a policy whose packages must be reproduced. */
export async function makeProject(
  sources: readonly MadeSourcePackage[],
  binaries: readonly MadeBinary[],
  buildinfos: Readonly<Record<string, string>> = {},
): Promise<MadeProject> {
  const folder = newFolder()
  const pool: Record<string, string> = {}
  const packages = binaries.map((item) => {
    const file = `pool/${fileOf(item)}`
    pool[file] = contentOf(item)
    const source = item.source === undefined ? '' : `Source: ${item.source}\n`
    return (
      `Package: ${item.name}\n${source}Version: ${item.version ?? '1.0'}\nArchitecture: ${item.architecture ?? 'amd64'}\n` +
      `Filename: ${file}\nSize: ${contentOf(item).length}\nSHA256: ${sha256Hex(contentOf(item))}\n`
    )
  })
  const stanzas = sources.map((source) => {
    const { name, version = '1.0' } = source
    const files = {
      [`${name}_${version.replace(/^\d+:/, '')}.dsc`]: dscOf(source),
      [`${name}_${version.replace(/^\d+:/, '')}.tar.xz`]: `the source of ${name}`,
    }
    const rows = Object.entries(files).map(([file, text]) => {
      pool[`pool/${file}`] = text
      return `\n ${sha256Hex(text)} ${text.length} ${file}`
    })
    return `Package: ${name}\nVersion: ${version}\nDirectory: pool\nChecksums-Sha256:${rows.join('')}\n`
  })
  const suite = await suiteFiles(await projectKey(), {
    indexes: {
      'main/binary-amd64/Packages': packages.join('\n'),
      ...(sources.length === 0 ? {} : { 'main/source/Sources': stanzas.join('\n') }),
    },
  })
  writeFiles(path.join(folder, 'archive'), {
    ...suite,
    ...pool,
    ...Object.fromEntries(Object.entries(buildinfos).map(([name, text]) => [`pool/${name}`, text])),
  })
  writeFiles(folder, {
    'project.gpg': keyringFile([await projectKey()]),
    'debproof.yml':
      'version: 1\npackages:\n  - path: build.packages\narchives:\n  project:\n    require: reproduced\n' +
      '    url: "file:archive"\n    suites: [made]\n    components: [main]\n    architectures: [amd64]\n' +
      '    signed-by: project.gpg\n',
  })
  return { folder, archive: path.join(folder, 'archive'), policyFile: path.join(folder, 'debproof.yml') }
}

export async function policyOf({ policyFile }: MadeProject): Promise<Policy> {
  return await (await readPolicy(policyFile, { environment: {}, now: new Date(), files: filesOnDisk })).resolve({})
}

/** A client of the tests' clock. Close it with `closeAll`. */
export function indexes(): Indexes {
  return new Indexes(downloads(), AT)
}

export function baseOf({ archive }: MadeProject): URL {
  return new URL(`${pathToFileURL(archive).href}/`)
}

export function read(file: string): string {
  return readFileSync(file, 'utf8')
}

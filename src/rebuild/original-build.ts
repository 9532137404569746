import path from 'node:path'
import { type Buildinfo, parseBuildinfo } from '../archive/buildinfo.ts'
import { parseStanza } from '../archive/deb822.ts'
import { sha256Of } from '../archive/hash.ts'
import { ARCH_ALL, type PackageName, parsePackageName, type Sha256, type Version } from '../archive/identity.ts'
import type { BinaryEntry, SourceEntry } from '../archive/index-entry.ts'
import { urlBelow } from '../archive/path-below.ts'
import { splitClearsigned } from '../archive/signed-text.ts'
import type { SourceName } from '../archive/source-name.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_BUILDINFO } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import { debFileName, isBinaryPackage, versionInFileName } from './file-name.ts'
import { refuseUnsafeBuildinfo } from './safe-buildinfo.ts'

/** One .deb that a build must make again. */
export interface ExpectedDeb {
  readonly fileName: string
  readonly size: number
  readonly sha256: Sha256
  /** Whether the archive's signed index lists it; else only the unsigned .buildinfo says so, as of a -dbgsym. */
  readonly entry?: BinaryEntry
}

/** A build of the archive's, as its .buildinfo tells it, held against the signed indexes. */
export interface OriginalBuild {
  /** Its file name, and of the file as it was read: what a statement names as material. */
  readonly fileName: string
  readonly sha256: Sha256
  /** Without a signature around it. */
  readonly text: string
  /** Whether there was a signature, which proves nothing here. */
  readonly wasSigned: boolean
  readonly buildinfo: Buildinfo
  readonly debs: readonly ExpectedDeb[]
}

/** What the signed indexes say of one source package. */
export interface IndexedSource {
  readonly entry: SourceEntry
  /** Every binary package that the archive lists as built from it. */
  readonly binaries: readonly BinaryEntry[]
}

/** A .buildinfo as it was read. */
export interface BuildinfoFile {
  readonly fileName: string
  /** Where it is, for messages. */
  readonly what: string
  readonly bytes: Uint8Array
}

/**
 * Looks for the .buildinfo files of a source package beside its .dsc: `source_version_architecture.buildinfo`, for
 * the versions and architectures that the archive lists (dpkg-genbuildinfo(1)).
 *
 * @throws DebproofError NOT_FOUND where there is none; FETCH, TOO_LARGE
 */
export async function findBuildinfos(
  downloads: Downloads,
  base: URL,
  { entry, binaries }: IndexedSource,
  architectures: readonly string[],
): Promise<BuildinfoFile[]> {
  const folder = path.posix.dirname(entry.file.path)
  const names = buildVersions(entry.version, binaries).flatMap((version) =>
    [...new Set([...architectures, ...binaries.map(({ architecture }) => architecture), ARCH_ALL])].map(
      (architecture) => `${entry.name}_${versionInFileName(version)}_${architecture}.buildinfo`,
    ),
  )
  const found: BuildinfoFile[] = []
  for (const fileName of names) {
    const url = urlBelow(base, folder === '.' ? fileName : `${folder}/${fileName}`)
    try {
      found.push({ fileName, what: url.href, bytes: await downloads.bytes(url, MAX_BUILDINFO) })
    } catch (error) {
      if (!isDebproofError(error, 'NOT_FOUND')) throw error
    }
  }
  if (found.length > 0) return found
  throw new DebproofError(
    'NOT_FOUND',
    `${urlBelow(base, folder).href}/ has no .buildinfo of ${entry.name} ${entry.version} (${names.join(', ')}). ` +
      'Publish it beside the .dsc, or name it with --buildinfo.',
  )
}

/** The source's own version, and those of its binNMUs (`+bN`). */
function buildVersions(source: Version, binaries: readonly BinaryEntry[]): Version[] {
  const rebuilt = binaries.flatMap(({ version }) => (/\+b\d+$/.test(version) ? [version] : []))
  return [...new Set([source, ...rebuilt])]
}

/** @throws DebproofError USAGE, TOO_LARGE */
export async function readBuildinfoFile(file: string): Promise<BuildinfoFile> {
  try {
    const bytes = await readFileUpTo(file, MAX_BUILDINFO)
    if (bytes === undefined) {
      throw new DebproofError('TOO_LARGE', `${file} is larger than ${MAX_BUILDINFO} bytes.`)
    }
    return { fileName: path.basename(file), what: file, bytes }
  } catch (error) {
    if (error instanceof DebproofError) throw error
    throw new DebproofError('USAGE', `The .buildinfo ${file} cannot be read`, { cause: error })
  }
}

/**
 * Holds a .buildinfo against the signed indexes: it must be of this source package, and what the archive lists of
 * its files must have the very hashes that it names. Else it is the record of another build.
 *
 * @throws DebproofError STATEMENT
 */
export function checkOriginalBuild(file: BuildinfoFile, { entry, binaries }: IndexedSource): OriginalBuild {
  const { what, bytes, fileName } = file
  const { text, wasSigned } = textOf(file)
  const buildinfo = parseBuildinfo(text, what)
  const wrong = (problem: string): DebproofError => new DebproofError('STATEMENT', `${what} ${problem}.`)
  const { source } = buildinfo
  if (source.name !== entry.name || source.version !== entry.version) {
    throw wrong(`is of ${source.name} ${source.version}, not of ${entry.name} ${entry.version}`)
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9+.~_-]*\.buildinfo$/.test(fileName)) throw wrong('has no name of a .buildinfo')
  const listed = new Map(binaries.map((binary) => [debFileName(binary), binary]))
  const debs: ExpectedDeb[] = []
  for (const [name, { size, sha256 }] of buildinfo.files) {
    if (name === path.posix.basename(entry.file.path) && sha256 !== entry.file.sha256) {
      throw wrong(`names another ${name} than the archive's signed Sources index`)
    }
    if (!isBinaryPackage(name)) continue
    const binary = listed.get(name)
    if (binary !== undefined && (binary.file.sha256 !== sha256 || binary.file.size !== size)) {
      throw wrong(
        `says that ${name} is ${sha256}, but the archive's signed index says ${binary.file.sha256}: ` +
          'it is the record of another build',
      )
    }
    debs.push({ fileName: name, size, sha256, ...(binary === undefined ? {} : { entry: binary }) })
  }
  if (!debs.some((deb) => deb.entry !== undefined)) throw wrong('names no .deb that the archive lists')
  refuseUnsafeBuildinfo(text, what)
  return { fileName, sha256: sha256Of(bytes), text, wasSigned, buildinfo, debs }
}

function textOf({ bytes, what }: BuildinfoFile): { text: string; wasSigned: boolean } {
  const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!written.subarray(0, 64).toString('latin1').startsWith('-----BEGIN PGP SIGNED MESSAGE-----')) {
    return { text: written.toString('latin1'), wasSigned: false }
  }
  try {
    return { text: `${Buffer.from(splitClearsigned(bytes, what).text).toString('latin1')}\n`, wasSigned: true }
  } catch (error) {
    throw new DebproofError('STATEMENT', `${what} is not a well-formed signed message`, { cause: error })
  }
}

/** The source package that a .buildinfo is of: to ask for it, not to believe it. @throws DebproofError STATEMENT */
export function sourceNamedIn(file: BuildinfoFile): SourceName {
  return parseBuildinfo(textOf(file).text, file.what).source
}

/** The packages that a .buildinfo names: to look them up, not to believe it. @throws DebproofError STATEMENT */
export function packagesNamedIn(file: BuildinfoFile): PackageName[] {
  const names = [...parseBuildinfo(textOf(file).text, file.what).files.keys()].filter(isBinaryPackage)
  return names.flatMap((name) => parsePackageName(name.slice(0, name.indexOf('_'))) ?? [])
}

/**
 * The builds that are needed for these packages, each .deb by one build.
 * @throws DebproofError NOT_FOUND where no .buildinfo names a package
 */
export function buildsFor(wanted: readonly BinaryEntry[], builds: readonly OriginalBuild[]): OriginalBuild[] {
  const chosen = new Set<OriginalBuild>()
  const makes = (build: OriginalBuild, binary: BinaryEntry): boolean =>
    build.debs.some(({ entry }) => entry?.file.path === binary.file.path)
  for (const binary of wanted) {
    if ([...chosen].some((build) => makes(build, binary))) continue
    const build = builds.find((candidate) => makes(candidate, binary))
    if (build === undefined) {
      throw new DebproofError(
        'NOT_FOUND',
        `No .buildinfo names ${debFileName(binary)}: it cannot be built as it was. Name one with --buildinfo.`,
      )
    }
    chosen.add(build)
  }
  return [...chosen]
}

/** `source_version_architecture`, as dpkg-genbuildinfo(1) names the files of a build. */
export function buildName(build: OriginalBuild): string {
  const { source, version } = build.buildinfo
  return `${source.name}_${versionInFileName(version)}_${architectureOf(build)}`
}

/** As dpkg-genbuildinfo names a build: `all` where it made nothing for an architecture. */
export function architectureOf({ text, buildinfo }: OriginalBuild): string {
  const words = (parseStanza(text).get('architecture') ?? '').split(/[ \t]+/)
  return (
    words.find((word) => word !== 'source' && word !== ARCH_ALL) ??
    (words.includes(ARCH_ALL) ? ARCH_ALL : buildinfo.buildArchitecture)
  )
}

import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseBuildinfo } from '../archive/buildinfo.ts'
import { Digester } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import { isDebproofError, systemErrorCode } from '../errors.ts'
import { MAX_BUILDINFO } from '../limits.ts'
import { isBinaryPackage } from './file-name.ts'
import type { ExpectedDeb, OriginalBuild } from './original-build.ts'

/** What became of one .deb. */
export interface ComparedDeb {
  readonly expected: ExpectedDeb
  readonly outcome: 'same' | 'different' | 'missing'
  /** Of what was built; undefined where there is none. */
  readonly sha256?: Sha256
}

/** What a build made, hashed by ourselves. */
export interface Comparison {
  readonly debs: readonly ComparedDeb[]
  /** Packages that the original build did not make. */
  readonly additional: readonly string[]
  /** The .buildinfo of this build, where it tells the truth about each of its files. */
  readonly buildinfo?: { readonly fileName: string; readonly text: string }
}

/** Hashes what lies in the build's output folder and compares it with what the original build made. */
export async function compareBuild(original: OriginalBuild, folder: string): Promise<Comparison> {
  // Links are left out: what was built wrote them, and they may lead anywhere.
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())
  const names = entries.map(({ name }) => name).sort()
  const built = new Map<string, { size: number; sha256: Sha256 }>()
  for (const name of names) built.set(name, await digestOf(path.join(folder, name)))
  const debs = original.debs.map((expected): ComparedDeb => {
    const found = built.get(expected.fileName)
    if (found === undefined) return { expected, outcome: 'missing' }
    const isSame = found.sha256 === expected.sha256 && found.size === expected.size
    return { expected, outcome: isSame ? 'same' : 'different', sha256: found.sha256 }
  })
  const known = new Set(original.debs.map(({ fileName }) => fileName))
  const additional = names.filter((name) => isBinaryPackage(name) && !known.has(name))
  const buildinfo = await truthfulBuildinfo(original, folder, names, built)
  return { debs, additional, ...(buildinfo === undefined ? {} : { buildinfo }) }
}

async function digestOf(file: string): Promise<{ size: number; sha256: Sha256 }> {
  const digester = new Digester()
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) digester.update(chunk)
  return digester.finish()
}

/**
 * The new .buildinfo, if it is of this source and every hash in it is that of the file beside it: it will be signed,
 * and the build ran code of the package's, which may have written anything.
 */
async function truthfulBuildinfo(
  { buildinfo: { source, version } }: OriginalBuild,
  folder: string,
  names: readonly string[],
  built: ReadonlyMap<string, { size: number; sha256: Sha256 }>,
): Promise<Comparison['buildinfo']> {
  const [fileName, ...others] = names.filter((name) => name.endsWith('.buildinfo'))
  if (fileName === undefined || others.length > 0) return undefined
  const text = await readSmall(path.join(folder, fileName))
  if (text === undefined) return undefined
  try {
    const parsed = parseBuildinfo(text, fileName)
    const isTrue =
      parsed.source.name === source.name &&
      parsed.source.version === source.version &&
      parsed.version === version &&
      [...parsed.files].every(([name, file]) => {
        const found = built.get(name)
        return found !== undefined && found.sha256 === file.sha256 && found.size === file.size
      })
    return isTrue ? { fileName, text } : undefined
  } catch (error) {
    if (isDebproofError(error, 'STATEMENT', 'TOO_LARGE')) return undefined
    throw error
  }
}

async function readSmall(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file)
    return size > MAX_BUILDINFO ? undefined : await readFile(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return undefined
  }
}

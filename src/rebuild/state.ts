import path from 'node:path'
import type { ComparedDeb, Comparison } from './compare.ts'
import { versionInFileName } from './file-name.ts'
import { type FileHashes, makeLink } from './link.ts'
import { architectureOf, type OriginalBuild } from './original-build.ts'
import type { PreparedTarget } from './prepare.ts'
import type { Publication } from './publication.ts'
import type { BuildResult } from './result.ts'
import type { StatementSigner } from './statement-signer.ts'

/** Who signs, and where to. */
export interface StatementContext {
  readonly publication: Publication
  /** Undefined where nothing is to be signed. */
  readonly signer: StatementSigner | undefined
}

export interface Stated {
  /** Paths within the output folder. */
  readonly statements: readonly string[]
  /** What was not stated, and why. */
  readonly notes: readonly string[]
}

/** Signs what one build made: the new .buildinfo if all of it is the same, and a link for each .deb that is. */
export async function stateBuild(
  { target, indexed }: PreparedTarget,
  original: OriginalBuild,
  { debs, additional, buildinfo }: Comparison,
  buildinfoName: string,
  { signer, publication }: StatementContext,
): Promise<Stated> {
  if (signer === undefined || !debs.some(isStated)) return { statements: [], notes: [] }
  const statements: string[] = []
  const notes: string[] = []
  const isWhole = additional.length === 0 && debs.every(({ outcome }) => outcome === 'same')
  if (isWhole && buildinfo !== undefined) {
    statements.push(await publication.writeBuildinfo(buildinfoName, await signer.clearsign(buildinfo.text)))
  } else {
    const why = isWhole ? 'its hashes are not those of its files' : 'it would vouch for what did not come out the same'
    notes.push(`The new .buildinfo was not signed: ${why}.`)
  }
  const link = await makeLink(materialsOf(indexed, [original]), productsOf(debs), signer)
  if (link === undefined) {
    notes.push('No in-toto link was made: in-toto 0.9 knows RSA and first-form Ed25519 (EdDSA) OpenPGP keys only.')
  } else {
    const version = versionInFileName(target.source.version)
    statements.push(await publication.writeLink(target.source.name, version, architectureOf(original), link))
  }
  return { statements, notes }
}

/** Signs one link over all builds of the package, for whoever asks for one of its binary packages. */
export async function stateAll(
  prepared: PreparedTarget,
  results: readonly BuildResult[],
  { signer, publication }: StatementContext,
): Promise<Stated> {
  const debs = results.flatMap((result) => result.debs).filter(isStated)
  if (signer === undefined || debs.length === 0) return { statements: [], notes: [] }
  const stated = prepared.builds.filter((build) =>
    build.debs.some((deb) => debs.some(({ expected }) => expected === deb)),
  )
  const link = await makeLink(materialsOf(prepared.indexed, stated), productsOf(debs), signer)
  if (link === undefined) return { statements: [], notes: [] }
  const statements: string[] = []
  for (const [name, version] of placesOf(prepared, stated)) {
    statements.push(await publication.writeMetadata(name, version, link))
  }
  return { statements, notes: [] }
}

/** A statement is made of what the archive lists, whose bytes its signed index fixes. */
function isStated({ outcome, expected }: ComparedDeb): boolean {
  return outcome === 'same' && expected.entry !== undefined
}

function materialsOf({ entry }: PreparedTarget['indexed'], builds: readonly OriginalBuild[]): FileHashes {
  return new Map([
    [path.posix.basename(entry.file.path), { sha256: entry.file.sha256 }],
    ...builds.map(({ fileName, sha256 }) => [fileName, { sha256 }] as const),
  ])
}

function productsOf(debs: readonly ComparedDeb[]): FileHashes {
  return new Map(debs.filter(isStated).map(({ expected }) => [expected.fileName, { sha256: expected.sha256 }]))
}

/** Where links are asked for: by source, and by the first two parts of a file name. */
export function placesOf(
  { target: { source } }: PreparedTarget,
  builds: readonly OriginalBuild[],
): (readonly [name: string, version: string])[] {
  const places = new Map<string, readonly [string, string]>()
  const add = (name: string, version: string): unknown => places.set(`${name} ${version}`, [name, version])
  add(source.name, versionInFileName(source.version))
  for (const { entry } of builds.flatMap(({ debs }) => debs)) {
    if (entry !== undefined) add(entry.name, versionInFileName(entry.version))
  }
  return [...places.values()]
}

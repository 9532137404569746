import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { DebproofError, describeError, systemErrorCode } from '../errors.ts'
import { MAX_BUNDLE_INDEX } from '../limits.ts'
import { digestOf } from '../net/tape.ts'
import { filesOf, type MergedIndex, parseIndex, type RunIndex } from './bundle-index.ts'
import type { Bundle } from './bundle-writer.ts'

/** Evidence whose every file was seen to be what the report says. Made by `readBundle` and nothing else. */
export interface CheckedBundle {
  /** Whether the report was merged of parts. */
  readonly isMerged: boolean
  /** What each part of the report was given and read; one, unless it was merged. */
  readonly parts: readonly RunIndex[]
  readonly pathOf: (sha256: string) => string
}

/** What became of the files: a problem for each that was changed, is missing, or is not named by any index. */
export interface BundleFinding {
  readonly problems: readonly string[]
  /** Absent where an index itself cannot be used. */
  readonly bundle?: CheckedBundle
}

/**
 * Reads the evidence of a report and hashes all of it.
 *
 * @param folder the `evidence` folder
 * @param bundle what the signed report says of it
 */
export async function readBundle(folder: string, bundle: Bundle): Promise<BundleFinding> {
  const pathOf = (sha256: string): string => path.join(folder, 'sha256', sha256)
  const problems: string[] = []
  const index = await readIndex(path.join(folder, 'index.json'), bundle.index.slice('sha256:'.length), problems)
  if (index === undefined) return { problems }
  const parts: RunIndex[] = []
  if ('parts' in index) {
    for (const sha256 of index.parts) {
      const part = await readIndex(pathOf(sha256), sha256, problems)
      if (part !== undefined && 'parts' in part) problems.push(`${pathOf(sha256)} is an index of parts, within one.`)
      else if (part !== undefined) parts.push(part)
    }
    if (parts.length < index.parts.length) return { problems }
  } else {
    parts.push(index)
  }
  const named = new Map([index, ...parts].flatMap((each) => [...filesOf(each)]))
  let total = (await sizeOf(path.join(folder, 'index.json'))) ?? 0
  for (const [sha256, size] of named) {
    const problem = await checkFile(pathOf(sha256), sha256, size)
    if (problem !== undefined) problems.push(problem)
    total += (await sizeOf(pathOf(sha256))) ?? 0
  }
  const foreign = (await namesIn(path.join(folder, 'sha256'))).filter((name) => !named.has(name))
  for (const name of foreign) problems.push(`${pathOf(name)} is named by no index: nothing rests on it.`)
  if (named.size + 1 !== bundle.files) {
    problems.push(`The report says that the evidence has ${bundle.files} files; the index names ${named.size + 1}.`)
  }
  if (problems.length === 0 && total !== bundle.size) {
    problems.push(`The report says that the evidence has ${bundle.size} bytes; it has ${total}.`)
  }
  return { problems, bundle: { isMerged: 'parts' in index, parts, pathOf } }
}

async function readIndex(
  file: string,
  sha256: string,
  problems: string[],
): Promise<RunIndex | MergedIndex | undefined> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new DebproofError('EVIDENCE', `${file} is not a file.`)
    if (found.size > MAX_BUNDLE_INDEX) {
      throw new DebproofError('EVIDENCE', `${file} is larger than ${MAX_BUNDLE_INDEX} bytes.`)
    }
    const bytes = await readFile(file)
    const hash = sha256Of(bytes)
    if (hash !== sha256) {
      problems.push(`${file} was changed: its SHA-256 is ${hash}, not ${sha256}.`)
      return undefined
    }
    return parseIndex(bytes, file)
  } catch (error) {
    if (!(error instanceof DebproofError) && systemErrorCode(error) === undefined) throw error
    problems.push(error instanceof DebproofError ? error.message : `${file} cannot be read: ${describeError(error)}.`)
    return undefined
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ size }) => size,
    () => undefined,
  )
}

async function checkFile(file: string, sha256: string, size: number | undefined): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return `${file} is not a file.`
    const found = await digestOf(createReadStream(file, { highWaterMark: 1024 * 1024 }))
    if (found.sha256 !== sha256) return `${file} was changed: its SHA-256 is ${found.sha256}.`
    if (size !== undefined && found.size !== size) return `${file} has ${found.size} bytes; the index says ${size}.`
    return undefined
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return systemErrorCode(error) === 'ENOENT'
      ? `${file} is missing.`
      : `${file} cannot be read: ${describeError(error)}.`
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    // Each file that is missing is named already.
    return []
  }
}

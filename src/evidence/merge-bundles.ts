import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { DebproofError, describeError, isDebproofError } from '../errors.ts'
import { MAX_BUNDLE_INDEX } from '../limits.ts'
import { ContentFolder } from '../net/content-folder.ts'
import type { Part } from '../parts/check-part.ts'
import { TOOL } from '../tool.ts'
import { BUNDLE_FOLDER } from './bundle-folder.ts'
import { filesOf, parseIndex, serializeIndex } from './bundle-index.ts'
import type { Bundle } from './bundle-writer.ts'

/**
 * Joins the evidence of all parts below the output folder: each file once, the index of each part among them, and a
 * new index that names those. Every file is hashed while it is copied: the parts came over networks and disks that
 * nobody signed.
 *
 * @param parts in their order
 * @returns null where a part has no evidence: half of it derives no verdict again
 * @throws DebproofError USAGE, naming the folder, where a part's evidence is not what its report says; OUTPUT
 */
export async function mergeBundles(parts: readonly Part[], output: string): Promise<Bundle | null> {
  const bundles = parts.flatMap((part) => {
    const { bundle } = part.report.predicate
    return bundle === undefined || bundle === null ? [] : [{ part, bundle }]
  })
  if (bundles.length < parts.length) return null
  const folder = path.join(output, BUNDLE_FOLDER)
  const content = await ContentFolder.open(path.join(folder, 'sha256'))
  const sizes = new Map<string, number>()
  for (const { part, bundle } of bundles) await addBundle(part, bundle, content, sizes)
  const index = serializeIndex({
    version: 1,
    tool: { name: TOOL.name, version: TOOL.version },
    parts: bundles.map(({ bundle }) => hexOf(bundle)),
  })
  const { sha256 } = await content.add(index)
  await content.moveOut(sha256, path.join(folder, 'index.json'))
  return {
    index: `sha256:${sha256}`,
    kept: bundles.every(({ bundle }) => bundle.kept === 'all') ? 'all' : 'needed',
    files: sizes.size + 1,
    size: [...sizes.values()].reduce((sum, size) => sum + size, index.length),
  }
}

async function addBundle(
  { folder, shard }: Part,
  bundle: Bundle,
  content: ContentFolder,
  sizes: Map<string, number>,
): Promise<void> {
  const below = path.join(folder, BUNDLE_FOLDER)
  const refused = (problem: string): DebproofError =>
    new DebproofError('USAGE', `The evidence in ${below} is not that of its report: ${problem}. Get the part anew.`)
  const bytes = await readIndex(path.join(below, 'index.json'), refused)
  const name = hexOf(bundle)
  if (sha256Of(bytes) !== name) throw refused('index.json has other bytes')
  const index = parseIndexOf(bytes, refused)
  if ('parts' in index || index.run.shard?.index !== shard.index || index.run.shard.of !== shard.of) {
    throw refused(`it is not of part ${shard.index} of ${shard.of}`)
  }
  if (index.run.shard.plan !== shard.plan) throw refused(`it is not of the plan ${shard.plan}`)
  const files = filesOf(index)
  if (files.size + 1 !== bundle.files) throw refused(`it names ${files.size + 1} files, and not ${bundle.files}`)
  let left = bundle.size - bytes.length
  for (const [sha256, expected] of files) {
    // Also what an earlier part had: this one's own copy is to be what its report says.
    const size = await copy(below, sha256, Math.min(expected ?? left, left), content, refused)
    if (expected !== undefined && size !== expected) throw refused(`${sha256} has ${size} bytes, and not ${expected}`)
    sizes.set(sha256, size)
    left -= size
  }
  if (left !== 0) throw refused(`its files have not ${bundle.size} bytes together`)
  await content.add(bytes)
  sizes.set(name, bytes.length)
}

/** @returns its size in bytes */
async function copy(
  below: string,
  sha256: string,
  limit: number,
  content: ContentFolder,
  refused: (problem: string) => DebproofError,
): Promise<number> {
  const file = path.join(below, 'sha256', sha256)
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw refused(`${sha256} is missing`)
  if (found.size > limit) throw refused(`${sha256} is larger than it says`)
  const spool = await content.spool()
  try {
    for await (const _ of spool.tee(limited(file, limit))) {
      // The spool writes and hashes what comes by.
    }
  } catch (error) {
    await spool.discard()
    if (isDebproofError(error)) throw error
    throw refused(`${sha256} cannot be read (${describeError(error)})`)
  }
  const kept = await spool.keep()
  if (kept.sha256 !== sha256) throw refused(`${sha256} has other bytes`)
  return kept.size
}

/** A file may grow while it is read. */
async function* limited(file: string, limit: number): AsyncGenerator<Uint8Array> {
  if (limit > 0) yield* createReadStream(file, { end: limit - 1, highWaterMark: 1024 * 1024 })
}

async function readIndex(file: string, refused: (problem: string) => DebproofError): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw refused('index.json is missing')
  if (found.size > MAX_BUNDLE_INDEX) throw refused(`index.json is larger than ${MAX_BUNDLE_INDEX} bytes`)
  return await readFile(file)
}

function parseIndexOf(bytes: Uint8Array, refused: (problem: string) => DebproofError): ReturnType<typeof parseIndex> {
  try {
    return parseIndex(bytes, 'index.json')
  } catch (error) {
    if (!isDebproofError(error, 'EVIDENCE')) throw error
    throw refused(describeError(error).replace(/\.$/, ''))
  }
}

function hexOf({ index }: Bundle): string {
  return index.slice('sha256:'.length)
}

import { createReadStream, readdirSync } from 'node:fs'
import { listName } from '../archive/apt-lists.ts'
import { parseReleaseFields } from '../archive/release-fields.ts'
import { pairRelease, type SignedText, splitInRelease } from '../archive/signed-text.ts'
import { DebproofError, systemErrorCode } from '../errors.ts'
import { MAX_PLAIN_INDEX, MAX_RELEASE_FILE } from '../limits.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import type { AptSource } from './apt-sources.ts'
import { pathInSystem, statInSystem } from './system-files.ts'

/** What apt fetched last. */
const LISTS = '/var/lib/apt/lists'

/**
 * What the release file says that apt kept of a source. Nobody judged it here: it is a hint at whom to ask, and no
 * reason to believe anything.
 */
export interface KeptRelease {
  readonly origin?: string
  readonly label?: string
  readonly suite?: string
  readonly codename?: string
  readonly signed: SignedText
}

/** Undefined where apt kept none, or none that can be read. */
export async function keptRelease(root: string, source: AptSource): Promise<KeptRelease | undefined> {
  const start = `${LISTS}/${listName(new URL(source.uri), source.suite)}`
  const read = (name: string): Promise<Buffer | undefined> => readKept(root, `${start}${name}`)
  try {
    const signed = await signedText(read)
    if (signed === undefined) return undefined
    const fields = parseReleaseFields(signed.text)
    const named = (['origin', 'label', 'suite', 'codename'] as const).flatMap((name) => {
      const value = fields.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return { ...Object.fromEntries(named), signed }
  } catch (error) {
    // A hint that cannot be read is none.
    if (error instanceof DebproofError || systemErrorCode(error) !== undefined) return undefined
    throw error
  }
}

async function signedText(read: (name: string) => Promise<Buffer | undefined>): Promise<SignedText | undefined> {
  const whole = await read('InRelease')
  if (whole !== undefined) return splitInRelease(whole)
  const [release, signature] = [await read('Release'), await read('Release.gpg')]
  return release === undefined || signature === undefined ? undefined : pairRelease(release, signature)
}

/** Whether the indexes that apt kept of a source list each of these packages. Compressed ones are not looked into. */
export async function keptIndexesList(root: string, source: AptSource, names: readonly string[]): Promise<boolean> {
  const missing = new Set(names.map((name) => `\nPackage: ${name}\n`))
  try {
    for (const file of keptIndexes(root, source)) await removeListed(missing, file)
  } catch (error) {
    // A hint that cannot be read is none.
    if (!(error instanceof DebproofError) && systemErrorCode(error) === undefined) throw error
    return false
  }
  return missing.size === 0
}

/** Where on this machine they are. */
function keptIndexes(root: string, source: AptSource): string[] {
  if (!statInSystem(root, LISTS)?.isDirectory()) return []
  const start = listName(new URL(source.uri), source.suite)
  return readdirSync(pathInSystem(root, LISTS))
    .filter((name) => name.startsWith(start) && /^(?:.*_)?Packages$/.test(name.slice(start.length)))
    .map((name) => `${LISTS}/${name}`)
    .filter((file) => statInSystem(root, file)?.isFile())
    .map((file) => pathInSystem(root, file))
}

async function removeListed(lines: Set<string>, file: string): Promise<void> {
  let end = '\n'
  for await (const chunk of createReadStream(file, { encoding: 'latin1', end: MAX_PLAIN_INDEX - 1 })) {
    const text = end + String(chunk)
    for (const line of lines) if (text.includes(line)) lines.delete(line)
    end = text.slice(-LONGEST_LINE)
  }
}

/** Of those that are looked for: one may begin at the end of what was read. */
const LONGEST_LINE = 100

async function readKept(root: string, file: string): Promise<Buffer | undefined> {
  if (!statInSystem(root, file)?.isFile()) return undefined
  return await readFileUpTo(pathInSystem(root, file), MAX_RELEASE_FILE)
}

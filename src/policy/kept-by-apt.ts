import { createReadStream, readdirSync } from 'node:fs'
import path from 'node:path'
import { listName } from '../archive/apt-lists.ts'
import { parseStanza } from '../archive/deb822.ts'
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
    const fields = parseStanza(Buffer.from(signed.text).toString('latin1').trimEnd())
    const named = (['origin', 'label', 'codename'] as const).flatMap((name) => {
      const value = fields.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return { ...Object.fromEntries(named), signed }
  } catch (error) {
    if (error instanceof DebproofError) return undefined
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
  if (!statInSystem(root, LISTS)?.isDirectory()) return false
  const start = listName(new URL(source.uri), source.suite)
  const files = readdirSync(pathInSystem(root, LISTS)).filter((name) => name.startsWith(start))
  const missing = new Set(names.map((name) => `\nPackage: ${name}\n`))
  for (const name of files.filter((file) => /(?:^|_)Packages$/.test(file.slice(start.length)))) {
    const file = `${LISTS}/${name}`
    if (!statInSystem(root, file)?.isFile()) continue
    let end = '\n'
    const content = createReadStream(pathInSystem(root, file), { encoding: 'latin1', end: MAX_PLAIN_INDEX - 1 })
    for await (const chunk of content) {
      const text = end + String(chunk)
      for (const line of missing) if (text.includes(line)) missing.delete(line)
      end = text.slice(-LONGEST_LINE)
    }
  }
  return missing.size === 0
}

/** Of those that are looked for: one may begin at the end of what was read. */
const LONGEST_LINE = 100

async function readKept(root: string, file: string): Promise<Buffer | undefined> {
  if (!statInSystem(root, file)?.isFile()) return undefined
  try {
    return await readFileUpTo(pathInSystem(root, file), MAX_RELEASE_FILE)
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new DebproofError('POLICY', `${path.join(root, file)} cannot be read`, { cause: error })
  }
}

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from './settings.ts'

/**
 * Options of a source that make apt laxer or stricter than it is by default (sources.list(5)). `trusted=no` stays: it
 * is no default, but it makes apt believe less, never more.
 */
const LIBERTIES = [
  'trusted=(?:yes|true|with|on|enable|1)',
  'allow-(?:insecure|weak|downgrade-to-insecure)=[^\\s\\]]*',
  'check-valid-until=[^\\s\\]]*',
  'check-date=[^\\s\\]]*',
  'date-max-future=[^\\s\\]]*',
  'valid-until-(?:min|max)=[^\\s\\]]*',
].join('|')

export interface MadeRoot {
  /** A system as debproof reads it: the test's apt sources and keyrings at the places where a system has them. */
  readonly root: string
  /** The same sources without what makes apt laxer. */
  readonly plainList: string
  readonly plainParts: string
  /** Options of sources that were left out there. */
  readonly liberties: readonly string[]
}

/** Makes a system root below `folder` of a test's configuration. Its keyrings are copied, not linked. */
export function makeRoot(folder: string, settings: Settings): MadeRoot {
  const root = path.join(folder, 'root')
  mkdirSync(path.join(root, 'etc/apt/sources.list.d'), { recursive: true })
  mkdirSync(path.join(root, 'var/lib/dpkg'), { recursive: true })
  mkdirSync(path.join(folder, 'plain.d'), { recursive: true })
  writeFileSync(path.join(root, 'var/lib/dpkg/arch'), settings.architectures.map((name) => `${name}\n`).join(''))
  const plainList = path.join(folder, 'plain.list')
  const plainParts = path.join(folder, 'plain.d')
  const liberties: string[] = []
  const take = (from: string, to: string, plain: string): void => {
    const text = readFileSync(from, 'utf8')
    writeFileSync(to, text)
    const without = withoutLiberties(text, from.endsWith('.sources'))
    liberties.push(...without.liberties)
    writeFileSync(plain, without.text)
    for (const [word] of text.matchAll(/\/[^\s,\]]+/g)) keep(root, word)
  }
  if (isFile(settings.sourceList)) take(settings.sourceList, path.join(root, 'etc/apt/sources.list'), plainList)
  else writeFileSync(plainList, '')
  for (const name of filesOf(settings.sourceParts)) {
    if (!/\.(?:list|sources)$/.test(name)) continue
    const parts = path.join(root, 'etc/apt/sources.list.d', name)
    take(path.join(settings.sourceParts, name), parts, path.join(plainParts, name))
  }
  if (isFile(settings.trusted)) copy(settings.trusted, path.join(root, 'etc/apt/trusted.gpg'))
  for (const name of filesOf(settings.trustedParts)) {
    const to = path.join(root, 'etc/apt/trusted.gpg.d', name)
    copy(path.join(settings.trustedParts, name), to)
  }
  return { root, plainList, plainParts, liberties }
}

function withoutLiberties(text: string, isDeb822: boolean): { text: string; liberties: string[] } {
  const liberties: string[] = []
  const note = (found: string): string => {
    liberties.push(
      found
        .trim()
        .toLowerCase()
        .replace(/\s*:\s*/, '='),
    )
    return ''
  }
  if (isDeb822) {
    const fields = new RegExp(
      `^(?:${LIBERTIES.replaceAll('=', ':[ \\t]*').replaceAll('\\s\\]', '\\n')})[ \\t]*\\n`,
      'gim',
    )
    return { text: text.replace(fields, note), liberties }
  }
  const options = new RegExp(`(?<=[\\s[])(?:${LIBERTIES})(?=[\\s\\]])`, 'gi')
  return { text: text.replace(options, note).replaceAll(/\[\s*\]/g, ''), liberties }
}

/** Keeps a file that a source names under the same path below the root. */
function keep(root: string, file: string): void {
  if (isFile(file) && !file.endsWith('/')) copy(file, path.join(root, file))
}

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true })
  copyFileSync(from, to)
}

function filesOf(folder: string): string[] {
  return folder !== '' && existsSync(folder) && statSync(folder).isDirectory()
    ? readdirSync(folder).filter((name) => isFile(path.join(folder, name)))
    : []
}

function isFile(file: string): boolean {
  return file !== '' && statSync(file, { throwIfNoEntry: false })?.isFile() === true
}

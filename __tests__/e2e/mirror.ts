import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { succeed } from './running.ts'

/** The Debian release that these tests build with. */
export const CODENAME = 'bookworm'

export interface Mirror {
  /** The archive's URL, without a slash at its end. */
  readonly debian: string
  readonly security: string
}

/** The mirror that this machine's own apt uses. */
export function mirrorOfThisMachine(): Mirror {
  const sources = [...oneLineSources(), ...deb822Sources()]
  const urlOf = (isSecurity: boolean): string => {
    const source = sources.find(({ suites }) =>
      suites.some((suite) => /-security$|\/updates$/.test(suite) === isSecurity),
    )
    if (source === undefined) throw new Error('The apt sources of this machine name no mirror of Debian.')
    return source.uri.replace(/\/+$/, '')
  }
  return { debian: urlOf(false), security: urlOf(true) }
}

interface Source {
  readonly uri: string
  readonly suites: readonly string[]
}

function deb822Sources(): Source[] {
  return readIfThere('/etc/apt/sources.list.d/debian.sources')
    .split(/\n\s*\n/)
    .map((text) => ({ uri: fieldOf(text, 'URIs') ?? '', suites: (fieldOf(text, 'Suites') ?? '').split(/\s+/) }))
    .filter(({ uri }) => uri !== '')
}

function oneLineSources(): Source[] {
  const lines = readIfThere('/etc/apt/sources.list').matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)
  return [...lines].map(([, uri = '', suite = '']) => ({ uri, suites: [suite] }))
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The bytes at a URL; undefined where the server says that there are none. */
export async function fetchIfThere(url: string): Promise<Buffer | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(120_000) })
      if (response.status === 404) return undefined
      if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
      return Buffer.from(await response.arrayBuffer())
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

/** The bytes at a URL, which must be there. */
export async function fetchBytes(url: string): Promise<Buffer> {
  const bytes = await fetchIfThere(url)
  if (bytes === undefined) throw new Error(`${url} does not exist`)
  return bytes
}

/** One stanza of an index. */
export interface Stanza {
  readonly text: string
  /** The archive that lists it, and in which suite. */
  readonly base: string
  readonly suite: string
}

/** The stanzas of an index of the mirror, such as `main/binary-amd64/Packages`; `folder` is for its download. */
export async function readMirrorIndex(base: string, suite: string, index: string, folder: string): Promise<Stanza[]> {
  const file = path.join(folder, `${suite}-${index.replaceAll('/', '_')}.xz`)
  await writeFile(file, await fetchBytes(`${base}/dists/${suite}/${index}.xz`))
  const text = await succeed('xz', ['--decompress', '--stdout', file])
  return text
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => ({ text: stanza, base, suite }))
}

/** The first line of a field. */
export function fieldOf(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'm').exec(stanza)?.[1]
}

/**
 * Downloads a file of the pool into `folder` under its own name; it must have the hash that the index states.
 * Undefined where the mirror lacks it, as some do for what nobody asked for lately.
 */
export async function downloadPoolFile(url: string, sha256: string, folder: string): Promise<string | undefined> {
  const bytes = await fetchIfThere(url)
  if (bytes === undefined) return undefined
  if (sha256Of(bytes) !== sha256) throw new Error(`${url} is not what the mirror's index says`)
  const file = path.join(folder, path.basename(url))
  await writeFile(file, bytes)
  return file
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The one file of a folder whose name matches. */
export function onlyFile(folder: string, name: RegExp): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    name.test(path.basename(file)),
  )
  const [file] = found
  if (file === undefined || found.length > 1) throw new Error(`${folder} has ${found.length} files that match ${name}`)
  return path.join(folder, file)
}

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { CODENAME, downloadPoolFile, fieldOf, type Mirror, readMirrorIndex, type Stanza } from './mirror.ts'

/** A real .deb that was downloaded. */
export interface PickedDeb {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly sha256: string
  readonly suite: string
  readonly file: string
}

/** Every shape of version and architecture that a build meets; each takes the smallest package that nobody took yet. */
const SHAPES: readonly { readonly suite: 'main' | 'security'; readonly fits: (stanza: string) => boolean }[] = [
  { suite: 'main', fits: (stanza) => fieldOf(stanza, 'Architecture') === 'all' && versionOf(stanza).includes('+dfsg') },
  { suite: 'main', fits: (stanza) => /^\d+:/.test(versionOf(stanza)) },
  { suite: 'main', fits: (stanza) => /\+b\d+$/.test(versionOf(stanza)) },
  { suite: 'main', fits: (stanza) => versionOf(stanza).includes('~') },
  { suite: 'main', fits: (stanza) => /\+deb\d+u\d+$/.test(versionOf(stanza)) },
  { suite: 'main', fits: (stanza) => fieldOf(stanza, 'Multi-Arch') === 'same' && isNative(stanza) },
  { suite: 'main', fits: (stanza) => fieldOf(stanza, 'Package')?.includes('+') ?? false },
  { suite: 'main', fits: isNative },
  { suite: 'security', fits: isNative },
  { suite: 'security', fits: (stanza) => fieldOf(stanza, 'Architecture') === 'all' },
  { suite: 'security', fits: (stanza) => /^\d+:/.test(versionOf(stanza)) },
  { suite: 'security', fits: (stanza) => versionOf(stanza).includes('~') },
]

/** Downloads a small .deb of each shape from the mirror. */
export async function pickDebs(mirror: Mirror, folder: string): Promise<PickedDeb[]> {
  await mkdir(folder, { recursive: true })
  const [main, security] = await Promise.all([
    readMirrorIndex(mirror.debian, CODENAME, 'main/binary-amd64/Packages', folder),
    readMirrorIndex(mirror.security, `${CODENAME}-security`, 'main/binary-amd64/Packages', folder),
  ])
  const indexes = { main: smallestFirst(main, sizeOf), security: smallestFirst(security, sizeOf) }
  const picked: PickedDeb[] = []
  for (const { suite, fits } of SHAPES) {
    const candidates = indexes[suite].filter(({ text }) => {
      // Large enough to install files of its own.
      return sizeOf(text) > 8000 && fits(text) && !picked.some(({ name }) => name === fieldOf(text, 'Package'))
    })
    picked.push(await firstThatIsThere(candidates, (stanza) => downloadDeb(stanza, folder)))
  }
  return picked
}

async function downloadDeb({ text, base, suite }: Stanza, folder: string): Promise<PickedDeb | undefined> {
  const sha256 = fieldOf(text, 'SHA256') ?? ''
  const file = await downloadPoolFile(`${base}/${fieldOf(text, 'Filename')}`, sha256, folder)
  if (file === undefined) return undefined
  const [name = '', architecture = ''] = ['Package', 'Architecture'].map((field) => fieldOf(text, field))
  return { name, version: versionOf(text), architecture, sha256, suite, file }
}

/** What the first of some candidates gives, tried one after the other. */
async function firstThatIsThere<T>(
  candidates: readonly Stanza[],
  download: (stanza: Stanza) => Promise<T | undefined>,
): Promise<T> {
  for (const candidate of candidates.slice(0, 20)) {
    const found = await download(candidate)
    if (found !== undefined) return found
  }
  throw new Error(`the mirror has no such package; ${candidates.length} are in its index`)
}

/** A real source package that was downloaded. */
export interface PickedSource {
  readonly name: string
  readonly version: string
  readonly dsc: string
  /** The SHA-256 of each of its files, by name. */
  readonly files: ReadonlyMap<string, string>
}

/** Downloads the smallest source package of an upstream, with its Debian part apart, and the smallest of Debian's own. */
export async function pickSources(mirror: Mirror, folder: string): Promise<PickedSource[]> {
  await mkdir(folder, { recursive: true })
  const index = await readMirrorIndex(mirror.debian, CODENAME, 'main/source/Sources', folder)
  const sorted = smallestFirst(
    index.filter(({ text }) => fieldOf(text, 'Extra-Source-Only') === undefined),
    (stanza) => sourceFiles(stanza).reduce((sum, { size }) => sum + size, 0),
  )
  const wanted = [/^Format: 3\.0 \(quilt\)$/m, /^Format: 3\.0 \(native\)$/m]
  return await Promise.all(
    wanted.map((format) => {
      const candidates = sorted.filter(({ text }) => format.test(text))
      return firstThatIsThere(candidates, (stanza) => downloadSource(stanza, folder))
    }),
  )
}

async function downloadSource({ text, base }: Stanza, folder: string): Promise<PickedSource | undefined> {
  const files = sourceFiles(text)
  for (const { name, sha256 } of files) {
    const url = `${base}/${fieldOf(text, 'Directory')}/${name}`
    if ((await downloadPoolFile(url, sha256, folder)) === undefined) return undefined
  }
  const dsc = files.find(({ name }) => name.endsWith('.dsc'))?.name ?? ''
  return {
    name: fieldOf(text, 'Package') ?? '',
    version: versionOf(text),
    dsc: path.join(folder, dsc),
    files: new Map(files.map(({ name, sha256 }) => [name, sha256])),
  }
}

function sourceFiles(stanza: string): { name: string; size: number; sha256: string }[] {
  return [...stanza.matchAll(/^ ([0-9a-f]{64}) (\d+) (\S+)$/gm)].map(([, sha256 = '', size = '', name = '']) => {
    return { name, size: Number(size), sha256 }
  })
}

/** The stanzas of packages with one version, by size and then by text, so that the same index gives the same order. */
function smallestFirst(stanzas: readonly Stanza[], size: (stanza: string) => number): Stanza[] {
  const versions = new Map<string, number>()
  for (const { text } of stanzas) {
    const name = fieldOf(text, 'Package') ?? ''
    versions.set(name, (versions.get(name) ?? 0) + 1)
  }
  return stanzas
    .filter(({ text }) => versions.get(fieldOf(text, 'Package') ?? '') === 1)
    .map((stanza) => ({ stanza, size: size(stanza.text) }))
    .sort((a, b) => a.size - b.size || (a.stanza.text < b.stanza.text ? -1 : 1))
    .map(({ stanza }) => stanza)
}

function versionOf(stanza: string): string {
  return fieldOf(stanza, 'Version') ?? ''
}

function sizeOf(stanza: string): number {
  return Number(fieldOf(stanza, 'Size'))
}

function isNative(stanza: string): boolean {
  return fieldOf(stanza, 'Architecture') === 'amd64'
}

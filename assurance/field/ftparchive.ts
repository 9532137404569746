import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Workplace } from '../honest/workplace.ts'
import { buildDebs } from './debs.ts'
import type { Published } from './field-archive.ts'
import { keyringOf, type Signing, signRelease } from './signing.ts'

export const VENDOR = 'A vendor'

const PROGRAMS = {
  gz: ['gzip', '--no-name', '--keep', '--force'],
  xz: ['xz', '--keep', '--force'],
  bz2: ['bzip2', '--keep', '--force'],
  zst: ['zstd', '--quiet', '--keep', '--force'],
} as const

type Suffix = keyof typeof PROGRAMS

export interface Shape {
  /** Below `dists/`; a path that ends in `/` has no `dists` and no component. */
  readonly suite?: string
  /** Of the release file, and of apt-ftparchive's own kind, such as `ValidTime`. */
  readonly release?: Readonly<Record<string, string>>
  /** In which forms an index is served beside itself; `not plain`: itself is listed and not served. */
  readonly forms?: readonly (Suffix | 'not plain')[]
  /** Options of apt-ftparchive. */
  readonly options?: readonly string[]
  readonly allIndex?: boolean
  readonly byHash?: boolean
  readonly components?: readonly string[]
  readonly form?: Signing['form']
  readonly signers?: readonly string[]
  readonly written?: Signing['written']
  /** What becomes of an index before it is listed. */
  readonly index?: (text: string) => string
  /** What becomes of the release file before it is signed. */
  readonly edit?: (text: string) => string
  readonly releaseName?: string
}

/** An archive by apt-ftparchive and gpg. */
export async function ftparchive(workplace: Workplace, folder: string, shape: Shape = {}): Promise<Published> {
  const { suite = 'stable', components = ['main'], signers = [VENDOR] } = shape
  const isFlat = suite.endsWith('/')
  const place = path.join(folder, isFlat ? suite : `dists/${suite}`)
  for (const component of components) {
    await buildDebs(workplace, path.join(folder, isFlat ? suite : `pool/${component}`))
    const listed = await workplace.run(
      'apt-ftparchive',
      ['packages', isFlat ? '.' : `pool/${component}`],
      isFlat ? place : folder,
    )
    const text = (shape.index ?? ((same) => same))(listed)
    const architectures = shape.allIndex === true ? ['amd64', 'all'] : ['amd64']
    for (const architecture of architectures) {
      const own = shape.allIndex === true ? stanzasFor(text, architecture) : text
      const file = path.join(place, isFlat ? 'Packages' : `${component}/binary-${architecture}/Packages`)
      await writeIndex(workplace, file, own, shape)
    }
  }
  const names = isFlat ? {} : { Suite: suite, Codename: suite, Components: components.join(' ') }
  const all = shape.allIndex === true ? ' all' : ''
  const fields = { Origin: VENDOR, Label: VENDOR, Architectures: `amd64${all}`, ...names, ...shape.release }
  const stated = Object.entries(fields).flatMap(([name, value]) => ['-o', `APT::FTPArchive::Release::${name}=${value}`])
  const options = [...stated, ...(shape.options ?? [])]
  const release = await workplace.run('apt-ftparchive', [...options, 'release', '.'], place)
  if (shape.forms?.includes('not plain') === true) {
    for (const component of components) rmSync(path.join(place, isFlat ? '.' : `${component}/binary-amd64`, 'Packages'))
  }
  await signRelease(workplace, place, (shape.edit ?? ((same) => same))(release), {
    signers: await Promise.all(signers.map((name) => workplace.key(name))),
    form: shape.form ?? 'both',
    ...(shape.written === undefined ? {} : { written: shape.written }),
  })
  return {
    folder,
    suite,
    ...(isFlat ? {} : { components }),
    keyring: await keyringOf(workplace, folder, ...signers),
    ...(shape.releaseName === undefined ? {} : { releaseName: shape.releaseName }),
  }
}

async function writeIndex(workplace: Workplace, file: string, text: string, shape: Shape): Promise<void> {
  const folder = path.dirname(file)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, text, 'latin1')
  for (const form of shape.forms ?? ['gz', 'xz']) {
    if (form === 'not plain') continue
    const [program, ...options] = PROGRAMS[form]
    await workplace.run(program, [...options, file], folder)
  }
  if (shape.byHash !== true) return
  mkdirSync(path.join(folder, 'by-hash/SHA256'), { recursive: true })
  const script = 'for f in Packages*; do ln -f "$f" "by-hash/SHA256/$(sha256sum <"$f" | cut -c1-64)"; done'
  await workplace.run('sh', ['-c', script], folder)
}

function stanzasFor(text: string, architecture: string): string {
  const own = text.split('\n\n').filter((stanza) => stanza.includes(`\nArchitecture: ${architecture}\n`))
  return `${own.join('\n\n')}\n`
}

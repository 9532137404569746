import type { Compression } from '../../src/archive/decompress.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import type { ReleaseEntry } from '../../src/archive/release.ts'
import type { IndexKind } from '../../src/archive/suite-layout.ts'
import type { Comparison } from './comparison.ts'
import type { Mirror, Suite } from './mirror.ts'
import { readSuite } from './release-files.ts'
import type { Program } from './tools.ts'

/** One form of an index, on this disk, with what the signed release file says of it. */
export interface IndexForm {
  readonly compression: Compression
  readonly entry: ReleaseEntry
  readonly file: string
}

/** An index that the mirror has in at least one form. */
export interface Index {
  /** Such as `sid main/binary-amd64/Packages`. */
  readonly name: string
  readonly suite: Suite
  readonly kind: IndexKind
  readonly architecture: string
  /** Of the decompressed index, where the release file lists it. */
  readonly plain: ReleaseEntry | undefined
  readonly forms: readonly [IndexForm, ...IndexForm[]]
}

export interface IndexSelection {
  readonly suites: readonly Suite[]
  readonly architectures: readonly string[]
  /** A second form of an index is downloaded up to this size: one of them holds every stanza. */
  readonly maxSecondForm: number
}

const FORMS: readonly { readonly suffix: string; readonly compression: Compression }[] = [
  { suffix: '.xz', compression: 'xz' },
  { suffix: '.gz', compression: 'gz' },
  { suffix: '.bz2', compression: 'bz2' },
  { suffix: '.zst', compression: 'zst' },
  { suffix: '', compression: 'plain' },
]

/** The tool that decompresses each form; `cat` for what is not compressed. */
export const DECOMPRESSORS: Readonly<Record<Compression, Program>> = {
  xz: ['xz', '--decompress', '--stdout'],
  gz: ['gzip', '--decompress', '--stdout'],
  bz2: ['bzip2', '--decompress', '--stdout'],
  zst: ['zstd', '--decompress', '--stdout'],
  plain: ['cat'],
}

/** Every index of these suites and architectures, in all components and the installer's, each content once. */
export async function findIndexes(
  mirror: Mirror,
  keyring: Keyring,
  { suites, architectures, maxSecondForm }: IndexSelection,
  comparison: Comparison,
): Promise<Index[]> {
  const indexes = new Map<string, Index>()
  const wanted = new RegExp(`^(.+/(?:source/Sources|binary-(${architectures.join('|')})/Packages))\\.xz$`)
  for (const suite of suites) {
    const release = await readSuite(mirror, suite, keyring)
    if (release === undefined) continue
    comparison.count('suites')
    for (const first of release.entries.values()) {
      const [, path = '', architecture = 'source'] = wanted.exec(first.path) ?? []
      if (path === '' || indexes.has(first.sha256)) continue
      const forms: IndexForm[] = []
      for (const { suffix, compression } of FORMS) {
        const entry = release.entries.get(path + suffix)
        if (entry === undefined || (forms.length > 0 && entry.size > maxSecondForm)) continue
        const file = await mirror.listed(suite, entry)
        if (file !== undefined) forms.push({ compression, entry, file })
      }
      const [form, ...others] = forms
      if (form === undefined) {
        comparison.explain('listed, and the mirror serves no file with the hash that is signed: not compared')
        continue
      }
      comparison.count('indexes')
      const plain = release.entries.get(path)
      const kind = architecture === 'source' ? 'Sources' : 'Packages'
      const name = `${suite.name} ${path}`
      indexes.set(first.sha256, { name, suite, kind, architecture, plain, forms: [form, ...others] })
    }
  }
  return [...indexes.values()]
}

import { createHash } from 'node:crypto'
import type { Random } from '../random.ts'
import { compress, SUFFIXES, type Suffix } from './compress.ts'

/** The values of a field: those that archives write, the usual ones again and again, and odd ones. */
interface Values {
  readonly usual: readonly (string | undefined)[]
  readonly odd: readonly (string | undefined)[]
}

const ARCHITECTURES: Values = {
  usual: ['amd64', 'amd64', 'amd64 all', 'amd64 all', 'all amd64 i386', undefined],
  odd: [
    '',
    'all',
    'i386',
    'amd64  all',
    'amd64\tall',
    'amd64 all\tx',
    'amd64, all',
    'amd64,all',
    'ALL amd64',
    'amd64 all all',
    'amd64\n all',
    'amd64 \n all',
    '\n amd64\n all',
    'amd64 all\n x',
    'all\n amd64',
    'amd64 all\u00a0',
    'amd64 all\f',
    '\v all amd64',
  ],
}

const NO_SUPPORT: Values = {
  usual: [undefined, undefined, undefined, 'Packages', 'Packages Sources', 'Contents'],
  odd: [
    '',
    'Sources Packages',
    'Sources  Packages',
    'packages',
    'PACKAGES',
    'Packages,Sources',
    'Packages\tSources',
    'Sources\tPackages',
    'Packages\n Sources',
    'Sources\n Packages',
    '\n Packages',
    'Packages Packages',
    'Packages x',
    'x Packages y',
    'yes',
    'Packages\f',
    'Packages\v',
  ],
}

const COMPONENTS: Values = {
  usual: ['main', 'main contrib', undefined],
  odd: ['', 'contrib', 'updates/main', 'main  contrib', 'MAIN', 'main\tcontrib'],
}

const BY_HASH: Values = { usual: [undefined, 'no', 'yes', 'yes'], odd: ['true', '1', 'YES', 'force', ''] }

const NOT_AUTOMATIC: Values = { usual: [undefined, undefined, undefined, 'yes'], odd: ['no', 'true', '1', 'on', ''] }

/** What may be wrong with one row of a hash section. */
const ROWS: readonly { readonly name: string; readonly weight?: number; readonly write: Row }[] = [
  { name: 'plain', weight: 120, write: (hash, size, path) => ` ${hash} ${size} ${path}` },
  { name: 'aligned', weight: 2, write: (hash, size, path) => ` ${hash} ${String(size).padStart(16)} ${path}` },
  { name: 'tabs', write: (hash, size, path) => `\t${hash}\t${size}\t${path}` },
  { name: 'blanks at the end', write: (hash, size, path) => ` ${hash} ${size} ${path} \t` },
  { name: 'hash in upper case', write: (hash, size, path) => ` ${hash.toUpperCase()} ${size} ${path}` },
  { name: 'another hash', write: (hash, size, path) => ` ${hash.replaceAll(/./g, 'a')} ${size} ${path}` },
  { name: 'another size', write: (hash, size, path) => ` ${hash} ${size + 1} ${path}` },
  { name: 'size zero', weight: 2, write: (hash, _size, path) => ` ${hash} 0 ${path}` },
  { name: 'size with a sign', write: (hash, size, path) => ` ${hash} +${size} ${path}` },
  { name: 'size in hex', write: (hash, size, path) => ` ${hash} 0x${size.toString(16)} ${path}` },
  { name: 'twice', write: (hash, size, path) => ` ${hash} ${size} ${path}\n ${hash} ${size} ${path}` },
  { name: 'below ./', weight: 2, write: (hash, size, path) => ` ${hash} ${size} ./${path}` },
  { name: 'with an empty part', write: (hash, size, path) => ` ${hash} ${size} ${path.replace('/', '//')}` },
  { name: 'in another case', write: (hash, size, path) => ` ${hash} ${size} ${path.toUpperCase()}` },
  { name: 'a fourth word', write: (hash, size, path) => ` ${hash} ${size} ${path} x` },
  { name: 'folded', write: (hash, size, path) => ` ${hash}\n ${size} ${path}` },
]

type Row = (hash: string, size: number, path: string) => string

const SECTIONS = [
  { field: 'MD5Sum', algorithm: 'md5', chance: 0.5 },
  { field: 'SHA1', algorithm: 'sha1', chance: 0.3 },
  { field: 'SHA256', algorithm: 'sha256', chance: 0.97 },
  { field: 'SHA512', algorithm: 'sha512', chance: 0.25 },
] as const

export interface DrawnSuite {
  readonly odd: readonly string[]
  /** The release file, without signature. */
  readonly release: string
  /** What is served below the release file, by path. */
  readonly files: Readonly<Record<string, Buffer>>
}

/** An index with what it holds; `other` is what the adversary may have one of its forms hold instead. */
export interface MadeIndex {
  readonly path: string
  readonly text: string
  readonly other: string
}

/** A release file over the indexes: which forms it lists, in which sections, and what it says else. */
export function drawRelease(
  random: Random,
  indexes: readonly MadeIndex[],
  about: { readonly suite: string; readonly date: string; readonly byHttp: boolean },
  oddity: number,
): DrawnSuite {
  const odd: string[] = []
  const forms = indexes.flatMap((index) => drawForms(random, index, about.byHttp, oddity, odd))
  const fields = drawFields(random, oddity, odd)
  const sections = SECTIONS.flatMap(({ field, algorithm, chance }) => {
    if (!random.chance(field === 'SHA256' ? Math.max(chance, 1 - oddity / 8) : chance)) return []
    const rows = forms
      .filter(({ lists }) => lists(field))
      .map((form) => {
        const row = random.chance(oddity / 3) ? random.weighted(ROWS) : ROWS[0]
        if (row === undefined) return ''
        if (row.name !== 'plain') odd.push(`row of ${field}: ${row.name}`)
        return row.write(createHash(algorithm).update(form.bytes).digest('hex'), form.bytes.length, form.path)
      })
    return rows.length === 0 ? [] : [`${field}:\n${rows.join('\n')}`]
  })
  const lines = [`Origin: Made`, `Codename: ${about.suite}`, `Date: ${about.date}`, ...fields]
  const files = Object.fromEntries(forms.filter(({ served }) => served).map(({ path, bytes }) => [path, bytes]))
  const byHash = forms
    .filter(({ byHash }) => byHash)
    .map(({ path, bytes }): [string, Buffer] => [
      `${path.slice(0, path.lastIndexOf('/') + 1)}by-hash/SHA256/${createHash('sha256').update(bytes).digest('hex')}`,
      bytes,
    ])
  return {
    odd,
    release: [...lines, ...sections].join('\n'),
    files: { ...files, ...Object.fromEntries(byHash) },
  }
}

interface Form {
  readonly path: string
  readonly bytes: Buffer
  readonly lists: (section: string) => boolean
  readonly served: boolean
  readonly byHash: boolean
}

/** Which forms of an index are listed where, which are served, and what they hold. */
function drawForms(
  random: Random,
  { path, text, other }: MadeIndex,
  byHttp: boolean,
  oddity: number,
  odd: string[],
): Form[] {
  const drawn = SUFFIXES.filter((suffix) => suffix === '' || random.chance(SHARE[suffix]))
  const listing = random.weighted(LISTINGS.map((one) => (one.name === 'all' ? { ...one, weight: 12 / oddity } : one)))
  if (listing.name !== 'all') odd.push(`listed: ${listing.name}`)
  const differs = random.chance(oddity / 4) ? random.pick(drawn) : undefined
  if (differs !== undefined) odd.push(`another content: ${differs === '' ? 'plain' : differs}`)
  // apt's method for files takes a form that is not there for one that is damaged.
  const lacks = byHttp && random.chance(oddity / 2) ? random.pick(drawn) : undefined
  const plainServed = random.chance(0.7) || drawn.length === 1
  return drawn.map((suffix) => ({
    path: path + suffix,
    bytes: compress(suffix === differs ? other : text, suffix),
    lists: (section) => listing.lists(section, suffix),
    served: suffix === '' ? plainServed : suffix !== lacks,
    byHash: suffix === '' ? random.chance(0.5) : random.chance(0.8),
  }))
}

const SHARE: Readonly<Record<Exclude<Suffix, ''>, number>> = {
  '.gz': 0.7,
  '.xz': 0.5,
  '.bz2': 0.2,
  '.zst': 0.2,
  '.lzma': 0.1,
  '.lz4': 0.1,
}

const isStrong = (section: string): boolean => section === 'SHA256' || section === 'SHA512'

const LISTINGS: readonly {
  readonly name: string
  readonly weight?: number
  readonly lists: (section: string, suffix: Suffix) => boolean
}[] = [
  { name: 'all', lists: () => true },
  { name: 'compressed alone', weight: 2, lists: (_section, suffix) => suffix !== '' },
  { name: 'plain alone', lists: (_section, suffix) => suffix === '' },
  { name: 'nothing', lists: () => false },
  { name: 'plain in weak sections alone', lists: (section, suffix) => suffix !== '' || !isStrong(section) },
  { name: 'plain in SHA512 alone', lists: (section, suffix) => suffix !== '' || section === 'SHA512' },
  { name: 'plain in SHA256 alone', lists: (section, suffix) => suffix !== '' || section === 'SHA256' },
  { name: 'compressed in weak sections alone', lists: (section, suffix) => suffix === '' || !isStrong(section) },
  { name: 'all in weak sections alone', lists: (section) => !isStrong(section) },
]

function drawFields(random: Random, oddity: number, odd: string[]): string[] {
  const draw = (name: string, values: Values): string[] => {
    const isOdd = random.chance(oddity / 2)
    const drawn = isOdd ? values.odd : values.usual
    const value = drawn[random.below(drawn.length)]
    if (value === undefined) return []
    const text = value.startsWith('\n') || value === '' ? `:${value}` : `: ${value}`
    if (isOdd) odd.push(`${name}${JSON.stringify(text)}`)
    return [`${random.chance(oddity / 10) ? name.toUpperCase() : name}${text}`]
  }
  return [
    ...draw('Architectures', ARCHITECTURES),
    ...draw('Components', COMPONENTS),
    ...draw('No-Support-for-Architecture-all', NO_SUPPORT),
    ...draw('Acquire-By-Hash', BY_HASH),
    ...draw('NotAutomatic', NOT_AUTOMATIC),
  ]
}

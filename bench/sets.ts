import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where the downloaded and made archives, lists, policies and keys are kept between runs. */
export const CACHE = process.env['DEBPROOF_BENCH_CACHE'] ?? path.join(tmpdir(), 'debproof-bench')

/** What the loopback server serves. */
export const WWW = path.join(CACHE, 'www')

/** One component of one suite, and which of its indexes are read. */
export interface Part {
  /** The folder that an archive has below the server: `debian`, `debian-security`, `synthetic`. */
  readonly archive: string
  readonly suite: string
  readonly component: string
  readonly kind: 'Packages' | 'Sources'
}

const part = (archive: string, suite: string, component: string, kind: Part['kind'] = 'Packages'): Part => ({
  archive,
  suite,
  component,
  kind,
})

export const TRIXIE_MAIN = part('debian', 'trixie', 'main')

const T1 = [TRIXIE_MAIN]
const T5 = [
  ...T1,
  part('debian', 'trixie', 'non-free-firmware'),
  part('debian', 'trixie-updates', 'main'),
  part('debian', 'sid', 'main'),
  part('debian-security', 'trixie-security', 'main'),
]
const T6 = [...T5, ...T5.map((item): Part => ({ ...item, kind: 'Sources' }))]

/** The sets of indexes that docs and goals speak of. */
export const SETS = { T1, T5, T6 } as const
export type SetName = keyof typeof SETS

export const ARCHITECTURE = 'amd64'

/** The path of an index below its suite, without the suffix of a compression. */
export function indexPath({ component, kind }: Part): string {
  return kind === 'Packages' ? `${component}/binary-${ARCHITECTURE}/Packages` : `${component}/source/Sources`
}

/** The file of an index below WWW. */
export function indexFile(item: Part, suffix: string): string {
  return path.join(WWW, item.archive, 'dists', item.suite, indexPath(item) + suffix)
}

/** The clock, and the suites whose release file was signed anew; written by the set-up. */
export interface SetUp {
  readonly at: string
  readonly signedAnew: readonly string[]
}

export const files = {
  setUp: path.join(CACHE, 'setup.json'),
  /** Signs the reports, and release files that no one clock fits. */
  secretKey: path.join(CACHE, 'bench-secret.asc'),
  publicKey: path.join(CACHE, 'bench.asc'),
  list: (name: string): string => path.join(CACHE, 'lists', name),
  policy: (name: string): string => path.join(CACHE, 'policies', `${name}.yml`),
} as const

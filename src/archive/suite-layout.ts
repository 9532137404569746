import type { Architecture } from './identity.ts'
import type { VerifiedRelease } from './release.ts'

/** A part of an archive: what one `deb` line of sources.list(5) names. */
export interface ArchiveArea {
  /** Ends in `/`. */
  readonly base: URL
  /** A suite or codename below `dists/`, or a path that ends in `/` (a flat archive: `./`). */
  readonly suites: readonly string[]
  /** What the release file of its one suite calls itself, where that is declared and not the suite. */
  readonly releaseName?: string
  /** Not used for a suite that is a path. */
  readonly components: readonly string[]
  /** The first one is the build's own. `all` need not be named. */
  readonly architectures: readonly Architecture[]
}

/** Which kind of index: the .debs, or the source packages. */
export type IndexKind = 'Packages' | 'Sources'

export function isPathSuite(suite: string): boolean {
  return suite.endsWith('/')
}

/** Where a suite's release file is, relative to the archive's base: `''` or a path that ends in `/`. */
export function suiteDirectory(suite: string): string {
  if (!isPathSuite(suite)) return `dists/${suite}/`
  const path = suite.replace(/^(?:\.?\/)+/, '')
  return path === '' ? '' : path
}

/**
 * The indexes that hold a suite's packages, by their paths in the release file without suffix. As apt does, the
 * `binary-all` index is read where the release file offers one; elsewhere packages for all architectures stand in
 * each architecture's index.
 */
export function indexPaths(area: ArchiveArea, suite: string, release: VerifiedRelease, kind: IndexKind): string[] {
  if (isPathSuite(suite)) return [kind]
  if (kind === 'Sources') return area.components.map((component) => `${component}/source/Sources`)
  const architectures = new Set<string>(area.architectures)
  if (release.hasArchitectureAllIndex) architectures.add('all')
  return area.components.flatMap((component) =>
    [...architectures].map((architecture) => `${component}/binary-${architecture}/Packages`),
  )
}

import type { AptSource } from './apt-sources.ts'
import { type KeptRelease, keptIndexesList, keptRelease } from './kept-by-apt.ts'

/** Whose packages a suite seems to hold. It goes by what the archive says of itself, so it proves nothing. */
export interface LikelyUpstream {
  /** As the upstream calls it. */
  readonly suite: string
  readonly url: string
  /** What speaks for it, as the end of a sentence. */
  readonly why: string
}

/** A suite of an archive, what apt kept of it, and whose copy it seems to be. */
export interface SeenSuite {
  readonly source: AptSource
  readonly kept?: KeptRelease
  readonly likely?: LikelyUpstream
}

const DEBIAN = 'http://ftp.debian.org/debian'
const SECURITY = 'http://security.debian.org/debian-security'

/** Debian's releases of which builds may still be made; further ones are known by their Origin. */
const CODENAMES: ReadonlySet<string> = new Set([
  ...['sid', 'experimental', 'duke', 'forky', 'trixie', 'bookworm'],
  ...['bullseye', 'buster', 'stretch', 'jessie', 'wheezy'],
])

/** No copy of Debian's main is without them; a vendor of a few packages for a release of Debian's has none of them. */
const BASE_PACKAGES = ['base-files', 'bash', 'dpkg']

/**
 * Whose copy the suites of one archive seem to be: Debian's, where the release file that apt kept names Debian as the
 * Origin, or where it has a codename of Debian's and the archive lists Debian's base packages.
 */
export async function seenSuites(root: string, group: readonly AptSource[]): Promise<SeenSuite[]> {
  const seen: SeenSuite[] = []
  for (const source of group) {
    const kept = await keptRelease(root, source)
    seen.push({ source, ...(kept === undefined ? {} : { kept }) })
  }
  const guesses = seen.map(likelyUpstream)
  const needsNames = guesses.some((guess) => guess?.why === BY_NAMES)
  const listsBase = needsNames && (await anyListsBase(root, group))
  return seen.map((suite, index) => {
    const likely = guesses[index]
    return likely === undefined || (likely.why === BY_NAMES && !listsBase) ? suite : { ...suite, likely }
  })
}

const BY_NAMES = `has a codename of Debian's, and the archive lists ${BASE_PACKAGES.join(', ')}`

function likelyUpstream({ source, kept }: SeenSuite): LikelyUpstream | undefined {
  if (kept === undefined) return undefined
  const { origin, label, codename } = kept
  const suite = source.suite.endsWith('/updates') ? source.suite : (codename ?? source.suite)
  if (!/^[a-z][a-z0-9-]*(?:\/updates)?$/.test(suite)) return undefined
  const isSecurity = label === 'Debian-Security' || /(?:-security|\/updates)$/.test(suite)
  const found = { suite, url: isSecurity ? SECURITY : DEBIAN }
  if (origin === 'Debian' || origin === 'Debian Backports') return { ...found, why: `names ${origin} as its Origin` }
  const release = suite.replace(/(?:-(?:proposed-updates|updates|security|backports)|\/updates)$/, '')
  return CODENAMES.has(release) ? { ...found, why: BY_NAMES } : undefined
}

async function anyListsBase(root: string, group: readonly AptSource[]): Promise<boolean> {
  for (const source of group) if (await keptIndexesList(root, source, BASE_PACKAGES)) return true
  return false
}

import type { Keyring } from '../../src/archive/keyring.ts'
import { urlBelow } from '../../src/archive/path-below.ts'
import { hidesIndex, isStatedEmpty, listsIndex, readIndex } from '../../src/archive/read-index.ts'
import { type ReleaseFacts, readRelease } from '../../src/archive/read-release.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { indexPaths, suiteDirectory } from '../../src/archive/suite-layout.ts'
import { DebproofError, describeError } from '../../src/errors.ts'
import { Downloads } from '../../src/net/downloads.ts'
import { type AptSource, readAptSources } from '../../src/policy/apt-sources.ts'
import { systemArchitectures } from '../../src/policy/system-architectures.ts'
import { keyringOf, whyLeftOut } from '../../src/policy/system-policy.ts'
import { normalUrl } from './apt-verdict.ts'

/** Accepted, with the SHA-256 of the file; or refused, with the reason. */
export type Answer = { readonly sha256: string } | { readonly code: string; readonly message: string }

/** What debproof makes of the same sources, keys and servers. */
export interface DebproofVerdict {
  /** By the URL of their folder. */
  readonly releases: ReadonlyMap<string, Answer>
  /** By URL. Those that the release file states to be empty are left out: nobody fetches them. */
  readonly indexes: ReadonlyMap<string, Answer>
  /** Why the sources as a whole were refused. */
  readonly refused?: string
}

/** Every stanza is parsed, as if the build had used every package. */
class EveryName extends WantedNames {
  override has(): boolean {
    return true
  }

  override mayHave(): boolean {
    return true
  }
}

export async function judgeSources(root: string, at: Date): Promise<DebproofVerdict> {
  const releases = new Map<string, Answer>()
  const indexes = new Map<string, Answer>()
  const downloads = new Downloads({ userAgent: 'debproof-parity', retryDelay: 1, idleTimeout: 20_000 })
  try {
    for (const source of readAptSources(root).filter((one) => whyLeftOut(one) === undefined)) {
      const keyring = await keyringOf(source, root, () => undefined)
      await judgeSource(source, keyring, root, downloads, at, { releases, indexes })
    }
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    return { releases, indexes, refused: `${error.code} ${describeError(error)}` }
  } finally {
    await downloads.close()
  }
  return { releases, indexes }
}

async function judgeSource(
  source: AptSource,
  keyring: Keyring,
  root: string,
  downloads: Downloads,
  at: Date,
  verdict: { releases: Map<string, Answer>; indexes: Map<string, Answer> },
): Promise<void> {
  const { native, foreign } = systemArchitectures(root)
  const { suite, components } = source
  const area = {
    base: new URL(source.uri),
    suites: [suite],
    components,
    architectures: source.architectures ?? [native, ...foreign],
  }
  const directory = urlBelow(area.base, suiteDirectory(suite))
  const url = normalUrl(directory.href)
  let facts: ReleaseFacts
  try {
    facts = await readRelease(downloads, directory, { keyring, at, suite })
  } catch (error) {
    verdict.releases.set(url, refusal(error))
    return
  }
  verdict.releases.set(url, { sha256: facts.evidence[0]?.sha256 ?? '' })
  const { release } = facts
  const kind = source.type === 'deb' ? 'Packages' : 'Sources'
  for (const path of indexPaths(area, suite, release, kind)) {
    if (isStatedEmpty(release, path)) continue
    const request = { kind, wanted: new EveryName([]), refuseHidden: true } as const
    if (listsIndex(release, path)) {
      try {
        const { sha256, unclear } = await readIndex(downloads, { directory, look: 1 }, release, path, request)
        const [first] = unclear
        // As if the build had used every package.
        const refused = { code: 'INDEX_MALFORMED', message: first?.problem ?? '' } as const
        verdict.indexes.set(url + path, first === undefined ? { sha256 } : refused)
      } catch (error) {
        verdict.indexes.set(url + path, refusal(error))
      }
    } else if (hidesIndex(release, path)) {
      verdict.indexes.set(url + path, { code: 'INDEX_UNREADABLE', message: 'Listed only in forms that are not read.' })
    }
  }
}

function refusal(error: unknown): Answer {
  if (!(error instanceof DebproofError)) throw error
  return { code: error.code, message: describeError(error) }
}

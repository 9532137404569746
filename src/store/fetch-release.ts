import { urlBelow } from '../archive/path-below.ts'
import { pairNamed, type ReleaseBytes, splitNamed } from '../archive/read-release.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { MAX_RELEASE_FILE } from '../limits.ts'
import type { Downloads } from '../net/downloads.ts'

/**
 * The release file below `directory` (a URL that ends in `/`), with its bytes, before it is judged. As in
 * `readRelease`, only the answer that there is no InRelease leads to Release and Release.gpg.
 *
 * @throws DebproofError RELEASE_UNTRUSTED, RELEASE_MALFORMED, and as `Downloads`
 */
export async function fetchRelease(downloads: Downloads, directory: URL, look: 1 | 2): Promise<ReleaseBytes> {
  const fetch = async (name: string): Promise<[url: string, bytes: Uint8Array]> => {
    const url = urlBelow(directory, name)
    return [url.href, await downloads.bytes(url, MAX_RELEASE_FILE, { look })]
  }
  try {
    return splitNamed(...(await fetch('InRelease')))
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
  }
  const release = await fetch('Release')
  try {
    return pairNamed(...release, ...(await fetch('Release.gpg')))
  } catch (error) {
    if (!isDebproofError(error, 'NOT_FOUND')) throw error
    throw new DebproofError(
      'RELEASE_UNTRUSTED',
      `${directory.href} has neither InRelease nor Release.gpg: the archive is not signed.`,
      { cause: error },
    )
  }
}

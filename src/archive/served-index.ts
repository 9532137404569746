import { isDebproofError } from '../errors.ts'
import type { Downloads } from '../net/downloads.ts'
import {
  type IndexFacts,
  type IndexPlace,
  type IndexRequest,
  indexForms,
  indexUrls,
  readIndex,
  scanIndex,
  streamForm,
} from './read-index.ts'
import type { VerifiedRelease } from './release.ts'
import { WantedNames } from './stanza-scanner.ts'

/**
 * Reads an index that a project serves: every compressed form that is listed and there must hold the same. debootstrap
 * takes the smallest one, and does not look at the hash of what it decompresses to, so that one signed release file
 * could vouch for two contents.
 *
 * @param path the index's path in the release file, without suffix
 * @throws DebproofError as `readIndex`
 */
export async function readServedIndex(
  downloads: Downloads,
  place: IndexPlace,
  release: VerifiedRelease,
  path: string,
  request: IndexRequest,
): Promise<IndexFacts> {
  const facts = await readIndex(downloads, place, release, path, request)
  await checkOtherForms(downloads, place, release, path, facts)
  return facts
}

/** Nobody is looked for: what is read is hashed. */
const CONTENT = { kind: 'Packages', wanted: new WantedNames([]), refuseHidden: false } as const

async function checkOtherForms(
  downloads: Downloads,
  { directory, look }: IndexPlace,
  release: VerifiedRelease,
  path: string,
  { sha256: read }: IndexFacts,
): Promise<void> {
  const forms = new Map(indexForms(release, path).map((form) => [form.file.path, form]))
  for (const form of forms.values()) {
    // The plain one is its own content, and where it is not listed, `readIndex` takes one form alone.
    if (form.compression === 'plain' || form.plain === undefined || form.file.sha256 === read) continue
    for (const url of indexUrls(directory, release, form.file)) {
      try {
        await streamForm(downloads, look, { ...form, url }, (chunks, offered) =>
          scanIndex(chunks, offered.compression, offered, CONTENT, url.href),
        )
        break
      } catch (error) {
        if (!isDebproofError(error, 'NOT_FOUND')) throw error
      }
    }
  }
}

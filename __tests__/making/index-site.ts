import { type MadeDeb, projectKey } from './archive-folder.ts'
import { suiteFiles } from './served-archive.ts'
import { type Site, snapshotSite } from './site.ts'

/** Where the one index of these sites is, below the release file. */
export const PACKAGES = 'main/binary-amd64/Packages'

/** A stanza of a .deb. */
export function stanzaOf({ name, version, architecture, bytes, sha256 }: MadeDeb, more = ''): string {
  return (
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\n` +
    `Filename: pool/main/${name}_${version}_${architecture}.deb\nSize: ${bytes.length}\nSHA256: ${sha256}\n${more}`
  )
}

/** The files of the snapshot that the project signs, with these very bytes as indexes by their names. */
export async function snapshotFiles(
  indexes: Readonly<Record<string, string | Uint8Array>>,
  fields: Readonly<Record<string, string | undefined>> = {},
  listed: readonly string[] = [],
): Promise<Record<string, Uint8Array>> {
  const files = await suiteFiles(await projectKey(), { indexes, fields, listed })
  const bytes = (content: string | Uint8Array): Uint8Array =>
    typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`snapshot/${name}`, bytes(content)]))
}

/**
 * A site whose upstream distributed `good`, whose build used a package of that name and version without saying its
 * hash, and whose snapshot, signed by those who are under test, has these very bytes as indexes.
 *
 * @param listed see SuiteOptions
 */
export async function indexSite(
  good: MadeDeb,
  indexes: Readonly<Record<string, string | Uint8Array>>,
  fields: Readonly<Record<string, string | undefined>> = {},
  listed: readonly string[] = [],
): Promise<Site> {
  const site = await snapshotSite([good])
  // Nothing is left of the sound snapshot: what is not overwritten is not listed either.
  site.put(await snapshotFiles(indexes, fields, listed))
  return site
}

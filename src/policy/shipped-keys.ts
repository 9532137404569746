import { Keyring, readCertificates } from '../archive/keyring.ts'
import { filesOnDisk, SHIPPED_FILE } from './policy-files.ts'

/** Keyrings that come with the tool, by the names that `signed-by` takes. */
export const SHIPPED: Readonly<Record<string, string>> = { debian: 'keyrings/debian.asc' }

let reading: Promise<ReadonlyMap<string, Keyring>> | undefined

/** The keyrings of the shipped upstreams, by their names: always this program's own, whatever evidence brings along. */
export async function shippedKeyrings(): Promise<ReadonlyMap<string, Keyring>> {
  reading ??= Promise.all(
    Object.entries(SHIPPED).map(async ([name, file]) => {
      const bytes = await filesOnDisk.read(`${SHIPPED_FILE}${file}`)
      return [name, new Keyring(await readCertificates(bytes, file))] as const
    }),
  ).then((keyrings) => new Map(keyrings))
  return await reading
}

/**
 * The shipped upstream whose keys these are, every one of them: told by fingerprints, since a file may have any name.
 * Undefined where any key is not that upstream's, and where there is none.
 */
export async function shippedUpstreamOf(keyring: Keyring): Promise<string | undefined> {
  const keys = keyring.signingKeys()
  if (keys.length === 0) return undefined
  for (const [name, shipped] of await shippedKeyrings()) {
    const known = new Set<string>(shipped.signingKeys().map(({ fingerprint }) => fingerprint))
    // Only the holder of a primary key can add a subkey; what `signed-by` names must be in the keyring that it names.
    const isKnown = keys.every(({ primaryFingerprint }) => known.has(primaryFingerprint))
    if (isKnown && keyring.only.every(({ fingerprint }) => known.has(fingerprint))) return name
  }
  return undefined
}

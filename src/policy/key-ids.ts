import type { BuilderPolicy } from './policy.ts'

/**
 * All that tells whose keys these are, each with the fingerprint to name it by: of the keys that may sign, of all others
 * of their certificates, and what the keys are made of: a key may be an OpenPGP certificate here and PEM there.
 */
export function keyIdsOf({ keyring, publicKeys }: BuilderPolicy): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { fingerprint, material } of keyring?.holdersKeys() ?? []) {
    ids.set(fingerprint, fingerprint)
    if (material !== '') ids.set(material, fingerprint)
  }
  for (const { fingerprint, material } of publicKeys) ids.set(fingerprint, fingerprint).set(material, fingerprint)
  return ids
}

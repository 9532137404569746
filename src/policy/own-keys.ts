import type { Keyring, SigningKey } from '../archive/keyring.ts'
import type { ArchivePolicy } from './policy.ts'
import { shippedKeyrings } from './shipped-keys.ts'

/** An archive of which it is not known yet which keys both sign what it serves and vouch for it. */
export type ArchiveWithoutOwnKeys = Omit<ArchivePolicy, 'ownKeys'>

/**
 * Finds, for each archive, the keys that sign what it serves and by which an upstream of the policy vouches too. What
 * such a key says of the archive's packages is the archive's own word. A shipped upstream's keys are nobody's own:
 * a mirror that carries Debian's signatures serves what Debian says.
 */
export async function withOwnKeys(archives: readonly ArchiveWithoutOwnKeys[]): Promise<ArchivePolicy[]> {
  const vouching = archives
    .filter(({ require }) => require !== 'absent')
    .flatMap(({ upstreams }) => upstreams.flatMap(({ keyring }) => keyring.signingKeys()))
  const shared = archives.map(({ served, require }) => (require === 'absent' ? [] : common(served.keyring, vouching)))
  const shipped = shared.some((keys) => keys.length > 0) ? await shippedPrimaries() : new Set<string>()
  return archives.map((archive, index) => ({
    ...archive,
    ownKeys: [...new Set((shared[index] ?? []).filter((key) => !shipped.has(key)))].sort(),
  }))
}

/** One key may be in several certificates, each with a fingerprint of its own. */
function common(served: Keyring, vouching: readonly SigningKey[]): string[] {
  const own = new Set(served.signingKeys().map(identityOf))
  return vouching.filter((key) => own.has(identityOf(key))).map(({ primaryFingerprint }) => primaryFingerprint)
}

function identityOf({ material, fingerprint }: SigningKey): string {
  return material === '' ? fingerprint : material
}

async function shippedPrimaries(): Promise<ReadonlySet<string>> {
  const keyrings = [...(await shippedKeyrings()).values()]
  return new Set(
    keyrings.flatMap((keyring) => keyring.signingKeys().map(({ primaryFingerprint }) => primaryFingerprint)),
  )
}

import { sha256Of } from '../archive/hash.ts'
import type { Sha256 } from '../archive/identity.ts'
import type { Keyring } from '../archive/keyring.ts'
import type { ArchivePolicy, Policy } from './policy.ts'

/** What the apt sources of a system came to, where there is no policy file. */
export interface SystemArchive {
  readonly name: string
  readonly url: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  readonly architectures: readonly string[]
  /** The SHA-256 of its certificates, in binary; null where it has none. */
  readonly keyring: string | null
  readonly only: readonly { readonly fingerprint: string; readonly exact: boolean }[]
  readonly aptLists: string | null
}

/** What holds for a system, which has no policy that could say otherwise. */
export const SYSTEM_RULES = {
  exceptions: [],
  hashesRequired: false,
  otherArchives: { action: 'fail' },
} as const satisfies Partial<Policy>

/**
 * The hash that stands for a policy where there is none: of everything that was made of the apt sources, so that it can
 * be derived again. No policy file begins as the text does that is hashed.
 */
export function systemHash(archives: readonly SystemArchive[]): Sha256 {
  const fields = archives.map(({ name, url, suites, components, architectures, keyring, only, aptLists }) => [
    [name, url, suites, components, architectures, keyring],
    only.map(({ fingerprint, exact }) => [fingerprint, exact]),
    aptLists,
  ])
  return sha256Of(`debproof system\n${JSON.stringify(fields)}`)
}

/** All that is hashed of one archive. */
export function recordOfArchive({
  name,
  served,
  aptLists,
}: Pick<ArchivePolicy, 'name' | 'served' | 'aptLists'>): SystemArchive {
  const { area, keyring } = served
  return {
    name,
    url: area.base.href,
    suites: [...area.suites],
    components: [...area.components],
    architectures: [...area.architectures],
    keyring: keyring.certificates.length === 0 ? null : sha256Of(binaryKeyring(keyring)),
    only: keyring.only.map(({ fingerprint, exact }) => ({ fingerprint, exact })),
    aptLists: aptLists ?? null,
  }
}

/** Its certificates one after another, as `gpg --export` writes them. */
export function binaryKeyring({ certificates }: Keyring): Uint8Array {
  return Buffer.concat(certificates.map((certificate) => certificate.write()))
}

import type { Keyring } from '../archive/keyring.ts'
import type { Policy } from '../policy/policy.ts'

/** All OpenPGP keyrings that a policy trusts for anything. */
export function keyringsOf({ archives }: Policy): Keyring[] {
  return archives.flatMap(({ served, upstreams, rebuilders }) => [
    served.keyring,
    ...upstreams.map(({ keyring }) => keyring),
    ...(rebuilders?.parties ?? []).flatMap(({ keyring }) => keyring ?? []),
    ...(rebuilders?.layout === undefined ? [] : [rebuilders.layout.owner]),
  ])
}

import { policyPlaces } from '../ci/policy-places.ts'
import type { Arguments } from '../options/arguments.ts'
import { clocks } from '../options/option.ts'
import type { Places } from '../places.ts'
import { filesWithin } from '../policy/policy-files.ts'
import { type PolicyFile, readPolicy } from '../policy/read-policy.ts'
import type { Terminal } from '../terminal.ts'

/** Where the files may lie that the policy names, and the folders that the user names beside it. */
export function placesFor(given: Arguments, { environment }: Terminal, ...named: readonly string[]): Places {
  return policyPlaces(environment, [...given.texts('allow-path'), ...named])
}

/**
 * The policy of `--policy`, with what `--release`, `--at` and the environment say.
 * @throws DebproofError POLICY, USAGE
 */
export async function readPolicyInput(given: Arguments, terminal: Terminal): Promise<PolicyFile> {
  const policy = given.text('policy') ?? ''
  const release = given.text('release')
  return await readPolicy(policy, {
    ...(release === undefined ? {} : { release }),
    ...clocks(given.text('at')),
    files: filesWithin(placesFor(given, terminal), policy),
    environment: terminal.environment,
  })
}

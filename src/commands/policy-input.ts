import type { Arguments } from '../options/arguments.ts'
import { clocks } from '../options/option.ts'
import { filesOnDisk } from '../policy/policy-files.ts'
import { type PolicyFile, readPolicy } from '../policy/read-policy.ts'
import type { Terminal } from '../terminal.ts'

/**
 * The policy of `--policy`, with what `--release`, `--at` and the environment say.
 * @throws DebproofError POLICY, USAGE
 */
export async function readPolicyInput(given: Arguments, { environment }: Terminal): Promise<PolicyFile> {
  const release = given.text('release')
  return await readPolicy(given.text('policy') ?? '', {
    ...(release === undefined ? {} : { release }),
    ...clocks(given.text('at')),
    files: filesOnDisk,
    environment,
  })
}

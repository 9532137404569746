import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { MAX_KEYRING } from '../limits.ts'
import { SHIPPED_FILE } from '../policy/policy-files.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import { POLICY, type RunIndex } from './bundle-index.ts'

/** What came of comparing a policy with the reader's own copy. */
export interface OwnCopy {
  /** A sentence for each file that is another one. */
  readonly problems: readonly string[]
  /** The reader's files that are the same, the policy among them. */
  readonly files: readonly string[]
}

/**
 * Compares the policy of a run, and every file that it named, with the reader's own copies: what a report was made
 * under is then not the word of its signer.
 *
 * @param policy the reader's copy of the policy; the files that it names are beside it as they were beside that one
 */
export async function compareWithOwnCopy({ run, inputs }: RunIndex, policy: string): Promise<OwnCopy> {
  if (run.system !== null) return { problems: ['The report was made with --system, under no policy.'], files: [] }
  const problems: string[] = []
  const files: string[] = []
  // The policy first, wherever it stands: whoever is told of the others knows then what named them.
  for (const { path: name, sha256 } of [...inputs].sort(
    (a, b) => Number(b.path === POLICY) - Number(a.path === POLICY),
  )) {
    if (name.startsWith(SHIPPED_FILE)) continue
    const own = name === POLICY ? policy : path.resolve(path.dirname(policy), path.relative(run.folder, name))
    const found = await hashOf(own)
    const what = name === POLICY ? 'policy' : 'file'
    if (found === undefined)
      problems.push(`The report was made with a ${what} of which there is no copy that can be read: ${own}.`)
    else if (found !== sha256) problems.push(`${own} is not the ${what} that the report was made with.`)
    else files.push(own)
  }
  return { problems, files }
}

/** Undefined for what is no file that can be read. */
async function hashOf(file: string): Promise<string | undefined> {
  try {
    // The policy and what it names were read within this limit.
    const bytes = await readFileUpTo(file, MAX_KEYRING)
    return bytes === undefined ? undefined : sha256Of(bytes)
  } catch {
    return undefined
  }
}

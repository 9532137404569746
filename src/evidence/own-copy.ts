import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256Of } from '../archive/hash.ts'
import { systemErrorCode } from '../errors.ts'
import { SHIPPED_FILE } from '../policy/policy-files.ts'
import { POLICY, type RunIndex } from './bundle-index.ts'

/**
 * Compares the policy of a run, and every file that it named, with the reader's own copies: what a report was made
 * under is then not the word of its signer.
 *
 * @param policy the reader's copy of the policy; the files that it names are beside it as they were beside that one
 * @returns a sentence for each file that is another one
 */
export async function compareWithOwnCopy({ run, inputs }: RunIndex, policy: string): Promise<string[]> {
  if (run.system !== null) return ['The report was made with --system, under no policy.']
  const problems: string[] = []
  for (const { path: name, sha256 } of inputs) {
    if (name.startsWith(SHIPPED_FILE)) continue
    const own = name === POLICY ? policy : path.resolve(path.dirname(policy), path.relative(run.folder, name))
    const found = await hashOf(own)
    const what = name === POLICY ? 'policy' : 'file'
    if (found === undefined) problems.push(`The report was made with a ${what} of which there is no copy: ${own}.`)
    else if (found !== sha256) problems.push(`${own} is not the ${what} that the report was made with.`)
  }
  return problems
}

async function hashOf(file: string): Promise<string | undefined> {
  try {
    return sha256Of(await readFile(file))
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return undefined
  }
}

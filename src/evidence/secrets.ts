import { createReadStream } from 'node:fs'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { formsOf } from '../job-secrets.ts'
import { bundleFiles } from './bundle-folder.ts'
import { Needles } from './needles.ts'

/**
 * Sees that neither the report nor a file of its evidence holds a secret of the job, in any form in which git and the
 * toolkits of CIs write it (`formsOf`): a policy can name any file of the workspace, a CI may put variables into the
 * name of a release, and both are made to be published.
 *
 * @param output the output folder, with the evidence
 * @param report the bytes that are to be written there
 * @param secrets texts, each of which is enough to tell a secret by
 * @throws DebproofError USAGE
 */
export async function refuseSecrets(output: string, report: Uint8Array, secrets: readonly string[]): Promise<void> {
  if (secrets.length === 0) return
  const needles = new Needles(secrets.flatMap(formsOf).map((form) => Buffer.from(form)))
  if (needles.isIn(report)) throw published('The report')
  for (const file of await bundleFiles(output)) {
    if (await holdsOneOf(path.join(output, file), needles)) throw published('A file that the policy or a list names')
  }
}

function published(what: string): DebproofError {
  return new DebproofError(
    'USAGE',
    `${what} holds a secret of this job, such as the signing key, and would be published with the report. Find out who ` +
      'brought it there; nothing was kept.',
  )
}

async function holdsOneOf(file: string, needles: Needles): Promise<boolean> {
  let before = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = Buffer.concat([before, chunk])
    if (needles.isIn(bytes)) return true
    before = bytes.subarray(Math.max(0, bytes.length - needles.longest + 1))
  }
  return false
}

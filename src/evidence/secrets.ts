import { createReadStream } from 'node:fs'
import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { bundleFiles } from './bundle-folder.ts'

/**
 * Sees that neither the report nor a file of its evidence holds a secret of the job: a policy can name any file that the
 * job can read, a CI may put variables into the name of a release, and both are made to be published.
 *
 * @param output the output folder, with the evidence
 * @param report the bytes that are to be written there
 * @param secrets texts, each of which is enough to tell a secret by
 * @throws DebproofError USAGE
 */
export async function refuseSecrets(output: string, report: Uint8Array, secrets: readonly string[]): Promise<void> {
  const needles = secrets.map((secret) => Buffer.from(secret))
  if (needles.length === 0) return
  const text = Buffer.from(report)
  if (needles.some((needle) => text.includes(needle))) throw published('The report')
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

async function holdsOneOf(file: string, needles: readonly Buffer[]): Promise<boolean> {
  const overlap = Math.max(...needles.map((needle) => needle.length)) - 1
  let before = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = Buffer.concat([before, chunk])
    if (needles.some((needle) => bytes.includes(needle))) return true
    before = bytes.subarray(Math.max(0, bytes.length - overlap))
  }
  return false
}

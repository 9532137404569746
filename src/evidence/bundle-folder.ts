import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { DebproofError, systemErrorCode } from '../errors.ts'

/** Where, below the output folder, the evidence of a report is. */
export const BUNDLE_FOLDER = 'evidence'

/**
 * Removes the evidence of an earlier report. A folder of that name that holds anything else is somebody else's.
 * @throws DebproofError OUTPUT
 */
export async function removeBundle(output: string): Promise<void> {
  const folder = path.join(output, BUNDLE_FOLDER)
  const content = path.join(folder, 'sha256')
  const foreign = [
    ...(await namesIn(folder)).filter((name) => name !== 'index.json' && name !== 'sha256'),
    ...(await namesIn(content)).filter((name) => !/^(?:[0-9a-f]{64}|\.[0-9a-f]{16}\.part)$/.test(name)),
  ]
  if (foreign.length > 0) {
    throw new DebproofError(
      'OUTPUT',
      `${folder} holds ${foreign[0]}, which is not debproof's, and is not replaced; name another folder with --output.`,
    )
  }
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    throw new DebproofError('OUTPUT', `${folder} cannot be removed; name another folder with --output`, {
      cause: error,
    })
  }
}

/** The files of the evidence in an output folder, relative to that: those that debproof wrote. Sorted. */
export async function bundleFiles(output: string): Promise<string[]> {
  const content = await namesIn(path.join(output, BUNDLE_FOLDER, 'sha256'))
  const hasIndex = (await namesIn(path.join(output, BUNDLE_FOLDER))).includes('index.json')
  if (!hasIndex) return []
  const files = content.filter((name) => /^[0-9a-f]{64}$/.test(name)).map((name) => `sha256/${name}`)
  return ['index.json', ...files].sort().map((name) => `${BUNDLE_FOLDER}/${name}`)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw new DebproofError('OUTPUT', `The folder ${folder} cannot be read; name another with --output`, {
      cause: error,
    })
  }
}

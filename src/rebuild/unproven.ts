import * as v from 'valibot'
import { parseArchitecture, parsePackageName, parseSha256, parseVersion } from '../archive/identity.ts'
import { DebproofError, describeError } from '../errors.ts'
import { MAX_REPORT } from '../limits.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import { reportSchema } from '../report/report-schema.ts'
import type { Wish } from './wish.ts'

/** A place of a rebuilder's that does not answer yet leaves its packages undecided: they want rebuilding too. */
const WITHOUT_PROOF: ReadonlySet<string> = new Set(['unproven', 'undecided'])

/**
 * The packages of a report that have neither proof, in archives whose packages must be reproduced.
 *
 * The report says what to do, not what to believe: its signature is not looked at, and every hash is compared with
 * the archive's own signed index again.
 *
 * @throws DebproofError USAGE
 */
export async function readUnproven(file: string): Promise<Wish[]> {
  const { predicate } = parseReport(await readReport(file), file)
  const reproduced = new Set(
    predicate.archives.filter(({ require }) => require === 'reproduced').map(({ name }) => name),
  )
  const unproven = predicate.packages.filter(
    ({ verdict, archive }) => WITHOUT_PROOF.has(verdict) && archive !== null && reproduced.has(archive),
  )
  return unproven.map((item) => {
    const text = `${item.kind === 'source' ? 'src:' : ''}${item.name}=${item.version}`
    const name = parsePackageName(item.name)
    const version = parseVersion(item.version)
    if (name === undefined || version === undefined) {
      throw new DebproofError('USAGE', `${file} has a package that is none: ${JSON.stringify(text.slice(0, 200))}.`)
    }
    const architecture = item.kind === 'binary' ? parseArchitecture(item.architecture ?? '') : undefined
    const sha256 = item.kind === 'binary' ? parseSha256(item.sha256 ?? '') : undefined
    return {
      text,
      name,
      version,
      sourceOnly: item.kind === 'source',
      ...(architecture === undefined ? {} : { architecture }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(item.archive === null ? {} : { archive: item.archive }),
    }
  })
}

async function readReport(file: string): Promise<string> {
  try {
    const bytes = await readFileUpTo(file, MAX_REPORT)
    if (bytes === undefined) {
      throw new DebproofError('USAGE', `${file} is larger than the ${MAX_REPORT} bytes that a report may have.`)
    }
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof DebproofError) throw error
    throw new DebproofError('USAGE', `The report ${file} cannot be read`, { cause: error })
  }
}

function parseReport(text: string, file: string): v.InferOutput<typeof reportSchema> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new DebproofError('USAGE', `${file} is no report.json: it is not JSON (${describeError(error)}).`)
  }
  const result = v.safeParse(reportSchema, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new DebproofError(
    'USAGE',
    `${file} is no report.json of debproof: ${v.getDotPath(issue) ?? ''} ${issue.message}.`,
  )
}

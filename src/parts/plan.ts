import { DebproofError, systemErrorCode } from '../errors.ts'
import { MAX_RELEASE_NAME, MAX_RELEASES_FILE } from '../limits.ts'
import { HARMLESS } from '../policy/variables.ts'
import { readFileUpTo } from '../read-file-up-to.ts'
import { githubMatrix, gitlabMatrix, MATRIX_LIMITS, type MatrixFormat } from './matrix.ts'
import { formatShard, type Shard, shards } from './shard.ts'

/** A release that is to be verified. */
export interface PlannedRelease {
  readonly name: string
  /** The clock of this release: RFC 3339, in UTC and whole seconds; absent where the policy or the present is meant. */
  readonly at?: string
}

export interface PlanOptions {
  readonly format: MatrixFormat
  /** Parts for each release; absent where a release is verified whole. */
  readonly parts?: number
  /** What all parts of this plan sign, so that `merge` takes none of another; absent where nothing is to be merged. */
  readonly plan?: string
}

/**
 * Reads the releases: from a file of lines `NAME` or `NAME TIME`, with comments behind `#`, or from a list of names
 * with commas between them. A single name that could be that of a file is one only where such a file is there.
 *
 * @param parseTime what reads a TIME; it throws for anything else
 * @throws DebproofError USAGE
 */
export async function readReleases(text: string, parseTime: (text: string) => Date): Promise<PlannedRelease[]> {
  const releases = text.includes(',') ? fromList(text) : await fromFileOrName(text, parseTime)
  if (releases.length === 0) throw new DebproofError('USAGE', `--releases ${JSON.stringify(text)} names no release.`)
  const seen = new Set<string>()
  for (const { name } of releases) {
    if (seen.has(name)) throw new DebproofError('USAGE', `--releases names ${name} twice; name each release once.`)
    seen.add(name)
  }
  return releases
}

/**
 * The matrix of all parts of all releases. On GitLab it has two hidden jobs: `.debproof-verify`, one for each part,
 * and `.debproof-merge`, one for each release.
 *
 * @throws DebproofError USAGE for more jobs than a matrix may have
 */
export function formatPlan(releases: readonly PlannedRelease[], { format, parts, plan }: PlanOptions): string {
  const jobs = releases.length * (parts ?? 1)
  const limit = MATRIX_LIMITS[format]
  if (jobs > limit) {
    const of = parts === undefined ? '' : ` in ${parts} parts each`
    throw new DebproofError(
      'USAGE',
      `${releases.length} releases${of} are ${jobs} jobs, and a matrix of ${NAMES[format]} may have ${limit}: plan ` +
        `${parts === undefined ? 'fewer releases at once' : 'fewer releases at once, or with fewer --shards'}.`,
    )
  }
  const split: { release: PlannedRelease; shard?: Shard }[] = releases.flatMap((release) =>
    parts === undefined ? [{ release }] : shards(parts).map((shard) => ({ release, shard })),
  )
  if (format === 'github') {
    return githubMatrix(
      split.map(({ release: { name, at = '' }, shard }) => ({
        release: name,
        at,
        ...(shard === undefined ? {} : { shard: formatShard(shard), part: partName(shard) }),
        ...(plan === undefined ? {} : { plan }),
      })),
    )
  }
  const jobsOf = {
    '.debproof-verify': split.map(({ release, shard }) => ({
      ...gitlabRelease(release),
      ...(shard === undefined ? {} : { SHARD: formatShard(shard), PART: partName(shard) }),
    })),
    '.debproof-merge': releases.map(gitlabRelease),
  }
  return gitlabMatrix(jobsOf, plan === undefined ? {} : { PLAN: plan })
}

const NAMES: Readonly<Record<MatrixFormat, string>> = { github: 'GitHub', gitlab: 'GitLab' }

/** GitLab refuses a value that is empty, so a variable without one is left out. */
function gitlabRelease({ name, at }: PlannedRelease): Record<string, string> {
  return { RELEASE: name, ...(at === undefined ? {} : { AT: at }) }
}

/** For names of artifacts and folders, in which no slash can be. */
function partName({ index, of }: Shard): string {
  return `${index}-of-${of}`
}

/** `7.1,7.2`; one comma at the end may stand, so that a single name can be told from a file. */
function fromList(text: string): PlannedRelease[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.at(-1) === '') names.pop()
  return names.map((name) => ({ name: releaseName(name, '--releases') }))
}

async function fromFileOrName(text: string, parseTime: (text: string) => Date): Promise<PlannedRelease[]> {
  const bytes = await readReleasesFile(text)
  if (bytes !== undefined) return fromFile(bytes, text, parseTime)
  // A file that is not there must not become a release of that name.
  if (text.includes('/') || /\.[A-Za-z]+$/.test(text)) {
    throw new DebproofError('USAGE', `There is no file ${text}; for a release of this name write --releases ${text},`)
  }
  return [{ name: releaseName(text, '--releases') }]
}

/** Undefined where no such file is there. */
async function readReleasesFile(file: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFileUpTo(file, MAX_RELEASES_FILE)
    if (bytes !== undefined) return bytes
    throw new DebproofError('USAGE', `${file} is larger than the ${MAX_RELEASES_FILE} bytes that are read.`)
  } catch (error) {
    if (error instanceof DebproofError) throw error
    if (systemErrorCode(error) === 'ENOENT' || file === '') return undefined
    throw new DebproofError('USAGE', `The releases in ${file} cannot be read`, { cause: error })
  }
}

function fromFile(bytes: Uint8Array, file: string, parseTime: (text: string) => Date): PlannedRelease[] {
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/)
  return lines.flatMap((line, index) => {
    const [name, ...time] = line
      .replace(/(?:^|\s)#.*$/s, '')
      .split(/[\t ]+/)
      .filter((word) => word !== '')
    if (name === undefined) return []
    const where = `${file}:${index + 1}`
    const release = releaseName(name, where)
    return [time.length === 0 ? { name: release } : { name: release, at: clock(time.join(' '), where, parseTime) }]
  })
}

/** A date means its first instant in UTC. */
function clock(text: string, where: string, parseTime: (text: string) => Date): string {
  try {
    const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
    return time.toISOString().replace(/\.\d{3}Z$/, 'Z')
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    throw new DebproofError(
      'USAGE',
      `${where}: ${JSON.stringify(text)} is no time: behind a release stands its clock, such as 2026-11-22 or ` +
        '2026-11-22T12:00:00Z, or nothing.',
    )
  }
}

function releaseName(name: string, where: string): string {
  if (!HARMLESS.test(name) || name.length > MAX_RELEASE_NAME) {
    throw new DebproofError(
      'USAGE',
      `${where}: ${JSON.stringify(name.slice(0, 200))} is no name of a release: it begins with a letter or a digit ` +
        `and has only letters, digits and . _ ~ + -, at most ${MAX_RELEASE_NAME} in all.`,
    )
  }
  return name
}

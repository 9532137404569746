import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import * as core from '@actions/core'
import * as v from 'valibot'
import { describeError } from '../errors.ts'
import { adoptContent, gatherContent } from '../net/cache-content.ts'
import { jobLog } from './job-log.ts'
import { complaintIn, overhear } from './overhear.ts'

/**
 * GitHub's cache service between runs: content under its SHA-256 and nothing else, of one run in each entry.
 *
 * Whoever can write the cache of a repository writes what is unpacked here, so nothing of it is believed. Its archive
 * is unpacked into a folder of its own, whatever paths it names; of that, files whose bytes have the hash that is their
 * name are taken, and the rest is thrown away; and the run hashes each of them again when it uses it. What a URL gave
 * is not kept there: a name is not content.
 */

/** What the main step leaves for the one after the job. */
const savedState = v.object({
  folder: v.string(),
  scope: v.string(),
  /** The entry that was restored. */
  matched: v.string(),
  hashes: v.array(v.string()),
})

type SavedState = v.InferOutput<typeof savedState>

/** Entries of another version of this program, whose archive might look otherwise, are not looked at. */
const PREFIX = 'debproof-1'
const STATE = 'cache'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Restores the content of an earlier run into the folder of the cache. Where that cannot be done, a notice says why,
 * and the run downloads what it needs.
 *
 * @param purpose what the run is for: entries of the same purpose are looked for first
 * @returns the key of the entry; empty where there was none
 */
export async function restoreCache(folder: string, purpose: readonly string[]): Promise<string> {
  const unavailable = await whyUnavailable(process.env)
  if (unavailable !== undefined) {
    notice(`not used: ${unavailable}`)
    return ''
  }
  const staging = stagingFolder(process.env)
  let jail: string | undefined
  try {
    jail = await mkdtemp(path.join(path.dirname(staging), 'debproof-restored-'))
    const { restoreCache: restore } = await import('@actions/cache')
    const scope = scopeOf(purpose)
    const options = process.env['TAR_OPTIONS']
    process.env['TAR_OPTIONS'] = confinedTo(jail)
    const { result: matched, text } = await overhear(
      async () => await restore([staging], `${PREFIX}-${scope}-`, [`${PREFIX}-`]),
    ).finally(() => {
      if (options === undefined) delete process.env['TAR_OPTIONS']
      else process.env['TAR_OPTIONS'] = options
    })
    debug(text)
    const complaint = complaintIn(text)
    if (complaint !== undefined) notice(`not restored: ${complaint}`)
    const taken = await adoptContent(jail, path.resolve(folder))
    if (taken > 0) jobLog.info(`${taken} files of an earlier run came from the cache service.`)
    return matched ?? ''
  } catch (error) {
    notice(`not restored: ${describeError(error)}`)
    return ''
  } finally {
    if (jail !== undefined) await removeWhole(jail)
  }
}

/** Also folders that may not be entered: what is in them would fill the disk. */
async function removeWhole(folder: string): Promise<void> {
  await promisify(execFile)('chmod', ['-R', 'u+rwX', '--', folder], { timeout: 60_000 }).catch(() => {})
  await rm(folder, { recursive: true, force: true }).catch(() => {})
}

/** Leaves word of what the run used, for `saveCache`, which another process calls after the job. */
export function rememberCache(
  folder: string,
  purpose: readonly string[],
  matched: string,
  hashes: readonly string[],
): void {
  const state: SavedState = { folder: path.resolve(folder), scope: scopeOf(purpose), matched, hashes: [...hashes] }
  core.saveState(STATE, JSON.stringify(state))
}

/** Saves what the run used, unless the entry that it restored holds just that. Never throws. */
export async function saveCache(): Promise<void> {
  const staging = stagingFolder(process.env)
  try {
    const state = readState(core.getState(STATE))
    if (state === undefined || state.hashes.length === 0) return
    // What is missing was told when it was to be restored.
    if ((await whyUnavailable(process.env)) !== undefined) return
    await rm(staging, { recursive: true, force: true })
    const gathered = await gatherContent(state.folder, state.hashes, staging)
    const key = `${PREFIX}-${state.scope}-${hashOf(gathered)}`
    if (gathered.length === 0) return
    if (key === state.matched) {
      jobLog.info('The cache service has all that this run used.')
      return
    }
    const { saveCache: save } = await import('@actions/cache')
    const { result: id, text } = await overhear(async () => await save([staging], key))
    debug(text)
    const complaint = complaintIn(text)
    if (complaint !== undefined) notice(`not saved: ${complaint}`)
    else if (id !== -1) jobLog.info(`${gathered.length} files were saved in the cache service.`)
  } catch (error) {
    notice(`not saved: ${describeError(error)}`)
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => {})
  }
}

/** The path is part of what an entry is found by, so it is the same in every job. */
function stagingFolder(environment: Environment): string {
  return path.join(environment['RUNNER_TEMP'] ?? '', 'debproof-cache')
}

/**
 * The service's archives are unpacked with `tar -P`, which lets them name any place on the machine. These options of
 * GNU tar (tar(1), TAR_OPTIONS and --transform) put every member below one folder, links and what they point to
 * included, and keep a name that is printed on its line.
 */
function confinedTo(folder: string): string {
  return `--transform=flags=rsh;s,[.][.],__,g;s,^/*,${folder}/, --quoting-style=escape`
}

/** Characters that mean nothing in TAR_OPTIONS, nor in the replacement of a --transform. */
const PLAIN_PATH = /^\/[A-Za-z0-9/._+-]+$/

async function whyUnavailable(environment: Environment): Promise<string | undefined> {
  const { isFeatureAvailable } = await import('@actions/cache')
  if (!isFeatureAvailable()) return 'there is no cache service here.'
  const temp = environment['RUNNER_TEMP'] ?? ''
  if (!PLAIN_PATH.test(temp)) return `RUNNER_TEMP (${temp}) has characters that cannot be given to tar.`
  const version = await promisify(execFile)('tar', ['--version'], { timeout: 10_000 }).catch(() => ({ stdout: '' }))
  return version.stdout.includes('GNU tar') ? undefined : 'it needs GNU tar.'
}

function scopeOf(purpose: readonly string[]): string {
  return hashOf(purpose).slice(0, 16)
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32)
}

/** The runner hands it on in a file: it is read as anything from outside. */
function readState(text: string): SavedState | undefined {
  if (text === '') return undefined
  const state = v.safeParse(savedState, JSON.parse(text))
  return state.success ? state.output : undefined
}

function notice(problem: string): void {
  jobLog.notice(`The cache service was ${problem}`)
}

function debug(text: string): void {
  if (jobLog.isDebug()) for (const line of text.split('\n')) if (line !== '') jobLog.debug(line)
}

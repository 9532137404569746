import { AptLists } from '../archive/apt-lists.ts'
import { DebproofError, isDebproofError } from '../errors.ts'
import { exitCodeOf } from '../exit-code.ts'
import type { ReportVerdict } from '../judge/verdict.ts'
import { Cache } from '../net/cache.ts'
import { Downloads } from '../net/downloads.ts'
import type { Arguments } from '../options/arguments.ts'
import { COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { cacheFolder, parseListSource, VERIFY_OPTIONS } from '../options/verify-options.ts'
import { readPackageLists } from '../packages/find-lists.ts'
import { mergeReferences } from '../packages/references.ts'
import type { Places } from '../places.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyFile } from '../policy/read-policy.ts'
import { closest } from '../spelling.ts'
import type { Terminal } from '../terminal.ts'
import { USER_AGENT } from '../tool.ts'
import { compareArchives } from '../unproven/compare-archive.ts'
import type { Command } from './command.ts'
import { type ComparedText, comparedJson, comparedText } from './compare-text.ts'
import { placesFor, readPolicyInput } from './policy-input.ts'
import { ProgressLine } from './progress-line.ts'

/** Those of `verify` that say where archives are and how they are read. */
const SHARED = ['policy', 'packages', 'release', 'at', 'offline', 'cache', 'allow-path']

export const compareCommand: Command = {
  name: 'compare',
  usage: '[ARCHIVE]',
  title: 'show what an archive of the policy lists and nobody vouches for, and what of its upstream it lacks',
  description:
    'Compares every .deb that an archive lists, such as a snapshot, with every one that the upstreams of the policy\n' +
    'sign and that enough of its rebuilders got: whether or not a build used it. Without ARCHIVE all archives of the\n' +
    'policy are compared but those that must be absent. Package lists are read only for the snapshots that they name.\n\n' +
    'What the upstream has and the archive lacks is told, and judged by nobody: a snapshot is often of a part.\n\n' +
    'Exit codes: 0 somebody vouches for everything that is listed, 1 there is something that nobody vouches for,\n' +
    '2 the command, policy or a key is wrong, 3 not everything that was needed to know could be read.',
  options: [...VERIFY_OPTIONS.filter(({ name }) => SHARED.includes(name)), JSON_OPTION, ...COMMON_OPTIONS],
  positionals: { min: 0, max: 1 },
  async run(given, terminal) {
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const compared = await compare(given, terminal, progress).finally(() => progress.end())
    const verdict = verdictOf(compared)
    if (given.flag('json')) terminal.out(`${JSON.stringify(comparedJson(compared, verdict), null, 1)}\n`)
    else terminal.out(comparedText(compared, verdict, given))
    return exitCodeOf(verdict)
  },
}

async function compare(given: Arguments, terminal: Terminal, progress: ProgressLine): Promise<ComparedText[]> {
  const cache = cacheFolder(given.text('cache'), terminal.environment)
  const places = placesFor(given, terminal)
  const downloads = new Downloads({
    userAgent: USER_AGENT,
    offline: given.flag('offline'),
    places,
    ...(cache === undefined ? {} : { cache: new Cache(cache) }),
    onDownload: progress.download,
  })
  try {
    const policy = await resolved(await readPolicyInput(given, terminal), given, downloads, places)
    const names = namesOf(policy, given.positionals[0])
    const folders = policy.archives.flatMap(({ aptLists }) => (aptLists === undefined ? [] : [aptLists]))
    const lists = new Map(folders.map((folder) => [folder, new AptLists(folder, downloads)]))
    const keysAt = new Date(Math.max(policy.at.getTime(), Date.now()))
    const compared = await compareArchives({ policy, downloads, names, lists, keysAt, progress: progress.progress })
    return compared.map(({ reading, unproven, missing }) => ({
      name: reading.archive.name,
      url: reading.archive.served.area.base.href,
      ownKeys: reading.archive.ownKeys,
      unproven,
      missing,
      unread: reading.facts.failures.map(({ what, error }) => `${what}: ${error.message}`),
    }))
  } finally {
    await downloads.close()
  }
}

/** A policy may take times from package lists; one that does not needs none. */
async function resolved(file: PolicyFile, given: Arguments, downloads: Downloads, places: Places): Promise<Policy> {
  const named = given.texts('packages').map(parseListSource)
  try {
    const lists =
      named.length > 0
        ? await readPackageLists(named, process.cwd(), downloads)
        : await readPackageLists(file.lists, file.folder, downloads, places)
    return await file.resolve(mergeReferences(lists))
  } catch (error) {
    if (named.length > 0 || !isDebproofError(error, 'PACKAGE_LIST')) throw error
    return await file.resolve({})
  }
}

/** @throws DebproofError USAGE */
function namesOf({ archives }: Policy, asked: string | undefined): string[] {
  const names = archives.map(({ name }) => name)
  if (asked === undefined) return archives.flatMap(({ name, require }) => (require === 'absent' ? [] : [name]))
  if (names.includes(asked)) return [asked]
  const guess = closest(asked, names)
  throw new DebproofError(
    'USAGE',
    `The policy has no archive ${asked}${guess === undefined ? '' : `; did you mean ${guess}?`} It has ${names.join(', ')}.`,
  )
}

/** What was read shows files that nobody vouches for: that is certain only where all who might was read. */
function verdictOf(compared: readonly ComparedText[]): ReportVerdict {
  const found = compared.filter(({ unproven }) => unproven !== undefined && unproven.count > 0)
  if (found.some(({ unproven }) => unproven?.unread.length === 0)) return 'fail'
  return found.length > 0 || compared.some(({ unread }) => unread.length > 0) ? 'undecided' : 'pass'
}

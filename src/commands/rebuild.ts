import path from 'node:path'
import { DebproofError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { Downloads } from '../net/downloads.ts'
import type { Arguments } from '../options/arguments.ts'
import { ALLOW_PATH_OPTION, AT_OPTION, COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { readSigningInput } from '../options/signing-input.ts'
import { parseListSource } from '../options/verify-options.ts'
import { readPackageLists } from '../packages/find-lists.ts'
import { mergeReferences } from '../packages/references.ts'
import type { Policy } from '../policy/policy.ts'
import { formatJobs, jobsOf, LIST_FORMATS, LIST_LIMITS, type ListFormat } from '../rebuild/matrix.ts'
import { listTargets, type RebuildOptions, rebuild } from '../rebuild/rebuild.ts'
import { worstOf } from '../rebuild/result.ts'
import { rebuildJson, rebuildText } from '../rebuild/text.ts'
import { readUnproven } from '../rebuild/unproven.ts'
import { parseWish, type Wish } from '../rebuild/wish.ts'
import { closest } from '../spelling.ts'
import type { Terminal } from '../terminal.ts'
import { USER_AGENT } from '../tool.ts'
import type { Command } from './command.ts'
import { placesFor, readPolicyInput } from './policy-input.ts'
import { ProgressLine } from './progress-line.ts'

/** Minutes for one build; Debian's own builders give a silent one 150. */
const TIMEOUT = '240'

export const rebuildCommand: Command = {
  name: 'rebuild',
  usage: 'NAME… | --unproven REPORT | --buildinfo FILE',
  title: 'build packages again with the Debian tools, and sign a statement for those that come out the same',
  description:
    'Fetches the source packages and their .buildinfo from an archive with `require: reproduced`, holds both against\n' +
    "its signed indexes, and has Debian's debrebuild and sbuild build them again as they were built. What comes out\n" +
    'with the same bytes is stated in a clearsigned .buildinfo and an in-toto link, for others to verify.\n\n' +
    'NAME is a source or binary package, NAME=VERSION, or src:NAME for a source package alone.\n\n' +
    'Exit codes: 0 every package came out the same, 1 at least one differs, 2 the command, policy, key or a tool is\n' +
    'wrong or missing, 3 nothing differs but something could not be built.',
  options: [
    { name: 'policy', value: 'FILE', default: 'debproof.yml', description: 'The policy, whose archives are read.' },
    {
      name: 'unproven',
      value: 'REPORT',
      description:
        'Rebuild what a report.json calls unproven or undecided, of archives with `require: reproduced`, instead of ' +
        'what is named.',
    },
    {
      name: 'list',
      description: 'Only print what would be rebuilt, one source package each. Needs no tools and no key.',
    },
    {
      name: 'format',
      value: 'FORMAT',
      default: 'text',
      description:
        `With --list: ${LIST_FORMATS.join(', ')}. matrix is for fromJSON() in GitHub's strategy.matrix; gitlab is a ` +
        'file for a child pipeline, whose jobs extend .debproof-rebuild.',
    },
    {
      name: 'output',
      value: 'DIR',
      default: 'debproof-rebuild',
      description: 'The folder for statements and logs, which can be published as it is. Its other files stay.',
    },
    {
      name: 'buildinfo',
      value: 'FILE',
      multiple: true,
      description:
        "The .buildinfo to repeat, instead of those beside the .dsc in the archive's pool. For one package, which need " +
        'not be named then.',
    },
    {
      name: 'build-sources',
      value: 'FILE',
      description:
        'apt sources for the build dependencies (one-line or deb822). By default those of the policy: all archives ' +
        'but absent ones, as they were served.',
    },
    { name: 'debs', value: 'DIR', description: 'Also put what was built into this folder, the same or not.' },
    { name: 'timeout', value: 'MINUTES', default: TIMEOUT, description: 'How long one build may take.' },
    {
      name: 'signing-key',
      value: 'FILE',
      description:
        'The armored OpenPGP private key that signs the statements; or its text in DEBPROOF_SIGNING_KEY. Its passphrase ' +
        'is read from DEBPROOF_SIGNING_PASSPHRASE.',
    },
    { name: 'unsigned', description: 'Only compare, and state nothing; without a key this must be said.' },
    { name: 'release', value: 'NAME', description: 'The release, where the policy writes it as a variable.' },
    {
      name: 'packages',
      value: 'PATH[:FORMAT]',
      multiple: true,
      description: 'A package list that names snapshots, where the policy takes references from one.',
    },
    ALLOW_PATH_OPTION,
    AT_OPTION,
    JSON_OPTION,
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 0, max: 10_000 },
  async run(given, terminal) {
    const format = listFormat(given)
    const minutes = given.text('timeout') ?? ''
    if (!/^[1-9]\d{0,4}$/.test(minutes)) {
      throw new DebproofError('USAGE', `rebuild: --timeout ${JSON.stringify(minutes)} is no number of minutes.`)
    }
    const wishes = await readWishes(given)
    const places = placesFor(given, terminal)
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    if (given.flag('list')) {
      const policy = await resolvePolicy(given, terminal)
      const targets = wishes.length === 0 ? [] : await listTargets({ policy, wishes, at: policy.at, places }, progress)
      progress.end()
      const jobs = jobsOf(targets)
      const limit = LIST_LIMITS[format]
      if (limit !== undefined && jobs.length > limit) {
        progress.warn(`${jobs.length} packages are more than the ${limit} jobs that a matrix may have.`)
      }
      terminal.out(formatJobs(jobs, format))
      return EXIT.pass
    }
    if (wishes.length === 0 && given.text('unproven') !== undefined) {
      terminal.out(
        given.flag('json')
          ? rebuildJson({ packages: [] })
          : 'Nothing to rebuild: the report has no package without proof in an archive with `require: reproduced`.\n',
      )
      return EXIT.pass
    }
    const signing = await signingOf(given, terminal)
    const policy = await resolvePolicy(given, terminal)
    const buildSources = given.text('build-sources')
    const debs = given.text('debs')
    const result = await interruptible(async (signal) => {
      const options: RebuildOptions = {
        policy,
        wishes,
        at: policy.at,
        places,
        output: given.text('output') ?? '',
        buildinfos: given.texts('buildinfo'),
        ...(buildSources === undefined ? {} : { buildSources }),
        ...(debs === undefined ? {} : { debs: path.resolve(debs) }),
        timeout: Number(minutes) * 60_000,
        ...(signing === undefined ? {} : { signing }),
        environment: terminal.environment,
        signal,
      }
      return await rebuild(options, progress).finally(() => progress.end())
    })
    const text = given.flag('json') ? rebuildJson(result) : rebuildText(result, given.text('output') ?? '')
    terminal.out(given.flag('quiet') && !given.flag('json') ? `${text.split('\n')[0] ?? ''}\n` : text)
    return exitCodes[worstOf(result.packages.map(({ outcome }) => outcome))]
  },
}

const exitCodes: Readonly<Record<ReturnType<typeof worstOf>, ExitCode>> = {
  same: EXIT.pass,
  different: EXIT.fail,
  undone: EXIT.undecided,
}

function listFormat(given: Arguments): ListFormat {
  const text = given.text('format') ?? ''
  const format = LIST_FORMATS.find((name) => name === text)
  if (format === undefined) {
    const suggestion = closest(text, LIST_FORMATS)
    const advice = suggestion === undefined ? `It is one of ${LIST_FORMATS.join(', ')}.` : `Did you mean ${suggestion}?`
    throw new DebproofError('USAGE', `rebuild: there is no format ${JSON.stringify(text)}. ${advice}`)
  }
  if (given.texts('format').length > 0 && !given.flag('list')) {
    throw new DebproofError('USAGE', 'rebuild: --format is for --list; say that too, or leave it out.')
  }
  return format
}

async function readWishes(given: Arguments): Promise<Wish[]> {
  const report = given.text('unproven')
  if (report !== undefined && given.positionals.length > 0) {
    throw new DebproofError('USAGE', 'rebuild: name packages or give --unproven, not both.')
  }
  if (report !== undefined) return await readUnproven(report)
  const named = given.positionals.length > 0 || (given.texts('buildinfo').length > 0 && !given.flag('list'))
  if (!named) {
    throw new DebproofError('USAGE', 'rebuild: which package? Name one or more, or give --unproven REPORT.')
  }
  return given.positionals.map(parseWish)
}

async function resolvePolicy(given: Arguments, terminal: Terminal): Promise<Policy> {
  const file = await readPolicyInput(given, terminal)
  const sources = given.texts('packages').map(parseListSource)
  if (sources.length === 0) return await file.resolve({})
  const downloads = new Downloads({ userAgent: USER_AGENT })
  try {
    return await file.resolve(mergeReferences(await readPackageLists(sources, process.cwd(), downloads)))
  } finally {
    await downloads.close()
  }
}

async function signingOf(given: Arguments, { environment }: Terminal): Promise<RebuildOptions['signing']> {
  const signing = await readSigningInput(given.text('signing-key'), environment)
  if (signing === undefined && !given.flag('unsigned')) {
    throw new DebproofError(
      'KEY',
      'There is no key to sign statements with: give --signing-key FILE or DEBPROOF_SIGNING_KEY, or say --unsigned.',
    )
  }
  if (signing !== undefined && given.flag('unsigned')) {
    throw new DebproofError('USAGE', '--unsigned contradicts the signing key that was given.')
  }
  return signing
}

/**
 * Lets SIGINT and SIGTERM end a build in order: the tools are asked to end, what they left is taken away, and then
 * the process ends by the signal, as its caller expects.
 */
async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let received: NodeJS.Signals | undefined
  const stop = (signal: NodeJS.Signals): void => {
    received ??= signal
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await task(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    if (received !== undefined) process.kill(process.pid, received)
  }
}

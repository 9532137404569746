import { DebproofError } from '../errors.ts'
import { parseShard } from '../parts/shard.ts'
import { type RunOptions, run } from '../run.ts'
import type { Arguments, Command, Terminal } from './command.ts'
import { COMMON_OPTIONS, clocks, JSON_OPTION } from './option.ts'
import { printReport } from './print-report.ts'
import { ProgressLine } from './progress-line.ts'
import { readSigningInput } from './signing-input.ts'
import { cacheFolder, parseEvidence, parseListSource, VERIFY_OPTIONS } from './verify-options.ts'

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--policy FILE | --system]',
  title: 'prove every package of a build identical to its upstream, or reproduced, and write a signed report',
  description:
    'Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\n' +
    'what its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc, summary.md\n' +
    'and the evidence.\n\n' +
    'Exit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\n' +
    'package list is wrong, 3 nothing failed but something could not be decided.',
  options: [...VERIFY_OPTIONS, JSON_OPTION, ...COMMON_OPTIONS],
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const result = await run(await runOptions(given, terminal), progress).finally(() => progress.end())
    return printReport(given, terminal, result)
  },
}

async function runOptions(given: Arguments, { environment }: Terminal): Promise<RunOptions> {
  const release = given.text('release')
  const shard = given.text('shard')
  const cache = cacheFolder(given.text('cache'), environment)
  const signing = await readSigningInput(given.text('signing-key'), environment)
  if (given.flag('system') && given.texts('policy').length > 0) {
    throw new DebproofError('USAGE', '--system reads no policy; leave out --policy, or --system.')
  }
  if (given.texts('root').length > 0 && !given.flag('system')) {
    throw new DebproofError('USAGE', '--root is for --system; say that too, or leave it out.')
  }
  return {
    policy: given.text('policy') ?? '',
    packages: given.texts('packages').map(parseListSource),
    ...(release === undefined ? {} : { release }),
    ...clocks(given.text('at')),
    images: given.texts('image'),
    output: given.text('output') ?? '',
    system: given.flag('system'),
    root: given.text('root') ?? '/',
    offline: given.flag('offline'),
    deep: given.flag('deep'),
    ...(shard === undefined ? {} : { shard: parseShard(shard) }),
    evidence: parseEvidence(given.text('evidence') ?? ''),
    ...(cache === undefined ? {} : { cache }),
    ...(signing === undefined ? {} : { signing }),
    unsigned: given.flag('unsigned'),
    environment,
  }
}

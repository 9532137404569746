import { DebproofError } from '../errors.ts'
import { exitCodeOf } from '../exit-code.ts'
import { reportText } from '../report/text.ts'
import { type RunOptions, run } from '../run.ts'
import type { Arguments, Command, Terminal } from './command.ts'
import { COMMON_OPTIONS, JSON_OPTION, parseAt } from './option.ts'
import { ProgressLine } from './progress-line.ts'
import { readSigningInput } from './signing-input.ts'
import { parseListSource, VERIFY_OPTIONS } from './verify-options.ts'

/** Packages that are shown without --verbose. */
const SHOWN = 20

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--policy FILE | --system]',
  title: 'prove every package of a build identical to its upstream, or reproduced, and write a signed report',
  description:
    'Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\n' +
    'what its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc and\n' +
    'summary.md.\n\n' +
    'Exit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\n' +
    'package list is wrong, 3 nothing failed but something could not be decided.',
  options: [...VERIFY_OPTIONS, JSON_OPTION, ...COMMON_OPTIONS],
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const result = await run(await runOptions(given, terminal), progress).finally(() => progress.end())
    if (given.flag('json')) {
      terminal.out(`${JSON.stringify(result.report, null, 1)}\n`)
    } else {
      const limit = given.flag('quiet') ? 0 : given.flag('verbose') ? Number.POSITIVE_INFINITY : SHOWN
      const text = reportText(result.report, { color: terminal.color, limit })
      terminal.out(given.flag('quiet') ? `${text.split('\n')[0] ?? ''}\n` : text)
      if (!given.flag('quiet')) {
        terminal.out(`\nReport: ${result.reportPath} (${signature(result.signedBy)})\nSummary: ${result.summaryPath}\n`)
      }
    }
    return exitCodeOf(result.report.predicate.verdict)
  },
}

function signature(signedBy: string | undefined): string {
  return signedBy === undefined ? 'UNSIGNED' : `signed by ${signedBy}`
}

async function runOptions(given: Arguments, { environment }: Terminal): Promise<RunOptions> {
  const release = given.text('release')
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
    at: parseAt(given.text('at'), new Date()),
    images: given.texts('image'),
    output: given.text('output') ?? '',
    system: given.flag('system'),
    root: given.text('root') ?? '/',
    offline: given.flag('offline'),
    deep: given.flag('deep'),
    ...(signing === undefined ? {} : { signing }),
    unsigned: given.flag('unsigned'),
    environment,
  }
}

import { detectPlatform } from '../ci/platform.ts'
import type { Arguments } from '../options/arguments.ts'
import { COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { readRunOptions } from '../options/run-options.ts'
import { readSigningInput } from '../options/signing-input.ts'
import { VERIFY_OPTIONS } from '../options/verify-options.ts'
import { type RunOptions, run } from '../run.ts'
import type { Command, Terminal } from './command.ts'
import { printReport } from './print-report.ts'
import { ProgressLine } from './progress-line.ts'

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
  const signing = await readSigningInput(given.text('signing-key'), environment)
  const isPullRequest = detectPlatform(environment)?.isPullRequest ?? false
  return readRunOptions(given, { environment, signing, isPullRequest })
}

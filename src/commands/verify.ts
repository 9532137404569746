import { commentOn } from '../ci/comment-on.ts'
import { detectPlatform } from '../ci/platform.ts'
import { policyPlaces } from '../ci/policy-places.ts'
import { purposeOf } from '../ci/purpose.ts'
import { secretsIn } from '../job-secrets.ts'
import type { Arguments } from '../options/arguments.ts'
import { COMMON_OPTIONS, JSON_OPTION } from '../options/option.ts'
import { readRunOptions } from '../options/run-options.ts'
import { readSigningInput } from '../options/signing-input.ts'
import { VERIFY_OPTIONS } from '../options/verify-options.ts'
import { visible } from '../report/visible.ts'
import { type RunOptions, type RunResult, run } from '../run.ts'
import type { Terminal } from '../terminal.ts'
import type { Command } from './command.ts'
import { printReport } from './print-report.ts'
import { ProgressLine } from './progress-line.ts'

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--policy FILE | --system]',
  title: 'prove every package of a build identical to its upstream, or reproduced, and write a signed report',
  description:
    'Reads the package lists of a build, locates each package in the archives of the policy, proves it identical to\n' +
    'what its upstream signed, or reproduced by enough rebuilders, and writes report.json, report.json.asc, summary.md,\n' +
    'junit.xml, verdict.env and the evidence.\n\n' +
    'Exit codes: 0 every package is proven or excepted, 1 at least one failed, 2 the command, policy, key or a\n' +
    'package list is wrong, 3 nothing failed but something could not be decided.',
  options: [...VERIFY_OPTIONS, JSON_OPTION, ...COMMON_OPTIONS],
  positionals: { min: 0, max: 0 },
  async run(given, terminal) {
    const progress = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const options = await runOptions(given, terminal)
    const result = await run(options, progress).finally(() => progress.end())
    const code = printReport(given, terminal, result)
    if (given.flag('comment')) await comment(options, result, terminal)
    return code
  },
}

async function runOptions(given: Arguments, { environment }: Terminal): Promise<RunOptions> {
  const signing = await readSigningInput(given.text('signing-key'), environment)
  const isPullRequest = detectPlatform(environment)?.isPullRequest ?? false
  const places = policyPlaces(environment, given.texts('allow-path'))
  const options = readRunOptions(given, { environment, signing, isPullRequest, places })
  return { ...options, secrets: secretsIn(environment) }
}

/** The verdict stands whatever comes of it. */
async function comment(options: RunOptions, { report, reportPath }: RunResult, terminal: Terminal): Promise<void> {
  const { environment } = options
  const token = environment['DEBPROOF_COMMENT_TOKEN'] ?? ''
  const job = environment['CI_JOB_URL']
  const whereRest =
    job === undefined ? `the whole report: ${reportPath}.` : `[the whole report](${job}/artifacts/browse).`
  const outcome = await commentOn(report, environment, token, purposeOf(options, environment), whereRest)
  const line = 'problem' in outcome ? `No comment was written: ${outcome.problem}` : `Comment: ${outcome.url}`
  terminal.err(`${visible(line)}\n`)
}

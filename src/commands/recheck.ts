import { DebproofError } from '../errors.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { filesOnDisk } from '../policy/policy-files.ts'
import { TrustAnchors } from '../policy/trust.ts'
import { type RecheckResult, recheck } from '../recheck.ts'
import { headline } from '../report/headline.ts'
import { visible } from '../report/visible.ts'
import type { Command } from './command.ts'
import { COMMON_OPTIONS, JSON_OPTION, parseAt } from './option.ts'
import { ProgressLine } from './progress-line.ts'

/** Problems that are shown without --verbose. */
const SHOWN = 20

export const recheckCommand: Command = {
  name: 'recheck',
  usage: 'DIR',
  title: 'derive every verdict of a report again from its evidence, offline, and check its signature',
  description:
    'Reads an output folder of `verify` or `merge`: checks the signature of the report, hashes all files of evidence/,\n' +
    'and derives every verdict again from them alone. Needs no policy and no network.\n\n' +
    'Exit codes: 0 all agree and the report says pass, 1 a report or file was changed, a verdict differs, or all agree\n' +
    'and the report says fail, 2 the command is wrong, 3 all agree and the report says undecided.',
  options: [
    {
      name: 'signed-by',
      value: 'KEYRING',
      multiple: true,
      description: 'Who may have signed the report: a keyring file; fingerprints beside it restrict it. Required.',
    },
    {
      name: 'policy',
      value: 'FILE',
      description:
        'Your own copy of the policy, beside the keys that it names: those that the report was made with must be these.',
    },
    {
      name: 'at',
      value: 'TIME',
      description: 'The clock that the signature of the report is judged by, in RFC 3339. The default is now.',
    },
    JSON_OPTION,
    ...COMMON_OPTIONS,
  ],
  positionals: { min: 1, max: 1 },
  async run(given, terminal) {
    const [folder = ''] = given.positionals
    const signedBy = given.texts('signed-by')
    if (signedBy.length === 0) {
      throw new DebproofError('USAGE', 'recheck: --signed-by is missing: the keyring file of who signs your reports.')
    }
    const keyring = await new TrustAnchors(process.cwd(), filesOnDisk).keyring(signedBy, '--signed-by')
    const watcher = new ProgressLine(terminal, { quiet: given.flag('quiet'), verbose: given.flag('verbose') })
    const now = parseAt(given.text('at'), new Date())
    const policy = given.text('policy')
    const own = policy === undefined ? {} : { policy }
    const result = await recheck({ folder, keyring, ...own, now, progress: watcher.progress }).finally(() =>
      watcher.end(),
    )
    if (given.flag('json')) terminal.out(`${JSON.stringify(asJson(result), null, 1)}\n`)
    else terminal.out(asText(result, given.flag('quiet'), given.flag('verbose')))
    return result.problems.length > 0 ? EXIT.fail : exitCodeOf(result.report.predicate.verdict)
  },
}

function asJson({ report, signers, problems, remarks }: RecheckResult): object {
  const { verdict, policy, counts } = report.predicate
  return { agrees: problems.length === 0, verdict, counts, policy, signers, problems, remarks }
}

function asText(result: RecheckResult, quiet: boolean, verbose: boolean): string {
  const { report, problems, remarks, signers } = result
  const { packages, policy } = report.predicate
  const shown = problems.slice(0, verbose ? problems.length : SHOWN)
  const more = problems.length - shown.length
  const head =
    problems.length > 0
      ? `REFUSED: the report does not follow from its evidence: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`
      : `AGREED: all ${packages.length} verdicts follow from the evidence. The report says: ${headline(report)}`
  if (quiet) return `${visible(head)}\n`
  const lines = [
    head,
    ...shown.map((problem) => `  ${problem}`),
    ...(more > 0 ? [`  … and ${more} more (--verbose)`] : []),
    ...(problems.length > 0
      ? ['', 'Do not rely on it: get the report and its evidence again, from whoever signed it.']
      : [
          '',
          `Signed by:     ${signers.join(', ')}`,
          `Under policy:  sha256:${policy.sha256}`,
          ...trustedKeys(result),
          ...remarks.map((remark) => `Not derived:   ${remark}`),
        ]),
    '',
  ]
  return lines.map((line) => visible(line).replaceAll('\n', ' ')).join('\n')
}

/** Whoever reads this compares them with the keys that they know: a policy may name anybody's. */
function trustedKeys({ report }: RecheckResult): string[] {
  const keys = new Set(Object.values(report.predicate.evidence).flatMap(({ signers }) => signers))
  return [...keys].sort().map((key) => `Rests on key:  ${key}`)
}

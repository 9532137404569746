import type { ErrorCode } from './errors.ts'
import type { ReportVerdict } from './judge/verdict.ts'

/** The exit codes of the command line: a contract that pipelines are written against. */
export const EXIT = {
  /** Every package is proven or excepted. */
  pass: 0,
  /** At least one package failed; `inspect` refused the file; a report or its evidence is not what it says. */
  fail: 1,
  /** The command, the policy, a key or a package list is wrong. */
  usage: 2,
  /** Nothing failed, but something could not be decided. */
  undecided: 3,
} as const

/** A bug of the program: none of the above. EX_SOFTWARE of sysexits(3). */
export const EXIT_BUG = 70

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | typeof EXIT_BUG

export function exitCodeOf(verdict: ReportVerdict): ExitCode {
  return EXIT[verdict]
}

/** What the user can mend is 2; what an archive did to a command that needs it is "could not find out". */
export function exitCodeOfError(code: ErrorCode): ExitCode {
  switch (code) {
    case 'USAGE':
    case 'POLICY':
    case 'PACKAGE_LIST':
    case 'KEY':
    case 'OUTPUT':
      return EXIT.usage
    case 'EVIDENCE':
      return EXIT.fail
    default:
      return EXIT.undecided
  }
}

import { withoutSecrets } from './job-secrets.ts'
import { visible } from './report/visible.ts'

/** How the first line of a result is shown where there are colours. */
export type Tone = 'pass' | 'fail' | 'undecided'

/**
 * What a command may use of the process: passed in, so that a test can look at it. Whatever is written goes through
 * `terminalOf`, which shows what a terminal or the log of a CI would act on: no text of an archive, a list, a policy or
 * a server can do anything there, whoever prints it.
 */
export interface Terminal {
  /** The result. */
  readonly out: (text: string, tone?: Tone) => void
  /** Messages for people, beside the result. */
  readonly err: (text: string) => void
  /** Back to the start of the line on standard error, and erases it: where `interactive`, and else nothing. */
  readonly eraseLine: () => void
  /** Whether standard error is a terminal, where a progress line can be overwritten. */
  readonly interactive: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A stream to write to, such as `process.stdout`. */
export interface Sink {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** What is written to, and the environment that says how and what is secret. */
export interface Sinks {
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The only sequences that are sent to a terminal as they are (ECMA-48: SGR, EL). */
const COLORS: Readonly<Record<Tone, string>> = { pass: '\x1b[1;32m', fail: '\x1b[1;31m', undecided: '\x1b[1;33m' }
const PLAIN = '\x1b[0m'
const ERASED = '\r\x1b[K'

/** The one writer of the command line. */
export function terminalOf({ stdout, stderr, env }: Sinks): Terminal {
  const color = stdout.isTTY === true && env['NO_COLOR'] === undefined
  const interactive = stderr.isTTY === true
  const shown = (text: string): string => visible(withoutSecrets(text, env))
  return {
    out: (text, tone) => {
      const safe = shown(text)
      stdout.write(color && tone !== undefined ? safe.replace(/^.*/, (line) => COLORS[tone] + line + PLAIN) : safe)
    },
    err: (text) => {
      stderr.write(shown(text))
    },
    eraseLine: () => {
      if (interactive) stderr.write(ERASED)
    },
    interactive,
    environment: env,
  }
}

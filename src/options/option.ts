import { DebproofError } from '../errors.ts'

/** One option: the command line, its help, the action's inputs and the manual are all held to this table. */
export interface Option {
  readonly name: string
  /** How its value is called in the help; absent for a flag. */
  readonly value?: string
  readonly multiple?: boolean
  readonly default?: string
  /** A full sentence. */
  readonly description: string
}

/** Where results go and how much is said: for every command. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'quiet', description: 'Print the verdict or the result alone, and errors.' },
  { name: 'verbose', description: 'Print every download, every package that needs attention, and the trace of a bug.' },
  { name: 'help', description: 'Print this help.' },
]

export const JSON_OPTION: Option = { name: 'json', description: 'Print the result as JSON.' }

export const AT_OPTION: Option = {
  name: 'at',
  value: 'TIME',
  description:
    'The clock for every decision (signatures, Valid-Until, exceptions), in RFC 3339, such as ' +
    '2026-11-22T12:00:00Z. The default is now, or the date that the policy gives under `at`.',
}

export const ALLOW_PATH_OPTION: Option = {
  name: 'allow-path',
  value: 'DIR',
  multiple: true,
  description:
    'In a pipeline for a pull or merge request, whose author wrote the policy: a folder outside of the workspace in ' +
    'which files that the policy names may lie too.',
}

/** @throws DebproofError USAGE for anything but an RFC 3339 time */
export function parseAt(text: string | undefined, now: Date): Date {
  return wholeSeconds(text === undefined ? now : parseTime(text))
}

/** The clocks that a policy is resolved with: the one that was given, and the one for where none is. */
export function clocks(text: string | undefined): { readonly at?: Date; readonly now: Date } {
  const now = wholeSeconds(new Date())
  return text === undefined ? { now } : { at: wholeSeconds(parseTime(text)), now }
}

/** As reports write times. */
function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000)
}

/** RFC 3339, 5.6, of a day and an hour that exist: JavaScript takes 30 February for 2 March. */
function parseTime(text: string): Date {
  const form = /^(\d{4}-\d{2}-\d{2})[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/
  const day = form.exec(text)?.[1]
  const time = new Date(text.replace(' ', 'T'))
  if (day === undefined || Number.isNaN(time.getTime()) || !isDay(day)) {
    throw new DebproofError(
      'USAGE',
      `--at ${JSON.stringify(text)} is not an RFC 3339 time with its zone, such as 2026-11-22T12:00:00Z.`,
    )
  }
  return time
}

function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

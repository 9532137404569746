import type { ExitCode } from '../exit-code.ts'
import type { Arguments } from '../options/arguments.ts'
import type { Option } from '../options/option.ts'
import type { Terminal } from '../terminal.ts'

/** One command of the command line. Adding a command is one file and one line in cli.ts. */
export interface Command {
  readonly name: string
  /** The arguments after the name, as in `inspect FILE`. */
  readonly usage: string
  /** One line for the list of commands. */
  readonly title: string
  /** What it does, for its own help. */
  readonly description: string
  readonly options: readonly Option[]
  readonly positionals: { readonly min: number; readonly max: number }
  /** @throws DebproofError */
  run(given: Arguments, terminal: Terminal): Promise<ExitCode>
}

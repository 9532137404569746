#!/usr/bin/env node
import { COMMANDS } from './commands/commands.ts'
import { removeEarlierOutput } from './commands/earlier-output.ts'
import { commandHelp, overview } from './commands/help.ts'
import { parseArguments } from './commands/parse-arguments.ts'
import { DebproofError, describeError, isDebproofError, systemErrorCode } from './errors.ts'
import { EXIT, EXIT_BUG, type ExitCode, exitCodeOfError } from './exit-code.ts'
import { onSignals } from './interruption.ts'
import { closest } from './spelling.ts'
import { type Terminal, terminalOf } from './terminal.ts'
import { TOOL } from './tool.ts'

async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const text = overview(await Promise.all(Object.values(COMMANDS).map((load) => load())))
    if (name === undefined) throw new DebproofError('USAGE', `No command was given.\n\n${text}`)
    terminal.out(text)
    return 0
  }
  if (name === '--version') {
    terminal.out(`${TOOL.version}\n`)
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    const suggestion = closest(name, Object.keys(COMMANDS))
    const advice = suggestion === undefined ? 'See `debproof --help`.' : `Did you mean ${suggestion}?`
    throw new DebproofError('USAGE', `There is no command ${JSON.stringify(name)}. ${advice}`)
  }
  // A rebuild ends its own tools first.
  if (name !== 'rebuild') onSignals(terminal.err)
  removeEarlierOutput(name, rest)
  requireWorkingFolder()
  const command = await load()
  const given = parseArguments(command, rest)
  if (given.flag('help')) {
    terminal.out(commandHelp(command))
    return 0
  }
  return await command.run(given, terminal)
}

/** @throws DebproofError USAGE */
function requireWorkingFolder(): void {
  try {
    process.cwd()
  } catch (error) {
    throw new DebproofError('USAGE', 'The working folder is no longer there; change to another', { cause: error })
  }
}

const terminal = terminalOf(process)

/** What a machine runs out of (errno(3)): no mistake of the program's, wherever it shows. */
const SHORTAGES: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS']

/** A foreseen failure is told in words; a bug in words too, and with its trace where that was asked for. */
function explain(error: unknown): ExitCode {
  if (isDebproofError(error)) {
    terminal.err(`debproof: ${describeError(error)}\n`)
    return exitCodeOfError(error.code)
  }
  const code = systemErrorCode(error)
  if (code !== undefined && SHORTAGES.includes(code)) {
    terminal.err(`debproof: this machine has not what it takes: ${describeError(error)}.\n`)
    return EXIT.usage
  }
  const trace = process.argv.includes('--verbose') && error instanceof Error ? `\n${error.stack ?? ''}` : ''
  const advice = trace === '' ? ' Run again with --verbose to see where.' : ''
  terminal.err(`debproof: this is a bug in debproof: ${describeError(error)}.${advice}${trace}\n`)
  return EXIT_BUG
}

// A reader such as `head` that goes away is no failure of the verification; a result that cannot be written is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.exitCode = EXIT.usage
  terminal.err(`debproof: the result cannot be written to standard output: ${error.message}.\n`)
})
process.stderr.on('error', () => {
  // There is nobody left to tell.
})
// Node would print what nobody caught as it is.
process.on('uncaughtException', (error) => process.exit(explain(error)))
const code = await main(process.argv.slice(2), terminal).catch(explain)
process.exitCode ??= code

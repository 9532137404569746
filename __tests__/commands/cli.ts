import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from '../../src/commands/command.ts'
import { parseArguments } from '../../src/commands/parse-arguments.ts'
import { describeError, isDebproofError } from '../../src/errors.ts'
import { exitCodeOfError } from '../../src/exit-code.ts'

export const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** A Node that runs TypeScript: this one, or the one that the project brings for those who test with an older one. */
export const NODE = process.features.typescript
  ? process.execPath
  : fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

/** Nothing is kept from one test for the next: below a file there can be no folder. */
const NO_CACHE = { XDG_CACHE_HOME: '/dev/null' }

export interface CliResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line in a folder as a shell does; nothing of this process's environment but PATH is passed on. */
export async function cli(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const child = spawn(NODE, [CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...NO_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { code, ...texts }
}

/** Runs one command within this process, which is quicker: in the present folder, on a terminal that shows nothing. */
export async function call(
  command: Command,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const texts = { out: '', err: '' }
  const out = (text: string): void => {
    texts.out += text
  }
  const err = (text: string): void => {
    texts.err += text
  }
  try {
    const given = parseArguments(command, words)
    const code = await command.run(given, {
      out,
      err,
      eraseLine: () => {},
      interactive: false,
      environment: { ...NO_CACHE, ...environment },
    })
    return { code, ...texts }
  } catch (error) {
    if (!isDebproofError(error)) throw error
    err(describeError(error))
    return { code: exitCodeOfError(error.code), ...texts }
  }
}

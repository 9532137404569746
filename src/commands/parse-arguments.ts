import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { DebproofError, describeError } from '../errors.ts'
import type { Arguments } from '../options/arguments.ts'
import { closest } from '../spelling.ts'
import type { Command } from './command.ts'

/** Holds the words after a command's name against its table of options. Throws a DebproofError USAGE. */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    command.options.map(({ name, value }) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: value !== undefined },
    ]),
  )
  const { values, positionals } = parse(command, words, config)
  const given = (name: string): string[] => {
    const value = values[name]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }
  for (const { name, multiple } of command.options) {
    if (multiple !== true && given(name).length > 1) throw usage(command, `--${name} is given twice`)
  }
  const isHelp = values['help'] === true
  const { min, max } = command.positionals
  if (!isHelp && positionals.length < min) throw usage(command, `${command.usage} is missing`)
  if (positionals.length > max) throw usage(command, `${JSON.stringify(positionals[max])} is too much`)
  return {
    positionals,
    text: (name) => given(name)[0] ?? command.options.find((option) => option.name === name)?.default,
    texts: given,
    flag: (name) => values[name] === true,
  }
}

function parse(
  command: Command,
  words: readonly string[],
  options: ParseArgsOptionsConfig,
): Pick<ReturnType<typeof parseArgs>, 'values' | 'positionals'> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    const unknown = /^Unknown option '-{1,2}([^']*)'/.exec(describeError(error))?.[1]
    if (unknown === undefined) throw usage(command, describeError(error).split('. ')[0] ?? '')
    const suggestion = closest(unknown, Object.keys(options))
    throw usage(
      command,
      `there is no option --${unknown}${suggestion === undefined ? '' : `; did you mean --${suggestion}?`}`,
    )
  }
}

function usage({ name }: Command, problem: string): DebproofError {
  return new DebproofError('USAGE', `${name}: ${problem.replace(/(?<!\.)\.+$/, '')} — see \`debproof ${name} --help\`.`)
}

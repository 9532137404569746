import type { Option } from '../options/option.ts'
import { TOOL } from '../tool.ts'
import type { Command } from './command.ts'

const WIDTH = 100

/** `debproof --help`. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    `debproof ${TOOL.version}: proves every Debian package of a build identical to its upstream, or reproduced.`,
    '',
    'Usage: debproof COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`),
    '',
    '  debproof COMMAND --help   the options of a command',
    '  debproof --version        the version',
    '',
  ].join('\n')
}

/** `debproof COMMAND --help`. */
export function commandHelp({ name, usage, description, options }: Command): string {
  return [
    `Usage: debproof ${name} ${usage} [OPTIONS]`,
    '',
    description,
    '',
    'Options:',
    ...options.flatMap(optionHelp),
    '',
  ].join('\n')
}

function optionHelp({ name, value, multiple, default: preset, description }: Option): string[] {
  const head = `  --${name}${value === undefined ? '' : ` ${value}`}${multiple === true ? ' (repeatable)' : ''}`
  const text = preset === undefined ? description : `${description} Default: ${preset}.`
  return [head, ...wrap(text, WIDTH - 6).map((line) => `      ${line}`)]
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

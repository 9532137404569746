import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { reference } from '../build/reference.ts'
import { verifyCommand } from '../src/commands/verify.ts'
import { EXIT, EXIT_BUG } from '../src/exit-code.ts'
import { COMMON_OPTIONS, JSON_OPTION, type Option } from '../src/options/option.ts'
import { VERIFY_OPTIONS } from '../src/options/verify-options.ts'
import { cli } from './commands/cli.ts'

const readme = readFileSync('README.md', 'utf8')
const action: {
  inputs: Record<string, { description: string; default: string }>
  outputs: Record<string, { description: string }>
  runs: { main: string }
} = parse(readFileSync('action.yml', 'utf8'))

/** Inputs that are no options of the command line: secrets come from the environment there, the rest is GitHub's. */
const ACTION_ALONE = [
  'artifact',
  'artifact-compression',
  'artifact-retention-days',
  'attest',
  'cache-service',
  'evidence-artifact',
  'github-token',
  'signing-passphrase',
]

/** Options that are a value of another input. */
const VALUE_OF_AN_INPUT: Readonly<Record<string, readonly [input: string, value: string]>> = {
  'unsigned-in-pull-requests': ['unsigned', 'allow-in-pull-requests'],
}

/** The cells of a Markdown table that stands under a heading. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = readme.split(`${heading}\n`)
  const [table = ''] = section.trimStart().split('\n\n')
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .replace(/^\| | \|$/g, '')
        .split(' | ')
        .map((cell) => cell.trim()),
    )
}

function described({ description, default: preset }: Option): string {
  return preset === undefined ? description : `${description} Default: ${preset}.`
}

describe('the manual', () => {
  test('README lists every command, in the words of the help', async () => {
    const { out } = await cli('.', ['--help'])
    const listed = [...out.matchAll(/^ {2}([a-z]+) {2,}(.*)$/gm)].map(([, name = '', title = '']) => [
      `\`${name}\``,
      title,
    ])
    expect(listed.length).toBeGreaterThan(5)
    expect(rowsUnder('`node dist/cli.js COMMAND --help` lists the options of a command.')).toEqual(listed)
  })

  test('README lists every option of verify, in the words of its help, and no other', () => {
    const written = verifyCommand.options.map((option) => [
      `\`--${option.name}${option.value === undefined ? '' : ` ${option.value}`}\``,
      described(option),
    ])
    expect(rowsUnder('### Options of `verify`')).toEqual(written)
  })

  test('the action has an input for every option of verify, and those that GitHub alone needs', () => {
    const names = VERIFY_OPTIONS.map(({ name }) => name).filter((name) => !(name in VALUE_OF_AN_INPUT))
    expect(Object.keys(action.inputs).sort()).toEqual([...names, ...ACTION_ALONE].sort())
    for (const [name, [input, value]] of Object.entries(VALUE_OF_AN_INPUT)) {
      expect(VERIFY_OPTIONS.map((option) => option.name)).toContain(name)
      expect(action.inputs[input]?.description).toContain(value)
    }
    expect([...COMMON_OPTIONS, JSON_OPTION].map(({ name }) => name)).toEqual(['quiet', 'verbose', 'help', 'json'])
  })

  test('the action and the command line have the same defaults', () => {
    for (const { name, value, default: preset } of VERIFY_OPTIONS) {
      if (name in VALUE_OF_AN_INPUT) continue
      expect([name, action.inputs[name]?.default]).toEqual([name, preset ?? (value === undefined ? 'false' : '')])
    }
  })

  test('docs/reference.md is made of the tables of the program, of action.yml and of the templates', async () => {
    expect(readFileSync('docs/reference.md', 'utf8')).toBe(await reference())
  })

  test('every input and output is described in full sentences', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/\.$/)
    }
    for (const option of verifyCommand.options) expect(option.description).toMatch(/^[A-Z].*\.$/s)
  })

  test('README states the exit codes that the program uses', () => {
    const codes = rowsUnder('### Exit codes').map(([code]) => Number(code))
    expect(codes).toEqual([...Object.values(EXIT), EXIT_BUG].sort((a, b) => a - b))
  })
})

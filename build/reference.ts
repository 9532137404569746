import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import type { Command } from '../src/commands/command.ts'
import { COMMANDS } from '../src/commands/commands.ts'
import type { Option } from '../src/options/option.ts'
import { REPORT_FILES } from '../src/report/earlier-report.ts'

interface Described {
  readonly description: string
  readonly default?: unknown
}

interface Action {
  readonly inputs: Readonly<Record<string, Described>>
  readonly outputs: Readonly<Record<string, Described>>
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  [
    'DEBPROOF_SIGNING_KEY',
    'The armored private key that signs, or the name of a file with it, where no --signing-key is given.',
  ],
  ['DEBPROOF_SIGNING_PASSPHRASE', 'The passphrase of the signing key.'],
  ['DEBPROOF_COMMENT_TOKEN', 'The token that --comment writes with: on GitLab one with the scope api.'],
  ['XDG_CACHE_HOME', 'Where the cache is, in the folder debproof; else ~/.cache.'],
  ['HTTP_PROXY, HTTPS_PROXY, NO_PROXY', 'Proxies, and what is asked without them.'],
  ['NO_COLOR', 'Where it is set, nothing is coloured.'],
]

const FILES: Readonly<Record<string, string>> = {
  'report.json': 'The report: an in-toto statement. The file that is signed.',
  'report.json.asc': 'Its detached OpenPGP signature; absent from an unsigned report.',
  'summary.md': 'The report for people: the verdict, what to do, what needs attention.',
  'junit.xml': 'The report as tests: one for each package that needs attention, and one for all others of an archive.',
  'verdict.env': 'The verdict, the signer, the SHA-256 of report.json and the counts, as NAME=value lines.',
  'recheck.sh': 'A script that checks the report with gpgv, sha256sum, xz, gzip, base64 and awk.',
}

/** docs/reference.md: every option, input, output and file, from the tables that the program itself uses. */
export async function reference(): Promise<string> {
  const action: Action = parse(readFileSync('action.yml', 'utf8'))
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  return `${[
    '# Reference',
    '',
    'Made by `npm run reference` from the tables that the program itself uses, from action.yml and from templates/.',
    '',
    '## The command line',
    '',
    ...commands.flatMap(commandLines),
    '## The GitHub Action',
    '',
    ...table(['input', 'default', 'meaning'], Object.entries(action.inputs).map(inputRow)),
    ...table(
      ['output', 'meaning'],
      Object.entries(action.outputs).map(([name, { description }]) => [code(name), oneLine(description)]),
    ),
    ...componentNames().flatMap(componentLines),
    '## The output folder',
    '',
    ...table(
      ['file', 'what it is'],
      [
        ...[...REPORT_FILES].sort().map((name) => [code(name), FILES[name] ?? missing(name)]),
        [code('evidence/'), 'Everything that the verdicts rest on, each file under its SHA-256, and an index of it.'],
      ],
    ),
    '## The environment',
    '',
    ...table(
      ['variable', 'meaning'],
      ENVIRONMENT.map(([name, meaning]) => [code(name), meaning]),
    ),
  ]
    .join('\n')
    .trimEnd()}\n`
}

function commandLines({ name, usage, description, options }: Command): string[] {
  return [
    `### debproof ${name}`,
    '',
    '```',
    `debproof ${name} ${usage}`.trim(),
    '```',
    '',
    description,
    '',
    ...table(['option', 'meaning'], options.map(optionRow)),
  ]
}

function optionRow({ name, value, multiple, default: preset, description }: Option): string[] {
  const repeats = multiple === true ? ' May be given several times.' : ''
  const usual = preset === undefined ? '' : ` Default: ${preset}.`
  return [code(`--${name}${value === undefined ? '' : ` ${value}`}`), `${description}${repeats}${usual}`]
}

function inputRow([name, { description, default: preset }]: [string, Described]): string[] {
  return [
    code(name),
    preset === '' ? '' : code(typeof preset === 'string' ? preset : JSON.stringify(preset)),
    oneLine(description),
  ]
}

function componentNames(): string[] {
  return readdirSync('templates')
    .map((file) => path.basename(file, '.yml'))
    .sort((a, b) => (a === 'verify' ? -1 : b === 'verify' ? 1 : a.localeCompare(b)))
}

function componentLines(name: string): string[] {
  const [header] = parseAllDocuments(readFileSync(path.join('templates', `${name}.yml`), 'utf8'))
  const { spec }: { spec: { inputs: Record<string, Described> } } = header?.toJS() ?? missing(name)
  return [
    `## The GitLab component ${name}`,
    '',
    ...table(['input', 'default', 'meaning'], Object.entries(spec.inputs).map(inputRow)),
  ]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line), '']
}

function code(text: string): string {
  return `\`${text}\``
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function missing(what: string): never {
  throw new Error(`nothing is said of ${what}`)
}

if (import.meta.main) writeFileSync('docs/reference.md', await reference())

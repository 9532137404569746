import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { run } from './running.ts'

/** A `::command property=value::message` line of the log. */
export interface WorkflowCommand {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** What the runner has seen when the action ended. */
export interface ActionResult {
  readonly exitCode: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly commands: readonly WorkflowCommand[]
}

export interface ActionOptions {
  readonly inputs: Readonly<Record<string, string>>
  readonly workspace: string
  /** The program that runs the action; by default the one that runs the tests. */
  readonly node?: string
}

const FILE_COMMANDS = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'] as const

/**
 * Runs the action in `folder` as the GitHub runner does (actions/runner, NodeScriptActionHandler): every declared
 * input as a variable, the file commands, the workspace as working folder, no standard input, and of this machine's
 * environment the PATH alone.
 */
export async function runAction(folder: string, options: ActionOptions): Promise<ActionResult> {
  const { inputs, workspace, node = process.execPath } = options
  const { declared, main } = await readAction(folder)
  const unknown = Object.keys(inputs).filter((name) => !declared.has(name))
  if (unknown.length > 0) throw new Error(`action.yml declares no input ${unknown.join(', ')}`)
  const temp = await mkdtemp(path.join(tmpdir(), 'debproof-run-action-'))
  try {
    const files = new Map(FILE_COMMANDS.map((name) => [name, path.join(temp, name.toLowerCase())]))
    for (const file of files.values()) await writeFile(file, '')
    await mkdir(path.join(temp, 'tools'))
    await writeFile(path.join(temp, 'event.json'), '{}')
    const values = [...declared].map(([name, value]) => [inputVariable(name), inputs[name] ?? value])
    const { code, stdout, stderr } = await run(node, [path.join(folder, main)], {
      cwd: workspace,
      env: {
        PATH: process.env['PATH'],
        XDG_CACHE_HOME: '/dev/null',
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: folder,
        GITHUB_API_URL: 'https://api.github.com',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_EVENT_PATH: path.join(temp, 'event.json'),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_REPOSITORY: 'octo-org/octo-repo',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_RUN_ID: '1',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_SHA: '0'.repeat(40),
        GITHUB_WORKSPACE: workspace,
        RUNNER_OS: 'Linux',
        RUNNER_TEMP: temp,
        RUNNER_TOOL_CACHE: path.join(temp, 'tools'),
        ...Object.fromEntries(values),
        ...Object.fromEntries([...files].map(([name, file]) => [`GITHUB_${name}`, file])),
      },
    })
    const log = stdout + stderr
    if (code === null) throw new Error(`The action did not end by itself:\n${log}`)
    const read = async (name: (typeof FILE_COMMANDS)[number]): Promise<string> =>
      await readFile(files.get(name) ?? '', 'utf8')
    return {
      exitCode: code,
      log,
      outputs: parseFileCommands(await read('OUTPUT')),
      summary: await read('STEP_SUMMARY'),
      commands: parseWorkflowCommands(log),
    }
  } finally {
    await rm(temp, { recursive: true, force: true })
  }
}

/** Upper case, blanks become `_`, hyphens stay. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

async function readAction(folder: string): Promise<{ declared: Map<string, string>; main: string }> {
  const action: unknown = parse(await readFile(path.join(folder, 'action.yml'), 'utf8'))
  const main = valueAt(action, 'runs', 'main')
  const inputs = valueAt(action, 'inputs')
  if (typeof main !== 'string') throw new Error('action.yml names no runs.main')
  if (typeof inputs !== 'object' || inputs === null) throw new Error('action.yml declares no inputs')
  const declared = Object.entries(inputs).map(([name, input]): [string, string] => {
    return [name, String(valueAt(input, 'default') ?? '')]
  })
  return { declared: new Map(declared), main }
}

/** What is under a path of keys in parsed YAML. */
function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let current = value
  for (const key of keys) {
    if (typeof current !== 'object' || current === null) return undefined
    current = new Map<string, unknown>(Object.entries(current)).get(key)
  }
  return current
}

/** The `name=value` and `name<<delimiter` entries of a GITHUB_OUTPUT file. */
function parseFileCommands(text: string): Record<string, string> {
  const entries: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals !== -1 && (heredoc === -1 || equals < heredoc)) {
      entries[line.slice(0, equals)] = line.slice(equals + 1)
    } else if (heredoc > 0) {
      const delimiter = line.slice(heredoc + 2)
      const end = lines.indexOf(delimiter)
      if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
      entries[line.slice(0, heredoc)] = lines
        .splice(0, end + 1)
        .slice(0, end)
        .join('\n')
    } else {
      throw new Error(`Invalid format '${line}'`)
    }
  }
  return entries
}

function parseWorkflowCommands(log: string): WorkflowCommand[] {
  return [...log.matchAll(/^::([a-z-]+)(?: ([^:]*))?::(.*)$/gm)].map(([, command = '', list = '', message = '']) => ({
    command,
    message: unescapeData(message),
    properties: Object.fromEntries(
      list
        .split(',')
        .filter((property) => property !== '')
        .map((property) => {
          const equals = property.indexOf('=')
          return [property.slice(0, equals), unescapeProperty(property.slice(equals + 1))]
        }),
    ),
  }))
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}

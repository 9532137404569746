import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { run } from './running.ts'
import { parseFileCommands, parseWorkflowCommands, type WorkflowCommand } from './workflow-commands.ts'

export type { WorkflowCommand } from './workflow-commands.ts'

/** What the runner has seen when one of the programs of an action ended. */
export interface StageResult {
  readonly exitCode: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly commands: readonly WorkflowCommand[]
}

/** What `main` did, and beside it what ran before and after. */
export interface ActionResult extends StageResult {
  readonly pre?: StageResult
  readonly post?: StageResult
}

export interface ActionOptions {
  readonly inputs: Readonly<Record<string, string>>
  readonly workspace: string
  /** The program that runs the action; by default the one that runs the tests. */
  readonly node?: string
  /** More of the environment, such as that of a results service. */
  readonly env?: Readonly<Record<string, string>>
  /** What GitHub says of the event, for GITHUB_EVENT_PATH. */
  readonly event?: object
  /** By default a push to main. */
  readonly eventName?: string
  readonly ref?: string
  /** The token of the job, which an input may have as its default. */
  readonly token?: string
}

type Stage = 'pre' | 'main' | 'post'

const FILE_COMMANDS = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'] as const

/** Runs the action in `folder` as the one step of a job: `pre`, `main` and `post`, each as far as it has them. */
export async function runAction(folder: string, options: ActionOptions): Promise<ActionResult> {
  const action = await ActionRun.prepare(folder, options)
  try {
    const pre = await action.run('pre')
    const main = await action.run('main')
    if (main === undefined) throw new Error('action.yml names no runs.main')
    const post = await action.run('post')
    return { ...main, ...(pre === undefined ? {} : { pre }), ...(post === undefined ? {} : { post }) }
  } finally {
    await action.end()
  }
}

/**
 * One use of an action, run as the GitHub runner does (actions/runner, NodeScriptActionHandler): every declared input
 * as a variable, the file commands, the workspace as working folder, no standard input, and of this machine's
 * environment the PATH alone. Each stage is a process of its own, and has what those before it saved as state.
 */
export class ActionRun {
  readonly #folder: string
  readonly #options: ActionOptions
  readonly #action: Action
  readonly #temp: string
  readonly #state: Record<string, string> = {}

  private constructor(folder: string, options: ActionOptions, action: Action, temp: string) {
    this.#folder = folder
    this.#options = options
    this.#action = action
    this.#temp = temp
  }

  static async prepare(folder: string, options: ActionOptions): Promise<ActionRun> {
    const action = await readAction(folder)
    const unknown = Object.keys(options.inputs).filter((name) => !action.inputs.has(name))
    if (unknown.length > 0) throw new Error(`action.yml declares no input ${unknown.join(', ')}`)
    const temp = await mkdtemp(path.join(tmpdir(), 'debproof-run-action-'))
    await mkdir(path.join(temp, 'tools'))
    await writeFile(path.join(temp, 'event.json'), JSON.stringify(options.event ?? {}))
    return new ActionRun(folder, options, action, temp)
  }

  /** Undefined where the action has no such stage. */
  async run(stage: Stage): Promise<StageResult | undefined> {
    const script = this.#action.stages.get(stage)
    if (script === undefined) return undefined
    const files = new Map(FILE_COMMANDS.map((name) => [name, path.join(this.#temp, `${stage}-${name.toLowerCase()}`)]))
    for (const file of files.values()) await writeFile(file, '')
    const { workspace, node = process.execPath } = this.#options
    const { code, stdout, stderr } = await run(node, [path.join(this.#folder, script)], {
      cwd: workspace,
      env: {
        ...this.#environment(),
        ...Object.fromEntries([...files].map(([name, file]) => [`GITHUB_${name}`, file])),
      },
    })
    const log = stdout + stderr
    if (code === null) throw new Error(`The action did not end by itself:\n${log}`)
    const read = async (name: (typeof FILE_COMMANDS)[number]): Promise<string> =>
      await readFile(files.get(name) ?? '', 'utf8')
    Object.assign(this.#state, parseFileCommands(await read('STATE')))
    const outputs = parseFileCommands(await read('OUTPUT'))
    const undeclared = Object.keys(outputs).filter((name) => !this.#action.outputs.has(name))
    if (undeclared.length > 0) throw new Error(`action.yml declares no output ${undeclared.join(', ')}`)
    return {
      exitCode: code,
      log,
      outputs,
      summary: await read('STEP_SUMMARY'),
      commands: parseWorkflowCommands(log),
    }
  }

  async end(): Promise<void> {
    await rm(this.#temp, { recursive: true, force: true })
  }

  #environment(): Record<string, string | undefined> {
    const { inputs, workspace, env = {}, eventName = 'push', ref = 'refs/heads/main', token = 'made' } = this.#options
    const values = [...this.#action.inputs].map(([name, preset]) => {
      // An expression, as the runner would have evaluated it.
      const usual = preset.includes('github.token') ? token : preset
      return [inputVariable(name), inputs[name] ?? usual]
    })
    const state = Object.entries(this.#state).map(([name, value]) => [`STATE_${name}`, value])
    return {
      PATH: process.env['PATH'],
      XDG_CACHE_HOME: '/dev/null',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: this.#folder,
      GITHUB_API_URL: 'https://api.github.com',
      GITHUB_EVENT_NAME: eventName,
      GITHUB_EVENT_PATH: path.join(this.#temp, 'event.json'),
      GITHUB_REF: ref,
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_SHA: '0'.repeat(40),
      GITHUB_WORKSPACE: workspace,
      RUNNER_OS: 'Linux',
      RUNNER_TEMP: this.#temp,
      RUNNER_TOOL_CACHE: path.join(this.#temp, 'tools'),
      ...Object.fromEntries(values),
      ...Object.fromEntries(state),
      ...env,
    }
  }
}

/** Upper case, blanks become `_`, hyphens stay. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

interface Action {
  /** With their defaults. */
  readonly inputs: ReadonlyMap<string, string>
  readonly outputs: ReadonlySet<string>
  readonly stages: ReadonlyMap<Stage, string>
}

async function readAction(folder: string): Promise<Action> {
  const action: unknown = parse(await readFile(path.join(folder, 'action.yml'), 'utf8'))
  const inputs = valueAt(action, 'inputs')
  if (typeof inputs !== 'object' || inputs === null) throw new Error('action.yml declares no inputs')
  const declared = Object.entries(inputs).map(([name, input]): [string, string] => {
    return [name, String(valueAt(input, 'default') ?? '')]
  })
  const stages = (['pre', 'main', 'post'] as const).flatMap((stage): [Stage, string][] => {
    const script = valueAt(action, 'runs', stage)
    return typeof script === 'string' ? [[stage, script]] : []
  })
  const outputs = new Set(Object.keys(Object(valueAt(action, 'outputs'))))
  return { inputs: new Map(declared), outputs, stages: new Map(stages) }
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

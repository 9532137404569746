import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mergeCommand } from '../src/commands/merge.ts'
import { parseArguments } from '../src/commands/parse-arguments.ts'
import { planCommand } from '../src/commands/plan.ts'
import { rebuildCommand } from '../src/commands/rebuild.ts'
import { recheckCommand } from '../src/commands/recheck.ts'
import { recordCommand } from '../src/commands/record.ts'
import { verifyCommand } from '../src/commands/verify.ts'
import { errorsOfWorkflow } from './workflows/github-parser.ts'
import { type Job, parseWorkflow, type Step } from './workflows/model.ts'
import { commandLines } from './workflows/shell-words.ts'

const EXAMPLES = 'examples/github'
const OWN = '.github/workflows'
const COMMANDS = [mergeCommand, planCommand, rebuildCommand, recheckCommand, recordCommand, verifyCommand]
const OUR_ACTION = ['OWNER/debproof@COMMIT', './']

const action: { inputs: Record<string, unknown>; outputs: Record<string, unknown> } = parse(
  readFileSync('action.yml', 'utf8'),
)

const files = [EXAMPLES, OWN].flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))

describe.each(files)('the workflow %s', (file) => {
  const text = readFileSync(file, 'utf8')
  const workflow = parseWorkflow(text)
  const jobs: Job[] = Object.values(workflow.jobs)
  const steps: Step[] = jobs.flatMap((job) => job.steps)
  const ours = steps.filter(({ uses }) => OUR_ACTION.includes(uses ?? ''))

  test("is one that GitHub's parser takes", async () => {
    expect(await errorsOfWorkflow(file, text)).toEqual([])
  })

  test('gives no permission to all jobs, and says for each job which it has', () => {
    expect(workflow.permissions).toEqual({})
    for (const job of jobs) expect(job.permissions).toBeDefined()
  })

  test('ends every job in time', () => {
    for (const job of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('pins every action of others by its commit, with the version beside it', () => {
    for (const line of text.split('\n').filter((each) => /^\s*(?:- )?uses:/.test(each))) {
      expect(line).toMatch(/uses: (?:\.\/|OWNER\/debproof@COMMIT|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
    }
  })

  test('leaves the token of no checkout behind', () => {
    for (const { uses, with: inputs } of steps) {
      if (uses?.startsWith('actions/checkout@')) expect(inputs['persist-credentials']).toBe(false)
    }
  })

  test('gives scripts what they work with as variables, never as a part of their text', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${' + '{')
  })

  test('runs every script in a shell that stops at the first failure, also in a pipe', () => {
    expect(workflow.defaults).toEqual({ run: { shell: 'bash' } })
  })

  test('never runs two of itself for one thing at once', () => {
    expect(workflow.concurrency?.group).toMatch(/github\.workflow/)
  })

  test('gives secrets to the steps that use them alone', () => {
    for (const job of jobs) {
      expect(JSON.stringify([workflow.env, job.outputs, job.strategy, job.if])).not.toMatch(/secrets\.|github\.token/)
    }
  })

  test('gives the action inputs that it has, and reads outputs that it has', () => {
    for (const { with: inputs } of ours)
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)))
    const ids = ours.flatMap(({ id }) => id ?? [])
    const read = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)].filter(([, id = '']) => ids.includes(id))
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(read.map(([, , name]) => name)))
  })

  test('has the permissions that its use of the action needs', () => {
    for (const { permissions = {}, steps: own } of jobs) {
      for (const { uses, with: inputs } of own) {
        if (uses?.startsWith('actions/checkout@')) expect(permissions['contents']).toMatch(/^(?:read|write)$/)
        if (!OUR_ACTION.includes(uses ?? '')) continue
        const attests = inputs['attest'] === true
        expect([permissions['id-token'], permissions['attestations']]).toEqual(
          attests ? ['write', 'write'] : [undefined, undefined],
        )
        expect(permissions['pull-requests']).toBe(inputs['comment'] === true ? 'write' : undefined)
      }
    }
  })

  test('calls commands that exist, with options that they have', () => {
    for (const { run = '' } of steps) {
      const lines = commandLines(run)
      expect(lines.length).toBe(run.split('dist/cli.js').length - 1)
      for (const { command: name, words } of lines) {
        const command = COMMANDS.find((one) => one.name === name)
        if (command === undefined) throw new Error(`there is no command ${name}`)
        expect(() => parseArguments(command, words)).not.toThrow()
      }
    }
  })
})

describe('the examples', () => {
  test('begin with what they are for and what to change, in ten lines at most', () => {
    for (const file of readdirSync(EXAMPLES)) {
      const lines = readFileSync(path.join(EXAMPLES, file), 'utf8').split('\n')
      const header = lines
        .slice(
          0,
          lines.findIndex((line) => !line.startsWith('#')),
        )
        .join('\n')
      expect([file, header]).toEqual([file, expect.stringMatching(/change.*COMMIT/is)])
      expect(header.split('\n').length).toBeLessThanOrEqual(10)
    }
  })

  test('say in which environment each secret is', () => {
    for (const file of readdirSync(EXAMPLES).filter((name) => name !== 'pull-request.yml')) {
      const { jobs } = parseWorkflow(readFileSync(path.join(EXAMPLES, file), 'utf8'))
      for (const job of Object.values(jobs)) {
        if (JSON.stringify(job.steps).includes('secrets.')) expect(job.environment).toBeDefined()
      }
    }
  })

  test('give the two keys of past releases to one job each', () => {
    const { jobs } = parseWorkflow(readFileSync(path.join(EXAMPLES, 'past-releases.yml'), 'utf8'))
    const users = (secret: string): string[] =>
      Object.keys(jobs).filter((name) => JSON.stringify(jobs[name]).includes(secret))
    expect([users('DEBPROOF_PART_KEY'), users('DEBPROOF_REPORT_KEY')]).toEqual([['verify'], ['merge']])
  })

  test('pin the same version of each action, which our own workflows use too', () => {
    const pins = new Map<string, Set<string>>()
    for (const file of files) {
      for (const [, name = '', pin = ''] of readFileSync(file, 'utf8').matchAll(/uses: (actions\/\S+)@(.*)$/gm)) {
        pins.set(name, (pins.get(name) ?? new Set()).add(pin))
      }
    }
    expect([...pins.values()].map(({ size }) => size)).toEqual([...pins].map(() => 1))
  })
})

describe('the documents', () => {
  test('quote the workflow for past releases as it is', () => {
    const bare = (text: string): string[] => text.split('\n').map((line) => line.replace(/#.*/, '').trim())
    const [, section = ''] = readFileSync('docs/past-releases.md', 'utf8').split('### GitHub\n')
    const [, quoted = ''] = /```yaml\n(.*?)```/s.exec(section) ?? []
    const lines = bare(quoted).filter((line) => line !== '')
    expect(lines.length).toBeGreaterThan(10)
    expect(bare(readFileSync(path.join(EXAMPLES, 'past-releases.yml'), 'utf8'))).toEqual(expect.arrayContaining(lines))
  })

  test.each(['docs/github.md', 'docs/real-services.md'])('%s leads to files that exist', (file) => {
    const targets = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, target = '']) => target,
    )
    expect(targets.length).toBeGreaterThan(0)
    for (const target of targets) expect([target, existsSync(path.join('docs', target))]).toEqual([target, true])
  })

  test('docs/github.md names every workflow to copy', () => {
    const text = readFileSync('docs/github.md', 'utf8')
    for (const file of readdirSync(EXAMPLES)) expect(text).toContain(`(../${EXAMPLES}/${file})`)
  })
})

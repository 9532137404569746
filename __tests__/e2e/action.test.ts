import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { changeOnePackage, copyExample, EXAMPLE, exampleClock, startCommand } from './example.ts'
import { gpgVerify } from './gnupg.ts'
import { installNode } from './nodes.ts'
import { runAction, type WorkflowCommand } from './run-action.ts'
import { countsOf, PROJECT, readReport, run, scratchFolder, succeed } from './running.ts'

/** The action runs on any of these: what Debian 13 has, the release between, what GitHub's runner brings. */
const NODES = ['20.19.6', '22.23.3', '24.19.0']

describe('the action over the example release', () => {
  const scratch = scratchFolder()
  let at: string
  let signingKey: string

  beforeAll(async () => {
    at = await exampleClock()
    signingKey = await readFile(path.join(EXAMPLE, 'keys/report-signing-key.asc'), 'utf8')
  })

  it('passes, with the verdict, the counts and the path of the report as outputs and a job summary', async () => {
    const workspace = await copyExample(path.join(scratch, 'passing'))
    const result = await runAction(PROJECT, { workspace, inputs: { at, 'signing-key': signingKey } })
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'pass', report: 'debproof-report/report.json' },
    })
    const report = await readReport(path.join(workspace, 'debproof-report'))
    expect(JSON.parse(result.outputs['counts'] ?? '')).toEqual(report.predicate.counts)
    expect(countsOf(report)).toEqual({ total: 7, identical: 6, reproduced: 1 })
    expect(result.summary).toContain('PASS: 7 packages proven')
    expect(errors(result.commands)).toEqual([])
    await expectSignedByExample(path.join(workspace, 'debproof-report'))
  })

  it('masks the signing key in the log before anything else is written', async () => {
    const workspace = await copyExample(path.join(scratch, 'masking'))
    const { log } = await runAction(PROJECT, { workspace, inputs: { at, 'signing-key': signingKey } })
    const body = signingKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'))
    const first = log.split('\n').slice(0, signingKey.split('\n').length).join('\n')
    for (const line of body) expect(first).toContain(`::add-mask::${line}`)
    const rest = log.replaceAll(/^::add-mask::.*$/gm, '')
    for (const line of body) expect(rest).not.toContain(line)
  })

  describe('with a package that an administrator changed and signed anew', () => {
    const workspace = path.join(scratch, 'changed')

    beforeAll(async () => {
      await copyExample(workspace)
      await changeOnePackage(workspace, scratch, new Date(Date.parse(at) - 3_600_000))
    })

    it('fails, with the package as the one annotation, and says so in outputs and summary', async () => {
      const result = await runAction(PROJECT, { workspace, inputs: { at, unsigned: 'true' } })
      expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } })
      expect(JSON.parse(result.outputs['counts'] ?? '')).toMatchObject({
        total: 7,
        identical: 5,
        reproduced: 1,
        mismatch: 1,
      })
      const report = await readReport(path.join(workspace, path.dirname(result.outputs['report'] ?? '')))
      const changed = report.predicate.packages.find(({ verdict }) => verdict === 'mismatch')
      const [headline, annotation, ...others] = errors(result.commands)
      expect(headline?.message).toBe('FAIL: of 7 packages, 1 mismatch.')
      expect(annotation?.properties['title']).toContain('mismatch: postfix-sqlite')
      expect(annotation?.message).toBe(changed?.reason)
      expect(others).toEqual([])
      expect(result.summary).toContain('postfix-sqlite')
      expect(result.summary).toContain('FAIL: of 7 packages, 1 mismatch.')
    })

    it('writes no more errors than GitHub keeps, the headline and the gravest first, and counts the others', async () => {
      const list = path.join(workspace, 'example-1.0.packages')
      const own = await readFile(list, 'utf8')
      const aliens = Array.from({ length: 30 }, (_, index) => `alien-${index}\t1.0-1\n`)
      await writeFile(path.join(workspace, 'aliens.packages'), own + aliens.join(''))
      const inputs = { at, unsigned: 'true', packages: 'aliens.packages' }
      const result = await runAction(PROJECT, { workspace, inputs })
      expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } })
      const annotations = errors(result.commands)
      const titled = annotations.filter(({ properties }) => properties['title'] !== undefined)
      const warnings = result.commands.filter(({ command }) => command === 'warning')
      const counting = warnings.flatMap(({ message }) => /^(\d+) more packages/.exec(message)?.[1] ?? [])
      expect(titled[0]?.properties['title']).toContain('mismatch: postfix-sqlite')
      expect(annotations).toHaveLength(10)
      expect(titled.length + Number(counting[0])).toBe(31)
      expect(annotations[0]?.message).toBe('FAIL: of 37 packages, 1 mismatch, 30 unlisted.')
    })
  })

  it('fails without a signing key in a sentence that says what to do, and leaves no report', async () => {
    const workspace = await copyExample(path.join(scratch, 'keyless'))
    const result = await runAction(PROJECT, { workspace, inputs: { at } })
    expect(result.exitCode).toBe(1)
    expect(errors(result.commands)).toMatchObject([{ message: expect.stringMatching(/no key to sign.*unsigned/i) }])
    expect(result.log).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
    expect(existsSync(path.join(workspace, 'debproof-report/report.json'))).toBe(false)
  })

  it('leaves no report of an earlier run where an input is wrong', async () => {
    const workspace = await copyExample(path.join(scratch, 'mistaken'))
    const earlier = ['report.json', 'verdict.env'].map((name) => path.join(workspace, 'debproof-report', name))
    await runAction(PROJECT, { workspace, inputs: { at, 'signing-key': signingKey } })
    expect(earlier.map((file) => existsSync(file))).toEqual([true, true])
    const result = await runAction(PROJECT, { workspace, inputs: { at: 'yesterday', 'signing-key': signingKey } })
    expect(result.exitCode).toBe(1)
    expect(earlier.map((file) => existsSync(file))).toEqual([false, false])
  })

  describe.each(NODES)('on Node %s', (version) => {
    let node: string

    beforeAll(async () => {
      node = await installNode(version)
      expect(await succeed(node, ['--version'])).toBe(`v${version}\n`)
    })

    it('passes as an action', async () => {
      const workspace = await copyExample(path.join(scratch, `action-${version}`))
      const result = await runAction(PROJECT, { workspace, node, inputs: { at, 'signing-key': signingKey } })
      expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } })
      await expectSignedByExample(path.join(workspace, 'debproof-report'))
    })

    it('passes as `npm start` runs it', async () => {
      const [program, ...args] = (await startCommand()).split(' ')
      expect(program).toBe('node')
      const output = path.join(scratch, `start-${version}`)
      const { code, stdout } = await run(node, [...args, '--output', output], { cwd: PROJECT })
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS: 7 packages proven') })
      await expectSignedByExample(output)
    })
  })

  async function expectSignedByExample(folder: string): Promise<void> {
    const certificate = path.join(EXAMPLE, 'keys/report.asc')
    const [signature, report] = ['report.json.asc', 'report.json'].map((name) => path.join(folder, name))
    const { code, stdout } = await gpgVerify(scratch, certificate, signature ?? '', report ?? '')
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('[GNUPG:] VALIDSIG ') })
  }
})

/** The errors that GitHub would annotate the run with. */
function errors(commands: readonly WorkflowCommand[]): WorkflowCommand[] {
  return commands.filter(({ command }) => command === 'error')
}

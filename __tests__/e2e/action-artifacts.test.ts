import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ResultsOptions, type ResultsService, startResultsService } from '../making/results-service.ts'
import { addLargePackage, copyExample, EXAMPLE, exampleClock } from './example.ts'
import { gpgVerify } from './gnupg.ts'
import { installNode } from './nodes.ts'
import { type ActionOptions, type ActionResult, runAction } from './run-action.ts'
import { debproof, PROJECT, readReport, run, scratchFolder, succeed, whenOver } from './running.ts'

/** What the runner says of a job that may use no service. */
const NOTICE = expect.objectContaining({ command: 'notice' })

describe('the artifacts of the action', () => {
  const scratch = scratchFolder()
  let signingKey: string
  let at: string

  beforeAll(async () => {
    at = await exampleClock()
    signingKey = await readFile(path.join(EXAMPLE, 'keys/report-signing-key.asc'), 'utf8')
  })

  async function service(options?: ResultsOptions): Promise<ResultsService> {
    const started = await startResultsService(options)
    whenOver(() => started.close())
    return started
  }

  async function workspace(name: string): Promise<string> {
    return await copyExample(path.join(scratch, name))
  }

  async function act(
    folder: string,
    { env }: Pick<ResultsService, 'env'>,
    inputs: Record<string, string> = {},
    more: Partial<ActionOptions> = {},
  ): Promise<ActionResult> {
    return await runAction(PROJECT, {
      workspace: folder,
      inputs: { at, 'signing-key': signingKey, 'cache-service': 'false', ...inputs },
      ...more,
      env: { ...env, ...more.env },
    })
  }

  /** Unpacks an artifact as a person would who downloads it. */
  async function unpacked({ artifacts }: ResultsService, name: string): Promise<string> {
    const content = artifacts.get(name)?.content
    if (content === undefined) throw new Error(`there is no artifact ${name}: ${[...artifacts.keys()].join()}`)
    const folder = path.join(scratch, `unpacked-${randomBytes(4).toString('hex')}`)
    await mkdir(folder)
    await writeFile(`${folder}.zip`, content)
    await succeed('python3', ['-m', 'zipfile', '-e', `${folder}.zip`, folder])
    return folder
  }

  it.each(['20.19.6', '24.19.0'])(
    'are the report with its evidence, which anybody can check, on Node %s',
    async (version) => {
      const results = await service()
      const folder = await workspace(`whole-${version}`)
      const node = await installNode(version)
      const { exitCode, outputs, log } = await act(folder, results, {}, { node })
      expect({ exitCode, log }).toMatchObject({ exitCode: 0 })
      expect(outputs).toMatchObject({
        'artifact-id': '1',
        'artifact-url': 'https://github.com/octo-org/octo-repo/actions/runs/1/artifacts/1',
        'signed-by': expect.stringMatching(/^[0-9A-F]{40}$/),
      })
      const artifact = await unpacked(results, 'debproof-report')
      expect((await readdir(artifact)).sort()).toEqual([
        'evidence',
        'junit.xml',
        'recheck.sh',
        'report.json',
        'report.json.asc',
        'summary.md',
        'verdict.env',
      ])
      const { code, stdout } = await debproof([
        'recheck',
        artifact,
        '--signed-by',
        path.join(EXAMPLE, 'keys/report.asc'),
      ])
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^AGREED: all 7 verdicts/) })
    },
  )

  it('may be two, of which the second is the evidence, and fit together again', async () => {
    const results = await service()
    const inputs = { artifact: 'report of 1.0', 'evidence-artifact': 'evidence of 1.0', 'artifact-retention-days': '7' }
    const { outputs } = await act(await workspace('two'), results, inputs)
    expect(outputs).toMatchObject({ 'artifact-id': '1', 'evidence-artifact-id': '2' })
    const report = await unpacked(results, 'report of 1.0')
    expect(existsSync(path.join(report, 'evidence'))).toBe(false)
    await cp(await unpacked(results, 'evidence of 1.0'), report, { recursive: true })
    const { code } = await debproof(['recheck', report, '--signed-by', path.join(EXAMPLE, 'keys/report.asc')])
    expect(code).toBe(0)
    const created = results.requests.filter(({ path: name }) => name.endsWith('/CreateArtifact'))
    for (const { body } of created) expect(body).toContain('expires_at')
  })

  it('are there also when the verdict is fail, and hold nothing but what debproof wrote', async () => {
    const results = await service()
    const folder = await workspace('failing')
    await appendFile(path.join(folder, 'example-1.0.packages'), 'alien\t1.0-1\n')
    await mkdir(path.join(folder, '.git'))
    await writeFile(path.join(folder, '.git/config'), 'a token of the checkout')
    const { exitCode, outputs } = await act(folder, results, { output: '.' })
    expect(exitCode).toBe(1)
    expect(outputs).toMatchObject({ verdict: 'fail', 'artifact-id': '1' })
    const artifact = await unpacked(results, 'debproof-report')
    expect(await readdir(artifact)).not.toContain('.git')
    expect((await readReport(artifact)).predicate.verdict).toBe('fail')
    const [signature, report] = ['report.json.asc', 'report.json'].map((name) => path.join(artifact, name))
    const { code } = await gpgVerify(scratch, path.join(EXAMPLE, 'keys/report.asc'), signature ?? '', report ?? '')
    expect(code).toBe(0)
  })

  it.each([
    [503, 'CreateArtifact'],
    [429, 'FinalizeArtifact'],
  ])('survive a service that answers %i once to %s', async (status, call) => {
    const results = await service()
    results.failNext(call, status)
    const { exitCode, outputs } = await act(await workspace(`busy-${status}`), results)
    expect(exitCode).toBe(0)
    expect(outputs['artifact-id']).toBe('1')
  })

  it('that a full quota refuses fail the step in words, and leave verdict and report', async () => {
    const results = await service({ quota: 1000 })
    const folder = await workspace('quota')
    const { exitCode, outputs, commands } = await act(folder, results)
    expect(exitCode).toBe(1)
    expect(outputs['verdict']).toBe('pass')
    expect(commands.filter(({ command }) => command === 'error').map(({ message }) => message)).toEqual([
      expect.stringMatching(/The artifact debproof-report could not be uploaded .*Remove old artifacts/s),
    ])
    expect((await readReport(path.join(folder, 'debproof-report'))).predicate.verdict).toBe('pass')
  })

  it('of one name twice fail the step, and say what to name', async () => {
    const results = await service()
    await act(await workspace('first'), results)
    const { exitCode, commands } = await act(await workspace('second'), results)
    expect(exitCode).toBe(1)
    expect(commands).toContainEqual(
      expect.objectContaining({ command: 'error', message: expect.stringContaining('needs a name of its own') }),
    )
  })

  it.each([
    ['GitHub Enterprise Server', { GITHUB_SERVER_URL: 'https://github.example.org' }],
    ['a runner without the service', { ACTIONS_RUNTIME_TOKEN: '' }],
  ])('are not uploaded on %s, which one notice says, and the verdict stands', async (name, env) => {
    const results = await service()
    const { exitCode, outputs, commands } = await act(await workspace(name), results, {}, { env })
    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 0, verdict: 'pass' })
    expect(commands.filter(({ command }) => /^(?:notice|warning|error)$/.test(command))).toEqual([NOTICE])
    expect(results.artifacts.size).toBe(0)
  })

  it('are not uploaded where the input says none', async () => {
    const results = await service()
    const { exitCode, commands } = await act(await workspace('none'), results, { artifact: 'none' })
    expect(exitCode).toBe(0)
    expect(commands).not.toContainEqual(NOTICE)
    expect(results.requests).toEqual([])
  })

  it('hold no secret of the job, nor do the outputs, the summary and the log, whatever the policy names', async () => {
    const results = await service()
    const folder = await workspace('canary')
    // An upstream whose release file is a link to where the kernel tells the environment of a process.
    const policy = path.join(folder, 'debproof.yml')
    const text = await readFile(policy, 'utf8')
    const evil = '      - url: file:evil/\n        signed-by: debian\n'
    await writeFile(policy, text.replace('    upstream:\n', `    upstream:\n${evil}`))
    await mkdir(path.join(folder, 'evil/dists/trixie-security'), { recursive: true })
    await symlink('/proc/self/environ', path.join(folder, 'evil/dists/trixie-security/InRelease'))
    const canaries = [
      'canary-passphrase-4711',
      'ghs_canary0815',
      ...signingKey.split('\n').filter((line) => line.length > 20),
    ]
    const inputs = { 'signing-passphrase': canaries[0] ?? '', 'github-token': canaries[1] ?? '' }
    const { log, summary, outputs, post } = await act(folder, results, inputs, { env: { RUNNER_DEBUG: '1' } })
    const told = [log, summary, JSON.stringify(outputs), post?.log ?? '']
      .join('\n')
      .replaceAll(/^::add-mask::.*$/gm, '')
    expect(outputs['verdict']).toBe('pass')
    const artifact = await unpacked(results, 'debproof-report')
    const own = canaries.filter((line) => !line.startsWith('-----'))
    expect(own.length).toBeGreaterThan(4)
    for (const canary of own) {
      expect(told).not.toContain(canary)
      for (const place of [artifact, path.join(folder, 'debproof-report')]) {
        expect(await run('grep', ['-rlF', '--', canary, place])).toMatchObject({ code: 1, stdout: '' })
      }
    }
  })

  it.each([20, 140])('take %i MB', async (megabytes) => {
    const results = await service()
    const folder = await workspace(`large-${megabytes}`)
    await addLargePackage(folder, scratch, new Date(Date.parse(at) - 3_600_000), megabytes * 1e6)
    await appendFile(path.join(folder, 'example-1.0.packages'), 'large\t1.0-1\n')
    const inputs = { deep: 'true', evidence: 'all', 'artifact-compression': '0' }
    const { exitCode, outputs } = await act(folder, results, inputs)
    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 1, verdict: 'fail' })
    expect(results.artifacts.get('debproof-report')?.content.length).toBeGreaterThan(megabytes * 1e6)
    const artifact = await unpacked(results, 'debproof-report')
    const { code, stdout } = await debproof(['recheck', artifact, '--signed-by', path.join(EXAMPLE, 'keys/report.asc')])
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringMatching(/^AGREED: all 8 verdicts/) })
  })
})

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ResultsService, startResultsService } from '../making/results-service.ts'
import { EXAMPLE } from './example.ts'
import { Gnupg } from './gnupg.ts'
import { countsOf, debproof, PROJECT, type Report, readReport, scratchFolder, whenOver } from './running.ts'
import { unpackArtifact } from './workflow/artifacts.ts'
import { serveComments } from './workflow/comments-api.ts'
import { exampleRepository, pastRepository, recordingRepository, showOlderState } from './workflow/example-project.ts'
import { runWorkflow, type WorkflowResult } from './workflow/run-workflow.ts'
import { type Event, gitIn, makeProgram, type World } from './workflow/world.ts'

const CERTIFICATE = path.join(EXAMPLE, 'keys/report.asc')
const scratch = scratchFolder()
let signingKey: string
let honest: string
let tampered: string

beforeAll(async () => {
  signingKey = await readFile(path.join(EXAMPLE, 'keys/report-signing-key.asc'), 'utf8')
  honest = await exampleRepository(scratch, 'honest')
  tampered = await exampleRepository(scratch, 'tampered', { tampered: true })
})

function example(name: string): string {
  return path.join(PROJECT, 'examples/github', `${name}.yml`)
}

async function world(repository: string, event: Event, more: Partial<World> = {}): Promise<World> {
  const service = await startResultsService()
  whenOver(() => service.close())
  return { scratch, repository, event, secrets: {}, environments: {}, service, ...more }
}

/** The report in an artifact, which must be whole: every verdict follows from its evidence. */
async function checkedReport(service: ResultsService, name: string, certificate = CERTIFICATE): Promise<Report> {
  const folder = await unpackArtifact(service, name, scratch)
  const { stdout, stderr } = await debproof(['recheck', folder, '--signed-by', certificate])
  expect(stdout, stderr).toMatch(/^AGREED: all /)
  return await readReport(folder)
}

/** No line of a secret key may be in what a workflow printed, but where it is masked. */
function expectSecret(key: string, { log }: WorkflowResult): void {
  const printed = log.replaceAll(/^::add-mask::.*$/gm, '')
  for (const line of key.split('\n').filter((each) => each.length > 20 && !each.startsWith('-----'))) {
    expect(printed).not.toContain(line)
  }
}

describe('the example for pull requests', () => {
  const pull: Event = {
    name: 'pull_request',
    ref: 'refs/pull/7/merge',
    payload: { action: 'opened', pull_request: { number: 7 } },
  }

  it('passes with a signed report and one comment, which a second run updates', async () => {
    const api = await serveComments()
    const secrets = { DEBPROOF_PULL_REQUEST_KEY: signingKey }
    const around = await world(honest, pull, { secrets, graphql: api.url })
    const result = await runWorkflow(example('pull-request'), around)
    expect(result.conclusion, result.log).toBe('success')
    expect(countsOf(await checkedReport(around.service, 'debproof-report'))).toMatchObject({ total: 7 })
    expect(api.comments).toEqual([expect.stringContaining('PASS: 7 packages proven')])
    expectSecret(signingKey, result)
    await runWorkflow(example('pull-request'), await world(honest, pull, { secrets, graphql: api.url }))
    expect(api.comments).toHaveLength(1)
  })

  it('passes for a fork, without secrets: the report is unsigned and says so, and nothing is written', async () => {
    const api = await serveComments()
    const secrets = { DEBPROOF_PULL_REQUEST_KEY: signingKey }
    const around = await world(honest, { ...pull, fromFork: true }, { secrets, graphql: api.url })
    const result = await runWorkflow(example('pull-request'), around)
    expect(result.conclusion, result.log).toBe('success')
    const folder = await unpackArtifact(around.service, 'debproof-report', scratch)
    expect((await readReport(folder)).predicate.verdict).toBe('pass')
    expect((await debproof(['recheck', folder, '--signed-by', CERTIFICATE])).code).toBe(1)
    expect(
      result
        .of('verify')[0]
        ?.steps.map(({ summary }) => summary)
        .join(''),
    ).toMatch(/unsigned/i)
    expect(api.comments).toEqual([])
    expect(result.log).toMatch(/::notice.*pull-requests: write/)
  })

  it('fails for a tampered package, and uploads the report all the same', async () => {
    const api = await serveComments()
    const around = await world(tampered, pull, { graphql: api.url })
    const result = await runWorkflow(example('pull-request'), around)
    expect(result.conclusion).toBe('failure')
    const report = await readReport(await unpackArtifact(around.service, 'debproof-report', scratch))
    expect(countsOf(report)).toMatchObject({ mismatch: 1 })
    expect(api.comments).toEqual([expect.stringContaining('postfix-sqlite')])
  })
})

describe('the example for releases', () => {
  const programs = path.join(scratch, 'programs')
  const calls = path.join(scratch, 'gh-calls')

  beforeAll(async () => {
    await makeProgram(programs, 'gh', `#!/bin/sh\nprintf '%s\\n' "$GH_TOKEN" "$@" >> ${calls}\n`)
    for (const repository of [honest, tampered]) await gitIn(repository, scratch)('tag', '1.0')
  })

  function environments(): World['environments'] {
    return { release: { DEBPROOF_SIGNING_KEY: signingKey } }
  }

  /** What `gh` was called with. */
  async function released(): Promise<string[]> {
    const text = await readFile(calls, 'utf8').catch(() => '')
    await writeFile(calls, '')
    return text.split('\n')
  }

  it.each([
    { name: 'push', ref: 'refs/tags/1.0' },
    { name: 'workflow_dispatch', ref: 'refs/heads/main', inputs: { release: '1.0' } },
  ] satisfies Event[])('publishes what passes, by $name', async (event) => {
    // Sigstore and GitHub attest for nobody else: what they do is tried with the real ones alone.
    const around = await world(honest, event, {
      environments: environments(),
      programs,
      overridden: { attest: 'false' },
    })
    const result = await runWorkflow(example('release'), around)
    expect(result.conclusion, result.log).toBe('success')
    const report = await checkedReport(around.service, 'debproof-report')
    expect(report.subject.map(({ name }) => name)).toEqual(['example.iso'])
    expect(result.of('verify')[0]?.outputs).toEqual({ verdict: 'pass' })
    const call = await released()
    expect(call).toEqual(expect.arrayContaining(['release', 'create', '1.0', '--verify-tag', 'build/example.iso']))
    expect(call).toContain('debproof-report.tar.gz')
    expectSecret(signingKey, result)
  })

  it('publishes nothing where a package was changed, attests nothing, and uploads the report', async () => {
    const around = await world(
      tampered,
      { name: 'push', ref: 'refs/tags/1.0' },
      { environments: environments(), programs },
    )
    const result = await runWorkflow(example('release'), around)
    expect(result.jobs.map(({ id, result: end }) => [id, end])).toEqual([
      ['build', 'success'],
      ['verify', 'failure'],
      ['publish', 'skipped'],
    ])
    expect(result.of('verify')[0]?.outputs).toEqual({ verdict: 'fail' })
    expect(countsOf(await checkedReport(around.service, 'debproof-report'))).toMatchObject({ mismatch: 1 })
    expect(result.log).toContain('Nothing was attested: the verdict is fail.')
    expect(await released()).toEqual([''])
  })

  it('does not start a run without a key of the environment', async () => {
    const around = await world(honest, { name: 'push', ref: 'refs/tags/1.0' }, { overridden: { attest: 'false' } })
    const result = await runWorkflow(example('release'), around)
    expect([result.conclusion, result.of('publish')[0]?.result]).toEqual(['failure', 'skipped'])
    expect(result.log).toMatch(/no key to sign/)
  })
})

describe('the example for past releases', () => {
  it('verifies two releases in parts with one key, and joins them with another', async () => {
    const gnupg = new Gnupg(scratch, 'parts')
    const key = await gnupg.makeKey('Parts <parts@project.example>')
    const [secret, certificate] = ['parts-secret.asc', 'parts.asc'].map((name) => path.join(scratch, name))
    if (secret === undefined || certificate === undefined) throw new Error('there are two')
    await gnupg.exportSecret(key, secret)
    await gnupg.exportPublic(key, certificate)
    const environments = {
      'debproof-parts': { DEBPROOF_PART_KEY: await readFile(secret, 'utf8') },
      'debproof-report': { DEBPROOF_REPORT_KEY: signingKey },
    }
    const repository = await pastRepository(scratch, certificate)
    const event: Event = { name: 'workflow_dispatch', ref: 'refs/heads/main', inputs: { shards: '2' } }
    const around = await world(repository, event, { environments })
    const result = await runWorkflow(example('past-releases'), around)
    expect(result.of('plan')[0]?.result, result.log).toBe('success')
    expect(result.of('verify').map(({ matrix }) => [matrix['release'], matrix['part']])).toEqual([
      ['1.0', '1-of-2'],
      ['1.0', '2-of-2'],
      ['2.0', '1-of-2'],
      ['2.0', '2-of-2'],
    ])
    const { service } = around
    expect([...service.artifacts.keys()].filter((name) => name.startsWith('debproof='))).toHaveLength(4)
    for (const [name, { expiresAt = '' }] of service.artifacts) {
      if (name.startsWith('debproof=')) expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(8 * 86_400_000)
    }
    expect(
      result.of('merge').map(({ matrix, result: end }) => [matrix['release'], end]),
      result.log,
    ).toEqual([
      ['1.0', 'success'],
      ['2.0', 'failure'],
    ])
    expect(countsOf(await checkedReport(service, 'report=1.0'))).toEqual({ total: 7, identical: 6, reproduced: 1 })
    expect(countsOf(await checkedReport(service, 'report=2.0'))).toMatchObject({ total: 7, mismatch: 1 })
    expectSecret(environments['debproof-parts'].DEBPROOF_PART_KEY, result)
    expectSecret(signingKey, result)
  })
})

describe('the example that records', () => {
  it('keeps what the upstreams have in git, and adds next to nothing where nothing changed', async () => {
    const repository = await recordingRepository(scratch, 'evidence')
    const git = gitIn(repository, scratch)
    const sizes: number[] = []
    for (const event of [
      { name: 'schedule', ref: 'refs/heads/main' },
      { name: 'workflow_dispatch', ref: 'refs/heads/main' },
    ] satisfies Event[]) {
      const before = (await git('ls-tree', '-r', '--name-only', 'main')).split('\n').length
      const result = await runWorkflow(example('record'), await world(repository, event))
      expect(result.conclusion, result.log).toBe('success')
      const names = (await git('ls-tree', '-r', '--name-only', 'main')).split('\n')
      sizes.push(names.length - before)
      expect(names.filter((name) => name.startsWith('.debproof'))).toEqual([])
    }
    expect(sizes[0]).toBeGreaterThan(2)
    expect(sizes[1]).toBe(1)
    const clone = path.join(scratch, 'evidence-clone')
    await git('clone', '--quiet', repository, clone)
    const [store, keyring] = ['evidence', 'upstream.gpg'].map((name) => path.join(clone, name))
    const checked = await debproof(['record', '--store', store ?? '', '--verify', '--signed-by', keyring ?? ''])
    expect(checked.stdout).toMatch(/^SOUND: /)
  })

  it('keeps what contradicts what was seen before too, and fails', async () => {
    const repository = await recordingRepository(scratch, 'contradiction')
    const git = gitIn(repository, scratch)
    const event: Event = { name: 'schedule', ref: 'refs/heads/main' }
    await runWorkflow(example('record'), await world(repository, event))
    await showOlderState(scratch, repository)
    const result = await runWorkflow(example('record'), await world(repository, event))
    expect(result.conclusion, result.log).toBe('failure')
    expect((await git('log', '--format=%s', 'main')).split('\n').slice(0, 3)).toEqual([
      'Recorded',
      'An older state',
      'Recorded',
    ])
  })
})

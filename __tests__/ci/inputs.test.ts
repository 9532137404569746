import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ActionInputs, dropSecrets, inWordsOfTheAction, loadInputs } from '../../src/ci/inputs.ts'
import { overhear } from '../../src/ci/overhear.ts'

const declared: Record<string, { default: string }> = parse(readFileSync('action.yml', 'utf8')).inputs
const KEY =
  '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxVgEaSexoxYJKwYBBAHaRw8BAQdA\nshort\n-----END PGP PRIVATE KEY BLOCK-----\n'

let before: NodeJS.ProcessEnv

beforeEach(() => {
  before = { ...process.env }
})

afterEach(() => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, before)
})

/** Reads inputs as the runner gives them: every one that is declared, with its default. */
async function load(
  given: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly inputs: ActionInputs; readonly log: string }> {
  for (const [name, { default: preset }] of Object.entries(declared)) {
    process.env[`INPUT_${name.toUpperCase()}`] = given[name] ?? preset
  }
  Object.assign(process.env, { GITHUB_ACTIONS: 'true', ...environment })
  const { result, text } = await overhear(async () => loadInputs(process.env))
  return { inputs: result, log: text }
}

describe('the inputs of the action', () => {
  it('are those of action.yml where nothing is given', async () => {
    const { inputs } = await load()
    expect(inputs).toMatchObject({
      run: {
        policy: 'debproof.yml',
        packages: [],
        images: [],
        output: 'debproof-report',
        system: false,
        evidence: 'needed',
      },
      artifact: { name: 'debproof-report', compression: 6 },
      cacheService: true,
      attest: false,
      comment: false,
    })
    expect(inputs.run.unsigned).toBeUndefined()
    expect(inputs.evidenceArtifact).toBeUndefined()
  })

  it('are read one and all, and no other is', async () => {
    const asked = new Set<string>()
    const { env } = process
    process.env = new Proxy(env, {
      get: (target, name) => {
        if (typeof name === 'string' && name.startsWith('INPUT_')) asked.add(name.slice('INPUT_'.length).toLowerCase())
        return Reflect.get(target, name)
      },
    })
    try {
      await load({ system: 'true' })
    } finally {
      process.env = env
    }
    expect([...asked].sort()).toEqual(Object.keys(declared).sort())
  })

  it('make a part of a plan of two of them', async () => {
    const { inputs } = await load({ shard: '2/4', 'plan-id': '77-1' })
    expect(inputs.run.shard).toEqual({ index: 2, of: 4, plan: '77-1' })
  })

  it('take lists by lines, and tell a format from a path', async () => {
    const { inputs } = await load({ packages: 'a.packages:auto\n  b c.txt\n', image: 'x.iso\ny.iso' })
    expect(inputs.run.packages).toEqual([
      { path: 'a.packages', format: 'auto' },
      { path: 'b c.txt', format: 'auto' },
    ])
    expect(inputs.run.images).toEqual(['x.iso', 'y.iso'])
  })

  it('read a system with the defaults of policy and root, which were not given', async () => {
    expect((await load({ system: 'true' })).inputs.run).toMatchObject({ system: true, root: '/' })
    await expect(load({ system: 'true', policy: 'mine.yml' })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it.each([
    ['true', 'push', 'requested'],
    ['false', 'pull_request', undefined],
    ['allow-in-pull-requests', 'pull_request', 'pull-request'],
    ['allow-in-pull-requests', 'push', undefined],
    ['allow-in-pull-requests', 'workflow_dispatch', undefined],
    // It has the secrets of the project: a missing key is a mistake there.
    ['allow-in-pull-requests', 'pull_request_target', undefined],
  ])('unsigned: %s at a %s means %s', async (unsigned, event, expected) => {
    const { inputs } = await load({ unsigned }, { GITHUB_EVENT_NAME: event })
    expect(inputs.run.unsigned).toBe(expected)
  })

  it('mask secrets line by line, and take them out of the environment', async () => {
    const secrets = { 'signing-key': KEY, 'signing-passphrase': 'sesame', 'github-token': 'ghs_x' }
    const { inputs, log } = await load(secrets)
    expect(log.split('\n').filter((line) => line.startsWith('::add-mask::'))).toEqual([
      '::add-mask::-----BEGIN PGP PRIVATE KEY BLOCK-----',
      '::add-mask::xVgEaSexoxYJKwYBBAHaRw8BAQdA',
      '::add-mask::-----END PGP PRIVATE KEY BLOCK-----',
      '::add-mask::sesame',
      '::add-mask::ghs_x',
    ])
    expect(inputs.run.signing).toEqual({ armored: KEY.trim(), source: 'the input signing-key', passphrase: 'sesame' })
    const left = JSON.stringify(process.env)
    for (const secret of ['xVgEaSexoxYJKwYBBAHaRw8BAQdA', 'sesame', 'ghs_x']) expect(left).not.toContain(secret)
  })

  it('drop the secrets of a stage that needs none', async () => {
    process.env['INPUT_SIGNING-KEY'] = KEY
    await overhear(async () => dropSecrets(process.env))
    expect(process.env['INPUT_SIGNING-KEY']).toBeUndefined()
  })

  it('take no artifact by `none` or by nothing', async () => {
    for (const artifact of ['none', '']) expect((await load({ artifact })).inputs.artifact).toBeUndefined()
    const { inputs } = await load({
      'evidence-artifact': 'e',
      'artifact-retention-days': '7',
      'artifact-compression': '0',
    })
    expect(inputs.evidenceArtifact).toEqual({ name: 'e', retentionDays: 7, compression: 0 })
  })

  it.each([
    [{ artifact: 'a/b' }, /artifact is "a\/b".*has no/],
    [{ artifact: 'x'.repeat(257) }, /at most 256/],
    [{ artifact: 'same', 'evidence-artifact': 'same' }, /must name two/],
    [{ artifact: 'none', 'evidence-artifact': 'e' }, /artifact names none/],
    [{ evidence: 'none', 'evidence-artifact': 'e' }, /evidence keeps none/],
    [{ 'artifact-retention-days': '0' }, /takes 1 to 400/],
    [{ 'artifact-retention-days': '-1' }, /takes 1 to 400/],
    [{ 'artifact-compression': '10' }, /takes 0 to 9/],
    [{ unsigned: 'yes' }, /unsigned is "yes": it takes true, false and allow-in-pull-requests/],
    [{ attest: 'allow-in-pull-requests' }, /attest is .*: it takes true and false/],
    [{ deep: '1' }, /deep is "1"/],
    [{ shard: '0/2', 'plan-id': 'x' }, /no part/],
    [
      { shard: '1/2' },
      /--shard needs --plan-id, .* `debproof plan`, .*GITHUB_RUN_ID-\$GITHUB_RUN_ATTEMPT or \$CI_PIPELINE_ID/,
    ],
    [{ shard: '1/2', 'plan-id': 'a b' }, /--plan-id "a b" is no name of a plan/],
    [{ 'plan-id': 'x' }, /--plan-id is for a part; say which with --shard, or leave it out/],
    [{ evidence: 'some' }, /say none, needed or all/],
    [{ at: 'now' }, /RFC 3339/],
  ])('%j is refused in a sentence', async (given, message) => {
    await expect(load(given)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
  })
})

describe('an error of a run', () => {
  it.each([
    ['--system reads no policy; leave out --policy.', 'the input system reads no policy; leave out the input policy.'],
    ['give it with --release', 'give it with the input release'],
    ['give its passphrase in DEBPROOF_SIGNING_PASSPHRASE', 'give its passphrase in the input signing-passphrase'],
    ['`debproof recheck --signed-by`', '`debproof recheck --signed-by`'],
  ])('%j is told of inputs', (message, told) => {
    expect(inWordsOfTheAction(message)).toBe(told)
  })
})

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { startResultsService } from '../making/results-service.ts'
import { type Canary, type CanaryKind, filesWith, foundIn, makeCanary, PASSPHRASE, TOKEN } from './canary.ts'
import { changeOnePackage, copyExample, exampleClock } from './example.ts'
import { runAction } from './run-action.ts'
import { cleanEnvironment, debproof, type Finished, PROJECT, scratchFolder, whenOver } from './running.ts'

/** A key, a passphrase and a token, searched for byte by byte in all that a run leaves behind, and in what it prints. */
describe('a secret of the job', () => {
  const scratch = scratchFolder()
  const keys = path.join(scratch, 'keys')
  const example = path.join(scratch, 'example')
  const changed = path.join(scratch, 'changed')
  const canaries = new Map<CanaryKind, Canary>()
  let at: string

  beforeAll(async () => {
    at = await exampleClock()
    await mkdir(keys)
    await copyExample(example)
    await copyExample(changed)
    await changeOnePackage(changed, scratch, new Date(at))
    for (const kind of ['ed25519', 'rsa', 'locked'] as const) canaries.set(kind, await makeCanary(keys, kind))
  })

  function canary(kind: CanaryKind): Canary {
    const found = canaries.get(kind)
    if (found === undefined) throw new Error(`there is no ${kind} key`)
    return found
  }

  /** A machine of its own for one run: all that is written is below it. */
  async function machine(from: string): Promise<{ folder: string; work: string; env: Record<string, string> }> {
    const folder = path.join(scratch, 'machine')
    await rm(folder, { recursive: true, force: true })
    const work = path.join(folder, 'work')
    await cp(from, work, { recursive: true })
    for (const name of ['home', 'tmp', 'cache']) await mkdir(path.join(folder, name))
    const at = (name: string): string => path.join(folder, name)
    return { folder, work, env: { HOME: at('home'), TMPDIR: at('tmp'), XDG_CACHE_HOME: at('cache') } }
  }

  async function runIn(
    from: string,
    words: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<Finished & { readonly folder: string }> {
    const { folder, work, env } = await machine(from)
    const all = { ...cleanEnvironment(), ...env, DEBPROOF_COMMENT_TOKEN: TOKEN, ...environment }
    return { folder, ...(await debproof(words, { cwd: work, env: all })) }
  }

  const verify = (...more: readonly string[]): string[] => ['verify', '--verbose', '--at', at, ...more]
  /** To its reader the lines before the blank one are headers, of which it does not know any. */
  const blankLineMoved = (armored: string): string => armored.replace(/\r?\n\r?\n/, '\n').replace(/(?=^=)/m, '\n')
  const unlock = { DEBPROOF_SIGNING_PASSPHRASE: PASSPHRASE }

  it('is found where it is, in each of its forms', async () => {
    for (const kind of ['ed25519', 'rsa', 'locked'] as const) {
      expect(await filesWith(canary(kind), keys)).toContain(canary(kind).file)
    }
    for (const text of [PASSPHRASE, Buffer.from(`x${TOKEN}y`).toString('base64'), Buffer.from(TOKEN).toString('hex')]) {
      expect(foundIn(text, canary('rsa'))).toBeDefined()
    }
    expect(await filesWith(canary('rsa'), example, changed)).toEqual([])
  })

  it.each<[string, CanaryKind, number, () => [string, string[], Record<string, string>]]>([
    ['a file', 'ed25519', 0, () => [example, verify('--signing-key', canary('ed25519').file), {}]],
    ['a file of RSA', 'rsa', 0, () => [example, verify('--signing-key', canary('rsa').file), {}]],
    ['a locked file', 'locked', 0, () => [example, verify('--signing-key', canary('locked').file), unlock]],
    ['a text', 'rsa', 0, () => [example, verify(), { DEBPROOF_SIGNING_KEY: canary('rsa').armored }]],
    ['a name', 'rsa', 0, () => [example, verify('--json'), { DEBPROOF_SIGNING_KEY: canary('rsa').file }]],
    ['a file, of a release that fails', 'rsa', 1, () => [changed, verify('--signing-key', canary('rsa').file), {}]],
    [
      'a file, with all evidence',
      'rsa',
      0,
      () => [example, verify('--deep', '--evidence', 'all', '--signing-key', canary('rsa').file), {}],
    ],
    [
      'a locked file, and the passphrase is wrong',
      'locked',
      2,
      () => [
        example,
        verify('--signing-key', canary('locked').file),
        { DEBPROOF_SIGNING_PASSPHRASE: `${PASSPHRASE}!` },
      ],
    ],
    [
      'half a text',
      'rsa',
      2,
      () => [
        example,
        verify(),
        { DEBPROOF_SIGNING_KEY: canary('rsa').armored.slice(0, canary('rsa').armored.length / 2) },
      ],
    ],
    [
      'a text whose blank line is elsewhere, to a library that would print what it cannot read',
      'rsa',
      2,
      () => [
        example,
        verify(),
        { DEBPROOF_SIGNING_KEY: blankLineMoved(canary('rsa').armored), NODE_ENV: 'development' },
      ],
    ],
    [
      'a text in one line',
      'rsa',
      2,
      () => [example, verify(), { DEBPROOF_SIGNING_KEY: canary('rsa').armored.replaceAll(/\r?\n/g, ' ') }],
    ],
    [
      'a text without its armor',
      'rsa',
      2,
      () => [example, verify(), { DEBPROOF_SIGNING_KEY: canary('rsa').armored.replaceAll(/^-.*$/gm, '') }],
    ],
  ])('given as %s (%s) is nowhere in what is left and printed: exit code %i', async (_, kind, code, given) => {
    const { folder, ...finished } = await runIn(...given())
    expect(finished).toMatchObject({ code })
    expect(foundIn(finished.stdout + finished.stderr, canary(kind))).toBeUndefined()
    expect(await filesWith(canary(kind), folder)).toEqual([])
  })

  it.each([
    ['a package list', (file: string) => ['packages', file]],
    ['a list of a format', (file: string) => ['packages', `${file}:name-version`]],
    ['the list of a run', (file: string) => verify('--unsigned', '--packages', `${file}:dpkg-query`)],
    ['the policy', (file: string) => verify('--unsigned', '--policy', file)],
    ['a release file', (file: string) => ['inspect', file, '--signed-by', 'debian']],
    ['a keyring', (file: string) => ['inspect', 'snapshot/dists/trixie-security/InRelease', '--signed-by', file]],
    ['the keyring of a report', (file: string) => ['recheck', '.', '--signed-by', file]],
    ['an image', (file: string) => verify('--unsigned', '--image', file)],
    ['the name of a release', (file: string) => verify('--unsigned', '--release', file)],
  ])('taken for %s by mistake is not shown', async (_, words) => {
    const { folder, ...finished } = await runIn(example, words(canary('rsa').file))
    expect(foundIn(finished.stdout + finished.stderr, canary('rsa'))).toBeUndefined()
    expect(await filesWith(canary('rsa'), folder)).toEqual([])
  })

  it('is in no output, log, artifact or cache of the action but where GitHub is told to hide it', async () => {
    const results = await startResultsService()
    whenOver(() => results.close())
    const { folder, work, env } = await machine(example)
    const { armored } = canary('locked')
    const result = await runAction(PROJECT, {
      workspace: work,
      inputs: { at, 'signing-key': armored, 'signing-passphrase': PASSPHRASE, 'evidence-artifact': 'evidence' },
      token: TOKEN,
      env: { ...results.env, ...env, RUNNER_TEMP: path.join(folder, 'tmp') },
    })
    expect(result).toMatchObject({ exitCode: 0, post: { exitCode: 0 } })
    for (const stage of [result, result.post]) {
      const log = (stage?.log ?? '').replaceAll(/^::add-mask::.*$/gm, '')
      expect(foundIn(`${log}${stage?.summary}${JSON.stringify(stage?.outputs)}`, canary('locked'))).toBeUndefined()
    }
    const uploaded = path.join(folder, 'uploaded')
    await mkdir(uploaded)
    const contents = [...results.artifacts.values(), ...results.caches].map(({ content }) => content)
    expect(results.artifacts.size).toBe(2)
    for (const [index, content] of contents.entries()) {
      await writeFile(path.join(uploaded, String(index)), content ?? '')
    }
    expect(await filesWith(canary('locked'), folder)).toEqual([])
    expect((await readFile(path.join(work, 'debproof-report/report.json.asc'), 'utf8')).length).toBeGreaterThan(0)
  })
})

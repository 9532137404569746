import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { READ_ONLY } from '../making/results-caches.ts'
import { type ResultsOptions, type ResultsService, startResultsService } from '../making/results-service.ts'
import { copyExample, EXAMPLE, enlargeIndex, exampleClock } from './example.ts'
import { sha256Of } from './mirror.ts'
import { installNode } from './nodes.ts'
import { type ActionOptions, type ActionResult, runAction, type StageResult } from './run-action.ts'
import { PROJECT, run, scratchFolder, succeed, whenOver } from './running.ts'
import { type FileServer, serveFolder } from './serving.ts'

/** Makes an archive whose members may have any name and any type, as tar(1) would not. */
const MAKE_ARCHIVE = `
import io, json, sys, tarfile
archive = tarfile.open(sys.argv[1], 'w', format=tarfile.PAX_FORMAT)
for member in json.load(sys.stdin):
    info = tarfile.TarInfo(member['name'])
    content = member.get('content', '').encode()
    if 'link' in member:
        info.type, info.linkname = tarfile.SYMTYPE, member['link']
    elif 'hard' in member:
        info.type, info.linkname = tarfile.LNKTYPE, member['hard']
    elif member.get('pipe'):
        info.type = tarfile.FIFOTYPE
    else:
        info.size = len(content)
    archive.addfile(info, io.BytesIO(content) if info.size else None)
archive.close()
`

describe("the cache of the action in GitHub's service", () => {
  const scratch = scratchFolder()
  let at: string
  let served: Served

  beforeAll(async () => {
    at = await exampleClock()
    served = await serve(await copyExample(path.join(scratch, 'served')))
  })

  async function service(options?: ResultsOptions): Promise<ResultsService> {
    const started = await startResultsService(options)
    whenOver(() => started.close())
    return started
  }

  interface Run {
    readonly result: ActionResult
    readonly post: StageResult
    readonly workspace: string
    /** What is in the workspace after the job. */
    readonly files: readonly string[]
    readonly report: string
    /** The indexes that were asked for over the network. */
    readonly indexes: readonly string[]
  }

  /** A job on a machine of its own: nothing is left there of an earlier one but what the service gives. */
  async function job(
    results: Pick<ResultsService, 'env'>,
    more: Partial<ActionOptions> = {},
    inputs: Record<string, string> = {},
    from: Served = served,
  ): Promise<Run> {
    const { server, folder } = from
    const machine = path.join(scratch, 'machine')
    await rm(machine, { recursive: true, force: true })
    const workspace = await copyExample(path.join(machine, 'work'))
    await cp(path.join(folder, 'keys'), path.join(workspace, 'keys'), { recursive: true })
    const policy = path.join(workspace, 'debproof.yml')
    const text = await readFile(policy, 'utf8')
    await writeFile(policy, text.replaceAll(/file:(snapshot|upstream)\//g, `${server.url}/$1/`))
    // What an entry is found by has the path in it, which is the same on all of GitHub's machines.
    const temp = path.join(scratch, 'temp')
    await mkdir(temp, { recursive: true })
    const before = server.requests.length
    const result = await runAction(PROJECT, {
      workspace,
      inputs: { at, unsigned: 'true', artifact: 'none', ...inputs },
      ...more,
      env: { ...results.env, RUNNER_TEMP: temp, XDG_CACHE_HOME: path.join(machine, 'cache'), ...more.env },
    })
    const indexes = server.requests.slice(before).filter((name) => name.includes('/main/binary-'))
    const report = await readFile(path.join(workspace, 'debproof-report/report.json'), 'utf8')
    if (result.post === undefined) throw new Error('the action has no post stage')
    expect(result.post.exitCode).toBe(0)
    expect((await readdir(temp)).filter((name) => name.startsWith('debproof-'))).toEqual([])
    const files = (await readdir(workspace, { recursive: true })).sort()
    return { result, post: result.post, workspace, files, report, indexes }
  }

  const told = ({ commands }: StageResult): string[] =>
    commands.filter(({ command }) => /^(?:notice|warning|error)$/.test(command)).map(({ message }) => message)

  /** An entry of the cache, unpacked, for it to be changed and packed again. */
  async function tampered(
    results: ResultsService,
    tamper: (file: string, index: number) => Promise<unknown>,
  ): Promise<Buffer> {
    const folder = path.join(scratch, `entry-${randomBytes(4).toString('hex')}`)
    await mkdir(folder)
    await writeFile(`${folder}.tzst`, results.caches[0]?.content ?? '')
    await succeed('tar', [
      '-xf',
      `${folder}.tzst`,
      '--use-compress-program',
      'unzstd',
      '-P',
      '--transform=s,[.][.],__,g',
      '-C',
      folder,
    ])
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(1)
    for (const [index, file] of files.entries()) await tamper(path.join(file.parentPath, file.name), index)
    await succeed('tar', ['-cf', `${folder}.new`, '--use-compress-program', 'zstd', '-C', folder, '.'])
    return await readFile(`${folder}.new`)
  }

  async function archiveOf(members: readonly object[]): Promise<Buffer> {
    const file = path.join(scratch, `hostile-${randomBytes(4).toString('hex')}.tar`)
    await succeed('python3', ['-c', MAKE_ARCHIVE, file], { input: JSON.stringify(members) })
    await succeed('zstd', ['-q', file, '-o', `${file}.zst`])
    return await readFile(`${file}.zst`)
  }

  it.each(['20.19.6', '24.19.0'])(
    'saves what a run used, and saves the next one the downloads, on Node %s',
    async (version) => {
      const results = await service()
      const node = await installNode(version)
      const first = await job(results, { node })
      expect(first.result.exitCode).toBe(0)
      expect(first.indexes.length).toBeGreaterThan(1)
      expect(results.caches).toMatchObject([{ key: expect.stringMatching(/^debproof-1-[0-9a-f]{16}-[0-9a-f]{32}$/) }])
      const second = await job(results, { node })
      expect(second.indexes).toEqual([])
      expect(second.report).toBe(first.report)
      expect(second.post.log).toContain('The cache service has all that this run used.')
      expect(results.caches).toHaveLength(1)
      for (const { result, post } of [first, second]) expect([...told(result), ...told(post)]).toEqual([])
    },
  )

  it.each([20, 140])('takes %i MB there and back', async (megabytes) => {
    const results = await service()
    const folder = await copyExample(path.join(scratch, `large-${megabytes}`))
    await enlargeIndex(folder, scratch, new Date(Date.parse(at) - 3_600_000), megabytes * 1e6)
    const large = await serve(folder)
    const first = await job(results, {}, {}, large)
    expect([first.result.exitCode, told(first.post)]).toEqual([0, []])
    expect(results.caches[0]?.content.length).toBeGreaterThan(megabytes * 0.95e6)
    const second = await job(results, {}, {}, large)
    expect(second.indexes).toEqual([])
    expect(second.report).toBe(first.report)
  })

  it('that is swapped, truncated or emptied file by file changes no byte of the report, and costs the downloads', async () => {
    const results = await service()
    const honest = await job(results)
    const other = await readFile(path.join(EXAMPLE, 'own/dists/example/main/binary-amd64/Packages'))
    const ways: readonly ((file: string, index: number) => Promise<unknown>)[] = [
      (file) => writeFile(file, other),
      (file) => truncate(file, 100),
      (file) => writeFile(file, ''),
    ]
    for (const way of ways) {
      results.replaceCaches(await tampered(results, way))
      const { result, report, indexes } = await job(results)
      expect(result.exitCode).toBe(0)
      expect(report).toBe(honest.report)
      expect(indexes).toEqual(honest.indexes)
    }
  })

  it('with its files under each other’s names changes no byte of the report', async () => {
    const results = await service()
    const honest = await job(results)
    const contents: Buffer[] = []
    await tampered(results, async (file) => contents.push(await readFile(file)))
    expect(contents).toHaveLength(2)
    results.replaceCaches(await tampered(results, (file, index) => writeFile(file, contents[1 - index] ?? '')))
    const { report, indexes } = await job(results)
    expect(report).toBe(honest.report)
    expect(indexes).toEqual(honest.indexes)
  })

  it('that names other places on the machine reaches none of them', async () => {
    const results = await service()
    const honest = await job(results)
    const target = path.join(scratch, 'outside')
    await mkdir(target)
    const up = '../'.repeat(20)
    results.replaceCaches(
      await archiveOf([
        { name: 'debproof.yml', content: 'version: 1' },
        { name: './keys/project.asc', content: 'a key' },
        { name: `${target}/absolute`, content: 'x' },
        { name: `${up}${target.slice(1)}/relative`, content: 'x' },
        { name: 'way', link: target },
        { name: 'way/through', content: 'x' },
        { name: 'up', link: `${up}${target.slice(1)}` },
        { name: 'up/through-too', content: 'x' },
        { name: 'pipe', pipe: true },
        { name: `x/${'a'.repeat(64)}`, link: '/etc/passwd' },
        { name: `y/${'b'.repeat(64)}`, content: 'not its hash' },
        { name: 'z\n::error::forged', content: 'x' },
        { name: 'hard\n::error::forged', hard: '/etc/hostname' },
      ]),
    )
    const { result, post, report, workspace, files } = await job(results, { env: { RUNNER_DEBUG: '1' } })
    expect(result.exitCode).toBe(0)
    expect(report).toBe(honest.report)
    expect(await readdir(target)).toEqual([])
    expect(files).toEqual(honest.files)
    expect(await readFile(path.join(workspace, 'keys/project.asc'))).toEqual(
      await readFile(path.join(EXAMPLE, 'keys/project.asc')),
    )
    const commands = [...result.commands, ...post.commands].filter(({ command }) => command !== 'debug')
    expect(commands.filter(({ message }) => message.includes('forged'))).toEqual([])
  })

  it.each([
    ['noise', () => randomBytes(10_000)],
    ['nothing', () => Buffer.alloc(0)],
  ])('that is %s is told once, and the run downloads what it needs', async (_, content) => {
    const results = await service()
    const honest = await job(results)
    results.replaceCaches(content())
    const { result, report } = await job(results)
    expect(result.exitCode).toBe(0)
    expect(report).toBe(honest.report)
    expect(told(result)).toEqual([expect.stringMatching(/^The cache service was not restored: /)])
  })

  it('that a token may only read is told once, after the job', async () => {
    const results = await service({ cacheScopes: READ_ONLY })
    const { result, post } = await job(results)
    expect(result.exitCode).toBe(0)
    expect(told(result)).toEqual([])
    expect(told(post)).toEqual([expect.stringContaining('cache write denied')])
  })

  it('that is full is told once, after the job', async () => {
    const results = await service({ quota: 1000 })
    const { result, post } = await job(results)
    expect([result.exitCode, told(result)]).toEqual([0, []])
    expect(told(post)).toEqual([expect.stringMatching(/^The cache service was not saved: /)])
  })

  it.each([
    ['on GitHub Enterprise Server', { GITHUB_SERVER_URL: 'https://github.example.org' }],
    ['without the service', { ACTIONS_RESULTS_URL: '', ACTIONS_CACHE_SERVICE_V2: '' }],
  ])('is missing %s, which one notice says', async (_, env) => {
    const { result, post } = await job(await service(), { env })
    expect(result.exitCode).toBe(0)
    expect([...told(result), ...told(post)]).toEqual([
      'The cache service was not used: there is no cache service here.',
    ])
  })

  it.each([503, 429])('that answers %i to everything is told once before and once after the run', async (status) => {
    const results = await service()
    for (const call of ['GetCacheEntryDownloadURL', 'CreateCacheEntry']) results.failNext(call, status, undefined, 100)
    const { result, post } = await job(results)
    expect(result.exitCode).toBe(0)
    expect(told(result)).toEqual([expect.stringMatching(/^The cache service was not restored: /)])
    expect(told(post).length).toBeLessThan(2)
  })

  it('is not asked where the inputs say so', async () => {
    for (const inputs of [{ 'cache-service': 'false' }, { cache: 'none' }, { offline: 'true' }]) {
      const results = await service()
      const folder = path.join(scratch, `silent-${randomBytes(4).toString('hex')}`)
      await cp(EXAMPLE, folder, { recursive: true })
      const { exitCode } = await runAction(PROJECT, {
        workspace: folder,
        inputs: { at, unsigned: 'true', artifact: 'none', ...inputs },
        env: { ...results.env, XDG_CACHE_HOME: path.join(folder, 'cache') },
      })
      expect([exitCode, results.requests]).toEqual([0, []])
    }
  })

  it('leaves programs that it starts no secret of the job', async () => {
    const results = await service()
    const secret = await readFile(path.join(EXAMPLE, 'keys/report-signing-key.asc'), 'utf8')
    const tools = path.join(scratch, 'tools')
    await mkdir(tools)
    const real = (await run('sh', ['-c', 'command -v tar'])).stdout.trim()
    const spy = `#!/bin/sh\nenv >>${tools}/seen\nprintf '%s\\n' "$@" >>${tools}/seen\nexec ${real} "$@"\n`
    await writeFile(path.join(tools, 'tar'), spy, { mode: 0o755 })
    await job(
      results,
      { env: { PATH: `${tools}:${process.env['PATH']}` } },
      { unsigned: 'false', 'signing-key': secret, 'signing-passphrase': 'open sesame' },
    )
    const seen = await readFile(path.join(tools, 'seen'), 'utf8')
    expect(seen).toContain('RUNNER_TEMP=')
    for (const line of [...secret.split('\n').filter((text) => text.length > 20), 'open sesame']) {
      expect(seen).not.toContain(line)
    }
    expect(existsSync(path.join(scratch, 'temp/debproof-cache'))).toBe(false)
  })
})

/** A copy of the example, and who serves it. */
interface Served {
  readonly folder: string
  readonly server: FileServer
}

/** Serves a copy of the example as a mirror does: each index by its hash too. */
async function serve(folder: string): Promise<Served> {
  for (const archive of ['snapshot', 'upstream']) {
    const indexes = path.join(folder, archive, 'dists/trixie-security/main/binary-amd64')
    const byHash = path.join(indexes, 'by-hash/SHA256')
    await mkdir(byHash, { recursive: true })
    for (const { name } of (await readdir(indexes, { withFileTypes: true })).filter((entry) => entry.isFile())) {
      await cp(path.join(indexes, name), path.join(byHash, sha256Of(await readFile(path.join(indexes, name)))))
    }
  }
  return { folder, server: await serveFolder(folder) }
}

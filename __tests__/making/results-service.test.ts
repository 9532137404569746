import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { READ_ONLY } from './results-caches.ts'
import { type ResultsOptions, type ResultsService, startResultsService } from './results-service.ts'

let service: ResultsService
let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-results-test-'))
})

afterEach(async () => {
  await service.close()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** The unmodified clients, in the environment of a runner. */
async function start(options: ResultsOptions = {}) {
  service = await startResultsService(options)
  const surroundings = { ...service.env, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder }
  for (const [name, value] of Object.entries(surroundings)) vi.stubEnv(name, value)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const { DefaultArtifactClient } = await import('@actions/artifact')
  return { client: new DefaultArtifactClient(), cache: await import('@actions/cache') }
}

async function written(name: string, text: string): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

describe('the stand-in for the results service', () => {
  test('keeps an artifact that the real client uploads, lists it and gives it back', async () => {
    const { client } = await start()
    const { id, digest } = await client.uploadArtifact('one', [await written('a/b.txt', 'content')], folder)
    expect(service.artifacts.get('one')).toMatchObject({ id, digest: `sha256:${digest}` })
    expect((await client.listArtifacts()).artifacts.map(({ name }) => name)).toEqual(['one'])
    await client.downloadArtifact(id ?? 0, { path: path.join(folder, 'back') })
    expect(await readFile(path.join(folder, 'back/a/b.txt'), 'utf8')).toBe('content')
    expect(service.requests[0]?.path).toMatch(/CreateArtifact$/)
  })

  test('refuses a second artifact of one name, another token, and what a quota does not allow', async () => {
    const { client } = await start({ quota: 100 })
    const file = await written('a.txt', 'a')
    const large = await written('large.bin', 'x'.repeat(1000))
    await expect(client.uploadArtifact('large', [large], folder, { compressionLevel: 0 })).rejects.toThrow(/quota/)
    expect([...service.artifacts.keys()]).toEqual([])
    await service.close()
    await start()
    await client.uploadArtifact('one', [file], folder)
    await expect(client.uploadArtifact('one', [file], folder)).rejects.toThrow(/409.*already exists/)
    const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:1:2' })).toString('base64url')
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', `e30.${claims}.x`)
    await expect(client.uploadArtifact('two', [file], folder)).rejects.toThrow(/bad runtime token/)
  })

  test('keeps a cache that the real client saves, and restores it by a prefix', async () => {
    const { cache } = await start()
    const file = await written('kept/a.txt', 'kept')
    await cache.saveCache([path.dirname(file)], 'key-1')
    expect(service.caches).toMatchObject([{ key: 'key-1', finalized: true }])
    await rm(path.dirname(file), { recursive: true })
    expect(await cache.restoreCache([path.dirname(file)], 'key-2', ['key-'])).toBe('key-1')
    expect(await readFile(file, 'utf8')).toBe('kept')
  })

  test('lets a job that may only read save nothing', async () => {
    const { cache } = await start({ cacheScopes: READ_ONLY })
    const file = await written('kept/a.txt', 'kept')
    expect(await cache.saveCache([path.dirname(file)], 'key-1')).toBe(-1)
    expect(service.caches).toEqual([])
  })

  test('fails as often as it is told to', async () => {
    const { cache } = await start()
    const file = await written('kept/a.txt', 'kept')
    service.failNext('/CreateCacheEntry', 429, undefined, 2)
    const saved = []
    for (const _ of [1, 2, 3]) saved.push(await cache.saveCache([path.dirname(file)], 'key-1'))
    expect(saved).toEqual([-1, -1, 1])
  })
})

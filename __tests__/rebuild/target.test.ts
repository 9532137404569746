import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Target } from '../../src/rebuild/target.ts'
import { selectTargets } from '../../src/rebuild/target.ts'
import { parseWish, type Wish } from '../../src/rebuild/wish.ts'
import { closeAll } from '../making/loopback-server.ts'
import { indexes, type MadeProject, makeProject, policyOf, removeProjects } from './made-project.ts'

let project: MadeProject

beforeAll(async () => {
  project = await makeProject(
    [
      { name: 'hello', binaries: ['hello', 'hello-data'] },
      { name: 'tool', version: '1.0', binaries: ['tool'] },
      { name: 'twice', version: '1.0', binaries: ['twice'] },
      { name: 'twice', version: '2.0', binaries: ['twice'] },
      { name: 'other', binaries: ['clash'] },
      { name: 'clash', version: '3.0', binaries: ['unrelated'] },
    ],
    [
      { name: 'hello' },
      { name: 'hello-data', architecture: 'all', source: 'hello' },
      { name: 'tool', version: '1.0+b1', source: 'tool (1.0)' },
      { name: 'twice', version: '1.0' },
      { name: 'twice', version: '2.0' },
      { name: 'clash', source: 'other' },
    ],
  )
})

afterAll(async () => {
  await closeAll()
  removeProjects()
})

async function select(...texts: string[]): Promise<string[]> {
  return await selectWishes(texts.map(parseWish))
}

async function selectWishes(wishes: Wish[]): Promise<string[]> {
  return (await selectTargets(wishes, await policyOf(project), indexes())).map(nameOf)
}

function nameOf({ source, wanted }: Target): string {
  return [`${source.name} ${source.version}`, ...wanted.map(({ name }) => name)].join(' + ')
}

describe('what is asked for', () => {
  test('is all of a source package by its name', async () => {
    expect(await select('hello')).toEqual(['hello 1.0'])
  })

  test('is the source package of a binary package, with that package alone', async () => {
    expect(await select('hello-data')).toEqual(['hello 1.0 + hello-data'])
  })

  test('is one job where several names mean one source package', async () => {
    expect(await select('hello-data', 'hello')).toEqual(['hello 1.0'])
  })

  test('is the source of a binNMU by the version of either', async () => {
    expect(await select('tool=1.0+b1')).toEqual(['tool 1.0 + tool'])
    expect(await select('tool=1.0')).toEqual(['tool 1.0'])
  })

  test('is not guessed where there are two versions', async () => {
    await expect(select('twice')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/twice may mean .*twice=1\.0.*twice=2\.0.*Say which/),
    })
    expect(await select('twice=2.0')).toEqual(['twice 2.0'])
  })

  test('is not guessed where a source package and a package of another source have one name', async () => {
    await expect(select('clash')).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('src:NAME') })
    expect(await select('src:clash')).toEqual(['clash 3.0'])
    expect(await select('src:other')).toEqual(['other 1.0'])
  })

  test('must be listed, and what is listed under that name is told', async () => {
    await expect(select('hello=9')).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('1.0') })
    await expect(select('nothing')).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('is the very file that a report names', async () => {
    const wish = { ...parseWish('hello=1.0'), sha256: 'f'.repeat(64) }
    // @ts-expect-error a hash that was not parsed
    await expect(selectWishes([wish])).rejects.toMatchObject({ code: 'USAGE' })
  })
})

test('an archive without source packages is told as such, not as one that lacks this package', async () => {
  const bare = await makeProject([], [{ name: 'hello' }])
  await expect(selectTargets([parseWish('hello')], await policyOf(bare), indexes())).rejects.toMatchObject({
    code: 'INDEX_UNLISTED',
    message: expect.stringContaining('publishes no source packages'),
  })
})

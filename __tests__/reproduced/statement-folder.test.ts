import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_FOLDER_DEPTH } from '../../src/limits.ts'
import { listStatementFiles } from '../../src/reproduced/statement-folder.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'statements-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), name)
  }
}

const isLink = (name: string): boolean => name.endsWith('.link') || name === 'metadata'

async function listed(entered?: (name: string) => boolean, base = folder): Promise<string[]> {
  const urls = await listStatementFiles(pathToFileURL(`${base}/`), isLink, entered)
  return urls.map(({ href }) => decodeURIComponent(href.slice(pathToFileURL(`${base}/`).href.length)))
}

describe('the files of a folder', () => {
  it('are those that are wanted, anywhere below, sorted', async () => {
    write('b.link', 'sources/z/1.0%2B~a b/rebuild.link', 'a.link', 'sources/metadata', 'x.deb', 'sources/link')
    expect(await listed()).toEqual(['a.link', 'b.link', 'sources/metadata', 'sources/z/1.0%2B~a b/rebuild.link'])
  })

  it('are not those in folders that are not entered, nor what links lead to there', async () => {
    write('ok/a.link', 'ok/unreproducible/b.link', 'unreproducible/sources/c.link', 'unreproducible.link')
    symlinkSync('../unreproducible/sources/c.link', path.join(folder, 'ok/metadata'))
    symlinkSync('unreproducible', path.join(folder, 'fine'))
    expect(await listed((name) => name !== 'unreproducible')).toEqual(['ok/a.link', 'unreproducible.link'])
  })

  it('are each given once, whatever links there are, also in circles', async () => {
    write('sources/hello/1.0/rebuild.12345678.link', 'sources/hello/1.0/rebuild.json')
    const version = path.join(folder, 'sources/hello/1.0')
    symlinkSync('rebuild.12345678.link', path.join(version, 'metadata'))
    symlinkSync('hello', path.join(folder, 'sources/hello-data'))
    symlinkSync('..', path.join(version, 'up'))
    symlinkSync('self.link', path.join(version, 'self.link'))
    symlinkSync('gone', path.join(version, 'gone.link'))
    symlinkSync('rebuild.json', path.join(version, 'other.link'))
    expect(await listed()).toEqual(['sources/hello/1.0/other.link', 'sources/hello/1.0/rebuild.12345678.link'])
  })

  it('are unknown where a link leads out', async () => {
    write('in/a.link', 'out/b.link', 'out/c.txt')
    const base = path.join(folder, 'in')
    symlinkSync('../out/c.txt', path.join(base, 'c.txt'))
    expect(await listed(undefined, base)).toEqual(['a.link'])
    symlinkSync('../out/b.link', path.join(base, 'b.link'))
    await expect(listed(undefined, base)).rejects.toMatchObject({
      code: 'FETCH',
      message: expect.stringMatching(/in\/b\.link is a symbolic link out of its folder/),
    })
    rmSync(path.join(base, 'b.link'))
    symlinkSync('../out', path.join(base, 'sources'))
    await expect(listed(undefined, base)).rejects.toMatchObject({ code: 'FETCH' })
  })

  it('are found through a link to the folder itself', async () => {
    write('in/a.link')
    symlinkSync('in', path.join(folder, 'here'))
    expect(await listed(undefined, path.join(folder, 'here'))).toEqual(['a.link'])
  })

  it('are unknown where there is no folder', async () => {
    write('file')
    for (const name of ['absent', 'file', 'file/below']) {
      await expect(listed(undefined, path.join(folder, name))).rejects.toMatchObject({ code: 'FETCH' })
    }
    await expect(listStatementFiles(new URL('file://host.example/folder/'), isLink)).rejects.toMatchObject({
      code: 'FETCH',
    })
  })

  it('are none where the folder is empty', async () => {
    expect(await listed()).toEqual([])
  })

  it('are not looked for at any depth', async () => {
    write(`${'d/'.repeat(MAX_FOLDER_DEPTH)}a.link`)
    expect(await listed()).toHaveLength(1)
    write(`${'d/'.repeat(MAX_FOLDER_DEPTH + 1)}a.link`)
    await expect(listed()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Cache } from '../../src/net/cache.ts'
import { adoptContent, contentPath, gatherContent } from '../../src/net/cache-content.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-content-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

function put(name: string, content: string): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

describe('content from elsewhere', () => {
  it('is taken where its name is its hash, however deep it lies', async () => {
    const hash = hashOf('an index')
    put(`from/a/b/c/${hash}`, 'an index')
    expect(await adoptContent(path.join(folder, 'from'), path.join(folder, 'cache'))).toBe(1)
    expect(readFileSync(contentPath(path.join(folder, 'cache'), hash), 'utf8')).toBe('an index')
  })

  it('is left alone where it is anything else', async () => {
    const hash = hashOf('an index')
    put(`from/${hash}`, 'other bytes')
    put(`from/${hash}.bak`, 'an index')
    put('from/url/ab/name', `${hash}\nhttp://h/\n`)
    put('elsewhere', 'linked')
    symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, `from/${hashOf('linked')}`))
    symlinkSync(folder, path.join(folder, 'from/loop'))
    mkdirSync(path.join(folder, `from/${hashOf('a folder')}`))
    put(`from${'/d'.repeat(40)}/${hashOf('deep')}`, 'deep')
    expect(await adoptContent(path.join(folder, 'from'), path.join(folder, 'cache'))).toBe(0)
    expect(existsSync(path.join(folder, 'cache'))).toBe(false)
  })

  it('keeps no mode that it came with, and is no hole that stands for gigabytes', async () => {
    const hash = hashOf('an index')
    chmodSync(put(`from/${hash}`, 'an index'), 0o6777)
    const hole = put(`from/${createHash('sha256').update(Buffer.alloc(1_000_000)).digest('hex')}`, '')
    truncateSync(hole, 1_000_000)
    expect(await adoptContent(path.join(folder, 'from'), path.join(folder, 'cache'))).toBe(1)
    expect(statSync(contentPath(path.join(folder, 'cache'), hash)).mode & 0o7777).toBe(0o644)
  })

  it('from a folder that is not there is none', async () => {
    expect(await adoptContent(path.join(folder, 'nowhere'), path.join(folder, 'cache'))).toBe(0)
  })
})

describe('content that is gathered', () => {
  it('is what the hashes name and the cache has, and no path that is none', async () => {
    const cache = path.join(folder, 'cache')
    const hash = hashOf('kept')
    put(path.relative(folder, contentPath(cache, hash)), 'kept')
    put('secret', 'x')
    const into = path.join(folder, 'into')
    expect(await gatherContent(cache, [hashOf('gone'), '../../secret', hash], into)).toEqual([hash])
    expect(readdirSync(into)).toEqual([hash])
  })
})

describe('the cache', () => {
  it('knows what was used of it, and marks that as used now', async () => {
    const cache = new Cache(path.join(folder, 'cache'))
    const hash = hashOf('kept')
    const file = put(path.relative(folder, contentPath(path.join(folder, 'cache'), hash)), 'kept')
    const old = put(path.relative(folder, contentPath(path.join(folder, 'cache'), hashOf('old'))), 'old')
    for (const one of [file, old]) utimesSync(one, new Date(0), new Date(0))
    const read = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
      let text = ''
      for await (const chunk of chunks) text += Buffer.from(chunk).toString()
      return text
    }
    const fetch = (): never => {
      throw new Error('it is there')
    }
    const url = new URL('http://h/index')
    expect(await cache.stream({ url, limit: 100, sha256: hash }, read, fetch)).toBe('kept')
    expect(cache.used).toEqual([hash])
    expect(statSync(file).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
    expect(statSync(old).mtimeMs).toBe(0)
    const fresh = hashOf('fetched')
    const fetched = async (tee: (chunks: AsyncIterable<Uint8Array>) => Promise<string>): Promise<string> =>
      await tee(
        (async function* () {
          yield Buffer.from('fetched')
        })(),
      )
    expect(await cache.stream({ url, limit: 100, sha256: fresh }, read, fetched)).toBe('fetched')
    expect(cache.used).toEqual([fresh, hash].sort())
  })
})

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { DebproofError } from '../../src/errors.ts'
import { Cache, defaultCacheFolder } from '../../src/net/cache.ts'
import type { Downloads } from '../../src/net/downloads.ts'
import type { Read, StreamOptions } from '../../src/net/tape.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { verdictOf } from '../making/signed-archive.ts'

const made: string[] = []

function folder(): string {
  const name = mkdtempSync(path.join(tmpdir(), 'debproof-cache-'))
  made.push(name)
  return name
}

afterEach(async () => {
  await closeAll()
  for (const name of made.splice(0)) rmSync(name, { recursive: true, force: true })
})

const LIMIT = 10_000_000
const CONTENT = 'what never changes'
const SHA256 = createHash('sha256').update(CONTENT).digest('hex')

function filesOf(name: string): string[] {
  return readdirSync(name, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(path.join(name, file)).isFile(),
  )
}

async function text(client: Downloads, url: URL, options: StreamOptions): Promise<string> {
  return Buffer.from(await client.bytes(url, LIMIT, options)).toString()
}

/** Clients of several runs, one after another, with one cache. */
function runs(name: string, offline = false): Downloads {
  return downloads({ cache: new Cache(name), offline })
}

describe('a cache', () => {
  it('serves what is known by its hash, whatever the URL, and what a URL names for ever', async () => {
    const name = folder()
    const { base, asked } = await serveFiles({ a: CONTENT, b: CONTENT, c: 'other' })
    const [a, b, c] = ['a', 'b', 'c'].map((file) => new URL(file, base)) as [URL, URL, URL]
    expect(await text(runs(name), a, { sha256: SHA256 })).toBe(CONTENT)
    expect(await text(runs(name), b, { sha256: SHA256 })).toBe(CONTENT)
    expect(await text(runs(name), c, { immutable: true })).toBe('other')
    expect(await text(runs(name), c, { immutable: true })).toBe('other')
    expect(asked).toEqual(['/a', '/c'])
    expect(await text(runs(name, true), c, { immutable: true })).toBe('other')
    expect(await verdictOf(() => text(runs(name, true), a, { immutable: true }))).toBe('OFFLINE')
  })

  it('keeps nothing else: neither what may change nor a 404, an error, half a body or what nobody read to its end', async () => {
    const name = folder()
    const { base } = await serve((request, response) => {
      const status = Number(request.url?.slice(1))
      if (status === 1) {
        response.writeHead(200, { 'content-length': 100 })
        response.write('half', () => response.destroy())
      } else if (status > 200) response.writeHead(status).end()
      else response.end('x'.repeat(100_000))
    })
    const client = runs(name)
    await text(client, new URL('200', base), {})
    for (const status of ['404', '500', '1']) {
      await expect(text(client, new URL(status, base), { immutable: true, sha256: SHA256 })).rejects.toThrow(
        DebproofError,
      )
    }
    await client.stream(
      new URL('200', base),
      LIMIT,
      async (chunks) => {
        for await (const chunk of chunks) return chunk.length
        return 0
      },
      { immutable: true },
    )
    await expect(
      client.stream(
        new URL('200', base),
        LIMIT,
        async (chunks) => {
          for await (const _ of chunks);
          throw new DebproofError('RELEASE_MALFORMED', 'It is refused.')
        },
        { immutable: true },
      ),
    ).rejects.toThrow('It is refused.')
    expect(filesOf(name)).toEqual([])
  })

  it('does not keep bytes under a hash that they have not', async () => {
    const name = folder()
    const { base } = await serveFiles({ a: 'other' })
    expect(await text(runs(name), new URL('a', base), { sha256: SHA256 })).toBe('other')
    expect(filesOf(name)).toEqual([])
  })

  it.each<[damage: string, of: string, content: string]>([
    ['other bytes', 'sha256', 'what somebody changed'],
    ['no bytes', 'sha256', ''],
    ['another hash', 'url', `${'0'.repeat(64)}\nhttp://debian.example/\n`],
    ['a hash that leads elsewhere', 'url', '../../../../etc/passwd\n'],
    ['nothing', 'url', ''],
  ])('with %s in a file of %s fetches it again and says nothing', async (_damage, kind, content) => {
    const name = folder()
    const { base, asked } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    await text(runs(name), url, { immutable: true })
    const [damaged = ''] = filesOf(name).filter((file) => file.startsWith(kind))
    writeFileSync(path.join(name, damaged), content)
    expect(await text(runs(name), url, { immutable: true })).toBe(CONTENT)
    expect(asked).toHaveLength(2)
    expect(await text(runs(name), url, { immutable: true })).toBe(CONTENT)
    expect(asked).toHaveLength(2)
  })

  const acceptOnly = (wanted: string): Read<string> => {
    return async (chunks) => {
      let all = ''
      for await (const chunk of chunks) all += Buffer.from(chunk).toString()
      if (all !== wanted) throw new DebproofError('RELEASE_UNTRUSTED', `${all} is refused.`)
      return all
    }
  }

  it('fetches once more what its reader refuses, and keeps what it then takes', async () => {
    const name = folder()
    const files: Record<string, string> = { a: 'a captive portal' }
    const { base, asked } = await serveFiles(files)
    const url = new URL('a', base)
    await text(runs(name), url, { immutable: true })
    await expect(runs(name).stream(url, LIMIT, acceptOnly(CONTENT), { immutable: true })).rejects.toThrow(
      'a captive portal is refused.',
    )
    expect(asked).toHaveLength(2)
    files['a'] = CONTENT
    expect(await runs(name).stream(url, LIMIT, acceptOnly(CONTENT), { immutable: true })).toBe(CONTENT)
    expect(await runs(name, true).stream(url, LIMIT, acceptOnly(CONTENT), { immutable: true })).toBe(CONTENT)
    expect(asked).toHaveLength(3)
  })

  it('says why its answer was refused where no other is to be had', async () => {
    const name = folder()
    const { base, close } = await serveFiles({ a: 'old' })
    const url = new URL('a', base)
    await text(runs(name), url, { immutable: true })
    await close()
    for (const offline of [true, false]) {
      await expect(runs(name, offline).stream(url, LIMIT, acceptOnly('new'), { immutable: true })).rejects.toThrow(
        'old is refused.',
      )
    }
    expect(await text(runs(name, true), url, { immutable: true })).toBe('old')
  })

  it('does not hide a bug of its reader', async () => {
    const name = folder()
    const { base, asked } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    await text(runs(name), url, { immutable: true })
    const bug = new TypeError('a bug')
    await expect(runs(name).stream(url, LIMIT, () => Promise.reject(bug), { immutable: true })).rejects.toBe(bug)
    expect(asked).toHaveLength(1)
  })

  it('drops what it is told to forget', async () => {
    const name = folder()
    const { base, asked } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    const client = runs(name)
    await client.forget(url)
    await text(client, url, { immutable: true })
    await client.forget(url)
    await text(client, url, { immutable: true })
    expect(asked).toHaveLength(2)
  })

  it('keeps to the limit of who asks', async () => {
    const name = folder()
    const { base } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    await text(runs(name), url, { immutable: true })
    expect(await verdictOf(() => runs(name).bytes(url, 3, { immutable: true }))).toBe('TOO_LARGE')
  })

  it('does not wait for a pipe, nor read a device, that is in the place of a file', async () => {
    const name = folder()
    const { base } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    expect(await text(runs(name), url, { immutable: true })).toBe(CONTENT)
    for (const file of filesOf(name)) {
      for (const spoil of [
        (place: string) => spawnSync('mkfifo', [place]),
        (place: string) => symlinkSync('/dev/zero', place),
      ]) {
        rmSync(path.join(name, file))
        spoil(path.join(name, file))
        expect(await text(runs(name), url, { immutable: true })).toBe(CONTENT)
        if (!existsSync(path.join(name, file))) writeFileSync(path.join(name, file), '')
      }
    }
  })

  it('that cannot be written is none, without a word', async () => {
    const name = folder()
    const { base, asked } = await serveFiles({ a: CONTENT })
    const url = new URL('a', base)
    writeFileSync(path.join(name, 'file'), '')
    for (const place of [path.join(name, 'file'), path.join(name, 'file/below'), '/proc/debproof']) {
      expect(await text(runs(place), url, { immutable: true })).toBe(CONTENT)
    }
    const closed = path.join(name, 'closed')
    await text(runs(closed), url, { immutable: true })
    chmodSync(closed, 0o500)
    expect(await text(runs(closed), url, { immutable: true })).toBe(CONTENT)
    chmodSync(closed, 0o700)
    expect(asked).toHaveLength(4)
  })

  it('may be used by several at once, and deleted at any time', async () => {
    const name = folder()
    const contents = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(200_000))
    const { base } = await serveFiles(Object.fromEntries(contents.map((content, index) => [`${index}`, content])))
    const ask = async (index: number): Promise<void> => {
      expect(await text(runs(name), new URL(`${index}`, base), { immutable: true })).toBe(contents[index])
    }
    const asking = Array.from({ length: 40 }, (_, turn) => ask(turn % contents.length))
    rmSync(path.join(name, 'sha256'), { recursive: true, force: true })
    await Promise.all(asking)
    await Promise.all(contents.map((_content, index) => ask(index)))
    expect(filesOf(name).filter((file) => file.startsWith('new/'))).toEqual([])
    for (const file of filesOf(name).filter((each) => each.startsWith('sha256/'))) {
      const hash = createHash('sha256')
        .update(readFileSync(path.join(name, file)))
        .digest('hex')
      expect(path.basename(file)).toBe(hash)
    }
  })

  it('gives every URL its own answer', async () => {
    const name = folder()
    const cache = new Cache(name)
    const read: Read<string> = async (chunks) => {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk)
      return Buffer.concat(parts).toString()
    }
    await fc.assert(
      fc.asyncProperty(fc.webUrl({ withQueryParameters: true }), fc.string(), async (href, content) => {
        const request = { url: new URL(href), limit: LIMIT, immutable: true }
        const whole = `${href} ${content}`
        async function* bytes(): AsyncGenerator<Uint8Array> {
          yield Buffer.from(whole)
        }
        await cache.forget(request.url)
        expect(await cache.stream(request, read, (kept) => kept(bytes()))).toBe(Buffer.from(whole).toString())
        const again = await cache.stream(request, read, () => Promise.reject(new Error('it is kept')))
        expect(again).toBe(Buffer.from(whole).toString())
      }),
      { numRuns: 30 },
    )
  })
})

it('is nowhere, and never in the working folder, for a user who has no home', () => {
  const before = process.env['HOME']
  try {
    for (const home of ['', '.', 'relative']) {
      process.env['HOME'] = home
      expect(defaultCacheFolder({})).toBeUndefined()
    }
  } finally {
    process.env['HOME'] = before
  }
})

it('is where the XDG Base Directory Specification puts it', () => {
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/debproof')
  for (const environment of [{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative' }]) {
    expect(defaultCacheFolder(environment)).toMatch(/\/\.cache\/debproof$/)
  }
  expect(existsSync(defaultCacheFolder({ XDG_CACHE_HOME: '/nonexistent' }) ?? '')).toBe(false)
})

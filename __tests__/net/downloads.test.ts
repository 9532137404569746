import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { CONNECTIONS_PER_HOST, DOWNLOAD_TRIES, MAX_FAILURES_IN_A_ROW } from '../../src/limits.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { verdictOf } from '../making/signed-archive.ts'

afterEach(closeAll)

const LIMIT = 1_000_000

/** Answers one after another; the last one for ever. */
function inTurn(...answers: readonly ((response: ServerResponse) => void)[]) {
  let turn = 0
  return serve((_request, response) => answers[Math.min(turn++, answers.length - 1)]?.(response))
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end()
const body = (text: string) => (response: ServerResponse) => response.end(text)

describe('one download', () => {
  it('brings the bytes', async () => {
    const { base } = await serveFiles({ 'a/b': 'content' })
    expect(Buffer.from(await downloads().bytes(new URL('a/b', base), LIMIT)).toString()).toBe('content')
  })

  it('names the tool and asks for the bytes as they are, never for a part of them', async () => {
    let headers: unknown
    const { base } = await serve((request, response) => {
      headers = request.headers
      response.end()
    })
    await downloads({ userAgent: 'debproof/1 (test)' }).bytes(base, LIMIT)
    expect(headers).toMatchObject({ 'user-agent': 'debproof/1 (test)', 'accept-encoding': 'identity' })
    expect(headers).not.toHaveProperty('range')
  })

  it('takes a 404 for an answer and asks once', async () => {
    const { base, asked } = await serveFiles({})
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('NOT_FOUND')
    expect(asked).toHaveLength(1)
  })

  it.each([400, 401, 403, 410, 451, 204, 206, 304])('gives up at status %i, which is not "not found"', async (code) => {
    const { base, asked } = await inTurn(status(code))
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('FETCH')
    expect(asked).toHaveLength(1)
  })

  it('ends after the limit, however much more would come', async () => {
    let sent = 0
    const { base } = await serve((_request, response) => {
      const more = (): void => {
        sent += 65_536
        if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more))
      }
      more()
    })
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('TOO_LARGE')
    expect(sent).toBeLessThan(100 * LIMIT)
    const exact = await inTurn(body('x'.repeat(10)))
    expect(await verdictOf(() => downloads().bytes(exact.base, 10))).toBe('accepted')
    expect(await verdictOf(() => downloads().bytes(exact.base, 9))).toBe('TOO_LARGE')
  })

  it('says that the time was up when a server drips for too long', async () => {
    const { base, asked } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    const failure = await downloads({ downloadTimeout: 200 }).bytes(base, LIMIT).catch(describeError)
    expect(failure).toMatch(/took longer than 0\.2 s/)
    expect(asked).toHaveLength(1)
  })

  it('passes on what its reader throws, and does not try again for it', async () => {
    const { base, asked } = await inTurn(body('content'))
    const bug = new TypeError('a bug')
    await expect(downloads().stream(base, LIMIT, () => Promise.reject(bug))).rejects.toBe(bug)
    expect(asked).toHaveLength(1)
  })

  it('may be left by its reader before the end', async () => {
    const { base } = await inTurn(body('x'.repeat(900_000)))
    const client = downloads()
    for (let time = 0; time <= CONNECTIONS_PER_HOST; time++) {
      const first = await client.stream(base, LIMIT, async (chunks) => {
        for await (const chunk of chunks) return chunk.length
        return 0
      })
      expect(first).toBeGreaterThan(0)
    }
  })
})

describe('trying again', () => {
  it.each([500, 502, 503, 429])('comes back after status %i', async (code) => {
    const { base, asked } = await inTurn(status(code), body('content'))
    expect(Buffer.from(await downloads().bytes(base, LIMIT)).toString()).toBe('content')
    expect(asked).toHaveLength(2)
  })

  it('gives up after a few tries', async () => {
    const { base, asked } = await inTurn(status(500))
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('FETCH')
    expect(asked).toHaveLength(DOWNLOAD_TRIES)
  })

  it('waits as long as the server asks', async () => {
    const { base } = await inTurn(status(503, { 'retry-after': '1' }), body('content'))
    const start = performance.now()
    await downloads().bytes(base, LIMIT)
    expect(performance.now() - start).toBeGreaterThan(950)
  })

  it('does not wait for a server that asks for half an hour', async () => {
    const { base, asked } = await inTurn(status(503, { 'retry-after': '1800' }))
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('FETCH')
    expect(asked).toHaveLength(1)
  })

  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', '-5', 'soon', ''])('is not misled by Retry-After: %j', async (value) => {
    const { base, asked } = await inTurn(status(503, { 'retry-after': value }), body('content'))
    expect(await verdictOf(() => downloads().bytes(base, LIMIT))).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  it('reads from the start again when a body breaks off: never resumes, never joins halves', async () => {
    const { base } = await inTurn((response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => setTimeout(() => response.destroy(), 20))
    }, body('whole'))
    const seen: string[] = []
    const result = await downloads().stream(base, LIMIT, async (chunks) => {
      let text = ''
      for await (const chunk of chunks) {
        text += Buffer.from(chunk).toString()
        seen.push(text)
      }
      return text
    })
    expect({ result, seen }).toEqual({ result: 'whole', seen: ['half', 'whole'] })
  })

  it('reports each try', async () => {
    const { base } = await inTurn(status(500), body('content'))
    const urls: string[] = []
    await downloads({ onDownload: (url) => urls.push(url.href) }).bytes(base, LIMIT)
    expect(urls).toEqual([base.href, base.href])
  })
})

describe('what is fetched', () => {
  it('forbids the network when offline, and reads files still', async () => {
    const { base, asked } = await serveFiles({})
    const client = downloads({ offline: true })
    expect(await verdictOf(() => client.bytes(base, LIMIT))).toBe('OFFLINE')
    expect(asked).toEqual([])
    expect(Buffer.from(await client.bytes(pathToFileURL(import.meta.filename), LIMIT)).toString()).toContain('offline')
  })

  it.each(['ftp://example.org/x', 'data:text/plain,x', 'blob:x'])('refuses %s', async (url) => {
    expect(await verdictOf(() => downloads().bytes(new URL(url), LIMIT))).toBe('FETCH')
  })

  it('never has more than a few downloads from one server under way', async () => {
    let running = 0
    let most = 0
    const { base } = await serve(async (_request, response) => {
      most = Math.max(most, ++running)
      await sleep(20)
      running--
      response.end('x')
    })
    const client = downloads()
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.bytes(new URL(`${index}`, base), LIMIT)))
    expect(most).toBe(CONNECTIONS_PER_HOST)
  })
})

describe('file URLs', () => {
  it('brings the bytes, and tells what is not there from what cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'debproof-net-'))
    try {
      writeFileSync(join(folder, 'a b%'), 'content')
      const url = (name: string): URL => pathToFileURL(join(folder, name))
      const client = downloads()
      expect(Buffer.from(await client.bytes(url('a b%'), LIMIT)).toString()).toBe('content')
      expect(await verdictOf(() => client.bytes(url('a b%'), 6))).toBe('TOO_LARGE')
      expect(await verdictOf(() => client.bytes(url('missing'), LIMIT))).toBe('NOT_FOUND')
      expect(await verdictOf(() => client.bytes(url('a b%/x'), LIMIT))).toBe('NOT_FOUND')
      expect(await verdictOf(() => client.bytes(url('.'), LIMIT))).toBe('NOT_FOUND')
      expect(await verdictOf(() => client.bytes(new URL('file://elsewhere/x'), LIMIT))).toBe('FETCH')
      expect(await verdictOf(() => client.bytes(new URL('file:///tmp/a%2fb'), LIMIT))).toBe('FETCH')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a place that is asked again and again', () => {
  it('is asked no more once it failed too often in a row, and another on the same server is', async () => {
    const { base, asked } = await serve((request, response) =>
      request.url?.startsWith('/good/') === true ? response.end('content') : status(500)(response),
    )
    const client = downloads({ retryDelay: 0 })
    const [bad, good] = [new URL('bad/', base), new URL('good/', base)]
    const place = client.forPlace(bad)
    for (let failed = 0; failed < MAX_FAILURES_IN_A_ROW; failed++) {
      await expect(place.bytes(bad, LIMIT)).rejects.toThrow(/HTTP 500/)
    }
    const before = asked.length
    await expect(place.bytes(bad, LIMIT)).rejects.toThrow(
      expect.objectContaining({
        code: 'FETCH',
        message: expect.stringMatching(/not asked: at .*bad\/ 8 downloads in a row/),
      }),
    )
    expect(asked).toHaveLength(before)
    await expect(client.forPlace(good).bytes(good, LIMIT)).resolves.toHaveLength(7)
    await expect(client.bytes(bad, LIMIT)).rejects.toThrow(/HTTP 500/)
  })

  it('is asked on where it answers in between, if only that it has none', async () => {
    let asked = 0
    const { base } = await serve((_request, response) => status(asked++ % 8 === 7 ? 404 : 500)(response))
    const place = downloads({ retryDelay: 0 }).forPlace(base)
    for (let turn = 0; turn < MAX_FAILURES_IN_A_ROW * 2; turn++) {
      await expect(place.bytes(base, LIMIT)).rejects.toThrow(/HTTP (500|404)/)
    }
    expect(asked).toBeGreaterThan(MAX_FAILURES_IN_A_ROW * 2)
  })
})

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { DebproofError, describeError } from '../../src/errors.ts'
import { ContentFolder } from '../../src/net/content-folder.ts'
import { RequestRefusedError } from '../../src/net/http-transport.ts'
import type { Outcome } from '../../src/net/outcome.ts'
import { Recording } from '../../src/net/recording.ts'
import { Replay } from '../../src/net/replay.ts'
import { digestOf, type Read } from '../../src/net/tape.ts'
import { closeAll, downloads, type Files, serve, serveFiles } from '../making/loopback-server.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const LIMIT = 1_000_000

async function recording(keepAll = false) {
  const folder = mkdtempSync(path.join(tmpdir(), 'debproof-recording-'))
  folders.push(folder)
  const content = await ContentFolder.open(path.join(folder, 'sha256'))
  const tape = new Recording(content, { keepAll })
  const files = (): string[] => readdirSync(content.folder).sort()
  const replayed = async (): Promise<Replay> => new Replay(await tape.outcomes(), (name) => content.pathOf(name))
  return { tape, content, files, replayed }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const text: Read<string> = async (chunks) => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString('latin1')
}

/** Reads so many bytes and refuses the rest. */
const refusing =
  (bytes: number): Read<string> =>
  async (chunks) => {
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size >= bytes) throw new DebproofError('INDEX_MALFORMED', `refused after ${bytes} bytes`)
    }
    return 'taken'
  }

async function told(action: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await action())
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    const status = error instanceof RequestRefusedError ? error.status : ''
    return `${error.code} ${status} ${describeError(error)}`
  }
}

describe('a recording', () => {
  it('keeps what was read under its hash, and plays it back when the server is gone', async () => {
    const { base, close } = await serveFiles({ a: 'content' })
    const { tape, files, replayed } = await recording()
    expect(await downloads({ tape }).stream(new URL('a', base), LIMIT, text)).toBe('content')
    await close()
    expect(files()).toEqual([sha256('content')])
    const again = downloads({ tape: await replayed() })
    expect(await again.stream(new URL('a', base), LIMIT, text)).toBe('content')
  })

  it('takes each look once: whoever asks again sees the same', async () => {
    let version = 0
    const { base, asked } = await serve((_request, response) => response.end(`version ${++version}`))
    const { tape } = await recording()
    const client = downloads({ tape })
    const both = await Promise.all([1, 2, 3].map(() => client.stream(base, LIMIT, text)))
    expect(new Set(both)).toEqual(new Set(['version 1']))
    expect(asked).toHaveLength(1)
    expect(await client.stream(base, LIMIT, text, { look: 2 })).toBe('version 2')
    expect(await client.stream(base, LIMIT, text)).toBe('version 1')
  })

  it.each([404, 403, 410, 500, 429])('keeps that the server answered with status %i', async (status) => {
    const { base } = await serveFiles({ a: status })
    const { tape, replayed, files } = await recording()
    const url = new URL('a', base)
    const first = await told(() => downloads({ tape }).bytes(url, LIMIT))
    expect(first).toMatch(/^(?:NOT_FOUND|FETCH)/)
    const replay = await replayed()
    expect(await told(() => downloads({ tape: replay }).bytes(url, LIMIT))).toBe(first)
    expect(files()).toEqual([])
  })

  it('keeps what a reader refused, as far as it was read, and reads it whole for the next', async () => {
    const long = 'x'.repeat(500_000)
    const { base, asked } = await serveFiles({ a: long })
    const { tape, replayed, files } = await recording()
    const client = downloads({ tape })
    const url = new URL('a', base)
    const first = await told(() => client.stream(url, LIMIT, refusing(1000)))
    const replay = await replayed()
    expect(await told(() => downloads({ tape: replay }).stream(url, LIMIT, refusing(1000)))).toBe(first)
    expect((await tape.outcomes())[0]).toMatchObject({ complete: false, kept: true })
    expect(await client.stream(url, LIMIT, text)).toBe(long)
    expect(asked).toHaveLength(2)
    expect((await tape.outcomes())[0]).toMatchObject({ complete: true, sha256: sha256(long) })
    expect(files()).toContain(sha256(long))
  })

  it('keeps a refusal of the limit, and not the bytes', async () => {
    const { base } = await serveFiles({ a: 'x'.repeat(100) })
    const { tape, replayed, files } = await recording()
    const first = await told(() => downloads({ tape }).bytes(new URL('a', base), 50))
    expect(first).toMatch(/^TOO_LARGE/)
    expect(
      await told(async () => (await replayed()).stream({ url: new URL('a', base), limit: 50, look: 1 }, text)),
    ).toBe(first)
    expect(files()).toEqual([])
  })

  it('keeps a download that broke off and came whole the second time, whole', async () => {
    let turn = 0
    const { base } = await serve((_request, response) => {
      turn += 1
      response.writeHead(200, { 'content-length': '10' })
      if (turn > 1) response.end('0123456789')
      else response.write('01234', () => response.destroy())
    })
    const { tape, files } = await recording()
    expect(await downloads({ tape }).stream(base, LIMIT, text)).toBe('0123456789')
    expect(files()).toEqual([sha256('0123456789')])
  })

  it('of a file that is only hashed keeps the digest, and all of it where all is to be kept', async () => {
    const { base } = await serveFiles({ 'a.deb': 'package' })
    const url = new URL('a.deb', base)
    const digest = { sha256: sha256('package'), size: 7 }
    for (const [keepAll, kept] of [
      [false, []],
      [true, [digest.sha256]],
    ] as const) {
      const { tape, files, replayed } = await recording(keepAll)
      expect(await downloads({ tape }).digest(url, LIMIT)).toMatchObject(digest)
      expect(files()).toEqual(kept)
      const replay = await replayed()
      expect(await downloads({ tape: replay }).digest(url, LIMIT)).toEqual(digest)
      expect(replay.digests).toEqual(keepAll ? [] : [url.href])
    }
  })

  it('keeps the names in a folder, and that it could not be listed', async () => {
    const { tape, replayed } = await recording()
    const refused = new DebproofError('FETCH', 'no such folder', { cause: new Error('why') })
    const [good, bad] = [new URL('file:///a/'), new URL('file:///b/#x')]
    const client = downloads({ tape })
    expect(await client.names(good, async () => ['1', '2'])).toEqual(['1', '2'])
    const first = await told(() => client.names(bad, () => Promise.reject(refused)))
    const again = downloads({ tape: await replayed() })
    expect(await again.names(good, () => Promise.reject(new Error('asked')))).toEqual(['1', '2'])
    expect(await told(() => again.names(bad, async () => []))).toBe(first)
  })

  it('does not keep a bug of the program as if a server had failed', async () => {
    const { base } = await serveFiles({ a: 'content' })
    const { tape } = await recording()
    const bug = async (): Promise<never> => {
      throw new TypeError('a bug')
    }
    await expect(downloads({ tape }).stream(new URL('a', base), LIMIT, bug)).rejects.toThrow(TypeError)
    expect(await downloads({ tape }).stream(new URL('a', base), LIMIT, text)).toBe('content')
  })

  it('is the same whatever the order of the looks', async () => {
    const { base } = await serveFiles({ a: '1', b: '2', c: 404 })
    const orders: Outcome[][] = []
    for (const order of ['abc', 'cba', 'bca']) {
      const { tape } = await recording()
      for (const name of order) await told(() => downloads({ tape }).bytes(new URL(name, base), LIMIT))
      orders.push(await tape.outcomes())
    }
    expect(orders[1]).toEqual(orders[0])
    expect(orders[2]).toEqual(orders[0])
  })

  it('gives every reader again what it had, whoever read what before', async () => {
    const body = fc.oneof(fc.constantFrom(404, 403, 500), fc.string({ maxLength: 2000 }))
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      look: fc.constantFrom(1 as const, 2 as const),
      refusesAt: fc.option(fc.integer({ min: 1, max: 3000 })),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 3, maxLength: 3 }),
        fc.array(step, { maxLength: 8 }),
        async (bodies, steps) => {
          const files: Files = { a: bodies[0] ?? 404, b: bodies[1] ?? 404, c: bodies[2] ?? 404 }
          const { base, close } = await serveFiles(files)
          const { tape, replayed } = await recording()
          const play = async (client: ReturnType<typeof downloads>): Promise<string[]> => {
            const said = []
            for (const { name, look, refusesAt } of steps) {
              const read = refusesAt === null ? text : refusing(refusesAt)
              said.push(await told(() => client.stream(new URL(name, base), LIMIT, read, { look })))
            }
            return said
          }
          const first = await play(downloads({ tape }))
          await close()
          expect(await play(downloads({ tape: await replayed() }))).toEqual(first)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('what was not kept', () => {
  it('is missing, by name, and never fetched', async () => {
    const { base, asked } = await serveFiles({ a: 'content' })
    const replay = new Replay([], () => '')
    const client = downloads({ tape: replay })
    for (const ask of [
      () => client.bytes(new URL('a', base), LIMIT),
      () => client.digest(new URL('b', base), LIMIT),
      () => client.names(new URL('file:///c/'), async () => []),
    ]) {
      expect(await told(ask)).toMatch(/^EVIDENCE .*holds nothing of/)
    }
    expect(replay.missing).toEqual(['file:///c/', `${base.href}a`, `${base.href}b`])
    expect(asked).toEqual([])
  })

  it('is missing too where the digest alone was kept and the bytes are wanted', async () => {
    const url = 'http://127.0.0.1/a'
    const outcome: Outcome = { url, look: 1, sha256: sha256(''), size: 0, complete: true, kept: false }
    const replay = new Replay([outcome], () => '')
    expect(await told(() => replay.stream({ url: new URL(url), limit: LIMIT, look: 1 }, digestOf))).toMatch(/^EVIDENCE/)
  })
})

describe('evidence that somebody takes away', () => {
  it('is an error of the output while a run reads it again, and of the evidence while it is rechecked', async () => {
    const { base } = await serveFiles({ a: 'x' })
    const { tape, content, replayed } = await recording()
    const client = downloads({ tape })
    const url = new URL('a', base)
    await client.stream(url, LIMIT, text)
    const replay = await replayed()
    rmSync(content.pathOf(sha256('x')))
    await expect(client.stream(url, LIMIT, text)).rejects.toMatchObject({ code: 'OUTPUT' })
    await expect(downloads({ tape: replay }).stream(url, LIMIT, text)).rejects.toMatchObject({ code: 'EVIDENCE' })
  })
})

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  CONNECT_TIMEOUT,
  DOWNLOAD_TIMEOUT,
  DOWNLOAD_TRIES,
  IDLE_TIMEOUT,
  MAX_CACHE_DEPTH,
  MAX_CACHE_FILES,
  MAX_INDEX,
  MAX_SAVED_CACHE,
  PACED_RETRY_DELAY,
  PATIENCE,
  PATIENCE_PER_DOWNLOAD,
  REQUEST_INTERVAL,
  RETRY_DELAY,
  SERVICE_PATIENCE,
  SERVICE_PATIENCE_PER_DOWNLOAD,
} from '../../src/limits.ts'
import { adoptContent, contentPath, gatherContent } from '../../src/net/cache-content.ts'
import { delayBefore, MIRROR_RETRIES, Pace, SERVICE_RETRIES } from '../../src/net/pace.ts'
import { Patience } from '../../src/net/patience.ts'
import { failure } from '../making/failure.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'

// The code is what it is; only the numbers are smaller: a test does not wait for minutes, nor write gigabytes.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  CONNECT_TIMEOUT: 600,
  IDLE_TIMEOUT: 1500,
  DOWNLOAD_TIMEOUT: 4000,
  REQUEST_INTERVAL: 300,
  SERVICE_PATIENCE: 1000,
  SERVICE_PATIENCE_PER_DOWNLOAD: 100,
  MAX_CACHE_FILES: 12,
  MAX_CACHE_DEPTH: 3,
  MAX_SAVED_CACHE: 4096,
  MAX_INDEX: 3000,
}))

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await closeAll()
})

describe('a server', () => {
  /** Writes its answer byte by byte, so many milliseconds apart. */
  const slowly = async (pause: number, bytes: number) =>
    await serve((_, response) => {
      response.writeHead(200, { 'content-length': String(bytes) })
      let left = bytes
      const more = (): void => {
        if (response.destroyed || left-- === 0) response.end()
        else response.write('x', () => setTimeout(more, pause))
      }
      more()
    })

  it('that pauses for less than the limit is waited for, one that says nothing for longer is not', async () => {
    const patient = await slowly(IDLE_TIMEOUT / 10, 5)
    expect(await failure(() => downloads().bytes(patient.base, 100))).toBe('accepted')
    const silent = await serve((_, response) => void response.writeHead(200).write('x'))
    const reading = failure(() => downloads().bytes(silent.base, 100))
    expect(await reading).toMatch(/broke off: .*[Tt]imeout/)
    expect(silent.asked).toHaveLength(DOWNLOAD_TRIES)
  }, 30_000)

  it('that sends a byte now and then is given up at the limit of the whole download, and not tried again', async () => {
    const drip = await slowly(IDLE_TIMEOUT / 5, 1000)
    const started = performance.now()
    expect(await failure(() => downloads().bytes(drip.base, 10_000))).toMatch(/took longer than 4 s/)
    expect(performance.now() - started).toBeGreaterThan(DOWNLOAD_TIMEOUT - 100)
    expect(drip.asked).toHaveLength(1)
  }, 30_000)

  it('that does not make the connection in time is given up', async () => {
    // It takes the connection and says nothing to the greeting of TLS.
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    const started = performance.now()
    const told = await failure(() => downloads().bytes(new URL(`https://127.0.0.1:${address.port}/`), 10))
    const took = performance.now() - started
    for (const socket of sockets) socket.destroy()
    server.close()
    expect(told).toMatch(/could not be fetched: .*Connect Timeout/)
    expect(sockets).toHaveLength(DOWNLOAD_TRIES)
    expect(took).toBeGreaterThan(CONNECT_TIMEOUT * DOWNLOAD_TRIES * 0.8)
  }, 30_000)
})

describe('patience', () => {
  it('ends with so many milliseconds, and so many more for each download', () => {
    const place = new URL('https://alpha.example/')
    const within = new Patience(place)
    within.count(PATIENCE + PATIENCE_PER_DOWNLOAD, true)
    expect(() => within.check(place)).not.toThrow()
    const beyond = new Patience(place)
    beyond.count(PATIENCE + PATIENCE_PER_DOWNLOAD + 1, true)
    expect(() => beyond.check(place)).toThrow(/was not asked: .* 1 downloads took 5 minutes/)
  })

  it('with a service ends with other numbers', async () => {
    const { base, asked } = await serve((_, response) => void setTimeout(() => response.end('x'), 800))
    const service = downloads({ requestInterval: 0 }).paced(base, () => {})
    expect(await failure(() => service.bytes(new URL('a', base), 10))).toBe('accepted')
    expect(await failure(() => service.bytes(new URL('b', base), 10))).toBe('accepted')
    expect(2 * 800).toBeGreaterThan(SERVICE_PATIENCE + 2 * SERVICE_PATIENCE_PER_DOWNLOAD)
    expect(await failure(() => service.bytes(new URL('c', base), 10))).toMatch(/\/c was not asked/)
    expect(asked).toHaveLength(2)
  })
})

describe('the next try', () => {
  it('comes after the first delay, which doubles, as often as the limit says', () => {
    expect(delayBefore(1, undefined, MIRROR_RETRIES)).toBe(RETRY_DELAY)
    expect(delayBefore(DOWNLOAD_TRIES - 1, undefined, MIRROR_RETRIES)).toBe(RETRY_DELAY * 2 ** (DOWNLOAD_TRIES - 2))
    expect(delayBefore(DOWNLOAD_TRIES, undefined, MIRROR_RETRIES)).toBeUndefined()
    expect(delayBefore(1, undefined, SERVICE_RETRIES)).toBe(PACED_RETRY_DELAY)
  })

  it('and each request to a service keeps the interval, where nobody says another', async () => {
    const pace = new Pace()
    expect(pace.interval).toBe(REQUEST_INTERVAL)
    const started = performance.now()
    await pace.turn()
    await pace.turn()
    expect(performance.now() - started).toBeGreaterThan(REQUEST_INTERVAL - 5)
  })
})

describe('a cache from elsewhere', () => {
  const put = (name: string, content: string): string => {
    const hash = createHash('sha256').update(content).digest('hex')
    const file = path.join(folder, 'from', name, hash)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
    return hash
  }
  const adopt = async (): Promise<number> => await adoptContent(path.join(folder, 'from'), path.join(folder, 'cache'))

  it('is taken as deep as the limit', async () => {
    put('d/'.repeat(MAX_CACHE_DEPTH), 'deep')
    put('e/'.repeat(MAX_CACHE_DEPTH + 1), 'deeper')
    expect(await adopt()).toBe(1)
  })

  it('is taken up to so many files', async () => {
    for (let index = 0; index < MAX_CACHE_FILES + 3; index++) put('', `content ${index}`)
    expect(await adopt()).toBe(MAX_CACHE_FILES)
  })

  it('is taken up to so many bytes, none of them in a file larger than any index', async () => {
    const half = MAX_SAVED_CACHE / 2
    put('', 'a'.repeat(half))
    put('', 'b'.repeat(half))
    put('', 'c'.repeat(half))
    expect(await adopt()).toBe(2)
    rmSync(path.join(folder, 'from'), { recursive: true })
    put('', 'd'.repeat(MAX_INDEX))
    const over = put('', 'e'.repeat(MAX_INDEX + 1))
    expect(await adopt()).toBe(1)
    expect(existsSync(contentPath(path.join(folder, 'cache'), over))).toBe(false)
  })

  it('gets no more than it may hold', async () => {
    const cache = path.join(folder, 'cache')
    const sizes = [MAX_SAVED_CACHE, 1]
    const hashes = sizes.map((size) => {
      const content = String(size).repeat(size).slice(0, size)
      const hash = createHash('sha256').update(content).digest('hex')
      mkdirSync(path.dirname(contentPath(cache, hash)), { recursive: true })
      writeFileSync(contentPath(cache, hash), content)
      return hash
    })
    expect(await gatherContent(cache, hashes, path.join(folder, 'into'))).toEqual([hashes[0]])
  })
})

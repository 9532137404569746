import { afterEach, describe, expect, it } from 'vitest'
import {
  MAX_PACED_DELAY,
  MAX_PACED_RETRY_AFTER,
  MAX_RETRY_AFTER,
  MAX_SERVICE_FAILURES,
  PACED_TRIES,
} from '../../src/limits.ts'
import { delayBefore, MIRROR_RETRIES, Pace, SERVICE_RETRIES } from '../../src/net/pace.ts'
import { closeAll, downloads, serve } from '../making/loopback-server.ts'
import { verdictOf } from '../making/signed-archive.ts'

afterEach(closeAll)

const LIMIT = 1000

describe('the delay before another try', () => {
  it('grows up to some minutes, for so many tries', () => {
    const delays = Array.from({ length: PACED_TRIES }, (_, index) => delayBefore(index + 1, undefined, SERVICE_RETRIES))
    expect(delays).toEqual([4000, 8000, 16_000, 32_000, 64_000, MAX_PACED_DELAY, undefined])
  })

  it('is what the server asks for, where that is longer and not too long', () => {
    expect(delayBefore(1, 60, SERVICE_RETRIES)).toBe(60_000)
    expect(delayBefore(1, 1, SERVICE_RETRIES)).toBe(4000)
    expect(delayBefore(1, MAX_PACED_RETRY_AFTER, SERVICE_RETRIES)).toBe(MAX_PACED_RETRY_AFTER * 1000)
    expect(delayBefore(1, MAX_PACED_RETRY_AFTER + 1, SERVICE_RETRIES)).toBeUndefined()
    expect(delayBefore(1, MAX_RETRY_AFTER + 1, MIRROR_RETRIES)).toBeUndefined()
  })
})

describe('a pace', () => {
  it('keeps its distance between the starts of requests, and does not hurry after a pause', async () => {
    const pace = new Pace(50)
    const starts: number[] = []
    const ask = async (): Promise<void> => {
      await pace.turn()
      starts.push(performance.now())
    }
    await Promise.all([ask(), ask(), ask()])
    await new Promise((resolve) => setTimeout(resolve, 120))
    await Promise.all([ask(), ask()])
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(45)
  })

  it('runs one task after another, also where one fails', async () => {
    const pace = new Pace(0)
    let running = 0
    const task = async (): Promise<void> => {
      expect(++running).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
      throw new Error('failed')
    }
    const results = await Promise.allSettled([pace.run(task), pace.run(task), pace.run(task)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })
})

describe('a service that is asked gently', () => {
  it('has one pace, whoever asks it, and waits for each redirect as well', async () => {
    const starts: number[] = []
    const { base } = await serve((request, response) => {
      starts.push(performance.now())
      if (request.url?.startsWith('/from') === true) response.writeHead(302, { location: '/to' }).end()
      else response.end('x')
    })
    const client = downloads({ requestInterval: 80 })
    const [one, two] = [client.paced(new URL('a/', base), () => {}), client.paced(base, () => {})]
    expect(one.interval).toBe(80)
    await Promise.all([one.bytes(new URL('from', base), LIMIT), two.bytes(new URL('from2', base), LIMIT)])
    expect(starts).toHaveLength(4)
    // In all, for the way there may take longer for the one than for the other.
    expect((starts[3] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(3 * 80 - 60)
  })

  it('is tried more often than a mirror, tells why it is waited for, and is given up after some failures', async () => {
    const { base, asked } = await serve((_request, response) => response.writeHead(509).end())
    const waits: string[] = []
    const paced = downloads({ requestInterval: 0, retryDelay: 1 }).paced(base, ({ milliseconds, why }) =>
      waits.push(`${milliseconds} ${why}`),
    )
    expect(await verdictOf(() => paced.bytes(base, LIMIT))).toBe('FETCH')
    expect(asked).toHaveLength(PACED_TRIES)
    expect(waits).toEqual(['1', '2', '4', '8', '16', '32'].map((delay) => `${delay} HTTP 509`))
    for (let failed = 1; failed < MAX_SERVICE_FAILURES; failed++) await verdictOf(() => paced.bytes(base, LIMIT))
    await expect(paced.bytes(base, LIMIT)).rejects.toThrow(/was not asked/)
    expect(asked).toHaveLength(PACED_TRIES * MAX_SERVICE_FAILURES)
  })

  it('is waited for until the date that it gives', async () => {
    let turn = 0
    const { base } = await serve((_request, response) => {
      const now = new Date(Math.floor(Date.now() / 1000) * 1000)
      const later = new Date(now.getTime() + 1000).toUTCString()
      if (turn++ === 0) response.writeHead(503, { date: now.toUTCString(), 'retry-after': later }).end()
      else response.end('content')
    })
    const start = performance.now()
    await downloads({ requestInterval: 0, retryDelay: 1 })
      .paced(base, () => {})
      .bytes(base, LIMIT)
    expect(performance.now() - start).toBeGreaterThan(950)
  })
})

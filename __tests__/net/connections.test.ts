import { createServer } from 'node:http'
import { connect, type LookupFunction } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { closeAll, downloads, type LoopbackServer, listening, serve } from '../making/loopback-server.ts'

const HERE = { address: '127.0.0.1', family: 4 }
const KEYS = { address: '169.254.169.254', family: 4 }

/** Names as their owners like them: they lead to this machine, to a cloud's keys, and to both. */
const NAMES: Readonly<Record<string, readonly (typeof HERE)[]>> = {
  'inside.example': [HERE],
  'other.example': [HERE],
  'keys.example': [KEYS],
  'both.example': [HERE, KEYS],
}

const lookup: LookupFunction = (hostname, _options, callback) => callback(null, [...(NAMES[hostname] ?? [])])

const SECRET = 'what only the machines inside may read'
const TO_KEYS = 'http://keys.example/latest/meta-data/'
const NO_KEYS = /is not (connected to|asked): that is where a cloud keeps its machine's keys/

let server: LoopbackServer

beforeEach(async () => {
  server = await serve((request, response) => {
    const to = new URL(request.url ?? '', 'http://x').searchParams.get('to')
    if (to === null) response.end(SECRET)
    else response.writeHead(302, { location: to }).end()
  })
})

afterEach(async () => {
  await closeAll()
  vi.unstubAllEnvs()
})

/** The server under another name. */
const under = (name: string, to?: string): string =>
  `http://${name}:${server.base.port}/${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`

async function read(url: string): Promise<string> {
  return Buffer.from(await downloads({ lookup }).bytes(new URL(url), 1000)).toString()
}

/** A proxy through which all but some names are reached: what lies behind it is the public network. */
async function behindProxy(...direct: readonly string[]): Promise<void> {
  const proxy = createServer()
  proxy.on('connect', (_request, client) => {
    const upstream = connect(Number(server.base.port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  const { base } = await listening(proxy, 'http', [])
  vi.stubEnv('http_proxy', base.href)
  vi.stubEnv('no_proxy', direct.join(','))
}

describe('a name that leads inside', () => {
  it('is asked where the policy names it, and may lead on inside', async () => {
    expect(await read(under('inside.example'))).toBe(SECRET)
    expect(await read(under('inside.example', under('other.example')))).toBe(SECRET)
    expect(await read(under('inside.example', under('127.0.0.1')))).toBe(SECRET)
  })

  it('is not asked where a public server leads there', async () => {
    await behindProxy('inside.example')
    expect(await read(under('mirror.example', under('public.example')))).toBe(SECRET)
    server.asked.length = 0
    await expect(read(under('mirror.example', under('inside.example')))).rejects.toMatchObject({
      code: 'FETCH',
      message: expect.stringMatching(/inside\.example, which is 127\.0\.0\.1, is not connected to: a public server/),
    })
    expect(server.asked).toHaveLength(1)
  })

  it('is not asked either where it leads there over a server inside', async () => {
    await behindProxy('inside.example', 'other.example')
    const overInside = under('inside.example', under('other.example'))
    expect(await read(overInside)).toBe(SECRET)
    await expect(read(under('mirror.example', overInside))).rejects.toMatchObject({ code: 'FETCH' })
  })
})

describe("where a cloud keeps its machine's keys", () => {
  it.each(['http://169.254.169.254/latest/', 'http://[fd00:ec2::254]/', TO_KEYS, 'http://both.example/'])(
    'nobody looks, not even where the policy says so: %s',
    async (url) => {
      await expect(read(url)).rejects.toMatchObject({ code: 'FETCH', message: expect.stringMatching(NO_KEYS) })
    },
  )

  it('nobody looks where a server inside leads there, by address or by name', async () => {
    for (const to of ['http://169.254.169.254/latest/', TO_KEYS]) {
      await expect(read(under('inside.example', to))).rejects.toMatchObject({
        code: 'FETCH',
        message: expect.stringMatching(NO_KEYS),
      })
    }
  })

  it('nobody looks through a proxy, as far as the URL tells', async () => {
    await behindProxy()
    await expect(read('http://169.254.169.254/')).rejects.toMatchObject({ message: expect.stringMatching(NO_KEYS) })
    expect(server.asked).toEqual([])
  })
})

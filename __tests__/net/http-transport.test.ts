import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { MAX_REDIRECTS } from '../../src/limits.ts'
import { HttpTransport, ServerBusyError } from '../../src/net/http-transport.ts'
import { closeAll, downloads, listening, serve, serveFiles } from '../making/loopback-server.ts'
import { selfSignedCertificate } from '../making/self-signed-certificate.ts'
import { verdictOf } from '../making/signed-archive.ts'

/** Reads from a server that answers each connection with these bytes and closes it. */
async function textFromRaw(answer: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(answer, 'latin1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    return await textOf(new URL(`http://127.0.0.1:${address.port}/`))
  } finally {
    server.close()
  }
}

afterEach(async () => {
  await closeAll()
  vi.unstubAllEnvs()
})

const LIMIT = 1_000_000

async function textOf(url: URL): Promise<string> {
  return Buffer.from(await downloads().bytes(url, LIMIT)).toString()
}

/** A server that answers every path but `/target` with a redirect to `location`. */
async function redirecting(location: string, code = 302) {
  return await serve((request, response) => {
    if (request.url === '/target') response.end('target')
    else response.writeHead(code, { location }).end('moved')
  })
}

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('are followed at status %i', async (code) => {
    const { base, asked } = await redirecting('/target', code)
    expect(await textOf(new URL('a/b', base))).toBe('target')
    expect(asked).toEqual(['/a/b', '/target'])
  })

  it('may be relative, and may lead to another server', async () => {
    const other = await serveFiles({ target: 'elsewhere' })
    expect(await textOf((await redirecting('target')).base)).toBe('target')
    expect(await textOf((await redirecting(new URL('target', other.base).href)).base)).toBe('elsewhere')
  })

  it('Redirect loop: no', async () => {
    const { base, asked } = await redirecting('/again')
    expect(await verdictOf(() => textOf(base))).toBe('FETCH')
    expect(asked).toHaveLength(MAX_REDIRECTS + 1)
  })

  it.each([
    ['to file:', 'file:///etc/hostname'],
    ['to ftp:', 'ftp://example.org/x'],
    ['to data:', 'data:text/plain,evil'],
    ['to nothing', ''],
    ['to no URL', 'http://['],
    ['with a blank', '/a b'],
    ['with characters beyond ASCII', '/caf\xe9'],
  ])('Redirect %s: no', async (_name, location) => {
    const { base, asked } = await redirecting(location)
    const failure = await downloads().bytes(base, LIMIT).catch(describeError)
    expect(failure).toMatch(/redirects to/)
    expect(asked).toHaveLength(1)
  })

  it('Redirect without a Location: no', async () => {
    const { base } = await serve((_request, response) => response.writeHead(302).end())
    expect(await verdictOf(() => textOf(base))).toBe('FETCH')
  })

  it.each(['\x01', '\x0b', '\x1b[2J', '\x7f', '\0'])('Redirect with control characters (%j): no', async (control) => {
    const answer = `HTTP/1.1 302 Found\r\nLocation: /tar${control}get\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
    expect(await verdictOf(() => textFromRaw(answer))).toBe('FETCH')
  })

  describe('over TLS', () => {
    /** An https server; this process takes its certificate on trust as long as the test runs. */
    async function secure(location: string) {
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
      const asked: string[] = []
      const server = createTlsServer(selfSignedCertificate(), (request, response) => {
        asked.push(request.url ?? '')
        if (request.url === '/target') response.end('secure')
        else response.writeHead(302, { location }).end()
      })
      return await listening(server, 'https', asked)
    }

    it('https to http: no', async () => {
      const plain = await serveFiles({ target: 'plain' })
      const { base } = await secure(new URL('target', plain.base).href)
      const failure = await downloads().bytes(base, LIMIT).catch(describeError)
      expect(failure).toMatch(/https must not fall back to http/)
      expect(plain.asked).toEqual([])
    })

    it('https to https, and http to https: yes', async () => {
      const { base } = await secure('/target')
      expect(await textOf(base)).toBe('secure')
      expect(await textOf((await redirecting(new URL('target', base).href)).base)).toBe('secure')
    })

    it('a certificate that nobody vouches for: no', async () => {
      const { base } = await secure('/target')
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '1')
      expect(await verdictOf(() => textOf(base))).toBe('FETCH')
    })
  })
})

describe('bodies', () => {
  it.each(['gzip', 'br', 'deflate', 'gzip, gzip'])(
    'Content-Encoding %s, which nobody asked for: no',
    async (encoding) => {
      const { base } = await serve((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('content'))
      })
      expect(await verdictOf(() => textOf(base))).toBe('FETCH')
    },
  )

  it('Content-Encoding identity: yes', async () => {
    const { base } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'identity' }).end('content')
    })
    expect(await textOf(base)).toBe('content')
  })

  it('a truncated body: no', async () => {
    const { base } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    })
    expect(await verdictOf(() => textOf(base))).toBe('FETCH')
  })

  it('a truncated chunked body: no', async () => {
    const { base } = await serve((_request, response) => {
      response.write('half', () => response.destroy())
    })
    expect(await verdictOf(() => textOf(base))).toBe('FETCH')
  })

  it.each([
    ['less', 4],
    ['more', 400],
  ])('a Content-Length that says %s than what comes: never the whole body', async (_name, length) => {
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\ncontent`
    const got = await textFromRaw(answer).catch(() => 'refused')
    expect(got).toBe(length < 7 ? 'cont' : 'refused')
  })

  it.each([
    ['a stalled body', true],
    ['a server that never answers', false],
  ])('%s: given up after the idle time', async (_name, begins) => {
    const { base } = await serve((_request, response) => {
      if (begins) response.write('half')
    })
    const transport = new HttpTransport({ userAgent: 'debproof-test', idleTimeout: 50 })
    try {
      const read = async (): Promise<void> => {
        const { chunks } = await transport.open(base, AbortSignal.timeout(10_000))
        for await (const _ of chunks);
      }
      await expect(read()).rejects.toBeInstanceOf(ServerBusyError)
    } finally {
      await transport.close()
    }
  })
})

describe('servers', () => {
  it('connection refused: not "not found"', async () => {
    const { base, close } = await serveFiles({})
    await close()
    expect(await verdictOf(() => textOf(base))).toBe('FETCH')
  })

  it('a server that does not speak http: no', async () => {
    expect(await verdictOf(() => textFromRaw('220 ftp.example.org ready\r\n'))).toBe('FETCH')
  })
})

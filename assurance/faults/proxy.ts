import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { type Answer, onTheWire, type Piece, status } from './answer.ts'

/** What stands behind the proxy: an archive, a snapshot service, a rebuilder. */
export type Origin = (path: string) => Promise<Answer>

/** One request, as a fault sees it. */
export interface Exchange {
  /** With the query, without the first slash. */
  readonly path: string
  readonly random: Random
  readonly origin: Origin
  /** The URL that was asked for, without its path; ends in `/`. */
  readonly base: string
  /** A server that must never be asked where the archive has a public name; ends in `/`. */
  readonly canary: string
}

/** A fault: what it makes of an answer, and of its way over the wire. */
export interface Interference {
  readonly answer?: (answer: Answer, exchange: Exchange) => Answer | Promise<Answer>
  readonly wire?: (pieces: Piece[], exchange: Exchange) => Piece[]
}

/** Asked for each request: what is done to it. */
export type Meddler = (path: string) => readonly Interference[]

export interface FaultProxy {
  readonly port: number
  /** Paths whose whole content went out unchanged. */
  readonly delivered: ReadonlySet<string>
  readonly asked: readonly string[]
  /** Requests for what the canary has. */
  readonly canaryAsked: readonly string[]
  /** Called with each request. */
  onRequest: (count: number) => void
  meddler: Meddler
  readonly close: () => Promise<void>
}

/**
 * Stands between debproof and archives, on the bytes of HTTP/1.1: as the server itself (`http://127.0.0.1:PORT/`), and
 * as the proxy of `http_proxy` for names that do not exist.
 */
export async function startProxy(origin: Origin, random: Random): Promise<FaultProxy> {
  const delivered = new Set<string>()
  const asked: string[] = []
  const canaryAsked: string[] = []
  const sockets = new Set<Socket>()
  const canary = await listen((socket) => {
    keep(socket, sockets)
    socket.on('data', (bytes) => {
      canaryAsked.push(String(bytes).split('\r\n')[0] ?? '')
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncanary')
    })
  })
  const server = await listen((socket) => {
    keep(socket, sockets)
    serveConnection(socket).catch(() => socket.destroy())
  })
  const proxy = {
    port: portOf(server),
    delivered,
    asked,
    canaryAsked,
    onRequest: (_count: number): void => {},
    meddler: ((): readonly Interference[] => []) as Meddler,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      await Promise.all([server, canary].map((each) => new Promise((resolve) => each.close(resolve))))
    },
  }

  async function serveConnection(socket: Socket): Promise<void> {
    let base = `http://127.0.0.1:${portOf(server)}/`
    for await (const { method, target } of requests(socket)) {
      if (method === 'CONNECT') {
        base = `http://${target.replace(/:80$/, '')}/`
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        continue
      }
      const absolute = /^(http:\/\/[^/]+\/)(.*)$/.exec(target)
      const path = absolute === null ? target.slice(1) : (absolute[2] ?? '')
      asked.push(path)
      proxy.onRequest(asked.length)
      const exchange: Exchange = {
        path,
        random: random.fork(),
        origin,
        base: absolute?.[1] ?? base,
        canary: `http://127.0.0.1:${portOf(canary)}/`,
      }
      // Whoever follows a redirect to an address inside may do so through the proxy.
      if (!/^http:\/\/(?:127\.0\.0\.1:\d+|[a-z]+\.example)\/$/.test(exchange.base)) canaryAsked.push(exchange.base)
      if (!(await answerOne(socket, exchange))) return
    }
  }

  /** @returns whether the connection may carry another answer */
  async function answerOne(socket: Socket, exchange: Exchange): Promise<boolean> {
    const meddlers = proxy.meddler(exchange.path)
    const sound = await origin(exchange.path).catch(() => status(502, 'Bad Gateway'))
    let answer = sound
    for (const { answer: change } of meddlers) if (change !== undefined) answer = await change(answer, exchange)
    const usual = onTheWire(answer, exchange.random.between(1, 6))
    let pieces = usual
    for (const { wire } of meddlers) if (wire !== undefined) pieces = wire(pieces, exchange)
    const isWhole = answer.status === 200 && Buffer.compare(answer.body, sound.body) === 0 && keepsOrder(usual, pieces)
    for (const piece of pieces) {
      if (socket.destroyed) return false
      if (piece instanceof Uint8Array) await write(socket, piece)
      else if (piece === 'reset') socket.resetAndDestroy()
      else if (piece === 'end') socket.end()
      else if (piece === 'hold') await new Promise((resolve) => socket.once('close', resolve))
      else if ('wait' in piece) await sleep(piece.wait)
      else while (!socket.destroyed) await write(socket, piece.endless)
    }
    if (isWhole) delivered.add(exchange.path.split('?')[0] ?? '')
    return !pieces.some((piece) => typeof piece === 'string')
  }

  return proxy
}

/** Whether all bytes that were to be sent are sent in their order, whatever came between or before. */
function keepsOrder(usual: readonly Piece[], pieces: readonly Piece[]): boolean {
  const bytesOf = (list: readonly Piece[]): Buffer =>
    Buffer.concat(list.filter((piece): piece is Uint8Array => piece instanceof Uint8Array))
  return bytesOf(pieces).includes(bytesOf(usual))
}

interface RequestLine {
  readonly method: string
  readonly target: string
}

/** What is asked for over one connection; nobody here sends a body. */
async function* requests(socket: Socket): AsyncGenerator<RequestLine> {
  let text = ''
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    text += String(bytes)
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const [method = '', target = ''] = text.slice(0, end).split(' ')
      text = text.slice(end + 4)
      yield { method, target }
    }
  }
}

/** Waits until the other side takes more, or is gone. */
async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
}

async function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: false }, onConnection)
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

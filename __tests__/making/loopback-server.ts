import { createServer, type RequestListener, type Server } from 'node:http'
import { Downloads, type DownloadsOptions } from '../../src/net/downloads.ts'

/** A server on this machine alone. */
export interface LoopbackServer {
  /** Ends in `/`. */
  readonly base: URL
  /** The paths that were asked for, in order. */
  readonly asked: string[]
  readonly close: () => Promise<void>
}

// Where a proxy is set for the machine, the client would ask it for 127.0.0.1.
process.env['no_proxy'] = '127.0.0.1'
process.env['NO_PROXY'] = '127.0.0.1'

const running: { close: () => Promise<void> }[] = []

/** Closes every server and every client that a test started: for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.close()))
}

export async function serve(answer: RequestListener): Promise<LoopbackServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  return await listening(server, 'http', asked)
}

/** Makes any server of Node's listen, to be closed by `closeAll`. */
export async function listening(server: Server, scheme: string, asked: string[]): Promise<LoopbackServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  running.push({ close })
  return { base: new URL(`${scheme}://127.0.0.1:${address.port}/`), asked, close }
}

/** What a server has: by path without the first slash. A number is the status to answer with instead. */
export type Files = Readonly<Record<string, string | Uint8Array | number>>

/** Serves files; what it does not have is a 404. `files` may be changed while it serves. */
export async function serveFiles(files: Files): Promise<LoopbackServer> {
  return await serve((request, response) => {
    const content = files[decodeURIComponent((request.url ?? '').slice(1))] ?? 404
    if (typeof content === 'number') response.writeHead(content).end()
    else response.end(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  })
}

/** A client that does not wait long, to be closed by `closeAll`. */
export function downloads(options: Partial<DownloadsOptions> = {}): Downloads {
  const client = new Downloads({ userAgent: 'debproof-test', retryDelay: 1, ...options })
  running.push(client)
  return client
}

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { whenOver } from './running.ts'

export interface FileServer {
  /** Without a slash at its end. */
  readonly url: string
  /** The paths that were asked for. */
  readonly requests: readonly string[]
}

/** Serves the files below a folder on a free port of 127.0.0.1 until the tests of this file are over. */
export async function serveFolder(folder: string): Promise<FileServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    requests.push(pathname)
    const file = path.join(folder, decodeURIComponent(pathname))
    stat(file).then(
      (status) => {
        if (!status.isFile()) return response.writeHead(404).end()
        response.writeHead(200, { 'content-length': status.size, 'last-modified': status.mtime.toUTCString() })
        return createReadStream(file).pipe(response)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  whenOver(() => closeServer(server))
  return { url: `http://127.0.0.1:${portOf(server.address())}`, requests }
}

/** The port that a server listens on. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** Ends a server, and whatever still asks it. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

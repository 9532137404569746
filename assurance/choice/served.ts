import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

/** A web server of this machine alone for the files below a folder. */
export interface FolderServer {
  readonly base: URL
  readonly close: () => Promise<void>
}

export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = createServer((request, response) => {
    const file = path.join(folder, path.posix.normalize(decodeURIComponent(request.url ?? '/')))
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) response.end(readFileSync(file))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    base: new URL(`http://127.0.0.1:${address.port}/`),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

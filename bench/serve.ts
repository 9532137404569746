import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { WWW } from './sets.ts'

/**
 * Serves the cache folder on loopback from the memory of a process of its own, so that all who ask get the same and
 * the measuring process is not in their way.
 */
export async function startServer(): Promise<{ readonly base: string; stop(): void }> {
  const child: ChildProcess = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const port = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { base: `http://127.0.0.1:${port}/`, stop: () => child.kill() }
}

function serve(): void {
  const contents = new Map<string, Buffer | undefined>()
  const read = (file: string): Buffer | undefined => {
    try {
      return readFileSync(file)
    } catch {
      return undefined
    }
  }
  const server = createServer((request, response) => {
    const file = path.join(WWW, path.normalize(decodeURIComponent(request.url ?? '/')))
    if (!contents.has(file)) contents.set(file, read(file))
    const content = contents.get(file)
    if (content === undefined) response.writeHead(404, { 'content-length': 0 }).end()
    else response.writeHead(200, { 'content-length': content.length }).end(content)
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
}

if (import.meta.main) serve()

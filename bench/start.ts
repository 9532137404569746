import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { debproof } from './contenders.ts'
import { median, numberOption, printRows } from './measure.ts'
import { files, SETS } from './sets.ts'
import { setUp } from './setup.ts'

/**
 * From the start of the process until a server sees its first request; beside it a Node that does nothing and ends.
 * In between debproof has read the signing key, the policy, the keyring and the list of 2 000 packages.
 */
const prepared = await setUp()
const rounds = numberOption('rounds', 15)
let asked: (() => void) | undefined
const server = createServer((_, response) => {
  asked?.()
  response.writeHead(503).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
const contender = debproof('start', SETS.T1, base, prepared, files.list('2000.txt'))

const times = { empty: [] as number[], version: [] as number[], request: [] as number[] }
for (let round = -1; round < rounds; round++) {
  const empty = await timed(['-e', '0'], ended)
  const version = await timed([contender.args[0] ?? '', '--version'], ended)
  const request = await timed(contender.args, firstRequest)
  if (round < 0) continue
  times.empty.push(empty)
  times.version.push(version)
  times.request.push(request)
}
server.close()
server.closeAllConnections()

const over = (values: readonly number[]): string =>
  `${median(values.map((time, index) => time - (times.empty[index] ?? 0))).toFixed(0)} ms`
const relative = median(times.request.map((time, index) => time / (times.empty[index] ?? 1)))
printRows(`start, medians of ${rounds}`, [
  { what: 'node -e 0', figure: `${median(times.empty).toFixed(0)} ms`, goal: '' },
  { what: 'debproof --version, over it', figure: over(times.version), goal: '' },
  { what: 'debproof verify until its first request, over it', figure: over(times.request), goal: '<= 100 ms' },
  { what: 'debproof verify until its first request / node -e 0', figure: relative.toFixed(1), goal: '' },
])

async function timed(args: readonly string[], until: (child: ChildProcess) => Promise<void>): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const exited = ended(child)
  await until(child)
  const time = performance.now() - start
  child.kill()
  await exited
  return time
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => child.once('exit', () => resolve()))
}

async function firstRequest(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    asked = resolve
    child.once('exit', () => reject(new Error('it ended without a request')))
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { recordCommand } from '../../src/commands/record.ts'
import { type CliResult, call } from '../commands/cli.ts'
import { archiveFiles, type MadeDeb, upstreamKey } from '../making/archive-folder.ts'
import { keyringFile, sha256Hex } from '../making/signed-archive.ts'
import { CLI, cleanEnvironment, run, scratchFolder, whenOver } from './running.ts'

/** Kills the process at this many moments. */
const KILLS = 50
/** Print it with a failure, and run with DEBPROOF_TEST_SEED to have the same moments again. */
const SEED = Number(process.env['DEBPROOF_TEST_SEED'] ?? Date.now() % 1_000_000)

/** Of incompressible names, so that an index takes several pieces to send. */
const PACKAGES = 300
const random = mulberry32(SEED)

describe(`record, killed with SIGKILL (seed ${SEED})`, () => {
  const scratch = scratchFolder()
  const store = path.join(scratch, 'evidence')
  const keys = path.join(scratch, 'upstream.gpg')
  let files: Record<string, Uint8Array> = {}
  let base: string

  beforeAll(async () => {
    await writeFile(keys, keyringFile([await upstreamKey()]))
    base = await serveSlowly(() => files)
  })

  it(`at ${KILLS} moments leaves a store that is sound and has lost nothing that was confirmed`, async () => {
    const confirmed = new Map<string, string>()
    const moments = { during: 0, before: 0, done: 0 }
    for (let round = 0; round < KILLS; round++) {
      // Each round there is something new to record.
      files = await stateOf(round)
      const words = [...recordWords(), '--at', new Date(dateOf(round).getTime() + 300_000).toISOString()]
      const child = spawn(process.execPath, [CLI, ...words], {
        env: cleanEnvironment(),
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      let printed = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text
      })
      const ended = new Promise((resolve) => child.on('close', resolve))
      await killAt(child, random(), store)
      await ended
      const left = readdirSync(path.join(store, 'incoming')).length
      const sightings = namesBelow(path.join(store, 'sightings'))
      if (printed.startsWith('NEW ')) {
        moments.done += 1
        expect(sightings.some((name) => name.includes(compact(dateOf(round))))).toBe(true)
      } else moments[left > 0 ? 'during' : 'before'] += 1
      // What was confirmed before is there, byte for byte; what is there now is confirmed from now on.
      for (const [name, sha256] of confirmed) expect([name, sha256Of(path.join(store, name))]).toEqual([name, sha256])
      for (const name of namesBelow(store)) {
        if (!name.startsWith('incoming')) confirmed.set(name, sha256Of(path.join(store, name)))
      }
      for (const name of namesBelow(path.join(store, 'objects'))) expect(path.basename(name)).toMatch(/^[0-9a-f]{64}$/)
      const check = await verify()
      expect([check.code, check.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^SOUND: /)])
    }
    // The kills must fall where there is something to lose.
    expect(moments.during).toBeGreaterThan(KILLS / 5)
    const last = await run(process.execPath, [CLI, ...recordWords(), '--at', '2026-06-01T00:00:00Z'])
    expect([last.code, await verify().then(({ code }) => code)]).toEqual([0, 0])
  })

  function recordWords(): string[] {
    const where = ['--url', base, '--suite', 'made', '--architecture', 'amd64', '--signed-by', keys]
    return ['record', '--store', store, ...where]
  }

  /** By the code under test itself, within this process, which saves a minute. */
  function verify(): Promise<CliResult> {
    return call(recordCommand, ['--store', store, '--verify', '--signed-by', keys])
  }
})

/** Kills a process some time after it began to write: the whole of it takes some 0.2 s. */
async function killAt(child: ChildProcess, when: number, store: string): Promise<void> {
  const before = namesBelow(store).length
  const limit = Date.now() + 5000
  while (child.exitCode === null && Date.now() < limit && namesBelow(store).length <= before) await sleep(2)
  await sleep(when * 250)
  child.kill('SIGKILL')
}

function dateOf(round: number): Date {
  return new Date(Date.UTC(2026, 0, 1 + round))
}

function compact(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.000/g, '')
}

async function stateOf(round: number): Promise<Record<string, Uint8Array>> {
  const debs = Array.from({ length: PACKAGES }, (_, index): MadeDeb => {
    const sha256 = sha256Hex(`${round} ${index}`)
    return { name: `p${sha256}`, version: `${round}`, architecture: 'amd64', bytes: Buffer.alloc(0), sha256 }
  })
  const source = { name: 'hello', version: `${round}`, files: { 'hello.dsc': `${round}` } }
  return await archiveFiles({ key: await upstreamKey(), debs, sources: [source], date: dateOf(round) })
}

/** Sends each file in small pieces. */
async function serveSlowly(files: () => Readonly<Record<string, Uint8Array>>): Promise<string> {
  const server: Server = createServer((request, response) => {
    const content = files()[(request.url ?? '').slice(1)]
    if (content === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-length': content.length })
    const send = async (): Promise<void> => {
      const piece = Math.ceil(content.length / 10)
      for (let at = 0; at < content.length && !response.destroyed; at += piece) {
        response.write(content.subarray(at, at + piece))
        await sleep(15)
      }
      response.end()
    }
    void send()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function namesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
  } catch {
    return []
  }
}

function sha256Of(file: string): string {
  return sha256Hex(readFileSync(file))
}

/** A small generator of random numbers between 0 and 1, which a seed repeats. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

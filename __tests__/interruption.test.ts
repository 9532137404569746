import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CLI, NODE } from './commands/cli.ts'
import { deb } from './making/archive-folder.ts'
import { closeAll, serve } from './making/loopback-server.ts'
import { archivePolicy, newSite, policyText, removeSites, type Site } from './making/site.ts'

afterEach(closeAll)
afterEach(removeSites)

interface Stopped {
  readonly signal: NodeJS.Signals | null
  readonly err: string
}

/** The two ways in, each with what makes it verify without a key into the folder `report`. */
const ENTRIES = {
  'the command line': {
    words: [CLI, 'verify', '--unsigned', '--output', 'report', '--cache', 'none'],
    environment: {},
  },
  'the action': {
    words: [path.join(path.dirname(CLI), 'action.ts')],
    environment: { INPUT_UNSIGNED: 'true', INPUT_OUTPUT: 'report', INPUT_CACHE: 'none' },
  },
} as const

type Entry = keyof typeof ENTRIES

/** Verifies against an archive that never answers, and sends a signal as soon as it is asked. */
async function stopAtFirstRequest(site: Site, entry: Entry, signal: NodeJS.Signals): Promise<Stopped> {
  let stop: () => unknown = () => {}
  const server = await serve(() => stop())
  site.put({
    'build.packages': `${deb('hello').name}\t1.0-1\n`,
    'debproof.yml': policyText([archivePolicy({ url: server.base.href })]),
    'report/report.json': '{\n "_type": "https://in-toto.io/Statement/v1",\n',
    'report/verdict.env': 'DEBPROOF_VERDICT=pass\n',
  })
  const { words, environment } = ENTRIES[entry]
  const child = spawn(NODE, words, {
    cwd: site.folder,
    env: { PATH: process.env['PATH'], no_proxy: '127.0.0.1', ...environment },
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  stop = () => child.kill(signal)
  const ended = await new Promise<NodeJS.Signals | null>((resolve, reject) =>
    child.on('error', reject).on('close', (_, by) => resolve(by)),
  )
  return { signal: ended, err }
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const ENTRY_NAMES: readonly Entry[] = ['the command line', 'the action']

describe.each(ENTRY_NAMES)('a signal that ends a run of %s', (entry) => {
  it.each(SIGNALS)(
    '%s is told, ends it as its sender expects, and leaves neither a report nor half of its evidence',
    async (signal) => {
      const site = await newSite()
      const { signal: by, err } = await stopAtFirstRequest(site, entry, signal)
      expect(by).toBe(signal)
      expect(err.split('\n').at(-2)).toBe(`debproof: stopped by ${signal}.`)
      expect(readdirSync(path.join(site.folder, 'report'))).toEqual([])
    },
  )
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { removeEarlierOutput } from '../../src/commands/earlier-output.ts'
import { mergeCommand } from '../../src/commands/merge.ts'
import { MAX_OUTPUT_CLAIM, MAX_OUTPUT_SILENCE } from '../../src/limits.ts'
import { isAlive, parseHolder, serializeHolder, thisProcess } from '../../src/report/lock-holder.ts'
import { OutputFolder } from '../../src/report/output-folder.ts'
import { OutputLock } from '../../src/report/output-lock.ts'
import { CLI, type CliResult, call, NODE } from '../commands/cli.ts'
import { deb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { archivePolicy, newSite, policyText, removeSites, type Site } from '../making/site.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))
afterEach(closeAll)
afterEach(removeSites)
afterEach(() => vi.useRealTimers())

const CLAIM = `.debproof-run.${'a'.repeat(32)}`

/** A file that another run put there, so many milliseconds ago. */
function putClaim(text: string, ago = 0, name = CLAIM): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  const time = new Date(Date.now() - ago)
  utimesSync(file, time, time)
  return file
}

const HELD = 'held\n'

const elsewhere = serializeHolder({
  pid: 7,
  host: 'builder-2',
  place: { boot: '01234567-89ab-4def-8123-456789abcdef', namespace: 'pid:[4026531836]', start: '123' },
})

const REPORT = {
  'report.json': '{\n "_type": "https://in-toto.io/Statement/v1",\n',
  'verdict.env': 'DEBPROOF_VERDICT=pass\n',
}

interface Run {
  readonly child: ReturnType<typeof spawn>
  readonly ended: Promise<CliResult>
}

const ENTRIES = {
  'the command line': {
    words: [CLI, 'verify', '--unsigned', '--output', 'report', '--cache', 'none', '--at', '2026-06-01T12:00:00Z'],
    environment: {},
  },
  'the action': {
    words: [path.join(path.dirname(CLI), 'action.ts')],
    environment: {
      INPUT_UNSIGNED: 'true',
      INPUT_OUTPUT: 'report',
      INPUT_CACHE: 'none',
      INPUT_AT: '2026-06-01T12:00:00Z',
      INPUT_ARTIFACT: 'none',
    },
  },
} as const

function start(site: Site, entry: keyof typeof ENTRIES): Run {
  const { words, environment } = ENTRIES[entry]
  const child = spawn(NODE, words, {
    cwd: site.folder,
    env: { PATH: process.env['PATH'], no_proxy: '127.0.0.1', ...environment },
  })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    texts.out += text
  })
  child.stderr.on('data', (text) => {
    texts.err += text
  })
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, ...texts }))
  return { child, ended }
}

/** A site whose archive answers when it is told to. */
async function waitingSite(): Promise<{ site: Site; asked: () => Promise<void>; answer: () => void }> {
  const site = await newSite()
  await site.archive('snapshot', { key: await projectKey(), debs: [deb('hello')] })
  await site.archive('upstream', { key: await upstreamKey(), debs: [deb('hello')] })
  let answer = (): void => {}
  const open = new Promise<void>((resolve) => {
    answer = resolve
  })
  let tell = (): void => {}
  const first = new Promise<void>((resolve) => {
    tell = resolve
  })
  const { base } = await serve((request, response) => {
    tell()
    void open.then(() => {
      const file = path.join(site.folder, 'snapshot', request.url ?? '')
      if (existsSync(file)) response.end(readFileSync(file))
      else response.writeHead(404).end()
    })
  })
  site.put({
    'build.packages': 'hello\t1.0-1\n',
    'debproof.yml': policyText([archivePolicy({ url: base.href })]),
  })
  return { site, asked: () => first, answer }
}

describe.each(['the command line', 'the action'] as const)('two runs of %s into one folder', (entry) => {
  it('are one: the second is refused at once, and takes nothing from the first', async () => {
    const { site, asked, answer } = await waitingSite()
    const first = start(site, entry)
    await asked()
    const { code, out, err } = await start(site, entry).ended
    const message = `The output folder report is being written to by process ${first.child.pid} on \\S+\\. Wait for its end`
    expect([code, `${out}${err}`]).toEqual([
      expect.toSatisfy((end) => end === 1 || end === 2),
      expect.stringMatching(message),
    ])
    answer()
    expect((await first.ended).code).toBe(0)
    const names = ['evidence', 'junit.xml', 'recheck.sh', 'report.json', 'summary.md', 'verdict.env']
    expect(readdirSync(path.join(site.folder, 'report')).sort()).toEqual(names)
  })

  it('are two where the first was killed, which leaves the folder to the second', async () => {
    const { site, asked, answer } = await waitingSite()
    const first = start(site, entry)
    await asked()
    first.child.kill('SIGKILL')
    await first.ended
    const left = readdirSync(path.join(site.folder, 'report')).filter((name) => name.startsWith('.debproof-run.'))
    expect(left).toHaveLength(1)
    answer()
    expect((await start(site, entry).ended).code).toBe(0)
    expect(readdirSync(path.join(site.folder, 'report')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('a folder that another run writes to', () => {
  it('is not merged into, nor rid of the report that is being written there', async () => {
    for (const [name, text] of Object.entries(REPORT)) writeFileSync(path.join(folder, name), text)
    const lock = OutputLock.take(folder)
    expect(await call(mergeCommand, ['part', '--signed-by', 'x.asc', '--unsigned', '--output', folder])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is being written to by process \d+ on/),
    })
    removeEarlierOutput('verify', ['--outptu', '--output', folder])
    expect(readdirSync(folder).sort()).toEqual([path.basename(readdirSync(folder)[0] ?? ''), ...Object.keys(REPORT)])
    lock.release()
    removeEarlierOutput('verify', ['--outptu', '--output', folder])
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused where it cannot be seen whether that one runs, with what to do, until it is silent for long', () => {
    for (const text of [elsewhere, serializeHolder({ pid: 7, host: 'builder-2' })].map((line) => line + HELD)) {
      const file = putClaim(text, MAX_OUTPUT_SILENCE - 20_000)
      expect(() => OutputLock.take(folder)).toThrow(
        new RegExp(
          `written to by process 7 on builder-2\\. Name another folder with --output\\. That process cannot be seen from ` +
            `here: if it is gone, the folder is free in [12]\\d s, or at once without ${file}\\.$`,
        ),
      )
      expect(readdirSync(folder)).toEqual([CLAIM])
      putClaim(text, MAX_OUTPUT_SILENCE + 1000)
      OutputLock.take(folder).release()
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it.each([
    ['nothing', ''],
    ['half of a line', elsewhere.slice(0, 20)],
    ['what nobody writes', '\u0000'.repeat(5000)],
    ['a line that is too long', elsewhere.replace('builder-2', 'b'.repeat(MAX_OUTPUT_CLAIM))],
    ['a number that is none', elsewhere.replace(' 7 ', ' 7777777777777 ')],
  ])('is refused where %s is in its file, as when it is being written', (_, text) => {
    putClaim(text, 3000)
    expect(() => OutputLock.take(folder)).toThrow(/being written to by another run of debproof\. Name another/)
    putClaim(text, MAX_OUTPUT_SILENCE + 1000)
    OutputLock.take(folder).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is free for ever by no time in the future, which a server with another clock or anybody can write', () => {
    putClaim(elsewhere, -10 * MAX_OUTPUT_SILENCE)
    OutputLock.take(folder).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is free at once where its process is gone, or another has its number since', () => {
    const { place, ...me } = thisProcess()
    if (place === undefined) return expect(process.platform).not.toBe('linux')
    for (const gone of [
      { ...me, place: { ...place, start: String(Number(place.start) + 1) } },
      { ...me, pid: 4_194_304 + 1, place },
    ]) {
      putClaim(serializeHolder(gone))
      OutputLock.take(folder).release()
      expect(readdirSync(folder)).toEqual([])
    }
    putClaim(serializeHolder({ ...me, place }) + HELD)
    expect(() => OutputLock.take(folder)).toThrow(new RegExp(`by process ${process.pid} on .*Wait for its end`))
    putClaim(serializeHolder({ ...me, place: { ...place, namespace: 'pid:[1]' } }) + HELD)
    expect(() => OutputLock.take(folder)).toThrow(/That process cannot be seen from here/)
  })

  it('is waited for a moment where that one does not say yet whether it holds it', () => {
    const before = performance.now()
    putClaim(elsewhere, 0, `.debproof-run.${'f'.repeat(32)}`)
    expect(() => OutputLock.take(folder)).toThrow(/written to by process 7 on builder-2/)
    expect(performance.now() - before).toBeGreaterThan(1000)
  })

  it('is not one with a link or a folder of such a name, and neither is followed', () => {
    writeFileSync(path.join(folder, 'victim'), elsewhere)
    symlinkSync(path.join(folder, 'victim'), path.join(folder, CLAIM))
    mkdirSync(path.join(folder, `.debproof-run.${'b'.repeat(32)}`))
    OutputLock.take(folder).release()
    expect(readdirSync(folder)).toHaveLength(3)
    expect(readFileSync(path.join(folder, 'victim'), 'utf8')).toBe(elsewhere)
    expect(lstatSync(path.join(folder, CLAIM)).isSymbolicLink()).toBe(true)
  })
})

describe('a run that holds its folder', () => {
  it('gives signs of life that others see, long before they take it for gone', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const lock = OutputLock.take(folder)
    const file = path.join(folder, readdirSync(folder)[0] ?? '')
    utimesSync(file, 0, 0)
    vi.advanceTimersByTime(MAX_OUTPUT_SILENCE / 10)
    expect(Date.now() - lstatSync(file).mtimeMs).toBeLessThan(MAX_OUTPUT_SILENCE / 2)
    expect(parseHolder(readFileSync(file, 'utf8'))).toEqual(thisProcess())
    lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('writes no report where another run took the folder from it, and removes nothing of that', async () => {
    const output = await OutputFolder.prepare(folder)
    rmSync(path.join(folder, readdirSync(folder)[0] ?? ''))
    const other = OutputLock.take(folder)
    for (const [name, text] of Object.entries(REPORT)) writeFileSync(path.join(folder, name), text)
    const before = readdirSync(folder).sort()
    const files = { report: Buffer.from('{}'), summary: '', junit: '', variables: '' }
    await expect(output.write(files)).rejects.toMatchObject({
      code: 'OUTPUT',
      message: expect.stringContaining('was taken from this run'),
    })
    output.release()
    expect(readdirSync(folder).sort()).toEqual(before)
    expect(() => OutputLock.take(folder)).toThrow(/is being written to/)
    other.release()
  })
})

describe('a process', () => {
  it('is known by the line that it wrote, and by no other text', () => {
    const holder = fc.record({
      pid: fc.nat({ max: 2 ** 31 }),
      host: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
      place: fc.record({
        boot: fc.uuid(),
        namespace: fc.nat().map((id) => `pid:[${id}]`),
        start: fc.nat().map(String),
      }),
    })
    fc.assert(
      fc.property(holder, (one) => {
        expect(parseHolder(serializeHolder(one))).toEqual(one)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseHolder(text)
        if (parsed !== undefined) expect(text.startsWith(serializeHolder(parsed))).toBe(true)
      }),
    )
    expect(isAlive(thisProcess())).toBe(thisProcess().place === undefined ? undefined : true)
  })
})

/**
 * Wants the folder once in every round of 150 ms, together with all others, and holds it for half of that. Where two are
 * within at once, the second cannot make the folder `in`.
 */
const CONTENDER = `
import { mkdirSync, rmdirSync, writeFileSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
const [, , lock, folder, start, rounds, stale] = process.argv
const { OutputLock } = await import(lock)
const until = async (time) => {
  await new Promise((resolve) => setTimeout(resolve, time - Date.now() - 5))
  while (Date.now() < time);
}
for (let round = 0; round < Number(rounds); round += 1) {
  const begin = Number(start) + round * 150
  // What a killed process leaves, for all of them to remove.
  writeFileSync(folder + '/.debproof-run.' + randomBytes(16).toString('hex'), stale)
  await until(begin)
  let own
  try { own = OutputLock.take(folder) } catch (error) {
    if (!/being written to/.test(error.message)) throw error
    continue
  }
  mkdirSync(folder + '/in')
  await new Promise((resolve) => setTimeout(resolve, begin + 75 - Date.now()))
  rmdirSync(folder + '/in')
  writeSync(1, round + ' ')
  if (round % 7 === 6) process.kill(process.pid, 'SIGKILL')
  own.release()
}
`

describe('many runs that want one folder at the same time', () => {
  it('are never two within, one of them is, and killed ones hold nobody up', async () => {
    const script = path.join(folder, 'contender.ts')
    writeFileSync(script, CONTENDER)
    const contested = path.join(folder, 'contested')
    mkdirSync(contested)
    const lock = path.resolve(import.meta.dirname, '../../src/report/output-lock.ts')
    const { place, ...me } = thisProcess()
    const stale = serializeHolder({ ...me, ...(place === undefined ? {} : { place: { ...place, start: '1' } }) })
    const rounds = 20
    const words = [script, lock, contested, String(Date.now() + 2000), String(rounds), stale]
    const ends = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const child = spawn(NODE, words, { stdio: ['ignore', 'pipe', 'pipe'] })
        const texts = { out: '', err: '' }
        child.stdout.on('data', (text) => {
          texts.out += text
        })
        child.stderr.on('data', (text) => {
          texts.err += text
        })
        const [code, signal] = await once(child, 'close')
        return { end: code ?? signal, won: texts.out.trim().split(' '), err: texts.err }
      }),
    )
    for (const { end, err } of ends) expect([0, 'SIGKILL'], err).toContain(end)
    // Not in each, where a machine is so busy that the rounds run into each other.
    const won = new Set(ends.flatMap((each) => each.won).filter((round) => round !== ''))
    expect(won.size).toBeGreaterThan(rounds / 2)
    OutputLock.take(contested).release()
    expect(readdirSync(contested)).toEqual([])
  }, 30_000)
})

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyExample, EXAMPLE, exampleClock } from './example.ts'
import { installNode } from './nodes.ts'
import { CLI, cleanEnvironment, type Finished, PROJECT, run, scratchFolder, succeed } from './running.ts'
import { type FileServer, serveFolder } from './serving.ts'

/** Calls of the kernel that start programs, reach out, wait to be reached, or change a file system. */
const CALLS = [
  ...['execve', 'execveat', 'connect', 'sendto', 'sendmsg', 'bind', 'listen'],
  ...['open', 'openat', 'creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'rename', 'renameat', 'renameat2'],
  ...[
    'unlink',
    'unlinkat',
    'rmdir',
    'symlink',
    'symlinkat',
    'link',
    'linkat',
    'truncate',
    'chmod',
    'fchmodat',
    'chown',
  ],
]

interface Traced {
  readonly programs: readonly string[]
  /** Addresses with their ports, and sockets of the machine by their path. */
  readonly reached: readonly string[]
  readonly listening: readonly string[]
  /** Files that were created, written or removed. */
  readonly changed: readonly string[]
}

describe('the least power', () => {
  const scratch = scratchFolder()
  const work = path.join(scratch, 'work')
  const folder = (name: string): string => path.join(scratch, name)
  let server: FileServer
  let at: string

  beforeAll(async () => {
    at = await exampleClock()
    server = await serveFolder(EXAMPLE)
    await copyExample(work)
    const policy = path.join(work, 'debproof.yml')
    const text = await readFile(policy, 'utf8')
    await writeFile(policy, text.replaceAll(/file:(snapshot|upstream|own|rebuilders)\//g, `${server.url}/$1/`))
    for (const name of ['output', 'cache', 'tmp', 'store']) await mkdir(folder(name))
  })

  const verify = (): string[] => [
    ...['verify', '--at', at, '--deep', '--signing-key', path.join(EXAMPLE, 'keys/report-signing-key.asc')],
    ...['--output', folder('output'), '--cache', folder('cache')],
  ]
  const recheck = (): string[] => ['recheck', folder('output'), '--signed-by', path.join(EXAMPLE, 'keys/report.asc')]
  const record = (): string[] => [
    'record',
    '--policy',
    'debproof.yml',
    '--at',
    at,
    '--no-sources',
    '--store',
    folder('store'),
  ]

  /** Runs the command line, sees that it succeeds, and what it asked the kernel for. */
  async function traced(words: readonly string[]): Promise<Traced> {
    const trace = folder(`trace-${words[0]}`)
    const options = ['-f', '-qq', '-s', '4096', '-e', `trace=${CALLS.join()}`, '-o', trace]
    const env = { ...cleanEnvironment(), TMPDIR: folder('tmp'), HOME: '/nonexistent' }
    await succeed('strace', [...options, process.execPath, CLI, ...words], { cwd: work, env })
    const calls = (await readFile(trace, 'utf8')).split('\n').map((line) => line.replace(/^\d+ +/, ''))
    const having = (call: RegExp): string[] => calls.filter((line) => call.test(line) && !/ = -1 E/.test(line))
    const attempted = (call: RegExp): string[] => calls.filter((line) => call.test(line))
    const pathsIn = (line: string): string[] => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name = '']) => name)
    const writing = /^(?:creat\(|open(?:at)?\(.*O_(?:WRONLY|RDWR|CREAT|TRUNC))/
    const changing = /^(?:mkdir|mknod|rename|unlink|rmdir|symlink|link|truncate|chmod|fchmodat|chown)/
    return {
      programs: attempted(/^execve/).map((line) => pathsIn(line)[0] ?? line),
      reached: attempted(/^(?:connect|send)/).flatMap(addressIn),
      listening: having(/^(?:bind|listen)\(/),
      changed: [...having(writing), ...having(changing)].flatMap(pathsIn).filter((name) => name !== '/dev/null'),
    }
  }

  /** None for what goes to a connection that was made, or asks the kernel which addresses the machine has. */
  function addressIn(line: string): string[] {
    const internet = /sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"/.exec(line)
    if (internet !== null) return [`${internet[2]}:${internet[1]}`]
    const local = /sun_path=@?"([^"]*)"/.exec(line)
    return local === null ? [] : [local[1] ?? '']
  }

  const below =
    (...names: readonly string[]) =>
    (file: string) =>
      names.some(
        (name) => path.resolve(work, file) === folder(name) || path.resolve(work, file).startsWith(`${folder(name)}/`),
      )

  it('is what `verify` asks the kernel for: no program, the servers of the policy, output, cache and temp', async () => {
    const { programs, reached, listening, changed } = await traced(verify())
    expect(programs).toEqual([process.execPath])
    expect(new Set(reached)).toEqual(new Set([new URL(server.url).host]))
    expect(listening).toEqual([])
    expect(changed.length).toBeGreaterThan(20)
    expect(changed.filter((file) => !below('output', 'cache', 'tmp')(file))).toEqual([])
    expect(await readdir(folder('tmp'))).toEqual([])
  })

  it('is what `recheck` asks for: no program, no network, no file', async () => {
    const { programs, reached, listening, changed } = await traced(recheck())
    expect(programs).toEqual([process.execPath])
    expect([...reached, ...listening]).toEqual([])
    expect(changed.filter((file) => !below('tmp')(file))).toEqual([])
  })

  it('is what `record` asks for: the upstreams of the policy and its store', async () => {
    const { programs, reached, listening, changed } = await traced(record())
    expect(programs).toEqual([process.execPath])
    expect(new Set(reached)).toEqual(new Set([new URL(server.url).host]))
    expect(listening).toEqual([])
    expect(changed.length).toBeGreaterThan(3)
    expect(changed.filter((file) => !below('store', 'tmp')(file))).toEqual([])
  })

  describe.each([
    ['20.19.6', ['--experimental-permission']],
    ['22.23.3', ['--permission']],
    ['24.19.0', ['--permission']],
    // From here on without fsync(2).
    ['24.22.3', ['--permission']],
    // And from 25 on without the network, unless it is granted.
    ['26.12.1', ['--permission', '--allow-net']],
  ])('is enough: the permission model of Node %s grants the rest to nobody', (version, flags) => {
    const reading = [PROJECT, work, ...['output', 'cache', 'store'].map(folder)].map(
      (name) => `--allow-fs-read=${name}`,
    )
    const writing = (...names: string[]): string[] => names.map((name) => `--allow-fs-write=${folder(name)}`)
    const confined = async (granted: readonly string[], words: readonly string[]): Promise<Finished> =>
      await run(await installNode(version), [...flags, ...reading, ...granted, CLI, ...words], {
        cwd: work,
        env: cleanEnvironment(),
      })

    beforeAll(async () => {
      await installNode(version)
      for (const name of ['output', 'cache', 'store']) {
        await rm(folder(name), { recursive: true, force: true })
        await mkdir(folder(name))
      }
    })

    it('verify writes its output and its cache', async () => {
      expect(await confined(writing('output', 'cache'), verify())).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^PASS: 7 packages/),
      })
      expect(await confined([], verify())).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/output folder .* cannot be written/),
      })
    })

    it('recheck writes nothing', async () => {
      const again = await confined(writing('output', 'cache'), verify())
      expect(again.code).toBe(0)
      expect(await confined([], recheck())).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^AGREED: all 7 verdicts/),
      })
    })

    it('record writes its store', async () => {
      const { code, stderr } = await confined(writing('store'), record())
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/ERR_|denied/i) })
      expect(await readdir(folder('store'))).toContain('sightings')
    })
  })
})

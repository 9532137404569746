import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import { commandHelp } from '../../src/commands/help.ts'
import { initCommand } from '../../src/commands/init.ts'
import { inspectCommand } from '../../src/commands/inspect.ts'
import { mergeCommand } from '../../src/commands/merge.ts'
import { packagesCommand } from '../../src/commands/packages.ts'
import { planCommand } from '../../src/commands/plan.ts'
import { recheckCommand } from '../../src/commands/recheck.ts'
import { recordCommand } from '../../src/commands/record.ts'
import { verifyCommand } from '../../src/commands/verify.ts'
import { TOOL } from '../../src/tool.ts'
import { deb, upstreamKey } from '../making/archive-folder.ts'
import { newSite, removeSites, type Site } from '../making/site.ts'
import { call, cli } from './cli.ts'

const COMMANDS: readonly Command[] = [
  verifyCommand,
  recheckCommand,
  inspectCommand,
  packagesCommand,
  recordCommand,
  planCommand,
  mergeCommand,
  initCommand,
]

let site: Site

beforeAll(async () => {
  site = await newSite()
})

afterAll(removeSites)

describe.concurrent('the command line', () => {
  it('says its version, the one of the package', async () => {
    expect(await cli(site.folder, ['--version'])).toEqual({ code: 0, out: `${TOOL.version}\n`, err: '' })
  })

  it.each(['--help', 'help'])('lists every command for %s', async (word) => {
    const { code, out, err } = await cli(site.folder, [word])
    expect([code, err]).toEqual([0, ''])
    for (const { name, title } of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name} +${title}$`, 'm'))
  })

  it('without a command says that one is missing, and lists them', async () => {
    const { code, out, err } = await cli(site.folder, [])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^debproof: No command was given\./)
    expect(err).toContain('inspect')
  })

  it.each([
    [['verfy'], 'debproof: There is no command "verfy". Did you mean verify?\n'],
    [['zzzzzzzzz'], 'debproof: There is no command "zzzzzzzzz". See `debproof --help`.\n'],
    [['constructor'], /^debproof: There is no command "constructor"/],
    [
      ['verify', '--unsinged'],
      'debproof: verify: there is no option --unsinged; did you mean --unsigned? — see `debproof verify --help`.\n',
    ],
  ])('refuses %j with what was meant', async (words, message) => {
    const { code, out, err } = await cli(site.folder, words)
    expect([code, out]).toEqual([2, ''])
    if (typeof message === 'string') expect(err).toBe(message)
    else expect(err).toMatch(message)
  })

  it('says what a command takes with --help, whatever else is missing', async () => {
    expect(await cli(site.folder, ['inspect', '--help'])).toEqual({
      code: 0,
      out: commandHelp(inspectCommand),
      err: '',
    })
  })
})

describe('the help', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))('of %s lists every option', (name, command) => {
    const help = commandHelp(command)
    expect(help).toContain(`Usage: debproof ${name} ${command.usage}`)
    for (const option of command.options) {
      expect(help).toMatch(new RegExp(`^ {2}--${option.name}${option.value === undefined ? '' : ' [A-Z]'}`, 'm'))
      expect(option.description).toMatch(/\.$/)
      if (option.default !== undefined) expect(help.replaceAll(/\s+/g, ' ')).toContain(`Default: ${option.default}.`)
    }
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(115)
  })
})

describe('init', () => {
  it('writes a policy and does not replace one', async () => {
    const folder = path.join(site.folder, 'keys')
    site.put({
      'root/etc/apt/sources.list': 'deb [signed-by=/made.asc] http://ftp.debian.org/debian bookworm main\n',
      'root/var/lib/dpkg/arch': 'amd64\n',
      'root/made.asc': readFileSync('keyrings/debian.asc'),
    })
    const first = await call(initCommand, [
      '--root',
      path.join(site.folder, 'root'),
      '--output',
      path.join(folder, 'debproof.yml'),
    ])
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^Wrote .*debproof\.yml\. Read it/), err: '' })
    expect(readFileSync(path.join(folder, 'debproof.yml'), 'utf8')).toContain('http://ftp.debian.org/debian')
    const second = await call(initCommand, [
      '--root',
      path.join(site.folder, 'root'),
      '--output',
      path.join(folder, 'debproof.yml'),
    ])
    expect(second).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/debproof\.yml exists already and is not replaced; name another with --output\.$/),
    })
  })

  it('says of how many archives it left open who vouches for them', async () => {
    site.put({
      'vendor/etc/apt/sources.list': 'deb [signed-by=/made.asc] http://deb.example/vendor stable main\n',
      'vendor/var/lib/dpkg/arch': 'amd64\n',
      'vendor/made.asc': (await upstreamKey()).toPublic().armor(),
    })
    const output = path.join(site.folder, 'vendor.yml')
    const { code, out } = await call(initCommand, ['--root', path.join(site.folder, 'vendor'), '--output', output])
    expect([code, out]).toEqual([
      0,
      `Wrote ${output}. It does not say yet who first distributed the packages of 1 archive: write that where it has ` +
        `FIXME, then: debproof verify --policy ${output} --unsigned\n`,
    ])
  })
})

describe('packages', () => {
  const file = (name: string): string => path.join(site.folder, name)

  it('shows what lists resolve to together, as text and as JSON', async () => {
    site.put({ 'a.packages': 'hello\t1.0-1\n', 'b.list': 'libc6:amd64=2.36-9\n' })
    const text = await call(packagesCommand, [file('a.packages'), `${file('b.list')}:name-version`])
    expect(text).toMatchObject({ code: 0, out: 'hello\t1.0-1\t-\t-\nlibc6\t2.36-9\tamd64\t-\n' })
    expect(text.err).toContain('2 packages in all')
    const json = await call(packagesCommand, ['--json', file('a.packages'), file('b.list')])
    expect(json.err).toBe('')
    expect(JSON.parse(json.out)).toMatchObject({
      lists: [
        { name: 'a.packages', format: 'dpkg-query', packages: 1 },
        { name: 'b.list', format: 'name-version' },
      ],
      packages: [
        { kind: 'binary', name: 'hello', version: '1.0-1', architecture: null, sha256: null, hashFrom: null },
        { name: 'libc6', architecture: 'amd64' },
      ],
    })
  })

  it('writes the hashes of a folder of .debs as sha256sum does, which are a list again', async () => {
    const [hello, tool] = [deb('hello', { version: '1:1.0-1' }), deb('tool')]
    site.put({ 'debs/x/a.deb': hello.bytes, 'debs/b.deb': tool.bytes })
    const { code, out, err } = await call(packagesCommand, [file('debs'), '--format', 'sha256sums'])
    expect({ code, out }).toEqual({
      code: 0,
      out: `${hello.sha256}  hello_1%3a1.0-1_amd64.deb\n${tool.sha256}  tool_1.0-1_amd64.deb\n`,
    })
    expect(err).toContain('2 packages in all')
    expect((await call(packagesCommand, [file('debs'), '--format=sha256sums', '--quiet'])).out).toBe(out)
    site.put({ SHA256SUMS: out })
    expect(await call(packagesCommand, [file('SHA256SUMS'), '--format', 'sha256sums'])).toMatchObject({ code: 0, out })
    const again = await call(packagesCommand, [file('SHA256SUMS'), '--format', 'json'])
    expect(JSON.parse(again.out)).toMatchObject({
      lists: [{ format: 'sha256sums', packages: 2 }],
      packages: [
        { name: 'hello', version: '1:1.0-1', architecture: 'amd64', sha256: hello.sha256, hashFrom: 'list' },
        { name: 'tool' },
      ],
    })
  })

  it('writes no hashes where a package has none, and names it', async () => {
    site.put({ 'a.packages': 'hello\t1.0-1\n', 'debs/b.deb': deb('tool').bytes })
    site.put({ 'b.packages': ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}${name}\t1\n`).join('') })
    expect((await call(packagesCommand, [file('b.packages'), '--format', 'sha256sums'])).err).toMatch(
      /^The SHA-256 of aa 1, bb 1, cc 1, dd 1, ee 1 and 2 more is in none of these lists/,
    )
    expect(await call(packagesCommand, [file('debs'), file('a.packages'), '--format', 'sha256sums'])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^The SHA-256 of hello 1\.0-1 is in none of these lists/),
    })
  })

  it('shows no name of a file as it is that a terminal would act on', async () => {
    site.put({ 'hostile/\x1b[2J.packages': 'hello\t1.0-1\n' })
    const { code, err } = await call(packagesCommand, [file('hostile/*.packages')])
    expect(code).toBe(0)
    expect(err).toContain('\\u001b[2J.packages: 1 packages')
    expect(err).not.toContain('\x1b')
  })

  it.each([
    [[], /^packages: PATH\[:FORMAT\]… is missing/],
    [['--format', 'sha512', 'a'], /^packages: there is no format "sha512": text, json, sha256sums/],
    [['--format', 'sha256sums', '--json', 'a'], /^packages: --json and --format sha256sums are two formats/],
    [['missing.packages'], /missing\.packages: there is no such package list/],
    [['*.nothing'], /No file matches \*\.nothing in /],
  ])('refuses %j', async (words, message) => {
    expect(await call(packagesCommand, words)).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
  })
})

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileUpTo } from '../../src/read-file-up-to.ts'
import { deb } from '../making/archive-folder.ts'
import { removeSites, type Site, snapshotSite } from '../making/site.ts'
import { CLI, cli, NODE } from './cli.ts'

let site: Site
let socket: Server

beforeAll(async () => {
  site = await snapshotSite([deb('hello')])
  execFileSync('mkfifo', [path.join(site.folder, 'a-pipe')])
  symlinkSync('/dev/zero', path.join(site.folder, 'to-zero'))
  socket = createServer()
  await new Promise<void>((resolve) => socket.listen(path.join(site.folder, 'a-socket'), resolve))
  mkdirSync(path.join(site.folder, 'part'))
})

afterAll(async () => {
  await new Promise((resolve) => socket.close(resolve))
  await removeSites()
})

/** Every option and argument that names a file to be read. */
const INPUTS: Readonly<Record<string, (file: string) => string[]>> = {
  'a package list': (file) => ['packages', file],
  'the package list of a run': (file) => ['verify', '--unsigned', '--packages', file],
  'the policy': (file) => ['verify', '--unsigned', '--policy', file],
  'an image': (file) => ['verify', '--unsigned', '--image', file],
  'the signing key': (file) => ['verify', '--signing-key', file],
  'a release file': (file) => ['inspect', file, '--signed-by', 'keys/upstream.asc'],
  'its signature': (file) => ['inspect', 'debproof.yml', '--signature', file, '--signed-by', 'keys/upstream.asc'],
  'a keyring': (file) => ['inspect', 'snapshot/dists/made/InRelease', '--signed-by', file],
  'the keyring of a report': (file) => ['recheck', 'part', '--signed-by', file],
  releases: (file) => ['plan', '--format', 'github', '--releases', `./${file}`.replace('.//', '/')],
  'the policy of a comparison': (file) => ['compare', '--policy', file],
  'the policy of a recording': (file) => ['record', '--store', 'evidence', '--policy', file],
  'a report of what is unproven': (file) => ['rebuild', '--unproven', file],
}

describe('what is no file is refused by its kind, at once', () => {
  it.each(Object.keys(INPUTS))('as %s', async (input) => {
    // Nobody writes to it: whoever opened it as a file would wait for ever.
    const { code, err, out } = await cli(site.folder, INPUTS[input]?.('a-pipe') ?? [])
    expect(err + out).toMatch(/it is a pipe with a name/)
    expect(code).toBe(2)
  })

  it('whatever the kind', async () => {
    const at = (name: string): string => path.join(site.folder, name)
    await expect(readFileUpTo('/dev/zero', 10)).rejects.toThrow(/it is a device/)
    await expect(readFileUpTo(at('to-zero'), 10)).rejects.toThrow(/it is a device/)
    await expect(readFileUpTo(at('a-pipe'), 10)).rejects.toThrow(/it is a pipe with a name/)
    await expect(readFileUpTo(at('a-socket'), 10)).rejects.toThrow(/ENXIO|it is a socket/)
    await expect(readFileUpTo('/proc/self/environ', 10)).rejects.toThrow(/the kernel makes it up/)
  })
})

describe('a pipe that a shell hands over is read', () => {
  it.each([
    ['which is waited for', '(sleep 0.3; printf "hello\\t1.0-1\\n")'],
    ['whose writer has gone', 'printf "hello\\t1.0-1\\n"'],
  ])('%s', async (_, writer) => {
    const pipeline = `${writer} | "$0" "$1" packages /dev/stdin`
    const { stdout } = await promisify(execFile)('sh', ['-c', pipeline, NODE, CLI], { timeout: 20_000 })
    expect(stdout).toMatch(/^hello\t1\.0-1/)
  })
})

describe('a signing key', () => {
  it('has a limit of size, whatever it holds', async () => {
    const file = path.join(site.folder, 'huge.asc')
    writeFileSync(file, '-----BEGIN PGP PRIVATE KEY BLOCK-----\n')
    truncateSync(file, 600 * 1024 * 1024)
    const { code, err } = await cli(site.folder, ['verify', '--signing-key', 'huge.asc'])
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringMatching(/huge\.asc cannot be read: it is larger/),
    })
  })
})

import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Architecture, parseArchitecture } from '../../src/archive/identity.ts'
import { MAX_BUILDINFO, MAX_STATEMENTS_PER_PACKAGE } from '../../src/limits.ts'
import type { Downloads } from '../../src/net/downloads.ts'
import { BuildinfoService } from '../../src/reproduced/buildinfo-service.ts'
import type { ServiceAnswer } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, type Files, serve, serveFiles } from '../making/loopback-server.ts'
import { AT, keyringOf, newKey, once } from '../making/signed-archive.ts'
import { buildinfoText, clearsignedBy, fixture, OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const NOTHING = { statements: [], unusable: [], unreachable: [] }

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))
const signed = async (...args: Parameters<typeof buildinfoText>) =>
  await clearsignedBy(buildinfoText(...args), await partyKey())

function architectures(...names: string[]): Architecture[] {
  return names.flatMap((name) => parseArchitecture(name) ?? [])
}

async function serviceAt(base: URL, client: Downloads = downloads(), native = ['amd64']): Promise<BuildinfoService> {
  const options = { base, keyring: await party(), at: AT, architectures: architectures(...native), downloads: client }
  return new BuildinfoService(options)
}

/** The hashes that an answer attests, in order. */
function hashes({ statements }: ServiceAnswer): string[] {
  return statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256))
}

describe('on a server', () => {
  it('the file that dpkg-genbuildinfo names is found, and is asked for once, whatever it is asked about', async () => {
    const files = { 'hello_1.0-1_amd64.deb': SHA256, 'hello-doc_1.0-1_all.deb': OTHER_SHA256 }
    const server = await serveFiles({ 'bi/hello_1.0-1_amd64.buildinfo': await signed({ files }) })
    const service = await serviceAt(new URL('bi/', server.base))
    const doc = packageOf('hello-doc_1.0-1_all.deb', { source: 'hello' })
    const answers = await Promise.all([service.ask(HELLO), service.ask(doc), service.ask(HELLO)])
    expect(answers.map(hashes)).toEqual([[SHA256], [OTHER_SHA256], [SHA256]])
    expect(answers[0]).toMatchObject({ unusable: [], unreachable: [] })
    expect(answers[0]?.statements[0]?.evidence[0]?.url).toBe(`${server.base.href}bi/hello_1.0-1_amd64.buildinfo`)
    expect(server.asked.toSorted()).toEqual([
      '/bi/',
      '/bi/hello_1.0-1_all.buildinfo',
      '/bi/hello_1.0-1_amd64.buildinfo',
    ])
  })

  it('all names are asked for: one build may contradict another', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed(),
      'hello_1.0-1_all.buildinfo': await signed({ files: { 'hello_1.0-1_amd64.deb': OTHER_SHA256 } }),
    })
    expect(hashes(await (await serviceAt(server.base)).ask(HELLO))).toEqual([SHA256, OTHER_SHA256])
  })

  it('a package for all architectures is sought under the name of each that the build is for', async () => {
    const server = await serveFiles({})
    await (await serviceAt(server.base, downloads(), ['amd64', 'i386', 'amd64'])).ask(packageOf('hello_1.0-1_all.deb'))
    expect(server.asked).toEqual([
      '/',
      '/hello_1.0-1_all.buildinfo',
      '/hello_1.0-1_amd64.buildinfo',
      '/hello_1.0-1_i386.buildinfo',
    ])
  })

  it('a binNMU is sought under its own version and that of its source, without epochs, under the source name', async () => {
    const rebuilt = packageOf('libhello1_1.0-1+b1_amd64.deb', {
      epoch: '2:',
      source: 'hello',
      sourceVersion: '2:1.0-1',
    })
    const server = await serveFiles({
      'hello_1.0-1+b1_amd64.buildinfo': await signed({
        source: 'hello (2:1.0-1)',
        version: '2:1.0-1+b1',
        files: { 'libhello1_1.0-1+b1_amd64.deb': SHA256 },
      }),
    })
    const answer = await (await serviceAt(server.base)).ask(rebuilt)
    expect(answer.statements[0]?.attestations).toEqual([
      { fileName: rebuilt.fileName, sha256: SHA256, version: '2:1.0-1+b1', sources: [] },
    ])
    expect(server.asked).toEqual([
      '/',
      '/hello_1.0-1%2Bb1_amd64.buildinfo',
      '/hello_1.0-1%2Bb1_all.buildinfo',
      '/hello_1.0-1_amd64.buildinfo',
      '/hello_1.0-1_all.buildinfo',
    ])
  })

  it('what is there and about another package says nothing: another version, another file', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed({ version: '1.0-2', files: { 'hello_1.0-2_amd64.deb': SHA256 } }),
      'hello_1.0-1_all.buildinfo': await signed({ files: { 'hello-doc_1.0-1_all.deb': SHA256 } }),
    })
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual(NOTHING)
  })

  it('what is there and about another epoch does not count, and not in silence', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed({ version: '1:1.0-1' }),
      'hello_1.0-1_all.buildinfo': await signed({ version: '1:1.0-1', source: 'hello' }),
    })
    const notes = ['its .buildinfo is about version 1:1.0-1']
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual({ ...NOTHING, notes })
  })

  it('what is there and does not count is unusable, with the reason', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': buildinfoText(),
      'hello_1.0-1_all.buildinfo': (await signed()).replace(SHA256, OTHER_SHA256),
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({
      statements: [],
      unusable: [
        expect.stringMatching(/hello_1\.0-1_amd64\.buildinfo is not signed/),
        expect.stringMatching(/hello_1\.0-1_all\.buildinfo.*BAD signature/),
      ],
      unreachable: [],
    })
  })

  it('a document that does not count takes nothing from one that does', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed(),
      'hello_1.0-1_all.buildinfo': await clearsignedBy(buildinfoText(), await newKey()),
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unusable).toEqual([expect.stringMatching(/_all\.buildinfo.*not in the keyring/)])
  })

  it('that has nothing has no statement', async () => {
    const server = await serveFiles({})
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual(NOTHING)
  })

  it('that fails for one name leaves something unknown, whatever the other says', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed(),
      'hello_1.0-1_all.buildinfo': 500,
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([expect.stringMatching(/_all\.buildinfo.*HTTP 500/)])
  })

  it.each([
    ['answers 500', 500],
    ['refuses', 403],
  ])('that %s leaves something unknown, which is said once for each name', async (_name, status) => {
    const server = await serve((_request, response) => response.writeHead(status).end())
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toMatchObject({ statements: [], unusable: [] })
    expect(answer.unreachable).toHaveLength(2)
    expect(answer.unreachable.every((reason) => reason.includes('.buildinfo'))).toBe(true)
  })

  it('that hangs up leaves something unknown', async () => {
    const server = await serve((request) => request.socket.destroy())
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toMatchObject({ statements: [], unusable: [] })
    expect(answer.unreachable).toHaveLength(2)
  })

  it('that breaks off in the middle leaves something unknown', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100000' })
      response.write('-----BEGIN PGP SIGNED', () => response.destroy())
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toMatchObject({ statements: [], unusable: [] })
    expect(answer.unreachable).toHaveLength(2)
  })

  it('that never ends is given up at the limit', async () => {
    const server = await serve((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536, 0x2d))) if (response.destroyed) return
        response.once('drain', more)
      }
      more()
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toMatchObject({ statements: [], unusable: [] })
    expect(answer.unreachable).toEqual([
      expect.stringMatching(`larger than ${MAX_BUILDINFO} bytes`),
      expect.stringMatching(`larger than ${MAX_BUILDINFO} bytes`),
    ])
  })

  it('that never answers is given up in time', async () => {
    const server = await serve(() => {})
    const answer = await (await serviceAt(server.base, downloads({ downloadTimeout: 200 }))).ask(HELLO)
    expect(answer).toMatchObject({ statements: [], unusable: [] })
    expect(answer.unreachable).toHaveLength(2)
  })

  it.each([
    ['a web page', '<html><a href="a.buildinfo">a</a></html>'],
    ['nothing', ''],
  ])('that answers with %s for everything leaves something unknown, and blames nobody', async (_name, page) => {
    const server = await serve((_request, response) => response.end(page))
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({
      ...NOTHING,
      unreachable: [
        expect.stringMatching(/_amd64\.buildinfo did not answer with a \.buildinfo/),
        expect.stringMatching(/_all\.buildinfo did not answer with a \.buildinfo/),
      ],
    })
  })

  it.each([
    ['a byte order mark', '\xef\xbb\xbf'],
    ['a blank line', '\n'],
    ['a word', 'Signed by me:\n'],
  ])('a signed document with %s before it is told what is wrong', async (_name, before) => {
    const server = await serveFiles({ 'hello_1.0-1_amd64.buildinfo': `${before}${await signed()}` })
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual({
      ...NOTHING,
      unusable: [expect.stringMatching(/_amd64\.buildinfo has something before -----BEGIN PGP SIGNED MESSAGE-----/)],
    })
  })

  it('the same document under each name takes the room of one, and says where it was found', async () => {
    const server = await serveFiles({
      'hello_1.0-1_amd64.buildinfo': await signed(),
      'hello_1.0-1_all.buildinfo': await signed(),
    })
    const { statements } = await (await serviceAt(server.base)).ask(HELLO)
    expect(statements.flatMap(({ evidence }) => evidence.map(({ url }) => url))).toEqual([
      `${server.base.href}hello_1.0-1_amd64.buildinfo`,
      `${server.base.href}hello_1.0-1_all.buildinfo`,
    ])
  })

  it('is not asked when the network is forbidden', async () => {
    const server = await serveFiles({})
    const answer = await (await serviceAt(server.base, downloads({ offline: true }))).ask(HELLO)
    expect(answer.unreachable).toHaveLength(2)
    expect(server.asked).toEqual([])
  })
})

describe('a server that lists its folder', () => {
  const index = (...hrefs: string[]) => `<html>${hrefs.map((href) => `<a href="${href}">x</a>\n`).join('')}</html>`

  it('is asked for the list once, and for all files of the source package and version in it', async () => {
    const files: Files = {
      'bi/': index(
        'hello_1.0-1_amd64-rebuild.buildinfo',
        'hello_1.0-1_2026-06-01.buildinfo',
        'hello_1.0-1_amd64.changes',
        'hello_1.0-10_amd64-rebuild.buildinfo',
        'other_1.0-1_amd64-rebuild.buildinfo',
        'old/hello_1.0-1_amd64-rebuild.buildinfo',
        'http://other.example/bi/hello_1.0-1_x.buildinfo',
      ),
      'bi/hello_1.0-1_amd64-rebuild.buildinfo': await signed(),
      'bi/hello_1.0-1_2026-06-01.buildinfo': await signed({ files: { 'hello_1.0-1_amd64.deb': OTHER_SHA256 } }),
    }
    const server = await serveFiles(files)
    const service = await serviceAt(new URL('bi/', server.base))
    expect(hashes(await service.ask(HELLO))).toEqual([OTHER_SHA256, SHA256])
    expect(await service.ask(packageOf('absent_1_amd64.deb'))).toEqual(NOTHING)
    expect(hashes(await service.ask(HELLO))).toEqual([OTHER_SHA256, SHA256])
    expect(server.asked).toEqual([
      '/bi/',
      '/bi/hello_1.0-1_amd64.buildinfo',
      '/bi/hello_1.0-1_all.buildinfo',
      '/bi/hello_1.0-1_2026-06-01.buildinfo',
      '/bi/hello_1.0-1_amd64-rebuild.buildinfo',
      '/bi/absent_1_amd64.buildinfo',
      '/bi/absent_1_all.buildinfo',
    ])
  })

  it('is asked for what it lists beside the proper name: that may contradict it', async () => {
    const server = await serveFiles({
      '': index('hello_1.0-1_x.buildinfo', 'hello_1.0-1_amd64.buildinfo'),
      'hello_1.0-1_amd64.buildinfo': await signed(),
      'hello_1.0-1_x.buildinfo': await signed({ files: { 'hello_1.0-1_amd64.deb': OTHER_SHA256 } }),
    })
    expect(hashes(await (await serviceAt(server.base)).ask(HELLO))).toEqual([SHA256, OTHER_SHA256])
    expect(server.asked).toEqual([
      '/',
      '/hello_1.0-1_amd64.buildinfo',
      '/hello_1.0-1_all.buildinfo',
      '/hello_1.0-1_x.buildinfo',
    ])
  })

  it('has the packages for all architectures in a build for one that nobody here asks about', async () => {
    const files = {
      'tool_1.0-1_amd64.buildinfo': await signed({ source: 'tool', files: { 'tool_1.0-1_amd64.deb': SHA256 } }),
      'tool_1.0-1_arm64.buildinfo': await signed({ source: 'tool', files: { 'tool-data_1.0-1_all.deb': SHA256 } }),
    }
    const server = await serveFiles({ ...files, '': index(...Object.keys(files)) })
    const data = packageOf('tool-data_1.0-1_all.deb', { source: 'tool' })
    const answer = await (await serviceAt(server.base)).ask(data)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
  })

  it('is asked for what it lists where the file of the proper name does not count', async () => {
    const server = await serveFiles({
      '': index('hello_1.0-1_x.buildinfo'),
      'hello_1.0-1_amd64.buildinfo': 'Format: garbage',
      'hello_1.0-1_x.buildinfo': await signed(),
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unusable).toEqual([expect.stringMatching(/_amd64\.buildinfo is not signed/)])
  })

  it('is asked for what it lists of a source whose name has an underscore', async () => {
    const server = await serveFiles({
      '': index('my_hello_1.0-1_x.buildinfo', 'my_hello_1.0-10_x.buildinfo', 'my_hello_1.0_x.buildinfo'),
      'my_hello_1.0-1_x.buildinfo': await signed({ source: 'my_hello' }),
    })
    const rebuilt = packageOf('hello_1.0-1_amd64.deb', { source: 'my_hello' })
    expect(hashes(await (await serviceAt(server.base)).ask(rebuilt))).toEqual([SHA256])
    expect(server.asked).not.toContain('/my_hello_1.0-10_x.buildinfo')
  })

  it('and cannot show it at the moment leaves nothing unknown where a statement has its proper name', async () => {
    const server = await serveFiles({ '': 503, 'hello_1.0-1_amd64.buildinfo': await signed() })
    const service = await serviceAt(server.base)
    const answer = await service.ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([])
    const other = await service.ask(packageOf('hello-doc_1.0-1_all.deb', { source: 'hello' }))
    expect(other).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/HTTP 503/)] })
  })

  it('and does not show it to strangers has no statement', async () => {
    const server = await serveFiles({ '': 403 })
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual(NOTHING)
    expect(server.asked).toContain('/')
  })

  it('and cannot show it at the moment leaves something unknown, and is not asked again', async () => {
    const server = await serveFiles({ '': 503 })
    const service = await serviceAt(server.base)
    const answer = await service.ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/HTTP 503/)] })
    const times = server.asked.length
    expect(await service.ask(HELLO)).toEqual(answer)
    expect(server.asked).toHaveLength(times)
  })

  it('and takes too long over it leaves something unknown', async () => {
    const server = await serve((request, response) => {
      if (request.url !== '/') response.writeHead(404).end()
    })
    const answer = await (await serviceAt(server.base, downloads({ downloadTimeout: 200 }))).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringContaining(server.base.href)] })
  })

  it('and lists absurdly many files of one package is not asked for them', async () => {
    const many = Array.from({ length: MAX_STATEMENTS_PER_PACKAGE + 1 }, (_, each) => `hello_1.0-1_${each}.buildinfo`)
    const server = await serveFiles({ '': index(...many) })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(/more than \d+ statements about hello_1\.0-1_amd64\.deb/)],
    })
    expect(server.asked).toHaveLength(3)
    const proper = await serveFiles({ '': index(...many), 'hello_1.0-1_amd64.buildinfo': await signed() })
    const found = await (await serviceAt(proper.base)).ask(HELLO)
    expect(hashes(found)).toEqual([SHA256])
    expect(found.unreachable).toHaveLength(1)
  })

  it('and lists a document that does not count: that is said', async () => {
    const server = await serveFiles({
      '': index('hello_1.0-1_x.buildinfo', 'hello_1.0-1_gone.buildinfo'),
      'hello_1.0-1_x.buildinfo': buildinfoText(),
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unusable: [expect.stringMatching(/_x\.buildinfo is not signed/)] })
  })
})

describe('in a folder on the disk', () => {
  async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'debproof-buildinfo-')))
    folders.push(folder)
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), content, 'latin1')
    }
    return folder
  }
  const serviceIn = async (folder: string, client?: Downloads) =>
    await serviceAt(new URL(`${pathToFileURL(folder).href}/`), client)

  it('every .buildinfo below it that lists the file is read, whatever its name', async () => {
    const folder = await folderOf({
      'a/whatever.buildinfo': await signed(),
      'b/c/hello.buildinfo': await signed({ files: { 'hello_1.0-1_amd64.deb': OTHER_SHA256 } }),
      'hello_1.0-1_amd64.buildinfo': await signed({ version: '1:1.0-1' }),
      'hello_1.0-1_amd64.changes': await signed(),
    })
    const answer = await (await serviceIn(folder)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256, OTHER_SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
  })

  it('what does not name the file is passed over in silence; what does and does not count is unusable', async () => {
    const folder = await folderOf({
      'unsigned.buildinfo': buildinfoText(),
      'changed.buildinfo': (await signed()).replace('1234', '1235'),
      'stranger.buildinfo': await clearsignedBy(buildinfoText(), await newKey()),
      'other.buildinfo': buildinfoText({ files: { 'other_1_all.deb': SHA256 } }),
      'garbage.buildinfo': Buffer.from([0, 1, 2, 255]),
      'empty.buildinfo': '',
    })
    const answer = await (await serviceIn(folder)).ask(HELLO)
    expect(answer).toEqual({
      ...NOTHING,
      unusable: [
        expect.stringMatching(/changed\.buildinfo.*BAD signature/),
        expect.stringMatching(/stranger\.buildinfo.*not in the keyring/),
        expect.stringMatching(/unsigned\.buildinfo is not signed/),
      ],
    })
  })

  it('is read once in a run, and each document verified once, when it is asked about first', async () => {
    const read: string[] = []
    const folder = await folderOf({
      'a.buildinfo': await signed({ files: { 'a_1_all.deb': SHA256, 'b_1_all.deb': OTHER_SHA256 } }),
      'c.buildinfo': await signed({ files: { 'c_1_all.deb': SHA256 } }),
    })
    const service = await serviceIn(folder, downloads({ onDownload: (url) => read.push(path.basename(url.pathname)) }))
    const names = ['a_1_all.deb', 'b_1_all.deb', 'a_1_all.deb', 'd_1_all.deb']
    const answers = await Promise.all(names.map((name) => service.ask(packageOf(name))))
    expect(answers.map(hashes)).toEqual([[SHA256], [OTHER_SHA256], [SHA256], []])
    expect(read).toEqual(['a.buildinfo', 'c.buildinfo', 'a.buildinfo'])
  })

  it('what is too large may be about any package', async () => {
    const folder = await folderOf({ 'a.buildinfo': await signed(), 'b.buildinfo': Buffer.alloc(MAX_BUILDINFO + 1) })
    const answer = await (await serviceIn(folder)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([expect.stringMatching(/b\.buildinfo is larger than/)])
  })

  it('with absurdly many documents about one package leaves that package unknown, and no other', async () => {
    const row = Buffer.from(` ${SHA256} 1 hello_1.0-1_amd64.deb\n`)
    const many = Array.from(
      { length: MAX_STATEMENTS_PER_PACKAGE + 1 },
      (_, each) => [`${each}.buildinfo`, row] as const,
    )
    const service = await serviceIn(await folderOf(Object.fromEntries(many)))
    expect(await service.ask(HELLO)).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(/more than \d+ statements about hello_1\.0-1_amd64\.deb/)],
    })
    expect(await service.ask(packageOf('other_1_all.deb'))).toEqual(NOTHING)
  })

  it('that does not exist leaves everything unknown', async () => {
    const folder = await folderOf({})
    const answer = await (await serviceIn(path.join(folder, 'absent'))).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/does not exist/)] })
  })

  it('that links to a file elsewhere leaves everything unknown', async () => {
    const elsewhere = await folderOf({ 'a.buildinfo': await signed() })
    const folder = await folderOf({ 'b.buildinfo': await signed() })
    await symlink(path.join(elsewhere, 'a.buildinfo'), path.join(folder, 'a.buildinfo'))
    const answer = await (await serviceIn(folder)).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/a\.buildinfo is a symbolic link/)] })
  })

  it('holds what dpkg and debsign wrote', async () => {
    const folder = await folderOf(
      Object.fromEntries(
        ['orig.rsa.signed', 'rebuild.ed25519.signed', 'sid-debrebuild'].map((name) => [
          `${name}.buildinfo`,
          fixture(`${name}.buildinfo`),
        ]),
      ),
    )
    const answer = await (await serviceIn(folder)).ask(packageOf('debproof-demo_1.0-1_amd64.deb'))
    expect(answer.unusable).toEqual([
      expect.stringMatching(/orig\.rsa\.signed\.buildinfo.*not in the keyring/),
      expect.stringMatching(/rebuild\.ed25519\.signed\.buildinfo.*not in the keyring/),
      expect.stringMatching(/sid-debrebuild\.buildinfo is not signed/),
    ])
  })
})

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_SHA256SUMS } from '../../src/limits.ts'
import type { Downloads } from '../../src/net/downloads.ts'
import { Sha256sumsService } from '../../src/reproduced/sha256sums-service.ts'
import type { ServiceAnswer } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { AT, block, keyringOf, latin1, newKey, once, signature } from '../making/signed-archive.ts'
import { clearsignedBy, OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const NOTHING = { statements: [], unusable: [], unreachable: [] }
const SUMS = `${SHA256}  hello_1.0-1_amd64.deb\n${OTHER_SHA256}  other_1_all.deb\n`
const OTHER_SUMS = `${OTHER_SHA256}  out/hello_1.0-1_amd64.deb\n`

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))
const strangerKey = once(() => newKey({ name: 'Stranger' }))
const binary = async (sums = SUMS) => await signature(sums, await partyKey())
const armored = async (sums = SUMS) => block(await binary(sums))
const clearsigned = async (sums = SUMS) => await clearsignedBy(sums, await partyKey())

async function serviceAt(url: URL, client: Downloads = downloads()): Promise<Sha256sumsService> {
  return new Sha256sumsService({ url, keyring: await party(), at: AT, downloads: client })
}

/** The hashes that an answer attests, in order. */
function hashes({ statements }: ServiceAnswer): string[] {
  return statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256))
}

describe('on a server', () => {
  it.each<[string, () => Promise<Record<string, string | Uint8Array>>, string[]]>([
    [
      'sums with SHA256SUMS.asc',
      async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.asc': await armored() }),
      ['SHA256SUMS', 'SHA256SUMS.asc'],
    ],
    [
      'sums with SHA256SUMS.gpg',
      async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.gpg': await binary() }),
      ['SHA256SUMS', 'SHA256SUMS.asc', 'SHA256SUMS.gpg'],
    ],
    [
      'sums with SHA256SUMS.sig',
      async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.sig': await binary() }),
      ['SHA256SUMS', 'SHA256SUMS.asc', 'SHA256SUMS.gpg', 'SHA256SUMS.sig'],
    ],
    ['SHA256SUMS with its signature around it', async () => ({ SHA256SUMS: await clearsigned() }), ['SHA256SUMS']],
    [
      'SHA256SUMS.asc alone, with the sums in it',
      async () => ({ 'SHA256SUMS.asc': await clearsigned() }),
      ['SHA256SUMS', 'SHA256SUMS.asc'],
    ],
    [
      'sums, and SHA256SUMS.asc with the sums in it',
      async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.asc': await clearsigned() }),
      ['SHA256SUMS', 'SHA256SUMS.asc'],
    ],
  ])('a folder with %s', async (_name, make, asked) => {
    const files = Object.entries(await make()).map(([name, content]) => [`1.0/${name}`, content] as const)
    const server = await serveFiles(Object.fromEntries(files))
    const answer = await (await serviceAt(new URL('1.0/', server.base))).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
    expect(server.asked).toEqual(asked.map((name) => `/1.0/${name}`))
    const urls = answer.statements[0]?.evidence.map(({ url }) => path.basename(url)) ?? []
    expect(asked).toEqual(expect.arrayContaining(urls))
  })

  it('sums under a name of their own', async () => {
    const server = await serveFiles({ 'sums.txt': SUMS, 'sums.txt.asc': await armored() })
    expect(hashes(await (await serviceAt(new URL('sums.txt', server.base))).ask(HELLO))).toEqual([SHA256])
  })

  it('sums in a file that is named as a signature is', async () => {
    const server = await serveFiles({ 'SHA256SUMS.asc': await clearsigned() })
    expect(hashes(await (await serviceAt(new URL('SHA256SUMS.asc', server.base))).ask(HELLO))).toEqual([SHA256])
    expect(server.asked).toEqual(['/SHA256SUMS.asc'])
  })

  it('are fetched and verified once, whatever number of packages ask', async () => {
    const server = await serveFiles({ SHA256SUMS: SUMS, 'SHA256SUMS.asc': await armored() })
    const service = await serviceAt(server.base)
    const names = ['hello_1.0-1_amd64.deb', 'other_1_all.deb', 'absent_1_all.deb']
    const rounds = Array.from({ length: 500 }, () => names).flat()
    const answers = await Promise.all(rounds.map((name) => service.ask(packageOf(name))))
    expect(answers.slice(0, 3).map(hashes)).toEqual([[SHA256], [OTHER_SHA256], []])
    expect(answers.at(-1)).toEqual(NOTHING)
    expect(server.asked).toEqual(['/SHA256SUMS', '/SHA256SUMS.asc'])
  })

  it('the first signature that is there is the one that must be good', async () => {
    const server = await serveFiles({
      SHA256SUMS: SUMS,
      'SHA256SUMS.asc': block(await signature(SUMS, await strangerKey())),
      'SHA256SUMS.gpg': await binary(),
    })
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual({
      ...NOTHING,
      unusable: [expect.stringMatching(/SHA256SUMS.*not in the keyring/)],
    })
  })

  it.each<[string, () => Promise<Record<string, string | Uint8Array>>, RegExp]>([
    ['without signature', async () => ({ SHA256SUMS: SUMS }), /SHA256SUMS is not signed/],
    [
      'that were changed',
      async () => ({ SHA256SUMS: OTHER_SUMS, 'SHA256SUMS.asc': await armored() }),
      /SHA256SUMS: BAD signature/,
    ],
    [
      'that are not there, only their signature',
      async () => ({ 'SHA256SUMS.asc': await armored() }),
      /SHA256SUMS\.asc is the signature of a file that is not there/,
    ],
    [
      'in the form of --tag',
      async () => {
        const tagged = `SHA256 (hello_1.0-1_amd64.deb) = ${SHA256}\n`
        return { SHA256SUMS: tagged, 'SHA256SUMS.asc': await armored(tagged) }
      },
      /SHA256SUMS is no list of sha256sum's: line 1/,
    ],
    [
      'with a byte order mark',
      async () => ({ SHA256SUMS: `\xef\xbb\xbf${await clearsigned()}` }),
      /SHA256SUMS has something before -----BEGIN PGP SIGNED MESSAGE-----/,
    ],
    [
      'with a blank line before them',
      async () => ({ 'SHA256SUMS.asc': `\n${await clearsigned()}` }),
      /SHA256SUMS\.asc has something before -----BEGIN PGP SIGNED MESSAGE-----/,
    ],
  ])('sums %s are unusable, which every package is told', async (_name, make, reason) => {
    const server = await serveFiles(await make())
    const service = await serviceAt(server.base)
    for (const rebuilt of [HELLO, packageOf('absent_1_all.deb')]) {
      expect(await service.ask(rebuilt)).toEqual({ ...NOTHING, unusable: [expect.stringMatching(reason)] })
    }
  })

  it.each<[string, () => Promise<Record<string, string | Uint8Array>>, string]>([
    ['for everything', async () => ({ SHA256SUMS: '<html>', 'SHA256SUMS.asc': '<html>' }), 'SHA256SUMS'],
    ['for the sums', async () => ({ SHA256SUMS: '<html>', 'SHA256SUMS.asc': await armored() }), 'SHA256SUMS'],
    ['for the signature', async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.asc': '<html>' }), 'SHA256SUMS.asc'],
    ['for what may hold both', async () => ({ 'SHA256SUMS.asc': '<html>' }), 'SHA256SUMS.asc'],
  ])('that answers with a web page %s leaves something unknown for every package', async (_name, make, name) => {
    const server = await serveFiles(await make())
    const service = await serviceAt(server.base)
    for (const rebuilt of [HELLO, packageOf('absent_1_all.deb')]) {
      expect(await service.ask(rebuilt)).toEqual({
        ...NOTHING,
        unreachable: [expect.stringContaining(`${server.base.href}${name} did not answer with a`)],
      })
    }
  })

  it.each<[string, () => Promise<Record<string, string | Uint8Array>>]>([
    ['the .gpg', async () => ({ SHA256SUMS: SUMS, 'SHA256SUMS.asc': '<html>', 'SHA256SUMS.gpg': await binary() })],
    ['sums in the .asc', async () => ({ SHA256SUMS: '<html>', 'SHA256SUMS.asc': await clearsigned() })],
  ])('that answers with a web page for what it has not: %s count', async (_name, make) => {
    const server = await serveFiles(await make())
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
  })

  it('that has none has no statement', async () => {
    const server = await serveFiles({})
    expect(await (await serviceAt(server.base)).ask(HELLO)).toEqual(NOTHING)
    expect(await (await serviceAt(new URL('my.sums', server.base))).ask(HELLO)).toEqual(NOTHING)
    server.asked.splice(2)
    expect(server.asked).toEqual(['/SHA256SUMS', '/SHA256SUMS.asc'])
  })

  it.each<[string, Record<string, string | number>]>([
    ['the sums', { SHA256SUMS: 500 }],
    ['their signature', { SHA256SUMS: SUMS, 'SHA256SUMS.asc': 502 }],
    ['the file that may hold both', { 'SHA256SUMS.asc': 503 }],
    ['a forbidden file', { SHA256SUMS: 403 }],
  ])('that cannot give %s leaves something unknown for every package', async (_name, files) => {
    const server = await serveFiles(files)
    const service = await serviceAt(server.base)
    const answer = await service.ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/HTTP (?:50[023]|403)/)] })
    const times = server.asked.length
    expect(await service.ask(packageOf('absent_1_all.deb'))).toEqual(answer)
    expect(server.asked).toHaveLength(times)
  })

  it('that hangs up, breaks off or does not answer leaves something unknown', async () => {
    const servers = [
      await serve((request) => request.socket.destroy()),
      await serve((_request, response) => {
        response.writeHead(200, { 'content-length': '100000' })
        response.write(SUMS, () => response.destroy())
      }),
      await serve(() => {}),
    ]
    for (const { base } of servers) {
      const answer = await (await serviceAt(base, downloads({ downloadTimeout: 300 }))).ask(HELLO)
      expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringContaining(`${base.href}SHA256SUMS`)] })
    }
  })

  it('that never ends is given up at the limit', async () => {
    const server = await serve((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536, 0x61))) if (response.destroyed) return
        response.once('drain', more)
      }
      more()
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(`SHA256SUMS is larger than ${MAX_SHA256SUMS} bytes`)],
    })
  })
})

describe('on the disk', () => {
  async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'debproof-sums-')))
    folders.push(folder)
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), typeof content === 'string' ? latin1(content) : content)
    }
    return folder
  }
  const serviceIn = async (folder: string, client?: Downloads) =>
    await serviceAt(new URL(`${pathToFileURL(folder).href}/`), client)

  it('a folder for each version, as guix.sigs keeps them: all of the sums below it are read, once', async () => {
    const read: string[] = []
    const folder = await folderOf({
      '1.0/party/noncodesigned.SHA256SUMS': SUMS,
      '1.0/party/noncodesigned.SHA256SUMS.asc': await armored(),
      '1.1/party/all.SHA256SUMS': OTHER_SUMS,
      '1.1/party/all.SHA256SUMS.asc': await armored(OTHER_SUMS),
      '1.2/SHA256SUMS': await clearsigned(`${SHA256}  new_1.2_all.deb\n`),
      '1.3/SHA256SUMS.asc': await clearsigned(`${SHA256}  new_1.3_all.deb\n`),
      'README.SHA256SUMS.md': 'how to',
    })
    const service = await serviceIn(folder, downloads({ onDownload: (url) => read.push(url.pathname) }))
    const names = ['hello_1.0-1_amd64.deb', 'other_1_all.deb', 'new_1.2_all.deb', 'new_1.3_all.deb', 'absent_1_all.deb']
    const answers = await Promise.all(names.map((name) => service.ask(packageOf(name))))
    expect(answers.map(hashes)).toEqual([[SHA256, OTHER_SHA256], [OTHER_SHA256], [SHA256], [SHA256], []])
    expect(answers.flatMap(({ unusable, unreachable }) => [...unusable, ...unreachable])).toEqual([])
    expect(read).toHaveLength(new Set(read).size)
  })

  it('sums of others are passed over in silence, unless they list the file', async () => {
    const others = `${SHA256}  others_1_all.deb\n`
    const folder = await folderOf({
      'party/SHA256SUMS': SUMS,
      'party/SHA256SUMS.asc': await armored(),
      'stranger/SHA256SUMS': others,
      'stranger/SHA256SUMS.asc': block(await signature(others, await strangerKey())),
      'unsigned/SHA256SUMS': OTHER_SUMS,
      'orphan/SHA256SUMS.asc': await armored(),
    })
    const service = await serviceIn(folder)
    expect(await service.ask(packageOf('other_1_all.deb'))).toMatchObject({ unusable: [], unreachable: [] })
    expect(await service.ask(packageOf('others_1_all.deb'))).toEqual({
      ...NOTHING,
      unusable: [expect.stringMatching(/stranger\/SHA256SUMS.*not in the keyring/)],
    })
    const answer = await service.ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unusable).toEqual([expect.stringMatching(/unsigned\/SHA256SUMS is not signed/)])
  })

  it('one file', async () => {
    const folder = await folderOf({ 'my.sums': SUMS, 'my.sums.sig': await binary() })
    const service = await serviceAt(pathToFileURL(path.join(folder, 'my.sums')))
    expect(hashes(await service.ask(HELLO))).toEqual([SHA256])
  })

  it('one file that is not there leaves everything unknown', async () => {
    const folder = await folderOf({ SHA256SUMS: SUMS })
    const service = await serviceAt(pathToFileURL(path.join(folder, 'SHA256SUM')))
    expect(await service.ask(HELLO)).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(/\/SHA256SUM is no file; the URL of a folder ends in a slash\.$/)],
    })
  })

  it('what is too large may list any package', async () => {
    const folder = await folderOf({
      'a/SHA256SUMS': await clearsigned(),
      'b/SHA256SUMS': Buffer.alloc(MAX_SHA256SUMS + 1),
    })
    const answer = await (await serviceIn(folder)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([expect.stringMatching(/b\/SHA256SUMS is larger than/)])
  })

  it('a folder that does not exist leaves everything unknown', async () => {
    const folder = await folderOf({})
    const service = await serviceIn(path.join(folder, 'absent'))
    expect(await service.ask(HELLO)).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/does not exist/)] })
  })

  it('a folder without sums has no statement', async () => {
    expect(await (await serviceIn(await folderOf({ 'a.txt': SUMS }))).ask(HELLO)).toEqual(NOTHING)
  })
})

import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MAX_RECENT_LINK_BYTES, MAX_STATEMENT, MAX_STATEMENTS_PER_PACKAGE } from '../../src/limits.ts'
import type { Downloads } from '../../src/net/downloads.ts'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { verifyLinkByLayoutKey } from '../../src/reproduced/in-toto-layout.ts'
import { verifyLink } from '../../src/reproduced/in-toto-link.ts'
import { InTotoService } from '../../src/reproduced/in-toto-service.ts'
import { parseLayoutKey } from '../../src/reproduced/layout-key.ts'
import type { ServiceAnswer } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { AT, keyringOf, newKey, once } from '../making/signed-archive.ts'
import { jsonOf, link, metablock, rawSigner, signedLink, signerOf } from './signed-metablocks.ts'
import { OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'
import { folderWith, removeFolders } from './statement-folders.ts'

vi.mock('../../src/reproduced/canonical-json.ts', { spy: true })

afterEach(async () => {
  await closeAll()
  removeFolders()
})

const HELLO = packageOf('hello_1.0-1_amd64.deb', { epoch: '2:' })
const NOTHING = { statements: [], unusable: [], unreachable: [] }

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))
const signer = once(async () => signerOf(await partyKey()))
const stranger = rawSigner('ed25519')

async function serviceAt(base: URL, client: Downloads = downloads()): Promise<InTotoService> {
  const keyring = await party()
  return new InTotoService(client, base, async (document, rebuilt) => await verifyLink(document, keyring, AT, rebuilt))
}

/** The hashes that an answer attests, in order. */
function hashes({ statements }: ServiceAnswer): string[] {
  return statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256))
}

const about = (sha256: string, name = HELLO.fileName): object => link({ [name]: { sha256 } })

describe('on a server', () => {
  it('the link is where apt-transport-in-toto looks for it: by name and version without epoch', async () => {
    const server = await serveFiles({ 'rebuilder/sources/hello/1.0-1/metadata': signedLink(await signer()) })
    const answer = await (await serviceAt(new URL('rebuilder/', server.base))).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer).toMatchObject({ unusable: [], unreachable: [] })
    expect(server.asked).toEqual(['/rebuilder/sources/hello/1.0-1/metadata'])
  })

  it('names with a plus sign are escaped', async () => {
    const server = await serveFiles({})
    await (await serviceAt(server.base)).ask(packageOf('libstdc++6_1.0+b1~x_amd64.deb'))
    expect(server.asked).toEqual(['/sources/libstdc%2B%2B6/1.0%2Bb1~x/metadata'])
  })

  it('no link is no statement, and so is a link that does not list the file', async () => {
    const files: Record<string, Uint8Array> = {}
    const service = await serviceAt((await serveFiles(files)).base)
    expect(await service.ask(HELLO)).toEqual(NOTHING)
    files['sources/hello/1.0-1/metadata'] = signedLink(await signer(), about(SHA256, 'hello_1.0-1_arm64.deb'))
    expect(await service.ask(HELLO)).toEqual(NOTHING)
  })

  it.each([
    ['a page for people', '<!DOCTYPE html><title>Rebuilds</title>', /^http:\/\/\S+\/metadata is not usable as JSON/],
    ['a link by another', signedLink(stranger), /not in the keyring/],
    ['nothing', '', /not usable as JSON/],
  ])('%s is found and does not count', async (_, content, pattern) => {
    const server = await serveFiles({ 'sources/hello/1.0-1/metadata': content })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unusable: [expect.stringMatching(pattern)] })
  })

  it('what cannot be read leaves something unknown', async () => {
    const url = 'sources/hello/1.0-1/metadata'
    for (const status of [500, 503, 403]) {
      const server = await serveFiles({ [url]: status })
      const answer = await (await serviceAt(server.base)).ask(HELLO)
      expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringContaining(`HTTP ${status}`)] })
    }
    const hangsUp = await serve((request) => request.socket.destroy())
    expect((await (await serviceAt(hangsUp.base)).ask(HELLO)).unreachable).toHaveLength(1)
    const breaksOff = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"signatures":', () => response.destroy())
    })
    expect((await (await serviceAt(breaksOff.base)).ask(HELLO)).unreachable).toHaveLength(1)
    const stalls = await serve((_, response) => void response.writeHead(200).write('{'))
    const client = downloads({ idleTimeout: 100 })
    expect((await (await serviceAt(stalls.base, client)).ask(HELLO)).unreachable).toHaveLength(1)
    const offline = downloads({ offline: true })
    expect((await (await serviceAt(stalls.base, offline)).ask(HELLO)).unreachable).toEqual([
      expect.stringContaining('--offline'),
    ])
  })

  it('an endless link is given up at the limit', async () => {
    let sent = 0
    const chunk = Buffer.alloc(256 * 1024, ' ')
    const server = await serve((_, response) => {
      const more = (): void => {
        if (response.destroyed) return
        sent += chunk.length
        response.write(chunk, more)
      }
      more()
    })
    const answer = await (await serviceAt(server.base)).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringContaining(`larger than ${MAX_STATEMENT}`)] })
    expect(sent).toBeLessThan(16 * MAX_STATEMENT)
  })
})

describe('in a folder', () => {
  it('every link that names the file counts, wherever it lies', async () => {
    const ours = await signer()
    const { base } = folderWith({
      'sources/hello/1.0-1/rebuild.12345678.amd64.link': signedLink(ours, about(SHA256)),
      'sources/hello/1.0-1/metadata': signedLink(ours, about(OTHER_SHA256)),
      'sources/hello/2.0-1/metadata': signedLink(ours, about(SHA256, 'hello_2.0-1_amd64.deb')),
      'sources/hello/1.0-1/rebuild.json': signedLink(ours, about(OTHER_SHA256)),
    })
    expect(hashes(await (await serviceAt(base)).ask(HELLO))).toEqual([OTHER_SHA256, SHA256])
  })

  it('nothing below unreproducible/ is read, not even through a link', async () => {
    const ours = await signer()
    const { folder, base } = folderWith({
      'sources/hello/1.0-1/metadata': signedLink(ours, about(SHA256)),
      'unreproducible/sources/hello/1.0-1/metadata': signedLink(ours, about(OTHER_SHA256)),
      'deep/unreproducible/metadata': signedLink(ours, about(OTHER_SHA256)),
    })
    symlinkSync('unreproducible/sources/hello/1.0-1/metadata', path.join(folder, 'other.link'))
    symlinkSync('unreproducible', path.join(folder, 'reproducible'))
    expect(hashes(await (await serviceAt(base)).ask(HELLO))).toEqual([SHA256])
  })

  it('what is of other packages and no link at all is passed over in silence', async () => {
    const { base } = folderWith({
      'other.link': signedLink(stranger, about(SHA256, 'other_1_all.deb')),
      'broken.link': '{"signed": {"products": {"other_1_all.deb"',
      'page.link': '<html>hello</html>',
      'empty/metadata': '',
    })
    expect(await (await serviceAt(base)).ask(HELLO)).toEqual(NOTHING)
  })

  it('what names the file and does not count is told, with the reason', async () => {
    const text = signedLink(await signer()).toString()
    const { base } = folderWith({
      'a.link': signedLink(await signer()),
      'changed.link': text.replace(SHA256, OTHER_SHA256),
      'stranger.link': signedLink(stranger),
      'twice.link': text.replace('"environment":{}', '"environment":{},"environment":{}'),
    })
    const answer = await (await serviceAt(base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([])
    expect(answer.unusable).toEqual([
      expect.stringMatching(/changed\.link: BAD signature/),
      expect.stringMatching(/stranger\.link has no valid signature/),
      expect.stringMatching(/twice\.link is not usable as JSON: .*two members/),
    ])
  })

  it('the folder is read once for all packages', async () => {
    const { folder, base } = folderWith({ 'a.link': signedLink(await signer()) })
    const opened: string[] = []
    const service = await serviceAt(base, downloads({ onDownload: ({ href }) => opened.push(href) }))
    const names = ['x_1_all.deb', 'y_1_all.deb', 'z_1_all.deb'].map((name) => packageOf(name))
    await Promise.all(names.map(async (rebuilt) => await service.ask(rebuilt)))
    expect(opened).toHaveLength(1)
    rmSync(path.join(folder, 'a.link'))
    expect(await service.ask(HELLO)).toEqual(NOTHING)
  })

  it('a link is read and verified once for all packages that it lists', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `p${index}_1_all.deb`)
    const { base } = folderWith({
      'a.link': signedLink(await signer(), link(Object.fromEntries(names.map((name) => [name, { sha256: SHA256 }])))),
    })
    const opened: string[] = []
    const service = await serviceAt(base, downloads({ onDownload: ({ href }) => opened.push(href) }))
    vi.mocked(canonicalOlpc).mockClear()
    const answers = await Promise.all(names.map(async (name) => await service.ask(packageOf(name))))
    expect(answers.flatMap(hashes)).toEqual(names.map(() => SHA256))
    expect(hashes(await service.ask(packageOf('p7_1_all.deb')))).toEqual([SHA256])
    // Once for its names, once for what it says.
    expect(opened).toHaveLength(2)
    expect(canonicalOlpc).toHaveBeenCalledOnce()
  })

  it('no more links are kept than the limit, and those are read again', async () => {
    const bytes = signedLink(await signer())
    const names = Array.from({ length: 12 }, (_, index) => `p${index}_1_all.deb`)
    // Large enough for ten of them to pass what is kept.
    const padding = Buffer.alloc(MAX_RECENT_LINK_BYTES / 10, ' ')
    const { base } = folderWith(
      Object.fromEntries(
        names.map((name) => {
          const padded = Buffer.concat([metablock(link({ [name]: { sha256: SHA256 } })), padding])
          return [`${name}.link`, padded]
        }),
      ),
    )
    expect(bytes.length + padding.length).toBeLessThan(MAX_STATEMENT)
    const opened: string[] = []
    const service = await serviceAt(base, downloads({ onDownload: ({ href }) => opened.push(path.basename(href)) }))
    for (const name of names) await service.ask(packageOf(name))
    expect(opened).toHaveLength(2 * names.length)
    opened.length = 0
    await service.ask(packageOf('p11_1_all.deb'))
    expect(opened).toEqual([])
    await service.ask(packageOf('p0_1_all.deb'))
    expect(opened).toEqual(['p0_1_all.deb.link'])
    await service.ask(packageOf('p11_1_all.deb'))
    expect(opened).toHaveLength(1)
  })

  it('what could not be read is tried again', async () => {
    const { folder, base } = folderWith({ 'a.link': signedLink(await signer()) })
    const service = await serviceAt(base)
    await service.ask(packageOf('x_1_all.deb'))
    writeFileSync(path.join(folder, 'a.link'), Buffer.alloc(MAX_STATEMENT + 1))
    expect((await service.ask(HELLO)).unreachable).toEqual([expect.stringMatching(/is larger than/)])
    writeFileSync(path.join(folder, 'a.link'), signedLink(await signer()))
    expect(hashes(await service.ask(HELLO))).toEqual([SHA256])
  })

  it('a folder that is not there, or a link too large to be read, leaves something unknown', async () => {
    const { base } = folderWith({ 'huge.link': Buffer.alloc(MAX_STATEMENT + 1), 'a.link': signedLink(await signer()) })
    const absent = await (await serviceAt(new URL('absent/', base))).ask(HELLO)
    expect(absent).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/absent\/ does not exist/)] })
    const answer = await (await serviceAt(base)).ask(HELLO)
    expect(hashes(answer)).toEqual([SHA256])
    expect(answer.unreachable).toEqual([expect.stringMatching(/huge\.link is larger than/)])
  })

  it('more links that name one file than anybody needs are not all read', async () => {
    const bytes = signedLink(stranger)
    const names = Array.from({ length: MAX_STATEMENTS_PER_PACKAGE + 1 }, (_, index) => `${index}.link`)
    const { base } = folderWith(Object.fromEntries(names.map((name) => [name, bytes])))
    const answer = await (await serviceAt(base)).ask(HELLO)
    expect(answer).toEqual({ ...NOTHING, unreachable: [expect.stringMatching(/more than \d+ statements/)] })
  })

  it("a key of a layout's verifies as well as a keyring", async () => {
    const { base } = folderWith({ 'a.link': signedLink(stranger) })
    const key = parseLayoutKey(stranger.fingerprint, jsonOf(stranger.layoutKey))
    const service = new InTotoService(downloads(), base, async (document, rebuilt) => {
      return await verifyLinkByLayoutKey(document, key, AT, rebuilt)
    })
    expect(hashes(await service.ask(HELLO))).toEqual([SHA256])
  })

  it('a bug is not taken for an answer', async () => {
    const { base } = folderWith({ 'a.link': signedLink(stranger) })
    const service = new InTotoService(downloads(), base, async () => {
      throw new TypeError('a bug')
    })
    await expect(service.ask(HELLO)).rejects.toThrow(TypeError)
  })
})

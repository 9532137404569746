import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_STATEMENT, MAX_STATEMENTS_PER_PACKAGE } from '../../src/limits.ts'
import { DsseService } from '../../src/reproduced/dsse-service.ts'
import type { ServiceAnswer } from '../../src/reproduced/statement.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { AT } from '../making/signed-archive.ts'
import { dsseSigner, envelope, linkStatement, subject } from './dsse-envelopes.ts'
import { OTHER_SHA256, packageOf, SHA256 } from './signed-statements.ts'
import { folderWith, removeFolders } from './statement-folders.ts'

afterEach(async () => {
  await closeAll()
  removeFolders()
})

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const JSON_NAME = `${HELLO.fileName}.intoto.json`
const LINES_NAME = `${HELLO.fileName}.intoto.jsonl`
const NOTHING = { statements: [], unusable: [], unreachable: [] }

const party = dsseSigner()
const stranger = dsseSigner()

const serviceAt = (base: URL): DsseService =>
  new DsseService({ downloads: downloads(), base, keys: [party.publicKey], at: AT })

const signed = (sha256 = SHA256, signer = party, name = HELLO.fileName): string =>
  JSON.stringify(envelope(linkStatement({}, [subject(name, sha256)]), [signer]))

/** The hashes that an answer attests, in order. */
function hashes({ statements }: ServiceAnswer): string[] {
  return statements.flatMap(({ attestations }) => attestations.map(({ sha256 }) => sha256))
}

describe('on a server', () => {
  it('both names are asked for, and both documents speak', async () => {
    const files: Record<string, string> = {}
    files[`dsse/${JSON_NAME}`] = signed()
    const server = await serveFiles(files)
    const service = serviceAt(new URL('dsse/', server.base))
    expect(hashes(await service.ask(HELLO))).toEqual([SHA256])
    expect(server.asked).toEqual([`/dsse/${LINES_NAME}`, `/dsse/${JSON_NAME}`])
    files[`dsse/${LINES_NAME}`] = `${signed(OTHER_SHA256)}\n${signed(SHA256, stranger)}\n`
    expect(hashes(await service.ask(HELLO))).toEqual([OTHER_SHA256, SHA256])
  })

  it('neither is no statement, and so is one about another file', async () => {
    const files = { [JSON_NAME]: signed(SHA256, party, 'hello_2.0-1_amd64.deb') }
    expect(await serviceAt((await serveFiles({})).base).ask(HELLO)).toEqual(NOTHING)
    expect(await serviceAt((await serveFiles(files)).base).ask(HELLO)).toEqual(NOTHING)
  })

  it('what does not count is told, and what cannot be read leaves something unknown', async () => {
    const server = await serveFiles({ [JSON_NAME]: signed(SHA256, stranger), [LINES_NAME]: 500 })
    expect(await serviceAt(server.base).ask(HELLO)).toEqual({
      statements: [],
      unusable: [expect.stringMatching(/\.intoto\.json holds no statement that counts: .*no valid signature/)],
      unreachable: [expect.stringMatching(/\.intoto\.jsonl is not served at the moment \(HTTP 500\)/)],
    })
    const page = await serve((_, response) => void response.end('<!DOCTYPE html>\n<p>Welcome</p>\n'))
    expect((await serviceAt(page.base).ask(HELLO)).unusable).toHaveLength(2)
    const hangsUp = await serve((request) => request.socket.destroy())
    expect((await serviceAt(hangsUp.base).ask(HELLO)).unreachable).toHaveLength(2)
    const large = await serveFiles({ [JSON_NAME]: Buffer.alloc(MAX_STATEMENT + 1) })
    expect((await serviceAt(large.base).ask(HELLO)).unreachable).toEqual([expect.stringContaining('larger than')])
  })
})

describe('in a folder', () => {
  it('files of these names speak, wherever they lie', async () => {
    const { folder, base } = folderWith({
      [`a/b/${JSON_NAME}`]: signed(),
      [`c/${LINES_NAME}`]: `${signed(OTHER_SHA256)}\n`,
      'other_1_all.deb.intoto.json': signed(),
      'hello_1.0-1_amd64.deb.json': signed(),
    })
    symlinkSync(`a/b/${JSON_NAME}`, path.join(folder, JSON_NAME))
    expect(hashes(await serviceAt(base).ask(HELLO))).toEqual([OTHER_SHA256, SHA256])
  })

  it('names that a URL escapes are found', async () => {
    const name = 'libstdc++6_1.0~rc+b1_amd64.deb'
    const { base } = folderWith({ [`a b%2B/${name}.intoto.json`]: signed(SHA256, party, name) })
    expect(hashes(await serviceAt(base).ask(packageOf(name)))).toEqual([SHA256])
  })

  it('none is no statement; a folder that is not there, or has too many, leaves something unknown', async () => {
    const { base } = folderWith({ 'x.txt': '' })
    expect(await serviceAt(base).ask(HELLO)).toEqual(NOTHING)
    expect(await serviceAt(new URL('absent/', base)).ask(HELLO)).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(/absent\/ does not exist/)],
    })
    const many = Array.from({ length: MAX_STATEMENTS_PER_PACKAGE + 1 }, (_, index) => `${index}/${JSON_NAME}`)
    const crowded = folderWith(Object.fromEntries(many.map((name) => [name, ''])))
    expect(await serviceAt(crowded.base).ask(HELLO)).toEqual({
      ...NOTHING,
      unreachable: [expect.stringMatching(/more than \d+ files named for/)],
    })
  })
})

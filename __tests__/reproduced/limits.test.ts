import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseArchitecture } from '../../src/archive/identity.ts'
import {
  MAX_DIRECTORY_LISTING,
  MAX_JSON_NUMBER,
  MAX_KEPT_BUILDINFO_FILES,
  MAX_LAYOUT_SUBKEYS,
  MAX_LINK_TAG,
  MAX_REBUILDERD_ANSWER,
  MAX_REBUILDERD_ATTESTATIONS,
  MAX_REBUILDERD_BUILDS,
  MAX_REBUILDERD_PAGES,
  MAX_RECENT_LINKS,
  MAX_RSA_BITS,
  MAX_STATEMENT_FILES,
  MAX_STATEMENT_FOLDER_ENTRIES,
  REBUILDERD_PAGE,
  STATEMENT_TIMEOUT,
} from '../../src/limits.ts'
import { BuildinfoService } from '../../src/reproduced/buildinfo-service.ts'
import { parseDirectoryListing } from '../../src/reproduced/directory-listing.ts'
import { fetchDocument } from '../../src/reproduced/document.ts'
import { verifyLink } from '../../src/reproduced/in-toto-link.ts'
import { InTotoService } from '../../src/reproduced/in-toto-service.ts'
import { parseLayoutKey } from '../../src/reproduced/layout-key.ts'
import { parseMetablock } from '../../src/reproduced/metablock.ts'
import { RebuilderdService } from '../../src/reproduced/rebuilderd-service.ts'
import type { ServiceAnswer } from '../../src/reproduced/statement.ts'
import { listStatementFiles } from '../../src/reproduced/statement-folder.ts'
import { parseStrictJson } from '../../src/reproduced/strict-json.ts'
import { failure } from '../making/failure.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { linkOf, newKey as newRebuilderdKey, signedLink as signedRebuilderdLink } from '../making/rebuilderd-link.ts'
import { type Known, type Row, serveRebuilderd } from '../making/rebuilderd-server.ts'
import { AT, keyringOf, newKey, once } from '../making/signed-archive.ts'
import { headersOf, jsonOf, link, metablock, rawSigner, signedLink, signerOf } from './signed-metablocks.ts'
import { buildinfoText, clearsignedBy, documentOf, packageOf, SHA256 } from './signed-statements.ts'
import { folderWith, removeFolders } from './statement-folders.ts'

// The code is what it is; only the numbers are smaller: a test does not wait for a minute, nor make a million files.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  STATEMENT_TIMEOUT: 2000,
  MAX_STATEMENT_FILES: 4,
  MAX_STATEMENT_FOLDER_ENTRIES: 8,
  MAX_RECENT_LINKS: 3,
  MAX_KEPT_BUILDINFO_FILES: 4,
  MAX_DIRECTORY_LISTING: 20_000,
  MAX_REBUILDERD_ANSWER: 40_000,
}))

afterEach(async () => {
  await closeAll()
  removeFolders()
})

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))

describe('a statement', () => {
  it('that takes longer than the limit is given up', async () => {
    const { base } = await serve((request, response) => {
      setTimeout(() => response.end('{}'), request.url === '/fast' ? 10 : STATEMENT_TIMEOUT * 3)
    })
    expect(await failure(() => fetchDocument(downloads(), new URL('fast', base)))).toBe('accepted')
    expect(await failure(() => fetchDocument(downloads(), new URL('slow', base)))).toMatch(/slow took longer than 2 s/)
  })

  it('has no number in JSON that is longer than the limit', async () => {
    const read = async (digits: number): Promise<string> =>
      await failure(() =>
        parseStrictJson(Buffer.from(`0.${'1'.repeat(digits - 2)}`), 'x', { limit: 10_000, numbers: 'any' }),
      )
    expect(await read(MAX_JSON_NUMBER)).toBe('accepted')
    expect(await read(MAX_JSON_NUMBER + 1)).toMatch(/a number is too long/)
  })

  it('has no signature longer than one of the largest RSA keys', async () => {
    const signer = rawSigner('rsa')
    const signed = link({ 'hello_1.0-1_amd64.deb': { sha256: SHA256 } })
    const read = (bytes: number): string[] => {
      const signature = { keyid: signer.fingerprint, other_headers: headersOf(signer).toString('hex') }
      const document = documentOf(metablock(signed, { ...signature, signature: 'ab'.repeat(bytes) }), 'a.link')
      return parseMetablock(document).signatures.map(({ keyid }) => String(keyid))
    }
    expect(read(MAX_RSA_BITS / 8)).toHaveLength(1)
    expect(read(MAX_RSA_BITS / 8 + 1)).toHaveLength(0)
  })
})

describe('a key of a layout', () => {
  it('has no more subkeys than the limit', async () => {
    const { fingerprint, layoutKey } = rawSigner('ed25519')
    const read = async (count: number): Promise<string> => {
      const subkeys = Array.from({ length: count }, () => rawSigner('ed25519'))
      const listed = Object.fromEntries(subkeys.map((each) => [each.fingerprint, each.layoutKey]))
      return await failure(() => parseLayoutKey(fingerprint, jsonOf({ ...layoutKey, subkeys: listed })))
    }
    expect(await read(MAX_LAYOUT_SUBKEYS)).toBe('accepted')
    expect(await read(MAX_LAYOUT_SUBKEYS + 1)).toMatch(/has more than 64 subkeys/)
  })

  it('is no larger RSA than the limit', async () => {
    const { fingerprint, layoutKey } = rawSigner('rsa')
    const read = async (bits: number): Promise<string> => {
      const n = ((1n << BigInt(bits - 1)) + 1n).toString(16)
      const key = {
        ...layoutKey,
        keyval: { private: '', public: { n: n.padStart(n.length + (n.length % 2), '0'), e: '010001' } },
      }
      return await failure(() => parseLayoutKey(fingerprint, jsonOf(key)))
    }
    expect(await read(MAX_RSA_BITS)).toBe('accepted')
    expect(await read(MAX_RSA_BITS + 1)).toMatch(/is RSA with 16385 bits/)
  })
})

describe('a folder of statements', () => {
  const listed = async (files: readonly string[]): Promise<string> => {
    const { base } = folderWith(Object.fromEntries(files.map((name) => [name, 'x'])))
    return await failure(() => listStatementFiles(base, (name) => name.endsWith('.link')))
  }
  const names = (count: number, ending: string): string[] =>
    Array.from({ length: count }, (_, index) => `${index}.${ending}`)

  it('has no more statements than the limit', async () => {
    expect(await listed(names(MAX_STATEMENT_FILES, 'link'))).toBe('accepted')
    expect(await listed(names(MAX_STATEMENT_FILES + 1, 'link'))).toMatch(/more than 4 files that may be statements/)
  })

  it('has no more entries than the limit', async () => {
    expect(await listed(names(MAX_STATEMENT_FOLDER_ENTRIES, 'txt'))).toBe('accepted')
    expect(await listed(names(MAX_STATEMENT_FOLDER_ENTRIES + 1, 'txt'))).toMatch(/has more than 8 entries/)
  })

  it('keeps the links that were read last, and reads the others again', async () => {
    const signer = signerOf(await partyKey())
    const files = Array.from({ length: MAX_RECENT_LINKS + 1 }, (_, index) => `p${index}_1_all.deb`)
    const { base } = folderWith(
      Object.fromEntries(
        files.map((name) => [`${name}.link`, signedLink(signer, link({ [name]: { sha256: SHA256 } }))]),
      ),
    )
    const keyring = await party()
    const opened: string[] = []
    const client = downloads({ onDownload: ({ pathname }) => opened.push(pathname.split('/').at(-1) ?? '') })
    const service = new InTotoService(
      client,
      base,
      async (document, rebuilt) => await verifyLink(document, keyring, AT, rebuilt),
    )
    for (const name of files) await service.ask(packageOf(name))
    opened.length = 0
    await service.ask(packageOf(files.at(-1) ?? ''))
    expect(opened).toEqual([])
    await service.ask(packageOf(files[0] ?? ''))
    expect(opened).toEqual([`${files[0]}.link`])
  })
})

describe('an index page', () => {
  const base = new URL('http://h/')

  it('has links no longer than the limit', () => {
    const page = (length: number): string => {
      const end = 'href="a.buildinfo"'
      return `<a ${' '.repeat(length - end.length)}${end}>`
    }
    expect(parseDirectoryListing(page(MAX_LINK_TAG), base)).toEqual(['a.buildinfo'])
    expect(parseDirectoryListing(page(MAX_LINK_TAG + 1), base)).toEqual([])
  })
})

describe('.buildinfo files on a server', () => {
  const hello = packageOf('hello_1.0-1_amd64.deb')
  const service = async (base: URL, client = downloads()): Promise<BuildinfoService> => {
    const architectures = ['amd64'].flatMap((name) => parseArchitecture(name) ?? [])
    return new BuildinfoService({ base, keyring: await party(), at: AT, architectures, downloads: client })
  }

  it('are looked for in an index page up to the limit, beyond which it is not known what there is', async () => {
    const text = await clearsignedBy(buildinfoText({ files: { [hello.fileName]: SHA256 } }), await partyKey())
    const name = 'hello_1.0-1_amd64-made-elsewhere.buildinfo'
    const ask = async (size: number): Promise<ServiceAnswer> => {
      const page = `<a href="${name}">`
      const { base } = await serveFiles({ '': page.padEnd(size), [name]: text })
      return await (await service(base)).ask(hello)
    }
    expect((await ask(MAX_DIRECTORY_LISTING)).statements).toHaveLength(1)
    expect(await ask(MAX_DIRECTORY_LISTING + 1)).toMatchObject({
      statements: [],
      unreachable: [expect.stringMatching(/larger than 20000 bytes/)],
    })
  })

  it('are kept up to so many files that they list, and read again beyond', async () => {
    const names = Array.from({ length: MAX_KEPT_BUILDINFO_FILES + 2 }, (_, index) => `p${index}`)
    const files = await Promise.all(
      names.map(async (name) => {
        const text = buildinfoText({ source: name, files: { [`${name}_1.0-1_amd64.deb`]: SHA256 } })
        return [`${name}_1.0-1_amd64.buildinfo`, await clearsignedBy(text, await partyKey())] as const
      }),
    )
    const server = await serveFiles(Object.fromEntries(files))
    const asked = await service(server.base)
    for (const name of names) await asked.ask(packageOf(`${name}_1.0-1_amd64.deb`, { source: name }))
    const again = async (name: string): Promise<string[]> => {
      server.asked.length = 0
      await asked.ask(packageOf(`${name}_1.0-1_amd64.deb`, { source: name }))
      return server.asked.filter((url) => url.endsWith(`${name}_1.0-1_amd64.buildinfo`))
    }
    expect(await again(names.at(-1) ?? '')).toEqual([])
    expect(await again(names[0] ?? '')).toHaveLength(1)
  })
})

describe('a rebuilderd', () => {
  const daemon = newRebuilderdKey()
  const file = packageOf('a_1_amd64.deb')
  const attestation = signedRebuilderdLink(linkOf(file.fileName, SHA256), daemon)
  const record = (id: number, more: Row = {}): Row => ({
    id,
    name: 'a',
    version: '1',
    architecture: 'amd64',
    url: 'http://deb.example/pool/a_1_amd64.deb',
    status: 'GOOD',
    build_id: id,
    artifact_id: 1,
    attestation_log_id: id,
    ...more,
  })
  const ask = async (known: Known): Promise<{ answer: ServiceAnswer; asked: readonly string[] }> => {
    const { base, asked } = await serveRebuilderd(known)
    return { answer: await new RebuilderdService(downloads(), base, [daemon.pinned], AT).ask(file), asked }
  }
  const rows = (count: number, more: Row = {}): Row[] =>
    Array.from({ length: count }, (_, index) => record(index + 1, more))

  it('is read so many pages of so many records, and not believed to have no more', async () => {
    const page = 2
    const never = { build_id: null, artifact_id: null, attestation_log_id: null }
    const whole = await ask({ binaries: rows(page * MAX_REBUILDERD_PAGES, never), page })
    expect(whole.answer).toMatchObject({ statements: [], unreachable: [] })
    expect(whole.asked).toHaveLength(MAX_REBUILDERD_PAGES)
    expect(whole.asked[0]).toContain(`limit=${REBUILDERD_PAGE}`)
    const more = await ask({ binaries: rows(page * MAX_REBUILDERD_PAGES + 1, never), page })
    expect(more.answer.unreachable).toEqual([expect.stringMatching(/21 records of one package, too many to read/)])
    expect(more.asked).toHaveLength(MAX_REBUILDERD_PAGES)
  })

  it('has an answer no larger than the limit', async () => {
    const answer = async (size: number): Promise<ServiceAnswer> => {
      const body = '{"total": 0, "records": []}'.padEnd(size)
      return (await ask({ instead: (url) => (url.pathname.endsWith('/binary') ? body : undefined) })).answer
    }
    expect(await answer(MAX_REBUILDERD_ANSWER)).toMatchObject({ unreachable: [] })
    expect((await answer(MAX_REBUILDERD_ANSWER + 1)).unreachable).toEqual([
      expect.stringMatching(/larger than 40000 bytes/),
    ])
  })

  it('is read so many attestations of one file, and counts as unreachable for the rest', async () => {
    const attested = async (count: number): Promise<ServiceAnswer> => {
      const binaries = rows(count)
      const attestations = Object.fromEntries(
        binaries.map(({ build_id: build }) => [`${String(build)}/1`, attestation]),
      )
      return (await ask({ binaries, attestations })).answer
    }
    const all = await attested(MAX_REBUILDERD_ATTESTATIONS)
    expect(all.statements).toHaveLength(MAX_REBUILDERD_ATTESTATIONS)
    expect(all.unreachable).toEqual([])
    const cut = await attested(MAX_REBUILDERD_ATTESTATIONS + 1)
    expect(cut.statements).toHaveLength(MAX_REBUILDERD_ATTESTATIONS)
    expect(cut.unreachable).toEqual([expect.stringMatching(/has 33 attestations of one file; only 32 were read/)])
  })

  it('is asked about so many earlier builds, and it is told how many were not looked into', async () => {
    const latest = { status: 'BAD', attestation_log_id: null, artifact_id: null }
    const failed = async (count: number) => {
      const builds = Array.from({ length: count }, (_, index) => ({ id: index + 1, name: 'a', version: '1' }))
      const artifacts = Object.fromEntries(builds.map(({ id }) => [id, []]))
      return await ask({ binaries: [record(1000, { build_id: 1000, ...latest })], builds, artifacts })
    }
    const all = await failed(MAX_REBUILDERD_BUILDS)
    expect(all.answer).toMatchObject({ statements: [], unreachable: [], notes: ['it calls it BAD, unsigned'] })
    const cut = await failed(MAX_REBUILDERD_BUILDS + 2)
    expect(cut.asked.filter((url) => url.endsWith('/artifacts'))).toHaveLength(MAX_REBUILDERD_BUILDS)
    expect(cut.answer).toMatchObject({
      unreachable: [],
      notes: ['it calls it BAD, unsigned; its 2 oldest builds were not looked into'],
    })
  })
})

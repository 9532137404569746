import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type ArchiveFacts, ArchiveReader, type ArchiveRequest } from '../../src/archive/archive-reader.ts'
import { parseArchitecture } from '../../src/archive/identity.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import type { ArchiveArea, IndexKind } from '../../src/archive/suite-layout.ts'
import { closeAll, downloads, serve, serveFiles } from '../making/loopback-server.ts'
import { binaryStanza, indexText, type SuiteOptions, sourceStanza, suiteFiles } from '../making/served-archive.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  DAY,
  HOUR,
  keyringOf,
  newKey,
  once,
  releaseDate,
  releaseText,
  row,
  sha256Hex,
  signature,
} from '../making/signed-archive.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const key = once(newKey)
const PATH = 'main/binary-amd64/Packages'
const TEXT = indexText(binaryStanza('a'), binaryStanza('b'))

function area(base: URL, parts: Partial<ArchiveArea> = {}): ArchiveArea {
  const amd64 = parseArchitecture('amd64')
  if (amd64 === undefined) throw new Error('amd64 is an architecture')
  return { base, suites: ['made'], components: ['main'], architectures: [amd64], ...parts }
}

function reader(kinds: readonly IndexKind[] = ['Packages']): ArchiveReader {
  return new ArchiveReader({ downloads: downloads(), at: AT, wanted: new WantedNames(['b', 'c']), kinds })
}

async function read(from: ArchiveArea, with_ = reader(), refuseHidden = true): Promise<ArchiveFacts> {
  return await with_.read({ area: from, keyring: await keyringOf([await key()]), refuseHidden })
}

async function served(options: SuiteOptions) {
  return await serveFiles(await suiteFiles(await key(), options))
}

/** What the facts come to, without the errors' words. */
function outline({ listings, failures, notes }: ArchiveFacts) {
  return {
    listings: listings.map(({ entry, suite }) => `${suite} ${entry.kind} ${entry.name}`),
    failures: failures.map(({ what, error }) => `${what}: ${error.code}`),
    notes: notes.length,
  }
}

describe('an archive', () => {
  it('over http: says what it lists of the wanted names, and what vouches for it', async () => {
    const { base } = await served({ indexes: { [PATH]: TEXT } })
    const facts = await read(area(base))
    expect(outline(facts)).toEqual({ listings: ['made binary b'], failures: [], notes: 0 })
    expect(facts.listings[0]?.evidence).toMatchObject([
      { kind: 'release', url: `${base.href}dists/made/InRelease`, date: ago(DAY) },
      { kind: 'packages', url: `${base.href}dists/made/${PATH}`, sha256: sha256Hex(TEXT), date: ago(DAY) },
    ])
  })

  it('in a folder: the same', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'debproof-archive-'))
    folders.push(folder)
    for (const [name, content] of Object.entries(await suiteFiles(await key(), { indexes: { [PATH]: TEXT } }))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      writeFileSync(path.join(folder, name), content, 'latin1')
    }
    const base = pathToFileURL(`${folder}/`)
    expect(outline(await read(area(base)))).toEqual({ listings: ['made binary b'], failures: [], notes: 0 })
    writeFileSync(path.join(folder, 'dists/made', PATH), TEXT.replace('b', 'c'))
    expect(outline(await read(area(base))).failures).toEqual([`made ${PATH}: INDEX_MISMATCH`])
    rmSync(path.join(folder, 'dists/made/InRelease'))
    expect(outline(await read(area(base))).failures).toEqual(['made: NOT_FOUND'])
  })

  it('flat: its release file and indexes stand beside the packages', async () => {
    const text = releaseText({ Codename: undefined, Suite: undefined, SHA256: `\n${row('Packages', TEXT)}` })
    const { base } = await serveFiles({
      InRelease: clearsigned(text, block(await signature(text, await key()))),
      Packages: TEXT,
    })
    expect(outline(await read(area(base, { suites: ['./'] })))).toMatchObject({
      listings: ['./ binary b'],
      failures: [],
    })
  })

  it('of sources: both kinds of index are read', async () => {
    const { base } = await served({ indexes: { [PATH]: TEXT, 'main/source/Sources': sourceStanza('c') } })
    expect(outline(await read(area(base), reader(['Packages', 'Sources']))).listings).toEqual([
      'made binary b',
      'made source c',
    ])
  })

  it('with an index for all architectures: that is read as well', async () => {
    const indexes = { [PATH]: TEXT, 'main/binary-all/Packages': binaryStanza('c') }
    const { base } = await served({ indexes, fields: { Architectures: 'all amd64' } })
    expect(outline(await read(area(base))).listings).toEqual(['made binary b', 'made binary c'])
    const unsupported = { Architectures: 'all amd64', 'No-Support-for-Architecture-all': 'Packages' }
    const other = await served({ indexes, fields: unsupported })
    expect(outline(await read(area(other.base))).listings).toEqual(['made binary b'])
  })

  it('keeps same name and version, other SHA256, in two suites apart', async () => {
    const first = await served({ indexes: { [PATH]: binaryStanza('b', '1', 'x') } })
    const second = await served({ indexes: { [PATH]: binaryStanza('b', '1', 'y') } })
    const both = reader()
    const facts = [await read(area(first.base), both), await read(area(second.base), both)]
    expect(facts.map(({ listings }) => listings.map(({ entry }) => entry.file.sha256))).toEqual([
      [sha256Hex('x')],
      [sha256Hex('y')],
    ])
  })
})

describe('what an archive does not have', () => {
  it('missing component: skipped, with a note', async () => {
    const { base } = await served({ indexes: { [PATH]: TEXT } })
    const facts = await read(area(base, { components: ['main', 'contrib'] }))
    expect(outline(facts)).toEqual({ listings: ['made binary b'], failures: [], notes: 1 })
    expect(facts.notes[0]).toContain('contrib/binary-amd64/Packages')
  })

  it('every component missing: nothing is known of the suite', async () => {
    const { base } = await served({ indexes: { [PATH]: TEXT } })
    expect(outline(await read(area(base, { components: ['contrib'] }))).failures).toEqual(['made: INDEX_UNLISTED'])
  })

  it('SHA256 absent for one index: index skipped, nothing of it is believed', async () => {
    const fields = {
      SHA256: `\n${row('main/binary-i386/Packages', '')}`,
      MD5Sum: `\n${row(PATH, TEXT, 'd'.repeat(32))}`,
    }
    const { base } = await served({ indexes: { [PATH]: TEXT }, fields })
    const failures = [`made ${PATH}: INDEX_UNREADABLE`]
    expect(outline(await read(area(base)))).toMatchObject({ listings: [], failures })
  })

  it('SHA256 absent for an index and there for its compressed form: skipped as by apt', async () => {
    const fields = {
      SHA256: `\n${row(`${PATH}.gz`, gzipSync(TEXT))}`,
      MD5Sum: `\n${row(PATH, TEXT, 'd'.repeat(32))}`,
    }
    const { base } = await served({ indexes: { [PATH]: TEXT, [`${PATH}.gz`]: gzipSync(TEXT) }, fields })
    const failures = [`made ${PATH}: INDEX_UNREADABLE`]
    expect(outline(await read(area(base)))).toMatchObject({ listings: [], failures })
  })

  it('the index itself absent, and there in compressed forms: not read, as by apt, and not passed over as by apt', async () => {
    for (const suffixes of [['.gz'], ['.xz'], ['.gz', '.xz']]) {
      // Debian's own layout beside it: what is missing is one row.
      const indexes = Object.fromEntries(suffixes.map((suffix) => [PATH + suffix, gzipSync(TEXT)]))
      const { base } = await served({ indexes, listed: [row('main/binary-i386/Packages', '')] })
      for (const refuseHidden of [true, false]) {
        const { listings, failures } = outline(await read(area(base), reader(), refuseHidden))
        expect({ listings, failures }).toEqual({ listings: [], failures: [`made ${PATH}: INDEX_UNREADABLE`] })
      }
    }
  })

  it('binary-all that apt does not read gives no listing, whichever way it is ruled out', async () => {
    const indexes = { [PATH]: TEXT, 'main/binary-all/Packages': binaryStanza('b', '1', 'only here') }
    for (const fields of [
      { Architectures: 'amd64' },
      { Architectures: 'all amd64', 'No-Support-for-Architecture-all': 'Sources Packages' },
      { Architectures: undefined, 'No-Support-for-Architecture-all': 'Packages Contents' },
    ]) {
      const { base } = await served({ indexes, fields })
      const facts = await read(area(base))
      expect(facts.listings.map(({ entry }) => entry.file.sha256)).toEqual([sha256Hex('b 1')])
    }
    const unclear = await served({ indexes, fields: { Architectures: 'amd64\tall' } })
    expect(outline(await read(area(unclear.base)))).toMatchObject({
      listings: [],
      failures: ['made: RELEASE_MALFORMED'],
    })
  })

  it('an index in a form that cannot be read is not passed over as one that is not there', async () => {
    const fields = { SHA256: `\n${row('main/binary-i386/Packages', '')}\n ${row(`${PATH}.lzma`, TEXT)}` }
    const { base } = await served({ indexes: { [PATH]: TEXT }, fields })
    const { failures } = outline(await read(area(base)))
    expect(failures).toEqual([`made ${PATH}: INDEX_UNREADABLE`])
  })

  it('a listed index that is gone, or a suite that is: a failure, beside what could be read', async () => {
    const files = await suiteFiles(await key(), {
      indexes: { [PATH]: TEXT, 'contrib/binary-amd64/Packages': binaryStanza('c') },
    })
    delete files['dists/made/contrib/binary-amd64/Packages']
    const { base } = await serveFiles(files)
    const facts = await read(area(base, { suites: ['made', 'other'], components: ['main', 'contrib'] }))
    expect(outline(facts)).toEqual({
      listings: ['made binary b'],
      failures: ['made contrib/binary-amd64/Packages: NOT_FOUND', 'other: NOT_FOUND'],
      notes: 0,
    })
  })

  it.each<[name: string, fields: SuiteOptions['fields'], code: string]>([
    ['expired', { 'Valid-Until': releaseDate(ago(1)) }, 'RELEASE_TIME'],
    ['of another suite', { Codename: 'other', Suite: 'other' }, 'RELEASE_SUITE'],
    ['without a Date', { Date: undefined }, 'RELEASE_MALFORMED'],
  ])('a release file that is %s: no index is read', async (_name, fields, code) => {
    const { base, asked } = await served({ indexes: { [PATH]: TEXT }, fields: fields ?? {} })
    expect(outline(await read(area(base)))).toEqual({ listings: [], failures: [`made: ${code}`], notes: 0 })
    expect(asked).toEqual(['/dists/made/InRelease'])
  })
})

describe('how a release file is judged', () => {
  const judged = async (more: Partial<ArchiveRequest>, fields: SuiteOptions['fields'] = {}) => {
    const { base } = await served({ indexes: { [PATH]: TEXT }, fields: fields ?? {} })
    const request = { area: area(base), keyring: await keyringOf([await key()]), refuseHidden: true, ...more }
    return outline(await reader().read(request)).failures
  }

  it('is for the request to say: its age, and whether it is a past one', async () => {
    expect(await judged({ maxAge: 2 * DAY * 1000 })).toEqual([])
    expect(await judged({ maxAge: (DAY * 1000) / 2 })).toEqual(['made: RELEASE_TIME'])
    const expired = { 'Valid-Until': releaseDate(ago(1)), Date: releaseDate(ago(HOUR)) }
    expect(await judged({}, expired)).toEqual(['made: RELEASE_TIME'])
    expect(await judged({ past: true }, expired)).toEqual([])
    expect(await judged({ past: true })).toEqual(['made: RELEASE_TIME'])
  })

  it('is judged once where it is a past one, which does not change while it is read', async () => {
    const { base, asked } = await serveFiles({})
    await reader().read({ area: area(base), keyring: await keyringOf([await key()]), refuseHidden: true, past: true })
    expect(asked).toEqual(['/dists/made/InRelease', '/dists/made/Release'])
  })
})

describe('a server that is being updated', () => {
  /** Serves one state of the suite to the first so many requests, then another. */
  async function changing(before: Record<string, string | Uint8Array>, after: typeof before, requests: number) {
    let count = 0
    return await serve((request, response) => {
      const files = count++ < requests ? before : after
      const content = files[(request.url ?? '').slice(1)]
      if (content === undefined) response.writeHead(404).end()
      else response.end(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
    })
  }

  it.each([
    ['another', TEXT.replace('Package: a', 'Package: c')],
    ['a shorter', binaryStanza('b')],
    ['a longer', indexText(TEXT, binaryStanza('c'))],
  ])('is looked at again when its release file and %s index do not belong together', async (_name, text) => {
    const before = await suiteFiles(await key(), { indexes: { [PATH]: TEXT } })
    const after = await suiteFiles(await key(), { indexes: { [PATH]: text } })
    const { base } = await changing(before, after, 1)
    expect(outline(await read(area(base)))).toMatchObject({ failures: [] })
  })

  it('is not believed when they do not belong together the second time either', async () => {
    const files = {
      ...(await suiteFiles(await key(), { indexes: { [PATH]: TEXT } })),
      [`dists/made/${PATH}`]: 'forged',
    }
    const { base, asked } = await serveFiles(files)
    expect(outline(await read(area(base)))).toMatchObject({ listings: [], failures: [`made ${PATH}: INDEX_MISMATCH`] })
    expect(asked).toHaveLength(4)
  })
})

describe('an index that two archives share', () => {
  it('is read from each, so that the evidence names what was read, whoever answers first', async () => {
    const [first, second] = [await served({ indexes: { [PATH]: TEXT } }), await served({ indexes: { [PATH]: TEXT } })]
    const both = reader()
    const facts = await Promise.all([read(area(second.base), both), read(area(first.base), both)])
    const urls = facts.map(({ listings }) => listings[0]?.evidence.at(-1)?.url)
    expect(urls).toEqual([second, first].map(({ base }) => `${base.href}dists/made/${PATH}`))
  })

  it('is read from the other one where the first cannot give it', async () => {
    const files = await suiteFiles(await key(), { indexes: { [PATH]: TEXT } })
    const first = await serveFiles({ ...files, [`dists/made/${PATH}`]: 403 })
    const second = await serveFiles(files)
    const both = reader()
    expect(outline(await read(area(first.base), both)).failures).toEqual([`made ${PATH}: FETCH`])
    expect(outline(await read(area(second.base), both)).listings).toEqual(['made binary b'])
  })

  it('cannot be emptied for one archive by another that lies about its size', async () => {
    const lie = { SHA256: `\n ${sha256Hex(TEXT)} 0 ${PATH}` }
    const liar = await served({ indexes: { [PATH]: '' }, fields: lie })
    const honest = await served({ indexes: { [PATH]: TEXT } })
    const both = reader()
    expect(outline(await read(area(liar.base), both)).listings).toEqual([])
    expect(outline(await read(area(honest.base), both)).listings).toEqual(['made binary b'])
  })
})

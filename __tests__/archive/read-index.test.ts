import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type IndexFacts, readIndex } from '../../src/archive/read-index.ts'
import { readRelease } from '../../src/archive/read-release.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import type { IndexKind } from '../../src/archive/suite-layout.ts'
import { BOMB, COMPRESSED, CONTENT } from '../making/compressed.ts'
import { closeAll, downloads, serveFiles } from '../making/loopback-server.ts'
import { binaryStanza, indexText, type SuiteOptions, sourceStanza, suiteFiles } from '../making/served-archive.ts'
import { AT, keyringOf, newKey, once, row, sha256Hex, type Verdict, verdictOf } from '../making/signed-archive.ts'

afterEach(closeAll)

const key = once(newKey)
const PATH = 'main/binary-amd64/Packages'
const TEXT = indexText(binaryStanza('a'), binaryStanza('b'), binaryStanza('c'))

interface Reading {
  /** What the server has instead of what the release file lists; `undefined` for nothing. */
  readonly served?: Readonly<Record<string, string | Uint8Array | number | undefined>>
  readonly fields?: SuiteOptions['fields']
  readonly kind?: IndexKind
  readonly path?: string
  readonly wanted?: readonly string[]
  readonly listed?: readonly string[]
}

async function read(
  indexes: SuiteOptions['indexes'],
  { served = {}, fields = {}, kind = 'Packages', path = PATH, wanted = ['b', 'tor'], listed = [] }: Reading = {},
): Promise<{ facts: IndexFacts; asked: string[] }> {
  const files: Record<string, string | Uint8Array | number> = await suiteFiles(await key(), { indexes, fields, listed })
  for (const [name, content] of Object.entries(served)) files[`dists/made/${name}`] = content ?? 404
  const { base, asked } = await serveFiles(files)
  const directory = new URL('dists/made/', base)
  const client = downloads()
  const { release } = await readRelease(client, directory, {
    keyring: await keyringOf([await key()]),
    at: AT,
    suite: 'made',
  })
  const request = { kind, wanted: new WantedNames(wanted), refuseHidden: true }
  const facts = await readIndex(client, { directory, look: 1 }, release, path, request)
  return { facts, asked: asked.slice(1).map((each) => each.replace('/dists/made/', '')) }
}

async function verdict(indexes: SuiteOptions['indexes'], reading?: Reading): Promise<Verdict> {
  return await verdictOf(() => read(indexes, reading))
}

describe('an index', () => {
  it('gives what it says of the wanted names, and its own hash as it was read', async () => {
    const { facts } = await read({ [PATH]: TEXT })
    expect(facts).toMatchObject({ sha256: sha256Hex(TEXT), size: TEXT.length, url: expect.stringMatching(/Packages$/) })
    expect(facts.entries).toMatchObject([{ name: 'b', version: '1', file: { sha256: sha256Hex('b 1') } }])
  })

  it('may be of source packages', async () => {
    const path = 'main/source/Sources'
    const { facts } = await read({ [path]: indexText(sourceStanza('a'), sourceStanza('b')) }, { kind: 'Sources', path })
    expect(facts.entries).toMatchObject([{ kind: 'source', name: 'b' }])
  })

  it('is read in the form that is quickest to decode and there', async () => {
    const indexes = { [PATH]: TEXT, [`${PATH}.gz`]: TEXT }
    expect((await read(indexes)).asked).toEqual([`${PATH}.gz`])
    expect((await read(indexes, { served: { [`${PATH}.gz`]: undefined } })).asked).toEqual([`${PATH}.gz`, PATH])
  })

  it('is fetched by hash where the archive offers that, and by name where it is not there', async () => {
    const byHash = `main/binary-amd64/by-hash/SHA256/${sha256Hex(TEXT)}`
    const fields = { 'Acquire-By-Hash': 'yes' }
    const found = await read({ [PATH]: TEXT }, { fields, served: { [byHash]: TEXT, [PATH]: 'another state' } })
    expect(found.asked).toEqual([byHash])
    expect((await read({ [PATH]: TEXT }, { fields })).asked).toEqual([byHash, PATH])
  })

  it('that is listed and nowhere to be found is not found; one that is not listed is unlisted', async () => {
    expect(await verdict({ [PATH]: TEXT }, { served: { [PATH]: undefined } })).toBe('NOT_FOUND')
    expect(await verdict({ [PATH]: TEXT }, { path: 'contrib/binary-amd64/Packages' })).toBe('INDEX_UNLISTED')
  })

  it.each(['gz', 'xz', 'zst', 'bz2'] as const)('may be compressed as %s', async (form) => {
    const listed = [row(PATH, CONTENT)]
    const { facts } = await read({ [`${PATH}.${form}`]: COMPRESSED[form] }, { wanted: [], listed })
    expect(facts).toMatchObject({ sha256: sha256Hex(COMPRESSED[form]), entries: [] })
    expect(await verdict({ [PATH]: TEXT, [`${PATH}.${form}`]: COMPRESSED[form] }, { wanted: [] })).toBe(
      'INDEX_MISMATCH',
    )
  })
})

describe('Hashes', () => {
  const gz = `${PATH}.gz`
  const other = TEXT.replace('Package: c', 'Package: d')
  const sha512 = { SHA512: `\n${row(PATH, TEXT, 'a'.repeat(128))}` }
  it.each<[name: string, indexes: SuiteOptions['indexes'], reading: Reading, verdict: Verdict]>([
    [
      'Index size or hash wrong: same size, other hash',
      { [PATH]: TEXT },
      { served: { [PATH]: other } },
      'INDEX_MISMATCH',
    ],
    ['shorter than stated', { [PATH]: TEXT }, { served: { [PATH]: TEXT.slice(0, -20) } }, 'INDEX_MISMATCH'],
    ['empty instead', { [PATH]: TEXT }, { served: { [PATH]: '' } }, 'INDEX_MISMATCH'],
    ['longer than stated', { [PATH]: TEXT }, { served: { [PATH]: `${TEXT}\n${binaryStanza('d')}` } }, 'INDEX_MISMATCH'],
    ['endless', { [PATH]: TEXT }, { served: { [PATH]: TEXT.repeat(1000) } }, 'INDEX_MISMATCH'],
    [
      'compressed: other content',
      { [PATH]: TEXT, [gz]: TEXT },
      { served: { [gz]: gzipSync(other) } },
      'INDEX_MISMATCH',
    ],
    ['compressed: the hash of its content wrong', { [PATH]: other, [gz]: TEXT }, {}, 'INDEX_MISMATCH'],
    ['compressed: the size of its content wrong', { [PATH]: TEXT.slice(1), [gz]: TEXT }, {}, 'INDEX_MISMATCH'],
    ['broken archive', { [PATH]: TEXT, [gz]: Buffer.from('this is no gzip') }, {}, 'COMPRESSION'],
    ['broken archive of another form', { [PATH]: TEXT, [`${PATH}.xz`]: gzipSync(TEXT) }, {}, 'COMPRESSION'],
    ['a page instead', { [PATH]: TEXT }, { served: { [PATH]: '<html>\r\n</html>' } }, 'INDEX_MISMATCH'],
    ['SHA512 wrong while SHA256 is right', { [PATH]: TEXT }, { fields: sha512 }, 'INDEX_MISMATCH'],
    [
      'SHA512 of the content wrong while SHA256 is right',
      { [PATH]: TEXT, [gz]: TEXT },
      { fields: sha512 },
      'INDEX_MISMATCH',
    ],
  ])('%s', async (_name, indexes, reading, expected) => {
    expect(await verdict(indexes, reading)).toBe(expected)
  })

  it('old Packages with a fresh Release: no', async () => {
    const old = indexText(binaryStanza('b', '0.9'))
    expect(await verdict({ [PATH]: TEXT }, { served: { [PATH]: old } })).toBe('INDEX_MISMATCH')
  })

  it('blames the transport, not the format, for bytes that are not those that were signed', async () => {
    expect(await verdict({ [PATH]: TEXT }, { served: { [PATH]: TEXT.replace('\n', '\r') } })).toBe('INDEX_MISMATCH')
    expect(await verdict({ [PATH]: TEXT.replace('\n', '\r') })).toBe('INDEX_MALFORMED')
  })
})

describe('Index', () => {
  const b = binaryStanza('b')
  const hash = /SHA256: .*/
  it.each<[name: string, text: string, verdict: Verdict | 'unclear']>([
    ['Duplicate field in a stanza', `${b}SHA256: ${'0'.repeat(64)}\n`, 'unclear'],
    ['a second Package field, which says the same', `${b}Package: b\n`, 'INDEX_MALFORMED'],
    ['a comment', b.replace('Size', '# Size\nSize'), 'INDEX_MALFORMED'],
    ['a vertical tab, at which some end a line', `${b}Version: 2\nX: \vPackage: a\n`, 'INDEX_MALFORMED'],
    ['another field twice, for all readers', `${b}Depends: a\nDepends: b\n`, 'accepted'],
    ['a second Package field in a stanza that nobody asked for', `${binaryStanza('x')}Package: b\n`, 'INDEX_MALFORMED'],
    [
      'a name with its architecture, by which apt finds it',
      `${b}\n${b.replace('Package: b', 'Package: b:amd64')}`,
      'INDEX_MALFORMED',
    ],
    ['line without a colon before `SHA256:`', b.replace('SHA256:', 'nonsense\nSHA256:'), 'unclear'],
    ['line without a colon before the name', `nonsense\n${b}`, 'INDEX_MALFORMED'],
    ['blank before the colon', b.replace('SHA256:', 'SHA256 :'), 'unclear'],
    ['NUL', b.replace('a', '\0'), 'INDEX_MALFORMED'],
    ['Line of blanks only inside a stanza', b.replace('Size', ' \nSize'), 'INDEX_MALFORMED'],
    ['Line of blanks only between stanzas', `${binaryStanza('a')} \n${b}`, 'INDEX_MALFORMED'],
    ['Names in other case', b.replace(/^\w+:/gm, (name) => name.toUpperCase()).replace(' b', ' B'), 'accepted'],
    ['no final newline', b.slice(0, -1), 'accepted'],
    ['odd field order', b.split('\n').reverse().join('\n').trimStart(), 'accepted'],
    ['very long fields', `${b}Description: ${'x'.repeat(500_000)}\n`, 'accepted'],
    ['a stanza of 3 MB', `${b}Description: ${'x'.repeat(3_000_000)}\n`, 'INDEX_MALFORMED'],
    ['Only MD5 in a stanza', b.replace(hash, `MD5sum: ${'0'.repeat(32)}`), 'unclear'],
    ['no hash in a stanza', b.replace(/\nSHA256: .*/, ''), 'unclear'],
    ['Upper-case hash', b.replace(hash, (field) => field.toUpperCase()), 'accepted'],
    ['the field of the hash in small letters', b.replace('SHA256:', 'sha256:'), 'unclear'],
    ['the hash behind two blanks', b.replace('SHA256: ', 'SHA256:  '), 'unclear'],
    ['short hash', b.replace(hash, 'SHA256: abc'), 'unclear'],
    ['`Filename` with `../`', b.replace('pool/', '../pool/'), 'unclear'],
    ['`Filename` with `http://`', b.replace('pool/', 'http://example.org/pool/'), 'unclear'],
    ['`Size: 3abc`', b.replace(/Size: .*/, 'Size: 3abc'), 'unclear'],
    ['`Status:` in a remote Packages', `${b}Status: install ok installed\n`, 'accepted'],
  ])('%s', async (_name, text, expected) => {
    const outcome = await read({ [PATH]: text }).then(
      ({ facts }) => ({ read: facts.entries.map(({ name }) => name), unclear: facts.unclear }),
      async (error: unknown) => await verdictOf(() => Promise.reject(error)),
    )
    if (expected === 'accepted') expect(outcome).toEqual({ read: ['b'], unclear: [] })
    else if (expected !== 'unclear') expect(outcome).toEqual(expected)
    else
      expect(outcome).toEqual({ read: [], unclear: [{ name: 'b', number: 1, problem: expect.any(String), count: 1 }] })
  })

  it('of which one stanza is unclear is read all the same, and says which one and how many of the name', async () => {
    const odd = `${b}Version: 2\n`
    const text = indexText(binaryStanza('a'), binaryStanza('b', '3'), odd, binaryStanza('tor'), odd)
    const { facts } = await read({ [PATH]: text })
    expect(facts.entries.map(({ name, version }) => `${name} ${version}`)).toEqual(['b 3', 'tor 1'])
    expect(facts.unclear).toEqual([
      { name: 'b', number: 3, problem: 'The stanza has the field Version twice: "Version: 2".', count: 2 },
    ])
  })

  it('is of no concern to a package whose unclear stanza nobody looks for', async () => {
    const odd = binaryStanza('x').replace(hash, 'MD5sum: 1')
    const turned = `${odd.split('\n').slice(1, -1).join('\n')}\nVersion: 2\nPackage: x\n`
    const { facts } = await read({ [PATH]: indexText(odd, turned, b) })
    expect(facts).toMatchObject({ entries: [{ name: 'b' }], unclear: [] })
  })

  it('Two stanzas, same name and version, different SHA256, one index: both are handed on', async () => {
    const { facts } = await read({ [PATH]: indexText(binaryStanza('b', '1', 'x'), binaryStanza('b', '1', 'y')) })
    expect(facts.entries.map(({ file }) => file.sha256)).toEqual([sha256Hex('x'), sha256Hex('y')])
  })
})

describe('Files', () => {
  const gz = `${PATH}.gz`
  it('Entry of size 0 (not fetched)', async () => {
    const { facts, asked } = await read({ [PATH]: '', [gz]: '' })
    expect({ entries: facts.entries, asked }).toEqual({ entries: [], asked: [] })
  })

  it('Entry of size 0 whose hash is that of something else: no', async () => {
    const lie = { SHA256: `\n ${sha256Hex(TEXT)} 0 ${PATH}` }
    expect(await verdict({ [PATH]: '' }, { fields: lie })).toBe('INDEX_MISMATCH')
  })

  it.each(['gz', 'xz', 'zst', 'bz2'])('0-byte .%s: no', async (suffix) => {
    expect(await verdict({ [PATH]: TEXT, [`${PATH}.${suffix}`]: new Uint8Array() })).toBe('COMPRESSION')
  })

  it('listed in compressed forms alone, which apt passes over in silence: no', async () => {
    expect(await verdict({ [gz]: '' })).toBe('INDEX_UNLISTED')
    expect(await verdict({ [gz]: TEXT, [`${PATH}.xz`]: TEXT })).toBe('INDEX_UNLISTED')
  })

  it('Decompression bomb: no, as soon as it is larger than stated', async () => {
    for (const form of ['gz', 'xz'] as const) {
      const bomb = Buffer.concat(Array(2000).fill(BOMB[form]))
      expect(await verdict({ [PATH]: TEXT, [`${PATH}.${form}`]: bomb })).toBe('INDEX_MISMATCH')
    }
  })

  it('truncated xz with right hash: no', async () => {
    expect(await verdict({ [PATH]: CONTENT, [`${PATH}.xz`]: COMPRESSED.xz.subarray(0, -10) })).toBe('COMPRESSION')
  })

  it.each(['gz', 'xz', 'zst', 'bz2'] as const)(
    'concatenated members (%s): never less than all of them',
    async (form) => {
      const twice = { [`${PATH}.${form}`]: Buffer.concat([COMPRESSED[form], COMPRESSED[form]]) }
      expect(await verdict({ [PATH]: CONTENT, ...twice }, { wanted: [] })).toMatch(/^(INDEX_MISMATCH|COMPRESSION)$/)
      const all = await verdict({ [PATH]: Buffer.concat([CONTENT, CONTENT]), ...twice }, { wanted: [] })
      expect(all).toMatch(/^(accepted|COMPRESSION)$/)
    },
  )

  it('Poisoned partial file and Range: never resumes', async () => {
    const { asked } = await read({ [PATH]: TEXT })
    expect(asked).toEqual([PATH])
    expect(await verdict({ [PATH]: TEXT }, { served: { [PATH]: 206 } })).toBe('FETCH')
  })
})

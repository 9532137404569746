import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBinaryEntry, parseSourceEntry } from '../../src/archive/index-entry.ts'
import { DebproofError, isDebproofError } from '../../src/errors.ts'
import { sha256Hex } from '../making/signed-archive.ts'

const HASH = sha256Hex('x')
const OTHER = sha256Hex('y')

type Fields = Readonly<Record<string, string | undefined>>

function stanza(fields: Fields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value.startsWith('\n') ? '' : ' '}${value}`]))
    .join('\n')
}

function binary(fields: Fields = {}): string {
  return stanza({
    Package: 'tor',
    Version: '0.4.8-1',
    Architecture: 'amd64',
    Filename: 'pool/main/t/tor/tor_0.4.8-1_amd64.deb',
    Size: '3',
    SHA256: HASH,
    ...fields,
  })
}

const ROWS = `\n ${HASH} 3 tor_1.dsc\n ${OTHER} 4 tor_1.tar.xz`

function source(fields: Fields = {}): string {
  return stanza({ Package: 'tor', Version: '1', Directory: 'pool/main/t/tor', 'Checksums-Sha256': ROWS, ...fields })
}

/** The code that reading fails with, or what was read. */
function outcome(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    if (error instanceof DebproofError) return error.code
    throw error
  }
}

describe('a stanza of Packages', () => {
  it('says which file a package is', () => {
    expect(parseBinaryEntry(binary())).toEqual({
      kind: 'binary',
      name: 'tor',
      version: '0.4.8-1',
      architecture: 'amd64',
      file: { path: 'pool/main/t/tor/tor_0.4.8-1_amd64.deb', size: 3, sha256: HASH },
    })
  })

  it.each([
    ['Names in other case', { SHA256: undefined, sha256: HASH }],
    ['a package name in upper case, which is folded', { Package: 'Tor' }],
    ['`Status:` in a remote Packages: ignored', { Status: 'install ok installed' }],
    ['Upper-case hash: the same one', { SHA256: HASH.toUpperCase() }],
    ['a hash twice, the same one', { SHA256: `${HASH}\nSHA256: ${HASH}` }],
    ['a version twice, the same one', { Version: '0.4.8-1\nversion:  0.4.8-1' }],
    ['two fields of a name that is not read here', { Architecture: 'amd64\nDepends: a\nDepends: b' }],
    ['a path with slashes twice', { Filename: 'pool//main/t///tor/tor_0.4.8-1_amd64.deb' }],
    ['the path of a flat archive', { Filename: './pool/main/t/tor/tor_0.4.8-1_amd64.deb' }],
  ])('accepts %s', (_name, fields) => {
    expect(parseBinaryEntry(binary(fields))).toEqual(parseBinaryEntry(binary()))
  })

  it.each<[name: string, fields: Fields]>([
    ['Only MD5 in a stanza', { SHA256: undefined, MD5sum: 'd'.repeat(32) }],
    ['no hash in a stanza', { SHA256: undefined }],
    ['no Size', { Size: undefined }],
    ['no Filename', { Filename: undefined }],
    ['no Package', { Package: undefined }],
    ['no Version', { Version: undefined }],
    ['no Architecture', { Architecture: undefined }],
    ['short hash', { SHA256: HASH.slice(1) }],
    ['two hashes', { SHA256: `${HASH} ${OTHER}` }],
    ['`Filename` with `../`', { Filename: '../../etc/passwd' }],
    ['`Filename` with `../` inside', { Filename: 'pool/../../x' }],
    ['`Filename` with `http://`', { Filename: 'http://example.org/x.deb' }],
    ['absolute `Filename`', { Filename: '/x.deb' }],
    ['`Filename` of a host', { Filename: '//example.org/x.deb' }],
    ['`./` twice', { Filename: '././x.deb' }],
    ['`Size: 3abc`', { Size: '3abc' }],
    ['`Size: 0x3`', { Size: '0x3' }],
    ['`Size: -3`', { Size: '-3' }],
    ['`Size: 1e3`', { Size: '1e3' }],
    ['a size that no number holds', { Size: '9'.repeat(16) }],
    ['a name that is none', { Package: 'to r' }],
    ['a version that is none', { Version: '1_2' }],
    ['an architecture that is none', { Architecture: 'amd64 i386' }],
    ['Duplicate field in a stanza', { Size: `3\nSHA256: ${OTHER}` }],
    ['a second Version', { Version: '0.4.8-1\nVersion: 0.4.9-1' }],
    ['a second Architecture', { Architecture: 'amd64\nArchitecture: all' }],
    ['a second Filename', { Filename: 'pool/x.deb\nFilename: pool/y.deb' }],
    ['a second Source', { Architecture: 'amd64\nSource: a\nSource: b' }],
    ['a second Package, which says the same', { Package: 'tor\nPackage: tor' }],
    ['line without a colon before `SHA256:`', { Size: '3\nnonsense' }],
    ['blank before the colon', { SHA256: undefined, 'SHA256 ': HASH }],
    ['Line of blanks only inside a stanza', { Size: `3\n \nPackage: evil` }],
  ])('refuses %s', (_name, fields) => {
    expect(outcome(() => parseBinaryEntry(binary(fields)))).toBe('INDEX_MALFORMED')
  })
})

describe('a stanza of Sources', () => {
  it('says which files a source package is, and that the .dsc stands for it', () => {
    const file = { path: 'pool/main/t/tor/tor_1.dsc', size: 3, sha256: HASH }
    expect(parseSourceEntry(source())).toEqual({
      kind: 'source',
      name: 'tor',
      version: '1',
      file,
      files: [file, { path: 'pool/main/t/tor/tor_1.tar.xz', size: 4, sha256: OTHER }],
    })
  })

  it.each([
    ['no Directory', { Directory: undefined }, 'tor_1.dsc'],
    ['Directory: .', { Directory: '.' }, 'tor_1.dsc'],
    ['Directory with ./ and a slash at its end', { Directory: './pool/x/' }, 'pool/x/tor_1.dsc'],
    ['Directory with /. at its end, as apt-ftparchive writes it', { Directory: 'pool/.' }, 'pool/tor_1.dsc'],
  ])('knows where the files are with %s', (_name, fields, path) => {
    expect(parseSourceEntry(source(fields)).file.path).toBe(path)
  })

  it.each<[name: string, fields: Fields]>([
    ['Two entries for one file that disagree', { 'Checksums-Sha256': `${ROWS}\n ${OTHER} 3 tor_1.dsc` }],
    ['two entries for a file that is not the .dsc', { 'Checksums-Sha256': `${ROWS}\n ${HASH} 4 tor_1.tar.xz` }],
    ['two equal entries for one file', { 'Checksums-Sha256': `${ROWS}\n ${HASH} 3 tor_1.dsc` }],
    ['sections that disagree about a size', { Files: `\n ${'d'.repeat(32)} 5 tor_1.dsc` }],
    ['a SHA-512 section that disagrees about a size', { 'Checksums-Sha512': `\n ${'d'.repeat(128)} 5 tor_1.dsc` }],
    ['a file without a SHA-256', { Files: `\n ${'d'.repeat(32)} 5 tor_1.diff.gz` }],
    ['no Size', { 'Checksums-Sha256': `\n ${HASH} tor_1.dsc` }],
    ['Only MD5', { 'Checksums-Sha256': undefined, Files: `\n ${'d'.repeat(32)} 3 tor_1.dsc` }],
    ['no files', { 'Checksums-Sha256': undefined }],
    ['no .dsc', { 'Checksums-Sha256': `\n ${HASH} 3 tor_1.tar.xz` }],
    ['two .dsc', { 'Checksums-Sha256': `${ROWS}\n ${HASH} 3 tor_2.dsc` }],
    ['a file name with a slash', { 'Checksums-Sha256': `\n ${HASH} 3 x/tor_1.dsc` }],
    ['a file name with ..', { 'Checksums-Sha256': `${ROWS}\n ${HASH} 3 ..` }],
    ['a Directory that is a slash', { Directory: '/' }],
    ['an absolute Directory that ends in dots', { Directory: '/pool/.' }],
    ['a Directory with ..', { Directory: 'pool/../..' }],
    ['an absolute Directory', { Directory: '/pool' }],
    ['an upper-case hash', { 'Checksums-Sha256': ROWS.toUpperCase() }],
    ['a size that is no number', { 'Checksums-Sha256': `\n ${HASH} 3abc tor_1.dsc` }],
  ])('refuses %s', (_name, fields) => {
    expect(outcome(() => parseSourceEntry(source(fields)))).toBe('INDEX_MALFORMED')
  })
})

it('throws nothing but a DebproofError, whatever the stanza', () => {
  const parts = fc.oneof(
    fc.constantFrom(
      binary(),
      source(),
      '\n',
      ' ',
      ': ',
      HASH,
      'Size: 3\n',
      'Checksums-Sha256:',
      'Files:\n',
      '../',
      './',
    ),
    fc.string({ maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 8 }), (list) => {
      for (const parse of [parseBinaryEntry, parseSourceEntry]) {
        try {
          parse(list.join(''))
        } catch (error) {
          if (!isDebproofError(error, 'INDEX_MALFORMED')) throw error
        }
      }
    }),
    { numRuns: 1000 },
  )
})

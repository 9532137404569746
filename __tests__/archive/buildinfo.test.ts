import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBuildinfo } from '../../src/archive/buildinfo.ts'
import { isDebproofError } from '../../src/errors.ts'
import { MAX_BUILDINFO, MAX_BUILDINFO_FILES } from '../../src/limits.ts'
import { buildinfoText, fixture, OTHER_SHA256, SHA256 } from '../reproduced/signed-statements.ts'

const parsed = (text: string) => parseBuildinfo(text, 'a.buildinfo')

function failure(text: string): unknown {
  try {
    return parsed(text)
  } catch (error) {
    return error
  }
}

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

describe('a .buildinfo', () => {
  it('of a build of all and amd64, as dpkg wrote it', () => {
    const buildinfo = parsed(fixture('orig.buildinfo').toString('latin1'))
    expect(buildinfo).toMatchObject({
      source: { name: 'debproof-demo', version: '1.0-1' },
      version: '1.0-1',
      buildArchitecture: 'amd64',
    })
    expect([...buildinfo.files].map(([name, { size, sha256 }]) => [name, size, sha256.slice(0, 8)])).toEqual([
      ['debproof-demo-data_1.0-1_all.deb', 1140, '5459be3d'],
      ['debproof-demo-dbgsym_1.0-1_amd64.deb', 2744, '7d2aa804'],
      ['debproof-demo_1.0-1_amd64.deb', 2544, '918fc1ab'],
    ])
  })

  it.each(['netbase_6.5_amd64.buildinfo', 'sl_5.02-1_amd64.buildinfo', 'rebuild-sbuild.buildinfo'])(
    '%s as dpkg wrote it',
    (name) => {
      expect(parsed(fixture(name).toString('latin1')).files.size).toBeGreaterThan(0)
    },
  )

  it('of a package for all architectures, in a file that is named after the machine', () => {
    const buildinfo = parsed(fixture('netbase_6.5_amd64.buildinfo').toString('latin1'))
    expect([...buildinfo.files.keys()]).toEqual(['netbase_6.5_all.deb'])
  })

  it('of a binNMU: the source has a version of its own', () => {
    const buildinfo = parsed(buildinfoText({ source: 'sl (5.02-1)', version: '5.02-1+b1' }))
    expect(buildinfo).toMatchObject({ source: { name: 'sl', version: '5.02-1' }, version: '5.02-1+b1' })
  })

  it('keeps the epoch of the version, and leaves out one of zero as dpkg does', () => {
    expect(parsed(buildinfoText({ version: '2:1.0-1' })).version).toBe('2:1.0-1')
    expect(parsed(buildinfoText({ version: '0:1.0-1' })).version).toBe('1.0-1')
  })

  it('lists the .dsc where the source was made along', () => {
    const files = { 'hello_1.0-1.dsc': OTHER_SHA256, 'hello_1.0-1_amd64.deb': SHA256 }
    expect(parsed(buildinfoText({ files })).files.get('hello_1.0-1.dsc')?.sha256).toBe(OTHER_SHA256)
  })

  it.each([
    ['nothing', '', /is no \.buildinfo of format 1/],
    ['another format', buildinfoText().replace('Format: 1.0', 'Format: 2.0'), /is no \.buildinfo of format 1/],
    ['no format', buildinfoText().replace('Format: 1.0\n', ''), /is no \.buildinfo of format 1/],
    ['no version', buildinfoText().replace(/^Version:.*\n/m, ''), /no valid Version/],
    ['a version that is none', buildinfoText({ version: '1.0 1' }), /no valid Version/],
    ['no source', buildinfoText().replace(/^Source:.*\n/m, ''), /no valid Source/],
    ['a source that is none', buildinfoText({ source: 'hello (1.0' }), /no valid Source/],
    ['no build architecture', buildinfoText().replace(/^Build-Architecture:.*\n/m, ''), /no valid Build-Architecture/],
    ['weaker hashes only', buildinfoText({ files: {} }), /lists no file with a SHA-256/],
    ['a hash that is too short', buildinfoText({ files: { 'a.deb': SHA256.slice(1) } }), /SHA-256 that is none/],
    ['a hash in upper case', buildinfoText({ files: { 'a.deb': SHA256.toUpperCase() } }), /SHA-256 that is none/],
    ['a path instead of a name', buildinfoText({ files: { '../a.deb': SHA256 } }), /not a file name/],
    ['a folder instead of a name', buildinfoText({ files: { '..': SHA256 } }), /not a file name/],
    ['a name with control characters', buildinfoText({ files: { 'a\x1b[0m.deb': SHA256 } }), /not a file name/],
    ['a row with a word too much', buildinfoText({ files: { 'a.deb b.deb': SHA256 } }), /bad row/],
    [
      'a size that is no number',
      buildinfoText().replace('1234 hello_1.0-1_amd64.deb\nBuild', '0x1 hello_1.0-1_amd64.deb\nBuild'),
      /size that is no number/,
    ],
    [
      'a file twice',
      buildinfoText({ files: { 'a.deb': SHA256 } }).replace(/( \S+ \d+ a\.deb\n)/, '$1$1'),
      /lists a\.deb twice/,
    ],
    ['a field twice', `${buildinfoText()}Version: 2.0-1\n`, /is no \.buildinfo/],
    ['two paragraphs', `${buildinfoText()}\n${buildinfoText()}`, /is no \.buildinfo/],
    ['a signature around it', fixture('orig.rsa.signed.buildinfo').toString('latin1'), /is no \.buildinfo/],
  ])('is refused with %s', (_name, text, pattern) => {
    expect(failure(text)).toEqual(statementError(pattern))
  })

  it('is refused when it is too large, before it is looked at', () => {
    expect(failure('x'.repeat(MAX_BUILDINFO + 1))).toEqual(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  it('is refused when it lists more files than any build makes', () => {
    const files = Object.fromEntries(Array.from({ length: MAX_BUILDINFO_FILES }, (_, each) => [`${each}.deb`, SHA256]))
    expect(parsed(buildinfoText({ files })).files.size).toBe(MAX_BUILDINFO_FILES)
    expect(failure(buildinfoText({ files: { ...files, 'x.deb': SHA256 } }))).toEqual(
      expect.objectContaining({ code: 'TOO_LARGE', message: 'a.buildinfo lists more than 5000 files.' }),
    )
  })

  it('gives back every file that was written into it', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.~-]{0,12}(?:_[a-z0-9+.~-]{1,9})?\.(?:deb|udeb|dsc)$/)
    const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/)
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, sha256), { selector: ([each]) => each, minLength: 1, maxLength: 8 }),
        (rows) => {
          const { files } = parsed(buildinfoText({ files: Object.fromEntries(rows) }))
          expect(new Map([...files].map(([each, file]) => [each, file.sha256]))).toEqual(new Map(rows))
        },
      ),
    )
  })

  it('throws nothing but a DebproofError, whatever the text', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom(
          '\n',
          ' ',
          '\n ',
          'Format: 1.0\n',
          'Version: 1\n',
          'Source: a\n',
          'Checksums-Sha256:\n',
          SHA256,
        ),
        fc.constantFrom('Build-Architecture: amd64\n', ' 1 ', 'a.deb', '(', ')', '-----BEGIN'),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(parts, (list) => {
        const result = failure(list.join(''))
        if (result instanceof Error && !isDebproofError(result, 'STATEMENT', 'TOO_LARGE')) throw result
      }),
      { numRuns: 1000 },
    )
  })
})

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { isDebproofError } from '../../src/errors.ts'
import { FORMAT_NAMES, LIST_FORMATS } from '../../src/packages/formats.ts'
import { readPackageList } from '../../src/packages/read-list.ts'
import { listLikeText } from './arbitrary.ts'
import { DEBS, fixture, LISTS } from './fixtures.ts'

const directory = mkdtempSync(join(tmpdir(), 'debproof-read-list-'))
afterAll(() => rmSync(directory, { recursive: true }))

const written = (name: string, bytes: string | Uint8Array): string => {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

describe('a package list', () => {
  test.each([
    ['apt-print-uris.txt', 'print-uris', 22],
    ['dpkg-query-W.default.tsv', 'dpkg-query', 99],
    ['live-build.live-image-amd64.packages', 'dpkg-query', 168],
    ['dpkg-query.name=version.txt', 'name-version', 99],
    ['mmdebstrap.dpkg-status.head', 'dpkg-status', 1],
  ])('%s is recognised as %s and read whole', async (name, format, count) => {
    const path = join(LISTS, name)
    const list = await readPackageList(path, 'auto')
    expect(list).toMatchObject({ name, path, format })
    expect(list.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'))
    expect(list.content.packages).toHaveLength(count)
    expect(await readPackageList(path, format)).toEqual(list)
  })

  test('may be a directory of .debs', async () => {
    const list = await readPackageList(DEBS, 'auto')
    expect(list).toMatchObject({ name: 'debs', path: DEBS, format: 'deb-directory' })
    expect(list.content.packages).toHaveLength(3)
    expect(await readPackageList(DEBS, 'deb-directory')).toEqual(list)
  })

  test('is recognised by one format only, whatever the order of the formats', () => {
    for (const name of [
      'apt-print-uris.txt',
      'dpkg-query-W.default.tsv',
      'dpkg-query.name=version.txt',
      'mmdebstrap.dpkg-status.head',
      'apt/apt-2.6-install.txt',
      'apt/apt-3.0-apt-install.txt',
    ]) {
      expect(LIST_FORMATS.filter((format) => format.detect(fixture(name), name))).toHaveLength(1)
    }
  })
})

describe('what cannot be read is refused with the reason and what to do', () => {
  const refused = async (path: string, format = 'auto'): Promise<string> => {
    const failure = await readPackageList(path, format).catch((error: unknown) => error)
    if (!isDebproofError(failure, 'PACKAGE_LIST')) throw new Error(`not the expected error: ${failure}`)
    expect(failure.message.startsWith(path)).toBe(true)
    return failure.message.slice(path.length)
  }

  test.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /^: this package list is empty\.$/],
    ['nothing but comments', '# a\n\n# b\n', /^: there is no package in this list, only comments/],
    [
      'a format that is not known',
      'Hello, World!\n',
      /^: its format is not recognised: name it, .*:FORMAT.* name-version, deb-directory\.$/,
    ],
    ['dpkg --get-selections', fixture('dpkg-get-selections.txt'), /has no versions: use "dpkg-query -W"/],
    ['dpkg -l', fixture('dpkg-l.txt'), /"dpkg -l" is cut off.*"dpkg-query -W"/],
    ['a list of files', 'total 4\n-rw-r--r-- 1 root root 1 Jan 1 00:00 a\n', /list of files.*\.packages/],
    ['JSON', '{"packages": []}\n', /JSON .* is not read/],
    ['names without versions', '# wished\nhello\nworld\n', /names without versions/],
    ['gzip', gzipSync('hello\t1\n'), /compressed.*gunzip/],
    ['a .deb', '!<arch>\ndebian-binary', /this is a \.deb: pass the directory/],
    ['a byte order mark', Buffer.from('\ufeffhello\t1\n'), /byte order mark/],
    ['UTF-16', Buffer.from('hello\t1\n', 'utf16le'), /binary file/],
    ['a NUL', 'hello\t1\n\0', /binary file/],
    ['an escape sequence', 'hello\t1\nworld\t2\u001b[2J\n', /^:2: has the control character "\\u001b"/],
    ['Windows line ends', 'hello\t1\r\n', /^:1: has Windows line ends/],
    ['a bad version', 'hello\t1\nworld\t2_2\n', /^:2: "2_2", the version of world/],
    [
      'removed packages only',
      'Package: a\nStatus: deinstall ok config-files\n',
      /there is no package in this dpkg-status list/,
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await refused(written('list', bytes))).toMatch(message)
  })

  test('a file that is not there', async () => {
    expect(await refused(join(directory, 'none'))).toBe(': there is no such package list.')
  })

  test("live-build's lists of files, by their names", async () => {
    expect(await refused(written('live-image-amd64.contents', './live/vmlinuz\n'))).toMatch(/list of files/)
  })

  test('a file over the limit, before it is parsed', async () => {
    const path = written('huge', Buffer.alloc(64 * 1024 * 1024 + 1, '#'))
    expect(await refused(path)).toMatch(/^: a package list may have 67108864 bytes/)
    rmSync(path)
  })

  test('an unknown format, with the known ones and a guess', async () => {
    const message = await refused(join(LISTS, 'dpkg-l.txt'), 'dpkg-satus')
    expect(message).toMatch(/"dpkg-satus" is not a format .*did you mean dpkg-/)
    for (const name of FORMAT_NAMES) expect(message).toContain(name)
    expect(await refused(join(LISTS, 'dpkg-l.txt'), 'xyz')).not.toContain('did you mean')
  })

  test('a directory under the format of a file, and the other way round', async () => {
    expect(await refused(DEBS, 'dpkg-query')).toMatch(/is a directory/)
    expect(await refused(join(LISTS, 'dpkg-l.txt'), 'deb-directory')).toMatch(/is a file/)
  })

  test('any other content, only in foreseen ways', async () => {
    const formats = fc.constantFrom('auto', ...LIST_FORMATS.map((format) => format.name))
    await fc.assert(
      fc.asyncProperty(listLikeText, formats, async (text, format) => {
        const path = written('any.manifest', Buffer.from(text, 'latin1'))
        const outcome = await readPackageList(path, format).catch((error: unknown) => error)
        return !(outcome instanceof Error) || isDebproofError(outcome, 'PACKAGE_LIST')
      }),
      { numRuns: 300 },
    )
  })
})

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { isDebproofError } from '../../src/errors.ts'
import { readDebFile } from '../../src/packages/deb-file.ts'
import * as deb from './deb-bytes.ts'
import { DEBS } from './fixtures.ts'

const directory = mkdtempSync(join(tmpdir(), 'debproof-deb-file-'))
afterAll(() => rmSync(directory, { recursive: true }))

const path = join(directory, 'a.deb')
const read = (bytes: Uint8Array, buffer?: Buffer) => {
  writeFileSync(path, bytes)
  return readDebFile(path, buffer)
}
const IDENTITY = { name: 'hello', version: '1:2.10-3', architecture: 'amd64' }

describe('a .deb', () => {
  test.each([
    ['debproof-demo-data_1.0-1_all.deb', 'debproof-demo-data', '1.0-1', 'all', 1140],
    ['debproof-demo_1.0-1_amd64.deb', 'debproof-demo', '1.0-1', 'amd64', 2544],
    ['netbase_6.5_all.deb', 'netbase', '6.5', 'all', 12436],
  ])('made by dpkg says what it is, and is hashed: %s', async (file, name, version, architecture, size) => {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(DEBS, file)))
      .digest('hex')
    expect(await readDebFile(join(DEBS, file))).toEqual({ name, version, architecture, sha256, size })
  })

  test.each([
    ['gz', 'control.tar.gz', gzipSync],
    ['zst', 'control.tar.zst', zstdCompressSync],
    ['no compression', 'control.tar', (bytes: Uint8Array) => bytes],
    ["a slash after the names, as GNU ar's", 'control.tar/', (bytes: Uint8Array) => bytes],
  ])('is read with %s', async (_, name, compress) => {
    const tar = Buffer.concat([deb.tarEntry('./', '', '5'), deb.tarEntry('control', deb.CONTROL), deb.TAR_END])
    const bytes = deb.ar(deb.DEBIAN_BINARY, deb.arMember(name, compress(tar)), deb.DATA)
    expect(await read(bytes)).toMatchObject(IDENTITY)
  })

  test('is the same however small the pieces it is read in', async () => {
    const whole = await read(deb.debBytes())
    for (const size of [1, 7, 60, 513]) expect(await read(deb.debBytes(), Buffer.alloc(size))).toEqual(whole)
  })

  test('may have members that start with _ and pax headers that rename nothing', async () => {
    const control = deb.controlMember(
      deb.tarEntry('x', '20 mtime=1350244992.1\n', 'x'),
      deb.tarEntry('./control', deb.CONTROL),
    )
    const signature = deb.arMember('_gpgorigin', Buffer.from('odd'))
    expect(await read(deb.ar(deb.DEBIAN_BINARY, signature, control, deb.DATA, signature))).toMatchObject(IDENTITY)
  })
})

const control = deb.controlMember(deb.tarEntry('./control', deb.CONTROL))
const sound = deb.debBytes()
const withControl = (...entries: Uint8Array[]) => deb.ar(deb.DEBIAN_BINARY, deb.controlMember(...entries), deb.DATA)
const flipped = Buffer.from(deb.tarEntry('./control', deb.CONTROL))
flipped.writeUInt8(0x41, 3)

describe('what is not a sound .deb is refused', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['a text', Buffer.from('binary solo :)\n'), /does not start as an ar archive/],
    ['nothing at all', Buffer.alloc(0), /is cut short/],
    ['an ar archive of nothing', deb.ar(), /is cut short/],
    ['no debian-binary', deb.ar(control, deb.DATA), /has the member "control.tar.gz" where debian-binary belongs/],
    [
      'a member before debian-binary',
      deb.ar(deb.arMember('_x', Buffer.alloc(0)), deb.DEBIAN_BINARY, control, deb.DATA),
      /"_x" where/,
    ],
    [
      'format 3.0',
      deb.ar(deb.arMember('debian-binary', Buffer.from('3.0\n')), control, deb.DATA),
      /not of the format 2.0/,
    ],
    ['no control.tar', deb.ar(deb.DEBIAN_BINARY, deb.DATA), /"data.tar.xz" where control.tar belongs/],
    [
      'two control.tar',
      deb.ar(deb.DEBIAN_BINARY, control, control, deb.DATA),
      /"control.tar.gz" where data.tar belongs/,
    ],
    ['no data.tar', deb.ar(deb.DEBIAN_BINARY, control), /is cut short/],
    ['two data.tar', deb.ar(deb.DEBIAN_BINARY, control, deb.DATA, deb.DATA), /where nothing more belongs/],
    ['bytes after the last member', Buffer.concat([sound, Buffer.from('more')]), /is cut short/],
    ['the last byte missing', sound.subarray(0, -2), /is cut short/],
    [
      'a size that is not a number',
      deb.ar(deb.arMember('debian-binary', Buffer.from('2.0\n'), '0x4')),
      /broken ar header/,
    ],
    ['a negative size', deb.ar(deb.arMember('debian-binary', Buffer.from('2.0\n'), '-4')), /broken ar header/],
    ['a name that is a path', deb.ar(deb.arMember('a/b', Buffer.alloc(0))), /broken ar header/],
    [
      'a control member of 9 GB',
      deb.ar(deb.DEBIAN_BINARY, deb.arMember('control.tar.gz', Buffer.alloc(9), 9_000_000_000)),
      /more than \d+ bytes in/,
    ],
    [
      'a compression of old',
      deb.ar(deb.DEBIAN_BINARY, deb.arMember('control.tar.lzma', Buffer.alloc(9)), deb.DATA),
      /where control.tar belongs/,
    ],
    [
      'damaged compressed data',
      deb.ar(deb.DEBIAN_BINARY, deb.arMember('control.tar.xz', Buffer.alloc(90)), deb.DATA),
      /xz data is damaged/,
    ],
    [
      'a bomb',
      withControl(deb.tarEntry('big', Buffer.alloc(2 ** 26)), deb.tarEntry('control', deb.CONTROL)),
      /grows beyond all measure/,
    ],
    ['no control file', withControl(deb.tarEntry('./md5sums', 'x')), /has no control file/],
    ['a control file in a directory', withControl(deb.tarEntry('./a/control', deb.CONTROL)), /has no control file/],
    [
      'two control files',
      withControl(deb.tarEntry('control', deb.CONTROL), deb.tarEntry('./control', deb.CONTROL)),
      /more than one control file/,
    ],
    ['a link as control file', withControl(deb.tarEntry('./control', '', '2')), /one that is no file/],
    [
      'a huge control file',
      withControl(deb.tarEntry('./control', 'x'.repeat(2 ** 20 + 1))),
      /control file of more than/,
    ],
    ['a wrong checksum', withControl(flipped), /wrong checksum/],
    [
      'a tar cut short in a body',
      withControl(deb.tarEntry('./md5sums', 'x', '0', 9999), deb.tarEntry('control', deb.CONTROL)),
      /is cut short/,
    ],
    [
      'a pax header that renames',
      withControl(deb.tarEntry('x', '20 path=./control2\n', 'x'), deb.tarEntry('control', deb.CONTROL)),
      /renames or resizes/,
    ],
    [
      'a GNU long name',
      withControl(deb.tarEntry('././@LongLink', 'control\0', 'L'), deb.tarEntry('x', deb.CONTROL)),
      /of a type/,
    ],
    [
      'a directory with a body',
      withControl(deb.tarEntry('./', 'x', '5'), deb.tarEntry('control', deb.CONTROL)),
      /with a body where none/,
    ],
    ['no Version', deb.debBytes('Package: hello\nArchitecture: all\n'), /control file has no Version/],
    [
      'a wrong Architecture',
      deb.debBytes('Package: hello\nVersion: 1\nArchitecture: x_y\n'),
      /has a wrong Architecture: "x_y"/,
    ],
    ['a Package given twice', deb.debBytes(`${deb.CONTROL}package: other\n`), /breaks the rules of deb822/],
    ['two stanzas', deb.debBytes(`${deb.CONTROL}\n${deb.CONTROL}`), /breaks the rules of deb822/],
  ])('%s', async (_, bytes, message) => {
    const failure = await read(bytes).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(isDebproofError(failure, 'PACKAGE_LIST')).toBe(true)
    expect(failure).toHaveProperty('message', expect.stringMatching(message))
    expect(failure).toHaveProperty('message', expect.stringContaining(path))
  })

  test('a file that is not there', async () => {
    await expect(readDebFile(join(directory, 'none.deb'))).rejects.toThrow(/none\.deb: cannot be read/)
  })

  test('every cut of a sound one, and no change of it makes another kind of error', async () => {
    // What may be missing is the padding after the last member.
    for (let length = 0; length < sound.length - 1; length += 1) {
      await expect(read(sound.subarray(0, length))).rejects.toThrow(/is cut short|is not a \.deb|damaged/)
    }
    const change = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(sound)
        for (const { at, byte } of changes) bytes.writeUInt8(byte, at)
        const outcome = await read(bytes).catch((error: unknown) => error)
        return !(outcome instanceof Error) || isDebproofError(outcome, 'PACKAGE_LIST')
      }),
      { numRuns: 300 },
    )
  })
})

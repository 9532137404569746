import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  ar,
  arMember,
  CONTROL,
  DATA,
  DEBIAN_BINARY,
  debBytes,
  TAR_END,
  tarEntry,
} from '../../../__tests__/packages/deb-bytes.ts'
import { readControlFile } from '../../../src/packages/control-tar.ts'
import { readDebFile } from '../../../src/packages/deb-file.ts'
import { DebMembers } from '../../../src/packages/deb-members.ts'
import { scratchFolder } from '../scratch.ts'
import { canonicalText, latin1, promise, type Target, unlessRefused } from '../target.ts'
import { fileSeeds } from './files.ts'

let folder: string | undefined

function debPath(bytes: Uint8Array): string {
  folder ??= scratchFolder()
  const file = path.join(folder, 'fuzzed.deb')
  writeFileSync(file, bytes)
  return file
}

/** Tar headers with the checksum that they have, in a control member that is not compressed. */
function withTarChecksums(bytes: Uint8Array): Uint8Array {
  const begin = latin1(bytes).indexOf('control.tar ')
  if (begin === -1) return bytes
  const repaired = Uint8Array.from(bytes)
  for (let at = begin + 60; at + 512 <= repaired.length; ) {
    const header = repaired.subarray(at, at + 512)
    if (header[0] === 0) break
    header.fill(0x20, 148, 156)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `, 'latin1'), 148)
    const size = Number.parseInt(/[0-7]+/.exec(latin1(header.subarray(124, 136)))?.[0] ?? '0', 8)
    at += 512 + Math.ceil(Math.min(size, repaired.length) / 512) * 512
  }
  return repaired
}

const plain = (...entries: Uint8Array[]): Buffer =>
  ar(DEBIAN_BINARY, arMember('control.tar', Buffer.concat([...entries, TAR_END])), DATA)

const deb: Target = {
  name: 'deb',
  promise: 'a .deb says the same of itself however its bytes arrive, and to dpkg-deb where that takes it',
  seeds: () => [
    ...fileSeeds(
      ...['debproof-demo-data_1.0-1_all', 'debproof-demo_1.0-1_amd64'].map(
        (name) => `__tests__/fixtures/debs/${name}.deb`,
      ),
    ),
    { name: 'made', bytes: debBytes() },
    { name: 'not compressed', bytes: plain(tarEntry('./', '', '5'), tarEntry('./control', CONTROL)) },
    {
      name: 'more files',
      bytes: plain(
        tarEntry('./md5sums', 'x\n'),
        tarEntry('./pax', '29 mtime=1700000000.00000000\n', 'x'),
        tarEntry('control', CONTROL),
        tarEntry('./triggers', ''),
      ),
    },
    {
      name: 'ignored members',
      bytes: ar(
        DEBIAN_BINARY,
        arMember('_a', Buffer.from('x')),
        arMember('control.tar', Buffer.concat([tarEntry('./control', CONTROL), TAR_END])),
        arMember('_b/', Buffer.from('')),
        DATA,
        arMember('_c', Buffer.from('odd')),
      ),
    },
  ],
  tokens: [
    '!<arch>\n',
    'debian-binary   ',
    'control.tar     ',
    'control.tar.gz  ',
    'data.tar.xz     ',
    '`\n',
    '2.0\n',
    './control',
    'ustar\0',
    'Package: ',
    'Version: ',
    'Architecture: ',
    '0000000\0',
    '_gpgorigin      ',
  ],
  repair: withTarChecksums,
  async run(bytes) {
    const read = await unlessRefused(['PACKAGE_LIST'], () => readDebFile(debPath(bytes)))
    const control = await unlessRefused(
      ['PACKAGE_LIST', 'COMPRESSION'],
      async () => await readControlFile(membersOf(bytes, 1)),
    )
    if (read !== undefined) {
      promise(control !== undefined, 'byte by byte it is refused')
      promise(
        canonicalText(membersOf(bytes, 7)) === canonicalText(membersOf(bytes, bytes.length)),
        'it depends on how the bytes arrive',
      )
      promise(read.size === bytes.length, 'it has another size')
    }
    return read === undefined ? 'refused' : 'accepted'
  },
  async confirm(bytes) {
    const file = debPath(bytes)
    const { name, version, architecture } = await readDebFile(file)
    const { status, error, stdout } = spawnSync('dpkg-deb', ['-f', file, 'Package', 'Version', 'Architecture'], {
      encoding: 'utf8',
    })
    // What dpkg-deb refuses cannot be installed, so nobody is misled about it.
    if (error !== undefined || status !== 0) return
    const said = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(': ')),
    )
    promise(said['Package']?.toLowerCase() === name, `to dpkg-deb it is ${stdout}`)
    promise(said['Architecture'] === architecture, `to dpkg-deb it is ${stdout}`)
    promise(said['Version'] === version || said['Version'] === `0:${version}`, `to dpkg-deb it is ${stdout}`)
  },
  limit: 16_384,
}

function membersOf(bytes: Uint8Array, size: number): ReturnType<DebMembers['finish']> {
  const members = new DebMembers()
  for (let at = 0; at < bytes.length; at += size) members.push(bytes.subarray(at, at + size))
  return members.finish()
}

/** The tar alone, decompressed, so that its own parts are what changes. */
const controlTar: Target = {
  name: 'control-tar',
  promise: 'the control file that is read stands in the tar, once',
  seeds: () => [
    { name: 'made', bytes: Buffer.concat([tarEntry('./', '', '5'), tarEntry('./control', CONTROL), TAR_END]) },
    {
      name: 'links',
      bytes: Buffer.concat([
        tarEntry('./a', '', '2'),
        tarEntry('K', 'a'.repeat(120), 'K'),
        tarEntry('control', CONTROL),
        TAR_END,
      ]),
    },
    { name: 'real', bytes: gunzipSync(membersOf(debBytes(), 4096).bytes) },
  ],
  tokens: ['./control', 'control', 'ustar\0', 'ustar  \0', ' path=control\n', '0000000\0'],
  repair: (bytes) => {
    const [header, ...rest] = [Buffer.from('control.tar '.padEnd(60)), bytes]
    return withTarChecksums(Buffer.concat([header, ...rest])).subarray(60)
  },
  async run(bytes) {
    const control = await unlessRefused(['PACKAGE_LIST'], () => readControlFile({ compression: 'plain', bytes }))
    if (control === undefined) return 'refused'
    promise(latin1(bytes).includes(control), 'the control file is not in the tar')
    return 'accepted'
  },
  limit: 16_384,
}

export const DEB_TARGETS: readonly Target[] = [deb, controlTar]

import { gzipSync } from 'node:zlib'

/** One ar member as ar(5) has it. `size` other than the body's makes a broken one. */
export function arMember(name: string, body: Uint8Array, size: number | string = body.length): Buffer {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(size).padEnd(10)}\`\n`
  return Buffer.concat([Buffer.from(header, 'latin1'), body, Buffer.from(body.length % 2 === 0 ? '' : '\n')])
}

/** One ustar entry. */
export function tarEntry(path: string, body: string | Uint8Array, type = '0', size = body.length): Buffer {
  const header = Buffer.alloc(512)
  header.write(path, 0, 'latin1')
  header.write('0000644\x000000000\x000000000\0', 100, 'latin1')
  header.write(`${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124, 'latin1')
  header.write(`        ${type}`, 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  const content = Buffer.from(body)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

export const TAR_END = Buffer.alloc(1024)

export const CONTROL = 'Package: hello\nVersion: 1:2.10-3\nArchitecture: amd64\nDescription: x\n'

export const DEBIAN_BINARY = arMember('debian-binary', Buffer.from('2.0\n'))
export const DATA = arMember('data.tar.xz', Buffer.from('not looked at'))

export function controlMember(...entries: Uint8Array[]): Buffer {
  return arMember('control.tar.gz', gzipSync(Buffer.concat([...entries, TAR_END])))
}

export function ar(...members: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from('!<arch>\n'), ...members])
}

/** A sound .deb with this control file. */
export function debBytes(control = CONTROL): Buffer {
  return ar(DEBIAN_BINARY, controlMember(tarEntry('./', '', '5'), tarEntry('./control', control)), DATA)
}

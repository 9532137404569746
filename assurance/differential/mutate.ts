import type { Random } from '../random.ts'

/** One way to damage a file, or to write it otherwise. */
export interface Mutation {
  readonly name: string
  apply(file: Buffer, random: Random, other: Buffer): Buffer
}

const NEWLINE = 0x0a

/** The mutations of a signed text; `other` is another release file. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a bit flipped',
    apply: (file, random) => flipped(file, random.below(file.length), random.below(8)),
  },
  {
    name: 'a bit flipped in or near the signature',
    apply: (file, random) =>
      flipped(file, file.length - 1 - random.below(Math.min(2500, file.length)), random.below(8)),
  },
  {
    name: 'a bit flipped in a signature packet, the armor made anew',
    apply: (file, random) => {
      const { start, end, packets } = firstBlock(file)
      if (packets.length === 0) return file
      // The first bytes say what the packet is; most others are numbers.
      const at = random.below(random.pick([50, packets.length]))
      const armor = armored(flipped(packets, at, random.below(8)))
      return Buffer.concat([file.subarray(0, start), Buffer.from(armor), file.subarray(end)])
    },
  },
  {
    name: 'a line deleted',
    apply: (file, random) => onLines(file, (lines) => lines.splice(random.below(lines.length), 1)),
  },
  {
    name: 'one of the last lines deleted',
    apply: (file, random) =>
      onLines(file, (lines) => lines.splice(lines.length - 1 - random.below(Math.min(50, lines.length)), 1)),
  },
  {
    name: 'a line twice',
    apply: (file, random) =>
      onLines(file, (lines) => {
        const at = random.below(lines.length)
        lines.splice(at, 0, lines[at] ?? '')
      }),
  },
  {
    name: 'two lines in the other order',
    apply: (file, random) =>
      onLines(file, (lines) => {
        const at = random.below(lines.length - 1)
        lines.splice(at, 2, lines[at + 1] ?? '', lines[at] ?? '')
      }),
  },
  {
    name: 'blanks at the end of a line',
    apply: (file, random) => onLine(file, random, (line) => line + random.pick([' ', '\t', '   ', ' \t', '\v', '\f'])),
  },
  {
    name: 'blanks at the end of one of the last lines',
    apply: (file, random) => onLastLine(file, random, (line) => line + random.pick([' ', '\t', '  \t'])),
  },
  {
    name: 'a carriage return',
    apply: (file, random) =>
      random.below(2) === 0
        ? onLine(file, random, (line) => `${line}\r`)
        : inserted(file, random.below(file.length + 1), '\r'),
  },
  { name: 'a NUL', apply: (file, random) => inserted(file, random.below(file.length + 1), '\0') },
  {
    name: 'a dash, an escape or a line of dashes',
    apply: (file, random) =>
      onLine(file, random, (line) =>
        random.pick([
          `- ${line}`,
          `-${line}`,
          `-----\n${line}`,
          `----- -----\n${line}`,
          `-----BEGIN PGP SIGNATURE-----\n${line}`,
        ]),
      ),
  },
  {
    name: 'an escape or a header in one of the last lines',
    apply: (file, random) =>
      onLastLine(file, random, (line) => random.pick([`- ${line}`, `Comment: x\n${line}`, `\n${line}`, `${line}\n`])),
  },
  {
    name: 'another armor header before the text',
    apply: (file, random) => {
      const header = random.pick([
        'Hash: SHA512',
        'Hash: SHA1',
        'Comment: x',
        'Hash: SHA256, SHA512',
        'NotDashEscaped: x',
      ])
      return onLines(file, (lines) => lines.splice(1, random.below(2), header))
    },
  },
  { name: 'cut short', apply: (file, random) => Buffer.from(file.subarray(0, random.below(file.length))) },
  { name: 'the last bytes cut off', apply: (file, random) => Buffer.from(file.subarray(0, -1 - random.below(60))) },
  {
    name: 'something after the end',
    apply: (file, random) =>
      Buffer.concat([file, Buffer.from(random.pick(['\n', ' \n', '\t', 'x\n', '\n\n\n', 'Origin: x\n', '\0']))]),
  },
  {
    name: 'something before the beginning',
    apply: (file, random) =>
      Buffer.concat([Buffer.from(random.pick(['\n', ' ', 'x\n', '\ufeff', 'Origin: x\n\n'])), file]),
  },
  {
    name: 'the signature of another release file',
    apply: (file, _, other) => Buffer.concat([before(file), after(other)]),
  },
  { name: 'a second signature block, of another file', apply: (file, _, other) => Buffer.concat([file, after(other)]) },
  {
    name: 'the signature block of another file first',
    apply: (file, _, other) => Buffer.concat([before(file), after(other), after(file)]),
  },
  { name: 'the signature block twice', apply: (file) => Buffer.concat([file, after(file)]) },
]

const SIGNATURE = '-----BEGIN PGP SIGNATURE-----'

/** The first signature block of a file: where its base64 begins, where its END line does, and what it holds. */
function firstBlock(file: Buffer): { start: number; end: number; packets: Buffer } {
  const begin = file.indexOf(SIGNATURE)
  const start = file.indexOf('\n\n', begin) + 2
  const end = file.indexOf('-----END PGP SIGNATURE-----', start)
  if (begin === -1 || start === 1 || end === -1) return { start: 0, end: 0, packets: Buffer.alloc(0) }
  const base64 = file
    .subarray(start, end)
    .toString('latin1')
    .replace(/\n=.{4}\n$/, '')
  return { start, end, packets: Buffer.from(base64, 'base64') }
}

/** Base64 in lines, and the checksum of RFC 9580, 6.1. */
function armored(packets: Buffer): string {
  let crc = 0xb704ce
  for (const byte of packets) {
    crc ^= byte << 16
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x800000) === 0 ? crc << 1 : (crc << 1) ^ 0x1864cfb
  }
  const checksum = Buffer.from([(crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff]).toString('base64')
  return `${packets.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n')}\n=${checksum}\n`
}

function before(file: Buffer): Buffer {
  const begin = file.indexOf(SIGNATURE)
  return file.subarray(0, begin === -1 ? file.length : begin)
}

function after(file: Buffer): Buffer {
  const begin = file.indexOf(SIGNATURE)
  return file.subarray(begin === -1 ? 0 : begin)
}

function flipped(file: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(file)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}

function inserted(file: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([file.subarray(0, at), Buffer.from(text, 'latin1'), file.subarray(at)])
}

function onLines(file: Buffer, change: (lines: string[]) => unknown): Buffer {
  const hasEnd = file.at(-1) === NEWLINE
  const lines = (hasEnd ? file.subarray(0, -1) : file).toString('latin1').split('\n')
  change(lines)
  return Buffer.from(lines.join('\n') + (hasEnd ? '\n' : ''), 'latin1')
}

function onLine(file: Buffer, random: Random, change: (line: string) => string): Buffer {
  return onLines(file, (lines) => {
    const at = random.below(lines.length)
    lines[at] = change(lines[at] ?? '')
  })
}

function onLastLine(file: Buffer, random: Random, change: (line: string) => string): Buffer {
  return onLines(file, (lines) => {
    const at = lines.length - 1 - random.below(Math.min(50, lines.length))
    lines[at] = change(lines[at] ?? '')
  })
}

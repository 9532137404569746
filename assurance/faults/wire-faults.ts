import type { Random } from '../random.ts'
import type { Piece } from './answer.ts'
import type { NetworkFault } from './network-fault.ts'

/** Faults on the wire: the bytes of HTTP, when they come, and where they end. */
export const WIRE_FAULTS: readonly NetworkFault[] = [
  { name: 'closed before the head', effect: 'transport', retried: true, weight: 2, wire: () => ['end'] },
  { name: 'RST before the head', effect: 'transport', retried: true, weight: 2, wire: () => ['reset'] },
  {
    name: 'closed in the head',
    effect: 'transport',
    retried: true,
    wire: (pieces, { random }) => cutIn(pieces, 0, random, 'end'),
  },
  {
    name: 'closed in the body',
    effect: 'transport',
    retried: true,
    weight: 3,
    wire: (pieces, { random }) => cutIn(pieces, random.between(1, Math.max(1, pieces.length - 1)), random, 'end'),
  },
  {
    name: 'RST in the body',
    effect: 'transport',
    retried: true,
    weight: 3,
    wire: (pieces, { random }) => cutIn(pieces, random.between(1, Math.max(1, pieces.length - 1)), random, 'reset'),
  },
  {
    name: 'closed before the last byte',
    effect: 'transport',
    retried: true,
    weight: 2,
    wire: (pieces) => {
      const bytes = joined(pieces)
      return [bytes.subarray(0, -1), 'end']
    },
  },
  {
    name: 'slow drip',
    effect: 'none',
    weight: 2,
    wire: (pieces) => {
      const bytes = joined(pieces)
      const size = Math.ceil(bytes.length / 40)
      const parts: Piece[] = []
      for (let start = 0; start < bytes.length; start += size) {
        parts.push(bytes.subarray(start, start + size), { wait: 25 })
      }
      return [...parts, ...pieces.filter((piece) => piece === 'end')]
    },
  },
  {
    name: 'short stalls',
    effect: 'none',
    weight: 2,
    wire: (pieces, { random }) => pieces.flatMap((piece): Piece[] => [{ wait: random.between(0, 700) }, piece]),
  },
  { name: 'stalled before the head', effect: 'transport', retried: true, slow: true, wire: () => ['hold'] },
  {
    name: 'stalled in the body',
    effect: 'transport',
    retried: true,
    slow: true,
    wire: (pieces, { random }) => cutIn(pieces, Math.max(1, pieces.length - 1), random, 'hold'),
  },
  {
    name: 'Content-Length too large',
    effect: 'transport',
    retried: true,
    wire: (pieces) => [...headChanged(pieces, (head) => head.replace(/^(Content-Length: )(\d+)$/m, '$19$2')), 'end'],
  },
  {
    name: 'Content-Length too small',
    effect: 'transport',
    wire: (pieces) =>
      headChanged(pieces, (head) =>
        head.replace(/^Content-Length: (\d+)$/m, (_, digits: string) => `Content-Length: ${Number(digits) >> 1}`),
      ),
  },
  ...['-1', '18446744073709551616', '0x10', '1, 2', '', ' 5 5'].map(
    (value): NetworkFault => ({
      name: 'Content-Length that is none',
      effect: 'transport',
      weight: 0.4,
      wire: (pieces) =>
        headChanged(pieces, (head) => head.replace(/^Content-Length: .*$/m, `Content-Length: ${value}`)),
    }),
  ),
  {
    name: 'two Content-Length',
    effect: 'transport',
    wire: (pieces) => headChanged(pieces, (head) => head.replace(/^Content-Length: /m, 'Content-Length: 3\r\n$&')),
  },
  {
    name: 'Content-Length and chunked',
    effect: 'transport',
    wire: (pieces) => headChanged(pieces, (head) => head.replace(/^HTTP.*$/m, '$&\r\nTransfer-Encoding: chunked')),
  },
  {
    name: 'broken chunks',
    effect: 'transport',
    wire: (pieces, { random }) => {
      const bad = random.pick(['zz\r\nabc\r\n', 'ffffffffffffffffff\r\nabc', '5\r\nabc\r\n0\r\n\r\n', '-5\r\nabc\r\n'])
      const chunked = headChanged(pieces.slice(0, 1), (head) =>
        head.replace(/^(?:Content-Length|Connection|Transfer-Encoding): .*$/m, 'Transfer-Encoding: chunked'),
      )
      return [...chunked, Buffer.from(bad), 'end']
    },
  },
  {
    name: 'a head of 1 MB',
    effect: 'transport',
    wire: (pieces) =>
      headChanged(pieces, (head) => head.replace(/^HTTP.*$/m, `$&\r\nX-Large: ${'x'.repeat(1_000_000)}`)),
  },
  {
    name: 'an endless head',
    effect: 'transport',
    wire: () => [Buffer.from('HTTP/1.1 200 OK\r\n'), { endless: Buffer.from('X-More: more and more\r\n'.repeat(400)) }],
  },
  {
    name: 'an endless body',
    effect: 'transport',
    weight: 2,
    wire: (_, { random }) => [
      Buffer.from(
        `HTTP/1.1 200 OK\r\n${random.chance(0.5) ? 'Content-Length: 9007199254740991' : 'Connection: close'}\r\n\r\n`,
      ),
      { endless: Buffer.alloc(65536, random.pick(['\n', 'Package: x\n', '\0', '\x1f\x8b'])) },
    ],
  },
  {
    name: 'some 1xx before',
    effect: 'none',
    wire: (pieces) => [Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3)), ...pieces],
  },
  {
    name: 'a flood of 1xx',
    effect: 'transport',
    wire: (pieces) => [Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100_000)), ...pieces],
  },
  {
    name: '101 unasked',
    effect: 'transport',
    wire: (pieces) => [Buffer.from('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'), ...pieces],
  },
  {
    name: 'no HTTP at all',
    effect: 'transport',
    wire: (_, { random }) => [
      Buffer.from(
        random.pick(['SSH-2.0-OpenSSH_9.2\r\n', '\x16\x03\x01\x02\x00', 'HTTP/9.9 200\r\n\r\n', '\r\n\r\n\r\n']),
      ),
      'end',
    ],
  },
  {
    name: 'an answer that nobody asked for behind it',
    effect: 'transport',
    wire: (pieces) => [...pieces, Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nPackage: evi')],
  },
]

function joined(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.filter((piece): piece is Uint8Array => piece instanceof Uint8Array))
}

/** Ends within one of the pieces. */
function cutIn(pieces: readonly Piece[], at: number, random: Random, end: 'end' | 'reset' | 'hold'): Piece[] {
  const piece = pieces[at]
  const part = piece instanceof Uint8Array ? [piece.subarray(0, random.between(0, Math.max(0, piece.length - 1)))] : []
  // A reset overtakes what is still on its way; some of it is to arrive.
  return [...pieces.slice(0, at), ...part, { wait: random.pick([0, 0, 20]) }, end]
}

function headChanged(pieces: readonly Piece[], change: (head: string) => string): Piece[] {
  const [head, ...rest] = pieces
  if (!(head instanceof Uint8Array)) return [...pieces]
  const text = Buffer.from(head).toString('latin1').replaceAll('\r\n', '\n')
  return [Buffer.from(change(text).replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'), 'latin1'), ...rest]
}

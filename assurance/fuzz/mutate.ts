import type { Random } from '../random.ts'

/** What mutators may draw from. */
export interface MutationContext {
  readonly random: Random
  readonly tokens: readonly Uint8Array[]
  /** Another input of the corpus, for splicing. */
  readonly other: Uint8Array
  /** Bytes that the result may have. */
  readonly limit: number
}

type Mutator = (bytes: Buffer, context: MutationContext) => Buffer

/** One to sixteen mutations, one after another. */
export function mutate(bytes: Uint8Array, context: MutationContext): Buffer {
  const { random, limit } = context
  let result: Buffer = Buffer.from(bytes)
  for (let times = 1 << random.below(5); times > 0; times--) {
    const mutator = random.pick(MUTATORS)
    result = mutator(result, context)
    if (result.length > limit) result = result.subarray(0, limit)
  }
  return result
}

const INTERESTING_BYTES = [
  0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x23, 0x27, 0x2d, 0x2f, 0x3a, 0x3d, 0x5c, 0x7f, 0x80, 0xa0, 0xc2, 0xff,
]
const LYING_NUMBERS = [
  '0',
  '1',
  '-1',
  '00',
  '127',
  '128',
  '255',
  '256',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '999999999999999',
  '1000000000000000',
  '1e3',
  '0x10',
  '1.5',
  '٣',
]

const flipBit: Mutator = (bytes, { random }) => {
  const at = random.below(bytes.length)
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  return bytes
}

const setByte: Mutator = (bytes, { random }) => {
  if (bytes.length > 0)
    bytes[random.below(bytes.length)] = random.once(2) ? random.below(256) : random.pick(INTERESTING_BYTES)
  return bytes
}

const addToByte: Mutator = (bytes, { random }) => {
  const at = random.below(bytes.length)
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) + random.below(33) - 16
  return bytes
}

const insertBytes: Mutator = (bytes, { random }) => {
  const inserted = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)))
  return withInserted(bytes, random.below(bytes.length + 1), inserted)
}

const insertByte: Mutator = (bytes, { random }) =>
  withInserted(bytes, random.below(bytes.length + 1), Buffer.from([random.pick(INTERESTING_BYTES)]))

const removeRange: Mutator = (bytes, { random }) => {
  const [start, end] = range(bytes, random)
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
}

const copyRange: Mutator = (bytes, { random }) => {
  const [start, end] = range(bytes, random)
  return withInserted(bytes, random.below(bytes.length + 1), bytes.subarray(start, end))
}

const overwriteRange: Mutator = (bytes, { random }) => {
  const [start, end] = range(bytes, random)
  bytes.copyWithin(random.below(bytes.length), start, end)
  return bytes
}

const truncate: Mutator = (bytes, { random }) => bytes.subarray(0, random.below(bytes.length + 1))

/** Long runs of one byte or one piece are where quadratic time shows. */
const repeat: Mutator = (bytes, { random, tokens, limit }) => {
  const [start, end] = range(bytes, random)
  const piece = random.once(3)
    ? Buffer.from([random.pick(INTERESTING_BYTES)])
    : random.once(2) && tokens.length > 0
      ? Buffer.from(random.pick(tokens))
      : bytes.subarray(start, Math.min(end, start + 64))
  if (piece.length === 0) return bytes
  const length = random.once(8) ? limit : 1 << (4 + random.below(9))
  const times = Math.max(1, Math.floor(Math.min(length, limit - bytes.length) / piece.length))
  return withInserted(
    bytes,
    random.once(2) ? start : random.below(bytes.length + 1),
    Buffer.concat(Array(times).fill(piece)),
  )
}

const insertToken: Mutator = (bytes, { random, tokens }) =>
  tokens.length === 0 ? bytes : withInserted(bytes, random.below(bytes.length + 1), random.pick(tokens))

const overwriteWithToken: Mutator = (bytes, { random, tokens }) => {
  if (tokens.length > 0) Buffer.from(random.pick(tokens)).copy(bytes, random.below(bytes.length))
  return bytes
}

const replaceWord: Mutator = (bytes, { random, tokens }) => {
  const words = [...bytes.toString('latin1').matchAll(/[A-Za-z0-9_.+~-]+/g)]
  if (words.length === 0 || tokens.length === 0) return bytes
  const { index, 0: word } = random.pick(words)
  return Buffer.concat([bytes.subarray(0, index), random.pick(tokens), bytes.subarray(index + word.length)])
}

const splice: Mutator = (bytes, { random, other }) =>
  Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))])

const insertFromOther: Mutator = (bytes, { random, other }) => {
  const [start, end] = range(other, random)
  return withInserted(bytes, random.below(bytes.length + 1), other.subarray(start, end))
}

const lie: Mutator = (bytes, { random }) => {
  const numbers = [...bytes.toString('latin1').matchAll(/\d+/g)]
  if (numbers.length === 0) return bytes
  const { index, 0: digits } = random.pick(numbers)
  const near = digits.length < 15 ? String(Number(digits) + random.below(3) - 1) : digits.slice(1)
  const lying = random.once(2) ? near : random.pick(LYING_NUMBERS)
  // Fixed-width fields keep their width half of the time.
  const written = random.once(2) ? lying.padStart(digits.length, '0') : lying
  return Buffer.concat([bytes.subarray(0, index), Buffer.from(written), bytes.subarray(index + digits.length)])
}

const lieInBinary: Mutator = (bytes, { random }) => {
  const width = random.once(2) ? 2 : 4
  if (bytes.length < width) return bytes
  const at = random.below(bytes.length - width + 1)
  const number = random.pick([
    0,
    1,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x10000,
    0x7fffffff,
    0xffffffff,
    bytes.length,
    random.next(),
  ])
  if (random.once(2)) bytes.writeUIntBE(number % 256 ** width, at, width)
  else bytes.writeUIntLE(number % 256 ** width, at, width)
  return bytes
}

const swapCase: Mutator = (bytes, { random }) => {
  const at = random.below(bytes.length)
  const byte = bytes[at] ?? 0
  if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) bytes[at] = byte ^ 0x20
  return bytes
}

/** Lines are moved, doubled, dropped, joined and taken from elsewhere. */
const changeLines: Mutator = (bytes, { random, other }) => {
  const lines = linesOf(bytes)
  const at = random.below(lines.length)
  const line = lines[at] ?? Buffer.alloc(0)
  switch (random.below(6)) {
    case 0:
      lines.splice(at, 1)
      break
    case 1:
      lines.splice(at, 0, line)
      break
    case 2:
      lines.splice(at, 1)
      lines.splice(random.below(lines.length + 1), 0, line)
      break
    case 3:
      lines.splice(random.below(lines.length + 1), 0, random.pick(linesOf(Buffer.from(other))))
      break
    case 4:
      lines.splice(at, 1, line.subarray(0, Math.max(0, line.length - 1)))
      break
    default:
      lines.splice(at, 0, Buffer.from(random.once(2) ? '\n' : ' \n'))
  }
  return Buffer.concat(lines)
}

const MUTATORS: readonly Mutator[] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  addToByte,
  insertBytes,
  insertByte,
  insertByte,
  removeRange,
  removeRange,
  copyRange,
  overwriteRange,
  truncate,
  repeat,
  insertToken,
  insertToken,
  overwriteWithToken,
  replaceWord,
  replaceWord,
  splice,
  insertFromOther,
  lie,
  lie,
  lieInBinary,
  swapCase,
  changeLines,
  changeLines,
  changeLines,
]

/** Mostly short, so that most of an input stays sound. */
function range(bytes: Uint8Array, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length)
  const longest = random.once(4) ? bytes.length : 1 << random.below(7)
  return [start, Math.min(bytes.length, start + 1 + random.below(longest))]
}

function withInserted(bytes: Buffer, at: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)])
}

/** Each with its line end. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start)
    const next = end === -1 ? bytes.length : end + 1
    lines.push(bytes.subarray(start, next))
    start = next
  }
  return lines.length === 0 ? [Buffer.alloc(0)] : lines
}

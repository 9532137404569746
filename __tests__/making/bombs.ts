import zlib from 'node:zlib'

/**
 * Compressed files that grow far beyond what any index does. After a text to begin with, what comes out is line ends
 * alone, of which an index may have any number between its stanzas: nothing but its size is wrong with it.
 */

const MEBIBYTE = 1024 * 1024

/** One member that grows a thousandfold, to `mebibytes`. */
export function gzipBomb(mebibytes: number, start = ''): Buffer {
  const text = Buffer.from(start)
  const piece = Buffer.alloc(MEBIBYTE, '\n')
  const flushed = (bytes: Uint8Array): Buffer =>
    zlib.deflateRawSync(bytes, { finishFlush: zlib.constants.Z_FULL_FLUSH })
  let crc = zlib.crc32(text)
  for (let done = 0; done < mebibytes; done++) crc = zlib.crc32(piece, crc)
  const header = Buffer.from('1f8b0800000000000003', 'hex')
  const pieces = Array<Buffer>(mebibytes).fill(flushed(piece))
  const size = (text.length + mebibytes * MEBIBYTE) % 2 ** 32
  return Buffer.concat([header, flushed(text), ...pieces, Buffer.from('0300', 'hex'), uint32(crc), uint32(size)])
}

/** What the chunk below gives. */
const LZMA2_CHUNK_SIZE = 2_096_914

/** A chunk of LZMA2 that resets all there is to reset and gives line ends, by xz -9e. */
const LZMA2_CHUNK = Buffer.from(
  '//8RAWxdAAVv+7/+o7Fe5fg/sqomVfhocEFwFQ+N/R5MG4pCtxn0aRhxrmYjiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2P' +
    'dEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2' +
    'MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/x' +
    'CT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1Ir' +
    'dM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvEgn5lg=',
  'base64',
)

/**
 * One stream of one block that grows six thousandfold, to at least `mebibytes`, with a dictionary that keeps all of it.
 *
 * @param dictionary the byte that says how large the dictionary is (the .xz file format, 5.3.1): 28 for 64 MiB, 37 for
 *   1.5 GiB, 40 for 4 GiB
 */
export function xzBomb(mebibytes: number, start = '\n', dictionary = 28): Buffer {
  const text = Buffer.from(start)
  // Without a dictionary reset: 0xe0 would be one.
  const next = Buffer.from(LZMA2_CHUNK)
  next.writeUInt8(0xdf, 0)
  const count = Math.ceil((mebibytes * MEBIBYTE) / LZMA2_CHUNK_SIZE)
  const data = Buffer.concat([
    Buffer.from([0x01]),
    uint16(text.length - 1),
    text,
    ...Array<Buffer>(count).fill(next),
    Buffer.from([0x00]),
  ])
  return xzStream(data, text.length + count * LZMA2_CHUNK_SIZE, dictionary)
}

/** A stream of one block of LZMA2, without a check. */
function xzStream(data: Uint8Array, plainSize: number, dictionary: number): Buffer {
  const flags = Buffer.from([0x00, 0x00])
  const header = withCrc(Buffer.from([0x02, 0x00, 0x21, 0x01, dictionary, 0x00, 0x00, 0x00]))
  const block = Buffer.concat([header, data, Buffer.alloc(-(header.length + data.length) & 3)])
  const sizes = Buffer.concat([variable(header.length + data.length), variable(plainSize)])
  const records = Buffer.concat([Buffer.from([0x00, 0x01]), sizes])
  const index = withCrc(Buffer.concat([records, Buffer.alloc(-records.length & 3)]))
  const backward = Buffer.concat([uint32(index.length / 4 - 1), flags])
  return Buffer.concat([
    Buffer.from('fd377a585a00', 'hex'),
    withCrc(flags),
    block,
    index,
    uint32(zlib.crc32(backward)),
    backward,
    Buffer.from('YZ'),
  ])
}

/** One frame that grows to `mebibytes` thirty thousandfold, which says that its window is of 2^`windowLog` bytes. */
export function zstdBomb(mebibytes: number, start = '\n', windowLog = 23): Buffer {
  const text = Buffer.from(start)
  const block = (size: number, type: 0 | 1, content: Uint8Array, last = false): Buffer => {
    const header = Buffer.alloc(3)
    header.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3)
    return Buffer.concat([header, content])
  }
  const repeated = block(128 * 1024, 1, Buffer.from('\n'))
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3]),
    block(text.length, 0, text),
    ...Array<Buffer>(mebibytes * 8).fill(repeated),
    block(0, 0, Buffer.alloc(0), true),
  ])
}

/** One block of 46 bytes that grows a millionfold, to 45 899 235 line ends, by bzip2 -9. */
const BZIP2_BLOCK = Buffer.from('QlpoOTFBWSZTWStxu3EBX45AAIAQAAggADCATUZCoCWpCoCXF3JFOFCQK3G7cQ==', 'base64')

/** Streams after one another, of which each grows a millionfold. */
export function bzip2Bomb(streams: number): Buffer {
  return Buffer.concat(Array<Buffer>(streams).fill(BZIP2_BLOCK))
}

function variable(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}

function withCrc(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, uint32(zlib.crc32(bytes))])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

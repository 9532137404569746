import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DECODER_OPTIONS, decodeWith } from '../../src/archive/node-decoder.ts'
import { decodeFrame } from '../../src/archive/zstd-decoder.ts'
import { ZstdFrames } from '../../src/archive/zstd-frames.ts'
import { MAX_ZSTD_WINDOW } from '../../src/limits.ts'

const TEXT = Buffer.from(Array.from({ length: 300 }, (_, index) => `Package: p${index}\n\n`).join(''))

const { ZSTD_c_checksumFlag: CHECKSUM, ZSTD_c_contentSizeFlag: CONTENT_SIZE } = zlib.constants

/** One frame; its header begins behind four bytes of magic. */
function frame(content: Buffer, { checksum = true, contentSize = false } = {}): Buffer {
  return zlib.zstdCompressSync(content, {
    params: { [CHECKSUM]: checksum ? 1 : 0, [CONTENT_SIZE]: contentSize ? 1 : 0 },
  })
}

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length * (at < 0 ? 1 : 0) + at] = change(copy.at(at) ?? 0)
  return copy
}

/** What the decoder of a Node without zstd makes of it, and what Node's own does. */
async function decoded(bytes: Buffer, by: 'JavaScript' | 'libzstd'): Promise<string> {
  const frames = new ZstdFrames(
    (async function* () {
      yield bytes
    })(),
  )
  const chunks: Uint8Array[] = []
  try {
    const first = await frames.next()
    if (first === undefined) return 'refused'
    const decoder =
      by === 'JavaScript' ? decodeFrame(first) : decodeWith(zlib.createZstdDecompress(DECODER_OPTIONS), first.pieces)
    for await (const chunk of decoder) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).toString()
  } catch {
    return 'refused'
  }
}

describe('a frame is judged alike on a Node with zstd and on one without', () => {
  const sized = frame(TEXT, { contentSize: true })
  const damaged: Readonly<Record<string, Buffer>> = {
    'a checksum that is wrong': changed(frame(TEXT), -1, (byte) => byte ^ 1),
    'a checksum of nothing that is wrong': changed(frame(Buffer.alloc(0)), -2, (byte) => byte ^ 0x80),
    'a size of its content that is too large': changed(sized, 6, (byte) => byte + 1),
    'a size of its content that is too small': changed(sized, 6, (byte) => byte - 1),
    'a dictionary': Buffer.concat([
      sized.subarray(0, 4),
      Buffer.from([(sized[4] ?? 0) | 1, ...sized.subarray(5, 5), 7]),
      sized.subarray(5),
    ]),
    'a reserved bit': changed(sized, 4, (byte) => byte | 0x08),
    'its end cut off': sized.subarray(0, -1),
  }

  it.each(Object.keys(damaged))('with %s: refused', async (what) => {
    const bytes = damaged[what] ?? Buffer.alloc(0)
    expect(await decoded(bytes, 'libzstd')).toBe('refused')
    expect(await decoded(bytes, 'JavaScript')).toBe('refused')
  })

  it.each([
    [{ checksum: true, contentSize: false }],
    [{ checksum: true, contentSize: true }],
    [{ checksum: false, contentSize: true }],
    [{ checksum: false, contentSize: false }],
  ])('as libzstd writes it: read (%o)', async (options) => {
    for (const content of [Buffer.alloc(0), Buffer.from('a'), TEXT.subarray(0, 255), TEXT, Buffer.alloc(70_000, 'x')]) {
      const bytes = frame(content, options)
      expect(await decoded(bytes, 'libzstd')).toBe(content.toString())
      expect(await decoded(bytes, 'JavaScript')).toBe(content.toString())
    }
  })

  it(`with a window beyond MAX_ZSTD_WINDOW: refused, and at it: read`, async () => {
    const windowed = frame(TEXT)
    const [largest, beyond] = [(27 - 10) << 3, ((27 - 10) << 3) + 1]
    expect(2 ** 27).toBe(MAX_ZSTD_WINDOW)
    for (const by of ['libzstd', 'JavaScript'] as const) {
      expect(
        await decoded(
          changed(windowed, 5, () => largest),
          by,
        ),
      ).toBe(TEXT.toString())
      expect(
        await decoded(
          changed(windowed, 5, () => beyond),
          by,
        ),
      ).toBe('refused')
    }
  })
})

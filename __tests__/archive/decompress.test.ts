import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Compression, decompress } from '../../src/archive/decompress.ts'
import { DebproofError, isDebproofError } from '../../src/errors.ts'
import { BOMB, COMPRESSED, COMPRESSED_EMPTY, CONTENT, FORMS } from '../making/compressed.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** What comes out, or the code that it fails with. */
async function outcome(compression: Compression, bytes: Uint8Array, size = 65_536): Promise<Buffer | string> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of decompress(compression, inChunks(bytes, size))) chunks.push(chunk)
  } catch (error) {
    if (error instanceof DebproofError) return error.code
    throw error
  }
  return Buffer.concat(chunks)
}

describe.each(FORMS)('%s', (form) => {
  const whole = COMPRESSED[form]

  it('gives back what was compressed, however it is cut', async () => {
    for (const size of [1, 2, 7, 100, 65_536]) expect(await outcome(form, whole, size)).toEqual(CONTENT)
  })

  it('compressed-empty: yes', async () => {
    expect(await outcome(form, COMPRESSED_EMPTY[form])).toEqual(Buffer.alloc(0))
  })

  it('0 bytes: no', async () => {
    expect(await outcome(form, Buffer.alloc(0))).toBe('COMPRESSION')
  })

  it('cut short anywhere: no', async () => {
    for (let length = 1; length < whole.length; length += 3) {
      expect(await outcome(form, whole.subarray(0, length)), `${length} bytes`).toBe('COMPRESSION')
    }
    expect(await outcome(form, whole.subarray(0, -1))).toBe('COMPRESSION')
  })

  it('garbage after the end: no', async () => {
    expect(await outcome(form, Buffer.concat([whole, Buffer.from('garbage that follows')]))).toBe('COMPRESSION')
  })

  it('something behind zeros after the end: no, however it is cut', async () => {
    for (const hidden of [whole, Buffer.from('garbage that follows')]) {
      const bytes = Buffer.concat([whole, Buffer.alloc(8), hidden])
      for (const size of [1, 5, 100, 65_536]) {
        const result = await outcome(form, bytes, size)
        expect([Buffer.concat([CONTENT, CONTENT]), 'COMPRESSION'], `${size} bytes at once`).toContainEqual(result)
      }
    }
  })

  it('concatenated members: all of them or none, never the first alone', async () => {
    for (const size of [1, 100, 65_536]) {
      const result = await outcome(form, Buffer.concat([whole, whole]), size)
      expect([Buffer.concat([CONTENT, CONTENT]), 'COMPRESSION']).toContainEqual(result)
      const cut = await outcome(form, Buffer.concat([whole, whole.subarray(0, -10)]), size)
      expect(cut).toBe('COMPRESSION')
    }
  })

  it('Decompression bomb: costs only what is taken of it, or is refused', async () => {
    let taken = 0
    const before = process.memoryUsage().arrayBuffers
    try {
      for await (const chunk of decompress(form, inChunks(Buffer.concat(Array(200).fill(BOMB[form])), Infinity))) {
        taken += chunk.length
        if (taken > 100_000) break
      }
    } catch (error) {
      if (!isDebproofError(error, 'COMPRESSION')) throw error
    }
    expect(taken).toBeLessThanOrEqual(1024 * 1024)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 1024 * 1024)
  })

  it('lets go of its source where the reader stops early', async () => {
    const copies = 20_000
    let given = 0
    let isClosed = false
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        while (++given < copies) {
          yield whole
          await new Promise(setImmediate)
        }
      } finally {
        isClosed = true
      }
    }
    for await (const _ of decompress(form, source())) break
    await expect.poll(() => isClosed).toBe(true)
    expect(given).toBeLessThan(copies)
  })

  it('passes on what its source throws as it is', async () => {
    const failure = new Error('the network is down')
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield whole.subarray(0, 20)
      throw failure
    }
    const read = async (): Promise<void> => {
      for await (const _ of decompress(form, source()));
    }
    await expect(read()).rejects.toBe(failure)
  })

  it('throws nothing but a DebproofError, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([position, value]) => {
        const damaged = Buffer.from(whole)
        damaged[position] = value
        return damaged
      }),
    )
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(1, 64, 65_536), async (input, size) => {
        try {
          for await (const _ of decompress(form, inChunks(input, size)));
        } catch (error) {
          if (!isDebproofError(error, 'COMPRESSION')) throw error
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('frames of zst', () => {
  const whole = COMPRESSED.zst
  const empty = COMPRESSED_EMPTY.zst
  /** Passed over by every reader (RFC 8878, 3.1.2). */
  const skippable = (last: number, content: Uint8Array): Buffer => {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(0x184d2a50 + last)
    head.writeUInt32LE(content.length, 4)
    return Buffer.concat([head, content])
  }

  it('are all read, the empty second one that apt-ftparchive writes too', async () => {
    const packages = Buffer.from(
      'KLUv/QBYjQkA5hlKH1BN6sT4x8yHoQOZzQkCr0taY+W83KbkpgLEu2rcWgNNAD4AOwASXIBQ9CDDvgJhlPYOYCEXkuQFPCRJhGEP0Y1/QAzKQC' +
        'NoAdOGOb6B9KOBNEJJwxoJIuF4hbLIQbRh75h4+D+QBncsSpI8w56hHbwTAmifJiMubM8wxLo4YBRPjQ52c1TnmlW/blzXTa/+TzVmXfieYbk4' +
        'YBRsrwszZTdld/cHqZb+XHpUCinDICYCu+is5MnKJVz0zqdLtJpzxH66yJf3KEzdhmny4oBR1rFaB3n5UfV7Qpi93PvxVRfzPif3Wr/0ONPqfR' +
        'mlUBjWSJBHBOJwiS8o/63Tw3TPVJsa/vGl6Rxpc7919JpatblVpxU78aSf5p/d1jfVkmYuh5trcSOEdKEBAFUXVBQotS/9IAABAAA=',
      'base64',
    )
    for (const size of [1, 7, 65_536]) {
      const text = String(await outcome('zst', packages, size))
      expect(text).toMatch(/^Package: foo\n/)
      expect(text).toContain('Filename: pool/foo_1_amd64.deb\nSize: 632\n')
      expect(text).toHaveLength(419)
    }
  })

  it('follow one another in any number, with skippable ones anywhere, however they are cut', async () => {
    const part = fc.oneof(
      fc.constant({ bytes: whole, content: CONTENT }),
      fc.constant({ bytes: empty, content: Buffer.alloc(0) }),
      fc
        .tuple(fc.nat(15), fc.uint8Array({ maxLength: 40 }))
        .map(([last, bytes]) => ({ bytes: skippable(last, bytes), content: Buffer.alloc(0) })),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.integer({ min: 1, max: 300 }), async (parts, size) => {
        const file = Buffer.concat([whole, ...parts.map(({ bytes }) => bytes)])
        const content = Buffer.concat([CONTENT, ...parts.map((one) => one.content)])
        expect(await outcome('zst', file, size)).toEqual(content)
        expect(await outcome('zst', file.subarray(0, -1), size)).toBe('COMPRESSION')
      }),
      { numRuns: 60 },
    )
  })

  it('that are all skippable are no data', async () => {
    expect(await outcome('zst', skippable(3, whole))).toBe('COMPRESSION')
  })
})

it('plain data passes as it is', async () => {
  expect(await outcome('plain', CONTENT, 7)).toEqual(CONTENT)
  expect(await outcome('plain', Buffer.alloc(0))).toEqual(Buffer.alloc(0))
})

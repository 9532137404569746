import zlib from 'node:zlib'
import { DebproofError } from '../errors.ts'
import { bzip2 } from './bzip2.ts'
import { evenPieces } from './even-pieces.ts'
import { Growth, GrowthError } from './growth.ts'
import { DECODER_OPTIONS, decodeWith } from './node-decoder.ts'
import { decodeFrame } from './zstd-decoder.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** How a file is compressed, named by its suffix; `plain` has none. */
export type Compression = 'plain' | 'gz' | 'xz' | 'zst' | 'bz2'

/** Small chunks are joined up to this size. */
const CHUNK = 256 * 1024

/**
 * Decompresses a stream chunk by chunk, holding no more than a few chunks in memory. The caller limits how much
 * it takes: a bomb costs only what is read of it. Errors of `input` pass through as they are.
 *
 * @throws DebproofError COMPRESSION for data that is damaged or cut short
 */
export async function* decompress(
  compression: Compression,
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (compression === 'plain') {
    yield* input
    return
  }
  // An error of the source must not be mistaken for damaged data, whatever the decoder makes of it.
  const source: { failure?: { readonly error: unknown } } = {}
  const growth = new Growth()
  const guarded = growth.compressed(evenPieces(remember(input, source)))
  try {
    yield* growth.plain(await decode(compression, guarded))
  } catch (error) {
    if (source.failure !== undefined) throw source.failure.error
    const cause = error instanceof GrowthError ? {} : { cause: error }
    throw new DebproofError('COMPRESSION', `The ${compression} data ${problem(error)}.`, cause)
  }
}

function problem(error: unknown): string {
  if (error instanceof GrowthError) return 'grows beyond all measure'
  // What the two decoders say, of which neither has a code for it: 4 is XZ_MEMLIMIT_ERROR.
  const isLarge = error instanceof Error && /error code 4$|requires too much memory/.test(error.message)
  return isLarge ? 'needs more memory than may be spent on it' : 'is damaged or cut short'
}

async function* remember(
  input: AsyncIterable<Uint8Array>,
  source: { failure?: { readonly error: unknown } },
): AsyncGenerator<Uint8Array> {
  try {
    yield* input
  } catch (error) {
    source.failure = { error }
    throw error
  }
}

async function decode(
  compression: Exclude<Compression, 'plain'>,
  input: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  switch (compression) {
    case 'gz':
      return decodeWith(zlib.createGunzip(DECODER_OPTIONS), input)
    case 'xz': {
      const { default: xz } = await import('xz-decompress')
      return gather(new xz.XzReadableStream(webStream(input)))
    }
    case 'zst':
      return zstandard(input)
    case 'bz2':
      return bzip2(input)
  }
}

async function* zstandard(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames(input)
  try {
    let frame = await frames.next()
    if (frame === undefined) throw new Error('there is no data')
    for (; frame !== undefined; frame = await frames.next()) {
      // Node 20 has no zstd.
      yield* typeof zlib.createZstdDecompress === 'function'
        ? decodeWith(zlib.createZstdDecompress(DECODER_OPTIONS), frame.pieces)
        : decodeFrame(frame)
      if (!frame.isAtEnd) throw new Error('the frame has more than its blocks')
    }
  } finally {
    frames.close()
  }
}

function webStream(input: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return?.(undefined)
    },
  })
}

/** Joins small chunks, so that whoever scans them is called seldom. */
async function* gather(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    pending.push(chunk)
    size += chunk.length
    if (size >= CHUNK) {
      yield Buffer.concat(pending, size)
      pending = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(pending, size)
}

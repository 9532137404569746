import { spawnSync } from 'node:child_process'
import { BOMB, COMPRESSED, COMPRESSED_EMPTY, FORMS } from '../../../__tests__/making/compressed.ts'
import { type Compression, decompress } from '../../../src/archive/decompress.ts'
import { DebproofError } from '../../../src/errors.ts'
import { promise, type Target } from '../target.ts'

const PROGRAMS: Readonly<Record<Exclude<Compression, 'plain'>, readonly string[]>> = {
  gz: ['gzip', '-dc'],
  xz: ['xz', '-dc', '--format=xz'],
  zst: ['zstd', '-dcq'],
  bz2: ['bzip2', '-dc'],
}

/** Bytes that are taken of what an input decompresses to. */
const TAKEN = 4 * 1024 * 1024

/** The content, `more` where there is more than is taken of it, or undefined where it is refused. */
async function content(form: Compression, bytes: Uint8Array, size: number): Promise<Buffer | 'more' | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decompress(form, pieces(bytes, size))) {
      length += chunk.length
      if (length > TAKEN) return 'more'
      chunks.push(Buffer.from(chunk))
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (!(error instanceof DebproofError)) throw error
    promise(error.code === 'COMPRESSION', `it was refused as ${error.code}`)
    return undefined
  }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export const COMPRESSION_TARGETS: readonly Target[] = FORMS.map((form) => ({
  name: `decompress-${form}`,
  promise: `what is accepted decompresses to what ${PROGRAMS[form][0]} makes of it where that takes it, however its bytes arrive`,
  seeds: () => [
    { name: 'text', bytes: COMPRESSED[form] },
    { name: 'empty', bytes: COMPRESSED_EMPTY[form] },
    // The decoder of bzip2 is slow enough for seconds to go by in a bomb.
    ...(form === 'bz2' ? [] : [{ name: 'zeros', bytes: BOMB[form] }]),
  ],
  async run(bytes: Uint8Array) {
    const whole = await content(form, bytes, Math.max(1, bytes.length))
    // In pieces a bomb may be taken where all at once it bursts; the content is never another.
    const cut = await content(form, bytes, 61)
    if (whole instanceof Buffer && cut instanceof Buffer)
      promise(whole.equals(cut), 'the content depends on how the bytes arrive')
    if (whole instanceof Buffer) promise(cut !== undefined, 'in pieces it is refused')
    return whole === undefined ? 'refused' : 'accepted'
  },
  async confirm(bytes: Uint8Array) {
    const own = await content(form, bytes, 4096)
    if (!(own instanceof Buffer)) return
    const [program = '', ...options] = PROGRAMS[form]
    const { status, error, stdout } = spawnSync(program, options, { input: bytes, maxBuffer: 2 * TAKEN })
    if (error !== undefined || (status !== 0 && status !== 2)) return
    // Its hash says whether it is what was signed; here only two readers must not read two things.
    promise(own.equals(stdout), `${program} makes ${stdout.length} bytes of it, not these ${own.length}`)
  },
  limit: 8192,
  milliseconds: 10_000,
}))

import { openInput } from './open-file.ts'
import { ANYWHERE, type Places } from './places.ts'

/**
 * Reads a whole file. It may say that it has another size than it has, and a pipe says none.
 *
 * @param limit bytes that it may have
 * @param opened where it may lie
 * @returns undefined where it has more
 * @throws as openInput does
 */
export async function readFileUpTo(
  file: string | URL,
  limit: number,
  opened: Places['open'] = ANYWHERE.open,
): Promise<Buffer | undefined> {
  const handle = await opened(file, async (place) => await openInput(place))
  try {
    const chunks: Buffer[] = []
    for (let size = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null)
      if (bytesRead === 0) return Buffer.concat(chunks, size)
      chunks.push(buffer.subarray(0, bytesRead))
      size += bytesRead
      if (size > limit) return undefined
    }
  } finally {
    await handle.close()
  }
}

const CHUNK = 64 * 1024

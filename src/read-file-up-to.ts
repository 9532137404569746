import { openInput } from './open-file.ts'

/**
 * Reads a whole file. It may say that it has another size than it has, and a pipe says none.
 *
 * @param limit bytes that it may have
 * @returns undefined where it has more
 * @throws as openInput does
 */
export async function readFileUpTo(file: string | URL, limit: number): Promise<Buffer | undefined> {
  const handle = await openInput(file)
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

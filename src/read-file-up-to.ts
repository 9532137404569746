import { open } from 'node:fs/promises'
import { refuseKernelFile } from './kernel-file.ts'
import { ANYWHERE, type Places } from './places.ts'

/**
 * Reads a whole file, of whatever kind: a pipe or a device does not say its size, and may have no end.
 *
 * @param limit bytes that it may have
 * @param opened where it may lie
 * @returns undefined where it has more
 * @throws as node:fs does, and for what the kernel makes up
 */
export async function readFileUpTo(
  file: string | URL,
  limit: number,
  opened: Places['open'] = ANYWHERE.open,
): Promise<Buffer | undefined> {
  const handle = await opened(file, async (place) => await open(place))
  try {
    // What was opened itself: somebody may have put another thing under the name since it was looked at.
    await refuseKernelFile(handle)
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

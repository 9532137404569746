import { open } from 'node:fs/promises'
import { MAX_LOG_TAIL } from '../limits.ts'

/** Lines of a log that say why a build failed, and characters of each. */
const LINES = 10
const WIDTH = 500

/** The end of a build's log, for people. A build prints what it likes: a log may be larger than the memory. */
export async function tailOfLog(log: string): Promise<string[]> {
  const file = await open(log)
  try {
    const { size } = await file.stat()
    const { bytesRead, buffer } = await file.read({
      buffer: Buffer.alloc(MAX_LOG_TAIL),
      position: Math.max(0, size - MAX_LOG_TAIL),
    })
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n')
    return lines.slice(-LINES).map((line) => `| ${line.slice(0, WIDTH)}`)
  } finally {
    await file.close()
  }
}

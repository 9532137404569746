import { MAX_OVERHEARD } from '../limits.ts'

/** What somebody's code wrote to standard output and standard error while it ran. */
export interface Overheard<T> {
  readonly result: T
  readonly text: string
}

/**
 * Runs code of a library that writes to the log what it likes, and collects that instead of showing it: there a CI takes
 * lines for commands, and a warning for each try is no help to anybody. Of very much, the beginning is kept.
 *
 * @throws whatever `action` throws
 */
export async function overhear<T>(action: () => Promise<T>): Promise<Overheard<T>> {
  const parts: string[] = []
  let size = 0
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }))
  for (const { stream } of streams) {
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
      if (size < MAX_OVERHEARD) parts.push(text.slice(0, MAX_OVERHEARD - size))
      size += text.length
      const done = rest.at(-1)
      if (typeof done === 'function') done()
      return true
    }
  }
  try {
    const result = await action()
    return { result, text: parts.join('') }
  } finally {
    for (const { stream, write } of streams) stream.write = write
  }
}

/** What was warned of in a collected text, or called an error, as GitHub's toolkit writes it. */
export function complaintIn(text: string): string | undefined {
  const [, message] = /^::(?:warning|error)(?: [^:]*)?::(.*)$/m.exec(text) ?? []
  return message?.replaceAll('%0D', '').replaceAll('%0A', ' ').replaceAll('%25', '%')
}

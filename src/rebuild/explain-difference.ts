import path from 'node:path'
import { DIFFOSCOPE_TIMEOUT } from '../limits.ts'
import { runChild } from './child.ts'

/**
 * Has diffoscope tell how two files differ. It exits with 1 where they do; what it says is for people.
 *
 * @returns the text file that it wrote, or undefined where it came to no end
 */
export async function explainDifference(
  diffoscope: string,
  original: string,
  rebuilt: string,
  options: { readonly env: Readonly<Record<string, string>>; readonly log: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const text = `${rebuilt}.diffoscope.txt`
  const ending = await runChild(diffoscope, ['--no-progress', '--text', text, original, rebuilt], {
    cwd: path.dirname(rebuilt),
    timeout: DIFFOSCOPE_TIMEOUT,
    ...options,
  })
  return ending.kind === 'exit' && ending.code === 1 ? text : undefined
}

import { execFile } from 'node:child_process'
import type { UpdateRequest } from './request.ts'

/** What a command of apt printed, whatever its exit code. */
export interface Printed {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Milliseconds for one of apt's commands. */
const LIMIT = 60_000

/** Runs one of apt's commands where the test runs it, with the test's configuration and environment. */
export async function runApt(request: UpdateRequest, command: string, args: readonly string[]): Promise<Printed> {
  const options = { cwd: request.cwd, env: request.env, timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 }
  return await new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error?.code
      resolve({ exitCode: error === null ? 0 : typeof code === 'number' ? code : 255, stdout, stderr })
    })
  })
}

/** Stanzas of `apt-get indextargets`, with lower-case names. */
export function readStanzas(text: string): ReadonlyMap<string, string>[] {
  return text
    .split(/\n\n+/)
    .filter((stanza) => stanza.trim() !== '')
    .map(
      (stanza) =>
        new Map(
          stanza.split('\n').map((line) => {
            const colon = line.indexOf(':')
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
          }),
        ),
    )
}

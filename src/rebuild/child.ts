import { spawn } from 'node:child_process'
import { type FileHandle, open } from 'node:fs/promises'
import { KILL_GRACE } from '../limits.ts'

/** How a program ended. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'absent' }

export interface ChildOptions {
  readonly cwd: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeout: number
  /** What it prints is added to this file. */
  readonly log: string
  readonly signal?: AbortSignal
}

/**
 * Runs a program to its end, in a process group of its own, with what it prints in a file. At its time limit, or
 * when it is no longer wanted, the group is asked to end (sbuild and mmdebstrap then clean up) and, after a grace,
 * killed.
 */
export async function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Ending> {
  const { cwd, env, timeout, log, signal } = options
  if (signal?.aborted === true) return { kind: 'interrupted' }
  const file = await open(log, 'a')
  try {
    return await supervise(command, args, { cwd, env, timeout, signal, file })
  } finally {
    await file.close()
  }
}

async function supervise(
  command: string,
  args: readonly string[],
  options: Pick<ChildOptions, 'cwd' | 'env' | 'timeout'> & { signal: AbortSignal | undefined; file: FileHandle },
): Promise<Ending> {
  const { cwd, env, timeout, signal, file } = options
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', file.fd, file.fd] })
  let reason: 'timeout' | 'interrupted' | undefined
  let killing: NodeJS.Timeout | undefined
  const end = (why: 'timeout' | 'interrupted') => (): void => {
    if (reason !== undefined) return
    reason = why
    killGroup(child.pid, 'SIGTERM')
    killing = setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_GRACE)
  }
  const interrupted = end('interrupted')
  const limit = setTimeout(end('timeout'), timeout)
  signal?.addEventListener('abort', interrupted)
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve({ kind: 'absent' })
        else reject(error)
      })
      child.on('close', (code, endedBy) => {
        if (reason !== undefined) resolve({ kind: reason })
        else if (endedBy !== null) resolve({ kind: 'signal', signal: endedBy })
        else resolve({ kind: 'exit', code: code ?? 0 })
      })
    })
  } finally {
    clearTimeout(limit)
    clearTimeout(killing)
    signal?.removeEventListener('abort', interrupted)
    // Whatever it left behind: it has no parent any more.
    killGroup(child.pid, 'SIGKILL')
  }
}

/** A group without a process left is no error. */
function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: all of it has ended.
  }
}

import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** A program as it is to be started. A fault of the machine changes this. */
export interface Start {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A file instead of a pipe, or a pipe that nobody reads. */
  readonly stdin?: string
  readonly stdout?: string
  readonly stderr?: string
  readonly nobodyReads?: boolean
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Milliseconds. */
  readonly took: number
  readonly isHung: boolean
  /** Milliseconds of CPU that it had used when it was sent a signal; undefined where it was sent none. */
  readonly usedWhenSignalled: number | undefined
}

export interface Running {
  readonly pid: number
  readonly signal: (signal: NodeJS.Signals) => void
  /** Called with what comes on standard error. */
  onStderr: (text: string) => void
  readonly ended: Promise<Ended>
}

/** Starts a program; one that is not over at its deadline is killed, and hung. */
export function start(options: Start, deadline: number): Running {
  const opened: number[] = []
  const stream = (file: string | undefined, flags: string): number | 'pipe' => {
    if (file === undefined) return 'pipe'
    const descriptor = openSync(file, flags)
    opened.push(descriptor)
    return descriptor
  }
  const began = performance.now()
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: [stream(options.stdin ?? '/dev/null', 'r'), stream(options.stdout, 'w'), stream(options.stderr, 'w')],
  })
  for (const descriptor of opened) closeSync(descriptor)
  const pid = child.pid ?? 0
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let isHung = false
  let used: number | undefined
  const running: Running = {
    pid,
    signal: (signal) => {
      used ??= cpuOf(pid)
      if (child.exitCode === null && child.signalCode === null && pid > 0) child.kill(signal)
    },
    onStderr: () => {},
    ended: new Promise((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr.push(chunk)
        running.onStderr(String(chunk))
      })
      if (options.nobodyReads === true) child.stdout?.destroy()
      const timer = setTimeout(() => {
        isHung = true
        // All of its group: it may have been started through another program.
        process.kill(-pid, 'SIGKILL')
      }, deadline)
      child.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        resolve({
          code,
          signal,
          stdout: String(Buffer.concat(stdout)),
          stderr: String(Buffer.concat(stderr)),
          took: performance.now() - began,
          isHung,
          usedWhenSignalled: used,
        })
      })
    }),
  }
  return running
}

/** Milliseconds of CPU of a process (proc(5)); it does not depend on what else the machine does. */
export function cpuOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return undefined
  }
}

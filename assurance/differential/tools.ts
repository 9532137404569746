import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A program, with what stands before its own arguments. */
export type Program = readonly [command: string, ...before: string[]]

export interface Finished {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs a program to its end. */
export function run(
  [command, ...before]: Program,
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args], { env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: 'pipe' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    )
    // A program may end before it has read everything.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Runs a program that must succeed, and returns what it prints, one character for each byte. */
export async function succeed(program: Program, args: readonly string[], input?: string | Uint8Array): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, input)
  if (code !== 0) throw new Error(`${[...program, ...args].join(' ').slice(0, 400)}: exit code ${code}\n${stderr}`)
  return stdout.toString('latin1')
}

/** The bytes that a program writes; it must succeed. */
export async function* outputOf(program: Program, args: readonly string[]): AsyncGenerator<Buffer> {
  const [command, ...before] = program
  const child = spawn(command, [...before, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  for await (const chunk of child.stdout) yield chunk
  const code = await ended
  if (code !== 0) throw new Error(`${[...program, ...args].join(' ')}: exit code ${code}`)
}

/** Writes what a program prints into a file. */
export async function printInto(file: string, program: Program, args: readonly string[]): Promise<void> {
  await pipeline(outputOf(program, args), createWriteStream(file))
}

/** A program of this machine, or of another Debian below `root`, run by that one's own loader and libraries. */
export function programOf(name: string, root?: string): Program | undefined {
  const file = path.join(root ?? '/', 'usr/bin', name)
  if (!existsSync(file)) return undefined
  if (root === undefined) return [file]
  const libraries = folderEntry(path.join(root, 'usr/lib'), /-linux-gnu$/)
  const loader = libraries === undefined ? undefined : folderEntry(libraries, /^ld-linux.*\.so\.\d+$/)
  return loader === undefined || libraries === undefined ? undefined : [loader, '--library-path', libraries, file]
}

function folderEntry(folder: string, pattern: RegExp): string | undefined {
  const name = readdirSync(folder).find((entry) => pattern.test(entry))
  return name === undefined ? undefined : path.join(folder, name)
}

/** Such as `gpgv 2.2.40`. */
export async function versionOf(name: string, program: Program): Promise<string> {
  const printed = await succeed(program, ['--version'])
  return `${name} ${/\d+(?:\.\d+)+/.exec(printed)?.[0] ?? ''}`.trim()
}

/** Does the work for every item, on as many at once as this machine has use for. */
export async function forEach<T>(
  items: Iterable<T>,
  parallel: number,
  work: (item: T, worker: number) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: parallel }, async (_, worker) => {
      for (let next = waiting.next(); next.done !== true; next = waiting.next()) await work(next.value, worker)
    }),
  )
}

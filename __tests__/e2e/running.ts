import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll } from 'vitest'
import reportSchema from '../../schemas/report.schema.json' with { type: 'json' }

/** The root of this repository. */
export const PROJECT = path.join(import.meta.dirname, '../..')
export const CLI = path.join(PROJECT, 'dist/cli.js')

export interface Finished {
  /** null where a signal ended it, such as that of a time limit. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** The whole environment; by default that of the tests without the tool's own variables. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** Milliseconds. */
  readonly timeout?: number
}

/** Runs a program to its end, or kills it at its time limit; other things, such as servers, go on meanwhile. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { cwd, env = cleanEnvironment(), input, timeout = 300_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout, killSignal: 'SIGKILL', stdio: 'pipe' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) }),
    )
    // A program that does not read its input may end before all of it is written.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Runs a program that must succeed; returns what it prints. */
export async function succeed(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options)
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')}: exit code ${code}\n${stdout}${stderr}`)
  return stdout
}

/** The environment of the tests, without what would change what debproof does; loopback needs no proxy. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:DEBPROOF_|INPUT_|GITHUB_)/.test(name))
  const direct = [process.env['no_proxy'], '127.0.0.1'].filter((hosts) => hosts !== undefined && hosts !== '')
  // Nothing is kept from one test for the next: below a file there can be no folder.
  return {
    ...Object.fromEntries(kept),
    XDG_CACHE_HOME: '/dev/null',
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
    no_proxy: direct.join(','),
  }
}

/** Runs the built command line. */
export function debproof(args: readonly string[], options: RunOptions & { node?: string } = {}): Promise<Finished> {
  return run(options.node ?? process.execPath, [CLI, ...args], options)
}

const endings: (() => Promise<unknown>)[] = []

/** Has something ended, the latest first, when the tests of this file are over; the file needs a scratch folder. */
export function whenOver(end: () => Promise<unknown>): void {
  endings.push(end)
}

/** A folder for this test file, removed after its tests. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'debproof-e2e-')))
  afterAll(async () => {
    for (const end of endings.reverse()) await end()
    // Never into a file system that a build mounted there.
    await succeed('rm', ['-rf', '--one-file-system', folder])
  })
  return folder
}

/** What these tests look at in report.json; all of it is checked against the published schema. */
export interface Report {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicate: {
    readonly verdict: 'pass' | 'fail' | 'undecided'
    readonly release: string | null
    readonly counts: Readonly<Record<string, number>>
    readonly packages: readonly ReportedPackage[]
    readonly archives: readonly {
      readonly name: string
      readonly unread: readonly unknown[]
      readonly unproven?: { readonly count: number; readonly files: readonly { readonly sha256: string | null }[] }
    }[]
    readonly trust: readonly { readonly of: string; readonly trusts: string }[]
    readonly otherArchives?: { readonly found: readonly { readonly files: readonly string[] }[] }
  }
}

export interface ReportedPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string | null
  readonly kind: 'binary' | 'source'
  readonly sha256: string | null
  readonly hashFrom: string | null
  readonly archive: string | null
  readonly verdict: string
  readonly reason: string
  readonly vouchedBy?: readonly string[]
}

const isReport = new Ajv({ strict: false, validateFormats: false }).compile<Report>(reportSchema)

/** Reads report.json, which must be what the published schema says. */
export async function readReport(folder: string): Promise<Report> {
  const report: unknown = JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8'))
  if (!isReport(report)) throw new Error(`report.json breaks its schema: ${JSON.stringify(isReport.errors)}`)
  return report
}

/** The counts that are not zero. */
export function countsOf(report: Report): Record<string, number> {
  return Object.fromEntries(Object.entries(report.predicate.counts).filter(([, count]) => count > 0))
}

/** The packages that are not `identical`. */
export function notIdentical(report: Report): ReportedPackage[] {
  return report.predicate.packages.filter(({ verdict }) => verdict !== 'identical')
}

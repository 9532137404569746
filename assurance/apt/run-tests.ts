import { spawn } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/** How one of apt's tests ended. */
export interface TestRun {
  readonly test: string
  readonly end: 'passed' | 'failed' | 'timeout' | 'not run'
  readonly seconds: number
}

export interface TestOptions {
  readonly source: string
  readonly helpers: string
  /** Seconds for one test. */
  readonly limit: number
  readonly jobs: number
  /** Milliseconds since 1970 after which no further test is begun. */
  readonly until: number
  /** Where the tests may write. */
  readonly work: string
  readonly onEnd: (run: TestRun) => void
}

/** The tests in which an update is run by name, or by the framework's own set-up of an archive. */
export function testsThatUpdate(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('test-'))
    .filter((name) => /\bupdate\b|\bsetupaptarchive\b/.test(readFileSync(path.join(folder, name), 'utf8')))
    .sort()
}

export async function runTests(folder: string, tests: readonly string[], options: TestOptions): Promise<TestRun[]> {
  const queue = [...tests]
  const runs: TestRun[] = []
  const worker = async (): Promise<void> => {
    for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
      const run: TestRun =
        Date.now() < options.until ? await runTest(folder, test, options) : { test, end: 'not run', seconds: 0 }
      runs.push(run)
      options.onEnd(run)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, worker))
  return runs
}

async function runTest(folder: string, test: string, options: TestOptions): Promise<TestRun> {
  // A short name: gpg's agent listens on a socket below it, whose path may have some 100 characters.
  const temporary = mkdtempSync(path.join(options.work, 't-'))
  // The framework takes no other folder, for apt's own user must write there.
  chmodSync(temporary, 0o1777)
  const started = performance.now()
  const child = spawn(path.join(folder, test), ['-q'], {
    cwd: folder,
    detached: true,
    stdio: process.env['PARITY_KEEP'] === undefined ? 'ignore' : 'inherit',
    env: { ...environment(options), TMPDIR: temporary },
  })
  const group = child.pid
  let isLate = false
  const kill = (): void => {
    try {
      if (group !== undefined) process.kill(-group, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  const timer = setTimeout(() => {
    isLate = true
    kill()
  }, options.limit * 1000)
  const code = await new Promise<number | null>((resolve) => {
    child.on('exit', resolve)
    child.on('error', () => resolve(null))
  })
  clearTimeout(timer)
  kill()
  stopServers(temporary)
  rmSync(temporary, { recursive: true, force: true })
  const seconds = (performance.now() - started) / 1000
  return { test, end: isLate ? 'timeout' : code === 0 ? 'passed' : 'failed', seconds }
}

/** Servers that a test started in the background and did not stop, as when it ran out of time. */
function stopServers(folder: string): void {
  for (const file of globSync('*/aptarchive/{aptwebserver,stunnel}.pid', { cwd: folder })) {
    const pid = Number.parseInt(readFileSync(path.join(folder, file), 'utf8'), 10)
    try {
      if (pid > 1 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server')) process.kill(pid)
    } catch {
      // It has ended.
    }
  }
}

/** As debian/tests/run-tests of apt's source sets it, for the apt that is installed. */
function environment({ source, helpers }: TestOptions): Record<string, string> {
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    MSGCOLOR: 'NO',
    APT_INTEGRATION_TESTS_SOURCE_DIR: source,
    APT_INTEGRATION_TESTS_BUILD_DIR: helpers,
    APT_INTEGRATION_TESTS_HELPERS_BIN_DIR: helpers,
    APT_INTEGRATION_TESTS_METHODS_DIR: '/usr/lib/apt/methods',
    APT_INTEGRATION_TESTS_LIBEXEC_DIR: '/usr/lib/apt/',
    APT_INTEGRATION_TESTS_INTERNAL_SOLVER: '/usr/lib/apt/solvers/apt',
    APT_INTEGRATION_TESTS_DUMP_SOLVER: '/usr/lib/apt/solvers/dump',
    APT_INTEGRATION_TESTS_INTERNAL_PLANNER: '/usr/lib/apt/planners/apt',
    APT_INTEGRATION_TESTS_FTPARCHIVE_BIN_DIR: '/usr/bin',
    APT_INTEGRATION_TESTS_CMDLINE_BIN_DIR: '/usr/bin',
    APT_INTEGRATION_TESTS_LIBRARY_PATH: '/dev/null/does/not/exist',
    APT_INTEGRATION_TESTS_ARTIFACTS_DIR: helpers,
  }
}

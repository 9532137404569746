/**
 * What it measures: whether debproof accepts anything that apt refuses. apt's own integration tests are run against
 * the installed apt; each `apt update` in them is repeated into an empty folder, and debproof judges the same sources
 * with the same keys from the same servers at the same time.
 *
 * How to run, as root, on a Debian system with deb822 or one-line sources:
 *
 *     node assurance/apt/parity.ts [--backend sqv|gpgv] [--tests NAME,…] [--source FOLDER] [--suite SUITE]…
 *                                  [--jobs N] [--limit SECONDS] [--total SECONDS] [--record FILE]
 *
 * --backend   what apt checks signatures with: gpgv sets APT::Key::GPGVCommand; default: what apt takes by itself
 * --tests     names of tests, such as test-signed-by-option; default: all in which an update is run
 * --source    apt's source, unpacked; default: fetched from the mirror of this system, of the installed version or,
 *             where the mirror lacks it, the nearest older one, which may be in a further --suite
 * --jobs      tests at once; default 2
 * --limit     seconds for one test; default 120
 * --total     seconds after which no further test is begun; those are counted as not run
 * --record    writes every comparison there, a line of JSON each
 *
 * Needs g++, libapt-pkg-dev, apt-utils, dpkg-dev, fakeroot, gnupg, curl, lsof and stunnel4, and for apt 3 sq and
 * moreutils. Prints Markdown tables. Exits with 1 where anything is looser than apt, or where nothing was compared.
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { parseArgs } from 'node:util'
import { buildWebServer, fetchAptSource, installedVersion } from './apt-source.ts'
import { hookTests } from './hook.ts'
import { Recorder } from './recorder.ts'
import { runTests, testsThatUpdate } from './run-tests.ts'
import { resultTables } from './table.ts'

const { values } = parseArgs({
  options: {
    backend: { type: 'string' },
    tests: { type: 'string' },
    source: { type: 'string' },
    suite: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '2' },
    limit: { type: 'string', default: '120' },
    total: { type: 'string', default: '86400' },
    record: { type: 'string' },
  },
})

const work = mkdtempSync(path.join(tmpdir(), 'apt-parity-'))
chmodSync(work, 0o755)
try {
  process.exitCode = await main()
} finally {
  if (process.env['PARITY_KEEP'] === undefined) rmSync(work, { recursive: true, force: true })
}

async function main(): Promise<number> {
  const source =
    values.source === undefined
      ? fetchAptSource(path.join(work, 'source'), values.suite)
      : { folder: path.resolve(values.source), version: path.basename(values.source).replace(/^apt-/, '') }
  const helpers = buildWebServer(source, path.join(work, 'helpers'))
  const config = values.backend === 'gpgv' ? ['APT::Key::GPGVCommand "/usr/bin/gpgv";'] : []
  const socket = path.join(work, 'recorder')
  // The certificate of the tests' own https server, which they have apt believe.
  const server = new X509Certificate(readFileSync(path.join(source.folder, 'test/integration/apt.pem')))
  setDefaultCACertificates([...getCACertificates(), server.toString()])
  const folder = hookTests(source.folder, path.join(work, 'hooked'), socket, config)
  const tests = values.tests?.split(',') ?? testsThatUpdate(folder)
  const recorder = new Recorder(path.join(work, 'updates'), socket)
  const runs = await runTests(folder, tests, {
    source: source.folder,
    helpers,
    work,
    limit: Number(values.limit),
    jobs: Number(values.jobs),
    until: Date.now() + Number(values.total) * 1000,
    onEnd: ({ test, end, seconds }) => console.error(`${end} ${test} ${seconds.toFixed(0)} s`),
  })
  recorder.close()
  const { comparisons, notCompared, updates } = recorder
  if (values.record !== undefined) {
    const lines = [...comparisons, ...notCompared, ...runs].map((line) => `${JSON.stringify(line)}\n`)
    writeFileSync(values.record, lines.join(''))
  }
  const backend = values.backend ?? backendOf()
  console.log(
    resultTables({ apt: installedVersion(), tests: source.version, backend, updates, comparisons, notCompared, runs }),
  )
  const looser = comparisons.filter(({ outcome }) => outcome === 'looser')
  for (const { test, what, url, aptSaid } of looser) console.error(`LOOSER ${test}: ${what} ${url}; apt: ${aptSaid}`)
  return looser.length === 0 && comparisons.length > 0 ? 0 : 1
}

/** apt 3 takes sqv where it is installed, apt 2 has gpgv alone. */
function backendOf(): string {
  try {
    execFileSync('test', ['-x', '/usr/lib/apt/methods/sqv', '-a', '-x', '/usr/bin/sqv'])
    return 'sqv'
  } catch {
    return 'gpgv'
  }
}

/**
 * Load: every package of a whole suite in one run, for one architecture (some 70 000) and for all of them (some
 * 300 000), proven identical between a project's snapshot and the suite as Debian signed it; the report derived again;
 * and the same with one package changed in the snapshot, which must be the one that fails.
 *
 *     npm run build && node assurance/load/whole-suite.ts [--suite=sid] [--scratch=FOLDER]
 *
 * The mirror is that of this machine's apt. Prints a Markdown table; ends with 1 where a verdict is wrong.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { mirrorOfThisMachine } from '../../__tests__/e2e/mirror.ts'
import { readUnsignedReport } from '../../src/report/read-report.ts'
import { makeSuite, type Suite, tamper, writeList } from './made-snapshot.ts'

const { values } = parseArgs({ options: { suite: { type: 'string', default: 'sid' }, scratch: { type: 'string' } } })
const folder = path.resolve(values.scratch ?? mkdtempSync(path.join(tmpdir(), 'debproof-load-')))
const CLI = path.join(import.meta.dirname, '../../dist/cli.js')
const wrong: string[] = []

interface Run {
  readonly code: number | null
  readonly seconds: number
  /** User and system time, which other work on the machine disturbs less. */
  readonly cpu: number
  readonly megabytes: number
  readonly firstLine: string
}

/** Runs debproof to its end under GNU time. */
function debproof(...args: string[]): Run {
  const start = performance.now()
  const record = path.join(folder, 'time')
  const run = spawnSync('/usr/bin/time', ['-q', '-f', '%M %U %S', '-o', record, process.execPath, CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  })
  const [kilobytes = 0, user = 0, system = 0] = readFileSync(record, 'utf8').trim().split(' ').map(Number)
  const [firstLine = ''] = `${run.stdout}${run.stderr}`.split('\n')
  const seconds = (performance.now() - start) / 1000
  return { code: run.status, seconds, cpu: user + system, megabytes: kilobytes / 1024, firstLine }
}

function row(what: string, { code, seconds, cpu, megabytes, firstLine }: Run, expected: number): void {
  console.log(
    `| ${what} | ${code} | ${seconds.toFixed(0)} s | ${cpu.toFixed(0)} s | ${megabytes.toFixed(0)} MiB | ${firstLine} |`,
  )
  if (code !== expected) wrong.push(`${what}: exit code ${code}`)
}

function policy(suite: string, architectures: readonly string[]): void {
  const where = (name: string): string => `url: "file:${path.join(folder, name)}"`
  writeFileSync(
    path.join(folder, 'debproof.yml'),
    [
      'version: 1',
      'packages: [{ path: used.tsv }]',
      'archives:',
      '  debian:',
      '    require: identical',
      `    ${where('snapshot')}`,
      `    suites: [${suite}]`,
      '    components: [main]',
      `    architectures: [${architectures.join(', ')}]`,
      '    signed-by: project.asc',
      '    upstream:',
      `      - { ${where('upstream')}, signed-by: debian }`,
      '',
    ].join('\n'),
  )
}

/** Verifies every package of these architectures, and derives the report again. */
async function measure(suite: Suite, architectures: readonly string[]): Promise<void> {
  const count = await writeList(folder, suite, architectures)
  policy(suite.name, architectures)
  const what = `${count} packages, ${architectures.length} architectures`
  row(`${what}: verify`, debproof('verify', '--unsigned', '--cache', 'none', '--at', suite.at), 0)
  row(`${what}: recheck`, debproof('recheck', 'debproof-report', '--unsigned'), 0)
}

try {
  const mirror = mirrorOfThisMachine().debian
  const suite = await makeSuite(folder, mirror, values.suite)
  const [first = ''] = suite.architectures
  console.log(`| ${suite.name} main | exit code | wall | cpu | peak memory | first line |\n|---|---|---|---|---|---|`)
  await measure(suite, [first])
  const changed = await tamper(folder, suite)
  row(`one of them changed (${changed}): verify`, debproof('verify', '--unsigned', '--at', suite.at), 1)
  const report = await readUnsignedReport(path.join(folder, 'debproof-report'))
  const failed = report.predicate.packages.filter(({ verdict }) => verdict !== 'identical')
  if (failed.length !== 1 || failed[0]?.name !== changed) {
    wrong.push(`failed are ${failed.map(({ name, verdict }) => `${name} (${verdict})`).join(', ') || 'none'}`)
  }
  await measure(await makeSuite(folder, mirror, values.suite), suite.architectures)
} finally {
  if (values.scratch === undefined) rmSync(folder, { recursive: true, force: true })
}
for (const line of wrong) console.error(`WRONG: ${line}`)
process.exitCode = wrong.length > 0 ? 1 : 0

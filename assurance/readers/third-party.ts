/**
 * What it measures: what odd stanzas cost those who use archives of third parties. It makes archives of 40 packages in
 * 80 versions, each with one oddity that such archives have, in a version that was used, in an older version of a
 * package that was used, or in a package that was not used; 20 packages were used, known by name and version. Each is
 * verified twice: used from the vendor itself, and from a snapshot that a project signs. No archive of anybody is
 * among them; what is odd was seen in public ones.
 *
 * How to run, on a Debian system:
 *
 *     node assurance/readers/third-party.ts CLI…
 *
 * CLI: bundles of debproof to compare, such as dist/cli.js of two commits. Prints a Markdown table: what apt reads, and of
 * each bundle the packages that pass and the verdict, from the vendor and from the snapshot.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeFiles } from '../../__tests__/making/archive-folder.ts'
import { suiteFiles } from '../../__tests__/making/served-archive.ts'
import { keyringFile, newKey, sha256Hex } from '../../__tests__/making/signed-archive.ts'
import { run } from '../differential/tools.ts'
import { ODDITIES } from './oddities.ts'

/** Those that public archives of third parties have. */
const SEEN = [
  'SHA256 in upper case',
  'SHA256 absent, MD5sum',
  'SHA256 twice, the same',
  'Version twice, the same',
  'Version twice',
  'Size absent',
  'Filename with //',
  'Depends twice',
  'Description twice',
  'a blank before the colon of Vendor',
  'a line without a colon before Description',
  'Version with an underscore',
] as const
const PLACES = { 'the used version': 20, 'an older version of it': 21, 'a package not used': 61 } as const
const USED = 20

const clis = process.argv.slice(2)
const work = mkdtempSync(path.join(tmpdir(), 'third-party-'))
try {
  await main()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const [vendor, project] = [await newKey({ name: 'Vendor' }), await newKey({ name: 'Project' })]
  writeFileSync(path.join(work, 'vendor.gpg'), keyringFile([vendor]))
  writeFileSync(path.join(work, 'project.gpg'), keyringFile([project]))
  const rows: string[][] = []
  const sums = new Map<string, number>()
  const passed = new Map<string, number>()
  for (const name of SEEN) {
    const oddity = ODDITIES.find((one) => one.name === name)
    if (oddity === undefined) throw new Error(`there is no oddity ${name}`)
    for (const [place, odd] of Object.entries(PLACES)) {
      const folder = path.join(work, `${rows.length}`)
      const stanzas = Array.from({ length: 80 }, (_, number) => stanzaOf(number))
      const index = stanzas.map((lines, at) => (at === odd ? oddity.apply(lines) : lines).join('\n')).join('\n\n')
      const indexes = { 'main/binary-amd64/Packages': `${index}\n`, 'main/binary-amd64/Packages.gz': `${index}\n` }
      for (const [who, key] of Object.entries({ vendor, project })) {
        writeFiles(
          path.join(folder, who),
          await suiteFiles(key, { indexes, fields: { Date: new Date().toUTCString() } }),
        )
      }
      const list = Array.from({ length: USED }, (_, number) => `package-${number + 1}\t2.0-1\n`)
      writeFileSync(path.join(folder, 'build.packages'), list.join(''))
      const words = [await readByApt(folder)]
      for (const cli of clis) {
        for (const way of ['vendor', 'project'] as const) {
          const { passing, verdict } = await verify(cli, folder, way)
          words.push(`${passing} ${verdict}`)
          const key = `${cli} ${way}`
          sums.set(key, (sums.get(key) ?? 0) + passing)
          passed.set(key, (passed.get(key) ?? 0) + (verdict === 'pass' ? 1 : 0))
        }
      }
      rows.push([name, place, ...words])
    }
  }
  const title = ['oddity', 'in', 'apt', ...clis.flatMap((_, at) => [`${at + 1}: vendor`, `${at + 1}: snapshot`])]
  const table = [title, title.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  const totals = [...sums].map(([key, sum]) => {
    return `${key}: ${sum} of ${USED * rows.length} packages pass, ${passed.get(key)} of ${rows.length} archives`
  })
  process.stdout.write(`${[...table, '', ...totals].join('\n')}\n`)
}

/** Versions 2.0-1 stand on even places, 1.0-1 behind each. */
function stanzaOf(number: number): string[] {
  const name = `package-${Math.floor(number / 2) + 1}`
  const version = number % 2 === 0 ? '2.0-1' : '1.0-1'
  const file = `${name}_${version}_amd64.deb`
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: amd64',
    'Maintainer: Vendor <vendor@example.org>',
    'Installed-Size: 100',
    'Depends: libc6 (>= 2.14)',
    `Filename: pool/main/${file}`,
    `Size: ${1000 + number}`,
    `MD5sum: ${sha256Hex(file).slice(0, 32)}`,
    `SHA256: ${sha256Hex(file)}`,
    'Section: utils',
    'Priority: optional',
    'Description: made',
    ' of nothing',
  ]
}

/** Whether it updates, and of how many used packages it knows the version. */
async function readByApt(folder: string): Promise<string> {
  const state = path.join(folder, 'apt')
  for (const below of ['state/lists/partial', 'cache/archives/partial', 'empty']) {
    mkdirSync(path.join(state, below), { recursive: true })
  }
  writeFileSync(path.join(state, 'status'), '')
  const signedBy = path.join(work, 'vendor.gpg')
  const source = `deb [arch=amd64 signed-by=${signedBy}] copy:${path.join(folder, 'vendor')} made main\n`
  writeFileSync(path.join(state, 'sources.list'), source)
  const options = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': path.join(state, 'empty'),
    'Dir::Etc::sourcelist': path.join(state, 'sources.list'),
    'Dir::Etc::sourceparts': path.join(state, 'empty'),
    'Dir::State': path.join(state, 'state'),
    'Dir::State::status': path.join(state, 'status'),
    'Dir::Cache': path.join(state, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  }
  writeFileSync(
    path.join(state, 'apt.conf'),
    Object.entries(options)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(''),
  )
  const program = ['env', `APT_CONFIG=${path.join(state, 'apt.conf')}`] as const
  const { code, stderr } = await run([...program, 'apt-get'], ['update', '-qq', '--error-on=any'])
  if (code !== 0) return `refuses: ${stderr.split('\n')[0]?.slice(0, 80)}`
  const { stdout } = await run([...program, 'apt-cache'], ['madison', ...names()])
  const known = names().filter((name) => new RegExp(`^ *${name} \\| +2\\.0-1 `, 'm').test(stdout.toString()))
  return `${known.length}`
}

function names(): string[] {
  return Array.from({ length: USED }, (_, number) => `package-${number + 1}`)
}

async function verify(
  cli: string,
  folder: string,
  way: 'vendor' | 'project',
): Promise<{ readonly passing: number; readonly verdict: string }> {
  const keys = { vendor: path.join(work, 'vendor.gpg'), project: path.join(work, 'project.gpg') }
  const snapshot = [`    url: "file:project"`, `    signed-by: ${keys.project}`]
  const policy = [
    'version: 1',
    'packages:',
    '  - path: build.packages',
    'archives:',
    '  vendor:',
    '    require: identical',
    '    suites: [made]',
    '    components: [main]',
    '    architectures: [amd64]',
    ...(way === 'project' ? snapshot : []),
    '    upstream:',
    '      - url: "file:vendor"',
    `        signed-by: ${keys.vendor}`,
    '',
  ]
  writeFileSync(path.join(folder, 'debproof.yml'), policy.join('\n'))
  const output = path.join(folder, `report-${way}`)
  rmSync(output, { recursive: true, force: true })
  const args = [path.resolve(cli), 'verify', '--unsigned', '--output', output]
  const { stderr } = await run(['env', '-C', folder, process.execPath], args)
  if (!existsSync(path.join(output, 'report.json'))) throw new Error(`there is no report: ${stderr}`)
  const report = JSON.parse(readFileSync(path.join(output, 'report.json'), 'utf8'))
  const { verdict, counts } = report.predicate
  return { passing: counts.identical, verdict }
}

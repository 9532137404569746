import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { PrivateKey } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseArchiveDate } from '../../src/archive/archive-date.ts'
import { closeAll } from '../making/loopback-server.ts'
import {
  block,
  clearsigned,
  keyringFile,
  newKey,
  releaseDate,
  releaseText,
  row,
  signature,
} from '../making/signed-archive.ts'
import { type MadeSnapshots, type RunFiles, serveSnapshots } from '../making/snapshot-service.ts'
import { fetchBytes, fieldOf, mirrorOfThisMachine, readMirrorIndex, sha256Of } from './mirror.ts'
import { countsOf, debproof, type Finished, readReport, run, scratchFolder } from './running.ts'

const TAILS = path.join(import.meta.dirname, '../../../shared/samples/public/tails/tails-amd64-4.19.build-manifest')
const HOUR = 3_600_000

/** A suite's files below `dists/`, signed at its date. */
async function madeSuite(
  codename: string,
  packages: string,
  key: PrivateKey,
  date: Date,
  sources = '',
): Promise<RunFiles> {
  const plain = {
    'main/binary-amd64/Packages': Buffer.from(packages),
    ...(sources === '' ? {} : { 'main/source/Sources': Buffer.from(sources) }),
  }
  const indexes = Object.fromEntries(Object.entries(plain).map(([name, text]) => [`${name}.gz`, gzipSync(text)]))
  // As archives do, it lists each index itself too, which it does not serve.
  const rows = Object.entries({ ...plain, ...indexes }).map(([name, content]) => row(name, content))
  const text = releaseText({
    Suite: undefined,
    Codename: codename,
    Date: releaseDate(date),
    SHA256: `\n${rows.join('\n')}`,
  })
  const signed = clearsigned(text, block(await signature(text, key, { date: new Date(date.getTime() + 120_000) })))
  const files = { ...indexes, InRelease: Buffer.from(signed, 'latin1') }
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`dists/${codename}/${name}`, content]))
}

async function write(folder: string, files: RunFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'number') continue
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

function timestampOf(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.000/g, '')
}

const scratch = scratchFolder()
let reportKey: string
let reportKeyring: string

beforeAll(async () => {
  const key = await newKey({ name: 'Report', created: new Date(Date.now() - HOUR) })
  reportKey = path.join(scratch, 'report-secret.asc')
  await writeFile(reportKey, key.armor())
  reportKeyring = path.join(scratch, 'report.gpg')
  await writeFile(reportKeyring, keyringFile([key]))
})

afterAll(closeAll)

describe('two past releases of real suites, of which only a snapshot service still has what Debian signed', () => {
  const mirror = mirrorOfThisMachine()
  const suites = ['bookworm-security', 'trixie-security'] as const
  const released = new Map<string, { at: Date; packages: string }>()
  let service: MadeSnapshots

  beforeAll(async () => {
    const runs: Record<string, RunFiles> = {}
    const project = await newKey({ name: 'Project', created: new Date('2020-01-01T00:00:00Z') })
    await writeFile(path.join(scratch, 'project.gpg'), keyringFile([project]))
    for (const suite of suites) {
      const inRelease = await fetchBytes(`${mirror.security}/dists/${suite}/InRelease`)
      const index = await fetchBytes(`${mirror.security}/dists/${suite}/main/binary-amd64/Packages.xz`)
      const date = parseArchiveDate(fieldOf(inRelease.toString('latin1'), 'Date') ?? '')
      if (date === undefined) throw new Error(`${suite} has no date`)
      const at = new Date(date.getTime() + HOUR)
      const seen = [2, 20].map((hours) => timestampOf(new Date(date.getTime() + hours * HOUR)))
      for (const timestamp of seen) {
        runs[timestamp] = {
          ...runs[timestamp],
          [`dists/${suite}/InRelease`]: inRelease,
          [`dists/${suite}/main/binary-amd64/Packages.xz`]: index,
        }
      }
      const stanzas = await readMirrorIndex(mirror.security, suite, 'main/binary-amd64/Packages', scratch)
      const used = stanzas.slice(0, 300).map(({ text }) => text)
      const folder = path.join(scratch, suite)
      await write(path.join(folder, 'snapshot'), await madeSuite(suite, `${used.join('\n\n')}\n`, project, at))
      const packages = used.map((text) => `${fieldOf(text, 'Package')}\t${fieldOf(text, 'Version')}\n`).join('')
      await writeFile(path.join(folder, 'build.packages'), packages)
      released.set(suite, { at: new Date(at.getTime() + HOUR), packages })
    }
    service = await serveSnapshots({ runs })
    for (const suite of suites) {
      await writeFile(
        path.join(scratch, suite, 'debproof.yml'),
        `version: 1
packages: [{ path: build.packages }]
archives:
  security:
    require: identical
    url: "file:snapshot"
    suites: [${suite}]
    architectures: [amd64]
    signed-by: ../project.gpg
    upstream:
      - { snapshots: "${service.base.href}", archive: made, signed-by: debian }
`,
      )
    }
  })

  async function verify(suite: (typeof suites)[number], words: readonly string[] = []): Promise<Finished> {
    const at = released.get(suite)?.at.toISOString().replace('.000', '') ?? ''
    const folder = path.join(scratch, suite)
    const output = path.join(folder, 'report')
    const policy = path.join(folder, 'debproof.yml')
    return await debproof([
      'verify',
      '--policy',
      policy,
      '--at',
      at,
      '--signing-key',
      reportKey,
      '--output',
      output,
      ...words,
    ])
  }

  /** What both checkers say on a machine without a network. */
  async function both(folder: string): Promise<readonly [recheck: Finished, script: Finished]> {
    const alone = ['-n', '--']
    const cli = path.join(import.meta.dirname, '../../dist/cli.js')
    return [
      await run('unshare', [...alone, process.execPath, cli, 'recheck', folder, '--signed-by', reportKeyring]),
      await run('unshare', [...alone, 'sh', path.join(folder, 'recheck.sh'), reportKeyring, folder]),
    ]
  }

  it.each(suites)('%s passes, politely, and both checkers agree without a network', async (suite) => {
    const started = service.starts.length
    const { code, stderr, stdout } = await verify(suite, ['--cache', path.join(scratch, 'cache')])
    expect([code, stdout.split('\n')[0]], stderr).toEqual([0, expect.stringMatching(/^PASS: \d+ packages proven/)])
    const report = await readReport(path.join(scratch, suite, 'report'))
    expect(Object.keys(countsOf(report)).sort()).toEqual(['identical', 'total'])
    const starts = service.starts.slice(started)
    // The client waits from the start of one request to that of the next; each is seen here when it arrives.
    const passed = (starts.at(-1) ?? 0) - (starts[0] ?? 0)
    expect([starts.length > 1, passed / (starts.length - 1) > 1400]).toEqual([true, true])
    for (const { code: agreed, stdout: said, stderr: failed } of await both(path.join(scratch, suite, 'report'))) {
      expect([agreed, said.split('\n')[0]], `${said}${failed}`).toEqual([
        0,
        expect.stringMatching(/^AGREED: all 300 verdicts .*pass/i),
      ])
    }
  })

  it('a second run of one release asks the service for nothing that never changes', async () => {
    const asked = service.files().length
    expect((await verify(suites[0], ['--cache', path.join(scratch, 'cache')])).code).toBe(0)
    expect(service.files().length).toBe(asked)
    const offline = await verify(suites[0], ['--cache', path.join(scratch, 'cache'), '--offline'])
    expect(offline.code, offline.stdout).not.toBe(1)
  })

  it('is undecided where the service is away and nothing is kept', async () => {
    const folder = path.join(scratch, suites[0])
    const policy = await readFile(path.join(folder, 'debproof.yml'), 'utf8')
    const away = policy.replace(service.base.href, 'http://127.0.0.1:9/')
    await writeFile(path.join(folder, 'debproof-away.yml'), away)
    const at = released.get(suites[0])?.at.toISOString().replace('.000', '') ?? ''
    const words = ['--policy', path.join(folder, 'debproof-away.yml'), '--at', at, '--unsigned', '--offline']
    const { code } = await debproof(['verify', ...words, '--output', path.join(folder, 'away')])
    expect(code).toBe(3)
  })

  it('tampered with in ten ways is refused by both checkers, and each way is named', async () => {
    const original = path.join(scratch, suites[1], 'report')
    const content = (folder: string): string => path.join(folder, 'evidence/sha256')
    const fileOf = async (folder: string, test: (bytes: Buffer) => boolean): Promise<string> => {
      for (const name of await readdir(content(folder))) {
        const file = path.join(content(folder), name)
        if (test(await readFile(file))) return file
      }
      throw new Error('there is no such evidence')
    }
    const isInRelease = (bytes: Buffer): boolean => bytes.includes('-----BEGIN PGP SIGNED MESSAGE-----')
    const isDebians = (bytes: Buffer): boolean => isInRelease(bytes) && bytes.includes('Origin: Debian')
    const isIndex = (bytes: Buffer): boolean => bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))
    const edit = async (file: string, change: (text: string) => string): Promise<void> => {
      const before = await readFile(file, 'latin1')
      const after = change(before)
      expect(after).not.toBe(before)
      await writeFile(file, after, 'latin1')
    }
    const report = (folder: string): string => path.join(folder, 'report.json')
    const ways: readonly (readonly [way: string, tamper: (folder: string) => Promise<void>, named: RegExp])[] = [
      ['a verdict', (f) => edit(report(f), (text) => text.replace('"identical"', '"reproduced"')), /report\.json/],
      [
        'a hash',
        (f) => edit(report(f), (text) => text.replace(/"sha256": "[0-9a-f]{4}/, '"sha256": "0000')),
        /report\.json/,
      ],
      [
        'a package left out',
        (f) => edit(report(f), (text) => text.replace(/ {3}\{\n {4}"name"[^}]*\},\n/, '')),
        /report\.json/,
      ],
      ['the signature', (f) => edit(`${report(f)}.asc`, (text) => text.replace(/^w/m, 'x')), /report\.json/],
      ['no signature', (f) => rm(`${report(f)}.asc`), /report\.json/],
      ['the index of evidence', (f) => edit(path.join(f, 'evidence/index.json'), (text) => `${text} `), /index\.json/],
      [
        'a release file',
        async (f) => await edit(await fileOf(f, isDebians), (text) => text.replace('Origin: Debian', 'Origin: Debiam')),
        /[0-9a-f]{64}/,
      ],
      [
        'an index',
        async (f) => {
          const file = await fileOf(f, isIndex)
          await writeFile(
            file,
            gzipSync(
              gunzipSync(await readFile(file))
                .toString('latin1')
                .replace('Version: ', 'Version: 9'),
            ),
          )
        },
        /[0-9a-f]{64}/,
      ],
      ['an index removed', async (f) => await rm(await fileOf(f, isIndex)), /[0-9a-f]{64}/],
      [
        'a release file under another name',
        async (f) => await rename(await fileOf(f, isDebians), path.join(content(f), '0'.repeat(64))),
        /[0-9a-f]{64}/,
      ],
    ]
    expect(ways).toHaveLength(10)
    for (const [way, tamper, named] of ways) {
      const folder = path.join(scratch, 'tampered')
      await cp(original, folder, { recursive: true })
      await tamper(folder)
      for (const { code, stdout, stderr } of await both(folder)) {
        expect([way, code, named.test(stdout + stderr)], stdout + stderr).toEqual([way, 1, true])
      }
      await rm(folder, { recursive: true })
    }
  })
})

describe.skipIf(!existsSync(TAILS))('Tails 4.19, by its own manifest (skipped without the published samples)', () => {
  const folder = path.join(scratch, 'tails')

  interface Used {
    readonly name: string
    readonly version: string
    readonly architecture: string
  }

  const stanza = ({ name, version, architecture }: Used, content = 'as it was'): string =>
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: pool/main/${name}.deb\nSize: 1\n` +
    `SHA256: ${sha256Of(Buffer.from(`${name} ${version} ${architecture} ${content}`))}\n`

  const isOwn = ({ version }: Used): boolean => /tails\d+$/.test(version)
  const isTor = ({ name }: Used): boolean => name === 'tor' || name === 'tor-geoipdb'
  const isSecurity = ({ version }: Used): boolean => /\+deb10u\d+$/.test(version)

  beforeAll(async () => {
    const listed = await debproof(['packages', TAILS, '--json'])
    const { packages } = JSON.parse(listed.stdout) as { packages: (Used & { kind: string })[] }
    const used = packages.filter(({ kind }) => kind === 'binary')
    expect(used).toHaveLength(1822)
    const created = new Date('2019-01-01T00:00:00Z')
    const [debian, tor, project] = await Promise.all(
      ['Debian', 'Tor', 'Tails'].map((name) => newKey({ name, created })),
    )
    if (debian === undefined || tor === undefined || project === undefined) throw new Error('there are three keys')
    for (const [name, key] of Object.entries({ debian, tor, project })) {
      await mkdir(path.join(folder, 'keys'), { recursive: true })
      await writeFile(path.join(folder, 'keys', `${name}.gpg`), keyringFile([key]))
    }
    const day = (text: string): Date => new Date(`${text}Z`)
    const source = `Package: torbrowser-launcher\nVersion: 0.3.3-3\nDirectory: pool\nChecksums-Sha256:\n ${'a'.repeat(64)} 1 t.dsc\n`
    // What was there before is missing in later runs, as in an archive that moves on; one run is half-written.
    const others = used.filter((item) => !isOwn(item) && !isTor(item) && !isSecurity(item))
    const early = others.filter((_, index) => index % 10 === 0)
    const late = others.filter((_, index) => index % 10 !== 0)
    const suite = async (list: readonly Used[], date: Date): Promise<RunFiles> =>
      await madeSuite('buster', list.map((item) => stanza(item)).join('\n'), debian, date, source)
    const main = await serveSnapshots({
      runs: {
        '20210329T090000Z': await suite([...early, ...late.slice(50)], day('2021-03-29T08:00:00')),
        '20210331T090000Z': await suite(late, day('2021-03-31T08:00:00')),
        '20210331T150000Z': {
          ...(await suite(late, day('2021-03-31T14:00:00'))),
          'dists/buster/main/source/Sources.gz': 404,
        },
      },
    })
    const security = await serveSnapshots({
      runs: {
        '20210531T120000Z': await madeSuite(
          'buster',
          used
            .filter(isSecurity)
            .map((item) => stanza(item))
            .join('\n'),
          debian,
          day('2021-05-31T10:00:00'),
        ).then((files) =>
          Object.fromEntries(
            Object.entries(files).map(([name, content]) => [name.replace('buster', 'buster/updates'), content]),
          ),
        ),
      },
    })
    const served = async (name: string, list: readonly Used[], key: PrivateKey, more = ''): Promise<void> => {
      const text = list.map((item) => stanza(item)).join('\n')
      await write(path.join(folder, name), await madeSuite('buster', text, key, day('2021-05-31T12:00:00'), more))
    }
    await served(
      'debian',
      used.filter((item) => !isOwn(item) && !isTor(item) && !isSecurity(item)),
      project,
      source,
    )
    await served('debian-security', used.filter(isSecurity), project)
    await served('torproject', used.filter(isTor), project)
    await served('tor-upstream', used.filter(isTor), tor)
    await served('own', used.filter(isOwn), project)
    const archive = (name: string, reference: string, suites: string, url: string): string => `
  ${name}:
    require: identical
    url: "file:${name}"
    suites: [buster]
    architectures: [amd64]
    signed-by: keys/project.gpg
    upstream:
      - { snapshots: "${url}", archive: made, at: "\${reference:${reference}}", suites: ["${suites}"], signed-by: keys/debian.gpg }
`
    await writeFile(
      path.join(folder, 'debproof.yml'),
      `version: 1
at: 2021-06-01
packages: [{ path: "${TAILS}" }]
archives:${archive('debian', 'debian', 'buster', main.base.href)}${archive('debian-security', 'debian-security', 'buster/updates', security.base.href)}
  torproject:
    require: identical
    url: "file:torproject"
    suites: [buster]
    architectures: [amd64]
    signed-by: keys/project.gpg
    upstream: [{ url: "file:tor-upstream", signed-by: keys/tor.gpg }]
  own:
    require: reproduced
    url: "file:own"
    suites: [buster]
    architectures: [amd64]
    signed-by: keys/project.gpg
`,
    )
  })

  it('comes to the counts that its packages have', async () => {
    const words = ['--policy', path.join(folder, 'debproof.yml'), '--signing-key', reportKey]
    const { code, stdout, stderr } = await debproof(['verify', ...words, '--output', path.join(folder, 'report')])
    const report = await readReport(path.join(folder, 'report'))
    expect([code, countsOf(report)], stdout + stderr).toEqual([1, { total: 1823, identical: 1796, unproven: 27 }])
    const own = report.predicate.packages.filter(({ verdict }) => verdict === 'unproven')
    expect(new Set(own.map(({ archive }) => archive))).toEqual(new Set(['own']))
    const again = await debproof(['recheck', path.join(folder, 'report'), '--signed-by', reportKeyring])
    expect(again.stdout).toMatch(/^AGREED: all 1823 verdicts follow from the evidence\. The report says: FAIL/)
  })

  it('cannot be verified at a time when its keys were not yet made', async () => {
    const words = ['--policy', path.join(folder, 'debproof.yml'), '--unsigned', '--at', '2018-06-01T00:00:00Z']
    const { code, stdout } = await debproof(['verify', ...words, '--output', path.join(folder, 'early')])
    expect([code, stdout.split('\n')[0]]).toEqual([3, expect.stringMatching(/^UNDECIDED/)])
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { createMessage, enums, type PrivateKey, reformatKey, revokeKey, sign } from 'openpgp'
import { afterEach, describe, expect, it } from 'vitest'
import { listName } from '../../src/archive/apt-lists.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { recheckCommand } from '../../src/commands/recheck.ts'
import { isDebproofError } from '../../src/errors.ts'
import { parseIndex, type RunIndex, serializeIndex } from '../../src/evidence/bundle-index.ts'
import { writeChecker } from '../../src/evidence/write-checker.ts'
import { countVerdicts } from '../../src/judge/combine.ts'
import { recheck } from '../../src/recheck.ts'
import type { Report, ReportedPackage } from '../../src/report/report-schema.ts'
import { readSigningKey } from '../../src/report/sign.ts'
import { serializeReport } from '../../src/report/statement.ts'
import { canonicalOlpc } from '../../src/reproduced/canonical-json.ts'
import { call } from '../commands/cli.ts'
import { archiveFiles, deb, type MadeSource, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { debFileName, newRebuilder } from '../making/rebuilder.ts'
import { suiteFiles, suiteText } from '../making/served-archive.ts'
import { AT, block, DAY, keyringFile, newKey, once, row, sha256Hex, signature } from '../making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  snapshotSite,
} from '../making/site.ts'
import { FINE, mergeParts, mixedSite, readReport, runParts, useDebs, wholeKey } from '../parts/made-parts.ts'
import { jsonOf, link, signedLink, signerOf } from '../reproduced/signed-metablocks.ts'

const SCRIPT = path.join(import.meta.dirname, '../../recheck/recheck.sh')

const isThere = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const missing = ['gpgv', 'xz', 'gzip', 'awk', 'sha256sum'].filter((command) => !isThere(command))

afterEach(removeSites)

const reportKey = once(() => newKey({ name: 'Report' }))
const alpha = once(() => newRebuilder('Alpha'))
const beta = once(() => newRebuilder('Beta'))
const gamma = once(() => newKey({ name: 'Gamma' }))

/** A report with evidence in its output folder, and what can be done to both. */
interface Made {
  readonly folder: string
  readonly site: Site
  readonly report: Report
}

async function verified(site: Site): Promise<Made> {
  const armored = (await reportKey()).armor()
  const { report } = await runSite(site, { signing: { armored, source: 'the test' } })
  const folder = path.join(site.folder, 'report')
  await writeChecker(folder)
  writeFileSync(path.join(site.folder, 'report.gpg'), keyringFile([await reportKey()]))
  return { folder, site, report }
}

/** What the shells that are here make of the script; all of them the same. */
function checked({ folder, site }: Made): { status: number | null; text: string } {
  const results = shells(site).map(([shell, ...args]) => {
    const command = [...args, path.join(folder, 'recheck.sh'), path.join(site.folder, 'report.gpg')]
    const env = { ...process.env, PATH: `${path.join(site.folder, 'bin')}:${process.env['PATH'] ?? ''}` }
    const { status, stdout, stderr } = spawnSync(shell ?? 'sh', command, { timeout: 60_000, encoding: 'utf8', env })
    return { status, text: `${stdout}${stderr}` }
  })
  const [first, ...others] = results
  if (first === undefined) throw new Error('there is no shell')
  // Awks walk through their tables in orders of their own.
  const sorted = ({ text }: { text: string }): string => text.split('\n').sort().join('\n')
  for (const other of others) expect([other.status, sorted(other)]).toEqual([first.status, sorted(first)])
  return first
}

function shells(site: Site): string[][] {
  if (!isThere('busybox')) return [['sh']]
  const bin = path.join(site.folder, 'bin')
  if (!existsSync(bin)) {
    mkdirSync(bin)
    const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
    for (const name of ['awk', 'gzip', 'sha256sum', 'base64', 'cat', 'rm', 'mkdir'])
      symlinkSync(busybox, path.join(bin, name))
  }
  return [
    ['env', `PATH=${process.env['PATH'] ?? ''}`, 'sh'],
    ['busybox', 'sh'],
  ]
}

/** What `recheck` makes of it: 0, or 1 with why. */
async function rechecked({ folder }: Made, signer = reportKey): Promise<{ status: number; text: string }> {
  const keyring = new Keyring(await readCertificates(keyringFile([await signer()]), 'report.gpg'), [])
  try {
    const { problems, report } = await recheck({ folder, keyring, now: new Date(), progress: () => {} })
    const status = problems.length === 0 && report.predicate.verdict === 'pass' ? 0 : 1
    return { status, text: problems.join('\n') }
  } catch (error) {
    if (!isDebproofError(error)) throw error
    return { status: 1, text: String(error) }
  }
}

/** Both refuse it, and the script says why. */
async function expectRefused(made: Made, why: RegExp): Promise<void> {
  const script = checked(made)
  expect(script.text).toMatch(why)
  expect([script.status, script.text.slice(0, 8)]).toEqual([1, 'REFUSED:'])
  expect(await rechecked(made)).toMatchObject({ status: 1 })
}

async function expectAgreed(made: Made): Promise<string> {
  const script = checked(made)
  expect([script.text, script.status]).toEqual([expect.stringMatching(/^AGREED: /), 0])
  expect(await rechecked(made)).toEqual({ status: 0, text: '' })
  return script.text
}

type Predicate = Report['predicate']

/** Whoever holds the key of the report says something else. */
async function resign(made: Made, change: (predicate: Predicate) => void): Promise<void> {
  const report = structuredClone(made.report)
  change(report.predicate)
  const bytes = serializeReport(report)
  writeFileSync(path.join(made.folder, 'report.json'), bytes)
  const key = await readSigningKey((await reportKey()).armor(), undefined, 'the test')
  writeFileSync(path.join(made.folder, 'report.json.asc'), await key.sign(bytes))
}

async function signBytes({ folder }: Made, bytes: Uint8Array): Promise<void> {
  const key = await readSigningKey((await reportKey()).armor(), undefined, 'the test')
  writeFileSync(path.join(folder, 'report.json'), bytes)
  writeFileSync(path.join(folder, 'report.json.asc'), await key.sign(bytes))
}

/** Only recheck sees it: the script says in its header that it does not look there. */
async function expectOnlyRecheckRefuses(made: Made, why: RegExp, unchecked: RegExp): Promise<string> {
  const header = readFileSync(SCRIPT, 'utf8').split('shellcheck')[0]?.replaceAll('\n# ', ' ') ?? ''
  expect(/It does NOT check.*/.exec(header)?.[0]).toMatch(unchecked)
  const { status, text } = await rechecked(made)
  expect([status, text]).toEqual([1, expect.stringMatching(why)])
  const script = checked(made)
  expect([script.text, script.status]).toEqual([expect.stringMatching(/^AGREED: /), 0])
  return script.text
}

/** The same, who also changes the index of the evidence. */
async function reindex(
  made: Made,
  change: (index: RunIndex) => void,
  changeReport: (predicate: Predicate) => void = () => {},
): Promise<void> {
  const file = path.join(made.folder, 'evidence/index.json')
  const index = parseIndex(readFileSync(file), file)
  if ('parts' in index) throw new Error('it is merged')
  change(index)
  const bytes = serializeIndex(index)
  writeFileSync(file, bytes)
  await resign(made, (predicate) => {
    if (predicate.bundle) predicate.bundle.index = `sha256:${sha256Hex(bytes)}`
    changeReport(predicate)
  })
}

function packageIn(predicate: Predicate, name: string): ReportedPackage {
  const found = predicate.packages.find((item) => item.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

function recount(predicate: Predicate): void {
  predicate.counts = countVerdicts(predicate.packages)
  const failing = predicate.packages.some(({ verdict }) => !['identical', 'reproduced', 'excepted'].includes(verdict))
  predicate.verdict = failing ? 'fail' : 'pass'
}

function evidenceFile({ folder, report }: Made, kind: string, urlEnd: string): string {
  const [name] = Object.entries(report.predicate.evidence).find(
    ([, file]) => file.kind === kind && file.url.endsWith(urlEnd),
  ) ?? ['']
  return path.join(folder, 'evidence/sha256', name.slice('sha256:'.length))
}

const SHELL = deb('shell', { version: '5.2-1' })
const LIBRARY = deb('library', { version: '2:2.0~rc1+b1-1' })
const DATA = deb('data', { version: '1.0+dfsg-1', architecture: 'all' })
const DEBS = [SHELL, LIBRARY, DATA]
const EVIL = deb('library', { version: '2:2.0~rc1+b1-1', content: 'evil' })
const DSC = 'Format: 3.0 (native)\nSource: library\n'
const SOURCE: MadeSource = { name: 'library', version: '2:2.0~rc1-1', files: { 'library_2.0~rc1-1.dsc': DSC } }

const PARTIES = [
  'alpha: { buildinfo: "file:alpha/", signed-by: keys/alpha.asc }',
  'beta: { sha256sums: "file:beta/", dsse: "file:beta/", signed-by: keys/beta.asc, public-key: keys/beta.pub }',
  'gamma: { in-toto: "file:gamma/", signed-by: keys/gamma.asc }',
].join(', ')

const TOOL = deb('tool', { version: '1:2.0-1' })
const OTHER_TOOL = deb('tool', { version: '1:2.0-1', content: 'other' })

/** An archive of the project's own, and what its rebuilders publish. */
async function ownSite(
  published: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>,
  threshold = 2,
): Promise<Site> {
  const site = await newSite()
  await site.archive('own', { key: await projectKey(), debs: [TOOL] })
  const rebuilders = `rebuilders: { threshold: ${threshold}, parties: { ${PARTIES} } }`
  const policy = { name: 'own', require: 'reproduced', url: 'file:own', upstream: null, more: rebuilders }
  site.put({
    'debproof.yml': policyText([archivePolicy(policy)]),
    'build.packages': listText([TOOL]),
    'keys/alpha.asc': (await alpha()).certificate,
    'keys/beta.asc': (await beta()).certificate,
    'keys/beta.pub': (await beta()).publicKey,
    'keys/gamma.asc': (await gamma()).toPublic().armor(),
  })
  for (const name of ['alpha', 'beta', 'gamma']) {
    const files = { '.keep': '', ...published[name] }
    site.put(Object.fromEntries(Object.entries(files).map(([file, text]) => [path.join(name, file), text])))
  }
  return site
}

const buildinfo = async (made = TOOL) => await (await alpha()).buildinfo('tool', [made])
const sums = async (made = TOOL) => await (await beta()).sums([made])
const inToto = async (made = TOOL, fields: Readonly<Record<string, unknown>> = {}) => {
  const signed = link({ [`out/${debFileName(made)}`]: { sha256: made.sha256 } }, fields)
  return { 'rebuild.link': signedLink(signerOf(await gamma()), signed) }
}

it('the tools are there in CI', () => {
  if (process.env['CI'] !== undefined) expect(missing).toEqual([])
})

it('the script is short, and calls nothing but what it says', () => {
  const text = readFileSync(SCRIPT, 'utf8')
  const lines = text.trimEnd().split('\n')
  expect(lines.length).toBeLessThan(200)
  expect(lines.filter((line) => line.length > 120)).toEqual([])
  const code = text.replaceAll(/^\s*#.*$/gm, '')
  const foreign =
    /(?:^|[|;&({]|\b(?:then|do|else)\b)\s*(?:command\s+)?(sed|grep|python3?|perl|jq|gpg|openssl|sort|uniq|cut|tr|find|head|tail|curl|wget|node|eval|exec|xargs|mktemp|od|wc|date|expr|env|bash)\b(?=\s)/m
  const outside = code.replaceAll(/'[^']*'/g, "''")
  expect(foreign.exec(outside)).toBeNull()
  expect(/\bsystem\s*\(|\| *getline|gensub|strftime|mktime|PROCINFO|asort|tolower\(\)|\beval\b/.exec(code)).toBeNull()
})

describe.skipIf(missing.length > 0)(`recheck.sh (skipped where a tool is missing: ${missing.join(', ')})`, () => {
  it('is written beside the report, for everybody to run', async () => {
    const made = await verified(await snapshotSite(DEBS))
    expect(statSync(path.join(made.folder, 'recheck.sh')).mode & 0o777).toBe(0o755)
    expect(readFileSync(path.join(made.folder, 'recheck.sh'))).toEqual(readFileSync(SCRIPT))
  })

  it('blames the report for no tool that is missing', async () => {
    const made = await verified(await snapshotSite(DEBS))
    for (const tool of ['gpgv', 'sha256sum', 'xz', 'gzip', 'base64', 'awk']) {
      const bin = path.join(made.site.folder, `without-${tool}`)
      mkdirSync(bin)
      for (const name of ['gpgv', 'sha256sum', 'xz', 'gzip', 'base64', 'awk', 'cat', 'mkdir', 'rm', 'sh']) {
        const where = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
        if (name !== tool) symlinkSync(where, path.join(bin, name))
      }
      const args = [path.join(made.folder, 'recheck.sh'), '/dev/null']
      const { status, stderr } = spawnSync('/bin/sh', args, { env: { PATH: bin }, encoding: 'utf8' })
      expect([status, stderr.split('\n')[0]]).toEqual([2, `recheck.sh: ${tool} is not installed.`])
    }
  })

  it('says that nobody signed the report where that is so', async () => {
    const made = await verified(await snapshotSite(DEBS))
    rmSync(path.join(made.folder, 'report.json.asc'))
    expect(checked(made)).toMatchObject({
      status: 1,
      text: expect.stringMatching(/^REFUSED: nobody signed the report/),
    })
  })

  describe('agrees with recheck that all is proven', () => {
    it('over InRelease and gz: epochs, tildes, pluses, packages for all', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const text = await expectAgreed(made)
      expect(text).toContain((await upstreamKey()).getFingerprint().toUpperCase())
      expect(text).toContain(`sha256:${made.report.predicate.policy.sha256}`)
    })

    it('over a list of file names, which leave out the epochs', async () => {
      const site = await snapshotSite(DEBS)
      site.put({ 'build.packages': DEBS.map((one) => `${one.sha256}  ${debFileName(one)}\n`).join('') })
      const made = await verified(site)
      expect(made.report.predicate.packages.some(({ version }) => version.includes(':'))).toBe(false)
      await expectAgreed(made)
    })

    it('over plain indexes', async () => {
      const site = await snapshotSite(DEBS)
      for (const name of ['snapshot', 'upstream']) {
        rmSync(path.join(site.folder, name, 'dists/made/main/binary-amd64/Packages.gz'))
      }
      await expectAgreed(await verified(site))
    })

    it('over xz, and Release with Release.gpg beside it', async () => {
      const site = await snapshotSite(DEBS)
      const dists = path.join(site.folder, 'upstream/dists/made')
      const plain = readFileSync(path.join(dists, 'main/binary-amd64/Packages'))
      rmSync(dists, { recursive: true })
      const indexes = { 'main/binary-amd64/Packages.xz': execFileSync('xz', ['-c'], { input: plain }) }
      const listed = [row('main/binary-amd64/Packages', plain)]
      const files = await suiteFiles(await upstreamKey(), { indexes, listed })
      const text = suiteText({ indexes, listed })
      site.put(Object.fromEntries(Object.entries(files).map(([name, content]) => [`upstream/${name}`, content])))
      rmSync(path.join(dists, 'InRelease'))
      site.put({
        'upstream/dists/made/Release': text,
        'upstream/dists/made/Release.gpg': block(await signature(text, await upstreamKey())),
      })
      const made = await verified(site)
      expect(Object.values(made.report.predicate.evidence).map(({ kind }) => kind)).toContain('release-signature')
      await expectAgreed(made)
    })

    it.each<[string, (text: string) => string]>([
      ['line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
      ['an empty first line', (text) => `\n${text}`],
      ['a blank before each colon', (text) => text.replaceAll(/^([A-Za-z0-9]+):/gm, '$1 :')],
    ])('over a release file with %s, as apt takes it', async (_, written) => {
      const site = await snapshotSite(DEBS)
      const dists = path.join(site.folder, 'upstream/dists/made')
      const plain = readFileSync(path.join(dists, 'main/binary-amd64/Packages'))
      const indexes = { 'main/binary-amd64/Packages': plain }
      const text = written(suiteText({ indexes, listed: [row('main/binary-amd64/Packages', plain)] }))
      rmSync(path.join(dists, 'InRelease'))
      site.put({
        'upstream/dists/made/Release': text,
        'upstream/dists/made/Release.gpg': block(await signature(text, await upstreamKey())),
      })
      await expectAgreed(await verified(site))
    })

    it('where the project serves a copy, byte for byte, with the upstream’s own signature', async () => {
      const site = await newSite()
      for (const folder of ['snapshot', 'upstream'])
        await site.archive(folder, { key: await upstreamKey(), debs: DEBS })
      cpSync(path.join(site.folder, 'upstream'), path.join(site.folder, 'snapshot'), { recursive: true })
      const policy = policyText().replace('signed-by: keys/project.gpg', 'signed-by: keys/upstream.asc')
      site.put({ 'debproof.yml': policy, 'build.packages': listText(DEBS) })
      await expectAgreed(await verified(site))
    })

    it('of source packages, named by a build manifest', async () => {
      const site = await newSite()
      await site.archive('snapshot', { key: await projectKey(), debs: DEBS, sources: [SOURCE] })
      await site.archive('upstream', { key: await upstreamKey(), debs: DEBS, sources: [SOURCE] })
      const binary = DEBS.map(
        (one) => `  - arch: ${one.architecture}\n    package: ${one.name}\n    version: ${one.version}\n`,
      )
      const source = `  - package: ${SOURCE.name}\n    version: ${SOURCE.version}\n`
      site.put({
        'debproof.yml': policyText(),
        'build.packages': `packages:\n  binary:\n${binary.join('')}  source:\n${source}`,
      })
      const made = await verified(site)
      expect(made.report.predicate.counts.identical).toBe(4)
      await expectAgreed(made)
    })

    it('of what rebuilders say in a .buildinfo and in sums', async () => {
      await expectAgreed(await verified(await ownSite({ alpha: await buildinfo(), beta: await sums() })))
    })

    it('or not checked, of what a rebuilder says in a link of in-toto, which gpgv cannot read', async () => {
      const materials = { 'in/tool_2.0-1_amd64.deb': { sha256: OTHER_TOOL.sha256 } }
      const fields = {
        materials,
        byproducts: { stdout: '"}}, "products": {"tool_2.0-1_amd64.deb": {"sha256": "00"}}\\' },
      }
      const made = await verified(await ownSite({ alpha: await buildinfo(), gamma: await inToto(TOOL, fields) }))
      const { status, text } = checked(made)
      expect([status, text]).toEqual([3, expect.stringContaining('NOT CHECKED: tool 1:2.0-1 amd64: reproduced: needs')])
      expect(await rechecked(made)).toEqual({ status: 0, text: '' })
    })
  })

  it('says that it does not check lists that apt kept, and takes a key that has expired since', async () => {
    const site = await newSite()
    const upstream = await newKey({ name: 'Upstream', expiresAfter: 366 * DAY })
    await site.archive('upstream', { key: upstream, debs: DEBS })
    const seen = await archiveFiles({ key: await projectKey(), debs: DEBS })
    const start = listName(new URL('http://tagged.example/debian/'), 'made')
    const packed = gzipSync(seen['dists/made/main/binary-amd64/Packages'] ?? '', { level: 1 })
    const policy = { url: 'http://tagged.example/debian', upstream: 'file:upstream', more: 'apt-lists: lists' }
    site.put({
      [`lists/${start}InRelease`]: seen['dists/made/InRelease'] ?? '',
      [`lists/${start}main_binary-amd64_Packages.gz`]: packed,
      'debproof.yml': policyText([archivePolicy(policy)]),
      'build.packages': listText(DEBS),
      'keys/upstream.asc': upstream.toPublic().armor(),
    })
    const made = await verified(site)
    expect(packageIn(made.report.predicate, 'shell').hashFrom).toBe('apt-lists')
    expect(checked(made)).toEqual({
      status: 3,
      text: expect.stringMatching(/^UNDECIDED: .*\n(?:.*\n)* {2}NOT CHECKED: shell 5\.2-1 amd64: that apt was given/),
    })
    expect(await rechecked(made)).toEqual({ status: 0, text: '' })
    // The clock is what a signer says; by a later one the key had expired.
    await resign(made, (predicate) => {
      predicate.at = new Date(AT.getTime() + 3 * DAY * 1000).toISOString().replace('.000', '')
    })
    await expectRefused(made, /the evidence has another at than the report/)
  })

  it('finds nothing wrong with a merged report of every verdict, and says what it takes on trust', async () => {
    const site = await mixedSite()
    await expectMerged(site, /^FAIL: nothing is wrong/, 1)
    useDebs(site, FINE)
    const text = await expectMerged(site, /^UNDECIDED: nothing is wrong/, 3)
    expect(text.match(/NOT CHECKED: .*/g)).toEqual([
      expect.stringContaining('dropped 1.0-1'),
      expect.stringContaining('missing 1.0-1'),
    ])
    useDebs(
      site,
      FINE.filter(({ name }) => name !== 'dropped' && name !== 'missing'),
    )
    await expectMerged(site, /^AGREED: all 10 verdicts/, 0)
  }, 60_000)

  async function expectMerged(site: Site, head: RegExp, status: number): Promise<string> {
    const { output } = await mergeParts(site, await runParts(site, 3))
    await writeChecker(output)
    writeFileSync(path.join(site.folder, 'report.gpg'), keyringFile([await wholeKey()]))
    const made = { folder: output, site, report: readReport(output) }
    const script = checked(made)
    expect(script.text).not.toContain('WRONG')
    expect([script.text, script.status]).toEqual([expect.stringMatching(head), status])
    expect((await rechecked(made, wholeKey)).text).toBe('')
    rmSync(output, { recursive: true })
    return script.text
  }

  it('says what it cannot check where a rebuilder has a key that gpgv cannot read', async () => {
    const made = await verified(await ownSite({ alpha: await buildinfo(), beta: (await beta()).dsse([TOOL]) }))
    expect(made.report.predicate.verdict).toBe('pass')
    const { status, text } = checked(made)
    expect([status, text]).toEqual([
      3,
      expect.stringContaining('NOT CHECKED: tool 1:2.0-1 amd64: reproduced: needs statements'),
    ])
  })

  it.each([
    ['mismatch', async () => await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY])],
    ['unproven', async () => await snapshotSite([SHELL, LIBRARY], [SHELL])],
    ['unlisted', async () => await snapshotSite([SHELL], [SHELL], [SHELL, LIBRARY])],
    ['mismatch', async () => await ownSite({ alpha: await buildinfo(), beta: await sums(OTHER_TOOL) })],
    ['unproven', async () => await ownSite({ alpha: await buildinfo() })],
  ])('fails with a report that fails: %s', async (verdict, make) => {
    const made = await verified(await make())
    expect(made.report.predicate.packages.map((item) => item.verdict)).toContain(verdict)
    const { status, text } = checked(made)
    expect([status, text]).toEqual([1, expect.stringMatching(/^FAIL: nothing is wrong/)])
    expect(text).toContain(`: ${verdict}: `)
    expect(await rechecked(made)).toEqual({ status: 1, text: '' })
  })

  it('leaves to recheck a package that was left out', async () => {
    const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
    await resign(made, (predicate) => {
      predicate.packages = predicate.packages.filter(({ name }) => name !== 'library')
      recount(predicate)
    })
    await expectOnlyRecheckRefuses(made, /library/, /all packages of the package lists/)
  })

  it('leaves to recheck a lower threshold than the policy says', async () => {
    const made = await verified(await ownSite({ alpha: await buildinfo() }))
    await resign(made, (predicate) => {
      const rebuilders = predicate.archives[0]?.rebuilders
      if (rebuilders !== undefined) rebuilders.threshold = 1
      packageIn(predicate, 'tool').verdict = 'reproduced'
      recount(predicate)
    })
    const text = await expectOnlyRecheckRefuses(made, /./, /thresholds and rules against the policy/)
    expect(text).toContain('rebuilder alpha, one of 1')
  })

  describe('refuses, as recheck does,', () => {
    it('a report in which a byte was changed', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const file = path.join(made.folder, 'report.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('signed exactly these', 'signed exactly those'))
      await expectRefused(made, /report\.json was changed/)
    })

    it.each<[string, RegExp, (report: Report) => unknown]>([
      [
        'a package without a name, behind which others stand',
        /no right packages\/0\/name/,
        ({ predicate }) => Reflect.deleteProperty(predicate.packages[0] ?? {}, 'name'),
      ],
      ['another type', /no right R\/_type/, (report) => Object.assign(report, { _type: 'https://example.org/other' })],
      ['another predicate', /no right R\/predicateType/, (report) => Object.assign(report, { predicateType: 'other' })],
      ['a clock that is no time', /no right at/, ({ predicate }) => Object.assign(predicate, { at: 'yesterday' })],
      [
        'a clock on no day',
        /another at than/,
        ({ predicate }) => Object.assign(predicate, { at: '2026-02-30T00:00:00Z' }),
      ],
      [
        'another subject',
        /another R\/subject\/0\/digest\/sha256/,
        ({ subject }) => Object.assign(subject[0] ?? {}, { digest: { sha256: '0'.repeat(64) } }),
      ],
      ['a subject more', /another R\/subject\/1\/name/, ({ subject }) => subject.push(...structuredClone(subject))],
      [
        'a count that is text',
        /it counts 3 identical/,
        ({ predicate }) => Object.assign(predicate.counts, { identical: '3' }),
      ],
      [
        'a hash that is none',
        /no right packages\/0\/sha256/,
        ({ predicate }) => Object.assign(predicate.packages[0] ?? {}, { sha256: 'A'.repeat(64) }),
      ],
      [
        'packages that are no list',
        /no right packages\/0\/name|not as debproof writes/,
        ({ predicate }) => Object.assign(predicate, { packages: { ...predicate.packages } }),
      ],
    ])('a report whose signer writes %s', async (_, why, change) => {
      const made = await verified(await snapshotSite(DEBS))
      const report = structuredClone(made.report)
      change(report)
      await signBytes(made, serializeReport(report))
      await expectRefused(made, why)
    })

    it('a threshold of no rebuilder', async () => {
      const made = await verified(await ownSite({ alpha: await buildinfo(), beta: await sums() }))
      await resign(made, ({ archives }) => Object.assign(archives[0]?.rebuilders ?? {}, { threshold: 0 }))
      await expectRefused(made, /no right archives\/0\/rebuilders\/threshold/)
    })

    it('the report of the folder that was named, whatever CDPATH says', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const elsewhere = path.join(made.site.folder, 'elsewhere')
      cpSync(made.folder, path.join(elsewhere, 'report'), { recursive: true })
      writeFileSync(path.join(made.folder, 'report.json'), '{}\n')
      const { status } = spawnSync('sh', [SCRIPT, path.join(made.site.folder, 'report.gpg'), 'report'], {
        cwd: made.site.folder,
        env: { ...process.env, CDPATH: elsewhere },
      })
      expect(status).toBe(1)
    })

    it('a report that another key signed', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const key = await readSigningKey((await upstreamKey()).armor(), undefined, 'the test')
      const bytes = readFileSync(path.join(made.folder, 'report.json'))
      writeFileSync(path.join(made.folder, 'report.json.asc'), await key.sign(bytes))
      await expectRefused(made, /report\.json\.asc is not by a key of the keyring/)
    })

    it('a failing report that its own signer calls passing', async () => {
      const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
      await resign(made, (predicate) => {
        predicate.verdict = 'pass'
      })
      await expectRefused(made, /the report says pass, and its packages make fail/)
    })

    it('a mismatch that its own signer calls identical', async () => {
      const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
      await resign(made, (predicate) => {
        packageIn(predicate, 'library').verdict = 'identical'
        recount(predicate)
      })
      await expectRefused(
        made,
        /library 2:2\.0~rc1\+b1-1 amd64: identical, but .* lists it with|library .*: identical, but no upstream/,
      )
    })

    it('a mismatch that is called identical with the hash that the upstream signed: the build used another', async () => {
      const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
      await resign(made, (predicate) => {
        Object.assign(packageIn(predicate, 'library'), { verdict: 'identical', sha256: LIBRARY.sha256 })
        recount(predicate)
      })
      await expectRefused(made, /library .*: identical, but nothing that the build used \(archive\) has [0-9a-f]{64}/)
    })

    it('a package with another hash', async () => {
      const made = await verified(await snapshotSite(DEBS))
      await resign(made, (predicate) => {
        packageIn(predicate, 'shell').sha256 = EVIL.sha256
      })
      await expectRefused(made, /WRONG: shell 5\.2-1 amd64: identical, but/)
    })

    it('a file of evidence in which a byte was changed', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const file = evidenceFile(made, 'packages', 'Packages.gz')
      const bytes = readFileSync(file)
      bytes[20] = (bytes[20] ?? 0) ^ 1
      writeFileSync(file, bytes)
      await expectRefused(made, new RegExp(`${path.basename(file)}: changed or missing`))
    })

    it('evidence in which a file is missing', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const file = evidenceFile(made, 'release', 'InRelease')
      rmSync(file)
      await expectRefused(made, new RegExp(`${path.basename(file)}: changed or missing`))
    })

    it('evidence with a file too many', async () => {
      const made = await verified(await snapshotSite(DEBS))
      writeFileSync(path.join(made.folder, 'evidence/sha256', sha256Hex('more')), 'more')
      await expectRefused(made, new RegExp(`named by no index:[^]*${sha256Hex('more')}`))
    })

    it('an index of the evidence that was changed', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const file = path.join(made.folder, 'evidence/index.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"offline": false', '"offline": true'))
      await expectRefused(made, /evidence\/index\.json was changed/)
    })

    it('an index that the project signed in the place of the upstream’s', async () => {
      const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
      await resign(made, (predicate) => {
        const item = packageIn(predicate, 'library')
        const upstream = (name: string): boolean => predicate.evidence[name]?.url.includes('/upstream/') === true
        item.evidence = item.evidence.filter((name) => !upstream(name))
        item.verdict = 'identical'
        recount(predicate)
      })
      await expectRefused(made, /library .*: identical, but no upstream of debian signed it/)
    })

    it('a certificate of the project in the place of the upstream’s', async () => {
      const made = await verified(await snapshotSite(DEBS))
      const upstream = (await upstreamKey()).getFingerprint().toUpperCase()
      const project = (await projectKey()).getFingerprint().toUpperCase()
      await reindex(made, (index) => {
        const [mine, theirs] = [project, upstream].map((key) =>
          index.keys.find(({ fingerprint }) => fingerprint === key),
        )
        if (mine === undefined || theirs === undefined) throw new Error('a certificate is missing')
        rmSync(path.join(made.folder, 'evidence/sha256', theirs.sha256))
        Object.assign(theirs, { sha256: mine.sha256, size: mine.size })
      })
      await expectRefused(made, /shell 5\.2-1 amd64: identical, but no upstream of debian signed it/)
    })

    it('a package that was put in', async () => {
      const made = await verified(await snapshotSite(DEBS, DEBS, [SHELL, LIBRARY]))
      await resign(made, (predicate) => {
        predicate.packages.push({ ...packageIn(predicate, 'shell'), name: 'data', version: DATA.version })
        predicate.packages.sort((a, b) => (a.name < b.name ? -1 : 1))
        recount(predicate)
      })
      await expectRefused(made, /data 1\.0\+dfsg-1 amd64: identical, but nothing that the build used/)
    })

    it('counts that are others than the packages make', async () => {
      const made = await verified(await snapshotSite(DEBS))
      await resign(made, (predicate) => {
        predicate.counts.identical = 2
      })
      await expectRefused(made, /it counts 2 identical, and has 3/)
    })

    it('too few rebuilders, one of them under two names', async () => {
      const made = await verified(await ownSite({ alpha: await buildinfo() }))
      await resign(made, (predicate) => {
        const parties = predicate.archives[0]?.rebuilders?.parties ?? []
        for (const party of parties) party.keys = parties[0]?.keys ?? []
        packageIn(predicate, 'tool').verdict = 'reproduced'
        recount(predicate)
      })
      await expectRefused(made, /tool 1:2\.0-1 amd64: reproduced, but only 1 of 2 rebuilders/)
    })

    it('a rebuilder who got other bytes', async () => {
      const made = await verified(
        await ownSite({ alpha: await buildinfo(), beta: await sums(OTHER_TOOL), gamma: await inToto() }),
      )
      expect(packageIn(made.report.predicate, 'tool').verdict).toBe('mismatch')
      await resign(made, (predicate) => {
        packageIn(predicate, 'tool').verdict = 'reproduced'
        recount(predicate)
      })
      await expectRefused(made, /tool 1:2\.0-1 amd64: reproduced, but beta got other bytes/)
    })

    it('a link that slips a fact of its own in, by a line end in the name of a product', async () => {
      const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
      const served = Object.entries(made.report.predicate.evidence).find(
        ([, { kind, url }]) => kind === 'release' && url.includes('/snapshot/'),
      )
      const upstream = (await upstreamKey()).getFingerprint().toUpperCase()
      const release = served?.[0].slice('sha256:'.length) ?? ''
      const name = `x\nsigned ${release} ${upstream} 1 0\nx_1_amd64.deb`
      await forge(made, sha256Hex('no document'), link({ [name]: { sha256: EVIL.sha256 } }), (predicate) => {
        packageIn(predicate, 'library').verdict = 'identical'
        recount(predicate)
      })
      await expectRefused(made, /library .*: identical, but no upstream of debian signed it/)
    })

    it('a text of somebody else in the place of what a rebuilder signed', async () => {
      const published = { alpha: await buildinfo(OTHER_TOOL), beta: await sums() }
      const made = await verified(await ownSite(published))
      const [document = ''] = Object.entries(made.report.predicate.evidence)
        .filter(([, { kind }]) => kind === 'buildinfo')
        .map(([name]) => name.slice('sha256:'.length))
      await forge(made, document, link({ [debFileName(TOOL)]: { sha256: TOOL.sha256 } }), (predicate) => {
        packageIn(predicate, 'tool').verdict = 'reproduced'
        recount(predicate)
      })
      await expectRefused(made, /tool 1:2\.0-1 amd64: reproduced, but alpha got other bytes/)
    })

    /** Adds a link that the signer of the report signed, as what a file of evidence says. */
    async function forge(made: Made, document: string, signed: object, change: (p: Predicate) => void): Promise<void> {
      const text = Buffer.from(canonicalOlpc(jsonOf(signed)))
      const signatureBytes = await signature(text, await reportKey(), { type: enums.signature.binary })
      const certificate = keyringFile([await reportKey()])
      for (const bytes of [text, signatureBytes, certificate]) {
        writeFileSync(path.join(made.folder, 'evidence/sha256', sha256Hex(bytes)), bytes)
      }
      await reindex(
        made,
        (index) => {
          const fingerprint = 'F'.repeat(40)
          index.keys.push({ fingerprint, sha256: sha256Hex(certificate), size: certificate.length })
          index.signed.push({ document, text: sha256Hex(text), signature: sha256Hex(signatureBytes) })
        },
        change,
      )
    }

    it.each([
      ['says one thing twice', '  "verdict": "pass",\n', '  "verdict": "fail",\n  "verdict": "pass",\n'],
      ['is indented in another way', '  "verdict": "pass",\n', '   "verdict": "pass",\n'],
      ['has two things on a line', '  "verdict": "pass",\n  "release"', '  "verdict": "pass", "release"'],
    ])('a report that two readers may take for two: it %s', async (_, written, forged) => {
      const made = await verified(await snapshotSite(DEBS))
      const file = path.join(made.folder, 'report.json')
      const text = readFileSync(file, 'utf8')
      expect(text).toContain(written)
      const bytes = Buffer.from(text.replace(written, forged))
      const key = await readSigningKey((await reportKey()).armor(), undefined, 'the test')
      writeFileSync(file, bytes)
      writeFileSync(path.join(made.folder, 'report.json.asc'), await key.sign(bytes))
      await expectRefused(made, /report\.json is not as debproof writes it/)
    })
  })

  describe('follows the verdict that the policy makes of more than packages', () => {
    const extra = deb('extra', { content: 'nobody signed it' })
    const strict = policyText([archivePolicy({ more: 'unproven-files: fail' })])
    const notChecked = 'NOT CHECKED: which files of debian nobody vouches for'

    it('of files that nobody vouches for: it does not count them, and says so', async () => {
      const site = await snapshotSite([...DEBS, extra], DEBS, DEBS)
      site.put({ 'debproof.yml': strict })
      const made = await verified(site)
      expect(made.report.predicate.verdict).toBe('fail')
      expect(checked(made)).toMatchObject({ status: 1, text: expect.stringMatching(/^FAIL: nothing is wrong/) })
      expect(checked(made).text).toContain(notChecked)
      await resign(made, (predicate) => {
        predicate.verdict = 'pass'
      })
      await expectRefused(made, /says pass, and its packages make fail/)
      await resign(made, (predicate) => {
        predicate.verdict = 'pass'
        for (const { unproven } of predicate.archives) if (unproven !== undefined) unproven.count = 0
      })
      expect(checked(made)).toMatchObject({ status: 3, text: expect.stringContaining(notChecked) })
      expect(await rechecked(made)).toMatchObject({ status: 1 })
    })

    it('of an archive whose files could not be counted', async () => {
      const site = await snapshotSite(DEBS)
      rmSync(path.join(site.folder, 'snapshot/dists/made/main'), { recursive: true })
      site.put({
        'debproof.yml': strict,
        'build.packages': DEBS.map((one) => `${one.sha256}  ${debFileName(one)}\n`).join(''),
      })
      const made = await verified(site)
      expect(made.report.predicate).toMatchObject({ verdict: 'undecided', counts: { undecided: 0 } })
      expect(checked(made)).toMatchObject({ status: 3, text: expect.stringMatching(/^UNDECIDED: nothing is wrong/) })
    })

    it("of archives that the build's apt saw and the policy does not name", async () => {
      const site = await snapshotSite(DEBS)
      const dists = path.join(site.folder, 'snapshot/dists/made')
      const prefix = 'lists/snapshot.example_debian_dists_made'
      site.put({
        [`${prefix}_InRelease`]: readFileSync(path.join(dists, 'InRelease')),
        [`${prefix}_main_binary-amd64_Packages`]: readFileSync(path.join(dists, 'main/binary-amd64/Packages')),
        'lists/other.example_dists_made_InRelease': 'of somebody else',
        'debproof.yml': policyText([
          archivePolicy({ url: 'http://snapshot.example/debian', more: 'apt-lists: lists' }),
        ]),
      })
      const made = await verified(site)
      expect(made.report.predicate).toMatchObject({ verdict: 'undecided', counts: { undecided: 0 } })
      expect(checked(made)).toMatchObject({ status: 3, text: expect.stringMatching(/^UNDECIDED: nothing is wrong/) })
    })
  })

  it('prints nothing that a terminal obeys, and takes strings for no structure', async () => {
    const made = await verified(await snapshotSite([SHELL, EVIL], [SHELL, LIBRARY]))
    await resign(made, (predicate) => {
      packageIn(predicate, 'library').reason = '\u009b2J\u001b[2J\n  "verdict": "pass",\n$(touch /tmp/x) `id` \u007f'
    })
    const { text, status } = checked(made)
    expect(status).toBe(1)
    expect(text).toMatch(/^[\n -~]*$/)
  })

  describe('where the key of the report is no longer what it was', () => {
    /** The report signed a hundred days ago, by a key that expired ten days ago, or as `change` makes it. */
    async function signedLongAgo(change: (key: PrivateKey) => Promise<PrivateKey>): Promise<Made> {
      const now = Date.now()
      const days = (count: number): Date => new Date(now - count * DAY * 1000)
      const key = await newKey({ name: 'Old', created: days(200), expiresAfter: 190 * DAY })
      const made = await verified(await snapshotSite(DEBS))
      const message = await createMessage({ binary: readFileSync(path.join(made.folder, 'report.json')) })
      const signed = await sign({ message, signingKeys: key, detached: true, date: days(100) })
      writeFileSync(path.join(made.folder, 'report.json.asc'), signed)
      const certificate = (await change(key)).toPublic()
      writeFileSync(path.join(made.site.folder, 'report.gpg'), keyringFile([certificate]))
      writeFileSync(path.join(made.site.folder, 'report.asc'), certificate.armor())
      return made
    }
    const command = async (made: Made, ...words: string[]) =>
      await call(recheckCommand, [made.folder, '--signed-by', path.join(made.site.folder, 'report.asc'), ...words])

    it('a signature from before its end is good, and both say that it has expired since', async () => {
      const made = await signedLongAgo(async (key) => key)
      expect(checked(made)).toEqual({
        status: 0,
        text: expect.stringMatching(/Report signed by: .*, a key that has expired/),
      })
      const { code, out } = await command(made)
      expect([code, out]).toEqual([
        0,
        expect.stringMatching(/^Signed by: .* Old <old@.*>, a key that has expired since$/m),
      ])
    })

    it('one that was renewed since is good, as for gpgv', async () => {
      const made = await signedLongAgo(async (key) => {
        const { privateKey } = await reformatKey({ privateKey: key, userIDs: [{ name: 'Old' }], format: 'object' })
        return privateKey
      })
      expect(checked(made)).toMatchObject({ status: 0 })
      const { code, out } = await command(made)
      expect([code, out.includes('expired')]).toEqual([0, false])
    })

    it('one that was revoked since is refused, and by the script not taken: gpgv says of it that it has expired', async () => {
      const made = await signedLongAgo(async (key) => {
        const { privateKey } = await revokeKey({ key, format: 'object' })
        return privateKey
      })
      expect(checked(made)).toMatchObject({ status: 3, text: expect.stringMatching(/^UNDECIDED: /) })
      expect((await command(made)).code).toBe(1)
    })

    it('at a clock before the signature it is refused, and --at is named', async () => {
      const made = await signedLongAgo(async (key) => key)
      const at = new Date(Date.now() - 150 * DAY * 1000).toISOString()
      const { code, err, out } = await command(made, '--at', at)
      expect([code, `${err}${out}`]).toEqual([1, expect.stringMatching(/The clock is .*: --at gives another time/)])
    })
  })

  it('takes an armored keyring of several certificates, as recheck does, and says what it needs', async () => {
    const made = await verified(await snapshotSite(DEBS))
    const keys = [await upstreamKey(), await reportKey()].map((key) => key.toPublic().armor())
    writeFileSync(path.join(made.site.folder, 'report.gpg'), keys.join('').replaceAll('\n', '\r\n'))
    await expectAgreed(made)
    const { status } = spawnSync('sh', [SCRIPT], { timeout: 10_000 })
    expect(status).toBe(2)
  })
})

import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { recheckCommand } from '../src/commands/recheck.ts'
import { mergeBundles } from '../src/evidence/merge-bundles.ts'
import { checkPart } from '../src/parts/check-part.ts'
import { mergeReports } from '../src/parts/merge-reports.ts'
import { compareWithEvidence, type RecheckResult, recheck } from '../src/recheck.ts'
import type { Report } from '../src/report/report-schema.ts'
import { readSigningKey } from '../src/report/sign.ts'
import { serializeReport } from '../src/report/statement.ts'
import type { RunOptions } from '../src/run.ts'
import { call } from './commands/cli.ts'
import { deb, upstreamKey } from './making/archive-folder.ts'
import { closeAll } from './making/loopback-server.ts'
import { keyringFile, keyringOf, newKey, once, sha256Hex } from './making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from './making/site.ts'
import { mixedSite, readReport, runPart, runParts } from './parts/made-parts.ts'

afterEach(async () => {
  await closeAll()
  removeSites()
})

const reportKey = once(() => newKey({ name: 'Report' }))

/** A signed report of a site, and its folder. */
async function reported(site: Site, options: Partial<RunOptions> = {}) {
  const key = await reportKey()
  const { report } = await runSite(site, { signing: { armored: key.armor(), source: 'a test' }, ...options })
  return { report, folder: path.join(site.folder, 'report') }
}

async function checked(folder: string): Promise<RecheckResult> {
  const keyring = await keyringOf([(await reportKey()).toPublic()])
  return await recheck({ folder, keyring, now: new Date(), progress: () => {} })
}

/** The report as who holds its key may write it. */
async function signAgain(folder: string, report: Report): Promise<void> {
  const bytes = serializeReport(report)
  const key = await readSigningKey((await reportKey()).armor(), undefined, 'a test')
  writeFileSync(path.join(folder, 'report.json'), bytes)
  writeFileSync(path.join(folder, 'report.json.asc'), await key.sign(bytes))
}

/** What a report says of its bundle, counted anew. */
function totalOf(folder: string): { files: number; size: number } {
  const content = path.join(folder, 'evidence/sha256')
  const files = [
    path.join(folder, 'evidence/index.json'),
    ...readdirSync(content).map((name) => path.join(content, name)),
  ]
  return { files: files.length, size: files.reduce((sum, file) => sum + readFileSync(file).length, 0) }
}

function changed(report: Report, change: (predicate: Report['predicate']) => void): Report {
  const copy = structuredClone(report)
  change(copy.predicate)
  return copy
}

describe('a report that is checked again', () => {
  it('agrees on every verdict there is, with nothing but its own folder', async () => {
    const site = await mixedSite({ unread: true })
    const { folder, report } = await reported(site)
    const away = path.join(site.folder, 'moved')
    renameSync(folder, away)
    // Archives, keys, policy and lists: all that it was made from is gone.
    for (const name of readdirSync(site.folder))
      if (name !== 'moved') rmSync(path.join(site.folder, name), { recursive: true })
    const result = await checked(away)
    expect(result.problems).toEqual([])
    expect(result.signers).toEqual([(await reportKey()).getFingerprint().toUpperCase()])
    expect(new Set(report.predicate.packages.map(({ verdict }) => verdict)).size).toBeGreaterThan(5)
  })

  it('agrees where packages were read from a folder of .debs, and says that these are not in the evidence', async () => {
    const [hello, other] = [deb('hello'), deb('other')]
    const site = await snapshotSite([hello, other])
    site.put({ 'debs/hello.deb': hello.bytes, 'debs/sub/other.deb': other.bytes })
    const { folder, report } = await reported(site, {
      packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }],
    })
    expect(report.predicate.packages.map(({ hashFrom }) => hashFrom)).toEqual(['deb', 'deb'])
    rmSync(path.join(site.folder, 'debs'), { recursive: true })
    const { problems, remarks } = await checked(folder)
    expect(problems).toEqual([])
    expect(remarks[0]).toMatch(/\.debs in .*debs were hashed by the signer/)
  })

  it.each([
    ['needed', /1 package files were hashed by the signer/],
    ['all', undefined],
  ] as const)('agrees where the pool was hashed and evidence %s was kept', async (evidence, remark) => {
    const { folder } = await reported(await snapshotSite([deb('hello')]), { deep: true, evidence })
    const { problems, remarks } = await checked(folder)
    expect(problems).toEqual([])
    const said = remarks.filter((text) => text.includes('package files'))
    if (remark === undefined) expect(said).toEqual([])
    else expect(said[0]).toMatch(remark)
  })

  it('agrees with the own copy of its policy and keys, and with no other', async () => {
    const site = await mixedSite()
    const { folder } = await reported(site)
    const keyring = await keyringOf([(await reportKey()).toPublic()])
    const own = path.join(site.folder, 'own')
    const check = async (): Promise<readonly string[]> => {
      const policy = path.join(own, 'debproof.yml')
      return (await recheck({ folder, keyring, policy, now: new Date(), progress: () => {} })).problems
    }
    cpSync(path.join(site.folder, 'keys'), path.join(own, 'keys'), { recursive: true })
    cpSync(path.join(site.folder, 'debproof.yml'), path.join(own, 'debproof.yml'))
    expect(await check()).toEqual([])
    cpSync(path.join(own, 'keys/alpha.asc'), path.join(own, 'keys/upstream.asc'))
    expect(await check()).toEqual([expect.stringMatching(/own\/keys\/upstream\.asc is not the file that the report/)])
    rmSync(path.join(own, 'keys/upstream.asc'))
    expect(await check()).toEqual([
      expect.stringMatching(/there is no copy that can be read: .*own\/keys\/upstream\.asc/),
    ])
    // Nor is it waited for where it is none.
    spawnSync('mkfifo', [path.join(own, 'keys/upstream.asc')])
    expect(await check()).toEqual([
      expect.stringMatching(/there is no copy that can be read: .*own\/keys\/upstream\.asc/),
    ])
  })

  it('is refused where no evidence was kept', async () => {
    const { folder, report } = await reported(await snapshotSite([deb('hello')]), { evidence: 'none' })
    expect([report.predicate.bundle, readdirSync(folder).includes('evidence')]).toEqual([null, false])
    await expect(checked(folder)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/made without evidence .* Its signature is good\./),
    })
  })
})

describe('a report that somebody changed', () => {
  it('is refused where he has not its key', async () => {
    const { folder, report } = await reported(await mixedSite())
    writeFileSync(path.join(folder, 'report.json'), serializeReport(changed(report, (p) => (p.verdict = 'pass'))))
    await expect(checked(folder)).rejects.toMatchObject({
      code: 'EVIDENCE',
      message: expect.stringMatching(/BAD signature/),
    })
  })

  it('is refused where he has its key, and the package is named', async () => {
    const { folder, report } = await reported(await mixedSite())
    const names = report.predicate.packages.map(({ name }) => name)
    for (const [index, name] of names.entries()) {
      const verdict = report.predicate.packages[index]?.verdict === 'identical' ? 'reproduced' : 'identical'
      await signAgain(
        folder,
        changed(report, ({ packages }) => Object.assign(packages[index] ?? {}, { verdict })),
      )
      expect((await checked(folder)).problems.join('\n')).toMatch(
        new RegExp(`^${name} .* is ${verdict} in the report`, 'm'),
      )
    }
  })

  it('is refused whatever else of it was changed and signed again', async () => {
    const { folder, report } = await reported(await mixedSite())
    const changes: ((predicate: Report['predicate']) => unknown)[] = [
      (p) => (p.verdict = 'pass'),
      (p) => (p.release = 'another'),
      (p) => (p.at = '2026-06-01T12:00:01Z'),
      (p) => (p.policy.sha256 = '0'.repeat(64)),
      (p) => (p.counts.identical += 1),
      (p) => p.packages.pop(),
      (p) => p.packages.push(...p.packages.slice(0, 1)),
      (p) => p.packages.map((item) => Object.assign(item, { sha256: '0'.repeat(64) })),
      (p) => Object.assign(p.packages[0] ?? {}, { reason: 'Because.' }),
      (p) => Object.assign(p.packages[0] ?? {}, { evidence: [] }),
      (p) => Object.assign(p.archives[0] ?? {}, { require: 'absent' }),
      (p) => (p.exceptions = []),
      (p) => (p.trust = []),
      (p) => Object.values(p.evidence).map((file) => Object.assign(file, { signers: [] })),
      (p) => (p.lists = []),
      (p) => Object.assign(p.bundle ?? {}, { files: 1 }),
      (p) => Object.assign(p.bundle ?? {}, { size: 1 }),
      (p) => {
        p.tool.version = '9.9.9'
        Object.assign(p.archives[0] ?? {}, { url: 'http://other.example/' })
      },
      (p) => {
        p.tool.version = '9.9.9'
        p.exceptions = []
      },
      (p) => Object.assign(p.bundle ?? {}, { index: `sha256:${'0'.repeat(64)}` }),
    ]
    for (const change of changes) {
      await signAgain(folder, changed(report, change))
      expect([change.toString(), (await checked(folder)).problems.length > 0]).toEqual([change.toString(), true])
    }
  })

  it('is refused where a single byte of its evidence is another, and the file is named', async () => {
    const { folder } = await reported(await mixedSite())
    const files = readdirSync(path.join(folder, 'evidence'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), async (file, place) => {
        const bytes = readFileSync(file)
        const copy = Buffer.from(bytes)
        const position = Math.min(copy.length - 1, Math.floor(place * copy.length))
        copy[position] = (copy[position] ?? 0) ^ 1
        writeFileSync(file, copy)
        const { problems } = await checked(folder)
        writeFileSync(file, bytes)
        expect(problems[0]).toContain(`${file} was changed`)
      }),
      { numRuns: 25 },
    )
    expect((await checked(folder)).problems).toEqual([])
  })

  it('is refused where evidence is missing, or is there that nothing names', async () => {
    const { folder } = await reported(await mixedSite())
    const content = path.join(folder, 'evidence/sha256')
    const file = path.join(content, readdirSync(content)[0] ?? '')
    renameSync(file, path.join(folder, 'kept'))
    expect((await checked(folder)).problems).toEqual([`${file} is missing.`])
    renameSync(path.join(folder, 'kept'), file)
    writeFileSync(path.join(content, sha256Hex('more')), 'more')
    expect((await checked(folder)).problems[0]).toMatch(/is named by no index/)
  })

  it('is refused where a device or a pipe stands in the place of a file, and nobody waits for it', async () => {
    const { folder } = await reported(await snapshotSite([deb('hello')]))
    const content = path.join(folder, 'evidence/sha256')
    for (const file of [path.join(folder, 'evidence/index.json'), path.join(content, readdirSync(content)[0] ?? '')]) {
      renameSync(file, path.join(folder, 'kept'))
      symlinkSync('/dev/zero', file)
      expect((await checked(folder)).problems).toEqual([`${file} is not a file.`])
      rmSync(file)
      spawnSync('mkfifo', [file])
      expect((await checked(folder)).problems).toEqual([`${file} is not a file.`])
      rmSync(file)
      renameSync(path.join(folder, 'kept'), file)
    }
  })

  it('is refused where the index hides what an archive said, and was signed again', async () => {
    const { folder, report } = await reported(await mixedSite())
    const file = path.join(folder, 'evidence/index.json')
    const text = readFileSync(file, 'utf8')
    const index = JSON.parse(text)
    for (const [position, outcome] of index.fetched.entries()) {
      if (!('url' in outcome) || 'code' in outcome) continue
      const lie = {
        url: outcome.url,
        look: outcome.look,
        code: 'NOT_FOUND',
        message: 'gone',
        cause: null,
        status: null,
      }
      const hiding = { ...index, fetched: index.fetched.with(position, lie) }
      const bytes = `${JSON.stringify(hiding, null, 1)}\n`
      writeFileSync(file, bytes)
      const isUnnamed = bytes.split(`"${outcome.sha256}"`).length === 1
      const content = path.join(folder, 'evidence/sha256', outcome.sha256)
      if (isUnnamed) renameSync(content, path.join(folder, 'hidden'))
      await signAgain(
        folder,
        changed(report, ({ bundle }) => {
          Object.assign(bundle ?? {}, { index: `sha256:${sha256Hex(bytes)}`, ...totalOf(folder) })
        }),
      )
      const { problems } = await checked(folder)
      if (isUnnamed) renameSync(path.join(folder, 'hidden'), content)
      expect([
        outcome.url,
        problems.some((problem) => /the evidence gives|but not for what|cannot be used/.test(problem)),
      ]).toEqual([outcome.url, true])
    }
  })
})

describe('how a run was made', () => {
  it('is what its evidence says, and a report that says otherwise is refused', async () => {
    const site = await snapshotSite([deb('hello')])
    const { report, reportPath } = await runSite(site, { deep: true })
    const { run } = report.predicate
    if (run === undefined) throw new Error('every report says it')
    const [file] = run.files
    for (const other of [
      { ...run, system: true },
      { ...run, offline: true },
      { ...run, deep: false },
      { ...run, variables: { MIRROR: 'other' } },
      { ...run, files: run.files.slice(1) },
      { ...run, files: [{ name: file?.name ?? '', sha256: 'a'.repeat(64) }, ...run.files.slice(1)] },
      undefined,
    ]) {
      const { run: _, ...rest } = report.predicate
      const changed = { ...report, predicate: { ...rest, ...(other === undefined ? {} : { run: other }) } }
      const { problems } = await compareWithEvidence(changed, path.dirname(reportPath), () => {})
      expect(problems).toEqual([expect.stringContaining('of its options, variables and files than')])
    }
  })
})

describe('a merged report', () => {
  it('agrees, and is refused where its signer left out the part that fails, or gave a part another policy', async () => {
    const site = await mixedSite()
    const folders = await runParts(site, 2)
    const merged = async (name: string, chosen: readonly string[]): Promise<string> => {
      const output = path.join(site.folder, name)
      const parts = chosen.map((folder) => checkPart(folder, readReport(folder)))
      await signAgain(output, mergeReports(parts, await mergeBundles(parts, output)))
      return output
    }
    expect((await checked(await merged('whole', folders))).problems).toEqual([])
    for (const folder of folders) {
      const { problems } = await checked(await merged('half', [folder]))
      expect(problems).toEqual([expect.stringMatching(/^The evidence cannot be used: Of 2 parts part \d is missing/)])
      rmSync(path.join(site.folder, 'half'), { recursive: true })
    }
    const policy = readFileSync(path.join(site.folder, 'debproof.yml'), 'utf8')
    site.put({ 'debproof.yml': `${policy}\n# another one\n` })
    const other = await runPart(site, 1, 2)
    expect((await checked(await merged('mixed', [other, folders[1] ?? '']))).problems).toEqual([
      expect.stringMatching(
        /The report in part 2 of the evidence has not the same policy as that in part 1 of the evidence/,
      ),
    ])
    site.put({ 'debproof.yml': policy })
    for (const [what, options] of [
      ['plan', { shard: { index: 1, of: 2, plan: 'of-last-week' } }],
      ['depth', { deep: true }],
      ['use of the network', { offline: true }],
    ] as const) {
      const apart = await runPart(site, 1, 2, options)
      expect((await checked(await merged(what, [apart, folders[1] ?? '']))).problems).toEqual([
        expect.stringMatching(
          new RegExp(`part 2 of the evidence has not the same ${what} as that in part 1 of the evid`),
        ),
      ])
    }
  })

  it('agrees where each machine had the policy, its keys and lists in a folder of its own', async () => {
    const site = await snapshotSite(['hello', 'other', 'third'].map((name) => deb(name)))
    const base = `file://${site.folder}`
    const archive = archivePolicy({ url: `${base}/snapshot`, upstream: `${base}/upstream` })
    site.put({ 'debproof.yml': policyText([archive]) })
    const second = path.join(site.folder, 'second')
    for (const name of ['keys', 'debproof.yml', 'build.packages']) {
      cpSync(path.join(site.folder, name), path.join(second, name), { recursive: true })
    }
    const folders = [await runPart(site, 1, 2), await runPart({ ...site, folder: second }, 2, 2)]
    const parts = folders.map((folder) => checkPart(folder, readReport(folder)))
    const output = path.join(site.folder, 'merged')
    await signAgain(output, mergeReports(parts, await mergeBundles(parts, output)))
    expect((await checked(output)).problems).toEqual([])
  })
})

describe('a report of a system', () => {
  it('agrees, and cannot be given the hash of a policy file', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=/key.gpg] file://${site.folder}/upstream made main\n`,
      'root/key.gpg': keyringFile([await upstreamKey()]),
      'root/var/lib/dpkg/arch': 'amd64\n',
      'root/var/lib/dpkg/status':
        'Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nDescription: x\n',
    })
    const root = path.join(site.folder, 'root')
    const { folder, report } = await reported(site, { system: true, root, policy: 'none' })
    const { problems, remarks } = await checked(folder)
    expect([report.predicate.verdict, problems]).toEqual(['pass', []])
    expect(remarks).toContain('What the apt sources of the system were is the word of the signer.')
    await signAgain(
      folder,
      changed(report, ({ policy }) => Object.assign(policy, { sha256: 'a'.repeat(64) })),
    )
    expect((await checked(folder)).problems).toEqual([expect.stringMatching(/other things of its policy/)])
  })
})

describe('a shipped keyring', () => {
  it('is the own one, whatever the evidence has in its place', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'debproof.yml': policyText().replace('keys/upstream.asc', 'debian') })
    const { folder, report } = await reported(site)
    expect(report.predicate.packages[0]?.verdict).toBe('undecided')
    const file = path.join(folder, 'evidence/index.json')
    const index = JSON.parse(readFileSync(file, 'utf8'))
    const shipped = index.inputs.find(({ path: name }: { path: string }) => name.startsWith('shipped:'))
    const evil = keyringFile([await upstreamKey()])
    renameSync(
      path.join(folder, 'evidence/sha256', shipped.sha256),
      path.join(folder, 'evidence/sha256', sha256Hex(evil)),
    )
    writeFileSync(path.join(folder, 'evidence/sha256', sha256Hex(evil)), evil)
    Object.assign(shipped, { sha256: sha256Hex(evil), size: evil.length })
    const bytes = `${JSON.stringify(index, null, 1)}\n`
    writeFileSync(file, bytes)
    const lie = changed(report, (predicate) => {
      Object.assign(predicate.packages[0] ?? {}, { verdict: 'identical' })
      Object.assign(predicate.bundle ?? {}, { index: `sha256:${sha256Hex(bytes)}`, ...totalOf(folder) })
    })
    await signAgain(folder, lie)
    expect((await checked(folder)).problems[0]).toMatch(
      /^hello .* is identical in the report; the evidence gives undecided/,
    )
  })
})

describe('debproof recheck', () => {
  it('exits with the verdict that the report rightly has, and with 1 for one that it has not', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    const { folder, report } = await reported(site)
    const signer = ['--signed-by', path.join(site.folder, 'keys/report.asc')]
    const good = await call(recheckCommand, [folder, ...signer])
    expect([good.code, good.out.split('\n')[0]]).toEqual([
      0,
      'AGREED: the verdict follows from the evidence. The report says: PASS: 1 package proven (1 identical).',
    ])
    expect(good.out).toContain(`Under policy:  sha256:${report.predicate.policy.sha256}`)
    cpSync(folder, path.join(site.folder, 'lie'), { recursive: true })
    await signAgain(
      path.join(site.folder, 'lie'),
      changed(report, ({ packages }) => Object.assign(packages[0] ?? {}, { sha256: '0'.repeat(64) })),
    )
    const bad = await call(recheckCommand, [path.join(site.folder, 'lie'), ...signer])
    expect([bad.code, bad.out.split('\n')[0]]).toEqual([
      1,
      'REFUSED: the report does not follow from its evidence: 2 problems.',
    ])
  })

  it('takes a report that nobody signed only where that is said', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    await runSite(site)
    const folder = path.join(site.folder, 'report')
    const signer = ['--signed-by', path.join(site.folder, 'keys/report.asc')]
    expect((await call(recheckCommand, [folder, ...signer])).code).toBe(1)
    expect((await call(recheckCommand, [folder, ...signer, '--unsigned'])).code).toBe(2)
    const { code, out } = await call(recheckCommand, [folder, '--unsigned'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^Signed by: {5}nobody$/m)])
    expect(out).toMatch(/^Rests on key: {2}[0-9A-F]{40} \(upstream of debian\)$/m)
  })

  it('does not let a report that fails pass for one that passes, though all of it is true', async () => {
    const site = await snapshotSite([deb('hello')], [deb('hello', { content: 'other' })])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    const { folder } = await reported(site)
    const { code, out } = await call(recheckCommand, [folder, '--signed-by', path.join(site.folder, 'keys/report.asc')])
    expect([code, out.split('\n')[0]]).toEqual([1, expect.stringMatching(/^AGREED: .* The report says: FAIL: /)])
  })

  it('takes a folder without a report, and no key, for a mistake of the user', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    const signer = ['--signed-by', path.join(site.folder, 'keys/report.asc')]
    for (const words of [[site.folder, ...signer], [site.folder]]) {
      expect((await call(recheckCommand, words)).code).toBe(2)
    }
  })

  it('says which own files it compared, names keys as these do, and gives no advice that was followed', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    const { folder } = await reported(site)
    const words = [folder, '--signed-by', path.join(site.folder, 'keys/report.asc')]
    const without = await call(recheckCommand, words)
    expect(without.out).toMatch(/^Compare these with the keys and the policy that you know:$/m)
    expect(without.out).toMatch(/^Rests on key: {2}[0-9A-F]{40} \(/m)
    const policy = path.join(site.folder, 'debproof.yml')
    const { code, out } = await call(recheckCommand, [...words, '--policy', policy])
    expect(code).toBe(0)
    expect(out).toMatch(/^Compared with: .*debproof\.yml, .*upstream\.asc.*: the report was made with the same\.$/m)
    expect(out).toMatch(/^Signed by: {5}[0-9A-F]{40} Report <report@example\.org>$/m)
    expect(out).toMatch(/^Rests on key: {2}[0-9A-F]{40} Upstream <upstream@example\.org> \(upstream of debian\)$/m)
    expect(out).not.toMatch(/Compare these|compare them with --policy/)
    const json = JSON.parse((await call(recheckCommand, [...words, '--policy', policy, '--json'])).out)
    expect(json).toMatchObject({ agrees: true, compared: expect.arrayContaining([policy]) })
  })

  it('tells a report that was edited as edited, before anything else', async () => {
    const site = await snapshotSite([deb('hello')])
    site.put({ 'keys/report.asc': (await reportKey()).toPublic().armor() })
    const { folder, report } = await reported(site)
    writeFileSync(path.join(folder, 'report.json'), serializeReport(changed(report, (p) => (p.release = 'other'))))
    const words = [folder, '--quiet', '--signed-by', path.join(site.folder, 'keys/report.asc')]
    const { code, out, err } = await call(recheckCommand, [...words, '--policy', path.join(site.folder, 'none.yml')])
    expect([code, out, err.replace(/^Checking .*\n/, '').split('\n')[0]]).toEqual([
      1,
      '',
      expect.stringMatching(/report\.json was changed after it was signed/),
    ])
  })

  it('takes no index of evidence that two readers may take for two', async () => {
    const { folder, report } = await reported(await snapshotSite([deb('hello')]))
    const file = path.join(folder, 'evidence/index.json')
    const text = readFileSync(file, 'utf8').replace('  "offline": false', '  "offline": true,\n  "offline": false')
    writeFileSync(file, text)
    const lie = changed(report, ({ bundle }) =>
      Object.assign(bundle ?? {}, { index: `sha256:${sha256Hex(text)}`, ...totalOf(folder) }),
    )
    await signAgain(folder, lie)
    expect((await checked(folder)).problems).toEqual([
      expect.stringMatching(/is not written as debproof writes an index/),
    ])
  })
})

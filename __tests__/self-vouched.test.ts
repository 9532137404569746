import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { headline } from '../src/report/headline.ts'
import { serializeReport } from '../src/report/statement.ts'
import { deb, type MadeDeb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, type Site } from './making/site.ts'
import { mergeParts, partKey, readReport, rewrite, runParts, wholeKey } from './parts/made-parts.ts'

afterEach(removeSites)

const HELLO = deb('hello')
const TAMPERED = deb('hello', { content: 'changed by whoever signs the archive' })
const TOOL = deb('tool')

const project = async (): Promise<string> => (await projectKey()).getFingerprint().toUpperCase()

/** An archive that the policy calls its own upstream, on purpose. */
const VENDOR = archivePolicy({ name: 'vendor', url: 'file:vendor', upstream: 'file:vendor' }).replace(
  'keys/upstream.asc',
  'keys/project.gpg',
)

/** A snapshot of an upstream, and a vendor whose archive nobody else vouches for. */
async function vendorSite(
  policy = policyText([archivePolicy().replace('project.gpg', 'copy.asc'), VENDOR]),
): Promise<Site> {
  const site = await newSite()
  await site.archive('upstream', { key: await upstreamKey(), debs: [HELLO] })
  await site.archive('snapshot', { key: await partKey(), debs: [HELLO] })
  await site.archive('vendor', { key: await projectKey(), debs: [TOOL] })
  site.put({
    'debproof.yml': policy,
    'build.packages': listText([HELLO, TOOL]),
    'keys/copy.asc': (await partKey()).toPublic().armor(),
  })
  return site
}

/** A system whose only source is signed by the project, and its keyring is called like Debian's. */
async function derivative(installed: MadeDeb): Promise<Site & { root: string }> {
  const site = await newSite()
  await site.archive('snapshot', { key: await projectKey(), debs: [installed], fields: { Origin: 'Debian' } })
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  site.put({
    'root/etc/apt/sources.list': `deb [signed-by=${keyring}] file://${site.folder}/snapshot made main\n`,
    [`root${keyring}`]: (await projectKey()).toPublic().write(),
    'root/var/lib/dpkg/arch': 'amd64\n',
    'root/var/lib/dpkg/status': 'Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n',
  })
  return { ...site, root: path.join(site.folder, 'root') }
}

describe('a list of names and versions beside an archive that vouches for itself', () => {
  it('is not said to be as good as one with hashes: what that archive lists may call itself by any name', async () => {
    const site = await vendorSite()
    site.put({ 'build.packages': listText([HELLO]) })
    const { predicate, of } = await runSite(site)
    expect(of('hello')).toMatchObject({ verdict: 'identical', vouchedBy: ['debian'] })
    const known = predicate.trust.find((one) => one.of === 'identical, known by the archive')
    expect(known?.trusts).toContain(
      'none of those for which the own keys of vendor alone vouch was installed and calls',
    )
    expect(known?.trusts).not.toContain('as good')
  })
})

describe('a system whose archive alone vouches for what it served', () => {
  it('passes and is told so in every place, whatever its keyring and its Origin are called', async () => {
    for (const installed of [HELLO, TAMPERED]) {
      const site = await derivative(installed)
      const { report, predicate, summary, of } = await runSite(site, { system: true, root: site.root })
      expect(predicate).toMatchObject({ verdict: 'pass', counts: { identical: 1 } })
      expect(headline(report)).toBe(
        'PASS: 1 package proven (1 identical; 1 of them on the word of their own archive alone: snapshot).',
      )
      expect(of('hello').selfVouched).toEqual(['snapshot'])
      expect(predicate.archives).toMatchObject([{ selfVouched: { keys: [await project()], packages: 1 } }])
      expect(predicate.trust).toContainEqual({
        packages: 1,
        of: 'on the word of the archive snapshot alone',
        trusts: expect.stringContaining(`whoever holds its key ${await project()}`),
      })
      expect(summary).toMatch(/^- 1 on the word of the archive snapshot alone\. .*nobody else vouches for them\.$/m)
    }
  })

  it('is told of none where Debian signed what it served', async () => {
    const site = await newSite()
    const release = path.resolve('examples/release')
    const list = readFileSync(path.join(release, 'example-1.0.packages'), 'utf8')
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=/etc/apt/keyrings/any.asc] file://${release}/upstream trixie-security main\n`,
      'root/etc/apt/keyrings/any.asc': readFileSync('keyrings/debian.asc'),
      'root/var/lib/dpkg/arch': 'amd64\n',
      list: list.replace(/^example-.*\n/, ''),
    })
    const at = new Date('2026-11-23T00:00:00Z')
    const packages = [{ path: path.join(site.folder, 'list'), format: 'auto' }]
    const root = path.join(site.folder, 'root')
    const { report, predicate } = await runSite(site, { system: true, root, packages, at, now: at })
    expect(headline(report)).toBe('PASS: 6 packages proven (6 identical).')
    expect(predicate.archives.map(({ selfVouched }) => selfVouched)).toEqual([undefined])
    expect(predicate.packages.map(({ selfVouched }) => selfVouched)).toEqual(Array.from({ length: 6 }))
    expect(predicate.trust.map(({ of }) => of).filter((of) => of.includes('on the word of'))).toEqual([])
  })
})

describe('a policy that calls an archive its own upstream', () => {
  it('is no error, and its packages are counted apart from those that somebody else vouches for', async () => {
    const { report, predicate, of } = await runSite(await vendorSite())
    expect(predicate).toMatchObject({ verdict: 'pass', counts: { identical: 2 } })
    expect(headline(report)).toBe(
      'PASS: 2 packages proven (2 identical; 1 of them on the word of their own archive alone: vendor).',
    )
    expect([of('hello').selfVouched, of('tool').selfVouched]).toEqual([undefined, ['vendor']])
    expect(predicate.archives.map(({ selfVouched }) => selfVouched)).toEqual([
      undefined,
      { keys: [await project()], packages: 1 },
    ])
  })

  it('is counted by key, not by place', async () => {
    const copy = VENDOR.replace('upstream:\n      - url: "file:vendor"', 'upstream:\n      - url: "file:elsewhere"')
    const site = await vendorSite(policyText([copy]))
    await site.archive('elsewhere', { key: await projectKey(), debs: [TOOL] })
    site.put({ 'build.packages': listText([TOOL]) })
    expect((await runSite(site)).of('tool').selfVouched).toEqual(['vendor'])
  })

  it('gives the same when it is judged in parts, and refuses parts that hide it', async () => {
    const site = await vendorSite()
    site.put({
      'keys/machine.asc': (await partKey()).toPublic().armor(),
      'keys/whole-secret.asc': (await wholeKey()).armor(),
    })
    const folders = await runParts(site, 3)
    const { code, output, err } = await mergeParts(site, folders)
    expect([code, err]).toEqual([0, ''])
    const whole = await runSite(site, { signing: { armored: (await wholeKey()).armor(), source: 'a test' } })
    const { bundle } = readReport(output).predicate
    const expected = serializeReport({ ...whole.report, predicate: { ...whole.predicate, bundle } })
    expect(readFileSync(path.join(output, 'report.json'), 'utf8')).toBe(Buffer.from(expected).toString())

    const part = folders.find((folder) => readReport(folder).predicate.packages.some(({ name }) => name === 'tool'))
    await rewrite(part ?? '', ({ predicate }) => {
      for (const item of predicate.packages) delete item.selfVouched
    })
    expect((await mergeParts(site, folders)).err).toContain('counts wrongly what rests on the word of its own archive')
  })
})

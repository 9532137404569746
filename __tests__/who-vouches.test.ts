import { readdirSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, projectKey, upstreamKey } from './making/archive-folder.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  snapshotSite,
} from './making/site.ts'

afterEach(removeSites)

const good = deb('hello')
const newer = deb('hello', { version: '2.0-1' })
const other = deb('library')

/** An archive of the policy that is its own upstream, beside the policy in a folder of its name. */
function ownUpstream(name: string, key: string, more = ''): string {
  return (
    `  ${name}:\n    require: identical\n    suites: [made]\n    architectures: [amd64]\n${more}` +
    `    upstream:\n      - url: "file:${name}"\n        signed-by: keys/${key}\n`
  )
}

/** Debian and a vendor, both trusted for themselves, and a build that used `hello 1.0-1`. */
async function twoUpstreams(
  vendor: readonly MadeDeb[],
  vendorMore = '',
  debian: readonly MadeDeb[] = [good, other],
): Promise<Site> {
  const site = await newSite()
  await site.archive('debian', { key: await upstreamKey(), debs: debian })
  await site.archive('vendor', { key: await projectKey(), debs: vendor })
  site.put({
    'debproof.yml': policyText([
      ownUpstream('debian', 'upstream.asc'),
      ownUpstream('vendor', 'project.gpg', vendorMore),
    ]),
    'build.packages': listText([good, other]),
  })
  return site
}

describe('archives that are trusted for themselves and list one name', () => {
  it('all vouch for what was used, and nothing claims that one of them signed it', async () => {
    const { of, predicate, summary } = await runSite(await twoUpstreams([newer]))
    expect(of('hello')).toMatchObject({ verdict: 'identical', vouchedBy: ['debian', 'vendor'] })
    expect(of('hello').reason).toMatch(/2 files under this name .*which of them was used is open; each is vouched for/)
    expect(of('hello').reason).not.toContain('signed exactly these bytes')
    expect(of('library').vouchedBy).toEqual(['debian'])
    expect(summary).toContain('Which archive delivered some of them is open: 1 from debian or vendor.')
    expect(predicate.trust).toContainEqual(
      expect.objectContaining({ packages: 1, of: 'vouched for by debian or vendor' }),
    )
  })

  it('are each trusted for all that is known by name, for a .deb that a vendor signs calls itself what it likes', async () => {
    const trusts = async (site: Site): Promise<string | undefined> =>
      (await runSite(site)).predicate.trust.find(({ of }) => of === 'identical, known by the archive')?.trusts
    const said = 'one of debian, vendor vouches for may call itself by a name of another'
    const site = await twoUpstreams([deb('vendor-tool')])
    expect(await trusts(site)).toContain(said)
    expect(await trusts(site)).not.toContain('is as good here as one with hashes')
    expect(await trusts(await snapshotSite([good]))).toContain(
      'is as good here as one with hashes; but for what the archive showed',
    )
  })

  it('are one voice where one of them vouches for every file of the name', async () => {
    const { of } = await runSite(await twoUpstreams([good]))
    expect(of('hello')).toMatchObject({ verdict: 'identical', vouchedBy: ['debian'] })
    expect(of('hello').reason).toContain('signed exactly these bytes')
  })

  it('are told apart by their keys: two archives of one upstream are its one word', async () => {
    const site = await twoUpstreams([newer])
    await site.archive('vendor', { key: await upstreamKey(), debs: [newer] })
    site.put({
      'debproof.yml': policyText([ownUpstream('debian', 'upstream.asc'), ownUpstream('vendor', 'upstream.asc')]),
    })
    const { of, summary } = await runSite(site)
    expect(of('hello').vouchedBy).toEqual(['debian', 'vendor'])
    expect(summary).not.toContain('is open')
  })

  it('may be held to what they deliver: what they list beside that is unproven, and a used name among it undecided', async () => {
    const { of, predicate } = await runSite(
      await twoUpstreams([newer, deb('vendor-tool')], '    names: ["vendor-*"]\n'),
    )
    expect(of('hello')).toMatchObject({ verdict: 'undecided' })
    expect(of('hello').reason).toContain('does not let the archive vendor deliver packages of this name')
    expect(of('library').verdict).toBe('identical')
    expect(predicate.archives[1]?.unproven).toMatchObject({ count: 1, files: [{ sha256: newer.sha256 }] })
  })

  it('do not vouch for a used package that they may not deliver', async () => {
    const site = await twoUpstreams([newer], '    names: ["vendor-*"]\n')
    site.put({ 'build.packages': listText([newer]) })
    expect((await runSite(site)).of('hello').verdict).toBe('unproven')
  })
})

describe('a list without hashes, where the policy or the user requires them', () => {
  it('leaves every package undecided, and says what to give', async () => {
    const site = await snapshotSite([good])
    for (const asked of ['policy', 'option']) {
      site.put({ 'debproof.yml': policyText(undefined, asked === 'policy' ? 'hashes: required\n' : '') })
      const { of, predicate } = await runSite(site, { hashesRequired: asked === 'option' })
      expect(of('hello')).toMatchObject({ verdict: 'undecided', reason: expect.stringContaining('hashes: required') })
      expect(predicate).toMatchObject({ verdict: 'undecided', hashes: 'required' })
    }
  })

  it('does not hide that a package fails', async () => {
    const site = await snapshotSite([good], [deb('hello', { content: 'other' })])
    site.put({ 'debproof.yml': policyText(undefined, 'hashes: required\n') })
    expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
  })

  it('is no matter for one that has them', async () => {
    const site = await snapshotSite([good])
    site.put({
      'debproof.yml': policyText(undefined, 'hashes: required\n'),
      'build.packages': `'http://a/h.deb' hello_1.0-1_amd64.deb ${good.bytes.length} SHA256:${good.sha256}\n`,
    })
    expect((await runSite(site)).predicate.verdict).toBe('pass')
  })
})

describe("an archive that the build's apt saw and that is not in the policy", () => {
  /** A site whose snapshot was read by apt, whose lists are beside the policy, together with those of others. */
  async function withLists(more: Readonly<Record<string, string>> = {}, rule = ''): Promise<Site> {
    const site = await snapshotSite([good])
    const start = 'lists/snapshots.example_debian_dists_made_'
    site.put({
      [`${start}InRelease`]: fileOf(site, 'snapshot/dists/made/InRelease'),
      [`${start}main_binary-amd64_Packages`]: fileOf(site, 'snapshot/dists/made/main/binary-amd64/Packages'),
      'lists/lock': '',
      [`${start}main_i18n_Translation-en`]: 'Package: hello\n',
      ...more,
      'debproof.yml': policyText(
        [archivePolicy({ url: 'http://snapshots.example/debian', more: 'apt-lists: lists' })],
        rule,
      ),
    })
    return site
  }

  function fileOf(site: Site, name: string): string {
    return readFileSync(path.join(site.folder, name), 'latin1')
  }

  it('is none where the policy reads all that apt saw', async () => {
    const site = await withLists()
    expect(readdirSync(path.join(site.folder, 'lists'))).toHaveLength(4)
    const { predicate } = await runSite(site)
    expect([predicate.verdict, predicate.otherArchives]).toEqual(['pass', undefined])
  })

  it('is none where an index of the policy is there in a form that cannot be read: that is told by itself', async () => {
    const site = await withLists()
    const index = path.join(site.folder, 'lists/snapshots.example_debian_dists_made_main_binary-amd64_Packages')
    renameSync(index, `${index}.lz4`)
    const { predicate } = await runSite(site)
    expect([predicate.verdict, predicate.otherArchives]).toEqual(['undecided', undefined])
    expect(predicate.archives[0]?.unread).toMatchObject([{ code: 'COMPRESSION' }])
  })

  it.each([
    ['a release file of another archive', 'evil.example_dists_x_InRelease'],
    ['one with its signature beside it', 'evil.example_dists_x_Release'],
    ['an index without any release file', 'evil.example_._Packages'],
    [
      'an index of another component of a suite that is read',
      'snapshots.example_debian_dists_made_contrib_binary-amd64_Packages',
    ],
    [
      'an index of another architecture, compressed',
      'snapshots.example_debian_dists_made_main_binary-i386_Packages.xz',
    ],
  ])('leaves the release undecided: %s', async (_, file) => {
    const { predicate, summary } = await runSite(await withLists({ [`lists/${file}`]: 'x' }))
    expect(predicate.verdict).toBe('undecided')
    expect(predicate.otherArchives).toMatchObject({ action: 'fail', found: [{ files: [file] }] })
    expect(summary).toContain("the build's apt saw archives that the policy does not name")
  })

  it('may be ignored for a reason, which the report tells', async () => {
    const rule = 'other-archives: { ignore: "debug symbols, nothing is installed from them" }\n'
    const { predicate, summary } = await runSite(await withLists({ 'lists/debug.example_InRelease': 'x' }, rule))
    expect([predicate.verdict, predicate.otherArchives?.reason]).toEqual([
      'pass',
      'debug symbols, nothing is installed from them',
    ])
    expect(summary).toContain('ignored by the policy: debug symbols')
  })

  it('does not matter where the hash of everything that was used is known', async () => {
    const site = await withLists({ 'lists/evil.example_InRelease': 'x' })
    site.put({
      'build.packages': `'http://a/h.deb' hello_1.0-1_amd64.deb ${good.bytes.length} SHA256:${good.sha256}\n`,
    })
    const { predicate } = await runSite(site)
    expect([predicate.verdict, predicate.otherArchives?.found.length]).toEqual(['pass', 1])
  })
})

import { rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { listName } from '../../src/archive/apt-lists.ts'
import { systemPolicy } from '../../src/policy/system-policy.ts'
import { archiveFiles, deb, type MadeDeb, upstreamKey } from '../making/archive-folder.ts'
import { AT, keyringFile } from '../making/signed-archive.ts'
import { newSite, removeSites, runSite, type Site } from '../making/site.ts'

afterEach(removeSites)

const HELLO = deb('hello')
const DATA = deb('hello-data', { architecture: 'all' })

function statusText(debs: readonly MadeDeb[]): string {
  return debs
    .map(
      ({ name, version, architecture }) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: ${architecture}\nDescription: x\n`,
    )
    .join('\n')
}

/** A folder with a Debian system in root/, whose only source is the archive in upstream/. */
async function systemSite(installed: readonly MadeDeb[], listed = installed): Promise<Site & { root: string }> {
  const site = await newSite()
  await site.archive('upstream', { key: await upstreamKey(), debs: listed })
  site.put({
    'root/etc/apt/sources.list': `deb [signed-by=/etc/apt/keyrings/made.gpg] file://${site.folder}/upstream made main\n`,
    'root/etc/apt/keyrings/made.gpg': keyringFile([await upstreamKey()]),
    'root/var/lib/dpkg/arch': 'amd64\ni386\n',
    'root/var/lib/dpkg/status': statusText(installed),
  })
  return { ...site, root: path.join(site.folder, 'root') }
}

async function policyOf(site: { root: string }, fromLists = false) {
  const warnings: string[] = []
  const policy = await systemPolicy({ root: site.root, fromLists, warn: (message) => warnings.push(message), at: AT })
  return { policy, warnings }
}

describe('a system', () => {
  it('is verified against its own sources, by its own keys and without a policy', async () => {
    const site = await systemSite([HELLO, DATA])
    const { predicate, of } = await runSite(site, { system: true, root: site.root, policy: 'not read' })
    expect(predicate).toMatchObject({
      verdict: 'pass',
      counts: { identical: 2 },
      lists: [{ name: 'status', format: 'dpkg-status' }],
    })
    expect(of('hello')).toMatchObject({ sha256: HELLO.sha256, architecture: 'amd64', archive: 'upstream' })
  })

  it('with a package that no source lists fails', async () => {
    const site = await systemSite([HELLO, DATA], [HELLO])
    const { predicate, of } = await runSite(site, { system: true, root: site.root })
    expect([predicate.verdict, of('hello-data').verdict]).toEqual(['fail', 'unlisted'])
  })

  it('may be given another list of packages', async () => {
    const site = await systemSite([HELLO, DATA], [HELLO])
    site.put({ list: 'hello=1.0-1\n' })
    const packages = [{ path: path.join(site.folder, 'list'), format: 'auto' }]
    expect((await runSite(site, { system: true, root: site.root, packages })).predicate).toMatchObject({
      verdict: 'pass',
    })
  })

  it('is verified without network against what its apt fetched last', async () => {
    const site = await systemSite([HELLO])
    const start = listName(pathToFileURL(`${site.folder}/upstream/`), 'made')
    const seen = await archiveFiles({ key: await upstreamKey(), debs: [HELLO] })
    site.put({
      [`root/var/lib/apt/lists/${start}InRelease`]: seen['dists/made/InRelease'] ?? '',
      [`root/var/lib/apt/lists/${start}main_binary-amd64_Packages`]:
        seen['dists/made/main/binary-amd64/Packages'] ?? '',
    })
    rmSync(path.join(site.folder, 'upstream'), { recursive: true })
    const { of } = await runSite(site, { system: true, root: site.root, offline: true })
    expect(of('hello')).toMatchObject({ verdict: 'identical', hashFrom: 'apt-lists' })
  })

  it('that has no source, or is none, says so', async () => {
    const site = await systemSite([HELLO])
    site.put({ 'root/etc/apt/sources.list': '# nothing\n' })
    await expect(policyOf(site)).rejects.toMatchObject({
      code: 'POLICY',
      message: expect.stringContaining('has no apt source'),
    })
    await expect(policyOf({ root: path.join(site.folder, 'keys') })).rejects.toMatchObject({ code: 'POLICY' })
  })
})

describe('the policy of a system', () => {
  it('leaves out a source with arch-=all, of which apt reads no binary-all index', async () => {
    const site = await newSite()
    const line = (host: string, option: string): string =>
      `deb [${option} signed-by=/etc/apt/keyrings/made.gpg] http://${host}/ s main\n`
    const sources = `${line('without.example', 'arch-=all')}${line('with.example', 'arch-=i386')}`
    site.put({
      'root/etc/apt/sources.list': sources,
      'root/var/lib/dpkg/status': 'Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
    })
    const warnings: string[] = []
    const policy = await systemPolicy({
      root: path.join(site.folder, 'root'),
      fromLists: false,
      at: AT,
      warn: (message) => warnings.push(message),
    })
    expect(policy.archives.map(({ served: { area } }) => area.base.href)).toEqual(['http://with.example/'])
    expect(warnings).toContainEqual(expect.stringMatching(/left out: it takes the architecture all away/))
  })

  it('leaves out a source with trusted=no, of which apt believes nothing whoever signed it', async () => {
    const site = await systemSite([HELLO])
    const line = (host: string, trusted: string): string =>
      `deb [trusted=${trusted} signed-by=/etc/apt/keyrings/made.gpg] http://${host}/ s main\n`
    site.put({ 'root/etc/apt/sources.list': `${line('distrusted.example', 'no')}${line('trusted.example', 'yes')}` })
    const { policy, warnings } = await policyOf(site)
    expect(policy.archives.map(({ served: { area } }) => area.base.href)).toEqual(['http://trusted.example/'])
    expect(warnings).toEqual([expect.stringMatching(/sources\.list:1: this source is left out: it says trusted=no/)])
  })

  it.each(['include=hello', 'snapshot=20260101T000000Z', 'inrelease-path=x/InRelease'])(
    'leaves out a source with %s: apt takes less of it than it signs',
    async (option) => {
      const site = await systemSite([HELLO])
      const line = (host: string, options: string): string =>
        `deb [${options}signed-by=/etc/apt/keyrings/made.gpg] http://${host}/ s main\n`
      site.put({ 'root/etc/apt/sources.list': `${line('part.example', `${option} `)}${line('whole.example', '')}` })
      const { policy, warnings } = await policyOf(site)
      expect(policy.archives.map(({ served: { area } }) => area.base.href)).toEqual(['http://whole.example/'])
      expect(warnings).toEqual([
        expect.stringContaining(`this source is left out: with ${option} apt takes less of it`),
      ])
    },
  )

  it('requires every package to be what a source signed; sources of one archive are taken together', async () => {
    const site = await systemSite([HELLO])
    const line = (suite: string, options = 'signed-by=/etc/apt/keyrings/made.gpg'): string =>
      `deb [${options}] http://ftp.debian.org/debian ${suite} main\n`
    site.put({
      'root/etc/apt/sources.list': `${line('bookworm')}${line('bookworm-updates')}deb-src http://h/ s main\n${line('sid', 'arch=i386')}`,
    })
    const { policy } = await policyOf(site)
    expect(
      policy.archives.map(({ name, served: { area } }) => [name, area.base.href, area.suites, area.architectures]),
    ).toEqual([
      ['debian', 'http://ftp.debian.org/debian/', ['bookworm', 'bookworm-updates'], ['amd64', 'i386']],
      ['debian-2', 'http://ftp.debian.org/debian/', ['sid'], ['i386']],
    ])
    for (const archive of policy.archives)
      expect(archive).toMatchObject({ require: 'identical', servedByUpstream: true })
    expect(policy.exceptions).toEqual([])
  })

  it('leaves out, with a warning, what it cannot read', async () => {
    const site = await systemSite([HELLO])
    const good = `deb [signed-by=/etc/apt/keyrings/made.gpg] file://${site.folder}/upstream made main\n`
    const bad = ['cdrom:[Debian]/ s main', 'http://me:secret@h/ s main', 'tor+http://h/ s main'].map(
      (rest) => `deb ${rest}\n`,
    )
    site.put({ 'root/etc/apt/sources.list': bad.join('') + good })
    const { policy, warnings } = await policyOf(site)
    expect(policy.archives).toHaveLength(1)
    expect(warnings).toHaveLength(3)
    expect(warnings.join()).not.toContain('secret')
  })

  it('has no key where the keyring of a source is missing: its packages are undecided', async () => {
    const site = await systemSite([HELLO])
    rmSync(path.join(site.root, 'etc/apt/keyrings/made.gpg'))
    const { predicate, warnings } = await runSite(site, { system: true, root: site.root })
    expect(predicate).toMatchObject({ verdict: 'undecided', counts: { undecided: 1 } })
    expect(warnings).toEqual([
      expect.stringMatching(/sources\.list:1: the keyring \/etc\/apt\/keyrings\/made\.gpg cannot be read/),
    ])
  })

  it('changes its hash with its sources', async () => {
    const site = await systemSite([HELLO])
    const before = (await policyOf(site)).policy.sha256
    expect((await policyOf(site)).policy.sha256).toBe(before)
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=/etc/apt/keyrings/made.gpg] file://${site.folder}/upstream other main\n`,
    })
    expect((await policyOf(site)).policy.sha256).not.toBe(before)
  })
})

import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { listName } from '../../src/archive/apt-lists.ts'
import { firstPolicy } from '../../src/policy/first-policy.ts'
import { parsePolicy } from '../../src/policy/parse-policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import type { RawArchive } from '../../src/policy/policy-schema.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { archiveFiles, deb, type MadeDeb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { AT } from '../making/signed-archive.ts'
import { newSite, removeSites, runSite, type Site } from '../making/site.ts'

afterEach(removeSites)

const OWN = '/etc/apt/keyrings/made.asc'
const DEBIAN = '/usr/share/keyrings/debian-archive-keyring.gpg'
const SHIPPED = readFileSync('keyrings/debian.asc', 'utf8')

/** A system with these sources; the keyrings hold the same key that Debian does not have. */
async function systemWith(sources: string, keyrings: readonly string[] = [OWN]): Promise<Site & { root: string }> {
  const site = await newSite()
  const key = (await upstreamKey()).toPublic().armor()
  site.put({
    'root/etc/apt/sources.list': sources,
    'root/var/lib/dpkg/arch': 'amd64\n',
    ...Object.fromEntries(keyrings.map((file) => [`root${file}`, key])),
  })
  return { ...site, root: path.join(site.folder, 'root') }
}

/** What apt fetched of a source: its release file with these fields, and an index with these packages. */
async function fetched(
  { put }: Site,
  [url, suite]: readonly [url: string, suite: string],
  { debs = [], ...fields }: { readonly debs?: readonly MadeDeb[]; readonly [field: string]: unknown },
): Promise<void> {
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  const files = await archiveFiles({ key: await projectKey(), debs, fields: texts })
  const start = `root/var/lib/apt/lists/${listName(new URL(url), suite)}`
  put({
    [`${start}InRelease`]: files['dists/made/InRelease'] ?? '',
    [`${start}main_binary-amd64_Packages`]: files['dists/made/main/binary-amd64/Packages'] ?? '',
  })
}

async function written({ root }: { root: string }, at = AT) {
  const { text, open, keys } = await firstPolicy(root, at)
  // A place that is left open is refused: see below.
  const archives: Record<string, RawArchive> = parsePolicy(text.replaceAll(/: FIXME$/gm, ': "file:open"'), 'p').archives
  return { text, open, keys, archives, upstreams: Object.values(archives).map(({ upstream }) => upstream) }
}

describe('a first policy of a system whose sources Debian signs', () => {
  it('trusts the shipped keyring, whatever the file is called that holds the keys', async () => {
    for (const file of [DEBIAN, '/etc/apt/keyrings/any.asc']) {
      const site = await systemWith(`deb [signed-by=${file}] http://h/debian s main\n`, [])
      site.put({ [`root${file}`]: SHIPPED })
      const { archives, open } = await written(site)
      expect(archives['debian']).toMatchObject({ upstream: [{ url: 'http://h/debian/', 'signed-by': 'debian' }] })
      expect(archives['debian']).not.toHaveProperty('url')
      expect(open).toBe(0)
    }
    const site = await systemWith('deb http://h/debian s main\n', [])
    site.put({ 'root/etc/apt/trusted.gpg.d/debian-archive-bookworm-stable.asc': SHIPPED })
    expect((await written(site)).upstreams).toMatchObject([[{ 'signed-by': 'debian' }]])
  })

  it('names an archive once for all its suites', async () => {
    const line = (suite: string): string =>
      `deb [signed-by=${DEBIAN}] http://ftp.debian.org/debian ${suite} main contrib\n`
    const site = await systemWith(line('bookworm') + line('bookworm-updates'), [])
    site.put({ [`root${DEBIAN}`]: SHIPPED })
    expect((await written(site)).archives).toMatchObject({
      debian: { suites: ['bookworm', 'bookworm-updates'], components: ['main', 'contrib'], architectures: ['amd64'] },
    })
  })

  it('keeps the fingerprints that restrict its keyring', async () => {
    const fingerprint = '4D64FEC119C2029067D6E791F8D2585B8783D481'
    const site = await systemWith(`deb [signed-by=${DEBIAN},${fingerprint}!] http://h/debian s main\n`, [])
    site.put({ [`root${DEBIAN}`]: SHIPPED })
    expect((await written(site)).upstreams).toMatchObject([[{ 'signed-by': ['debian', `${fingerprint}!`] }]])
  })

  it('knows by what apt kept that Debian signed it, where the keys of all sources are together', async () => {
    const site = await systemWith(
      'deb http://h/debian-security trixie-security main\ndeb http://third.example/ stable main\n',
      ['/etc/apt/trusted.gpg.d/third.asc'],
    )
    const start = listName(new URL('http://h/debian-security/'), 'trixie-security')
    site.put({
      'root/etc/apt/trusted.gpg.d/debian.asc': SHIPPED,
      [`root/var/lib/apt/lists/${start}InRelease`]: readFileSync(
        'examples/release/upstream/dists/trixie-security/InRelease',
      ),
    })
    const { archives, open } = await written(site, new Date('2026-11-22T00:00:00Z'))
    expect(archives['debian-security']).toMatchObject({ upstream: [{ 'signed-by': 'debian' }] })
    expect(archives['debian-security']).not.toHaveProperty('url')
    expect(archives['third.example']).toMatchObject({ url: 'http://third.example/' })
    expect(open).toBe(1)
  })
})

describe('a first policy of a system whose sources somebody else signs', () => {
  it("is no proof that Debian signed them when a keyring is called like Debian's", async () => {
    for (const file of [DEBIAN, '/usr/share/keyrings/debian-archive-bookworm-stable.asc']) {
      const site = await systemWith(`deb [signed-by=${file}] http://h/debian s main\n`, [file])
      const { archives, open } = await written(site)
      expect(archives['debian']).toMatchObject({ url: 'http://h/debian/', 'signed-by': [path.join(site.root, file)] })
      expect(open).toBe(1)
    }
    const mixed = await systemWith(`deb [signed-by=${DEBIAN}] http://h/debian s main\n`, [])
    mixed.put({ [`root${DEBIAN}`]: `${SHIPPED}\n${(await upstreamKey()).toPublic().armor()}` })
    expect((await written(mixed)).open).toBe(1)
  })

  it('is refused by verify, line by line and with what to write, until somebody says whose packages they are', async () => {
    const hello = deb('hello')
    const site = await systemWith('')
    await site.archive('snapshot', { key: await upstreamKey(), debs: [hello] })
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=${OWN}] file://${site.folder}/snapshot made main\n`,
      'root/var/lib/dpkg/status': 'Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n',
    })
    const { text, open } = await firstPolicy(site.root, AT)
    site.put({ 'debproof.yml': text })
    const lines = text.split('\n').flatMap((line, index) => (/: FIXME$/.test(line) ? [index + 1] : []))
    expect([open, lines]).toEqual([1, [expect.any(Number), expect.any(Number)]])
    await expect(runSite(site)).rejects.toMatchObject({
      code: 'POLICY',
      message: expect.stringMatching(
        new RegExp(
          `debproof.yml:${lines[0]}: archives.snapshot.upstream.0.url is still FIXME.*: write the archive that first ` +
            `distributed the packages.*\n.*debproof.yml:${lines[1]}: archives.snapshot.upstream.0.signed-by is still ` +
            'FIXME.*: write whose keys sign there, `debian` or a keyring file.$',
        ),
      ),
    })
  })

  it("takes one for a copy of Debian that says so, and asks for Debian's own signature", async () => {
    const line = (suite: string): string => `deb [signed-by=${OWN}] http://snapshots.example/debian ${suite} main\n`
    const site = await systemWith(line('stable') + line('stable-security'))
    const at = (suite: string) => ['http://snapshots.example/debian/', suite] as const
    await fetched(site, at('stable'), { Origin: 'Debian', Label: 'Debian', Codename: 'trixie' })
    await fetched(site, at('stable-security'), {
      ...{ Origin: 'Debian', Label: 'Debian-Security', Codename: 'trixie-security' },
    })
    const { archives, open, text } = await written(site)
    expect(archives).toMatchObject({
      debian: {
        url: 'http://snapshots.example/debian/',
        'signed-by': [path.join(site.root, OWN)],
        upstream: [
          { url: 'http://ftp.debian.org/debian', 'signed-by': 'debian', suites: ['trixie'] },
          { url: 'http://security.debian.org/debian-security', 'signed-by': 'debian', suites: ['trixie-security'] },
        ],
      },
    })
    expect(open).toBe(0)
    expect(text).toContain('The release file of "stable" names Debian as its Origin.')
  })

  it("names the mirror of Debian's that the system has already", async () => {
    const site = await systemWith(
      `deb [signed-by=${OWN}] http://snapshots.example/copy trixie main\ndeb [signed-by=${DEBIAN}] http://near.example/debian trixie main\n`,
    )
    site.put({ [`root${DEBIAN}`]: SHIPPED })
    await fetched(site, ['http://snapshots.example/copy/', 'trixie'], { Origin: 'Debian', Codename: 'trixie' })
    const { archives } = await written(site)
    expect(archives['copy']?.upstream).toEqual([{ url: 'http://near.example/debian/', 'signed-by': 'debian' }])
  })

  it('takes one for a copy of Debian that has its codename and base packages, and not a vendor that has the first alone', async () => {
    const site = await systemWith(
      `deb [signed-by=${OWN}] http://derivative.example/all trixie main\ndeb [signed-by=${OWN}] http://deb.example/vendor trixie main\n`,
    )
    const base = ['base-files', 'bash', 'dpkg', 'zsh'].map((name) => deb(name))
    const named = { Origin: 'Example', Codename: 'trixie' }
    await fetched(site, ['http://derivative.example/all/', 'trixie'], { ...named, debs: base })
    await fetched(site, ['http://deb.example/vendor/', 'trixie'], { ...named, debs: base.slice(1) })
    const { archives, open, text } = await written(site)
    expect(archives['all']?.upstream).toEqual([{ url: 'http://ftp.debian.org/debian', 'signed-by': 'debian' }])
    expect([open, archives['vendor']?.upstream]).toEqual([1, [{ url: 'file:open', 'signed-by': 'file:open' }]])
    expect(text).toContain('The release file of "trixie" says Origin: "Example", Codename: "trixie".')
  })

  it('leaves the place open for those suites alone of which nothing is known', async () => {
    const line = (suite: string): string => `deb [signed-by=${OWN}] http://snapshots.example/mix ${suite} main\n`
    const site = await systemWith(line('trixie') + line('extra'))
    await fetched(site, ['http://snapshots.example/mix/', 'trixie'], { Origin: 'Debian', Codename: 'trixie' })
    expect((await written(site)).archives['mix']?.upstream).toEqual([
      { url: 'http://ftp.debian.org/debian', 'signed-by': 'debian', suites: ['trixie'] },
      { url: 'file:open', 'signed-by': 'file:open', suites: ['extra'] },
    ])
  })

  it.each([
    ['any', { Codename: 'jammy', Suite: 'stable' }, 'jammy'],
    ['any', { Codename: '', Suite: '22.04 LTS' }, '22.04 LTS'],
    ['stable', { Codename: 'jammy', Suite: 'stable' }, undefined],
    ['jammy/updates', { Codename: 'jammy', Suite: 'x' }, undefined],
    ['any', { Codename: '', Suite: '' }, undefined],
  ])('names what the release file of the suite %s says, where it is another: %o', async (suite, fields, name) => {
    const site = await systemWith(`deb [signed-by=${OWN}] http://h/vendor ${suite} main\n`)
    await fetched(site, ['http://h/vendor/', suite], fields)
    const vendor = await written(site)
    expect(vendor.archives['vendor']?.['release-name']).toBe(name)
    // The archive as its own upstream is asked for the same name.
    expect(vendor.text.match(/release-name: .*/g) ?? []).toHaveLength(name === undefined ? 0 : 2)
    const shipped = await systemWith(`deb [signed-by=${DEBIAN}] http://h/debian ${suite} main\n`, [])
    shipped.put({ [`root${DEBIAN}`]: SHIPPED })
    await fetched(shipped, ['http://h/debian/', suite], fields)
    expect((await written(shipped)).upstreams[0]?.[0]?.['release-name']).toBe(name)
  })

  it('is a policy whatever an archive says of itself', async () => {
    const site = await systemWith(`deb [signed-by=${OWN}] http://h/vendor s main\n`)
    // Of blanks alone it would be no value, and on a line of its own no release file.
    const word = fc.stringMatching(/^[\x20-\x7e\x85\xa0-\xff]{1,80}$/).map((text) => `w${text}`)
    await fc.assert(
      fc.asyncProperty(word, word, async (one, two) => {
        // A field may go on in the next line.
        await fetched(site, ['http://h/vendor/', 's'], { Origin: `${one}\n ${two}`, Codename: `x\n  - url: ${two}` })
        const { archives, open, text } = await written(site)
        expect(text).toContain('The release file of "s" says Origin: "')
        expect(Object.keys(archives)).toEqual(['vendor'])
        expect([open, archives['vendor']?.upstream]).toEqual([1, [{ url: 'file:open', 'signed-by': 'file:open' }]])
      }),
      { numRuns: 30 },
    )
  })

  it('writes inline keys to files of their own', async () => {
    const site = await systemWith('')
    const key = (await upstreamKey()).toPublic().armor().trimEnd().split(/\r?\n/)
    const lines = key.map((line) => ` ${line === '' ? '.' : line}\n`).join('')
    site.put({
      'root/etc/apt/sources.list.d/own.sources': `Types: deb\nURIs: https://deb.example/\nSuites: stable\nComponents: main\nSigned-By:\n${lines}`,
    })
    const { text, keys } = await firstPolicy(site.root, AT)
    expect([...keys.keys()]).toEqual(['keys/deb.example.asc'])
    site.put({
      'debproof.yml': text.replaceAll('FIXME', 'keys/deb.example.asc').replace('url: keys', 'url: file:keys'),
      ...Object.fromEntries(keys),
    })
    const { archives } = await (
      await readPolicy(path.join(site.folder, 'debproof.yml'), { environment: {}, now: new Date(), files: filesOnDisk })
    ).resolve({})
    expect(archives[0]?.served.keyring.certificates[0]?.getFingerprint()).toBe((await upstreamKey()).getFingerprint())
  })

  it('keeps the fingerprints that restrict a keyring', async () => {
    const fingerprint = (await upstreamKey()).getFingerprint().toUpperCase()
    const site = await systemWith(`deb [signed-by=${OWN},${fingerprint}!] http://h/debian s main\n`)
    expect((await written(site)).archives['debian']?.['signed-by']).toEqual([
      path.join(site.root, OWN),
      `${fingerprint}!`,
    ])
  })
})

describe('a first policy of a derivative', () => {
  /** The system of a project whose snapshot, signed by the project, serves `served` of what the upstream distributed. */
  async function derivative(served: MadeDeb, distributed: MadeDeb) {
    const site = await newSite()
    await site.archive('snapshot', { key: await projectKey(), debs: [served], fields: { Origin: 'Debian' } })
    await site.archive('upstream', { key: await upstreamKey(), debs: [distributed] })
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=${OWN}] file://${site.folder}/snapshot made main\n`,
      [`root${OWN}`]: (await projectKey()).toPublic().armor(),
      'root/var/lib/dpkg/arch': 'amd64\n',
      'root/var/lib/dpkg/status': `Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n`,
    })
    const { text } = await firstPolicy(path.join(site.folder, 'root'), AT)
    const named = text.replace('url: FIXME', 'url: file:upstream').replace('by: FIXME', 'by: keys/upstream.asc')
    return { site, text, named }
  }

  it('finds the .deb that the snapshot changed, once the upstream is named, and refuses before', async () => {
    const { site, text, named } = await derivative(deb('hello', { content: 'changed' }), deb('hello'))
    site.put({ 'debproof.yml': text })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'POLICY' })
    site.put({ 'debproof.yml': named })
    expect((await runSite(site)).predicate).toMatchObject({ verdict: 'fail', counts: { mismatch: 1 } })
  })

  it('passes an honest snapshot once the upstream is named', async () => {
    const { site, named } = await derivative(deb('hello'), deb('hello'))
    site.put({ 'debproof.yml': named })
    const { predicate } = await runSite(site)
    expect(predicate).toMatchObject({ verdict: 'pass', counts: { identical: 1 } })
    expect(predicate.archives.map(({ selfVouched }) => selfVouched)).toEqual([undefined])
  })
})

describe('a first policy', () => {
  it('does not trust Debian for a source that has no key at all', async () => {
    const site = await systemWith(
      `deb http://third.example/ s main\ndeb [signed-by=${DEBIAN}] http://h/debian s main\n`,
      [],
    )
    site.put({ [`root${DEBIAN}`]: SHIPPED })
    const { text, archives } = await written(site)
    expect(Object.keys(archives)).toEqual(['debian'])
    expect(text).toContain('http://third.example/ is left out: neither the source nor the system names a key for it.')
  })

  it('leaves out, and says so, what cannot be read, nor its keyring', async () => {
    const site = await systemWith(
      `deb cdrom:[Debian]/ s main\ndeb [signed-by=/no.gpg] http://gone.example/ s main\ndeb [signed-by=${OWN}] http://h/debian s main\n`,
    )
    const { text, archives } = await written(site)
    expect(Object.keys(archives)).toEqual(['debian'])
    expect(text).toMatch(/# .*sources\.list:1.* is left out/)
    expect(text).toMatch(/# .*sources\.list:2: http:\/\/gone\.example\/ is left out: its keyring cannot be read\./)
  })

  it('names no source of which apt believes nothing', async () => {
    const site = await systemWith(
      `deb [trusted=no signed-by=${OWN}] http://third.example/ s main\ndeb [signed-by=${OWN}] http://h/debian s main\n`,
    )
    const { text, archives } = await written(site)
    expect(Object.keys(archives)).toEqual(['debian'])
    expect(text).toMatch(/# .*sources\.list:1 is left out: it says trusted=no/)
  })

  it('cannot be written for a system without a source', async () => {
    const { root } = await systemWith('# nothing\n')
    await expect(firstPolicy(root, AT)).rejects.toMatchObject({ code: 'POLICY' })
  })
})

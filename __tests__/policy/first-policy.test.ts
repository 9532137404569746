import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { firstPolicy } from '../../src/policy/first-policy.ts'
import { parsePolicy } from '../../src/policy/parse-policy.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { deb, upstreamKey } from '../making/archive-folder.ts'
import { newSite, removeSites, runSite, type Site } from '../making/site.ts'

afterEach(removeSites)

const OWN = '/etc/apt/keyrings/made.asc'

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

async function signedBy(sources: string, keyrings?: readonly string[]) {
  const { root } = await systemWith(sources, keyrings)
  const { archives } = parsePolicy(firstPolicy(root).text, 'debproof.yml')
  return { root, found: Object.values(archives).map(({ upstream }) => upstream?.[0]?.['signed-by']) }
}

describe('a first policy', () => {
  it('of a system is one that proves its packages', async () => {
    const hello = deb('hello')
    const site = await systemWith('')
    await site.archive('upstream', { key: await upstreamKey(), debs: [hello] })
    site.put({
      'root/etc/apt/sources.list': `deb [signed-by=${OWN}] file://${site.folder}/upstream made main\n`,
      'root/var/lib/dpkg/status': 'Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n',
    })
    site.put({ 'debproof.yml': firstPolicy(site.root).text })
    expect((await runSite(site)).predicate).toMatchObject({ verdict: 'pass', counts: { identical: 1 } })
  })

  it('names an archive once for all its suites', async () => {
    const line = (suite: string): string =>
      `deb [signed-by=${OWN}] http://ftp.debian.org/debian ${suite} main contrib\n`
    const { root } = await systemWith(line('bookworm') + line('bookworm-updates'))
    expect(parsePolicy(firstPolicy(root).text, 'debproof.yml').archives).toMatchObject({
      debian: { suites: ['bookworm', 'bookworm-updates'], components: ['main', 'contrib'], architectures: ['amd64'] },
    })
  })

  it('writes inline keys to files of their own', async () => {
    const site = await systemWith('')
    const key = (await upstreamKey()).toPublic().armor().trimEnd().split(/\r?\n/)
    const lines = key.map((line) => ` ${line === '' ? '.' : line}\n`).join('')
    site.put({
      'root/etc/apt/sources.list.d/own.sources': `Types: deb\nURIs: https://deb.example/\nSuites: stable\nComponents: main\nSigned-By:\n${lines}`,
    })
    const { text, keys } = firstPolicy(site.root)
    expect([...keys.keys()]).toEqual(['keys/deb.example.asc'])
    site.put({ 'debproof.yml': text, ...Object.fromEntries(keys) })
    const { archives } = await (
      await readPolicy(path.join(site.folder, 'debproof.yml'), { environment: {}, now: new Date(), files: filesOnDisk })
    ).resolve({})
    expect(archives[0]?.served.keyring.certificates[0]?.getFingerprint()).toBe((await upstreamKey()).getFingerprint())
  })

  it("takes the shipped keyring for Debian's own, under any of its names", async () => {
    for (const name of [
      'debian-archive-keyring.gpg',
      'debian-archive-keyring.pgp',
      'debian-archive-bookworm-stable.asc',
    ]) {
      const { found } = await signedBy(`deb [signed-by=/usr/share/keyrings/${name}] http://h/debian s main\n`, [])
      expect(found).toEqual(['debian'])
    }
    const global = await signedBy('deb http://h/debian s main\n', [
      '/etc/apt/trusted.gpg.d/debian-archive-bookworm-stable.asc',
    ])
    expect(global.found).toEqual(['debian'])
  })

  it('keeps the fingerprints that restrict a keyring', async () => {
    const fingerprint = (await upstreamKey()).getFingerprint().toUpperCase()
    const own = await signedBy(`deb [signed-by=${OWN},${fingerprint}!] http://h/debian s main\n`)
    expect(own.found).toEqual([[path.join(own.root, OWN), `${fingerprint}!`]])
    const shipped = '/usr/share/keyrings/debian-archive-keyring.gpg'
    const { found } = await signedBy(`deb [signed-by=${shipped},${fingerprint}] http://h/debian s main\n`, [])
    expect(found).toEqual([['debian', fingerprint]])
  })

  it('does not trust Debian for a source that has no key at all', async () => {
    const { root } = await systemWith(
      `deb http://third.example/ s main\ndeb [signed-by=${OWN}] http://h/debian s main\n`,
      [],
    )
    const { text } = firstPolicy(root)
    expect(Object.keys(parsePolicy(text, 'debproof.yml').archives)).toEqual(['debian'])
    expect(text).toContain('http://third.example/ is left out: neither the source nor the system names a key for it.')
  })

  it('leaves out, and says so, what cannot be read', async () => {
    const { root } = await systemWith(`deb cdrom:[Debian]/ s main\ndeb [signed-by=${OWN}] http://h/debian s main\n`)
    const { text } = firstPolicy(root)
    expect(Object.keys(parsePolicy(text, 'debproof.yml').archives)).toEqual(['debian'])
    expect(text).toMatch(/# .*sources\.list:1.* is left out/)
  })

  it('names no source of which apt believes nothing', async () => {
    const { root } = await systemWith(
      `deb [trusted=no signed-by=${OWN}] http://third.example/ s main\ndeb [signed-by=${OWN}] http://h/debian s main\n`,
    )
    const { text } = firstPolicy(root)
    expect(Object.keys(parsePolicy(text, 'debproof.yml').archives)).toEqual(['debian'])
    expect(text).toMatch(/# .*sources\.list:1 is left out: it says trusted=no/)
  })

  it('cannot be written for a system without a source', async () => {
    const { root } = await systemWith('# nothing\n')
    expect(() => firstPolicy(root)).toThrow(expect.objectContaining({ code: 'POLICY' }))
  })
})

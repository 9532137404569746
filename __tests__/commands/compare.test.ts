import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { compareCommand } from '../../src/commands/compare.ts'
import { MAX_REPORTED_FILES } from '../../src/limits.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { AT } from '../making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, type Site, snapshotSite } from '../making/site.ts'
import { type CliResult, call } from './cli.ts'

afterEach(removeSites)

const good = deb('hello')
const library = deb('library')
const evil = deb('helpful-tool', { content: 'calls itself hello' })

async function compare({ folder }: Site, ...words: readonly string[]): Promise<CliResult> {
  const policy = ['--policy', path.join(folder, 'debproof.yml')]
  return await call(compareCommand, [...words, ...policy, '--at', AT.toISOString()])
}

describe('compare', () => {
  it('ends with 0 where somebody vouches for everything, and tells what of the upstream is not there', async () => {
    const { code, out } = await compare(await snapshotSite([good], [good, library]))
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe('PASS: somebody vouches for everything that is listed.')
    expect(out).toContain('lists 1 .deb: 1 vouched for, 0 by nobody')
    expect(out).toMatch(/lacks 1 of the upstream at file:.*\n {4}library 1.0-1 amd64 [0-9a-f]{64} \(made main/)
  })

  it('ends with 1 where there is a file that nobody vouches for, and names it', async () => {
    const { code, out } = await compare(await snapshotSite([good, evil], [good]))
    expect(code).toBe(1)
    expect(out).toContain(`    helpful-tool 1.0-1 amd64 ${evil.sha256} (made main/binary-amd64/Packages)\n`)
  })

  it('says where the keys that sign an archive vouch for it too', async () => {
    const site = await snapshotSite([good])
    expect((await compare(site)).out).not.toContain('its own word')
    const own = archivePolicy({ upstream: 'file:snapshot' }).replace('keys/upstream.asc', 'keys/project.gpg')
    site.put({ 'debproof.yml': policyText([own]) })
    const { code, out } = await compare(site)
    const key = (await projectKey()).getFingerprint().toUpperCase()
    expect([code, out]).toEqual([0, expect.stringContaining(`which is its own word: ${key}`)])
    expect(JSON.parse((await compare(site, '--json')).out).archives[0].ownKeys).toEqual([key])
  })

  it('needs no package list', async () => {
    const site = await snapshotSite([good])
    rmSync(path.join(site.folder, 'build.packages'))
    expect((await compare(site)).code).toBe(0)
  })

  it.each(['snapshot', 'upstream'])('ends with 3 where the %s cannot be read', async (folder) => {
    const site = await snapshotSite([good])
    rmSync(path.join(site.folder, folder), { recursive: true })
    const { code, out } = await compare(site)
    expect([code, out.split('\n')[0]]).toEqual([3, 'UNDECIDED: not everything could be read.'])
  })

  it('compares one archive where one is named, and every other may vouch for it', async () => {
    const site = await snapshotSite([good, evil], [good, library])
    await site.archive('own', { key: await projectKey(), debs: [library] })
    const own = archivePolicy({ name: 'own', url: 'file:own', require: 'reproduced', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), own]) })
    const { code, out } = await compare(site, 'own', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'pass',
      archives: [{ name: 'own', unproven: { listed: 1, count: 0 }, missing: null, unread: [] }],
    })
    expect((await compare(site)).code).toBe(1)
  })

  it('claims nothing of an archive for which nobody but itself vouches', async () => {
    const site = await snapshotSite([good])
    const upstream = '    upstream:\n      - url: "file:upstream"\n        signed-by: keys/upstream.asc\n'
    const vendor = `  vendor:\n    require: identical\n    suites: [made]\n    architectures: [amd64]\n${upstream}`
    site.put({ 'debproof.yml': policyText([archivePolicy(), vendor]) })
    const headline = async (...words: readonly string[]) => (await compare(site, ...words)).out.split('\n')[0]
    expect(await headline()).toBe(
      'PASS: somebody vouches for everything that was compared. Its own upstream, and so not compared: vendor.',
    )
    expect(await headline('vendor')).toBe('PASS: nothing was compared, for each archive is its own upstream: vendor.')
  })

  it('compares one from which nothing may come only where it is named: nobody vouches for what lies there', async () => {
    const site = await snapshotSite([good])
    await site.archive('nightly', { key: await projectKey(), debs: [evil] })
    const nightly = archivePolicy({ name: 'nightly', url: 'file:nightly', require: 'absent', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), nightly]) })
    expect((await compare(site)).code).toBe(0)
    expect((await compare(site, 'nightly')).code).toBe(1)
  })

  it('names every file with --verbose, and not only as many as a report does', async () => {
    const more = Array.from({ length: MAX_REPORTED_FILES + 5 }, (_, index) => deb(`evil-${index}`, { content: 'evil' }))
    const { out } = await compare(await snapshotSite([good, ...more], [good]), '--verbose')
    expect(out.match(/^ {4}evil-/gm)).toHaveLength(MAX_REPORTED_FILES + 5)
  })

  it('refuses an archive that is not in the policy, and says which one may be meant', async () => {
    const { code, err } = await compare(await snapshotSite([good]), 'debain')
    expect([code, err]).toEqual([2, expect.stringContaining('did you mean debian?')])
  })

  it('shows names from outside as text that no terminal obeys, each on its line', async () => {
    const odd = { ...evil, version: '1.0\x1b[2J' }
    const { code, out } = await compare(await snapshotSite([good, odd], [good]))
    expect(code).toBe(1)
    expect(out).not.toContain('\x1b')
  })
})

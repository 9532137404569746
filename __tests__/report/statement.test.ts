import { readFileSync } from 'node:fs'
import path from 'node:path'
import { safeParse } from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { reportSchema } from '../../src/report/report-schema.ts'
import { deb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { ago, sha256Hex } from '../making/signed-archive.ts'
import { archivePolicy, listText, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const HELLO = deb('hello')
const CHANGED = deb('hello', { content: 'changed by somebody' })
const OTHERS = ['zlib1g', 'adduser', 'libc6'].map((name) => deb(name))
const DROPPED = deb('dropped')
const MISSING = deb('missing')

/** What an exception says of a package that an archive may list which cannot be read. */
const UNREAD = ', version: "1.0-1", verdict: undecided'

/** A site with something of everything: proven, changed, dropped, missing and excepted packages, a part that cannot be read. */
async function mixedSite(): Promise<Site> {
  const site = await snapshotSite(
    [CHANGED, ...OTHERS, DROPPED],
    [HELLO, ...OTHERS],
    [...OTHERS, HELLO, MISSING, DROPPED],
  )
  const own = archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null })
  const exceptions = ['missing', 'dropped', 'unneeded'].map(
    (name) => `  - {package: ${name}, reason: "issue 1", until: 2026-06-02${name === 'missing' ? UNREAD : ''}}\n`,
  )
  site.put({ 'debproof.yml': policyText([archivePolicy(), own], `exceptions:\n${exceptions.join('')}`) })
  return site
}

describe('a report', () => {
  it('fits its own schema, whatever was found', async () => {
    const { report, predicate } = await runSite(await mixedSite(), { release: '7.1' })
    expect(safeParse(reportSchema, JSON.parse(JSON.stringify(report))).issues).toBeUndefined()
    expect(predicate).toMatchObject({
      verdict: 'fail',
      release: '7.1',
      at: '2026-06-01T12:00:00Z',
      counts: { total: 6, identical: 3, excepted: 2, mismatch: 1 },
    })
    expect(predicate.exceptions.map(({ status }) => status)).toEqual(['used', 'used', 'unused'])
    expect(predicate.archives.map(({ name, unread }) => [name, unread.length])).toEqual([
      ['debian', 0],
      ['own', 1],
    ])
  })

  it('is the same byte for byte for the same inputs and the same clock', async () => {
    const site = await mixedSite()
    const bytes = async (): Promise<Buffer> => readFileSync((await runSite(site)).reportPath)
    const first = await bytes()
    for (let again = 0; again < 3; again++) expect((await bytes()).equals(first)).toBe(true)
    const later = await runSite(site, { at: ago(-1) })
    expect(readFileSync(later.reportPath).equals(first)).toBe(false)
  })

  it('lists its packages in the order of their names, and its evidence in that of the hashes', async () => {
    const { predicate } = await runSite(await mixedSite())
    expect(predicate.packages.map(({ name }) => name)).toEqual([
      'adduser',
      'dropped',
      'hello',
      'libc6',
      'missing',
      'zlib1g',
    ])
    expect(Object.keys(predicate.evidence)).toEqual(Object.keys(predicate.evidence).sort())
  })

  it('has each file that a package rests on, under the hash of its bytes, with who signed it', async () => {
    const { predicate, of } = await runSite(await mixedSite())
    for (const { evidence } of predicate.packages) {
      expect(evidence).toEqual([...new Set(evidence)].sort())
      for (const name of evidence) expect(Object.keys(predicate.evidence)).toContain(name)
    }
    const keys = [await projectKey(), await upstreamKey()].map((key) => key.getFingerprint().toUpperCase())
    for (const [name, { url, size, signers }] of Object.entries(predicate.evidence)) {
      const bytes = readFileSync(new URL(url))
      expect([name, size]).toEqual([`sha256:${sha256Hex(bytes)}`, bytes.length])
      expect(keys).toContain(signers[0])
    }
    // Snapshot and upstream: a release file and an index of each.
    expect(of('hello').evidence).toHaveLength(4)
    expect(of('libc6').evidence).toHaveLength(4)
  })

  it('names images as its subjects, else the package lists, by their SHA-256', async () => {
    const site = await snapshotSite([HELLO])
    site.put({ 'live.iso': 'an image' })
    const lists = await runSite(site)
    expect(lists.report.subject).toEqual([{ name: 'build.packages', digest: { sha256: sha256Hex(listText([HELLO])) } }])
    expect(lists.predicate.lists).toEqual([
      { name: 'build.packages', format: 'dpkg-query', sha256: sha256Hex(listText([HELLO])), packages: 1 },
    ])
    const image = await runSite(site, { images: [path.join(site.folder, 'live.iso')] })
    expect(image.report.subject).toEqual([{ name: 'live.iso', digest: { sha256: sha256Hex('an image') } }])
    await expect(runSite(site, { images: [path.join(site.folder, 'no.iso')] })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('states the hash of the policy and what still has to be trusted, by how hashes are known', async () => {
    const site = await snapshotSite([HELLO])
    site.put({ 'debs/hello.deb': HELLO.bytes })
    const listed = await runSite(site)
    expect(listed.predicate.policy.sha256).toBe(sha256Hex(policyText()))
    expect(listed.predicate.trust.map(({ of, packages }) => [of, packages])).toEqual([
      ['identical', 1],
      ['identical, known by the archive', 1],
      ['identical, by the date of the signed state', 1],
    ])
    const hashed = await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
    expect(hashed.predicate.trust.map(({ of }) => of)).toEqual([
      'identical',
      'identical, known by the .deb',
      'identical, by the date of the signed state',
    ])
  })

  it('says in its trust that an archive which was not read may have shown other bytes', async () => {
    const { predicate } = await runSite(await mixedSite())
    expect(predicate.trust.find(({ of }) => of === 'known by the archives')?.trusts).toContain(
      'That own, which could not be read',
    )
  })
})

describe('several package lists', () => {
  it('that disagree about the snapshot of an origin are refused', async () => {
    const site = await snapshotSite([HELLO])
    const manifest = (reference: string): string =>
      `origin_references:\n  debian:\n    reference: '${reference}'\npackages:\n  binary:\n  - arch: amd64\n    package: hello\n    version: 1.0-1\n`
    site.put({ a: manifest('2026010101'), b: manifest('2026010102'), c: manifest('2026010101') })
    const packages = (...names: string[]) =>
      names.map((name) => ({ path: path.join(site.folder, name), format: 'auto' }))
    await expect(runSite(site, { packages: packages('a', 'b') })).rejects.toMatchObject({
      code: 'PACKAGE_LIST',
      message: expect.stringContaining('b takes debian from snapshot 2026010102, another package list from 2026010101'),
    })
    expect((await runSite(site, { packages: packages('a', 'c') })).predicate.counts.total).toBe(1)
  })
})

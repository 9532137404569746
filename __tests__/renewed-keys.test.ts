import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { PublicKey } from 'openpgp'
import { afterEach, expect, it } from 'vitest'
import { readCertificates } from '../src/archive/keyring.ts'
import { parseIndex } from '../src/evidence/bundle-index.ts'
import { deb, upstreamKey } from './making/archive-folder.ts'
import { selfSigned, YEAR } from './making/self-signatures.ts'
import { ago, HOUR } from './making/signed-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from './making/site.ts'

afterEach(removeSites)

/** As it was made, as it was renewed since the upstream signed: gpg keeps the last self-signature alone. */
async function certificates(): Promise<{ before: PublicKey; after: PublicKey }> {
  const key = await upstreamKey()
  const before = await selfSigned(key, { date: key.getCreationTime(), until: ago(-HOUR) })
  return { before, after: await selfSigned(key, { date: ago(HOUR / 2), until: ago(-YEAR) }) }
}

/** A site whose upstream is trusted by these files. */
async function siteOf(files: Readonly<Record<string, PublicKey>>): Promise<Site> {
  const site = await snapshotSite([deb('hello')])
  for (const [name, certificate] of Object.entries(files)) site.put({ [`keys/${name}`]: certificate.armor() })
  const signedBy = `signed-by: [${Object.keys(files).map((name) => `keys/${name}`)}]`
  site.put({ 'debproof.yml': policyText([archivePolicy().replace('signed-by: keys/upstream.asc', signedBy)]) })
  return site
}

it('what an upstream signed before it renewed its key is proven, whichever of its certificates the policy has', async () => {
  const { before, after } = await certificates()
  for (const files of [
    { 'a.asc': after },
    { 'a.asc': before, 'b.asc': after },
    { 'a.asc': after, 'b.asc': before },
    { 'a.asc': before },
  ]) {
    const { of } = await runSite(await siteOf(files))
    expect(of('hello').verdict, Object.keys(files).join()).toBe('identical')
  }
})

it('a revocation in a second file counts', async () => {
  const revoked = (await (await upstreamKey()).revoke({}, ago(HOUR / 2))).toPublic()
  const { of } = await runSite(await siteOf({ 'a.asc': (await certificates()).before, 'b.asc': revoked }))
  expect(of('hello').verdict).toBe('undecided')
})

it('the evidence has the key once, with all that any keyring of the policy knows of it', async () => {
  const { before, after } = await certificates()
  const site = await siteOf({ 'a.asc': before })
  site.put({ 'keys/after.asc': after.armor() })
  const second = archivePolicy({ name: 'second' }).replace('keys/upstream.asc', 'keys/after.asc')
  const first = archivePolicy().replace('keys/upstream.asc', 'keys/a.asc')
  site.put({ 'debproof.yml': policyText([first, second]) })
  await runSite(site)
  const evidence = path.join(site.folder, 'report/evidence')
  const index = parseIndex(readFileSync(path.join(evidence, 'index.json')), 'index.json')
  if (!('keys' in index)) throw new Error('it is the index of merged parts')
  const fingerprint = before.getFingerprint().toUpperCase()
  const kept = index.keys.filter((key) => key.fingerprint === fingerprint)
  expect(kept).toHaveLength(1)
  const [certificate] = await readCertificates(
    readFileSync(path.join(evidence, 'sha256', kept[0]?.sha256 ?? '')),
    'kept',
  )
  expect(certificate?.users[0]?.selfCertifications).toHaveLength(2)
})

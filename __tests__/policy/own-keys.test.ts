import { readFileSync } from 'node:fs'
import { type PrivateKey, readPrivateKey, reformatKey } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { shippedUpstreamOf } from '../../src/policy/shipped-keys.ts'
import { projectKey, upstreamKey } from '../making/archive-folder.ts'
import { newKey } from '../making/signed-archive.ts'
import { archivePolicy, newSite, policyText, removeSites, type Site } from '../making/site.ts'

let site: Site
let project: string
let upstream: string

beforeAll(async () => {
  site = await newSite()
  project = (await projectKey()).getFingerprint().toUpperCase()
  upstream = (await upstreamKey()).getFingerprint().toUpperCase()
  site.put({ 'keys/both.asc': `${await armored(projectKey)}\n${await armored(upstreamKey)}` })
})

afterAll(removeSites)

async function armored(key: () => Promise<PrivateKey>): Promise<string> {
  return (await key()).toPublic().armor()
}

async function ownKeysOf(...archives: readonly string[]): Promise<Record<string, readonly string[]>> {
  site.put({ 'debproof.yml': policyText(archives) })
  const file = await readPolicy(`${site.folder}/debproof.yml`, { environment: {}, now: new Date(), files: filesOnDisk })
  const policy = await file.resolve({})
  return Object.fromEntries(policy.archives.map(({ name, ownKeys }) => [name, ownKeys]))
}

const named = (text: string, from: string, to: string): string => text.replace(`signed-by: ${from}`, `signed-by: ${to}`)

describe('the keys that sign an archive and vouch for it too', () => {
  it('are none where the upstream has other keys', async () => {
    expect(await ownKeysOf(archivePolicy())).toEqual({ debian: [] })
  })

  it('are all where the upstream is the archive itself, left out or named again', async () => {
    const itself = named(archivePolicy(), 'keys/upstream.asc', 'keys/project.gpg')
    expect(await ownKeysOf(itself)).toEqual({ debian: [project] })
    const left = archivePolicy()
      .replace(/ {4}url: .*\n/, '')
      .replace(/ {4}signed-by: .*\n/, '')
    expect(await ownKeysOf(left)).toEqual({ debian: [upstream] })
  })

  it('are those that both have, where the keyrings share a key', async () => {
    expect(await ownKeysOf(named(archivePolicy(), 'keys/upstream.asc', 'keys/both.asc'))).toEqual({ debian: [project] })
    expect(await ownKeysOf(named(archivePolicy(), 'keys/project.gpg', 'keys/both.asc'))).toEqual({ debian: [upstream] })
  })

  it('are found among the upstreams of every archive, whose word counts for an imported package', async () => {
    const vendor = named(archivePolicy({ name: 'vendor' }), 'keys/upstream.asc', 'keys/project.gpg')
    const own = archivePolicy({ name: 'own', require: 'reproduced', upstream: null })
    const nightly = archivePolicy({ name: 'nightly', require: 'absent', upstream: null })
    expect(await ownKeysOf(vendor, own, nightly)).toEqual({ vendor: [project], own: [project], nightly: [] })
  })

  it('are found where another certificate is made of the same key', async () => {
    // As if it had been made a day later: its fingerprint is another one.
    const again = await readPrivateKey({ armoredKey: (await projectKey()).armor() })
    again.keyPacket.created = new Date(again.keyPacket.created.getTime() + 86_400_000)
    // The types of the library leave it out.
    await Reflect.get(again.keyPacket, 'computeFingerprintAndKeyID').call(again.keyPacket)
    const { privateKey } = await reformatKey({ privateKey: again, userIDs: [{ name: 'Other' }], format: 'object' })
    const fingerprint = privateKey.getFingerprint().toUpperCase()
    expect(fingerprint).not.toBe(project)
    site.put({ 'keys/renamed.asc': privateKey.toPublic().armor() })
    expect(await ownKeysOf(named(archivePolicy(), 'keys/upstream.asc', 'keys/renamed.asc'))).toEqual({
      debian: [fingerprint],
    })
  })

  it('are not those that come with debproof: what Debian signed, Debian says', async () => {
    const debian = named(archivePolicy(), 'keys/upstream.asc', 'debian')
    expect(await ownKeysOf(named(debian, 'keys/project.gpg', 'debian'))).toEqual({ debian: [] })
    const mixed = named(debian, 'debian', '[debian, keys/project.gpg]')
    expect(await ownKeysOf(named(mixed, 'keys/project.gpg', '[debian, keys/project.gpg]'))).toEqual({
      debian: [project],
    })
  })
})

describe('whose keys a keyring has', () => {
  const shipped = readCertificates(readFileSync('keyrings/debian.asc'), 'debian')

  it('is told where all of them are those of a shipped upstream', async () => {
    const certificates = await shipped
    expect(await shippedUpstreamOf(new Keyring(certificates))).toBe('debian')
    expect(await shippedUpstreamOf(new Keyring(certificates.slice(2, 4)))).toBe('debian')
  })

  it('is not told where one is not, or where there is none', async () => {
    const other = (await newKey({ name: 'Debian' })).toPublic()
    expect(await shippedUpstreamOf(new Keyring([other]))).toBeUndefined()
    expect(await shippedUpstreamOf(new Keyring([...(await shipped), other]))).toBeUndefined()
    expect(await shippedUpstreamOf(new Keyring([]))).toBeUndefined()
  })
})

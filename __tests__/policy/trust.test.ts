import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesOnDisk } from '../../src/policy/policy-files.ts'
import { TrustAnchors } from '../../src/policy/trust.ts'
import { projectKey, upstreamKey } from '../making/archive-folder.ts'
import { newKey } from '../making/signed-archive.ts'
import { newSite, removeSites, type Site } from '../making/site.ts'

let site: Site
let project: string
let upstream: string

beforeAll(async () => {
  site = await newSite()
  project = (await projectKey()).getFingerprint()
  upstream = (await upstreamKey()).getFingerprint()
  site.put({
    'keys/private.asc': (await projectKey()).armor(),
    'keys/private.gpg': (await projectKey()).write(),
    'keys/empty.asc': '',
    'keys/text.asc': 'hello\n',
    'keys/cut.asc': (await projectKey()).toPublic().armor().slice(0, 200),
    'keys/both.asc': `${(await projectKey()).toPublic().armor()}\n${(await upstreamKey()).toPublic().armor()}`,
    'keys/box.kbx': Buffer.concat([Buffer.from([0, 0, 0, 32, 1, 1, 0, 2]), Buffer.from('KBXf'), Buffer.alloc(20)]),
  })
})

afterAll(removeSites)

async function keyring(signedBy: string | readonly string[]) {
  return await new TrustAnchors(site.folder, filesOnDisk).keyring(signedBy, 'here')
}

async function fingerprints(signedBy: string | readonly string[]): Promise<string[]> {
  return (await keyring(signedBy)).certificates.map((certificate) => certificate.getFingerprint())
}

function refused(pattern: RegExp): object {
  return expect.objectContaining({ code: 'KEY', message: expect.stringMatching(pattern) })
}

describe('signed-by', () => {
  it('names a keyring file relative to the policy, binary or armored, or by its whole path', async () => {
    expect(await fingerprints('keys/project.gpg')).toEqual([project])
    expect(await fingerprints('keys/upstream.asc')).toEqual([upstream])
    expect(await fingerprints(path.join(site.folder, 'keys/upstream.asc'))).toEqual([upstream])
  })

  it('reads every block of an armored file', async () => {
    expect(await fingerprints('keys/both.asc')).toEqual([project, upstream])
  })

  it.each([
    ['a list', ['keys/project.gpg', 'keys/upstream.asc']],
    ['blanks', 'keys/project.gpg keys/upstream.asc'],
    ['commas', 'keys/project.gpg,keys/upstream.asc'],
    ['lines', 'keys/project.gpg\n  keys/upstream.asc\n'],
  ])('takes several keyrings, separated by %s', async (_, signedBy) => {
    expect(await fingerprints(signedBy)).toEqual([project, upstream])
  })

  it('names the shipped keyring as debian', async () => {
    // The automatic signing key of bookworm.
    expect(await fingerprints('debian')).toContain('b8b80b5b623eab6ad8775c45b7c5d7d6350947f8')
  })

  it('restricts keyrings to fingerprints, however they are written', async () => {
    const written = `0x${project.toUpperCase()}`
    expect((await keyring(['keys/both.asc', written, `${upstream}!`])).only).toEqual([
      { fingerprint: project.toUpperCase(), exact: false },
      { fingerprint: upstream.toUpperCase(), exact: true },
    ])
  })

  it('takes the fingerprint of a subkey, and refuses a key that no keyring holds', async () => {
    const withSubkey = await newKey({ subkeys: [{ sign: true }] })
    site.put({ 'keys/subkey.asc': withSubkey.toPublic().armor() })
    const subkey = withSubkey.subkeys[0]?.getFingerprint() ?? ''
    expect((await keyring(['keys/subkey.asc', `${subkey}!`])).only).toHaveLength(1)
    await expect(keyring(['keys/project.gpg', upstream])).rejects.toEqual(
      refused(new RegExp(`^here: no keyring of signed-by holds the key ${upstream.toUpperCase()}\\.$`)),
    )
  })

  it.each<[RegExp, string]>([
    [/^here: the keyring .*keys\/missing\.asc does not exist\.$/, 'keys/missing.asc'],
    [/^here: the keyring .*\/debain does not exist\. Did you mean the shipped keyring debian\?$/, 'debain'],
    [/^here: the keyring .*\/keys cannot be read\.$/, 'keys'],
    [/constructor does not exist/, 'constructor'],
    [/is empty/, 'keys/empty.asc'],
    [/holds no OpenPGP key/, 'keys/text.asc'],
    [/ends inside a key block/, 'keys/cut.asc'],
    [/is a GnuPG keybox; write it with `gpg --export` instead/, 'keys/box.kbx'],
    [/holds a private key/, 'keys/private.asc'],
    [/signed-by names no keyring/, ' , '],
  ])('is refused with %s', async (message, signedBy) => {
    await expect(keyring(signedBy)).rejects.toEqual(refused(message))
  })

  it('is refused with a fingerprint alone: it names no keyring', async () => {
    await expect(keyring(project)).rejects.toEqual(refused(/name the file that holds the key beside its fingerprint/))
  })

  it('never keeps the secret part of a private key', async () => {
    const ring = await keyring('keys/private.gpg').catch(() => undefined)
    for (const certificate of ring?.certificates ?? []) expect(certificate.isPrivate()).toBe(false)
  })
})

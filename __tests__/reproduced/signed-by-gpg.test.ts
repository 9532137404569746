import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { verifySha256sums } from '../../src/reproduced/sha256sums.ts'
import { verifyBuildinfo } from '../../src/reproduced/signed-buildinfo.ts'
import { once } from '../making/signed-archive.ts'
import { buildinfoText, documentOf, packageOf, SHA256 } from './signed-statements.ts'

/** What GnuPG itself makes of a statement; its home is short, for the agent's socket is in it. */
const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'gpg-')))
const env = { ...process.env, GNUPGHOME: home, LC_ALL: 'C' }
const hasGpg = spawnSync('gpg', ['--version'], { timeout: 10_000 }).status === 0

afterAll(() => {
  spawnSync('gpgconf', ['--kill', 'all'], { env, timeout: 10_000 })
  rmSync(home, { recursive: true, force: true })
})

function gpg(args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const all = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args]
  const { status, stdout, stderr } = spawnSync('gpg', all, { env, input, timeout: 60_000 })
  if (status !== 0) throw new Error(`gpg ${args.join(' ')}: ${String(stderr)}`)
  return stdout
}

const HELLO = packageOf('hello_1.0-1_amd64.deb')
const SUMS = `${SHA256}  hello_1.0-1_amd64.deb\n`

/** gpg dates signatures with the time of the machine, whatever the clock of a run says. */
const LONG_AGO = new Date('2020-01-01T00:00:00Z')

describe.skipIf(!hasGpg)('what gpg signs (skipped where there is no gpg)', () => {
  const keys = once(async () => {
    for (const [user, algorithm] of [
      ['Edda <edda@example.org>', 'ed25519'],
      ['Ron <ron@example.org>', 'rsa3072'],
    ] as const) {
      gpg(['--quick-generate-key', user, algorithm, 'sign', 'never'])
    }
    gpg(['--quick-generate-key', 'Eve <eve@example.org>', 'ed25519', 'sign', 'never'])
    return new Keyring(await readCertificates(gpg(['--export', 'Edda', 'Ron']), 'gpg'))
  })
  const users = ['Edda', 'Ron'] as const
  const made = (content: Uint8Array, name = 'SHA256SUMS') => documentOf(content, name)

  it.each(users)('a .buildinfo by %s, dated by the machine and judged at that time', async (user) => {
    const keyring = await keys()
    const before = Math.floor(Date.now() / 1000) * 1000
    const document = documentOf(gpg(['--local-user', user, '--clearsign'], buildinfoText()))
    const { attestations, evidence } = await verifyBuildinfo(document, keyring, LONG_AGO, HELLO)
    expect(attestations.map(({ sha256 }) => sha256)).toEqual([SHA256])
    expect(evidence[0]?.date?.getTime()).toBeGreaterThanOrEqual(before)
  })

  it.each(users)('sums by %s: around them, beside them in armor, beside them in binary', async (user) => {
    const keyring = await keys()
    const as = ['--local-user', user]
    const forms = [
      [made(gpg([...as, '--clearsign'], SUMS)), undefined],
      [made(Buffer.from(SUMS)), made(gpg([...as, '--armor', '--detach-sign'], SUMS), 'SHA256SUMS.asc')],
      [made(Buffer.from(SUMS)), made(gpg([...as, '--detach-sign'], SUMS), 'SHA256SUMS.gpg')],
      [made(Buffer.from(SUMS)), made(gpg([...as, '--textmode', '--detach-sign'], SUMS), 'SHA256SUMS.sig')],
    ] as const
    for (const [document, signature] of forms) {
      const { attestations } = await verifySha256sums(document, signature, keyring, LONG_AGO, HELLO)
      expect(attestations).toEqual([{ fileName: HELLO.fileName, sha256: SHA256, sources: [] }])
    }
  })

  it('with blank lines after it, which an editor or a form on the web leaves', async () => {
    const keyring = await keys()
    const signed = gpg(['--local-user', 'Ron', '--clearsign'], buildinfoText())
    const document = documentOf(Buffer.concat([signed, Buffer.from('\n\n')]))
    expect((await verifyBuildinfo(document, keyring, LONG_AGO, HELLO)).attestations).toHaveLength(1)
  })

  it('sums by both at once: both are named', async () => {
    const keyring = await keys()
    const both = ['--local-user', 'Edda', '--local-user', 'Ron']
    const signature = made(gpg([...both, '--detach-sign'], SUMS), 'SHA256SUMS.gpg')
    const { evidence } = await verifySha256sums(made(Buffer.from(SUMS)), signature, keyring, LONG_AGO, HELLO)
    expect(evidence.map(({ signers }) => signers.length)).toEqual([2, 2])
  })

  it('by somebody whose key is not pinned does not count, and what was changed afterwards does not', async () => {
    const keyring = await keys()
    const byEve = documentOf(gpg(['--local-user', 'Eve', '--clearsign'], buildinfoText()))
    await expect(verifyBuildinfo(byEve, keyring, LONG_AGO, HELLO)).rejects.toThrow(/not in the keyring/)
    const signed = gpg(['--local-user', 'Ron', '--clearsign'], SUMS).toString('latin1')
    const changed = made(Buffer.from(signed.replace('0123', '1123'), 'latin1'))
    await expect(verifySha256sums(changed, undefined, keyring, LONG_AGO, HELLO)).rejects.toThrow(/BAD signature/)
  })

  it('with a key that was revoked since does not count', async () => {
    await keys()
    gpg(['--quick-generate-key', 'Rita <rita@example.org>', 'ed25519', 'sign', 'never'])
    const document = documentOf(gpg(['--local-user', 'Rita', '--clearsign'], buildinfoText()))
    const certificate = async () => new Keyring(await readCertificates(gpg(['--export', 'Rita']), 'gpg'))
    expect((await verifyBuildinfo(document, await certificate(), LONG_AGO, HELLO)).attestations).toHaveLength(1)
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg(['--with-colons', '--list-keys', 'Rita']).toString())?.[1]
    // gpg keeps a certificate of revocation with a colon before it, lest it be imported by mistake.
    const kept = readFileSync(path.join(home, 'openpgp-revocs.d', `${fingerprint}.rev`), 'latin1')
    const revocation = path.join(home, 'rita.rev')
    writeFileSync(revocation, kept.replace(/^:(?=-----BEGIN)/m, ''))
    gpg(['--import', revocation])
    await expect(verifyBuildinfo(document, await certificate(), LONG_AGO, HELLO)).rejects.toThrow(/revoked/)
  })
})

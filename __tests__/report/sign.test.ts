import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMessage, encryptKey, generateKey, readKey, readSignature, verify } from 'openpgp'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { forgetPrivateHalf, readPrivateKey, readSigningKey } from '../../src/report/sign.ts'
import { deb } from '../making/archive-folder.ts'
import { DAY, newKey, once } from '../making/signed-archive.ts'
import { removeSites, runSite, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const reportKey = once(() => newKey({ name: 'Report' }))

function refused(pattern: RegExp): object {
  return expect.objectContaining({ code: 'KEY', message: expect.stringMatching(pattern) })
}

async function signedReport() {
  const key = await reportKey()
  const result = await runSite(await snapshotSite([deb('hello')]), {
    signing: { armored: key.armor(), source: 'a test' },
  })
  return { key, ...result, signaturePath: `${result.reportPath}.asc` }
}

describe('the signature of a report', () => {
  it('is detached, armored, by the given key and over every byte', async () => {
    const { key, signedBy, reportPath, signaturePath } = await signedReport()
    expect(signedBy).toBe(key.getFingerprint().toUpperCase())
    const armoredSignature = readFileSync(signaturePath, 'utf8')
    expect(armoredSignature).toMatch(/^-----BEGIN PGP SIGNATURE-----\n/)
    const isValid = async (binary: Uint8Array): Promise<boolean> => {
      const { signatures } = await verify({
        message: await createMessage({ binary }),
        signature: await readSignature({ armoredSignature }),
        verificationKeys: key.toPublic(),
      })
      return await (signatures[0]?.verified ?? Promise.resolve(false)).catch(() => false)
    }
    const bytes = readFileSync(reportPath)
    expect(await isValid(bytes)).toBe(true)
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(await isValid(changed)).toBe(false)
    }
  })

  it('is not made where the clock is beyond what a signature can tell', async () => {
    const key = await readSigningKey((await reportKey()).armor(), undefined, 'a test')
    vi.useFakeTimers({ now: new Date('2116-11-28T00:00:00Z'), toFake: ['Date'] })
    try {
      await expect(key.sign(Buffer.from('report'))).rejects.toEqual(refused(/no signature that holds.*clock/))
    } finally {
      vi.useRealTimers()
    }
    expect(await key.sign(Buffer.from('report'))).toMatch(/^-----BEGIN PGP SIGNATURE-----\n/)
  })

  it.skipIf(spawnSync('gpgv', ['--version']).status !== 0)(
    'is accepted by gpgv, and refused over other bytes',
    async () => {
      const { key, reportPath, signaturePath } = await signedReport()
      const keyring = path.join(path.dirname(reportPath), 'keyring.gpg')
      writeFileSync(keyring, key.toPublic().write())
      const gpgv = () => spawnSync('gpgv', ['--keyring', keyring, signaturePath, reportPath], { encoding: 'utf8' })
      expect(gpgv()).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('Good signature from "Report <report@example.org>"'),
      })
      writeFileSync(reportPath, `${readFileSync(reportPath, 'utf8')} `)
      expect(gpgv()).toMatchObject({ status: 1, stderr: expect.stringContaining('BAD signature') })
    },
  )

  it.skipIf(spawnSync('gpg', ['--version']).status !== 0)(
    'is accepted by gpg --verify, by elliptic curves and RSA',
    async () => {
      const home = mkdtempSync(path.join(tmpdir(), 'debproof-gpg-'))
      try {
        const gpg = (...words: string[]) =>
          spawnSync('gpg', ['--homedir', home, '--batch', '--no-autostart', ...words], { encoding: 'utf8' })
        for (const key of [await reportKey(), await newKey({ name: 'Rsa', rsaBits: 2048 })]) {
          const bytes = Buffer.from('{"a report": true}\n')
          const signingKey = await readSigningKey(key.armor(), undefined, 'a test')
          for (const [name, content] of Object.entries({
            key: key.toPublic().armor(),
            report: bytes,
            'report.asc': await signingKey.sign(bytes),
          })) {
            writeFileSync(path.join(home, name), content)
          }
          expect(gpg('--import', path.join(home, 'key'))).toMatchObject({ status: 0 })
          const verified = gpg('--verify', path.join(home, 'report.asc'), path.join(home, 'report'))
          expect(verified).toMatchObject({ status: 0, stderr: expect.stringContaining('Good signature') })
        }
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    },
  )
})

describe('a signing key', () => {
  it('that is encrypted is unlocked by its passphrase and by nothing else', async () => {
    const armored = (await encryptKey({ privateKey: await reportKey(), passphrase: 'open sesame' })).armor()
    const key = await readSigningKey(armored, 'open sesame', 'a test')
    expect(await key.sign(Buffer.from('x'))).toContain('BEGIN PGP SIGNATURE')
    for (const none of [undefined, '']) {
      await expect(readSigningKey(armored, none, 'a test')).rejects.toEqual(
        refused(/^The signing key from a test is encrypted; give its passphrase in DEBPROOF_SIGNING_PASSPHRASE\.$/),
      )
    }
    const wrong = readSigningKey(armored, 'open barley', 'a test')
    await expect(wrong).rejects.toEqual(refused(/cannot be unlocked with this passphrase/))
    await expect(wrong).rejects.not.toThrow(/open barley/)
  })

  it('that is forgotten is overwritten in memory, with each of its subkeys, and signs no more', async () => {
    for (const passphrase of [undefined, 'open sesame']) {
      const { privateKey } = await generateKey({
        userIDs: [{ name: 'Sub' }],
        subkeys: [{ sign: true }],
        format: 'object',
        ...(passphrase === undefined ? {} : { passphrase }),
      })
      const key = await readPrivateKey(privateKey.armor(), passphrase, 'a test')
      const numbers = key.getKeys().flatMap(({ keyPacket }): Uint8Array[] => {
        return Object.values(Reflect.get(keyPacket, 'privateParams'))
      })
      expect(numbers.map(({ length }) => length)).toEqual([32, 32])
      expect(numbers.every((number) => number.every((byte) => byte === 0))).toBe(false)
      forgetPrivateHalf(key)
      expect(numbers.every((number) => number.every((byte) => byte === 0))).toBe(true)
    }
    const signer = await readSigningKey((await reportKey()).armor(), undefined, 'a test')
    signer.forget()
    signer.forget()
    await expect(signer.sign(Buffer.from('x'))).rejects.toThrow()
  })

  it('that is not encrypted needs no passphrase, and does not mind one', async () => {
    expect((await readSigningKey((await reportKey()).armor(), 'whatever', 'a test')).fingerprint).toMatch(
      /^[0-9A-F]{40}$/,
    )
  })

  it('that signs with a subkey signs with it', async () => {
    const { privateKey } = await generateKey({
      userIDs: [{ name: 'Sub' }],
      subkeys: [{ sign: true }],
      format: 'object',
    })
    const key = await readSigningKey(privateKey.armor(), undefined, 'a test')
    const { signatures } = await verify({
      message: await createMessage({ binary: Buffer.from('x') }),
      signature: await readSignature({ armoredSignature: await key.sign(Buffer.from('x')) }),
      verificationKeys: await readKey({ armoredKey: privateKey.toPublic().armor() }),
    })
    expect(await signatures[0]?.verified).toBe(true)
  })

  it.each<[RegExp, () => Promise<string>]>([
    [/is a public key; the private key is needed/, async () => (await reportKey()).toPublic().armor()],
    [/cannot be read as an armored OpenPGP private key/, async () => 'hello'],
    [/cannot be read as an armored OpenPGP private key/, async () => ''],
    [/cannot be read as an armored OpenPGP private key/, async () => (await reportKey()).armor().slice(0, 300)],
    [/cannot be read as an armored OpenPGP private key/, async () => '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n'],
    [/cannot sign \(.*expired/, async () => (await newKey({ expiresAfter: DAY })).armor()],
  ])('is refused with %s', async (message, armored) => {
    await expect(readSigningKey(await armored(), undefined, 'a test')).rejects.toEqual(refused(message))
  })

  it('is never told in an error', async () => {
    const armored = (await reportKey()).armor()
    const cut = armored.slice(0, 300)
    const body = cut.split('\n').at(-2) ?? 'nothing'
    await expect(readSigningKey(cut, undefined, 'a test')).rejects.not.toThrow(body)
  })
})

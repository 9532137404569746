import { enums, type PrivateKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import type { Keyring } from '../../src/archive/keyring.ts'
import { filesNamedIn, verifyBuildinfo } from '../../src/reproduced/signed-buildinfo.ts'
import type { Attestation } from '../../src/reproduced/statement.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  DAY,
  HOUR,
  keyringOf,
  newKey,
  once,
  type SignatureOptions,
  signature,
} from '../making/signed-archive.ts'
import {
  buildinfoText,
  clearsignedBy,
  documentOf,
  ED25519,
  fixture,
  fixtureKeyring,
  OTHER_SHA256,
  packageOf,
  RSA,
  SHA256,
} from './signed-statements.ts'

const DEMO = packageOf('debproof-demo_1.0-1_amd64.deb')
const HELLO = packageOf('hello_1.0-1_amd64.deb')
const DEMO_SHA256 = '918fc1abbffbe06bc53931da10db751f28b09588e38a1460844eeebbed0d3bd1'

const partyKey = once(() => newKey({ name: 'Party' }))
const party = once(async () => await keyringOf([await partyKey()]))
const unknownKey = once(() => newKey({ name: 'Unknown' }))

const statementError = (pattern: RegExp) =>
  expect.objectContaining({ code: 'STATEMENT', message: expect.stringMatching(pattern) })

/** What a text says of hello when the party signs it. */
async function saysOf(text: string, rebuilt = HELLO): Promise<readonly Attestation[]> {
  const document = documentOf(await clearsignedBy(text, await partyKey()))
  return (await verifyBuildinfo(document, await party(), AT, rebuilt)).attestations
}

async function refusal(file: string | Uint8Array, keyring?: Keyring): Promise<unknown> {
  return await verifyBuildinfo(documentOf(file), keyring ?? (await party()), AT, HELLO).catch((error: unknown) => error)
}

describe('what debsign and gpg wrote', () => {
  it.each([
    ['orig.rsa.signed.buildinfo', RSA],
    ['rebuild.ed25519.signed.buildinfo', ED25519],
    ['rebuild.debsign.signed.buildinfo', ED25519],
  ])('%s counts for %s', async (name, fingerprint) => {
    const document = documentOf(fixture(name), name)
    const statement = await verifyBuildinfo(document, await fixtureKeyring(RSA, ED25519), AT, DEMO)
    expect(statement).toEqual({
      evidence: [
        {
          sha256: sha256Of(document.bytes),
          kind: 'buildinfo',
          url: `https://rebuilder.example/${name}`,
          size: document.bytes.length,
          date: expect.any(Date),
          signers: [fingerprint],
        },
      ],
      attestations: [{ fileName: DEMO.fileName, sha256: DEMO_SHA256, version: '1.0-1', sources: [] }],
      record: expect.objectContaining({ kind: 'build' }),
    })
    expect(statement.evidence[0]?.date?.toISOString()).toMatch(/^2026-11-22T/)
  })

  it('counts for two signers, not for three: two of the files are signed by one key', async () => {
    const keyring = await fixtureKeyring(RSA, ED25519)
    const names = ['orig.rsa.signed', 'rebuild.ed25519.signed', 'rebuild.debsign.signed']
    const statements = names.map((name) => verifyBuildinfo(documentOf(fixture(`${name}.buildinfo`)), keyring, AT, DEMO))
    const signers = (await Promise.all(statements)).flatMap(({ evidence }) => evidence.flatMap((each) => each.signers))
    expect([...new Set(signers)].sort()).toEqual([ED25519, RSA])
  })

  it('counts for nobody whose key is not pinned', async () => {
    const file = fixture('orig.rsa.signed.buildinfo')
    expect(await refusal(file, await fixtureKeyring(ED25519))).toEqual(
      statementError(/a\.buildinfo.*not in the keyring/),
    )
  })

  it('speaks of the file that is asked for, and of no other', async () => {
    const document = documentOf(fixture('rebuild.ed25519.signed.buildinfo'))
    const keyring = await fixtureKeyring(ED25519)
    const data = packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })
    const { attestations } = await verifyBuildinfo(document, keyring, AT, data)
    expect(attestations.map(({ fileName, sha256 }) => [fileName, sha256.slice(0, 8)])).toEqual([
      ['debproof-demo-data_1.0-1_all.deb', '5459be3d'],
    ])
    expect((await verifyBuildinfo(document, keyring, AT, HELLO)).attestations).toEqual([])
  })

  it('a build elsewhere that gave other bytes says so, and the same of what came out equal', async () => {
    const text = fixture('sid-debrebuild.buildinfo').toString('latin1')
    expect(await saysOf(text, DEMO)).toEqual([
      expect.objectContaining({
        sha256: 'bb6e92c4e01c175c084c92cddfa60e6622fcce0ce479e7a01a9d3e38f9d9e032',
        version: '1.0-1',
      }),
    ])
    const data = packageOf('debproof-demo-data_1.0-1_all.deb', { source: 'debproof-demo' })
    expect((await saysOf(text, data)).map(({ sha256 }) => sha256.slice(0, 8))).toEqual(['5459be3d'])
  })

  it('a package for all architectures in a file named after the machine that built it', async () => {
    const text = fixture('netbase_6.5_amd64.buildinfo').toString('latin1')
    expect((await saysOf(text, packageOf('netbase_6.5_all.deb'))).map(({ sha256 }) => sha256.slice(0, 8))).toEqual([
      '76bafa92',
    ])
  })
})

describe('which package it is about', () => {
  it('a file of another name says nothing, be it the same package in another version', async () => {
    expect(await saysOf(buildinfoText({ version: '1.0-2', files: { 'hello_1.0-2_amd64.deb': SHA256 } }))).toEqual([])
    expect(await saysOf(buildinfoText({ files: { 'hello_1.0-1_arm64.deb': SHA256 } }))).toEqual([])
    expect(await saysOf(buildinfoText({ files: { 'Hello_1.0-1_amd64.deb': SHA256 } }))).toEqual([])
    expect(await saysOf(buildinfoText({ files: { 'hello_1.0-1_amd64.deb.asc': SHA256 } }))).toEqual([])
  })

  it.each([
    ['1.0-1', '', true],
    ['1:1.0-1', '1:', true],
    ['0:1.0-1', '', true],
    ['1:1.0-1', '', false],
    ['1.0-1', '1:', false],
    ['2:1.0-1', '1:', false],
  ])('a build of %s speaks of the package with the epoch "%s": %s', async (version, epoch, speaks) => {
    const rebuilt = packageOf('hello_1.0-1_amd64.deb', { epoch })
    const expected = { fileName: rebuilt.fileName, sha256: SHA256, version: rebuilt.version, sources: [] }
    expect(await saysOf(buildinfoText({ version }), rebuilt)).toEqual(speaks ? [expected] : [])
  })

  it('a .deb with a version of its own: no version is stated, since its epoch is not known', async () => {
    const rebuilt = packageOf('hello_14.2_amd64.deb', { epoch: '4:', sourceVersion: '1.220' })
    const text = buildinfoText({ version: '1.220', files: { 'hello_14.2_amd64.deb': SHA256 } })
    expect(await saysOf(text, rebuilt)).toEqual([{ fileName: rebuilt.fileName, sha256: SHA256, sources: [] }])
  })

  it('a .deb with an epoch of its own: the version of the build is that of its source', async () => {
    const rebuilt = packageOf('hello_2.0-1_amd64.deb', { epoch: '1:', sourceVersion: '2.0-1' })
    const files = { 'hello_2.0-1_amd64.deb': SHA256 }
    expect(await saysOf(buildinfoText({ version: '2.0-1', files }), rebuilt)).toEqual([
      { fileName: rebuilt.fileName, sha256: SHA256, sources: [] },
    ])
    expect(await saysOf(buildinfoText({ version: '3:2.0-1', files }), rebuilt)).toEqual([])
  })

  it('a binNMU, which its source does not share the version of', async () => {
    const rebuilt = packageOf('sl_5.02-1+b1_amd64.deb', { sourceVersion: '5.02-1' })
    const files = { 'sl_5.02-1+b1_amd64.deb': SHA256 }
    expect(await saysOf(buildinfoText({ source: 'sl (5.02-1)', version: '5.02-1+b1', files }), rebuilt)).toEqual([
      { fileName: rebuilt.fileName, sha256: SHA256, version: '5.02-1+b1', sources: [] },
    ])
  })

  it('a rebuild that left out the +b1 of a binNMU is about another file', async () => {
    const rebuilt = packageOf('sl_5.02-1+b1_amd64.deb', { sourceVersion: '5.02-1' })
    expect(await saysOf(fixture('sl_5.02-1_amd64.buildinfo').toString('latin1'), rebuilt)).toEqual([])
  })

  it('the .dsc of another source is not what came out', async () => {
    const files = {
      'hello_1.0-2.dsc': OTHER_SHA256,
      'other_1.0-1.dsc': OTHER_SHA256,
      'hello_1.0-1_amd64.deb': SHA256,
    }
    expect((await saysOf(buildinfoText({ files })))[0]?.sources).toEqual([])
    const rebuilt = packageOf('hello_1.0-1_amd64.deb', { epoch: '1:' })
    const own = { 'hello_1.0-1.dsc': OTHER_SHA256, 'hello_1.0-1_amd64.deb': SHA256 }
    expect((await saysOf(buildinfoText({ version: '1:1.0-1', files: own }), rebuilt))[0]?.sources).toHaveLength(1)
  })

  it('the .dsc that was made along is what came out, not what it was built from', async () => {
    const files = { 'hello_1.0-1.dsc': OTHER_SHA256, 'hello_1.0-1_amd64.deb': SHA256 }
    expect((await saysOf(buildinfoText({ files })))[0]?.sources).toEqual([
      { fileName: 'hello_1.0-1.dsc', sha256: OTHER_SHA256, role: 'output' },
    ])
  })
})

describe('the signature', () => {
  const signed = async (options?: SignatureOptions) => await clearsignedBy(buildinfoText(), await partyKey(), options)

  it('is needed', async () => {
    expect(await refusal(buildinfoText())).toEqual(statementError(/a\.buildinfo is not signed/))
    expect(await refusal('')).toEqual(statementError(/is not signed/))
    expect(await refusal('<!DOCTYPE html><title>Not here</title>')).toEqual(statementError(/is not signed/))
  })

  it('must fit: one bit of the hash changed', async () => {
    const text = await signed()
    expect(await refusal(text.replace(SHA256, SHA256.replace('0', '1')))).toEqual(
      statementError(/https:\/\/rebuilder\.example\/a\.buildinfo.*BAD signature.*changed after it was signed/),
    )
    const file = fixture('orig.rsa.signed.buildinfo').toString('latin1').replace('918fc1ab', '918fc1ac')
    expect(await refusal(file, await fixtureKeyring(RSA))).toEqual(statementError(/BAD signature/))
  })

  it.each([
    ['blank lines and a word after it', (text: string) => `${text}\n\nx\n`],
    ['text before it', (text: string) => `Checked by me\n${text}`],
    ['an empty line before it', (text: string) => `\n${text}`],
    ['text after it', (text: string) => `${text}Checked by me\n`],
    ['an unsigned .buildinfo after it', (text: string) => `${text}\n${buildinfoText()}`],
    ['two messages in one file', (text: string) => text + text],
    ['a header that is not Hash', (text: string) => text.replace('Hash: SHA512', 'Charset: utf-8')],
    ['a carriage return', (text: string) => text.replace('Format: 1.0', 'Format: 1.0\r')],
    ['no end', (text: string) => text.slice(0, text.indexOf('-----END'))],
    ['no block', (text: string) => text.slice(0, text.indexOf('-----BEGIN PGP SIGNATURE'))],
  ])('is refused with %s', async (_name, change) => {
    expect(await refusal(change(await signed()))).toEqual(statementError(/a\.buildinfo/))
  })

  it('may have blank lines after it, and nothing before it, which is then said', async () => {
    const document = documentOf(`${await signed()}\n\n \t\n`)
    const { attestations, evidence } = await verifyBuildinfo(document, await party(), AT, HELLO)
    expect(attestations).toHaveLength(1)
    expect(evidence[0]?.sha256).toBe(sha256Of(document.bytes))
    for (const before of ['\n', '\xef\xbb\xbf', 'Checked by me\n', ' ']) {
      expect(await refusal(`${before}${await signed()}`)).toEqual(
        statementError(/a\.buildinfo has something before -----BEGIN PGP SIGNED MESSAGE-----/),
      )
    }
  })

  it('covers what is read: a second file inside the signed text is no file', async () => {
    expect(await refusal(await clearsignedBy(await signed(), await partyKey()))).toEqual(
      statementError(/is no \.buildinfo/),
    )
    const two = `${buildinfoText()}\n${buildinfoText({ files: { 'hello_1.0-1_amd64.deb': OTHER_SHA256 } })}`
    expect(await refusal(await clearsignedBy(two, await partyKey()))).toEqual(statementError(/is no \.buildinfo/))
  })

  it('may be by several keys of the party, whose primary keys are all named, and dated by the first', async () => {
    const other = await newKey({ name: 'Second' })
    const text = buildinfoText().trimEnd()
    const packets = [
      await signature(text, await unknownKey(), { date: ago(5 * DAY) }),
      await signature(text, other, { date: ago(2 * DAY) }),
      await signature(text, await partyKey()),
    ]
    const keyring = await keyringOf([await partyKey(), other])
    const { evidence } = await verifyBuildinfo(documentOf(clearsigned(text, block(...packets))), keyring, AT, HELLO)
    const fingerprints = [await partyKey(), other].map((key) => key.getFingerprint().toUpperCase()).sort()
    expect(evidence).toEqual([expect.objectContaining({ signers: fingerprints, date: ago(2 * DAY) })])
  })

  it('of a subkey is that of its primary key', async () => {
    const key = await newKey({ name: 'Subkeys', subkeys: [{ sign: true }] })
    const [subkey] = key.subkeys
    if (subkey === undefined) throw new Error('the key has no subkey')
    const text = buildinfoText().trimEnd()
    const document = documentOf(clearsigned(text, block(await signature(text, subkey))))
    const { evidence } = await verifyBuildinfo(document, await keyringOf([key]), AT, HELLO)
    expect(evidence[0]?.signers).toEqual([key.getFingerprint().toUpperCase()])
  })

  const RETIRED = { flag: enums.reasonForRevocation.keyRetired, string: '' }
  const COMPROMISED = { flag: enums.reasonForRevocation.keyCompromised, string: '' }
  const expired = async () => await newKey({ name: 'Expired', expiresAfter: 355 * DAY })
  const expiresSoon = async () => await newKey({ name: 'Soon', expiresAfter: 375 * DAY })

  it.each<[string, () => Promise<PrivateKey>, SignatureOptions, boolean]>([
    ['now', partyKey, {}, true],
    ['younger than the clock, judged at its own time', partyKey, { date: ago(-30 * DAY) }, true],
    ['younger than the clock, by a key that is still in force then', expiresSoon, { date: ago(-5 * DAY) }, true],
    ['younger than the clock, by a key that has expired by then', expiresSoon, { date: ago(-15 * DAY) }, false],
    ['by a key that expired before', expired, {}, false],
    ['by a key that has expired since', expired, { date: ago(20 * DAY) }, false],
    ['by a key that was retired', async () => await (await newKey()).revoke(RETIRED, ago(10 * DAY)), {}, false],
    [
      'by a key that was found compromised later',
      async () => await (await newKey()).revoke(COMPROMISED, ago(10 * DAY)),
      { date: ago(20 * DAY) },
      false,
    ],
    ['that has expired itself', partyKey, { date: ago(2 * HOUR), expiresAfter: HOUR }, false],
    ['older than its key', partyKey, { date: ago(400 * DAY) }, false],
  ])('made %s', async (_name, make, options, counts) => {
    const key = await make()
    const document = documentOf(await clearsignedBy(buildinfoText(), key, options))
    const result = verifyBuildinfo(document, await keyringOf([key]), AT, HELLO)
    if (counts) expect((await result).evidence[0]?.date).toEqual(options.date ?? ago(HOUR))
    else await expect(result).rejects.toEqual(statementError(/There is no valid signature by a trusted key/))
  })
})

describe('the files that an unverified document names', () => {
  it('are found in a signed, an unsigned and a changed one, with every line end', () => {
    const names = ['debproof-demo-data_1.0-1_all.deb', 'debproof-demo-dbgsym_1.0-1_amd64.deb', DEMO.fileName]
    for (const name of ['orig.buildinfo', 'orig.rsa.signed.buildinfo']) {
      expect([...filesNamedIn(fixture(name))]).toEqual(names)
      const changed = fixture(name).toString('latin1').replaceAll('\n', '\r\n')
      expect([...filesNamedIn(Buffer.from(changed, 'latin1'))]).toEqual(names)
    }
  })

  it('are none in anything else', () => {
    expect([...filesNamedIn(Buffer.from('<html>hello_1.0-1_amd64.deb</html>'))]).toEqual([])
    expect([...filesNamedIn(Buffer.alloc(0))]).toEqual([])
  })

  it('are found in time that grows with the document alone', () => {
    const start = performance.now()
    for (const part of [' ', ' \n', ` ${SHA256} 1 a`, `${SHA256} `, ` ${SHA256} 1 a `, '\t1']) {
      filesNamedIn(Buffer.from(part.repeat(4_000_000 / part.length)))
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

import { enums, type PrivateKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { parseFingerprint } from '../../src/archive/identity.ts'
import type { Keyring, TrustedFingerprint } from '../../src/archive/keyring.ts'
import {
  AT,
  ago,
  block,
  clearsigned,
  DAY,
  framed,
  HOUR,
  type JudgeOptions,
  judgeInRelease,
  judgePair,
  keyringOf,
  newKey,
  once,
  releaseDate,
  releaseText,
  type SignatureOptions,
  signature,
  type Verdict,
} from '../making/signed-archive.ts'

/** Dated a month ago, so that it may be judged at many times. */
const TEXT = releaseText({ Date: releaseDate(ago(30 * DAY)) })
const UNTRUSTED = 'RELEASE_UNTRUSTED'
const MALFORMED = 'RELEASE_MALFORMED'

const COMPROMISED = { flag: enums.reasonForRevocation.keyCompromised, string: '' }
const RETIRED = { flag: enums.reasonForRevocation.keyRetired, string: '' }

const archiveKey = once(newKey)
const secondKey = once(() => newKey({ name: 'Second' }))
const unknownKey = once(() => newKey({ name: 'Unknown' }))
const expiredKey = once(() => newKey({ name: 'Expired', expiresAfter: 355 * DAY }))
const revokedKey = once(async () => await (await newKey({ name: 'Revoked' })).revoke(COMPROMISED, ago(10 * DAY)))
const retiredKey = once(async () => await (await newKey({ name: 'Retired' })).revoke(RETIRED, ago(10 * DAY)))
const futureKey = once(() => newKey({ name: 'Future', created: ago(-DAY) }))
const rsa2048 = once(() => newKey({ name: 'Rsa', rsaBits: 2048, subkeys: [{ type: 'rsa', rsaBits: 2048 }] }))
const withSubkey = once(() => newKey({ name: 'Subkeys', subkeys: [{ sign: true }, { sign: true }] }))

const trusted = once(async () => {
  const keys = [archiveKey, secondKey, expiredKey, revokedKey, retiredKey, futureKey, rsa2048, withSubkey]
  return await keyringOf(await Promise.all(keys.map((key) => key())))
})

async function signedBy(key: PrivateKey, options?: SignatureOptions): Promise<Buffer> {
  return await signature(TEXT, key, options)
}

/** The verdict on an InRelease whose blocks hold these packets. */
async function verdict(blocks: readonly (readonly Uint8Array[])[], options?: JudgeOptions): Promise<Verdict> {
  const file = clearsigned(TEXT, ...blocks.map((packets) => block(...packets)))
  return await judgeInRelease(file, await trusted(), options)
}

const badBySame = async () => await signature(`${TEXT} `, await archiveKey())
const badByOther = async () => await signature(`${TEXT} `, await secondKey())
const good = async () => await signedBy(await archiveKey())
const unknown = async () => await signedBy(await unknownKey())

describe('Signers', () => {
  const rows: readonly (readonly [name: string, blocks: () => Promise<Uint8Array[][]>, verdict: Verdict])[] = [
    ['Good + unknown key in one block', async () => [[await good(), await unknown()]], 'accepted'],
    ['unknown + good key in one block', async () => [[await unknown(), await good()]], 'accepted'],
    ['good + expired co-signer', async () => [[await good(), await signedBy(await expiredKey())]], 'accepted'],
    ['good + revoked co-signer', async () => [[await good(), await signedBy(await revokedKey())]], 'accepted'],
    [
      'good SHA256 + SHA1',
      async () => [
        [
          await signedBy(await archiveKey(), { hash: enums.hash.sha256 }),
          await signedBy(await rsa2048(), { hash: enums.hash.sha1 }),
        ],
      ],
      'accepted',
    ],
    ['Block of unknown key first, good block second', async () => [[await unknown()], [await good()]], UNTRUSTED],
    ['good block first, block of unknown key second', async () => [[await good()], [await unknown()]], 'accepted'],
    ['Good + BAD by the same key', async () => [[await good(), await badBySame()]], UNTRUSTED],
    ['BAD + good by the same key', async () => [[await badBySame(), await good()]], UNTRUSTED],
    ['Good + BAD by another trusted key', async () => [[await good(), await badByOther()]], UNTRUSTED],
    [
      'Good, and BAD by another trusted key in a second block',
      async () => [[await good()], [await badByOther()]],
      UNTRUSTED,
    ],
    [
      'Good + BAD by an unknown key',
      async () => [[await good(), await signature('x', await unknownKey())]],
      'accepted',
    ],
    ['Unknown key alone', async () => [[await unknown()]], UNTRUSTED],
    [
      'expired signature',
      async () => [[await signedBy(await archiveKey(), { date: ago(2 * HOUR), expiresAfter: HOUR })]],
      UNTRUSTED,
    ],
    ['empty armor', async () => [[]], MALFORMED],
    ['marker packet only', async () => [[framed(10, Buffer.from('PGP'))]], MALFORMED],
    ...(['standalone', 'certGeneric', 'certPositive', 'keyRevocation', 'timestamp'] as const).map(
      (type) =>
        [
          `wrong signature type: ${type}`,
          async () => [[retyped(await good(), enums.signature[type])]],
          MALFORMED,
        ] as const,
    ),
    ['Expired key, signature made now', async () => [[await signedBy(await expiredKey())]], UNTRUSTED],
    ['Revoked key, signature made now', async () => [[await signedBy(await revokedKey())]], UNTRUSTED],
    ['Soft-revoked key, signature made now', async () => [[await signedBy(await retiredKey())]], UNTRUSTED],
    [
      'hard revocation at any time: signed before it',
      async () => [[await signedBy(await revokedKey(), { date: ago(20 * DAY) })]],
      UNTRUSTED,
    ],
    [
      'Expired key, signature made before',
      async () => [[await signedBy(await expiredKey(), { date: ago(20 * DAY) })]],
      UNTRUSTED,
    ],
    [
      'soft-revoked key, signature made before',
      async () => [[await signedBy(await retiredKey(), { date: ago(20 * DAY) })]],
      UNTRUSTED,
    ],
    ['older than its key', async () => [[await signedBy(await archiveKey(), { date: ago(400 * DAY) })]], UNTRUSTED],
    ['key created in the future', async () => [[await signedBy(await futureKey())]], UNTRUSTED],
    ['encrypt-only subkey', async () => [[await signature(TEXT, await encryptOnly())]], UNTRUSTED],
  ]
  it.each(rows)('%s', async (_name, blocks, expected) => {
    expect(await verdict(await blocks())).toBe(expected)
  })

  it('Block of unknown key first, good block second (also in Release.gpg)', async () => {
    const release = `${TEXT}\n`
    const [known, stranger] = [
      await signature(release, await archiveKey()),
      await signature(release, await unknownKey()),
    ]
    const keyring = await trusted()
    expect(await judgePair(release, block(stranger) + block(known), keyring)).toBe(UNTRUSTED)
    expect(await judgePair(release, block(known) + block(stranger), keyring)).toBe('accepted')
  })

  it.each([
    ['Expired key', expiredKey],
    ['soft-revoked key', retiredKey],
  ])('%s, signature made before: yes when --at lies before the expiry', async (_name, key) => {
    const blocks = [[await signedBy(await key(), { date: ago(20 * DAY) })]]
    expect(await verdict(blocks, { at: ago(15 * DAY) })).toBe('accepted')
    expect(await verdict(blocks, { at: ago(5 * DAY) })).toBe(UNTRUSTED)
  })

  it('hard revocation at any time: not even when --at lies before it', async () => {
    const blocks = [[await signedBy(await revokedKey(), { date: ago(20 * DAY) })]]
    expect(await verdict(blocks, { at: ago(15 * DAY) })).toBe(UNTRUSTED)
  })

  it('the clock is --at: a signature in its future does not count, but for the statement of a rebuilder', async () => {
    const late = [[await signedBy(await archiveKey(), { date: ago(-60) })]]
    expect(await verdict(late, { countsForStatements: true })).toBe(UNTRUSTED)
    expect(await verdict([[await good()]], { at: ago(2 * HOUR), countsForStatements: true })).toBe(UNTRUSTED)
    expect(await verdict([[await good()]], { at: AT })).toBe('accepted')
  })
})

/** The good signature as a packet of another type: the bytes that follow do not matter, it is not looked at. */
function retyped(packet: Buffer, type: number): Buffer {
  const copy = Buffer.from(packet)
  copy.writeUInt8(type, 7)
  return copy
}

async function encryptOnly() {
  const [subkey] = (await rsa2048()).subkeys
  if (subkey === undefined) throw new Error('the RSA key has no subkey')
  return subkey
}

function firstSubkey(key: PrivateKey) {
  const [subkey] = key.subkeys
  if (subkey === undefined) throw new Error('the key has no subkey')
  return subkey
}

describe('Signed-By', () => {
  const fingerprint = (key: { getFingerprint(): string }, exact = false): TrustedFingerprint => {
    const parsed = parseFingerprint(key.getFingerprint())
    if (parsed === undefined) throw new Error('the library writes no fingerprint')
    return { fingerprint: parsed, exact }
  }
  const restricted = async (...only: TrustedFingerprint[]): Promise<Keyring> =>
    await keyringOf([await archiveKey(), await secondKey(), await withSubkey()], only)
  const bySubkey = async (keyring: Keyring): Promise<Verdict> =>
    await judgeInRelease(clearsigned(TEXT, block(await signature(TEXT, firstSubkey(await withSubkey())))), keyring)

  it('Wrong keyring: no', async () => {
    expect(await bySubkey(await keyringOf([await archiveKey()]))).toBe(UNTRUSTED)
  })

  it('wrong fingerprint: no', async () => {
    expect(await bySubkey(await restricted(fingerprint(await archiveKey())))).toBe(UNTRUSTED)
    expect(await bySubkey(await restricted(fingerprint(await archiveKey(), true)))).toBe(UNTRUSTED)
  })

  it('PRIMARY! while a subkey signed: no', async () => {
    expect(await bySubkey(await restricted(fingerprint(await withSubkey(), true)))).toBe(UNTRUSTED)
  })

  it('SUBKEY! while another subkey of the same certificate signed: no', async () => {
    const [first, second] = (await withSubkey()).subkeys.map((subkey) => fingerprint(subkey, true))
    if (first === undefined || second === undefined) throw new Error('the key has not two subkeys')
    expect(await bySubkey(await restricted(first))).toBe('accepted')
    expect(await bySubkey(await restricted(second))).toBe(UNTRUSTED)
  })

  it('Primary fingerprint while its subkey signed: yes', async () => {
    expect(await bySubkey(await restricted(fingerprint(await withSubkey())))).toBe('accepted')
    expect(await bySubkey(await restricted(fingerprint(firstSubkey(await withSubkey()))))).toBe('accepted')
  })

  it('lists in any order: yes', async () => {
    const both = [fingerprint(await archiveKey()), fingerprint(await withSubkey())]
    expect(await bySubkey(await restricted(...both))).toBe('accepted')
    expect(await bySubkey(await restricted(...both.toReversed()))).toBe('accepted')
  })

  it('BAD by a key of the keyring that signed-by does not name: no', async () => {
    const file = clearsigned(TEXT, block(await good(), await badByOther()))
    expect(await judgeInRelease(file, await restricted(fingerprint(await archiveKey())))).toBe(UNTRUSTED)
  })
})

it('reports who signed and when, by key and by certificate', async () => {
  const { verifySignatures } = await import('../../src/archive/signature.ts')
  const key = await withSubkey()
  const blocks = [await signature(TEXT, firstSubkey(key), { date: ago(2 * HOUR) })]
  expect(await verifySignatures({ text: Buffer.from(TEXT), blocks }, await trusted(), AT)).toEqual([
    {
      primaryFingerprint: key.getFingerprint().toUpperCase(),
      fingerprint: firstSubkey(key).getFingerprint().toUpperCase(),
      name: 'Subkeys <subkeys@example.org>',
      signedAt: ago(2 * HOUR),
    },
  ])
})

import { enums, type PrivateKey, SignaturePacket } from 'openpgp'
import { describe, expect, it } from 'vitest'
import {
  ago,
  block,
  clearsigned,
  DAY,
  judgeInRelease,
  type KeyOptions,
  keyringOf,
  newKey,
  releaseDate,
  releaseText,
  signature,
  type Verdict,
} from '../making/signed-archive.ts'

const TEXT = releaseText({ Date: releaseDate(ago(30 * DAY)) })
const UNTRUSTED = 'RELEASE_UNTRUSTED'
const COMPROMISED = { flag: enums.reasonForRevocation.keyCompromised, string: '' }
const RETIRED = { flag: enums.reasonForRevocation.keyRetired, string: '' }

async function signedBy(key: PrivateKey): Promise<Buffer> {
  return await signature(TEXT, key)
}

/** The verdict on a file that this key alone signed and that is the only key of the keyring. */
async function verdictAlone(key: PrivateKey, packet: Uint8Array): Promise<Verdict> {
  return await judgeInRelease(clearsigned(TEXT, block(packet)), await keyringOf([key]))
}

describe('Signers: kinds of keys', () => {
  const refused = [
    ['RSA 1024', { rsaBits: 1024 }],
    ['nistP521', { curve: 'nistP521' }],
  ] as const
  it.each(refused)('%s: no', async (_name, options) => {
    const key = await newKey(options)
    expect(await verdictAlone(key, await signedBy(key))).toBe(UNTRUSTED)
  })

  const accepted = [
    ['RSA 2048', { rsaBits: 2048 }],
    ['RSA 3072', { rsaBits: 3072 }],
    ['Ed25519', { curve: 'ed25519Legacy' }],
    ['nistP256', { curve: 'nistP256' }],
    ['nistP384', { curve: 'nistP384' }],
  ] as const
  it.each(accepted)('%s: yes', async (_name, options) => {
    const key = await newKey(options)
    expect(await verdictAlone(key, await signedBy(key))).toBe('accepted')
  })
})

describe('Signers: what a certificate must say', () => {
  /** Replaces the key's self-signature by one that `change` made of the usual. */
  async function certifiedAs(change: (packet: SignaturePacket) => void, options?: KeyOptions): Promise<PrivateKey> {
    const key = await newKey(options)
    const packet = certification(key, enums.signature.certGeneric)
    packet.keyFlags = new Uint8Array([enums.keyFlags.certifyKeys | enums.keyFlags.signData])
    change(packet)
    const [user] = key.users
    if (user === undefined) throw new Error('the key has no user')
    await signPacket(packet, key, { userID: user.userID, key: key.keyPacket }, ago(300 * DAY))
    user.selfCertifications = [packet]
    return key
  }

  it('a self-signature made here, as it should be: yes', async () => {
    const key = await certifiedAs(() => {})
    expect(await verdictAlone(key, await signedBy(key))).toBe('accepted')
  })

  it.each([
    ['No sign flag', (packet: SignaturePacket) => (packet.keyFlags = new Uint8Array([enums.keyFlags.certifyKeys]))],
    ['No key flags at all', (packet: SignaturePacket) => (packet.keyFlags = null)],
  ])('%s: no', async (_name, change) => {
    const key = await certifiedAs(change)
    expect(await verdictAlone(key, await signedBy(key))).toBe(UNTRUSTED)
  })

  it('SHA1 self-signature: no', async () => {
    for (const [hash, expected] of [
      [enums.hash.sha256, 'accepted'],
      [enums.hash.sha1, UNTRUSTED],
    ] as const) {
      const key = await certifiedAs((packet) => (packet.hashAlgorithm = hash), { rsaBits: 2048 })
      expect(await verdictAlone(key, await signedBy(key))).toBe(expected)
    }
  })

  it('no self-signature: no', async () => {
    const key = await newKey()
    for (const user of key.users) user.selfCertifications = []
    expect(await verdictAlone(key, await signedBy(key))).toBe(UNTRUSTED)
  })

  it('no user ID: no', async () => {
    const key = await newKey()
    key.users = []
    expect(await verdictAlone(key, await signedBy(key))).toBe(UNTRUSTED)
  })

  it('subkey: yes', async () => {
    const key = await newKey({ subkeys: [{ sign: true }] })
    expect(await verdictAlone(key, await signature(TEXT, firstSubkey(key)))).toBe('accepted')
  })

  it('expired subkey, signature made now or before: no', async () => {
    const key = await newKey({ subkeys: [{ sign: true, keyExpirationTime: 355 * DAY }] })
    expect(await verdictAlone(key, await signature(TEXT, firstSubkey(key)))).toBe(UNTRUSTED)
    expect(await verdictAlone(key, await signature(TEXT, firstSubkey(key), { date: ago(20 * DAY) }))).toBe(UNTRUSTED)
  })

  it.each([
    ['compromised', COMPROMISED],
    ['retired', RETIRED],
  ])('revoked subkey (%s), signature made now or before: no', async (_name, reason) => {
    const key = await newKey({ subkeys: [{ sign: true }] })
    key.subkeys = [await firstSubkey(key).revoke(secretOf(key), reason, ago(10 * DAY))]
    expect(await verdictAlone(key, await signature(TEXT, firstSubkey(key)))).toBe(UNTRUSTED)
    expect(await verdictAlone(key, await signature(TEXT, firstSubkey(key), { date: ago(20 * DAY) }))).toBe(UNTRUSTED)
  })

  it('subkey of an expired or a revoked primary key: no', async () => {
    const expired = await newKey({ expiresAfter: 355 * DAY, subkeys: [{ sign: true, keyExpirationTime: 0 }] })
    expect(await verdictAlone(expired, await signature(TEXT, firstSubkey(expired)))).toBe(UNTRUSTED)
    const revoked = await (await newKey({ subkeys: [{ sign: true }] })).revoke(RETIRED, ago(10 * DAY))
    expect(await verdictAlone(revoked, await signature(TEXT, firstSubkey(revoked)))).toBe(UNTRUSTED)
  })

  it('missing back signature: no', async () => {
    const key = await newKey({ subkeys: [{ sign: true }] })
    const subkey = firstSubkey(key)
    const packet = certification(key, enums.signature.subkeyBinding)
    packet.keyFlags = new Uint8Array([enums.keyFlags.signData])
    await signPacket(packet, key, { key: key.keyPacket, bind: subkey.keyPacket }, ago(300 * DAY))
    subkey.bindingSignatures = [packet]
    expect(await verdictAlone(key, await signature(TEXT, subkey))).toBe(UNTRUSTED)
  })

  it.each([
    ['certificate', enums.signature.keyRevocation],
    ['subkey', enums.signature.subkeyRevocation],
  ])('a revocation of the %s counts even when it is made with SHA-1', async (_name, type) => {
    const key = await newKey({ rsaBits: 2048, subkeys: [{ sign: true, type: 'rsa', rsaBits: 2048 }] })
    const subkey = firstSubkey(key)
    const packet = certification(key, type)
    packet.hashAlgorithm = enums.hash.sha1
    packet.reasonForRevocationFlag = COMPROMISED.flag
    packet.reasonForRevocationString = ''
    await signPacket(packet, key, { key: key.keyPacket, bind: subkey.keyPacket }, ago(10 * DAY))
    const signed = await signature(TEXT, subkey)
    expect(await verdictAlone(key, signed)).toBe('accepted')
    if (type === enums.signature.keyRevocation) key.revocationSignatures.push(packet)
    else subkey.revocationSignatures.push(packet)
    expect(await verdictAlone(key, signed)).toBe(UNTRUSTED)
  })
})

function firstSubkey(key: PrivateKey) {
  const [subkey] = key.subkeys
  if (subkey === undefined) throw new Error('the key has no subkey')
  return subkey
}

function secretOf(key: PrivateKey) {
  if (!('privateParams' in key.keyPacket)) throw new Error('the key is not private')
  return key.keyPacket
}

function certification(key: PrivateKey, type: enums.signature): SignaturePacket {
  const packet = new SignaturePacket()
  packet.signatureType = type
  packet.publicKeyAlgorithm = key.keyPacket.algorithm
  packet.hashAlgorithm = enums.hash.sha512
  return packet
}

async function signPacket(packet: SignaturePacket, key: PrivateKey, data: object, date: Date): Promise<void> {
  const sign: (...args: unknown[]) => Promise<void> = packet.sign.bind(packet) as never
  await sign(secretOf(key), data, date, false, { nonDeterministicSignaturesViaNotation: false })
}

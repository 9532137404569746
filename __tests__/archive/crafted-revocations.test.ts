import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { PRESENT, verifySignatures } from '../../src/archive/signature.ts'
import { ago, DAY, framed } from '../making/signed-archive.ts'

/** Packets that neither gpg nor openpgp.js writes, of one RSA key that was made a thousand days ago (RFC 9580, 5.2). */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const MADE = ago(1000 * DAY)
const NOW = ago(0)
const TEXT = Buffer.from('text\n')

const short = (number: number): Buffer => Buffer.from([number >> 8, number & 255])
const long = (number: number): Buffer => Buffer.from(number.toString(16).padStart(8, '0'), 'hex')
const number = (bytes: Buffer): Buffer =>
  Buffer.concat([short(bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24), bytes])
const withLength = (first: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([first]), first === 0x99 ? short(bytes.length) : long(bytes.length), bytes])
const subpacket = (type: number, ...body: number[]): Buffer => Buffer.from([body.length + 1, type, ...body])

const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
const rsa = [n, e].map((text) => number(Buffer.from(text, 'base64url')))
const keyPacket = Buffer.concat([Buffer.from([4]), long(MADE.getTime() / 1000), Buffer.from([1]), ...rsa])
const keyData = withLength(0x99, keyPacket)
const keyId = createHash('sha1').update(keyData).digest().subarray(-8)

function signature(data: Buffer, type: number, date: Date, more: readonly Buffer[] = [], algorithm = 1): Buffer {
  const hashed = Buffer.concat([subpacket(2, ...long(date.getTime() / 1000)), ...more])
  const unhashed = subpacket(16, ...keyId)
  const head = Buffer.concat([Buffer.from([4, type, algorithm, 8]), short(hashed.length), hashed])
  const signed = Buffer.concat([data, head, Buffer.from([4, 255]), long(head.length)])
  const check = createHash('sha256').update(signed).digest().subarray(0, 2)
  const parts = [head, short(unhashed.length), unhashed, check, number(sign('sha256', signed, privateKey))]
  return framed(2, Buffer.concat(parts))
}

interface User {
  readonly packet: Buffer
  readonly data: Buffer
}

function user(name: string): User {
  const text = Buffer.from(`${name} <${name}@example.org>`)
  return { packet: framed(13, text), data: Buffer.concat([keyData, withLength(0xb4, text)]) }
}

const [one, two] = [user('one'), user('two')]
const MAY_SIGN = subpacket(27, 3)
const ENDED = subpacket(9, ...long((950 * DAY) / 1000))
const self = ({ data }: User, days: number, ...more: Buffer[]): Buffer =>
  signature(data, 0x13, ago(days * DAY), [MAY_SIGN, ...more])
const retired = subpacket(29, 3)
const key = framed(6, keyPacket)

const KEYRINGS: Readonly<Record<string, Buffer[]>> = {
  'that ended by a user ID that had been revoked and was certified again': [
    ...[key, one.packet, self(one, 900), two.packet],
    ...[signature(two.data, 0x30, ago(400 * DAY)), self(two, 350, ENDED)],
  ],
  'whose revocation calls it an RSA key that only signs': [
    ...[key, signature(keyData, 0x20, ago(100 * DAY), [], 3), one.packet, self(one, 900)],
  ],
  'that was taken out of use by a revocation that says that it ends itself': [
    ...[key, signature(keyData, 0x20, ago(100 * DAY), [retired, subpacket(3, ...long(9))]), one.packet, self(one, 900)],
  ],
}

describe('a key', () => {
  const counts = async (packets: readonly Buffer[], days: number): Promise<boolean> => {
    const keyring = new Keyring(await readCertificates(Buffer.concat(packets), 'made.gpg'))
    const blocks = [signature(TEXT, 0, ago(days * DAY))]
    return await verifySignatures({ text: TEXT, blocks }, keyring, NOW, PRESENT).then(
      () => true,
      () => false,
    )
  }

  // gpgv counts none of them.
  it.each(Object.keys(KEYRINGS))('%s does not count', async (what) => {
    for (const days of [300, 1]) expect(await counts(KEYRINGS[what] ?? [], days)).toBe(false)
  })

  it('of which nothing of that is said does, so that the refusals above mean something', async () => {
    for (const days of [300, 1]) expect(await counts([key, one.packet, self(one, 900)], days)).toBe(true)
  })
})

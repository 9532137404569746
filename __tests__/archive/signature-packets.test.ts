import fc from 'fast-check'
import { createMessage, readKeys, readSignature, verify } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { verifySignatures } from '../../src/archive/signature.ts'
import { isDebproofError } from '../../src/errors.ts'
import {
  type CraftedAlgorithm,
  type CraftedSignatureOptions,
  craftedCertificate,
  craftedKey,
  craftedSignature,
} from '../making/crafted-openpgp.ts'
import {
  AT,
  block,
  clearsigned,
  framed,
  judgeInRelease,
  keyringOf,
  newKey,
  once,
  releaseText,
  signature,
  type Verdict,
} from '../making/signed-archive.ts'

const TEXT = releaseText()
const UNTRUSTED = 'RELEASE_UNTRUSTED'
const MALFORMED = 'RELEASE_MALFORMED'

const goodKey = once(newKey)
const rsa = craftedKey('rsa')
const trusted = once(
  async () =>
    new Keyring([
      ...(await keyringOf([await goodKey()])).certificates,
      ...(await readCertificates(craftedCertificate(rsa), 'crafted.gpg')),
    ]),
)

async function good(): Promise<Buffer> {
  return await signature(TEXT, await goodKey())
}

function crafted(options?: CraftedSignatureOptions, text = TEXT): Buffer {
  return craftedSignature(Buffer.from(text), rsa, options)
}

async function verdict(...packets: readonly Uint8Array[]): Promise<Verdict> {
  return await judgeInRelease(clearsigned(TEXT, block(...packets)), await trusted())
}

const stranger = craftedKey('rsa')

function strangers(options: CraftedSignatureOptions, text = TEXT): Buffer {
  return craftedSignature(Buffer.from(text), stranger, options)
}

const CRLF = TEXT.replaceAll('\n', '\r\n')

const notation = (critical: number) => ({
  type: critical | 20,
  body: Buffer.from('\x80\0\0\0\0\x05\0\x01a@b.cx', 'latin1'),
})

describe('Packets', () => {
  const rows: readonly (readonly [name: string, packets: () => Promise<Uint8Array[]>, verdict: Verdict])[] = [
    ['a crafted signature as it should be', async () => [crafted()], 'accepted'],
    ['SHA384 and SHA512', async () => [crafted({ hash: 'sha384' }), crafted({ hash: 'sha512' })], 'accepted'],
    ['MD5 signature alone', async () => [crafted({ hash: 'md5' })], UNTRUSTED],
    ['SHA1 signature alone', async () => [crafted({ hash: 'sha1' })], UNTRUSTED],
    ['RIPEMD160 signature alone', async () => [crafted({ hash: 'ripemd160' })], UNTRUSTED],
    ['SHA224', async () => [crafted({ hash: 'sha224' })], UNTRUSTED],
    ['v3 signature alone', async () => [crafted({ version: 3 })], UNTRUSTED],
    ['v3 signature beside a good one', async () => [await good(), crafted({ version: 3 })], 'accepted'],
    ['good one beside a v3 signature', async () => [crafted({ version: 3 }), await good()], 'accepted'],
    [
      'v3 signature over text beside a good one',
      async () => [crafted({ version: 3, type: 1 }, CRLF), await good()],
      'accepted',
    ],
    [
      'v3 signature by an unknown key beside a good one',
      async () => [strangers({ version: 3 }), await good()],
      'accepted',
    ],
    ['BAD v3 signature beside a good one', async () => [await good(), crafted({ version: 3 }, 'x')], UNTRUSTED],
    [
      'BAD v3 signature over text before a good one',
      async () => [crafted({ version: 3, type: 1 }, 'x'), await good()],
      UNTRUSTED,
    ],
    ['BAD v3 signature by an unknown key', async () => [await good(), strangers({ version: 3 }, 'x')], 'accepted'],
    ['v3 signature that certifies', async () => [await good(), crafted({ version: 3, type: 0x10 })], MALFORMED],
    [
      'v3 signature over an unknown digest',
      async () => [withByte(crafted({ version: 3 }), 16, 99), await good()],
      MALFORMED,
    ],
    [
      'v3 signature that signs more than its time',
      async () => [withByte(crafted({ version: 3 }), 1, 6), await good()],
      MALFORMED,
    ],
    ['v3 signature that is cut short', async () => [await good(), framed(2, Buffer.from([3, 5, 0, 0]))], MALFORMED],
    ...[2, 5, 7, 255].flatMap(
      (version) =>
        [
          [
            `version ${version} after a good one`,
            async () => [await good(), withByte(crafted(), 0, version)],
            'accepted',
          ],
          [
            `version ${version} before a good one`,
            async () => [withByte(crafted(), 0, version), await good()],
            UNTRUSTED,
          ],
          [
            `version ${version} before a BAD one`,
            async () => [await good(), withByte(crafted(), 0, version), crafted({}, 'x')],
            UNTRUSTED,
          ],
          [`version ${version} alone`, async () => [withByte(crafted(), 0, version)], UNTRUSTED],
        ] as const,
    ),
    ['version 6 before a good one', async () => [VERSION_6, await good()], UNTRUSTED],
    ['version 6 after a good one', async () => [await good(), VERSION_6], 'accepted'],
    ['unknown packet beside a good one', async () => [await good(), framed(60, Buffer.from('x'))], MALFORMED],
    ['marker packet beside a good one', async () => [await good(), framed(10, Buffer.from('PGP'))], MALFORMED],
    ['literal data beside a good one', async () => [await good(), framed(11, Buffer.from('b\0\0\0\0\0x'))], MALFORMED],
    ['unknown algorithm after a good one', async () => [await good(), withAlgorithm(await good(), 99)], 'accepted'],
    ['unknown algorithm before a good one', async () => [withAlgorithm(await good(), 30), await good()], 'accepted'],
    ['unknown algorithm alone', async () => [withAlgorithm(await good(), 30)], UNTRUSTED],
    [
      'known algorithm with other numbers beside a good one',
      async () => [await good(), withAlgorithm(await good(), 27)],
      MALFORMED,
    ],
    ['unknown digest beside a good one', async () => [withDigest(await good(), 136), await good()], MALFORMED],
    ['unknown digest after a good one', async () => [await good(), withDigest(await good(), 40)], MALFORMED],
    ['SHA3 beside a good one', async () => [await good(), withDigest(await good(), 12)], MALFORMED],
    ['another algorithm than the key has', async () => [rsaSignOnly(crafted()), await good()], UNTRUSTED],
    [
      'a notation of another length than it says',
      async () => [crafted({ subpackets: [{ type: 20, body: Buffer.alloc(8, 1) }] }), await good()],
      MALFORMED,
    ],
    ['trailing bytes beside a good one', async () => [await good(), Buffer.from('xyz')], MALFORMED],
    ['a good one cut short', async () => [(await good()).subarray(0, -1)], MALFORMED],
    ['no packet at all', async () => [], MALFORMED],
    ['unknown subpacket', async () => [crafted({ subpackets: [{ type: 100, body: Buffer.from('x') }] })], 'accepted'],
    [
      'Unknown critical subpacket',
      async () => [crafted({ subpackets: [{ type: 0x80 | 100, body: Buffer.from('x') }] })],
      UNTRUSTED,
    ],
    ['notation', async () => [crafted({ subpackets: [notation(0)] })], 'accepted'],
    ['critical notation', async () => [crafted({ subpackets: [notation(0x80)] })], UNTRUSTED],
    ['Binary (type 0) signature over LF text', async () => [crafted({ type: 0 })], 'accepted'],
    ['Binary (type 0) signature over CRLF text', async () => [crafted({}, TEXT.replaceAll('\n', '\r\n'))], UNTRUSTED],
    ['text (type 1) signature', async () => [crafted({ type: 1 }, TEXT.replaceAll('\n', '\r\n'))], 'accepted'],
    [
      'another fingerprint named than the one that signed',
      async () => [crafted({ subpackets: [{ type: 33, body: Buffer.concat([Buffer.alloc(13, 4), rsa.id]) }] })],
      UNTRUSTED,
    ],
  ]
  it.each(rows)('%s', async (_name, packets, expected) => {
    expect(await verdict(...(await packets()))).toBe(expected)
  })

  it('takes no subpackets that end elsewhere than the signature says, which nobody signs', async () => {
    const packet = crafted()
    // Behind the packet's header of six bytes: version, type, two algorithms, and the length of what is signed.
    const unsigned = 6 + 6 + packet.readUInt16BE(10)
    const length = packet.readUInt16BE(unsigned)
    expect(length).toBe(10)
    for (const other of [0, 1, length - 2, length - 1, length + 1, length + 2, 0xffff]) {
      const changed = Buffer.from(packet)
      changed.writeUInt16BE(other, unsigned)
      expect(await verdict(changed, await good()), `${other} bytes`).toBe(MALFORMED)
    }
  })

  it('takes packets of the old format and of every definite length', async () => {
    const body = (await good()).subarray(6)
    const old = Buffer.from([0x88, body.length])
    const older = Buffer.from([0x89, 0, body.length])
    const oldest = Buffer.from([0x8a, 0, 0, 0, body.length])
    const short = body.length < 192 ? Buffer.from([0xc2, body.length]) : Buffer.from([0xc2, 192, body.length - 192])
    for (const header of [old, older, oldest, short]) {
      expect(await verdict(Buffer.concat([header, body]))).toBe('accepted')
    }
  })

  it('takes no packet of indefinite or partial length', async () => {
    const body = (await good()).subarray(6)
    expect(await verdict(Buffer.concat([Buffer.from([0x8b]), body]))).toBe(MALFORMED)
    const partial = Buffer.concat([Buffer.from([0xc2, 0xe6]), body.subarray(0, 64), Buffer.from([body.length - 64])])
    expect(await verdict(Buffer.concat([partial, body.subarray(64)]))).toBe(MALFORMED)
  })

  it('takes no changed bit, and throws nothing but a DebproofError for any', async () => {
    const packet = await good()
    const keyring = await trusted()
    // The bit counts of the two numbers at the end: only their bytes are read.
    const first = 6 + 6 + packet.readUInt16BE(10) + 2 + 2
    const second = first + 2 + Math.ceil(packet.readUInt16BE(first) / 8)
    const counts = [first, first + 1, second, second + 1]
    await fc.assert(
      fc.asyncProperty(fc.nat(packet.length * 8 - 1), async (bit) => {
        fc.pre(!counts.includes(bit >> 3))
        const changed = Buffer.from(packet)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(await failure(changed, keyring)).toMatch(/^RELEASE_/)
      }),
      { numRuns: 300 },
    )
  })

  it('throws nothing but a DebproofError, whatever the bytes of a block', async () => {
    const keyring = await trusted()
    const packets = await good()
    const parts = fc.oneof(fc.constant(packets), fc.constant(crafted({ version: 3 })), fc.uint8Array({ maxLength: 60 }))
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 4 }), async (blocks) => {
        await failure(Buffer.concat(blocks), keyring)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what a refusal says of a signature that cannot count', () => {
  async function why(...packets: readonly Uint8Array[]): Promise<string> {
    return await verifySignatures(
      { text: Buffer.from(TEXT), blocks: [Buffer.concat(packets)] },
      await trusted(),
      AT,
    ).then(
      () => 'accepted',
      (error: Error) => error.message,
    )
  }

  it('of version 3: that, whose it is, and that its owner has to sign anew', async () => {
    const fingerprint = (await readKeys({ binaryKeys: craftedCertificate(rsa) }))[0]?.getFingerprint().toUpperCase()
    expect(await why(crafted({ version: 3 }))).toMatch(
      new RegExp(`key ${fingerprint}: a signature of version 3, .*ask the archive's owner to sign anew`),
    )
    expect(await why(strangers({ version: 3 }))).toMatch(
      /version 3 is by the key [0-9A-F]{16}, which is not in the keyring/,
    )
  })

  it('of another version or algorithm: which', async () => {
    expect(await why(withByte(crafted(), 0, 5))).toContain('is of version 5')
    expect(await why(withAlgorithm(await good(), 30))).toContain('is of the algorithm 30')
  })

  it('behind one of an unknown version: that gpgv reads no further', async () => {
    expect(await why(withByte(crafted(), 0, 5), await good())).toContain(
      'behind a signature of a version that gpgv does not know',
    )
  })
})

async function failure(packets: Uint8Array, keyring: Keyring): Promise<string> {
  try {
    await verifySignatures({ text: Buffer.from(TEXT), blocks: [packets] }, keyring, AT)
    return 'accepted'
  } catch (error) {
    if (!isDebproofError(error, UNTRUSTED, MALFORMED)) throw error
    return error.code
  }
}

/** With another byte in its body, behind the six of the packet's header. */
function withByte(packet: Buffer, position: number, value: number): Buffer {
  const copy = Buffer.from(packet)
  copy.writeUInt8(value, 6 + position)
  return copy
}

/** Ed25519 over SHA-256 by nobody, without subpackets but the time, with the salt that version 6 has. */
const VERSION_6 = framed(
  2,
  Buffer.concat([
    Buffer.from([6, 0, 27, 8, 0, 0, 0, 6, 5, 2, 0x69, 0, 0, 0, 0, 0, 0, 0, 1, 2, 16]),
    Buffer.alloc(16 + 64, 7),
  ]),
)

function withAlgorithm(packet: Buffer, algorithm: number): Buffer {
  const copy = Buffer.from(packet)
  copy.writeUInt8(algorithm, 8)
  return copy
}

/** RSA has two more numbers, for keys that only sign or only encrypt (RFC 9580, 9.1). */
function rsaSignOnly(packet: Buffer): Buffer {
  return withAlgorithm(packet, 3)
}

function withDigest(packet: Buffer, algorithm: number): Buffer {
  const copy = Buffer.from(packet)
  copy.writeUInt8(algorithm, 9)
  return copy
}

describe('Signers: keys that the library does not make', () => {
  it.each<CraftedAlgorithm>(['dsa', 'secp256k1', 'brainpoolP256r1'])('%s: no', async (kind) => {
    const key = craftedKey(kind)
    const packet = craftedSignature(Buffer.from(TEXT), key)
    const keyring = new Keyring(await readCertificates(craftedCertificate(key), 'crafted.gpg'))
    expect(await judgeInRelease(clearsigned(TEXT, block(packet)), keyring)).toBe(UNTRUSTED)
  })

  it('DSA is refused for being DSA: with the algorithm allowed the library takes the signature', async () => {
    const key = craftedKey('dsa')
    const { signatures } = await verify({
      message: await createMessage({ binary: Buffer.from(TEXT) }),
      signature: await readSignature({ binarySignature: craftedSignature(Buffer.from(TEXT), key) }),
      verificationKeys: await readKeys({ binaryKeys: craftedCertificate(key) }),
      date: AT,
      format: 'binary',
      config: { rejectPublicKeyAlgorithms: new Set() },
    })
    await expect(signatures[0]?.verified).resolves.toBe(true)
  })
})

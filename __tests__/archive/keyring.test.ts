import fc from 'fast-check'
import { type PublicKey, reformatKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { parseFingerprint } from '../../src/archive/identity.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { isDebproofError } from '../../src/errors.ts'
import { MAX_KEYRING } from '../../src/limits.ts'
import { ago, DAY, keyringFile, latin1, newKey, once, verdictOf } from '../making/signed-archive.ts'

const keys = once(async () => [await newKey({ name: 'One' }), await newKey({ name: 'Two', subkeys: [{ sign: true }] })])

async function fingerprintsIn(file: string | Uint8Array): Promise<string[]> {
  const read = await readCertificates(typeof file === 'string' ? latin1(file) : file, 'made.gpg')
  return read.map((certificate) => certificate.getFingerprint())
}

async function expected(): Promise<string[]> {
  return (await keys()).map((key) => key.getFingerprint())
}

async function armored(): Promise<string[]> {
  return (await keys()).map((key) => key.toPublic().armor())
}

describe('a keyring file', () => {
  it('may be binary, with any number of keys', async () => {
    expect(await fingerprintsIn(keyringFile(await keys()))).toEqual(await expected())
  })

  it('may be armored blocks, one after another, of which none is lost', async () => {
    expect(await fingerprintsIn((await armored()).join(''))).toEqual(await expected())
    expect(await fingerprintsIn((await armored()).join('\nsome words\n'))).toEqual(await expected())
    expect(await fingerprintsIn((await armored()).join('\n').replaceAll('\r\n', '\n'))).toEqual(await expected())
    expect(await fingerprintsIn((await armored()).join('').replaceAll(/\r?\n/g, '\r\n'))).toEqual(await expected())
  })

  it.each<[name: string, make: () => Promise<string | Uint8Array>]>([
    ['empty', async () => ''],
    ['without a key', async () => 'some words\n'],
    ['a truncated binary', async () => keyringFile(await keys()).subarray(0, -10)],
    ['a truncated armor', async () => (await armored()).join('').slice(0, -60)],
    ['an armor with a wrong checksum', async () => (await armored()).join('').replace(/^=.{4}$/m, '=AAAA')],
    ['an armor without a blank line', async () => (await armored()).join('').replace(/\r?\n\r?\n/, '\n')],
    ['a private key in armor', async () => (await newKey()).armor()],
    ['a private key in binary', async () => (await newKey()).write()],
    [
      'a keybox of GnuPG',
      async () => Buffer.concat([Buffer.from([0, 0, 0, 32, 1, 1, 0, 2]), Buffer.from('KBXf'), Buffer.alloc(20)]),
    ],
    ['too large', async () => new Uint8Array(MAX_KEYRING + 1)],
    ['random bytes', async () => Buffer.from([0x99, 1, 2, 3, 4, 5])],
  ])('that is %s is refused', async (_name, make) => {
    const file = await make()
    expect(await verdictOf(() => fingerprintsIn(file))).toBe('KEY')
  })

  it('throws nothing but a DebproofError, whatever the bytes', async () => {
    const file = keyringFile(await keys())
    const [text = ''] = await armored()
    const damaged = fc.tuple(fc.nat(file.length - 1), fc.nat(255)).map(([position, value]) => {
      const copy = Buffer.from(file)
      copy[position] = value
      return copy
    })
    const lines = fc.shuffledSubarray(text.split('\n')).map((some) => latin1(some.join('\n')))
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, lines, fc.uint8Array({ maxLength: 50 })), async (bytes) => {
        try {
          await readCertificates(bytes, 'made.gpg')
        } catch (error) {
          if (!isDebproofError(error, 'KEY')) throw error
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a keyring', () => {
  it('has each certificate once, so that no key is ambiguous for being there twice', async () => {
    const twice = [...(await keys()), ...(await keys())]
    const keyring = new Keyring(await readCertificates(keyringFile(twice), 'made.gpg'))
    expect(keyring.certificates).toHaveLength(2)
    for (const key of await keys()) expect(keyring.withKeyId(key.getKeyID().toHex())).toHaveLength(1)
  })

  it('makes the same certificate of several of one key in whatever order, with the newest names first', async () => {
    const [key] = await keys()
    if (key === undefined) throw new Error('there is no key')
    const named = async (name: string, days: number): Promise<PublicKey> => {
      const renamed = await reformatKey({
        privateKey: key,
        userIDs: [{ name }],
        date: ago(days * DAY),
        format: 'object',
      })
      return renamed.privateKey.toPublic()
    }
    for (const [older, newer] of [
      [await named('A', 20), await named('B', 10)],
      [await named('B', 20), await named('A', 10)],
    ] as const) {
      const files = [key.toPublic(), older, newer]
      const expected = ['One <one@example.org>', ...older.getUserIDs(), ...newer.getUserIDs()].toReversed()
      for (const order of [files, files.toReversed(), [newer, key.toPublic(), older]]) {
        const { certificates } = new Keyring(await readCertificates(keyringFile(order), 'made.gpg'))
        expect(certificates.map((certificate) => certificate.getUserIDs())).toEqual([expected])
        expect(certificates[0]?.write()).toEqual(
          new Keyring(await readCertificates(keyringFile(files), 'made.gpg')).certificates[0]?.write(),
        )
      }
    }
  })

  it('leaves the certificates that it was given as they are', async () => {
    const [key] = await keys()
    if (key === undefined) throw new Error('there is no key')
    const revoked = (await key.revoke({}, ago(DAY))).toPublic()
    const read = await readCertificates(keyringFile([key.toPublic(), revoked]), 'made.gpg')
    const before = read.map((certificate) => certificate.write())
    expect(new Keyring(read).certificates[0]?.revocationSignatures).toHaveLength(1)
    expect(read.map((certificate) => certificate.write())).toEqual(before)
    expect(new Keyring(read.slice(0, 1)).certificates[0]?.revocationSignatures).toHaveLength(0)
  })

  it('finds primary keys and subkeys by their ID, and nothing for another', async () => {
    const [, second] = await keys()
    const [subkey] = second?.subkeys ?? []
    const keyring = new Keyring(await readCertificates(keyringFile(await keys()), 'made.gpg'))
    expect(keyring.withKeyId(subkey?.getKeyID().toHex() ?? '')).toMatchObject([
      {
        fingerprint: parseFingerprint(subkey?.getFingerprint() ?? ''),
        primaryFingerprint: parseFingerprint(second?.getFingerprint() ?? ''),
      },
    ])
    expect(keyring.withKeyId('0'.repeat(16))).toEqual([])
  })
})

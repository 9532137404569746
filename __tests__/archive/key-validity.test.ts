import fc from 'fast-check'
import { enums, type PrivateKey, type PublicKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { PAST, PRESENT, type SignatureRules, STATEMENT, verifySignatures } from '../../src/archive/signature.ts'
import { boundSubkey, concatenated, type Said, selfSigned, YEAR } from '../making/self-signatures.ts'
import { AT, ago, DAY, newKey, once, signature } from '../making/signed-archive.ts'

const TEXT = 'what was signed\n'
const MADE = ago(4 * YEAR)
const ALL: readonly (readonly [string, SignatureRules])[] = [
  ['served now', PRESENT],
  ['kept', PAST],
  ['a statement', STATEMENT],
]

/** Four years old, and RSA, which can sign over SHA-1. */
const owner = once(
  async () =>
    await newKey({
      name: 'Owner',
      created: MADE,
      rsaBits: 2048,
      subkeys: [{ sign: true, type: 'rsa', rsaBits: 2048 }],
    }),
)
const stranger = once(async () => await newKey({ name: 'Stranger', created: MADE, rsaBits: 2048 }))

/** For two years, as it was made. */
const FIRST: Said = { date: MADE, until: ago(2 * YEAR) }
/** A month after its end, for another ten years. */
const RENEWAL: Said = { date: ago(2 * YEAR - 30 * DAY), until: ago(-10 * YEAR) }

interface Question {
  readonly files: readonly (readonly PublicKey[])[]
  readonly signed: Date
  readonly at?: Date
  readonly rules?: SignatureRules
  readonly by?: 'primary' | 'subkey'
}

/** What becomes of a signature: `good`, or why it does not count. */
async function judged({ files, signed, at = AT, rules = PRESENT, by = 'primary' }: Question): Promise<string> {
  const key = await owner()
  const [subkey = key] = key.subkeys
  const blocks = [await signature(TEXT, by === 'subkey' ? subkey : key, { date: signed })]
  const read = await Promise.all(files.map((file, index) => readCertificates(concatenated(...file), `${index}.gpg`)))
  return await verifySignatures({ text: Buffer.from(TEXT), blocks }, new Keyring(read.flat()), at, rules).then(
    () => 'good',
    (error: Error) => error.message,
  )
}

async function said(...words: readonly Said[]): Promise<PublicKey> {
  return await selfSigned(await owner(), ...words)
}

/** Two certificates in one file and in two, each first. */
function together(one: PublicKey, other: PublicKey): PublicKey[][][] {
  return [[[one, other]], [[other, one]], [[one], [other]], [[other], [one]]]
}

async function expectOfAll(questions: readonly Question[], expected: RegExp): Promise<void> {
  for (const question of questions) expect(await judged(question)).toMatch(expected)
}

describe('a key that was renewed', () => {
  const WHILE_GOOD = ago(3 * YEAR)
  const IN_BETWEEN = ago(2 * YEAR - DAY)

  it.each(ALL)('keeps what it signed before, by the new certificate alone (%s)', async (_name, rules) => {
    const files = [[await said(RENEWAL)]]
    expect(await judged({ files, signed: WHILE_GOOD, rules })).toBe('good')
    expect(await judged({ files, signed: WHILE_GOOD, rules, at: ago(2.5 * YEAR) })).toBe('good')
    expect(await judged({ files, signed: ago(DAY), rules })).toBe('good')
  })

  it.each(ALL)('is one key with the certificate of before, in whatever order and files (%s)', async (_name, rules) => {
    for (const files of together(await said(FIRST), await said(RENEWAL))) {
      expect(await judged({ files, signed: WHILE_GOOD, rules })).toBe('good')
      expect(await judged({ files, signed: ago(DAY), rules })).toBe('good')
      expect(await judged({ files, signed: WHILE_GOOD, rules, at: ago(2.5 * YEAR) })).toBe('good')
    }
  })

  it.each(ALL)(
    'signs nothing that counts between its end and its renewal, where both are known (%s)',
    async (_n, rules) => {
      for (const files of together(await said(FIRST), await said(RENEWAL))) {
        expect(await judged({ files, signed: IN_BETWEEN, rules })).toMatch(/expired/)
        expect(await judged({ files, signed: WHILE_GOOD, rules, at: IN_BETWEEN })).toMatch(/expired/)
      }
    },
  )

  it.each(ALL)('does not count by the certificate of before, whose end has come (%s)', async (_name, rules) => {
    const files = [[await said(FIRST)]]
    expect(await judged({ files, signed: WHILE_GOOD, rules })).toMatch(/expired at 2024-06-01T12:00:00.000Z/)
    expect(await judged({ files, signed: WHILE_GOOD, rules, at: ago(2.5 * YEAR) })).toBe('good')
  })

  it('has ended when its renewal has: what is dated back to before it does not count', async () => {
    const files = [[await said({ ...RENEWAL, until: ago(DAY) })]]
    await expectOfAll(
      [
        { files, signed: WHILE_GOOD },
        { files, signed: ago(YEAR) },
        { files, signed: ago(0) },
      ],
      /expired/,
    )
    expect(await judged({ files, signed: WHILE_GOOD, at: ago(2 * DAY) })).toBe('good')
  })

  it('does not count for what claims to be older than the key, or with a clock of before', async () => {
    const files = [[await said(RENEWAL)]]
    expect(await judged({ files, signed: ago(5 * YEAR) })).toMatch(/older than the key/)
    expect(await judged({ files, signed: ago(5 * YEAR), at: ago(4.5 * YEAR) })).toMatch(/older than the key/)
  })

  it('is not renewed by a self-signature that somebody else made', async () => {
    const forged = await said({ ...RENEWAL, by: await stranger() })
    await expectOfAll([{ files: [[forged]], signed: WHILE_GOOD }], /self-signature/)
    for (const files of together(await said(FIRST), forged)) {
      expect(await judged({ files, signed: WHILE_GOOD })).toMatch(/expired/)
    }
  })

  it('signs no more when its renewal does not let it', async () => {
    const certifyOnly = await said({ ...RENEWAL, flags: enums.keyFlags.certifyKeys })
    const questions = together(await said({ date: MADE }), certifyOnly).map((files) => ({ files, signed: WHILE_GOOD }))
    await expectOfAll(questions, /signing key/)
  })
})

describe('a key that was ended early', () => {
  const SHORTENED: Said = { date: ago(YEAR), until: ago(0.5 * YEAR) }

  it('has ended by the last word, whichever file it is in, and had not before', async () => {
    for (const files of together(await said({ date: MADE }), await said(SHORTENED))) {
      expect(await judged({ files, signed: ago(3 * YEAR) })).toMatch(/expired/)
      expect(await judged({ files, signed: ago(DAY) })).toMatch(/expired/)
      expect(await judged({ files, signed: ago(3 * YEAR), at: ago(0.6 * YEAR) })).toBe('good')
    }
  })

  it('has ended even where the last word is over SHA-1, and never begins by one', async () => {
    const weak = { hash: enums.hash.sha1 }
    for (const files of together(await said({ date: MADE }), await said({ ...SHORTENED, ...weak }))) {
      expect(await judged({ files, signed: ago(3 * YEAR) })).toMatch(/expired/)
    }
    for (const files of together(await said(FIRST), await said({ ...RENEWAL, ...weak }))) {
      expect(await judged({ files, signed: ago(3 * YEAR) })).toMatch(/expired/)
    }
  })

  it('has ended by the earlier of two words of one second', async () => {
    const date = ago(YEAR)
    for (const files of together(await said({ date }), await said({ date, until: ago(0.5 * YEAR) }))) {
      expect(await judged({ files, signed: ago(0.8 * YEAR) })).toMatch(/expired/)
    }
  })
})

describe('a key that was revoked', () => {
  const reasons = enums.reasonForRevocation

  async function revoked(flag: enums.reasonForRevocation): Promise<PublicKey> {
    return (await (await owner()).revoke({ flag, string: '' }, ago(YEAR))).toPublic()
  }

  async function subkeyRevoked(flag: enums.reasonForRevocation): Promise<PublicKey> {
    const key = await owner()
    const certificate = await said({ date: MADE })
    const [subkey] = certificate.subkeys
    if (subkey === undefined || !('privateParams' in key.keyPacket)) throw new Error('there is no subkey')
    certificate.subkeys = [await subkey.revoke(key.keyPacket, { flag, string: '' }, ago(YEAR))]
    return certificate
  }

  const kinds = [
    ['the key', revoked, 'primary'],
    ['a subkey', subkeyRevoked, 'subkey'],
    ['the key of a subkey', revoked, 'subkey'],
  ] as const

  it.each(kinds)(
    'for good (%s): no signature of any time counts, whichever file says so',
    async (_name, revoke, by) => {
      for (const flag of [reasons.keyCompromised, reasons.noReason]) {
        for (const files of together(await said({ date: MADE }), await revoke(flag))) {
          expect(await judged({ files, signed: ago(3 * YEAR), by })).toMatch(/revoked/)
          expect(await judged({ files, signed: ago(3 * YEAR), by, at: ago(2 * YEAR) })).toMatch(/revoked/)
        }
      }
    },
  )

  it.each(kinds)(
    'softly (%s): none counts from then on, and with the clock of before all do',
    async (_name, revoke, by) => {
      for (const flag of [reasons.keyRetired, reasons.keySuperseded]) {
        for (const files of together(await said({ date: MADE }), await revoke(flag))) {
          expect(await judged({ files, signed: ago(3 * YEAR), by })).toMatch(/revoked/)
          expect(await judged({ files, signed: ago(3 * YEAR), by, at: ago(2 * YEAR) })).toBe('good')
        }
      }
    },
  )

  it('is not renewed by what was said later', async () => {
    for (const files of together(await revoked(reasons.keyRetired), await said({ date: ago(30 * DAY) }))) {
      expect(await judged({ files, signed: ago(3 * YEAR) })).toMatch(/revoked/)
      expect(await judged({ files, signed: ago(DAY) })).toMatch(/revoked/)
    }
  })

  it('with a user ID alone, and another in its place: what comes of it does not depend on what was asked before', async () => {
    const key = await owner()
    const certificate = await said({ date: MADE })
    const [user] = certificate.users
    if (user === undefined || !('privateParams' in key.keyPacket)) throw new Error('there is no user ID')
    certificate.users = [await user.revoke(key.keyPacket, { flag: reasons.userIDInvalid, string: '' }, ago(YEAR))]
    const read = await readCertificates(concatenated(certificate), 'made.gpg')
    const ask = async (at: Date): Promise<boolean> => {
      const blocks = [await signature(TEXT, key, { date: ago(3 * YEAR) })]
      return await verifySignatures({ text: Buffer.from(TEXT), blocks }, new Keyring(read), at).then(
        () => true,
        () => false,
      )
    }
    expect([await ask(ago(2 * YEAR)), await ask(AT), await ask(ago(2 * YEAR)), await ask(AT)]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })
})

describe('a subkey', () => {
  async function bound(...words: readonly Said[]): Promise<PublicKey> {
    return await boundSubkey(await owner(), ...words)
  }

  it('that was renewed keeps what it signed', async () => {
    const renewed = await bound(RENEWAL)
    expect(await judged({ files: [[renewed]], signed: ago(3 * YEAR), by: 'subkey' })).toBe('good')
    for (const files of together(await bound(FIRST), renewed)) {
      expect(await judged({ files, signed: ago(3 * YEAR), by: 'subkey' })).toBe('good')
    }
    await expectOfAll([{ files: [[await bound(FIRST)]], signed: ago(3 * YEAR), by: 'subkey' }], /expired/)
  })

  it('that is in one of two files is of the key that both hold', async () => {
    const bare = await said({ date: MADE })
    bare.subkeys = []
    for (const files of together(bare, await said({ date: MADE }))) {
      expect(await judged({ files, signed: ago(YEAR), by: 'subkey' })).toBe('good')
    }
    await expectOfAll([{ files: [[bare]], signed: ago(YEAR), by: 'subkey' }], /not in the keyring/)
  })

  it('is not bound by somebody else', async () => {
    const forged = await bound({ date: MADE, by: await stranger() })
    await expectOfAll([{ files: [[forged]], signed: ago(YEAR), by: 'subkey' }], /subkey/)
  })

  it('of a key that had ended does not count, though it was bound again when the key was good', async () => {
    const key = await owner()
    const words = await said(FIRST, RENEWAL)
    words.subkeys = (await boundSubkey(key, { date: ago(YEAR) })).subkeys
    const ended = ago(2 * YEAR - DAY)
    await expectOfAll([{ files: [[words]], signed: ended, by: 'subkey' }], /expired/)
    expect(await judged({ files: [[words]], signed: ago(3 * YEAR), by: 'subkey' })).toBe('good')
  })
})

describe('what is said over SHA-1', () => {
  const weak = { hash: enums.hash.sha1 }
  const [signed, before, since] = [new Date('2022-08-01'), new Date('2023-01-31T23:59:59Z'), new Date('2023-02-01')]

  it.each([
    ['a self-signature', async () => await said({ date: MADE, ...weak }), 'primary'],
    ['the binding of a subkey', async () => await boundSubkey(await owner(), { date: MADE, ...weak }), 'subkey'],
  ] as const)('counts until 2023-02-01, and then its owner has to renew the key: %s', async (_name, make, by) => {
    const files = [[await make()]]
    for (const [, rules] of ALL) {
      expect(await judged({ files, signed, by, rules, at: before })).toBe('good')
      for (const at of [since, AT]) {
        expect(await judged({ files, signed, by, rules, at })).toMatch(
          /key [0-9A-F]{40}: what its owner signed about it is over SHA-1, .*: get the owner's renewed certificate\.$/,
        )
      }
    }
  })

  it('does not keep a key from being renewed with a digest that counts', async () => {
    for (const files of together(await said({ date: MADE, ...weak }), await said({ date: ago(YEAR) }))) {
      for (const at of [before, since, AT]) expect(await judged({ files, signed, at })).toBe('good')
    }
  })

  it('says nothing for a text at any time', async () => {
    const key = await owner()
    const [file, keyring] = [await said({ date: MADE, ...weak }), 'made.gpg']
    const blocks = [await signature(TEXT, key, { date: signed, hash: enums.hash.sha1 })]
    const read = new Keyring(await readCertificates(concatenated(file), keyring))
    await expect(verifySignatures({ text: Buffer.from(TEXT), blocks }, read, before)).rejects.toThrow(/SHA1/)
  })
})

describe('any history of a key', () => {
  const word = fc.record({
    age: fc.integer({ min: 0, max: 15 }),
    ends: fc.option(fc.integer({ min: -4, max: 15 })),
  })
  const quarters = (count: number): Date => ago((count * YEAR) / 4)

  it('is judged alike in one certificate and in several, in whatever order, and a revocation never helps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 4, selector: ({ age }) => age }),
        fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 15 }),
        async (words, places, signedAge, clockAge) => {
          fc.pre(clockAge <= signedAge)
          const all = words.map(({ age, ends }) => ({
            date: quarters(age),
            ...(ends === null ? {} : { until: quarters(Math.min(ends, 15)) }),
          }))
          const parts = [0, 1, 2].map((place) => all.filter((_, index) => places[index] === place))
          const files = await Promise.all(parts.filter((part) => part.length > 0).map((part) => said(...part)))
          const question = { signed: quarters(signedAge), at: quarters(clockAge) }
          const whole = await judged({ files: [[await said(...all)]], ...question })
          expect(await judged({ files: [files], ...question })).toBe(whole)
          expect(await judged({ files: files.toReversed().map((file) => [file]), ...question })).toBe(whole)
          const retired = await (await owner()).revoke(
            { flag: enums.reasonForRevocation.keyRetired, string: '' },
            quarters(8),
          )
          const withRevocation = await judged({ files: [files, [withoutWords(retired)]], ...question })
          if (whole !== 'good') expect(withRevocation).not.toBe('good')
          if (clockAge <= 8) expect(withRevocation).not.toBe('good')
        },
      ),
      { numRuns: 60 },
    )
  })
})

/** The key and its revocation. */
function withoutWords(key: PrivateKey): PublicKey {
  const certificate = key.toPublic()
  certificate.users = []
  certificate.subkeys = []
  return certificate
}

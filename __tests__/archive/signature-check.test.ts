import { type PrivateKey, reformatKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { PRESENT, type SignatureRules, STATEMENT, verifySignatures } from '../../src/archive/signature.ts'
import { AT, ago, DAY, keyringOf, newKey, once, signature } from '../making/signed-archive.ts'

const TEXT = 'what was signed\n'
const YEAR = 365 * DAY

/** A key that was made two years ago for a year and a half, as it was then and as it was renewed a month ago. */
const keys = once(async () => {
  const made = await newKey({ name: 'Renewed', created: ago(2 * YEAR), expiresAfter: 1.5 * YEAR })
  const renewal = { userIDs: [{ name: 'Renewed' }], date: ago(30 * DAY), keyExpirationTime: 5 * YEAR }
  const { privateKey } = await reformatKey({ privateKey: made, ...renewal, format: 'object' })
  return { made, renewed: privateKey }
})

async function verdict(signer: PrivateKey, certificate: PrivateKey, date: Date, at: Date, rules: SignatureRules) {
  const text = Buffer.from(TEXT)
  const blocks = [await signature(text, signer, { date })]
  const keyring = await keyringOf([certificate])
  return await verifySignatures({ text, blocks }, keyring, at, rules).then(
    (signers) => signers.length,
    (error: Error) => error.message,
  )
}

describe('a signature that was made before its key was renewed', () => {
  it('counts for a statement, now and with the clock of then', async () => {
    const { made, renewed } = await keys()
    expect(await verdict(made, renewed, ago(YEAR), AT, STATEMENT)).toBe(1)
    expect(await verdict(made, renewed, ago(YEAR), ago(YEAR - DAY), STATEMENT)).toBe(1)
  })

  it('counts for a release file, as it does for gpgv', async () => {
    const { made, renewed } = await keys()
    expect(await verdict(made, renewed, ago(YEAR), AT, PRESENT)).toBe(1)
    expect(await verdict(made, renewed, ago(YEAR), ago(YEAR - DAY), PRESENT)).toBe(1)
  })

  it('does not count by the certificate of before, which has expired', async () => {
    const { made } = await keys()
    expect(await verdict(made, made, ago(YEAR), AT, STATEMENT)).toContain('expired')
  })

  it('does not count when it claims to be older than the key', async () => {
    const { made, renewed } = await keys()
    expect(await verdict(made, renewed, ago(3 * YEAR), AT, STATEMENT)).toContain('older than the key')
  })

  it('is bad when it does not fit the text', async () => {
    const { made, renewed } = await keys()
    const blocks = [await signature('another text\n', made, { date: ago(YEAR) })]
    const keyring = await keyringOf([renewed])
    await expect(verifySignatures({ text: Buffer.from(TEXT), blocks }, keyring, AT, STATEMENT)).rejects.toThrow(
      /^BAD signature/,
    )
  })
})

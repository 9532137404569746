import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSigningInput } from '../../src/options/signing-input.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-signing-'))
const file = path.join(folder, 'key.asc')
const ARMORED = '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmade\n-----END PGP PRIVATE KEY BLOCK-----\n'
writeFileSync(file, ARMORED)
afterAll(() => rmSync(folder, { recursive: true }))

describe('the signing key', () => {
  it('is the file of --signing-key, before that of the environment', async () => {
    const environment = { DEBPROOF_SIGNING_KEY: 'ignored', DEBPROOF_SIGNING_PASSPHRASE: 'sesame' }
    expect(await readSigningInput(file, environment)).toEqual({ armored: ARMORED, source: file, passphrase: 'sesame' })
  })

  it('is the text in DEBPROOF_SIGNING_KEY, or the file that it names, as a CI has a variable of type file', async () => {
    const expected = { armored: ARMORED, source: 'DEBPROOF_SIGNING_KEY' }
    expect(await readSigningInput(undefined, { DEBPROOF_SIGNING_KEY: ARMORED })).toEqual(expected)
    expect(await readSigningInput(undefined, { DEBPROOF_SIGNING_KEY: file })).toEqual(expected)
  })

  it.each([undefined, '', ' \n'])('is none where the variable is %j', async (value) => {
    expect(await readSigningInput(undefined, { DEBPROOF_SIGNING_KEY: value })).toBeUndefined()
  })

  it.each(['made-of-base64-xyz', 'xVgEaSex\noxYJKw', '/nowhere/key.asc', folder])(
    'that is neither text nor a file is refused without being shown: %j',
    async (value) => {
      const refusal = await readSigningInput(undefined, { DEBPROOF_SIGNING_KEY: value }).catch(
        (error: unknown) => error,
      )
      expect(refusal).toMatchObject({ code: 'KEY', message: expect.stringContaining('neither an armored private key') })
      expect(String(refusal)).not.toContain(value)
    },
  )

  it('is not read from a file that is far too large, or not there', async () => {
    const large = path.join(folder, 'large')
    writeFileSync(large, '')
    truncateSync(large, 9 * 1024 * 1024)
    await expect(readSigningInput(large, {})).rejects.toMatchObject({ code: 'KEY' })
    await expect(readSigningInput(path.join(folder, 'gone'), {})).rejects.toMatchObject({ code: 'KEY' })
  })
})

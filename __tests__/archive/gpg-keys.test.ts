import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkKeyAt } from '../../src/archive/key-validity.ts'
import { Keyring, readCertificates } from '../../src/archive/keyring.ts'
import { loadOpenPGP, strictConfig } from '../../src/archive/openpgp-config.ts'
import { verifySignatures } from '../../src/archive/signature.ts'
import { splitInRelease } from '../../src/archive/signed-text.ts'

const fixture = (name: string): Buffer => readFileSync(path.join('__tests__/fixtures/keys', name))

async function keyringOfFiles(...names: readonly string[]): Promise<Keyring> {
  return new Keyring((await Promise.all(names.map((name) => readCertificates(fixture(name), name)))).flat())
}

/** `good`, or why not. */
async function judged(file: string, at: string, ...keyrings: readonly string[]): Promise<string> {
  const clock = new Date(`${at}T00:00:00Z`)
  return await verifySignatures(splitInRelease(fixture(file)), await keyringOfFiles(...keyrings), clock).then(
    () => 'good',
    (error: Error) => error.message,
  )
}

describe('what gpg made', () => {
  const [before, after] = ['renewed.before.gpg', 'renewed.after.gpg']

  it.each([[[after]], [[before, after]], [[after, before]], [[before]]])(
    'a release file from before its key was renewed counts: %s',
    async (keyrings) => {
      expect(await judged('renewed.InRelease', '2026-12-01', ...keyrings)).toBe('good')
    },
  )

  it('after the end that it had first, it counts by the new certificate, and not by the old one', async () => {
    expect(await judged('renewed.InRelease', '2027-02-01', before, after)).toBe('good')
    expect(await judged('renewed.InRelease', '2027-02-01', after)).toBe('good')
    expect(await judged('renewed.InRelease', '2027-02-01', before)).toMatch(/it expired at 2027-01-01/)
    expect(await judged('renewed.InRelease', '2029-07-01', before, after)).toMatch(/it expired at 2029-05-31/)
  })

  it('a signature of version 3 is told as that', async () => {
    expect(await judged('v3.InRelease', '2026-12-01', 'v3.gpg')).toMatch(
      /key 8D801B96A1EA612646D171FB5D984EB63068C0DC: a signature of version 3/,
    )
  })

  it.each([
    ['2012-02-01', 'good'],
    ['2023-01-31', 'good'],
    ['2023-02-01', 'refused'],
    ['2026-12-01', 'refused'],
  ])("a key with a self-signature over SHA-1 counts until sqv's own date: %s %s", async (at, expected) => {
    const why = await judged('sha1.2012.InRelease', at, 'sha1.2011.gpg')
    if (expected === 'good') expect(why).toBe('good')
    else
      expect(why).toBe(
        'There is no valid signature by a trusted key: key 8573BF922509A5D08325C67FB65945D0507A1999: what its owner signed ' +
          "about it is over SHA-1, which counts for nothing from 2023-02-01 on: get the owner's renewed certificate.",
      )
  })
})

describe('the shipped keys of Debian', async () => {
  const openpgp = await loadOpenPGP()
  const certificates = await readCertificates(readFileSync('keyrings/debian.asc'), 'debian.asc')
  const keys = new Keyring(certificates).signingKeys()

  async function isGoodAt(id: string, at: Date): Promise<boolean> {
    const key = keys.find(({ fingerprint }) => fingerprint.endsWith(id))
    if (key === undefined) throw new Error(`there is no key ${id}`)
    return await checkKeyAt(openpgp, key, at, { ...openpgp.config, ...strictConfig(openpgp, at) }).then(
      () => true,
      () => false,
    )
  }

  it.each([
    ['lenny', '9AA38DCD55BE302B', '2010-06-01'],
    ['squeeze', 'AED4B06F473041FA', '2012-06-01'],
    ['squeeze, stable', '64481591B98321F9', '2012-06-01'],
    ['wheezy', '8B48AD6246925553', '2014-06-01'],
    ['bookworm', '6ED0E7B82643E131', '2025-06-01'],
  ])('that of %s is good in its time', async (_release, id, at) => {
    expect(await isGoodAt(id, new Date(at))).toBe(true)
  })

  it('one that DSA made, or with fewer than 2048 bits, is good at no time', async () => {
    const weak = keys.filter(({ key }) => {
      const { algorithm, bits = 4096 } = key.getAlgorithmInfo()
      return algorithm !== 'eddsaLegacy' && (algorithm !== 'rsaEncryptSign' || bits < 2048)
    })
    expect(weak.length).toBeGreaterThan(5)
    for (const { key, fingerprint } of weak) {
      expect(await isGoodAt(fingerprint, new Date(key.getCreationTime().getTime() + 86_400_000))).toBe(false)
    }
  })

  it('none is good before it was made', async () => {
    for (const { key, fingerprint } of keys) {
      expect(await isGoodAt(fingerprint, new Date(key.getCreationTime().getTime() - 1000)), fingerprint).toBe(false)
    }
  })

  it('one whose time is over is not good now', async () => {
    expect(await isGoodAt('AED4B06F473041FA', new Date('2026-12-01'))).toBe(false)
  })
})

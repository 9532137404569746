import { readFileSync } from 'node:fs'
import { readKeys } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { compareKeys, FINGERPRINTS, KEYRING, listingVersion, readCommitted, renderListing } from '../keyrings/update.ts'

/** Of each generation: what signs the automatic suites, the security suites, and the stable release. */
const SIGNING_KEYS = {
  wheezy: ['8B48AD6246925553', '6FB2A1C265FFB764'],
  jessie: ['7638D0442B90D010', '9D6D8F6BC857C906', 'CBF8D6FD518E17E1'],
  stretch: ['04EE7237B7D453EC', 'AA8E81B4331F7F50', 'EF0F382A1A7B6500'],
  buster: ['648ACFD622F3D138', '112695A0E562B32A', 'DCC9EFBF77E11517'],
  bullseye: ['0E98404D386FA1D9', '54404762BBB6E853', '605C66F00D6C9793'],
  bookworm: ['6ED0E7B82643E131', 'BDE6D2B9216EC7A8', 'F8D2585B8783D481'],
  trixie: ['78DBA3BC47EF2265', '8E9F831205B4BA95', '762F67A0B2C39DE4'],
}

describe('the shipped Debian keyring', async () => {
  const listing = readFileSync(FINGERPRINTS, 'utf8')
  const { keys } = await readCommitted()

  it('holds exactly the keys that its list of fingerprints shows', () => {
    expect(renderListing(listingVersion(listing) ?? 'unknown', keys)).toBe(listing)
  })

  it('is one armored block, so that a reader of the first block alone misses no key', async () => {
    const armored = readFileSync(KEYRING, 'latin1')
    expect(armored.match(/^-----BEGIN/gm)).toHaveLength(1)
    expect((await readKeys({ armoredKeys: armored })).map((key) => key.getFingerprint())).toEqual(
      keys.map(({ key }) => key.getFingerprint()),
    )
  })

  it('has no key twice', () => {
    expect(new Set(keys.map(({ key }) => key.getFingerprint())).size).toBe(keys.length)
  })

  it('holds public keys only', () => {
    expect(keys.filter(({ key }) => key.isPrivate())).toEqual([])
  })

  it.each(Object.entries(SIGNING_KEYS))('has the keys that sign %s', (_generation, ids) => {
    const known = keys.flatMap(({ key }) => key.getKeyIDs().map((id) => id.toHex().toUpperCase()))
    expect(known).toEqual(expect.arrayContaining(ids))
  })
})

describe('comparing keyrings', async () => {
  const { keys } = await readCommitted()
  const [first, ...others] = keys
  if (first === undefined) throw new Error('the shipped keyring is empty')

  it('finds nothing between equal keyrings, in whatever order', () => {
    expect(compareKeys(keys, keys.toReversed())).toEqual([])
  })

  it('reports a key that is added, one that is gone, and one that moved to the removed keys', () => {
    expect(compareKeys(others, keys)).toEqual([expect.stringMatching(/^added to current:\s+primary 1F89983E/)])
    expect(compareKeys(keys, others)).toEqual([expect.stringMatching(/^gone from current:\s+primary 1F89983E/)])
    expect(compareKeys(keys, [{ ring: 'removed', key: first.key }, ...others])).toEqual([
      expect.stringMatching(/^moved from current to removed:\s+primary 1F89983E/),
    ])
  })

  it('reports a key whose own signatures changed', async () => {
    const [stripped] = await readKeys({ binaryKeys: first.key.write() })
    if (stripped === undefined) throw new Error('the key did not survive writing')
    stripped.subkeys = []
    expect(compareKeys(keys, [{ ring: 'current', key: stripped }, ...others])).toEqual([
      expect.stringMatching(/^changed:/),
    ])
  })

  it('takes no account of what others certified', async () => {
    const [stripped] = await readKeys({ binaryKeys: first.key.write() })
    if (stripped === undefined) throw new Error('the key did not survive writing')
    const certifications = stripped.users.flatMap((user) => user.otherCertifications.splice(0))
    expect(certifications.length).toBeGreaterThan(0)
    expect(compareKeys(keys, [{ ring: 'current', key: stripped }, ...others])).toEqual([])
  })
})

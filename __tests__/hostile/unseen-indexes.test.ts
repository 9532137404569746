import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { deb } from '../making/archive-folder.ts'
import { indexSite, PACKAGES, stanzaOf } from '../making/index-site.ts'
import { row } from '../making/signed-archive.ts'
import { policyText, removeSites, runSite } from '../making/site.ts'

afterEach(removeSites)

const good = deb('hello')
/** The .deb of the adversary: it calls itself hello, and his index calls it otherwise. */
const evil = deb('hello-data', { content: 'evil' })
const GENUINE = `${stanzaOf(good)}\n`
const VISIBLE = `${stanzaOf(evil)}\n`
const ALL = 'main/binary-all/Packages'
const POLICY = policyText().replace('[main]', '[main, contrib]')

const CONTRIB = 'contrib/binary-amd64/Packages'

/** Where he shows the genuine package: apt reads none of these, and installed his own from the index beside it. */
const UNSEEN: readonly (readonly [
  way: string,
  indexes: Readonly<Record<string, string | Uint8Array>>,
  fields: Readonly<Record<string, string>>,
])[] = [
  ['listed in a compressed form alone', { [`${CONTRIB}.gz`]: gzipSync(GENUINE) }, {}],
  [
    'listed with weak hashes alone',
    { [`${CONTRIB}.gz`]: gzipSync(GENUINE) },
    { MD5Sum: `\n${row(CONTRIB, GENUINE, 'a'.repeat(32))}` },
  ],
  ['for an architecture that is not among those of the suite', { [ALL]: GENUINE }, { Architectures: 'amd64' }],
  [
    'ruled out in one word of several',
    { [ALL]: GENUINE },
    { Architectures: 'all amd64', 'No-Support-for-Architecture-all': 'Sources Packages' },
  ],
  [
    'ruled out on a line of its own',
    { [ALL]: GENUINE },
    { Architectures: 'all amd64', 'No-Support-for-Architecture-all': '\n Packages' },
  ],
  ['of an architecture that a tab hides from apt', { [ALL]: GENUINE }, { Architectures: 'amd64\tall' }],
]

describe('a genuine package in an index that the apt of the build did not read', () => {
  it.each(UNSEEN)('proves nothing: %s', async (_way, indexes, fields) => {
    const site = await indexSite(good, { [PACKAGES]: VISIBLE, ...indexes }, fields)
    site.put({ 'debproof.yml': POLICY })
    const { of, predicate } = await runSite(site)
    expect(predicate.verdict).not.toBe('pass')
    expect(of('hello').verdict).toMatch(/^(unlisted|undecided)$/)
    expect(of('hello').sha256).toBeNull()
  })

  it('is proven where apt reads it, so that the above means something', async () => {
    const indexes = { [PACKAGES]: VISIBLE, [ALL]: GENUINE, [CONTRIB]: GENUINE }
    for (const fields of [{ Architectures: 'all amd64' }, { Architectures: undefined }, { Architectures: 'amd64' }]) {
      const site = await indexSite(good, indexes, fields)
      site.put({ 'debproof.yml': POLICY })
      expect((await runSite(site)).of('hello').sha256).toBe(good.sha256)
    }
  })
})

import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { deb } from '../making/archive-folder.ts'
import { PACKAGES, snapshotFiles, stanzaOf } from '../making/index-site.ts'
import { indexText } from '../making/served-archive.ts'
import { removeSites, runSite, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const good = deb('hello')
const evil = deb('hello', { content: 'evil' })
const other = deb('other')
/** Which the build does not use. */
const tool = deb('tool')

const toolWithout = stanzaOf(tool).replace(/SHA256: .*\n/, '')
/** apt takes the Package that stands last, and not the hash, whose name the line before swallowed. */
const hello = [
  `SHA256: ${good.sha256}`,
  'Package: hello',
  'Version: 1.0-1',
  'Architecture: amd64',
  'Filename: pool/main/hello_1.0-1_amd64.deb',
  `Size: ${evil.bytes.length}`,
  '',
].join('\n')
const evil512 = createHash('sha512').update(evil.bytes).digest('hex')

/**
 * apt downloads the other bytes by each of these (seen with 2.6): a line without a colon takes everything up to the next
 * colon for the name of a field, an empty line too.
 */
const INDEXES: Readonly<Record<string, string>> = {
  'the stanza before has the hash': `${toolWithout}SHA256: ${evil.sha256}\nnothing\n`,
  'and says for others that it has a good one': `${toolWithout}nothing\nSHA256: ${tool.sha256}\nSHA512: ${evil512}\nnothing\n`,
  'with lines that go on behind it': `${toolWithout}SHA256: ${evil.sha256}\nnothing\n and more\n`,
  'where it is long': `${toolWithout}SHA256: ${evil.sha256}\n${'n'.repeat(40_000)}\n`,
}

describe('a stanza that apt joins to the next one', () => {
  it.each(Object.keys(INDEXES))('refuses the index, whichever package it is about: %s', async (what) => {
    const site = await snapshotSite([good, other, tool], [good, other, tool], [good, other])
    site.put(await snapshotFiles({ [PACKAGES]: indexText(stanzaOf(other), INDEXES[what] ?? '', hello) }))
    site.put({ 'snapshot/pool/main/hello_1.0-1_amd64.deb': evil.bytes })
    const { predicate, of } = await runSite(site)
    expect(of('hello').verdict).toBe('undecided')
    expect(JSON.stringify(predicate)).toContain('ends with a line without a colon, by which apt joins it to the next')
  })

  it('is no other that has such a line within: it costs its own hash alone', async () => {
    const within = stanzaOf(tool).replace('SHA256: ', 'nothing\nSHA256: ')
    const site = await snapshotSite([good, other, tool], [good, other, tool], [good, other])
    site.put(await snapshotFiles({ [PACKAGES]: indexText(stanzaOf(other), within, stanzaOf(good)) }))
    const { predicate, of } = await runSite(site)
    expect(of('hello').verdict).toBe('identical')
    // What apt takes for its hash nobody vouches for.
    expect(predicate.archives[0]?.unproven).toMatchObject({ count: 1 })
  })
})

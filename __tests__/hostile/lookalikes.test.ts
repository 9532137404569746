import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, projectKey, upstreamKey } from '../making/archive-folder.ts'
import { indexSite, PACKAGES, stanzaOf } from '../making/index-site.ts'
import { suiteFiles } from '../making/served-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const good = deb('hello')
const evil = deb('hello', { content: 'evil' })

describe('a list with a name that looks like another', () => {
  it.each([
    ['a Cyrillic letter', 'h\u0435llo\t1.0-1\n'],
    ['a zero width space', 'hel\u200blo\t1.0-1\n'],
    ['a right-to-left override', '\u202ehello\t1.0-1\n'],
    ['a no-break space behind it', 'hello\u00a0\t1.0-1\n'],
    ['a no-break space behind the version', 'hello\t1.0-1\u00a0\n'],
    ['full-width digits', 'hello\t\uff11.0-1\n'],
    ['a letter with a combining accent', 'hello\u0301\t1.0-1\n'],
    ['a blank in the version', 'hello\t1.0 -1\n'],
    ['an epoch with a sign', 'hello\t+1:1.0-1\n'],
  ])('is refused, never read as the other: %s', async (_, text) => {
    const site = await snapshotSite([good])
    site.put({ 'build.packages': text })
    await expect(runSite(site)).rejects.toMatchObject({ code: 'PACKAGE_LIST' })
  })
})

describe('a stanza with a name that looks like the one that was used', () => {
  it.each([
    ['a Cyrillic letter', 'Package: h\xd0\xb5llo', 'undecided'],
    ['a zero width space', 'Package: hello\xe2\x80\x8b', 'undecided'],
    ['a no-break space', 'Package: hello\xa0', 'undecided'],
    ['an underscore', 'Package: hello_', 'identical'],
  ])('is another package, or none, which refuses the index: %s', async (_, line, verdict) => {
    const other = stanzaOf(evil).replace('Package: hello', line)
    const site = await indexSite(good, { [PACKAGES]: `${other}\n${stanzaOf(good)}` })
    expect((await runSite(site)).of('hello').verdict).toBe(verdict)
  })

  it.each([
    ['upper case', 'Package: HeLLo', 'mismatch'],
    ['blanks and tabs behind it', 'Package: hello \t ', 'mismatch'],
    ['none before it', 'Package:hello', 'mismatch'],
    ['a vertical tab, which apt strips', 'Package: hello\v', 'undecided'],
    ['a form feed, which apt strips', 'Package: \fhello', 'undecided'],
  ])('is the same package where apt takes it for that: %s', async (_, line, verdict) => {
    const other = stanzaOf(evil).replace('Package: hello', line)
    const site = await indexSite(good, { [PACKAGES]: `${other}\n${stanzaOf(good)}` })
    expect((await runSite(site)).of('hello').verdict).toBe(verdict)
  })
})

describe('versions that are one file name in a pool, or nearly', () => {
  const versioned = (version: string, content: string): MadeDeb => deb('hello', { version, content })

  it.each([
    ['1:1.0-1', 'undecided'],
    ['1.0-1+b1', 'undecided'],
    ['1.0-1.1', 'undecided'],
    // apt prefers what was used to these, but it is not apt alone that chooses.
    ['1.0-1~', 'undecided'],
    ['1.0~-1', 'undecided'],
  ])('%s beside 1.0-1 with other bytes: a list without hashes gets %s', async (version, verdict) => {
    const site = await snapshotSite([good, versioned(version, 'evil')], [good], [good])
    expect((await runSite(site)).of('hello').verdict).toBe(verdict)
  })

  it.each(['1:1.0-1', '1.0-1+b1', '1.0-1~', '1.0-1.1'])('%s is not proven by 1.0-1 upstream', async (version) => {
    const used = versioned(version, 'x')
    const site = await snapshotSite([used], [good], [used])
    expect((await runSite(site)).of('hello').verdict).toBe('unproven')
  })

  it('the very bytes of one are not those of the other under its version: what was listed is what is proven', async () => {
    // The snapshot says of the old file that it is the new version.
    const renamed = { ...good, version: '1:1.0-1' }
    const site = await snapshotSite([renamed], [good, versioned('1:1.0-1', 'fixed')], [renamed])
    expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
  })
})

describe('two contents under one name, version and architecture, and a list without hashes', () => {
  const other = deb('hello', { content: 'rebuilt' })

  it('in one index of the snapshot: the worse of them', async () => {
    for (const served of [
      [good, evil],
      [evil, good],
    ]) {
      const site = await snapshotSite(served, [good], [good])
      const { of } = await runSite(site)
      expect(of('hello')).toMatchObject({ verdict: 'mismatch', reason: expect.stringContaining('Ambiguous') })
    }
  })

  it('in two components, or two suites, of the snapshot: the worse of them', async () => {
    const site = await snapshotSite([good])
    const component = await suiteFiles(await projectKey(), {
      indexes: { [PACKAGES]: stanzaOf(good), 'contrib/binary-amd64/Packages': stanzaOf(evil) },
    })
    for (const [name, content] of Object.entries(component)) site.put({ [`snapshot/${name}`]: content })
    site.put({ 'debproof.yml': policyText([archivePolicy().replace('[main]', '[main, contrib]')]) })
    expect((await runSite(site)).of('hello').verdict).toBe('mismatch')

    const suites = await snapshotSite([good])
    const second = await suiteFiles(await projectKey(), {
      indexes: { [PACKAGES]: stanzaOf(evil) },
      fields: { Codename: 'other', Suite: 'other' },
    })
    for (const [name, content] of Object.entries(second)) {
      suites.put({ [`snapshot/${name.replace('/made/', '/other/')}`]: content })
    }
    const upstream = '      - url: "file:upstream"\n        signed-by: keys/upstream.asc\n'
    suites.put({
      'debproof.yml': policyText([
        archivePolicy({ suite: 'made' })
          .replace('suites: ["made"]', 'suites: ["made", "other"]')
          .replace(upstream, `${upstream}        suites: ["made"]\n`),
      ]),
    })
    expect((await runSite(suites)).of('hello').verdict).toBe('mismatch')
  })

  it('both signed upstream, in one index: either may have been used, and both are good', async () => {
    const site = await snapshotSite([good, other], [good, other], [good])
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })

  const twoUpstreams = async (served: MadeDeb): Promise<Site> => {
    const site = await snapshotSite([served], [good], [served])
    await site.archive('history', { key: await upstreamKey(), debs: [other] })
    const second = '      - url: "file:history"\n        signed-by: keys/upstream.asc\n'
    site.put({ 'debproof.yml': policyText([`${archivePolicy()}${second}`]) })
    return site
  }

  it.each([
    ['the first', 'identical', good],
    ['the second', 'identical', other],
    ['neither', 'mismatch', evil],
  ])('one in each of two upstreams: what %s signed is %s', async (_, verdict, served) => {
    expect((await runSite(await twoUpstreams(served))).of('hello').verdict).toBe(verdict)
  })

  it('the snapshot has other bytes than the upstream: mismatch, and both hashes are told', async () => {
    const { of } = await runSite(await snapshotSite([evil], [good], [good]))
    expect(of('hello')).toMatchObject({ verdict: 'mismatch', sha256: evil.sha256, expected: [good.sha256] })
  })
})

import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, upstreamKey } from '../making/archive-folder.ts'
import { PACKAGES, snapshotFiles, stanzaOf } from '../making/index-site.ts'
import { anyOddFields } from '../making/odd-fields.ts'
import { indexText, suiteFiles } from '../making/served-archive.ts'
import { archivePolicy, policyText, removeSites, runSite, type Site, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

const good = deb('hello')
const older = deb('hello', { version: '0.9-1' })
const other = deb('other')
const evil = deb('hello', { content: 'evil' })
const tool = deb('tool')

/** A site whose snapshot and upstream list these stanzas, and whose build used `hello` and `other`, known by name. */
async function oddSite(served: readonly string[], signed: readonly string[] = sound): Promise<Site> {
  const site = await snapshotSite([good, other])
  site.put(await snapshotFiles({ [PACKAGES]: indexText(...served) }))
  const upstream = await suiteFiles(await upstreamKey(), { indexes: { [PACKAGES]: indexText(...signed) } })
  const bytes = (content: string | Uint8Array): Uint8Array =>
    typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  site.put(Object.fromEntries(Object.entries(upstream).map(([name, text]) => [`upstream/${name}`, bytes(text)])))
  return site
}

const sound = [good, older, other, tool].map((one) => stanzaOf(one))

async function verdicts(site: Site): Promise<Record<string, string>> {
  const { predicate, of } = await runSite(site)
  return { report: predicate.verdict, hello: of('hello').verdict, other: of('other').verdict }
}

const text = (one: MadeDeb): string => stanzaOf(one)
const ODD: readonly [what: string, write: (one: MadeDeb) => string][] = [
  ['no SHA256', (one) => text(one).replace(/SHA256: .*\n/, '')],
  ['MD5 alone', (one) => text(one).replace(/SHA256: .*/, `MD5sum: ${'0'.repeat(32)}`)],
  ['a SHA256 that is none', (one) => text(one).replace(/SHA256: .*/, 'SHA256: none')],
  ['two SHA256', (one) => `${text(one)}SHA256: ${evil.sha256}\n`],
  ['its SHA256 in small letters', (one) => text(one).replace('SHA256', 'sha256')],
  ['two Versions', (one) => `${text(one)}Version: 2.0-1\n`],
  ['two Architectures', (one) => `${text(one)}Architecture: all\n`],
  ['no Size', (one) => text(one).replace(/Size: .*\n/, '')],
  ['no Filename', (one) => text(one).replace(/Filename: .*\n/, '')],
  ['a line without a colon', (one) => `${text(one)}nothing\nSection: misc\n`],
  ['a blank before a colon', (one) => `${text(one)}Vendor : nobody\n`],
]

describe('a stanza of an archive under test that not everybody reads alike', () => {
  it.each(ODD)('leaves its own package undecided and says why, and no other: %s', async (_, write) => {
    const site = await oddSite([text(other), write(good)])
    const { predicate, of } = await runSite(site)
    expect([of('hello').verdict, of('other').verdict, predicate.verdict]).toEqual([
      'undecided',
      'identical',
      'undecided',
    ])
    expect(of('hello').reason).toMatch(
      /made main\/binary-amd64\/Packages has a stanza of hello, its number 2, that not/,
    )
    expect(predicate.archives[0]?.unread).toEqual([])
    expect(predicate.archives[0]?.notes).toEqual([expect.stringContaining('has a stanza of hello, its number 2')])
  })

  it.each(ODD)(
    'does so too where it is of another version, which may call itself by the used one: %s',
    async (_, write) => {
      const site = await oddSite([text(good), text(other), write(older)])
      expect(await verdicts(site)).toEqual({ report: 'undecided', hello: 'undecided', other: 'identical' })
      const { reason } = (await runSite(site)).of('hello')
      expect(reason).toMatch(
        /^Another file may be listed under this name: debian: .* Give the \.debs or a list with hashes/,
      )
    },
  )

  it.each(ODD)("is nobody's concern where its package was not used: %s", async (_, write) => {
    const site = await oddSite([text(good), write(tool), text(other)])
    expect(await verdicts(site)).toEqual({ report: 'pass', hello: 'identical', other: 'identical' })
  })

  it.each(ODD)('does not matter where the hash of what was used is known and proven: %s', async (_, write) => {
    const hashes = [good, other].map((one) => `${one.sha256}  ${one.name}_1.0-1_amd64.deb\n`).join('')
    for (const served of [
      [text(good), write(older), text(other)],
      [write(good), text(other)],
    ]) {
      const site = await oddSite(served)
      site.put({ 'build.packages': hashes })
      expect(await verdicts(site)).toEqual({ report: 'pass', hello: 'identical', other: 'identical' })
    }
  })

  it('leaves a package undecided whose hash is known and that nobody else lists', async () => {
    const site = await oddSite([`${text(evil)}Version: 2.0-1\n`, text(other)])
    site.put({ 'build.packages': `${evil.sha256}  hello_1.1-1_amd64.deb\n${other.sha256}  other_1.0-1_amd64.deb\n` })
    expect(await verdicts(site)).toEqual({ report: 'undecided', hello: 'undecided', other: 'identical' })
  })

  it('of an archive from which nothing may come concerns its package too', async () => {
    const site = await oddSite([text(good), text(other)])
    const files = await snapshotFiles({ [PACKAGES]: `${text(older)}Version: 2.0-1\n` })
    site.put(
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name.replace('snapshot', 'nightly'), bytes])),
    )
    const nightly = archivePolicy({ name: 'nightly', url: 'file:nightly', require: 'absent', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), nightly]) })
    expect(await verdicts(site)).toEqual({ report: 'undecided', hello: 'undecided', other: 'identical' })
  })

  it.each<[what: string, stanza: string]>([
    ['two Package fields', `${text(tool)}Package: hello\n`],
    ['two Package fields that say the same', `${text(tool)}Package: tool\n`],
    ['a line of blanks and another Package', `${text(tool)} \n${text(evil)}`],
    ['a line of blanks in a stanza that is odd besides', `${text(good)}Version: 2.0-1\n \n`],
    ['a comment in a stanza that is odd besides', `${text(good)}Version: 2.0-1\n# nothing\n`],
    ['a Package that a line without a colon swallows', `nothing\n${text(good)}`],
    ['a line without a colon at its end, by which apt joins it to the next one', `${text(good)}nothing\n`],
    ['no Package', text(tool).replace(/Package: .*\n/, '')],
    ['a Package with an architecture', text(tool).replace('Package: tool', 'Package: hello:amd64')],
    ['a carriage return', `${text(tool)}X: \rPackage: hello\n`],
  ])('refuses the index where it may be of another package: %s', async (_, odd) => {
    const { predicate, of } = await runSite(await oddSite([text(good), odd, text(other)]))
    expect([of('hello').verdict, of('other').verdict]).toEqual(['undecided', 'undecided'])
    expect(predicate.archives[0]?.unread).toMatchObject([{ code: 'INDEX_MALFORMED' }])
  })

  it.each<[what: string, write: (one: MadeDeb) => string]>([
    ['a SHA256 in upper case', (one) => text(one).replace(one.sha256, one.sha256.toUpperCase())],
    ['a SHA256 twice, the same', (one) => `${text(one)}SHA256: ${one.sha256}\n`],
    ['another field twice', (one) => `${text(one)}Depends: a\nDepends: b\n`],
    ['the whole of it twice', (one) => `${text(one)}\n${text(one)}`],
    ['its Package last', (one) => text(one).replace(/(Package: .*\n)([\s\S]*)/, '$2$1')],
  ])('that all read alike is read, also where all files are compared: %s', async (_, write) => {
    const site = await oddSite([write(good), write(older), text(other), write(tool)])
    site.put({ 'debproof.yml': policyText([archivePolicy({ more: 'unproven-files: fail' })]) })
    expect(await verdicts(site)).toEqual({ report: 'pass', hello: 'identical', other: 'identical' })
    const lie = await oddSite([write(evil), text(other)])
    expect(await verdicts(lie)).toEqual({ report: 'fail', hello: 'mismatch', other: 'identical' })
  })
})

describe('a stanza of an upstream that not everybody reads alike', () => {
  const odd = (one: MadeDeb): string => text(one).replace(/SHA256: .*\n/, '')

  it('leaves undecided what it alone may prove, and nothing else', async () => {
    const site = await oddSite([text(good), text(other)], [odd(good), text(other)])
    const { predicate, of } = await runSite(site)
    expect([of('hello').verdict, of('other').verdict]).toEqual(['undecided', 'identical'])
    expect(of('hello').reason).toMatch(/What the upstream at file:.* lists under this name is open: made main/)
    expect(predicate.upstreams?.[0]?.notes).toEqual([expect.stringContaining('has a stanza of hello, its number 1')])
  })

  it('turns neither a proof nor a mismatch away', async () => {
    const served = [text(good), text(other)]
    expect(await verdicts(await oddSite(served, [text(good), odd(older), text(other)]))).toEqual({
      report: 'pass',
      hello: 'identical',
      other: 'identical',
    })
    const lie = await oddSite([text(evil), text(other)], [text(good), odd(older), text(other)])
    expect((await verdicts(lie))['hello']).toBe('mismatch')
  })

  it('leaves it undecided whether anybody vouches for what is left, where all files are compared', async () => {
    const served = [text(good), text(other), text(tool)]
    const fail = policyText([archivePolicy({ more: 'unproven-files: fail' })])
    const [open, closed] = [
      await oddSite(served, [text(good), text(other), odd(tool)]),
      await oddSite(served, [text(good), text(other)]),
    ]
    for (const site of [open, closed]) site.put({ 'debproof.yml': fail })
    expect([(await verdicts(open))['report'], (await verdicts(closed))['report']]).toEqual(['undecided', 'fail'])
  })
})

describe('a file of an archive that cannot be compared, since its stanza states no certain hash', () => {
  const policy = policyText([archivePolicy({ more: 'unproven-files: fail' })])

  it('is counted, and leaves the release undecided where the policy takes none that nobody vouches for', async () => {
    const site = await oddSite([text(good), text(other), text(tool).replace(/SHA256: .*\n/, '')])
    expect((await runSite(site)).predicate).toMatchObject({ verdict: 'pass', archives: [{ unproven: { count: 1 } }] })
    site.put({ 'debproof.yml': policy })
    const { predicate } = await runSite(site)
    expect(predicate).toMatchObject({
      verdict: 'undecided',
      archives: [
        {
          unproven: {
            listed: 3,
            count: 1,
            files: [{ name: 'tool', sha256: null }],
            unread: [expect.stringContaining('the files of 1 of its own stanzas (first: tool in made main/binary')],
          },
        },
      ],
    })
  })

  it('excuses none that can be compared and that nobody vouches for', async () => {
    const site = await oddSite([text(good), text(other), text(tool).replace(/SHA256: .*\n/, ''), text(deb('evil'))])
    site.put({ 'debproof.yml': policy })
    expect((await runSite(site)).predicate).toMatchObject({ verdict: 'fail', archives: [{ unproven: { count: 2 } }] })
  })
})

describe('a stanza that is odd in any field but its Package', () => {
  it('changes the verdict on no other package, and passes its own only by what the upstream signed', async () => {
    const target = fc.constantFrom(good, older, tool)
    await fc.assert(
      fc.asyncProperty(
        target,
        anyOddFields([evil.sha256, good.sha256]),
        fc.boolean(),
        async (one, apply, byUpstream) => {
          const odd = `${apply(text(one).trimEnd().split('\n')).join('\n')}\n`
          const stanzas = [good, older, other, tool].map((each) => (each === one ? odd : text(each)))
          const found = await verdicts(byUpstream ? await oddSite(sound, stanzas) : await oddSite(stanzas))
          expect(found['other']).toBe('identical')
          if (one === tool) {
            // It may state whatever hashes: nobody takes it for what was used.
            expect(found).toEqual({ report: 'pass', hello: 'identical', other: 'identical' })
            return
          }
          // Nobody but the upstream's own sound stanza names this file under this name, and no reader takes another.
          if (found['hello'] === 'identical' && !byUpstream) {
            const hashes = [...odd.matchAll(/^sha256\s*:\s*([0-9a-f]{64})\s*$/gim)].map(([, hash]) =>
              hash?.toLowerCase(),
            )
            expect(new Set(hashes)).toEqual(new Set([one.sha256]))
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

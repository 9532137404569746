import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { generateKey } from 'openpgp'
import { afterEach, describe, expect, it } from 'vitest'
import { deb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { ago, DAY, newKey, releaseDate } from './making/signed-archive.ts'
import { archivePolicy, listText, newSite, policyText, removeSites, runSite, snapshotSite } from './making/site.ts'

afterEach(removeSites)

const HELLO = deb('hello')
const DATA = deb('hello-data', { architecture: 'all', version: '2:1.0' })
const CHANGED = deb('hello', { content: 'changed by somebody' })

describe('a snapshot', () => {
  it('that holds what its upstream signed passes', async () => {
    const { predicate, of } = await runSite(await snapshotSite([HELLO, DATA]))
    expect(predicate).toMatchObject({ verdict: 'pass', counts: { total: 2, identical: 2 } })
    expect(of('hello')).toMatchObject({
      sha256: HELLO.sha256,
      hashFrom: 'archive',
      archive: 'debian',
      architecture: 'amd64',
    })
    expect(of('hello-data')).toMatchObject({ sha256: DATA.sha256, architecture: 'all', version: '2:1.0' })
    // The release file of each archive, and the index that they share byte for byte.
    expect(of('hello').evidence).toHaveLength(3)
  })

  it('in which one .deb was changed, indexed and signed again fails in exactly that package, with both hashes', async () => {
    const { predicate, of } = await runSite(await snapshotSite([CHANGED, DATA], [HELLO, DATA]))
    expect(predicate).toMatchObject({ verdict: 'fail', counts: { total: 2, identical: 1, mismatch: 1 } })
    expect(of('hello')).toMatchObject({ verdict: 'mismatch', sha256: CHANGED.sha256, expected: [HELLO.sha256] })
    expect(of('hello').reason).toContain(HELLO.sha256)
    expect(of('hello').reason).toContain(CHANGED.sha256)
  })

  it('that lists a package which its upstream never had fails in it: unproven', async () => {
    const added = deb('backdoor')
    const { predicate, of } = await runSite(await snapshotSite([HELLO, added], [HELLO]))
    expect([predicate.verdict, of('backdoor').verdict, of('hello').verdict]).toEqual(['fail', 'unproven', 'identical'])
  })

  it('that does not list what the build used fails: unlisted, with the version that it lists', async () => {
    const used = deb('hello', { version: '2.0-1' })
    const { of } = await runSite(await snapshotSite([HELLO], [HELLO], [used]))
    expect(of('hello')).toMatchObject({ verdict: 'unlisted', archive: null, sha256: null, hashFrom: null })
    expect(of('hello').reason).toContain('Listed versions: 1.0-1')
  })

  it('signed by anybody else is not read: its packages are undecided', async () => {
    const site = await snapshotSite([HELLO])
    await site.archive('snapshot', { key: await upstreamKey(), debs: [HELLO] })
    const { predicate, of } = await runSite(site)
    expect([predicate.verdict, of('hello').verdict]).toEqual(['undecided', 'undecided'])
    expect(predicate.archives[0]?.unread).toMatchObject([{ what: 'made', code: 'RELEASE_UNTRUSTED' }])
  })

  it('that is past its Valid-Until is judged by the clock that is given', async () => {
    const site = await snapshotSite([HELLO])
    await site.archive('upstream', {
      key: await upstreamKey(),
      debs: [HELLO],
      fields: { 'Valid-Until': releaseDate(ago(600)) },
    })
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
    expect((await runSite(site, { at: ago(900) })).of('hello').verdict).toBe('identical')
  })
})

describe('an upstream', () => {
  it('that cannot be read leaves packages undecided, never mismatched', async () => {
    const site = await snapshotSite([HELLO, DATA])
    site.put({ 'debproof.yml': policyText([archivePolicy({ upstream: 'file:nowhere' })]) })
    const { predicate } = await runSite(site)
    expect(predicate).toMatchObject({ verdict: 'undecided', counts: { undecided: 2 } })
  })

  it('may be followed by another one that still has what it dropped', async () => {
    const site = await snapshotSite([HELLO, DATA], [DATA])
    await site.archive('history', { key: await upstreamKey(), debs: [HELLO] })
    site.put({
      'debproof.yml': policyText([
        `${archivePolicy()}      - url: "file:history"\n        signed-by: keys/upstream.asc\n`,
      ]),
    })
    const { of, predicate } = await runSite(site)
    expect(predicate.verdict).toBe('pass')
    expect(of('hello').reason).toContain('/history/')
    expect(of('hello-data').reason).toContain('/upstream/')
  })

  it('that the build used itself is read once, and proves its own', async () => {
    const site = await snapshotSite([HELLO])
    const text = archivePolicy().replace(/^ {4}(?:url|signed-by): .*\n/gm, '')
    site.put({ 'debproof.yml': policyText([text]) })
    expect((await runSite(site)).of('hello')).toMatchObject({
      verdict: 'identical',
      evidence: [expect.any(String), expect.any(String)],
    })
  })
})

describe('an archive of the project itself', () => {
  it('whose index cannot be read leaves its packages undecided, and the report, though others are identical', async () => {
    const own = deb('own')
    const site = await snapshotSite([HELLO], [HELLO], [HELLO, own])
    await site.archive('own', { key: await projectKey(), debs: [own] })
    site.put({
      'debproof.yml': policyText([
        archivePolicy(),
        archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null }),
      ]),
      'own/dists/made/main/binary-amd64/Packages.gz': 'damaged',
    })
    const { predicate, of } = await runSite(site)
    expect([predicate.verdict, of('hello').verdict, of('own').verdict]).toEqual(['undecided', 'identical', 'undecided'])
    expect(of('own').reason).toContain('own made main/binary-amd64/Packages')
  })

  it('that cannot be read keeps a run from passing whose hashes are known by listings only', async () => {
    const site = await snapshotSite([HELLO])
    const missing = archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null })
    site.put({ 'debproof.yml': policyText([archivePolicy(), missing]), 'debs/hello.deb': HELLO.bytes })
    const listed = await runSite(site)
    expect([listed.predicate.verdict, listed.of('hello').verdict]).toEqual(['undecided', 'identical'])
    const hashed = await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
    expect([hashed.predicate.verdict, hashed.of('hello').hashFrom]).toEqual(['pass', 'deb'])
  })

  it('proves a package that was imported unchanged, and no other', async () => {
    const own = deb('own')
    const site = await snapshotSite([], [HELLO], [HELLO, own])
    await site.archive('own', { key: await projectKey(), debs: [HELLO, own] })
    const archives = [
      archivePolicy(),
      archivePolicy({ name: 'own', require: 'reproduced', url: 'file:own', upstream: null }),
    ]
    site.put({ 'debproof.yml': policyText(archives) })
    const { of } = await runSite(site)
    expect([of('hello').verdict, of('own').verdict]).toEqual(['identical', 'unproven'])
  })

  it('from which nothing may come is forbidden, even for what an upstream has under other bytes', async () => {
    const site = await snapshotSite([HELLO], [HELLO], [HELLO, DATA])
    await site.archive('nightly', { key: await projectKey(), debs: [DATA, CHANGED] })
    const archives = [
      archivePolicy(),
      archivePolicy({ name: 'nightly', require: 'absent', url: 'file:nightly', upstream: null }),
    ]
    site.put({ 'debproof.yml': policyText(archives), 'debs/hello.deb': HELLO.bytes })
    const { predicate, of } = await runSite(site)
    expect([predicate.verdict, of('hello-data').verdict, of('hello').verdict]).toEqual([
      'fail',
      'forbidden',
      'forbidden',
    ])
    expect(of('hello').reason).toContain(`Ambiguous: ${HELLO.sha256}`)
    const hashed = await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
    expect(hashed.predicate.verdict).toBe('pass')
  })
})

describe('a file whose hash is known', () => {
  async function withDebs(...used: ReturnType<typeof deb>[]) {
    const site = await snapshotSite([HELLO])
    site.put(Object.fromEntries(used.map((item, index) => [`debs/${index}.deb`, item.bytes])))
    return await runSite(site, { packages: [{ path: path.join(site.folder, 'debs'), format: 'auto' }] })
  }

  it('is a mismatch when it is not what snapshot and upstream list', async () => {
    const { of } = await withDebs(CHANGED)
    expect(of('hello')).toMatchObject({ verdict: 'mismatch', sha256: CHANGED.sha256, hashFrom: 'deb' })
    expect(of('hello').reason).toContain(HELLO.sha256)
  })

  it('is told apart from another under the same name and version', async () => {
    const { predicate } = await withDebs(HELLO, CHANGED)
    expect(predicate.packages.map(({ verdict, sha256 }) => [sha256, verdict])).toEqual(
      [
        [HELLO.sha256, 'identical'],
        [CHANGED.sha256, 'mismatch'],
      ].sort(),
    )
  })

  it('may be stated by the list: it decides which of two listed files is judged', async () => {
    const site = await snapshotSite([HELLO, CHANGED], [HELLO])
    const line = (item: typeof HELLO): string =>
      `'http://127.0.0.1/${item.name}.deb' ${item.name}_${item.version}_amd64.deb ${item.bytes.length} SHA256:${item.sha256}\n`
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'mismatch', sha256: CHANGED.sha256 })
    site.put({ 'build.packages': line(HELLO) })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'identical', hashFrom: 'list' })
    site.put({ 'build.packages': line(CHANGED) })
    expect((await runSite(site)).of('hello')).toMatchObject({ verdict: 'mismatch', hashFrom: 'list' })
  })
})

describe('a flat archive', () => {
  it('is read from its own folder, with its paths', async () => {
    const site = await newSite()
    await site.archive('snapshot', { key: await projectKey(), debs: [HELLO], flat: true })
    await site.archive('upstream', { key: await upstreamKey(), debs: [HELLO], flat: true })
    site.put({ 'debproof.yml': policyText([archivePolicy({ suite: './' })]), 'build.packages': listText([HELLO]) })
    const { predicate } = await runSite(site, { deep: true })
    expect(predicate).toMatchObject({ verdict: 'pass', counts: { identical: 1 } })
  })
})

describe('--deep', () => {
  const POOL = 'snapshot/pool/main/hello_1.0-1_amd64.deb'

  it.each([
    ['other bytes', Buffer.from(CHANGED.bytes)],
    ['bytes of the same length', Buffer.alloc(HELLO.bytes.length)],
    ['a shorter file', HELLO.bytes.subarray(0, 100)],
    ['a longer file', Buffer.concat([HELLO.bytes, Buffer.from('x')])],
  ])('finds %s in the pool that the index does not have', async (_, bytes) => {
    const site = await snapshotSite([HELLO])
    site.put({ [POOL]: bytes })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    expect((await runSite(site, { deep: true })).of('hello').verdict).toBe('mismatch')
  })

  it('leaves a package undecided whose file is not there', async () => {
    const site = await snapshotSite([HELLO])
    rmSync(path.join(site.folder, POOL))
    expect((await runSite(site, { deep: true })).of('hello').verdict).toBe('undecided')
  })
})

describe('a source package', () => {
  const files = { 'hello_1.0-1.dsc': 'Format: 3.0\n', 'hello_1.0.orig.tar.gz': 'original' }

  async function runSource(served: Readonly<Record<string, string>>) {
    const site = await newSite()
    const source = (one: Readonly<Record<string, string>>) => [{ name: 'hello', version: '1.0-1', files: one }]
    await site.archive('snapshot', { key: await projectKey(), debs: [], sources: source(served) })
    await site.archive('upstream', { key: await upstreamKey(), debs: [], sources: source(files) })
    const manifest = 'packages:\n  source:\n  - package: hello\n    version: 1.0-1\n'
    site.put({ 'debproof.yml': policyText(), 'build.packages': manifest })
    return await runSite(site)
  }

  it('is identical with all its files', async () => {
    expect((await runSource(files)).of('hello')).toMatchObject({
      verdict: 'identical',
      kind: 'source',
      architecture: 'source',
    })
  })

  it('is a mismatch with one other tarball under the same .dsc, and the reason names it', async () => {
    const { of } = await runSource({ ...files, 'hello_1.0.orig.tar.gz': 'Original' })
    expect(of('hello')).toMatchObject({
      verdict: 'mismatch',
      reason: expect.stringContaining('hello_1.0.orig.tar.gz is '),
    })
  })
})

describe('the clock', () => {
  it('is what every signature is judged by: before the archive was signed nothing can be read', async () => {
    const { predicate } = await runSite(await snapshotSite([HELLO]), { at: ago(30 * DAY) })
    expect(predicate).toMatchObject({ verdict: 'undecided', counts: { undecided: 1 } })
  })
})

describe('a policy', () => {
  it('that says how old a release file may be is obeyed, for what is served and for the upstream', async () => {
    const site = await snapshotSite([deb('hello')])
    for (const [more, verdict] of [
      ['max-age: 2d', 'pass'],
      ['max-age: 12h', 'undecided'],
    ] as const) {
      site.put({ 'debproof.yml': policyText([archivePolicy({ more })]) })
      const { predicate } = await runSite(site)
      expect([more, predicate.verdict]).toEqual([more, verdict])
      const upstream = `${archivePolicy()}        ${more}\n`
      site.put({ 'debproof.yml': policyText([upstream]) })
      expect([more, (await runSite(site)).predicate.verdict]).toEqual([more, verdict])
    }
  })
})

describe('a report without a signature', () => {
  const key = async (): Promise<{ armored: string; source: string }> => ({
    armored: (await newKey()).armor(),
    source: 'a test',
  })

  it('says why: it was asked for, or a pull request has no key', async () => {
    const site = await snapshotSite([HELLO])
    expect((await runSite(site)).predicate.unsigned).toBe('requested')
    const pull = await runSite(site, { unsigned: 'pull-request' })
    expect([pull.predicate.unsigned, pull.signedBy]).toEqual(['pull-request', undefined])
    expect(pull.summary).toContain('**UNSIGNED**')
  })

  it('is not written in a pull request that has a key, and says nothing of it', async () => {
    const site = await snapshotSite([HELLO])
    const { predicate, signedBy } = await runSite(site, { unsigned: 'pull-request', signing: await key() })
    expect(predicate).not.toHaveProperty('unsigned')
    expect(signedBy).toMatch(/^[0-9A-F]{40}$/)
  })

  it('is refused where a key was given', async () => {
    const site = await snapshotSite([HELLO])
    await expect(runSite(site, { unsigned: 'requested', signing: await key() })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })
})

describe('what a policy may not read', () => {
  const withUpstream = (url: string): string =>
    policyText([archivePolicy()]).replace(
      '    upstream:\n',
      `    upstream:\n      - { url: "${url}", signed-by: debian }\n`,
    )

  it('is what the kernel tells of this process, through whatever link: none of it is in the evidence', async () => {
    const site = await snapshotSite([HELLO])
    site.put({ 'debproof.yml': withUpstream('file:evil/') })
    mkdirSync(path.join(site.folder, 'evil/dists/made'), { recursive: true })
    symlinkSync('/proc/self/environ', path.join(site.folder, 'evil/dists/made/InRelease'))
    await runSite(site)
    const evidence = path.join(site.folder, 'report/evidence/sha256')
    for (const name of readdirSync(evidence)) {
      expect(readFileSync(path.join(evidence, name), 'latin1')).not.toContain('PATH=')
    }
  })

  it.each(['/proc/self/environ', '/proc/self/../version'])('is not a list or a policy either: %s', async (file) => {
    const site = await snapshotSite([HELLO])
    await expect(runSite(site, { packages: [{ path: file, format: 'dpkg-query' }] })).rejects.toMatchObject({
      code: 'PACKAGE_LIST',
    })
    await expect(runSite(site, { policy: file })).rejects.toMatchObject({ code: 'POLICY' })
  })

  it('is a file with the signing key, which no evidence may hold: nothing is kept', async () => {
    const site = await snapshotSite([HELLO])
    const armored = (await newKey()).armor()
    site.put({ 'debproof.yml': withUpstream('file:evil/'), 'evil/dists/made/InRelease': armored })
    const signing = { armored, source: 'a test' }
    await expect(runSite(site, { signing })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('holds a secret of this job'),
    })
    expect(readdirSync(path.join(site.folder, 'report'))).toEqual([])
  })

  it('is not the public half of the signing key, which may sign the archive too', async () => {
    const { privateKey } = await generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: { name: 'Both' },
      format: 'object',
    })
    const site = await snapshotSite([HELLO])
    const publicKey = privateKey.toPublic().armor()
    site.put({ 'debproof.yml': withUpstream('file:other/'), 'other/dists/made/InRelease': publicKey })
    const signing = { armored: privateKey.armor(), source: 'a test' }
    // The two have whole lines in common, so this is no idle worry.
    expect(signing.armored.split('\n').filter((line) => line.length > 40 && publicKey.includes(line))).not.toEqual([])
    expect((await runSite(site, { signing })).predicate.verdict).toBe('pass')
  })

  it('nor does a report hold one, such as in the name of a release, whatever is kept beside it', async () => {
    const site = await snapshotSite([HELLO])
    const secrets = ['correct-horse-battery']
    const options = { release: '1.0-correct-horse-battery', secrets, evidence: 'none' } as const
    await expect(runSite(site, options)).rejects.toMatchObject({ code: 'USAGE' })
    expect(readdirSync(path.join(site.folder, 'report'))).toEqual([])
  })
})

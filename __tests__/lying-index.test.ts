import { afterEach, describe, expect, it } from 'vitest'
import { deb, type MadeDeb, projectKey, upstreamKey } from './making/archive-folder.ts'
import { archivePolicy, listText, policyText, removeSites, runSite, snapshotSite } from './making/site.ts'

afterEach(removeSites)

/**
 * The snapshot's own index is signed by those who are under test. A list of installed packages shows what each .deb
 * calls itself; an index may call it otherwise, and apt goes by the index.
 */
describe('an index that says of a .deb what the .deb does not say of itself', () => {
  const good = deb('hello')
  const evil = deb('hello', { content: 'evil' })
  const listedAs = (fields: Partial<Pick<MadeDeb, 'version' | 'architecture'>>): MadeDeb => ({ ...evil, ...fields })

  it.each<[string, MadeDeb]>([
    ['a newer version', listedAs({ version: '1.0-2' })],
    ['a version that sorts alike', listedAs({ version: '1.0-01' })],
    ['the same version for all architectures', listedAs({ architecture: 'all' })],
  ])('does not pass a package that apt may have taken from there: %s', async (_, lie) => {
    const site = await snapshotSite([good, lie], [good], [good])
    site.put({
      'build.packages': 'Package: hello\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n',
    })
    const { of, predicate } = await runSite(site)
    expect(of('hello')).toMatchObject({ verdict: 'undecided', reason: expect.stringContaining(evil.sha256) })
    expect(predicate.verdict).toBe('undecided')
  })

  it.each(['0:1.0-1', '00:1.0-1'])(
    'takes version %s for 1.0-1, as dpkg does, and sees the other bytes',
    async (version) => {
      const site = await snapshotSite([good, listedAs({ version })], [good], [good])
      expect((await runSite(site)).of('hello').verdict).toBe('mismatch')
    },
  )

  it('a list that writes an epoch of zero means the same package', async () => {
    const site = await snapshotSite([good])
    site.put({ 'build.packages': 'hello\t0:1.0-1\n' })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })

  it('passes where every version that apt may prefer is what the upstream signed', async () => {
    const newer = deb('hello', { version: '1.0-2' })
    const site = await snapshotSite([good, newer], [good, newer], [good])
    expect((await runSite(site)).predicate.verdict).toBe('pass')
  })

  it('does not pass a package of which an older version is listed that nobody distributes: pins and debootstrap take it', async () => {
    const older = deb('hello', { version: '0.9-1', content: 'evil' })
    const site = await snapshotSite([good, older], [good], [good])
    const { verdict, reason } = (await runSite(site)).of('hello')
    expect([verdict, reason]).toEqual([
      'undecided',
      expect.stringContaining(`0.9-1 amd64 under this name (${older.sha256})`),
    ])
  })

  it('passes where the older version that is listed is what the upstream signed too', async () => {
    const older = deb('hello', { version: '0.9-1' })
    const site = await snapshotSite([good, older], [good, older], [good])
    expect((await runSite(site)).predicate.verdict).toBe('pass')
  })

  it("does not take the archive's own word that apt takes a suite on demand only", async () => {
    const site = await snapshotSite([good])
    const backports = async (debs: MadeDeb[]): Promise<string> => {
      await site.archive('backports', {
        key: await projectKey(),
        debs,
        fields: { NotAutomatic: 'yes', ButAutomaticUpgrades: 'yes' },
      })
      site.put({
        'debproof.yml': policyText([archivePolicy(), archivePolicy({ name: 'backports', url: 'file:backports' })]),
        'build.packages': listText([good]),
      })
      return (await runSite(site)).of('hello').verdict
    }
    expect(await backports([good, listedAs({ version: '1.1-1~bpo1' })])).toBe('undecided')
    expect(await backports([good])).toBe('identical')
  })

  it('does not pass a package under whose name an archive that must be absent lists what nobody vouches for', async () => {
    const site = await snapshotSite([good])
    const nightly = async (debs: MadeDeb[]): Promise<string> => {
      await site.archive('nightly', { key: await projectKey(), debs })
      const absent = archivePolicy({ name: 'nightly', url: 'file:nightly', require: 'absent', upstream: null })
      site.put({ 'debproof.yml': policyText([archivePolicy(), absent]) })
      return (await runSite(site)).of('hello').verdict
    }
    expect(await nightly([listedAs({ version: '2.0~dev' })])).toBe('undecided')
    expect(await nightly([deb('other')])).toBe('identical')
    // The very file that Debian signed harms nobody, wherever else it lies.
    expect(await nightly([good])).toBe('identical')
  })

  it('does not matter where the hash of what was used is known', async () => {
    const site = await snapshotSite([good, listedAs({ version: '1.0-2' })], [good], [good])
    site.put({
      'build.packages': `'http://a/hello_1.0-1_amd64.deb' hello_1.0-1_amd64.deb ${good.bytes.length} SHA256:${good.sha256}\n`,
    })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
  })

  it("an upstream's own newer versions are nobody's lie", async () => {
    const newer = deb('hello', { version: '1.0-2' })
    const site = await snapshotSite([good], [good, newer], [good])
    site.put({ 'build.packages': listText([good]) })
    await site.archive('snapshot', { key: await upstreamKey(), debs: [good, newer] })
    site.put({
      'debproof.yml':
        'version: 1\npackages:\n  - path: build.packages\narchives:\n  debian:\n    require: identical\n' +
        '    suites: [made]\n    architectures: [amd64]\n    upstream:\n      - url: "file:upstream"\n' +
        '        signed-by: keys/upstream.asc\n',
    })
    expect((await runSite(site)).predicate.verdict).toBe('pass')
  })
})

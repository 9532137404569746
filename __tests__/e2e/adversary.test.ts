import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { aptInstalls, type Debs, MADE, snapshot } from './adversary-scenes.ts'
import { type Found, type Scene, Site, type SiteKeys } from './adversary-site.ts'
import { WAYS } from './adversary-ways.ts'
import { Gnupg } from './gnupg.ts'
import { makeDeb } from './lying-archive.ts'
import { debproof, scratchFolder } from './running.ts'

/**
 * The snapshot and the custom archive are signed by those who are under test, with real keys; real apt, debootstrap and
 * dpkg install what the adversary wants, and dpkg's list shows the genuine name and version.
 */
describe('an adversary with the key of the archives under test, and a list of names and versions', () => {
  const scratch = scratchFolder()
  const gnupg = new Gnupg(scratch)
  let debs: Debs
  let keys: SiteKeys

  beforeAll(async () => {
    keys = {
      project: await gnupg.makeKey('Project'),
      upstream: await gnupg.makeKey('Upstream'),
      vendor: await gnupg.makeKey('Vendor'),
      alpha: await gnupg.makeKey('Alpha'),
    }
    const made = Object.entries(MADE).map(async ([content, fields]) => [
      content,
      await makeDeb(scratch, content, fields),
    ])
    debs = Object.fromEntries(await Promise.all(made))
  })

  let sites = 0

  async function siteOf(scene: Scene): Promise<Site> {
    const site = new Site(path.join(scratch, `site-${++sites}`), scene, gnupg, keys)
    await site.make()
    return site
  }

  /** The adversary's file is there, and dpkg's list shows the genuine package. */
  async function expectInstalled(site: Site): Promise<void> {
    expect(await site.root.has(debs.evil.installs)).toBe(true)
    expect(await site.root.list()).toBe('hello\t1.0-1\n')
    expect(await site.root.isSound()).toBe(true)
  }

  describe.each(WAYS)('$title', ({ attack, honest, seen }) => {
    it('does not pass', async () => {
      const site = await siteOf(attack(debs))
      await expectInstalled(site)
      const found = await site.verify()
      switch (seen) {
        case 'same name':
          expect(found.code).not.toBe(0)
          expect(found.report.predicate.verdict).not.toBe('pass')
          expect(saidOf(found)).toContain(debs.evil.sha256)
          break
        case 'stanza':
          expect(found.report.predicate.verdict).toBe('undecided')
          expect(found.report.predicate.packages).toMatchObject([
            {
              name: 'hello',
              verdict: 'undecided',
              reason: expect.stringContaining('has a stanza of hello, its number'),
            },
          ])
          break
        case 'index':
          expect(found.code).not.toBe(0)
          expect(found.report.predicate.archives.flatMap(({ unread }) => unread)).not.toEqual([])
          break
        case 'other archive':
          expect(found.code).not.toBe(0)
          expect(found.report.predicate.otherArchives?.found.flatMap(({ files }) => files)).toEqual([
            expect.stringMatching(/unnamed_dists_made_InRelease$/),
          ])
          break
        case 'other index':
          expect(found.code).not.toBe(0)
          expect(found.report.predicate.otherArchives?.found.flatMap(({ files }) => files)).toEqual([
            expect.stringMatching(/main_binary-i386_Packages$/),
          ])
          break
        case 'other name': {
          expect(unprovenOf(found)).toEqual([debs.evil.sha256])
          expect(found.stdout).toContain('nobody vouches for')
          const refused = await site.verify('unproven-files: fail')
          expect([refused.code, refused.report.predicate.verdict]).toEqual([1, 'fail'])
          expect(unprovenOf(refused)).toEqual([debs.evil.sha256])
        }
      }
    })

    it('passes where the same site has nothing to hide', async () => {
      const site = await siteOf(honest(debs))
      expect(await site.root.has(debs.evil.installs)).toBe(false)
      const found = await site.verify('unproven-files: fail')
      expect([found.code, found.stdout]).toEqual([0, expect.stringContaining('PASS')])
    })
  })

  it('is seen alike by those who check the report again', async () => {
    const site = await siteOf(WAYS[0]?.attack(debs) ?? snapshot(debs, []))
    const { output, report } = await site.verify()
    const { code, stdout } = await debproof(['recheck', output, '--unsigned'])
    expect([report.predicate.verdict, code]).toEqual(['undecided', 3])
    expect(stdout).toContain('undecided')
  })

  describe("a vendor's archive that shares a name with the build", () => {
    const withVendor = (word: string, policy: readonly string[] = []): Scene => {
      const { archives, ...scene } = snapshot(debs, [{ deb: debs.good }], aptInstalls([word]))
      const suites = { made: { listed: [{ deb: debs.vendors }] } }
      return { ...scene, archives: { ...archives, vendor: { role: 'vendor', suites, policy } } }
    }

    it('is trusted for every name, since a .deb of its own may call itself by any', async () => {
      const { archives, ...scene } = snapshot(debs, [{ deb: debs.good }], aptInstalls(['hello', 'vendor-tool']))
      const suites = { made: { listed: [{ deb: debs.evil, as: { Package: 'vendor-tool' } }] } }
      const vendor = { role: 'vendor', suites, policy: ['names: ["vendor-*"]'] } as const
      const site = await siteOf({ ...scene, archives: { ...archives, vendor } })
      await expectInstalled(site)
      const { report } = await site.verify()
      expect(report.predicate.trust.map(({ trusts }) => trusts).join('\n')).toContain(
        'one of snapshot, vendor vouches for may call itself by a name of another',
      )
    })

    it.each(['hello', 'hello=1.0-1'])('passes, and the report says on whose word: %s', async (word) => {
      const site = await siteOf(withVendor(word))
      expect(await site.root.has(debs.vendors.installs)).toBe(word === 'hello')
      const { code, stdout, report } = await site.verify('unproven-files: fail')
      expect(code).toBe(0)
      expect(report.predicate.packages).toMatchObject([{ name: 'hello', vouchedBy: ['snapshot', 'vendor'] }])
      expect(stdout).toContain('snapshot or vendor')
    })

    it.each([
      ['hello', 1],
      ['hello=1.0-1', 3],
    ])('does not pass where the policy says that the vendor may not deliver it: %s', async (word, code) => {
      const site = await siteOf(withVendor(word, ['names: ["vendor-*"]']))
      const found = await site.verify()
      expect(found.code).toBe(code)
      expect(saidOf(found)).toContain(debs.vendors.sha256)
    })
  })
})

/** What is said of the one package. */
function saidOf({ report }: Found): string {
  return report.predicate.packages.map(({ reason, sha256 }) => `${sha256}: ${reason}`).join('\n')
}

function unprovenOf({ report }: Found): (string | null)[] {
  return report.predicate.archives.flatMap(({ unproven }) => unproven?.files.map(({ sha256 }) => sha256) ?? [])
}

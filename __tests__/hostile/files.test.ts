import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { scanIndex } from '../../src/archive/read-index.ts'
import { WantedNames } from '../../src/archive/stanza-scanner.ts'
import { Cache } from '../../src/net/cache.ts'
import { contentPath } from '../../src/net/cache-content.ts'
import { openFile } from '../../src/open-file.ts'
import { readDebFile } from '../../src/packages/deb-file.ts'
import { deb, projectKey } from '../making/archive-folder.ts'
import { PACKAGES, snapshotFiles, stanzaOf } from '../making/index-site.ts'
import { closeAll, serve } from '../making/loopback-server.ts'
import { keyringFile, newKey, once, sha256Hex, verdictOf } from '../making/signed-archive.ts'
import {
  archivePolicy,
  listText,
  newSite,
  policyText,
  removeSites,
  runSite,
  type Site,
  snapshotSite,
} from '../making/site.ts'

afterEach(closeAll)
afterEach(removeSites)

const good = deb('hello')
const evil = deb('hello', { content: 'evil' })
const stranger = once(() => newKey({ name: 'Stranger' }))

/** A site whose snapshot's server does something to the machine when it is first asked, and then answers as it should. */
async function siteWith(served = good): Promise<{ site: Site; meanwhile: (change: () => void) => void }> {
  const site = await snapshotSite([good])
  const files = await snapshotFiles({ [PACKAGES]: stanzaOf(served) })
  let change = (): void => {}
  const { base } = await serve((request, response) => {
    change()
    const content = files[`snapshot/${(request.url ?? '').slice(1)}`]
    if (content === undefined) response.writeHead(404).end()
    else response.end(content)
  })
  site.put({ 'debproof.yml': policyText([archivePolicy({ url: base.href })]) })
  return {
    site,
    meanwhile: (next) => {
      change = next
    },
  }
}

/** `runSite` derives each report from its evidence alone once more. */
describe('an input that is changed once the run has begun', () => {
  it.each<[string, (site: Site) => Promise<Record<string, string | Uint8Array>>]>([
    ['the package list', async () => ({ 'build.packages': listText([deb('other')]) })],
    ['the policy', async () => ({ 'debproof.yml': 'version: 1\n' })],
    ['the keyring', async () => ({ 'keys/project.gpg': keyringFile([await stranger()]) })],
    ["the upstream's keyring", async () => ({ 'keys/upstream.asc': (await stranger()).toPublic().armor() })],
  ])('is judged as it was read, and kept so: %s', async (_, changed) => {
    const { site, meanwhile } = await siteWith()
    const files = await changed(site)
    let changes = 0
    meanwhile(() => {
      changes += 1
      site.put(files)
    })
    expect((await runSite(site)).of('hello').verdict).toBe('identical')
    expect(changes).toBeGreaterThan(0)
  })

  it('does not make an evil snapshot pass: its signer is not trusted for being in the keyring by now', async () => {
    const { site, meanwhile } = await siteWith(evil)
    site.put({ 'keys/project.gpg': keyringFile([await stranger()]) })
    const project = keyringFile([await projectKey()])
    meanwhile(() => site.put({ 'keys/project.gpg': project }))
    expect((await runSite(site)).of('hello').verdict).toBe('undecided')
  })
})

describe('a folder of .debs', () => {
  it('with a .deb that is replaced after it was read is judged by the bytes that were read', async () => {
    const { site, meanwhile } = await siteWith()
    site.put({ 'debs/hello.deb': good.bytes })
    meanwhile(() => site.put({ 'debs/hello.deb': evil.bytes }))
    const list = { path: path.join(site.folder, 'debs'), format: 'auto' }
    const { of } = await runSite(site, { packages: [list] })
    expect(of('hello')).toMatchObject({ verdict: 'identical', sha256: good.sha256, hashFrom: 'deb' })
  })

  it('in which a .deb became a pipe or a folder by the time it is opened is not waited for', async () => {
    const { folder } = await newSite()
    const pipe = path.join(folder, 'hello.deb')
    execFileSync('mkfifo', [pipe])
    await expect(readDebFile(pipe)).rejects.toMatchObject({
      code: 'PACKAGE_LIST',
      message: expect.stringContaining('this is not a file'),
    })
    await expect(readDebFile(folder)).rejects.toMatchObject({
      code: 'PACKAGE_LIST',
      message: expect.stringContaining('this is not a file'),
    })
  })
})

describe('a file that became another between the look and the opening', () => {
  it('is looked at itself: a pipe, a folder, a device, a file of the kernel behind a link', async () => {
    const { folder } = await newSite()
    const at = (name: string): string => path.join(folder, name)
    execFileSync('mkfifo', [at('pipe')])
    symlinkSync('/dev/zero', at('device'))
    symlinkSync('/proc/self/environ', at('environ'))
    symlinkSync(at('keys/upstream.asc'), at('link'))
    for (const name of ['pipe', 'device', 'keys']) expect(await openFile(at(name)), name).toBeUndefined()
    await expect(openFile(at('environ'))).rejects.toThrow(/the kernel makes it up/)
    const handle = await openFile(at('link'))
    expect(await handle?.readFile('utf8')).toContain('BEGIN PGP PUBLIC KEY')
    await handle?.close()
  })
})

describe('the cache', () => {
  const text = stanzaOf(good)
  const other = stanzaOf(evil)
  const sha256 = sha256Of(text)
  const request = { url: new URL('http://example.org/Packages'), limit: 10_000, sha256 }
  const entry = { path: 'Packages', size: text.length, sha256 }

  const read = async (meanwhile: (file: string) => void): Promise<string> => {
    const { folder, put } = await newSite()
    const file = contentPath(folder, sha256)
    put({ [path.relative(folder, file)]: text })
    const never = async (): Promise<never> => {
      throw new Error('nothing is to be fetched')
    }
    return await verdictOf(() =>
      new Cache(folder).stream(
        request,
        async (chunks) => {
          // The content was found to have its hash, and is handed out now.
          meanwhile(file)
          const wanted = new WantedNames(['hello'])
          const { entries } = await scanIndex(
            chunks,
            'plain',
            { file: entry, plain: entry },
            { kind: 'Packages', wanted, refuseHidden: true },
            request.url.href,
          )
          expect(entries.map(({ file: listed }) => listed.sha256)).toEqual([good.sha256])
        },
        never,
      ),
    )
  }

  it('whose content is written over between check and use is found out', async () => {
    expect(other).toHaveLength(text.length)
    expect(await read((file) => writeFileSync(file, other))).toBe('INDEX_MISMATCH')
    expect(await read((file) => writeFileSync(file, ''))).toBe('INDEX_MISMATCH')
  })

  it('whose content is replaced, removed or linked elsewhere gives what was checked', async () => {
    const replace = (file: string): void => {
      writeFileSync(`${file}.new`, other)
      renameSync(`${file}.new`, file)
    }
    expect(await read(replace)).toBe('accepted')
    expect(await read((file) => rmSync(file))).toBe('accepted')
    expect(
      await read((file) => {
        rmSync(file)
        symlinkSync('/dev/zero', file)
      }),
    ).toBe('accepted')
  })

  it('that somebody filled with other bytes under the hashes is not believed', async () => {
    const { site } = await siteWith(evil)
    const cache = path.join(site.folder, 'cache')
    site.put({ [path.relative(site.folder, contentPath(cache, sha256Hex(other)))]: text })
    expect((await runSite(site, { cache })).of('hello').verdict).toBe('mismatch')
  })
})

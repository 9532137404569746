import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_RELEASE_FILE } from '../../src/limits.ts'
import type { AptSource } from '../../src/policy/apt-sources.ts'
import { keptIndexesList, keptRelease } from '../../src/policy/kept-by-apt.ts'
import { projectKey } from '../making/archive-folder.ts'
import { block, clearsigned, releaseText, signature } from '../making/signed-archive.ts'
import { newSite, removeSites, type Site } from '../making/site.ts'

afterEach(removeSites)

const SOURCE: AptSource = {
  type: 'deb',
  uri: 'http://h/debian/',
  suite: 'trixie',
  components: ['main'],
  location: 'sources.list:1',
}
const START = 'root/var/lib/apt/lists/h_debian_dists_trixie_'

async function system(files: Readonly<Record<string, string | Uint8Array>>): Promise<Site & { root: string }> {
  const site = await newSite()
  site.put(Object.fromEntries(Object.entries(files).map(([name, content]) => [`${START}${name}`, content])))
  return { ...site, root: path.join(site.folder, 'root') }
}

async function release(): Promise<{ text: string; armor: string }> {
  const text = releaseText({ Origin: 'Example', Codename: 'trixie' })
  return { text, armor: block(await signature(text, await projectKey())) }
}

describe('the release file that apt kept', () => {
  it('is read in one file or in two', async () => {
    const { text, armor } = await release()
    const named = { origin: 'Example', codename: 'trixie' }
    expect(await keptRelease((await system({ InRelease: clearsigned(text, armor) })).root, SOURCE)).toMatchObject(named)
    expect(await keptRelease((await system({ Release: text, 'Release.gpg': armor })).root, SOURCE)).toMatchObject(named)
  })

  it('says nothing where it is not there, is none, is larger than MAX_RELEASE_FILE, or is not a file', async () => {
    const { text, armor } = await release()
    const large = `${clearsigned(text, armor)}${'\n'.repeat(MAX_RELEASE_FILE)}`
    for (const files of [{}, { InRelease: 'no release file\n' }, { InRelease: large }, { 'InRelease/file': '' }]) {
      expect(await keptRelease((await system(files)).root, SOURCE)).toBeUndefined()
    }
  })

  it('is the system’s own where it is a link, as in a chroot', async () => {
    const { text, armor } = await release()
    const site = await system({ 'lists.d': '' })
    site.put({ host: clearsigned(text, armor) })
    symlinkSync(path.join(site.folder, 'host'), path.join(site.folder, `${START}InRelease`))
    expect(await keptRelease(site.root, SOURCE)).toBeUndefined()
  })
})

describe('the indexes that apt kept', () => {
  const stanza = (name: string): string => `Package: ${name}\nVersion: 1\n\n`
  const lists = async (files: Readonly<Record<string, string>>, names: readonly string[]): Promise<boolean> =>
    await keptIndexesList((await system(files)).root, SOURCE, names)

  it('list a package wherever its name stands in them: at the start, or where one read ends', async () => {
    const index = 'main_binary-amd64_Packages'
    expect(await lists({ [index]: stanza('bash') }, ['bash'])).toBe(true)
    for (let before = 65_510; before < 65_540; before++) {
      expect(await lists({ [index]: `${'x'.repeat(before)}\n${stanza('bash')}` }, ['bash'])).toBe(true)
    }
  })

  it('list them together, and no other suite’s count', async () => {
    const files = { 'main_binary-amd64_Packages': stanza('bash'), 'extra_binary-amd64_Packages': stanza('dpkg') }
    expect(await lists(files, ['bash', 'dpkg'])).toBe(true)
    expect(await lists(files, ['bash', 'dpkg', 'base-files'])).toBe(false)
    const other = await newSite()
    other.put({ 'root/var/lib/apt/lists/h_debian_dists_sid_main_binary-amd64_Packages': stanza('bash') })
    expect(await keptIndexesList(path.join(other.folder, 'root'), SOURCE, ['bash'])).toBe(false)
    expect(await lists({ 'main_binary-amd64_Packages': stanza('bash-doc') }, ['bash'])).toBe(false)
  })

  it('list nothing where there are none, or only what is packed', async () => {
    expect(await lists({}, ['bash'])).toBe(false)
    expect(await lists({ 'main_binary-amd64_Packages.lz4': stanza('bash') }, ['bash'])).toBe(false)
  })
})

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findFiles } from '../src/find-files.ts'
import { openFile } from '../src/open-file.ts'
import { ANYWHERE, placesBelow } from '../src/places.ts'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'debproof-places-')))
afterAll(() => rmSync(root, { recursive: true }))

const at = (name: string): string => path.join(root, name)
for (const folder of ['work/sub/.git', 'work/.git', 'work/lists', 'other', 'work-2'])
  mkdirSync(at(folder), { recursive: true })
for (const file of [
  'work/file',
  'work/lists/a.list',
  'work/.git/config',
  'work/sub/.git/config',
  'other/b.list',
  'work-2/file',
]) {
  writeFileSync(at(file), file)
}
symlinkSync(at('other'), at('work/away'))
symlinkSync(at('other/b.list'), at('work/lists/b.list'))
symlinkSync('.git', at('work/innocent'))
symlinkSync('lists', at('work/kept'))
symlinkSync(at('work'), at('named'))

const places = placesBelow(at('work'), [])
const opens = async (file: string, within = places): Promise<string> => {
  const handle = await within.open(file, openFile)
  const text = (await handle?.readFile('utf8')) ?? 'no file'
  await handle?.close()
  return text
}

describe('a workspace whose policy strangers wrote', () => {
  it.each(['work/file', 'work/kept/a.list', 'named/file', 'work/away/../file'])('opens %s', async (name) => {
    expect(await opens(at(name))).toMatch(/^work\//)
  })

  it.each([
    'other/b.list',
    'work-2/file',
    'work/../other/b.list',
    'work/away/b.list',
    'work/lists/b.list',
    'work/away/nothing',
    'other/nothing',
    'nothing',
  ])('does not open %s, and does not say whether it is there', async (name) => {
    await expect(opens(at(name))).rejects.toThrow(/^it lies outside of .*--allow-path$/)
    await expect(places.check(at(name))).rejects.toThrow(/outside/)
  })

  it.each([
    'work/.git/config',
    'work/sub/.git/config',
    'work/innocent/config',
    'work/.git/nothing',
    'work/.GIT/config',
  ])('does not open %s, where a token may be', async (name) => {
    await expect(opens(at(name))).rejects.toThrow(/below \.git/)
  })

  it('opens what the user allows, and what the system keeps for all', async () => {
    expect(await opens(at('work/away/b.list'), placesBelow(at('work'), [at('other')]))).toBe('other/b.list')
    for (const place of [
      '/usr/share/keyrings/x.gpg',
      '/etc/apt/keyrings/x.asc',
      '/var/lib/dpkg/status',
      '/var/lib/apt/lists/x',
    ]) {
      await places.check(place)
    }
    for (const place of ['/etc/apt/auth.conf', '/etc/apt/auth.conf.d/x', '/etc/passwd', '/', '/proc/self/environ']) {
      await expect(places.check(place)).rejects.toThrow()
    }
  })

  it('looks at what was opened: a folder on the way may have become a link meanwhile', async () => {
    const swapped = places.open(at('work/file'), async () => await open(at('other/b.list')))
    await expect(swapped).rejects.toThrow(/outside/)
  })

  it('leaves what the user named, unless a link in the workspace leads elsewhere', async () => {
    const named = async (name: string): Promise<unknown> =>
      await places.openNamed(at(name), openFile).then((handle) => handle?.close())
    await named('other/b.list')
    await named('work/file')
    await expect(named('work/lists/b.list')).rejects.toThrow(/outside/)
    await expect(named('work/innocent/config')).rejects.toThrow(/\.git/)
  })

  it('is not left by a glob', async () => {
    const found = async (pattern: string, within = places): Promise<string[]> =>
      (await findFiles(pattern, at('work'), within)).map((file) => path.relative(root, file))
    expect(await found('**/*.list', ANYWHERE)).toContain('work/away/b.list')
    expect(await found('**/*.list')).not.toContain('work/away/b.list')
    expect(await found('lists/*.list')).toEqual(['work/lists/a.list', 'work/lists/b.list'])
    expect(await found('{away,lists}/a*')).toEqual(['work/lists/a.list'])
    expect(await found('*/../../other/*')).toEqual([])
    expect(await found('**/config')).toEqual([])
    for (const pattern of ['../other/*', `${root}/other/*`, '.git/*', 'away/*', 'innocent/*', '/etc/*']) {
      await expect(found(pattern), pattern).rejects.toThrow(/it lies/)
    }
    expect(await readdir(at('work/lists'))).toHaveLength(2)
  })
})

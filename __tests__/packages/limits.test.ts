import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  MAX_CONTROL_FILE,
  MAX_CONTROL_MEMBER,
  MAX_CONTROL_TAR,
  MAX_DEBS,
  MAX_FOLDER_DEPTH,
  MAX_FOLDER_ENTRIES,
  MAX_LIST,
  MAX_LIST_LINES,
  MAX_LIST_YAML,
} from '../../src/limits.ts'
import { readDebDirectory } from '../../src/packages/deb-directory.ts'
import { readDebFile } from '../../src/packages/deb-file.ts'
import { readPackageLists } from '../../src/packages/find-lists.ts'
import { readPackageList } from '../../src/packages/read-list.ts'
import { failure } from '../making/failure.ts'
import { closeAll, downloads, serveFiles } from '../making/loopback-server.ts'
import { ar, arMember, CONTROL, controlMember, DATA, DEBIAN_BINARY, debBytes, TAR_END, tarEntry } from './deb-bytes.ts'

// The code is what it is; only the numbers are smaller where crossing the real ones would take minutes or gigabytes.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  MAX_CONTROL_FILE: 1000,
  MAX_CONTROL_MEMBER: 5000,
  MAX_CONTROL_TAR: 10_240,
  MAX_DEBS: 3,
  MAX_FOLDER_ENTRIES: 6,
  MAX_LIST: 3000,
  MAX_LIST_LINES: 40,
  MAX_LIST_YAML: 2000,
}))

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await closeAll()
})

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

describe('a package list', () => {
  const LINE = 'hello=1.0\n'
  const sized = (size: number): string => `#${'x'.repeat(size - LINE.length - 2)}\n${LINE}`

  it('has no more bytes than the limit, on the disk and on a server', async () => {
    const read = async (text: string): Promise<string> =>
      await failure(() => readPackageList(put('list', text), 'name-version'))
    expect(await read(sized(MAX_LIST))).toBe('accepted')
    expect(await read(sized(MAX_LIST + 1))).toMatch(/list: a package list may have 3000 bytes/)
    const { base } = await serveFiles({ fits: sized(MAX_LIST), over: sized(MAX_LIST + 1) })
    const fetch = async (name: string): Promise<string> =>
      await failure(() =>
        readPackageLists([{ path: new URL(name, base).href, format: 'name-version' }], folder, downloads()),
      )
    expect(await fetch('fits')).toBe('accepted')
    expect(await fetch('over')).toMatch(/could not be fetched: .*over is larger than 3000 bytes/)
  })

  it('has no more lines than the limit', async () => {
    const read = async (lines: number): Promise<string> =>
      await failure(() => readPackageList(put('list', 'a=1\n'.repeat(lines)), 'name-version'))
    expect(await read(MAX_LIST_LINES)).not.toMatch(/lines/)
    expect(await read(MAX_LIST_LINES + 1)).toMatch(/list:41: a package list may have 40 lines/)
  })

  it('in any YAML has no more bytes than the limit', async () => {
    const yaml = '{packages: {binary: [{arch: amd64, package: hello, version: "1.0"}], source: []}}\n'
    const read = async (size: number): Promise<string> =>
      await failure(() =>
        readPackageList(put('build-manifest', `${yaml}#${'x'.repeat(size - yaml.length - 2)}\n`), 'build-manifest'),
      )
    expect(await read(MAX_LIST_YAML)).not.toMatch(/a build manifest may have/)
    expect(await read(MAX_LIST_YAML + 1)).toMatch(/a build manifest may have 2000 bytes/)
  })
})

describe('a folder of .debs', () => {
  const read = async (): Promise<string> => await failure(() => readDebDirectory(folder))

  it('has no more .debs than the limit', async () => {
    for (let index = 0; index < MAX_DEBS; index++) put(`${index}.deb`, debBytes(CONTROL.replace('hello', `p${index}`)))
    expect(await read()).toBe('accepted')
    put('more.deb', debBytes())
    expect(await read()).toMatch(/a directory may have 3 \.debs/)
  })

  it('has no more entries than the limit', async () => {
    put('a.deb', debBytes())
    for (let index = 1; index < MAX_FOLDER_ENTRIES; index++) put(`${index}.txt`, 'x')
    expect(await read()).toBe('accepted')
    put('more.txt', 'x')
    expect(await read()).toMatch(/a directory may have 6 entries/)
  })
})

describe('folders of .debs', () => {
  it('are no deeper than the limit', async () => {
    vi.resetModules()
    vi.doUnmock('../../src/limits.ts')
    const { readDebDirectory: readDeep } = await import('../../src/packages/deb-directory.ts')
    put(`${'d/'.repeat(MAX_FOLDER_DEPTH)}a.deb`, debBytes())
    expect((await readDeep(folder)).debs).toHaveLength(1)
    put(`${'d/'.repeat(MAX_FOLDER_DEPTH + 1)}a.deb`, debBytes())
    await expect(readDeep(folder)).rejects.toThrow(/directories may be 64 deep/)
  })
})

describe('a .deb', () => {
  const read = async (...members: Uint8Array[]): Promise<string> =>
    await failure(() => readDebFile(put('a.deb', ar(DEBIAN_BINARY, ...members, DATA))))

  it('has no control file over the limit', async () => {
    const control = (size: number): Buffer => {
      const text = `${CONTROL}X: `
      return controlMember(tarEntry('./control', `${text}${'x'.repeat(size - text.length - 1)}\n`))
    }
    expect(await read(control(MAX_CONTROL_FILE))).toBe('accepted')
    expect(await read(control(MAX_CONTROL_FILE + 1))).toMatch(/a\.deb.* has a control file of more than 1000 bytes/)
  })

  it('has no control member over the limit', async () => {
    const tar = Buffer.concat([tarEntry('./control', CONTROL), TAR_END])
    const member = (size: number): Buffer =>
      arMember('control.tar', Buffer.concat([tar, Buffer.alloc(size - tar.length)]))
    expect(await read(member(MAX_CONTROL_MEMBER))).toBe('accepted')
    expect(await read(member(MAX_CONTROL_MEMBER + 1))).toMatch(/a\.deb.* has more than 5000 bytes in control\.tar/)
  })

  it('has no control member that grows beyond the limit', async () => {
    const tar = Buffer.concat([tarEntry('./control', CONTROL), TAR_END])
    const member = (size: number): Buffer =>
      arMember('control.tar.gz', gzipSync(Buffer.concat([tar, Buffer.alloc(size - tar.length)])))
    expect(await read(member(MAX_CONTROL_TAR))).toBe('accepted')
    expect(await read(member(MAX_CONTROL_TAR + 1))).toMatch(/a\.deb.* decompresses to more than 10240 bytes/)
  })
})

import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDebDirectory } from '../../src/packages/deb-directory.ts'
import { debBytes } from './deb-bytes.ts'
import { DEBS } from './fixtures.ts'

let base = ''
let root = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'debproof-deb-directory-'))
  root = join(base, 'root')
  mkdirSync(join(root, 'pool', 'main'), { recursive: true })
})
afterEach(() => rmSync(base, { recursive: true }))

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

describe('a directory of .debs', () => {
  test('gives every .deb at any depth with its hash, by relative path, and one hash over all', async () => {
    copyFileSync(join(DEBS, 'netbase_6.5_all.deb'), join(root, 'pool', 'main', 'netbase_6.5_all.deb'))
    writeFileSync(join(root, 'hello.udeb'), debBytes())
    writeFileSync(join(root, 'notes.txt'), 'not a package')
    const netbase = sha256(readFileSync(join(DEBS, 'netbase_6.5_all.deb')))
    const hello = sha256(debBytes())
    const directory = await readDebDirectory(root)
    expect(directory.content.packages).toEqual([
      {
        kind: 'binary',
        name: 'hello',
        version: '1:2.10-3',
        architecture: 'amd64',
        hash: { sha256: hello, from: 'deb' },
      },
      { kind: 'binary', name: 'netbase', version: '6.5', architecture: 'all', hash: { sha256: netbase, from: 'deb' } },
    ])
    expect(directory.sha256).toBe(sha256(`${hello}  hello.udeb\n${netbase}  pool/main/netbase_6.5_all.deb\n`))
  })

  test('goes by what is in a .deb, not by its name', async () => {
    writeFileSync(join(root, 'other_9_i386.deb'), debBytes())
    const { content } = await readDebDirectory(root)
    expect(content.packages).toMatchObject([{ name: 'hello', version: '1:2.10-3', architecture: 'amd64' }])
  })

  test('keeps the order of names whichever file is read first', async () => {
    for (let index = 0; index < 40; index += 1) {
      const size = index % 7 === 0 ? 200_000 : 1
      const control = `Package: p${index}\nVersion: 1\nArchitecture: all\nDescription: ${'x'.repeat(size)}\n`
      writeFileSync(join(root, `${String(index).padStart(2, '0')}.deb`), debBytes(control))
    }
    const { content } = await readDebDirectory(root)
    expect(content.packages.map((one) => one.name)).toEqual(Array.from({ length: 40 }, (_, index) => `p${index}`))
  })

  test.each(['hello_2.10-3_amd64.ddeb', 'hello_2.10-3_amd64.deb.1', 'HELLO.DEB', '1'])(
    'with a .deb that is called %s is refused, for dpkg would install it',
    async (name) => {
      copyFileSync(join(DEBS, 'netbase_6.5_all.deb'), join(root, 'netbase_6.5_all.deb'))
      writeFileSync(join(root, 'pool', name), debBytes())
      await expect(readDebDirectory(root)).rejects.toThrow(
        `${join(root, 'pool', name)}: this is a .deb, and its name does not end in .deb: rename it, or move it away.`,
      )
    },
  )

  test('without any is refused', async () => {
    writeFileSync(join(root, 'notes.txt'), 'not a package')
    await expect(readDebDirectory(root)).rejects.toThrow(`${root}: there is no .deb in this directory.`)
  })

  test('with one that is broken is refused, and the message names it', async () => {
    writeFileSync(join(root, 'good.deb'), debBytes())
    writeFileSync(join(root, 'pool', 'broken.deb'), debBytes().subarray(0, 300))
    await expect(readDebDirectory(root)).rejects.toThrow(`${join(root, 'pool', 'broken.deb')}: is cut short.`)
  })

  test('takes a symbolic link inside, and follows none out', async () => {
    writeFileSync(join(base, 'outside.deb'), debBytes())
    writeFileSync(join(root, 'blob'), debBytes())
    symlinkSync('../blob', join(root, 'pool', 'in.deb'))
    symlinkSync('..', join(root, 'pool', 'up'))
    symlinkSync('../outside.deb', join(root, 'out.txt'))
    expect((await readDebDirectory(root)).content.packages).toHaveLength(1)
    symlinkSync('../outside.deb', join(root, 'out.deb'))
    await expect(readDebDirectory(root)).rejects.toThrow('leads out of the directory')
    rmSync(join(root, 'out.deb'))
    symlinkSync('../..', join(root, 'pool', 'far'))
    await expect(readDebDirectory(root)).rejects.toThrow('leads out of the directory')
  })

  test('with a .deb that is a directory, a dead link or has a line feed in its name', async () => {
    mkdirSync(join(root, 'directory.deb'))
    writeFileSync(join(root, 'directory.deb', 'a.deb'), debBytes())
    expect((await readDebDirectory(root)).content.packages).toHaveLength(1)
    symlinkSync('nowhere', join(root, 'dead.deb'))
    await expect(readDebDirectory(root)).rejects.toThrow('dead.deb: this is not a file')
    rmSync(join(root, 'dead.deb'))
    writeFileSync(join(root, 'a\nb.deb'), debBytes())
    await expect(readDebDirectory(root)).rejects.toThrow('the name "a\\u000ab.deb" cannot be used')
  })
})

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makeFolder } from '../src/make-folder.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-folder-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('making a folder', () => {
  test('makes those above it, and is content with one that is there', async () => {
    const deep = path.join(folder, 'a/b/c')
    await makeFolder(deep)
    await makeFolder(deep)
    expect(existsSync(deep)).toBe(true)
  })

  test('is content where others make it, or those above it, at the same time', async () => {
    const many = Array.from({ length: 20 }, (_, index) => path.join(folder, `shared/deep/deeper/${index % 4}`))
    await Promise.all(many.map((each) => makeFolder(each)))
    for (const each of many) expect(existsSync(each)).toBe(true)
  })

  test('ends with an error where a file is in the way', async () => {
    writeFileSync(path.join(folder, 'file'), '')
    await expect(makeFolder(path.join(folder, 'file'))).rejects.toThrow('EEXIST')
    await expect(makeFolder(path.join(folder, 'file/below'))).rejects.toThrow('ENOTDIR')
  })

  test.skipIf(!existsSync('/proc/self'))('ends with an error where the file system takes no folder', async () => {
    await expect(makeFolder('/proc/debproof')).rejects.toThrow('ENOENT')
  })
})

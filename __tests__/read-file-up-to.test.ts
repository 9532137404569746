import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFileUpTo } from '../src/read-file-up-to.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file that is read up to a limit', () => {
  it('is read whole where it has no more bytes, and not at all where it has one more', async () => {
    const file = path.join(folder, 'file')
    for (const size of [0, 1, 65_536, 65_537, 200_000]) {
      writeFileSync(file, Buffer.alloc(size, 'x'))
      expect(await readFileUpTo(file, size)).toEqual(Buffer.alloc(size, 'x'))
      if (size > 0) expect(await readFileUpTo(file, size - 1)).toBeUndefined()
    }
  })

  it('costs no more than the limit, whatever its size', async () => {
    const file = path.join(folder, 'huge')
    writeFileSync(file, '')
    truncateSync(file, 8 * 1024 ** 4)
    expect(await readFileUpTo(file, 1000)).toBeUndefined()
  })

  it('that is none fails as node:fs does', async () => {
    await expect(readFileUpTo(path.join(folder, 'none'), 10)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readFileUpTo(folder, 10)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})

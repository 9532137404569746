import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/archive/hash.ts'
import { filesOnDisk, hashedFiles, namedFiles, SHIPPED_FILE } from '../../src/policy/policy-files.ts'

describe('the files that a policy names', () => {
  it('are called alike wherever the policy lies, by no folder of a machine', () => {
    const below = (folder: string): [string, string][] => [
      [`${folder}/keys/project.asc`, 'b'],
      ['/usr/share/keyrings/debian.gpg', 'a'],
      [`${folder}/../beside.asc`, 'c'],
      [`${folder}/..keys/dots.asc`, 'e'],
      [`${SHIPPED_FILE}keyrings/debian.gpg`, 'd'],
      [`${folder}/keys/project.asc`, 'b'],
    ]
    const named = [
      { name: '..keys/dots.asc', sha256: 'e' },
      { name: 'beside.asc', sha256: 'c' },
      { name: 'debian.gpg', sha256: 'a' },
      { name: 'keys/project.asc', sha256: 'b' },
      { name: 'shipped:keyrings/debian.gpg', sha256: 'd' },
    ]
    for (const folder of ['/build', '/home/somebody/else']) expect(namedFiles(below(folder), folder)).toEqual(named)
    expect(namedFiles(below('/build').toReversed(), '/build')).toEqual(named)
  })

  it('are hashed as they were read', async () => {
    const { files, read } = hashedFiles(filesOnDisk)
    const bytes = await files.read('package.json')
    expect([...read]).toEqual([['package.json', sha256Of(bytes)]])
    await expect(files.read('no such file')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(read.size).toBe(1)
  })
})

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const hasTools = ['apt-get', 'dpkg-deb'].every((tool) => spawnSync(tool, ['--version']).status === 0)

describe('the shipped Debian keyring', () => {
  it.skipIf(!hasTools)('has the keys of the package that apt downloads (skipped without apt-get and dpkg-deb)', () => {
    const update = join(import.meta.dirname, '../keyrings/update.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [update, '--check'], { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/has the \d+ keys of debian-archive-keyring/),
    })
  })
})

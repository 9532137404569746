import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findTools, INSTALL_COMMAND } from '../../src/rebuild/tools.ts'
import { newFolder, removeProjects } from './made-project.ts'

let bin: string
let ids: string[]

beforeEach(() => {
  const folder = newFolder()
  bin = path.join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['debrebuild', 'sbuild', 'mmdebstrap', 'newuidmap', 'awk']) program(name, 'exit 0')
  ids = [path.join(folder, 'subuid')]
  writeFileSync(ids[0] ?? '', `nobody-else:1:2\n${userInfo().username}:100000:65536\n`)
  symlinkSync('/bin/sh', path.join(bin, 'sh'))
})

afterAll(removeProjects)

function program(name: string, script: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

describe('the tools', () => {
  test('are found on the search path; diffoscope may be missing', async () => {
    expect(await findTools(bin, ids)).toEqual({ sbuild: path.join(bin, 'sbuild'), diffoscope: undefined })
    program('diffoscope', 'exit 0')
    expect(await findTools(bin, ids)).toMatchObject({ diffoscope: path.join(bin, 'diffoscope') })
  })

  test('that are missing are told in one message, with the one command that installs all', async () => {
    const empty = newFolder()
    const told = findTools(empty, ids)
    await expect(told).rejects.toMatchObject({ code: 'USAGE' })
    await expect(told).rejects.toThrow(
      `debrebuild, sbuild, mmdebstrap, newuidmap, awk is missing. Run as root: ${INSTALL_COMMAND}`,
    )
    expect(INSTALL_COMMAND).toBe(
      'apt-get install --no-install-recommends devscripts sbuild mmdebstrap uidmap mawk libfile-homedir-perl ' +
        'libstring-shellquote-perl liburi-perl libwww-perl',
    )
  })

  test('must start: a perl module that is missing is told', async () => {
    program('debrebuild', 'echo "you must have the libstring-shellquote-perl package installed" >&2; exit 2')
    await expect(findTools(bin, ids)).rejects.toThrow(
      /does not start \(you must have the libstring-shellquote-perl.*apt-get/,
    )
  })

  test('need a range of user ids, and the command that gives one is told', async () => {
    writeFileSync(ids[0] ?? '', 'nobody-else:1:2\n')
    await expect(findTools(bin, ids)).rejects.toThrow(/usermod --add-subuids 100000-165535 --add-subgids/)
  })
})

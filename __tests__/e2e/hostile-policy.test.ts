import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hostilePolicies } from '../making/hostile-policies.ts'
import { copyExample, exampleClock } from './example.ts'
import { runAction } from './run-action.ts'
import { debproof, PROJECT, scratchFolder } from './running.ts'

/** What nothing that is printed may hold. */
const ACTED_ON = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]|##\[|section_start:/u

/** Commands that the action gives the runner itself. */
const OWN = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning']

/** The program and the action, as they are built. */
describe('a policy that is hostile text', () => {
  const scratch = scratchFolder()
  let folder: string
  let at: string

  beforeAll(async () => {
    at = await exampleClock()
    folder = await copyExample(path.join(scratch, 'example'))
  })

  it('prints no command and no sequence of a terminal, on the command line', async () => {
    let told = 0
    for (const [place, text] of hostilePolicies()) {
      await writeFile(path.join(folder, 'debproof.yml'), text)
      const { stdout, stderr } = await debproof(['verify', '--unsigned', '--offline', '--verbose', '--at', at], {
        cwd: folder,
      })
      for (const shown of [stdout, stderr]) {
        expect([place, shown.match(ACTED_ON), shown.match(/^\s*::/m)]).toEqual([place, null, null])
        if (shown.includes('pwned')) told += 1
      }
    }
    expect(told).toBeGreaterThan(20)
  })

  it('gives the runner no command in the action, neither in its log nor in its summary', async () => {
    for (const [place, text] of hostilePolicies()) {
      await writeFile(path.join(folder, 'debproof.yml'), text)
      const inputs = { at, unsigned: 'true', offline: 'true', 'cache-service': 'false', artifact: 'none' }
      const { log, summary, commands, outputs } = await runAction(PROJECT, { workspace: folder, inputs })
      expect([place, log.match(ACTED_ON), summary.match(ACTED_ON)]).toEqual([place, null, null])
      expect([place, commands.map(({ command }) => command).filter((name) => !OWN.includes(name))]).toEqual([place, []])
      expect([place, JSON.stringify(outputs).includes('pwned')]).toEqual([place, false])
      const junit = await readFile(path.join(folder, 'debproof-report/junit.xml'), 'utf8').catch(() => '')
      expect([place, junit.match(ACTED_ON)]).toEqual([place, null])
    }
  })
})

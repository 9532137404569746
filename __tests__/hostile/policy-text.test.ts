import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/commands/parse-arguments.ts'
import { verifyCommand } from '../../src/commands/verify.ts'
import { describeError, isDebproofError } from '../../src/errors.ts'
import { terminalOf } from '../../src/terminal.ts'
import { deb } from '../making/archive-folder.ts'
import { hostilePolicies, keysOfSchemaNotHere } from '../making/hostile-policies.ts'
import { removeSites, type Site, snapshotSite } from '../making/site.ts'

afterEach(removeSites)

/** Everything that one run printed, as a log would get it. */
async function printedBy(site: Site, ...words: readonly string[]): Promise<string> {
  let text = ''
  const stream = { write: (more: string) => (text += more) }
  const terminal = terminalOf({ stdout: stream, stderr: stream, env: { XDG_CACHE_HOME: '/dev/null' } })
  const output = path.join(site.folder, 'report')
  const all = [
    '--policy',
    path.join(site.folder, 'debproof.yml'),
    '--unsigned',
    '--offline',
    '--output',
    output,
    ...words,
  ]
  try {
    await verifyCommand.run(parseArguments(verifyCommand, all), terminal)
  } catch (error) {
    if (!isDebproofError(error)) throw error
    terminal.err(`debproof: ${describeError(error)}\n`)
  }
  const written = ['summary.md', 'junit.xml', 'verdict.env'].map((name) => path.join(output, name)).filter(existsSync)
  return text + written.map((file) => readFileSync(file, 'utf8')).join('\n')
}

describe('a policy that somebody wrote for those who read the log', () => {
  it('is made with every key that the schema has', () => {
    expect(keysOfSchemaNotHere()).toEqual([])
  })

  it('prints no command and no sequence, whichever text or key of it is hostile', { timeout: 300_000 }, async () => {
    const site = await snapshotSite([deb('hello')])
    let printed = 0
    for (const [place, text] of hostilePolicies()) {
      site.put({ 'debproof.yml': text })
      const shown = await printedBy(site, ...(printed % 3 === 0 ? ['--json'] : printed % 3 === 1 ? ['--verbose'] : []))
      expect([place, shown.match(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]|^\s*::|##\[|section_start:/mu)]).toEqual([
        place,
        null,
      ])
      if (shown.includes('pwned')) printed += 1
    }
    // It does tell what is wrong, and with what.
    expect(printed).toBeGreaterThan(20)
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-broken-'))
afterAll(() => rmSync(folder, { recursive: true }))

const VERIFY =
  `"${process.execPath}" src/cli.ts verify --policy examples/release/debproof.yml --at 2026-11-23T00:00:00Z ` +
  `--unsigned --output "${folder}/report"`

/** What the shell says of a command whose output goes where it cannot. */
function shell(command: string): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', timeout: 20_000 })
  return { status, text: stdout + stderr }
}

describe.skipIf(!existsSync('/dev/full'))('output that cannot be written', () => {
  it('standard error that nobody reads does not change a verdict', () => {
    expect(shell(`${VERIFY} 2>/dev/full`).status).toBe(0)
    expect(existsSync(path.join(folder, 'report/report.json'))).toBe(true)
  })

  it('a working folder that was removed is told as such, for every command', () => {
    const gone = `mkdir "${folder}/gone"; cli="$PWD/src/cli.ts"; cd "${folder}/gone"; rmdir "${folder}/gone"`
    for (const words of ['verify --unsigned', 'record --store /nonexistent', 'recheck /nonexistent --unsigned']) {
      const { status, text } = shell(`${gone}; "${process.execPath}" "$cli" ${words}`)
      expect(status).toBe(2)
      expect(text).toContain('debproof: The working folder is no longer there; change to another')
    }
  })

  it('a reader that goes away does not change a verdict', () => {
    expect(shell(`${VERIFY} 2>&1 | head -1; exit \${PIPESTATUS[0]}`).status).toBe(0)
  })

  it('a full disk behind standard output is the exit code of a mistake, without a trace', () => {
    const { status, text } = shell(`${VERIFY} >/dev/full`)
    expect(status).toBe(2)
    expect(text).toContain('debproof: the result cannot be written to standard output: ')
    expect(text).not.toMatch(/\n\s+at /)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { PROJECT, run } from './running.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'field-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = path.join(PROJECT, 'node_modules/.bin/node')

describe('archives as people publish them, with the apt of this machine', () => {
  it('pass where apt reads them, or have a reason why not', { timeout: 240_000 }, async () => {
    const only =
      '^apt-ftparchive, gpg, (?:CRLF|Date (?:of asc|of RFC|twice)|Valid-Until|a blank before the|a comment with|an empty line|rows|' +
      'hashes|Suite and)|^reprepro, under the path any'
    const { code, stdout, stderr } = await run(node, ['assurance/field/all.ts', folder, `--only=${only}`], {
      cwd: PROJECT,
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('| reads | pass | pass |')
    expect(stdout).toContain('| refuses | not read | not read |')
    const [, passed, read] = /(\d+) pass of (\d+) that every apt reads/.exec(stdout) ?? []
    expect([Number(passed), Number(read)]).toEqual([16, 20])
  })

  it('have no date that debproof reads and apt does not, or otherwise', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await run(node, ['assurance/field/dates.ts', '--count=100000'], { cwd: PROJECT })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/\d{5} read by apt/)
  })
})

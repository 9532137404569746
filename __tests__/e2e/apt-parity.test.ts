import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../assurance/apt/compare.ts'
import { PROJECT, run } from './running.ts'

/** apt's own tests of what an archive may try, each of some seconds. */
const TESTS = [
  'test-cve-2013-1051-InRelease-parsing',
  'test-ubuntu-bug-784473-InRelease-one-message-only',
  'test-bug-921685-binary-detached-signature',
  'test-signed-by-option',
  'test-bug-596498-trusted-unsigned-repo',
  'test-cve-2019-3462-Release.gpg-payload',
]

const folder = mkdtempSync(path.join(tmpdir(), 'apt-parity-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("apt's own tests of signed archives, with the apt of this machine", () => {
  // The updates are repeated as apt's own user, whose folders only root can give away.
  it.skipIf(process.getuid?.() !== 0)('never see debproof accept what apt refuses', { timeout: 240_000 }, async () => {
    const record = path.join(folder, 'comparisons.jsonl')
    const options = ['--tests', TESTS.join(','), '--limit', '70', '--total', '90', '--record', record]
    const node = path.join(PROJECT, 'node_modules/.bin/node')
    const { code, stdout, stderr } = await run(node, ['assurance/apt/parity.ts', ...options], { cwd: PROJECT })
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('LOOSER')])

    const comparisons = readFileSync(record, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"outcome"'))
      .map((line): Comparison => JSON.parse(line))
    const of = (outcome: Comparison['outcome']): number => comparisons.filter((one) => one.outcome === outcome).length
    expect(comparisons.length).toBeGreaterThanOrEqual(10)
    expect(of('accepted')).toBeGreaterThanOrEqual(4)
    expect(of('refused')).toBeGreaterThanOrEqual(4)
    expect(of('looser')).toBe(0)
    expect(stdout).toContain('| looser |')
  })
})

import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Keyring } from '../../src/archive/keyring.ts'
import { parseIndex } from '../../src/evidence/bundle-index.ts'
import { readBundle } from '../../src/evidence/bundle-reader.ts'
import { MAX_BUNDLE_INDEX, MAX_DETACHED_SIGNATURE, MAX_REPORT } from '../../src/limits.ts'
import { readSignedReport, readUnsignedReport } from '../../src/report/read-report.ts'
import { serializeReport } from '../../src/report/statement.ts'
import { failure } from '../making/failure.ts'
import { madeReport } from './made-report.ts'

// The code is what it is; only the numbers are smaller: a test does not read gigabytes.
vi.mock('../../src/limits.ts', async (original) => ({
  ...(await original<object>()),
  MAX_REPORT: 200_000,
  MAX_BUNDLE_INDEX: 200_000,
}))

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'debproof-limits-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a report that is read again', () => {
  it('has no more bytes than the limit, nor has its signature', async () => {
    const report = path.join(folder, 'report.json')
    writeFileSync(report, serializeReport(madeReport([])))
    expect(await failure(() => readUnsignedReport(folder))).toBe('accepted')
    const signed = async (size: number): Promise<string> => {
      writeFileSync(`${report}.asc`, '\n'.repeat(size))
      return await failure(() => readSignedReport(folder, new Keyring([], []), new Date()))
    }
    expect(await signed(MAX_DETACHED_SIGNATURE)).not.toMatch(/larger/)
    expect(await signed(MAX_DETACHED_SIGNATURE + 1)).toMatch(
      /report\.json\.asc is larger than the 65536 bytes that it may have/,
    )
    truncateSync(report, MAX_REPORT + 1)
    const over = /report\.json is larger than the 200000 bytes that it may have/
    expect(await failure(() => readUnsignedReport(folder))).toMatch(over)
    expect(await signed(1)).toMatch(over)
    truncateSync(report, MAX_REPORT)
    expect(await failure(() => readUnsignedReport(folder))).toMatch(/report\.json is no report: it is not JSON/)
  })
})

describe('the index of evidence', () => {
  it('has no more bytes than the limit', async () => {
    mkdirSync(path.join(folder, 'sha256'))
    const index = path.join(folder, 'index.json')
    writeFileSync(index, '')
    const read = async (size: number): Promise<string> => {
      truncateSync(index, size)
      const { problems } = await readBundle(folder, { index: `sha256:${'0'.repeat(64)}`, kept: 'all', files: 1, size })
      return problems.join(' ')
    }
    expect(await read(MAX_BUNDLE_INDEX)).toMatch(/index\.json was changed/)
    expect(await read(MAX_BUNDLE_INDEX + 1)).toMatch(/index\.json is larger than 200000 bytes/)
    const bytes = new Uint8Array(MAX_BUNDLE_INDEX + 1)
    expect(await failure(() => parseIndex(bytes, 'index.json'))).toBe('index.json is larger than 200000 bytes.')
  })
})

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { removeEarlierOutput } from '../../src/commands/earlier-output.ts'
import { cli } from './cli.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-earlier-'))
const output = path.join(folder, 'out')
const report = path.join(output, 'report.json')
afterAll(() => rmSync(folder, { recursive: true }))

beforeEach(() => {
  mkdirSync(output, { recursive: true })
  writeFileSync(report, '{\n "_type": "https://in-toto.io/Statement/v1",\n')
  writeFileSync(path.join(output, 'report.json.asc'), 'earlier')
  writeFileSync(path.join(output, 'verdict.env'), 'DEBPROOF_VERDICT=pass\n')
})

describe('the report of an earlier run', () => {
  it.each([
    ['verify', ['--outptu', 'x', '--output', output]],
    ['verify', [`--output=${output}`, '--at', 'never']],
    ['verify', ['--output', output, '--signing-key', '/nonexistent']],
    ['merge', ['a', '--output', output]],
  ])('is gone when %s ends by a mistake on its command line: %j', async (name, words) => {
    const { code } = await cli(folder, [name, ...words])
    expect(code).toBe(2)
    expect(readdirSync(output)).toEqual([])
  })

  it('is gone from the folder that is used where none is named', () => {
    const before = process.cwd()
    const usual = path.join(folder, 'debproof-report')
    mkdirSync(usual)
    writeFileSync(path.join(usual, 'verdict.env'), 'DEBPROOF_VERDICT=pass\n')
    process.chdir(folder)
    try {
      removeEarlierOutput('verify', ['--policy', 'x.yml'])
    } finally {
      process.chdir(before)
    }
    expect(readdirSync(usual)).toEqual([])
  })

  it.each([
    ['verify', ['--help', '--output', output]],
    ['recheck', [output]],
    ['merge', [output, '--output', output]],
    ['merge', [`${output}/.`, 'b', '--output', output]],
    ['toString', ['--output', output]],
  ])('stays where none is to be written there: %s %j', (name, words) => {
    removeEarlierOutput(name, words)
    expect(existsSync(report)).toBe(true)
  })

  it('is told apart from what somebody else wrote, which stays', () => {
    writeFileSync(report, '{"mine": true}')
    removeEarlierOutput('verify', ['--output', output])
    expect(readdirSync(output)).toEqual(['report.json'])
    expect(readFileSync(report, 'utf8')).toBe('{"mine": true}')
  })
})

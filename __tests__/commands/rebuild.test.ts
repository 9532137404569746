import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rebuildCommand } from '../../src/commands/rebuild.ts'
import { newKey } from '../making/signed-archive.ts'
import { type MadeProject, makeProject, newFolder, removeProjects } from '../rebuild/made-project.ts'
import { madeArchive, madeReport, reported } from '../report/made-report.ts'
import { type CliResult, call } from './cli.ts'

let project: MadeProject
let keyFile: string
let report: string
let emptyReport: string

beforeAll(async () => {
  project = await makeProject([{ name: 'hello', binaries: ['hello'] }], [{ name: 'hello' }])
  keyFile = path.join(project.folder, 'key.asc')
  writeFileSync(keyFile, (await newKey()).armor())
  const archives = [madeArchive({ name: 'project', require: 'reproduced' })]
  const unproven = reported({ version: '1.0', archive: 'project', verdict: 'unproven', sha256: null })
  report = path.join(project.folder, 'report.json')
  writeFileSync(report, JSON.stringify(madeReport([unproven], { archives })))
  emptyReport = path.join(project.folder, 'empty.json')
  writeFileSync(emptyReport, JSON.stringify(madeReport([], { archives })))
})

afterAll(removeProjects)

async function rebuild(words: readonly string[], environment: Record<string, string> = {}): Promise<CliResult> {
  const at = ['--policy', project.policyFile, '--at', '2026-06-01T12:00:00Z']
  return await call(rebuildCommand, [...at, '--output', path.join(project.folder, 'output'), ...words], environment)
}

const JOB = { package: 'src:hello=1.0', source: 'hello', version: '1.0', architecture: 'amd64', archive: 'project' }

describe('rebuild --list', () => {
  it('prints what was named, without tools or key', async () => {
    expect(await rebuild(['--list', 'hello'])).toMatchObject({ code: 0, out: 'src:hello=1.0 amd64 project\n' })
  })

  it('prints what a report calls unproven, as a matrix for the jobs of a CI', async () => {
    const { code, out } = await rebuild(['--list', '--format', 'matrix', '--unproven', report])
    expect({ code, matrix: JSON.parse(out) }).toEqual({ code: 0, matrix: { include: [JOB] } })
  })

  it('prints an empty matrix where nothing is unproven', async () => {
    expect(await rebuild(['--list', '--format', 'matrix', '--unproven', emptyReport])).toMatchObject({
      code: 0,
      out: '{"include":[]}\n',
    })
  })
})

describe('rebuild ends with 2', () => {
  it.each([
    ['without anything to rebuild', [], 'which package?'],
    ['with names and a report', ['hello', '--unproven', 'x'], 'not both'],
    ['for a package that is not listed', ['--list', 'nothing'], 'no archive with `require: reproduced` lists nothing'],
    ['for a format that there is not', ['--list', '--format', 'matrxi', 'hello'], 'Did you mean matrix?'],
    ['for a format without a list', ['--format', 'matrix', 'hello'], '--format is for --list'],
    ['for a time limit that is none', ['--timeout', 'long', 'hello'], 'no number of minutes'],
    ['without a key', ['hello'], '--unsigned'],
    ['for a key that is not there', ['--signing-key', '/nonexistent', 'hello'], 'cannot be read'],
  ])('%s', async (_, words, message) => {
    const { code, err } = await rebuild(words)
    expect(err).toContain(message)
    expect(code).toBe(2)
  })

  it('with a key and --unsigned', async () => {
    const { code, err } = await rebuild(['--unsigned', '--signing-key', keyFile, 'hello'])
    expect(err).toContain('--unsigned contradicts')
    expect(code).toBe(2)
  })

  it('where the tools are missing, with the command that installs them', async () => {
    const { code, err } = await rebuild(['--signing-key', keyFile, 'hello'], { PATH: newFolder() })
    expect(err).toMatch(/debrebuild, sbuild, .* is missing\. Run as root: apt-get install/)
    expect(code).toBe(2)
  })
})

it('has nothing to do for a report without unproven packages', async () => {
  expect(await rebuild(['--unproven', emptyReport])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing to rebuild/),
  })
})

it('ends with 3 where the archive cannot be read', async () => {
  const text =
    'version: 1\narchives:\n  gone: { require: reproduced, url: "file:gone", suites: [made], architectures: [amd64], signed-by: project.gpg }\n'
  const policy = path.join(project.folder, 'gone.yml')
  writeFileSync(policy, text)
  const result = await call(rebuildCommand, ['--policy', policy, '--list', 'hello'])
  expect(result).toMatchObject({ code: 3, err: expect.stringContaining('The archive gone cannot be read') })
})

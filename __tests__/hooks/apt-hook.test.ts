import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePackageList } from '../../src/packages/read-list.ts'
import { deb } from '../making/archive-folder.ts'

const HOOK = 'hooks/apt-hook'
const CONFIGURATION = readFileSync('hooks/50debproof-apt-hook', 'utf8')

/** The shells that are /bin/sh somewhere; those that this machine has. */
const SHELLS = [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([program = '', ...words]) => spawnSync(program, [...words, '-c', ':']).status === 0,
)

const folder = mkdtempSync(path.join(tmpdir(), 'debproof-apt-hook-'))
const [hello, newer, tool] = [deb('hello', { version: '1:1.0-1' }), deb('hello', { version: '1:1.1-1' }), deb('tool')]
const at = (name: string): string => path.join(folder, name)

beforeAll(() => {
  writeFileSync(at('hello_1%3a1.0-1_amd64.deb'), hello.bytes)
  writeFileSync(at('hello_1%3a1.1-1_amd64.deb'), newer.bytes)
  writeFileSync(at('my own tool.deb'), tool.bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What apt writes to the hook (`pkgDPkgPM::SendPkgsInfo`). */
function said(lines: readonly string[], version = 3): string {
  const configuration = ['APT::Architecture=amd64', 'DPkg::Pre-Install-Pkgs::=hook%0aof two lines']
  return `VERSION ${version}\n${configuration.join('\n')}\n\n${lines.map((line) => `${line}\n`).join('')}`
}

const NEW = `hello - - none < 1:1.0-1 amd64 same ${at('hello_1%3a1.0-1_amd64.deb')}`

it('is tried with at least the shell of this machine', () => {
  expect(SHELLS.length).toBeGreaterThan(0)
})

describe.each(SHELLS.map((words) => words.join(' ')))('the hook for apt, run by %s', (shell) => {
  const [program = '', ...words] = shell.split(' ')
  const hook = (input: string, stdout: 'pipe' | number = 'pipe', environment: Record<string, string> = {}) => {
    const options = { input, env: { PATH: process.env['PATH'], ...environment }, encoding: 'utf8' } as const
    return spawnSync(program, [...words, HOOK], { ...options, stdio: ['pipe', stdout, 'pipe'] })
  }
  const failure = (input: string): string => {
    const { status, stdout, stderr } = hook(input)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    return stderr
  }

  it('lists every .deb that is unpacked, in a list that debproof reads', () => {
    const lines = [
      NEW,
      'hello - - none < 1:1.0-1 amd64 same **CONFIGURE**',
      'gone 2-1 all foreign > - - none **REMOVE**',
      `tool - - none < 1.0-1 amd64 none ${at('my own tool.deb')}`,
      `hello 1:1.0-1 amd64 same < 1:1.1-1 amd64 same ${at('hello_1%3a1.1-1_amd64.deb')}`,
      `hello 1:1.1-1 amd64 same = 1:1.1-1 amd64 same ${at('hello_1%3a1.1-1_amd64.deb')}`,
    ]
    const { status, stdout, stderr } = hook(said(lines))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { format, content } = parsePackageList(Buffer.from(stdout), 'list', 'auto')
    expect(format).toBe('apt-hook')
    const of = ({ name, version, architecture, sha256 }: typeof hello) => {
      return { kind: 'binary', name, version, architecture, hash: { sha256, from: 'list' } }
    }
    // An upgrade lists both versions, for both were used; and what is installed twice is listed twice.
    expect(content.packages).toEqual([hello, tool, newer, newer].map(of))
  })

  it('writes nothing where nothing is unpacked', () => {
    const lines = ['hello - - none < 1 amd64 same **CONFIGURE**', 'gone 2-1 all foreign > - - none **REMOVE**']
    expect(hook(said(lines))).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(hook(said([]))).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it('hashes the file as it is, whatever its name', () => {
    const odd = at('-n \\backslash $(touch made) *.deb')
    writeFileSync(odd, tool.bytes)
    const { status, stdout } = hook(said([`tool - - none < 1.0-1 amd64 none ${odd}`]))
    const line = `apt-hook/1 ${tool.sha256} tool 1.0-1 amd64 -n \\backslash $(touch made) *.deb\n`
    expect({ status, stdout }).toEqual({ status: 0, stdout: line })
    expect(readdirSync('.')).not.toContain('made')
  })

  it.each([
    ['a .deb that is not there', said([NEW.replace('1.0-1_amd64', '9_amd64')]), /9_amd64\.deb cannot be hashed/],
    ['a file that cannot be read', said([NEW.replace(/\S+$/, '/')]), /\/ cannot be hashed/],
    ['what apt knows no file of', said([NEW.replace(/\S+$/, '**ERROR**')]), /apt names no file for hello 1:1\.0-1/],
    ['an operation that nobody knows', said([NEW.replace(/\S+$/, '**UNPACK**')]), /apt names no file/],
    ['version 1, which names files alone', `${at('my own tool.deb')}\n`, /does not speak version 3.*::Version to "3"/],
    ['version 2', said([NEW], 2), /does not speak version 3/],
    ['nothing at all', '', /apt says nothing/],
    ['apt that stops in its configuration', 'VERSION 3\nAPT::Architecture=amd64\n', /stopped within its configuration/],
    ['apt that stops in a line', `VERSION 3\n\n${NEW.slice(0, 30)}`, /stopped within a line/],
    // An index may hold any version: one with blanks must not move the file.
    ['a version with blanks', said([NEW.replace('1:1.0-1', '1 amd64 none /etc/hostname')]), /cannot be hashed/],
    ['a version that is an operation', said([NEW.replace('1:1.0-1', '1 a n **REMOVE**')]), /apt names no file/],
    ['no version', said([NEW.replace('1:1.0-1', '')]), /apt names no file/],
    ['a file name that no list can hold', said([NEW.replace('1.0-1_', '\u00e4_')]), /cannot hold the name of its file/],
    ['an escape sequence', said([NEW.replace('1.0-1_', '\x1b[2J_')]), /cannot hold the name of its file/],
  ])('fails, and so stops apt, at %s', (_, input, message) => {
    expect(failure(input)).toMatch(message)
  })

  it('fails where the list cannot be written', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = hook(said([NEW]), full)
    closeSync(full)
    expect(status).toBe(1)
    expect(stderr).toContain('the list cannot be written')
  })

  it('fails without a sha256sum, or with one that says something else', () => {
    expect(failureWith('exit 127')).toMatch(/cannot be hashed/)
    expect(failureWith('echo "sha256sum: broken"')).toMatch(/sha256sum says of .*: sha256sum:/)
    expect(failureWith('echo 1234')).toMatch(/sha256sum says of .*: 1234/)
  })

  function failureWith(body: string): string {
    const bin = mkdtempSync(path.join(folder, 'bin-'))
    writeFileSync(path.join(bin, 'sha256sum'), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    const { status, stdout, stderr } = hook(said([NEW]), 'pipe', { PATH: `${bin}:${process.env['PATH']}` })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    return stderr
  }
})

describe("the hook's configuration", () => {
  it('names one script, in version 3, and appends to a list', () => {
    const [, script, list] = /^DPkg::Pre-Install-Pkgs:: "(\S+) >>(\S+)";$/m.exec(CONFIGURATION) ?? []
    expect(script).toMatch(/\/apt-hook$/)
    expect(list).toMatch(/^\/var\/log\//)
    expect(CONFIGURATION).toContain(`\nDPkg::Tools::Options::${script}::Version "3";\n`)
  })

  it('ships with the package', () => {
    const { files }: { files: string[] } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(files).toContain('hooks')
  })
})

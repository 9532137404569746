import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { globalKeyringFiles, readAptSources } from '../../src/policy/apt-sources.ts'
import { systemArchitectures } from '../../src/policy/system-architectures.ts'
import { pathInSystem } from '../../src/policy/system-files.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'debproof-apt-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function policyError(pattern: RegExp) {
  return expect.objectContaining({ code: 'POLICY', message: expect.stringMatching(pattern) })
}

describe('the files that are read', () => {
  it('are sources.list first, then those of sources.list.d with a permitted name, sorted', () => {
    put('etc/apt/sources.list', 'deb http://h/main s main\n')
    for (const name of [
      'b.list',
      'a.b-c_1.list',
      'z.list.disabled',
      'sp ace.list',
      '.hidden.list',
      'noext',
      'x.list~',
    ]) {
      put(`etc/apt/sources.list.d/${name}`, `deb http://h/${name.replace(' ', '')} s main\n`)
    }
    put('etc/apt/sources.list.d/ab.sources', 'Types: deb\nURIs: http://h/ab.sources\nSuites: s\nComponents: main\n')
    mkdirSync(join(root, 'etc/apt/sources.list.d/dir.list'))
    expect(readAptSources(root).map(({ uri }) => uri)).toEqual([
      'http://h/main/',
      'http://h/a.b-c_1.list/',
      'http://h/ab.sources/',
      'http://h/b.list/',
    ])
  })

  it('may be missing', () => {
    expect(readAptSources(root)).toEqual([])
  })
})

describe('the keyrings of sources without Signed-By', () => {
  it('are trusted.gpg and the .gpg and .asc files of trusted.gpg.d', () => {
    for (const name of ['trusted.gpg', 'trusted.gpg.d/b.asc', 'trusted.gpg.d/a.gpg', 'trusted.gpg.d/c.gpg~']) {
      put(`etc/apt/${name}`, '')
    }
    expect(globalKeyringFiles(root)).toEqual([
      '/etc/apt/trusted.gpg',
      '/etc/apt/trusted.gpg.d/a.gpg',
      '/etc/apt/trusted.gpg.d/b.asc',
    ])
  })

  it('are looked up inside the system: an absolute link does not lead to the host', () => {
    put('usr/share/keyrings/key.gpg', '')
    put('etc/apt/keyrings/readme', '')
    symlinkSync('/usr/share/keyrings/key.gpg', join(root, 'etc/apt/keyrings/key.gpg'))
    symlinkSync('../../../../../../etc/passwd', join(root, 'etc/apt/keyrings/out.gpg'))
    symlinkSync('loop.gpg', join(root, 'etc/apt/keyrings/loop.gpg'))
    expect(pathInSystem(root, '/etc/apt/keyrings/key.gpg')).toBe(join(root, 'usr/share/keyrings/key.gpg'))
    expect(pathInSystem(root, '/etc/apt/keyrings/out.gpg')).toBe(join(root, 'etc/passwd'))
    expect(() => pathInSystem(root, '/etc/apt/keyrings/loop.gpg')).toThrow(policyError(/too many/))
  })
})

describe('the architectures of a system', () => {
  it('are those of /var/lib/dpkg/arch, the native one first', () => {
    put('var/lib/dpkg/arch', 'amd64\ni386\narm64\n')
    expect(systemArchitectures(root)).toEqual({ native: 'amd64', foreign: ['i386', 'arm64'] })
  })

  it("are dpkg's own where none was added", () => {
    const others = 'Package: aaa\nStatus: install ok installed\nArchitecture: all\nDescription: x\n .\n y\n\n'
    put(
      'var/lib/dpkg/status',
      `${others}Package: dpkg\nEssential: yes\nMulti-Arch: foreign\nArchitecture: arm64\n\n${others}`,
    )
    expect(systemArchitectures(root)).toEqual({ native: 'arm64', foreign: [] })
  })

  it('are not guessed', () => {
    expect(() => systemArchitectures(root)).toThrow(policyError(/does not say the architecture/))
    put('var/lib/dpkg/arch', 'not an architecture\n')
    expect(() => systemArchitectures(root)).toThrow(policyError(/names no architecture/))
  })
})

describe("this machine's own apt sources", () => {
  it.skipIf(!existsSync('/etc/apt'))('are read whole (skipped where there is no /etc/apt)', () => {
    for (const source of readAptSources('/')) {
      expect(source.uri).toMatch(/^[a-z][a-z0-9.+-]*:.*\/$/)
      expect(source.components.length > 0).toBe(!source.suite.endsWith('/'))
    }
    expect(globalKeyringFiles('/').every((file) => existsSync(file))).toBe(true)
    expect(systemArchitectures('/').native).toMatch(/^[a-z0-9-]+$/)
  })
})
